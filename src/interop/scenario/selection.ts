/**
 * The selection set of an operation, made from the schema and from what the scenario expects of the answer: nothing
 * else is asked.
 */

import {
  type GraphQLField,
  type GraphQLNamedOutputType,
  type GraphQLObjectType,
  getNamedType,
  isCompositeType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { isMap, isSeq, type Node } from 'yaml';
import { successorOf } from './formerAnswers';
import { keyOf, resolved } from './nodes';
import { malformed, type Source } from './scenario';

/** Items asked for of a list that has pages. */
const PAGE = 100;

type Selected = Map<string, string>; // what is written after a field, by the field

/**
 * What is always asked of the payload of a mutation: its plain fields, why it was refused, and what waits for a second
 * person.
 */
export function payloadSelection(source: Source, type: GraphQLObjectType, expected: Node | null): string {
  const selected: Selected = new Map();
  for (const field of Object.values(type.getFields()))
    if (isLeafType(getNamedType(field.type))) selected.set(field.name, '');
  const fields = type.getFields();
  if (fields['rejections']) selected.set('rejections', ` ${REJECTION}`);
  if (fields['proposal']) selected.set('proposal', ' { id hash }');
  if (fields['items']) selected.set('items', ` { outcome rejections ${REJECTION} }`);
  for (const [name, rest] of selectFields(source, type, expected)) {
    const before = selected.get(name);
    // Of some both are asked: of items whether each was done, of a proposal what its second person repeats, and what is
    // expected of it.
    selected.set(name, BOTH.includes(name) && before ? `${before.slice(0, -1)}${rest.trimStart().slice(2)}` : rest);
  }
  return written(selected);
}

const BOTH = ['items', 'proposal'];

const REJECTION = '{ code details { name value } }';

/** What a query asks: the fields that are expected. */
export function querySelection(source: Source, type: GraphQLNamedOutputType, expected: Node | null): string {
  if (isLeafType(type)) return '';
  return isObjectType(type) ? below(source, type, expected) : '{ __typename }';
}

/** The selection of a value of an object type: of the fields named by a map, or by any item of a list. */
function below(source: Source, type: GraphQLObjectType, node: unknown): string {
  const expected = resolved(source, node);
  if (type.name === 'Rejection') return REJECTION;
  if (type.name === 'RejectionDetail') return '{ name value }';
  const nodes = type.getFields()['nodes'];
  if (isSeq(expected) && nodes) return `{ nodes ${itemsOf(source, getNamedType(nodes.type), expected.items)} }`;
  if (isSeq(expected)) return itemsOf(source, type, expected.items);
  const selected = selectFields(source, type, expected);
  return selected.size > 0 ? written(selected) : '{ __typename }';
}

function itemsOf(source: Source, type: GraphQLNamedOutputType, items: readonly unknown[]): string {
  if (!isObjectType(type)) return '';
  const selected: Selected = new Map();
  for (const item of items)
    for (const [name, rest] of selectFields(source, type, resolved(source, item))) {
      const before = selected.get(name);
      if (before === undefined || rest.length > before.length) selected.set(name, rest);
    }
  return selected.size > 0 ? written(selected) : '{ __typename }';
}

function selectFields(source: Source, type: GraphQLObjectType, expected: Node | null): Selected {
  const selected: Selected = new Map();
  if (!isMap(expected)) return selected;
  for (const { key, value } of expected.items) {
    const field = type.getFields()[keyOf(key)] ?? successorOf(type, keyOf(key));
    if (!field)
      throw malformed(
        source,
        key,
        `${type.name} has no field \`${keyOf(key)}\`; it has ${Object.keys(type.getFields()).join(', ')}.`,
      );
    const named = getNamedType(field.type);
    selected.set(
      field.name,
      isCompositeType(named) ? `${argumentsOf(field)} ${below(source, named as GraphQLObjectType, value)}` : '',
    );
  }
  return selected;
}

/** A list that has pages says how much of it is wanted. */
const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string =>
  args.some(({ name }) => name === 'first') ? `(first: ${PAGE})` : '';

export const isPaged = ({ args }: GraphQLField<unknown, unknown>): boolean => args.some(({ name }) => name === 'first');

const written = (selected: Selected): string =>
  `{ ${[...selected].map(([name, rest]) => `${name}${rest}`).join(' ')} }`;
