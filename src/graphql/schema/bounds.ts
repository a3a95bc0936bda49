/**
 * The bounds of what enters, by its type: stated in the schema here, checked by `limit/texts` and where lists are read.
 */

import {
  type GraphQLInputType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { LONGEST_ID, LONGEST_TEXT } from '../../units/bounds';
import { LONGEST_LIST } from './lists';

/** The most characters of a text of a type; of others the scalar itself says what may be written. */
export const LONGEST: Readonly<Record<string, number>> = { ID: LONGEST_ID, String: LONGEST_TEXT };

/** What has a type and a description, and takes a value of the caller's. */
interface Taking {
  readonly type: GraphQLInputType;
  description?: string | null | undefined;
}

/** Everything that takes a value: fields of inputs, and arguments of the roots and of every other field. */
export function takingOf(schema: GraphQLSchema): Taking[] {
  return Object.values(schema.getTypeMap()).flatMap((type): Taking[] => {
    if (type.name.startsWith('__')) return [];
    if (isInputObjectType(type)) return Object.values(type.getFields());
    return 'getFields' in type
      ? Object.values(type.getFields()).flatMap((field) => ('args' in field ? field.args : []))
      : [];
  });
}

/** Adds to each description how long its texts and lists may be. */
export function withBounds(schema: GraphQLSchema): GraphQLSchema {
  for (const taking of takingOf(schema))
    taking.description = [taking.description, ...boundsOf(taking.type)].filter(Boolean).join(' ');
  return schema;
}

function boundsOf(type: GraphQLInputType): string[] {
  const longest = LONGEST[getNamedType(type).name];
  const list = isListType(getNullableType(type));
  const items = list ? [`At most ${LONGEST_LIST.toLocaleString('en')} items.`] : [];
  return longest === undefined ? items : [...items, `At most ${longest} characters${list ? ' each' : ''}.`];
}

/**
 * A query that fails answers null in its own place, and so does a page, wherever it is asked for: whatever stands
 * beside it keeps its answer. Mutations answer together, as they always did; a page within their answer hides nothing
 * of what was done.
 */
export function withNullableReads(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()))
      if (isNonNullType(field.type) && (type === schema.getQueryType() || isPage(field.type)))
        field.type = field.type.ofType;
  }
  return schema;
}

const isPage = (type: GraphQLOutputType): boolean => getNamedType(type).name.endsWith('Connection');
