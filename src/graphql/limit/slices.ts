/**
 * Long lists of an answer are completed a slice at a time: between two slices whoever else has something to do has a
 * turn. Without it the answer to a list of a thousand payments is made in one piece, and everybody waits.
 */

import {
  defaultFieldResolver,
  type GraphQLFieldResolver,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isListType,
  isObjectType,
} from 'graphql';
import type { Context } from '../reading/context';

/** Items of a slice: about a millisecond. */
const SLICE = 25;

type Resolve = GraphQLFieldResolver<unknown, Context>;

/** Lets every field that is a list of objects be completed in slices. */
export function sliceLists(schema: GraphQLSchema): GraphQLSchema {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve: GraphQLFieldResolver<unknown, Context> = field.resolve ?? defaultFieldResolver;
      if (isListOfObjects(field.type)) field.resolve = sliced(resolve);
    }
  }
  return schema;
}

const isListOfObjects = (type: GraphQLOutputType): boolean =>
  isListType(getNullableType(type)) && isObjectType(getNamedType(type));

function sliced(resolve: Resolve): Resolve {
  return (source, args: Parameters<Resolve>[1], context, info) => {
    const resolved: unknown = resolve(source, args, context, info);
    const { turn } = context;
    if (!turn) return resolved;
    return resolved instanceof Promise ? resolved.then((list) => inSlices(list, turn)) : inSlices(resolved, turn);
  };
}

/** The same list; what lies beyond the first slice arrives a turn later for each. */
export function inSlices(list: unknown, turn: () => Promise<void>): unknown {
  if (!Array.isArray(list) || list.length <= SLICE) return list;
  let reached: Promise<void> = Promise.resolve();
  return list.map((item: unknown, i) => {
    if (i < SLICE) return item;
    if (i % SLICE === 0) reached = reached.then(turn);
    return reached.then(() => item);
  });
}
