/**
 * Operations made from the schema: for every root field one that is complete, with values that fit and name nothing
 * that is there.
 */

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import { schema } from '../../src/graphql/schema';
import { formatInstant } from '../../src/units/instant';
import { START } from '../support/house';

export type RootKind = 'query' | 'mutation' | 'subscription';
export const ROOT_KINDS: readonly RootKind[] = ['query', 'mutation', 'subscription'];

export interface RootField {
  readonly kind: RootKind;
  readonly field: GraphQLField<unknown, unknown>;
}

const ROOTS = {
  query: () => schema().getQueryType(),
  mutation: () => schema().getMutationType(),
  subscription: () => schema().getSubscriptionType(),
};

export const rootFields = (kind: RootKind): RootField[] =>
  Object.values(ROOTS[kind]()?.getFields() ?? {}).map((field) => ({ kind, field }));

export interface Written {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/**
 * An operation that calls a root field with everything it requires, and asks for nothing but the type of the answer.
 */
export function operationOf({ kind, field }: RootField, given: Readonly<Record<string, unknown>> = {}): Written {
  const page = field.args.some(({ name }) => name === 'first') ? { first: 1 } : {};
  const required = Object.fromEntries(
    field.args.filter(isRequiredArgument).map((arg) => [arg.name, exampleOf(arg.type)]),
  );
  const variables: Record<string, unknown> = { ...required, ...page, ...given };
  const used = field.args.filter(({ name }) => name in variables);
  const declared = used.map(({ name, type }: GraphQLArgument) => `$${name}: ${String(type)}`).join(', ');
  const passed = used.map(({ name }) => `${name}: $${name}`).join(', ');
  const selection = isLeafType(getNamedType(field.type)) ? '' : ' { __typename }';
  return {
    query: `${kind}${declared && `(${declared})`} { ${field.name}${passed && `(${passed})`}${selection} }`,
    variables,
  };
}

const SCALARS: Readonly<Record<string, unknown>> = {
  ID: 'nothing',
  String: 'text',
  Int: 1,
  Boolean: false,
  Decimal: '1',
  Ratio: '1',
  DateTime: formatInstant(START),
  Duration: '1s',
  Seq: '1',
};

/** A value of an input type: of lists one item, of objects what they require. */
export function exampleOf(type: GraphQLInputType): unknown {
  const inner = getNullableType(type);
  if (isListType(inner)) return [exampleOf(inner.ofType as GraphQLInputType)];
  if (isInputObjectType(inner)) {
    const required = Object.values(inner.getFields()).filter(isRequiredInputField);
    return Object.fromEntries(required.map((field: GraphQLInputField) => [field.name, exampleOf(field.type)]));
  }
  if (isEnumType(inner)) return inner.getValues()[0]?.name;
  const named = inner as GraphQLNamedType;
  if (!(named.name in SCALARS)) throw new Error(`No value is known for ${named.name}`);
  return SCALARS[named.name];
}

/** A place in an input that takes a scalar, and the input with a value put there. */
export interface Leaf {
  readonly path: string; // as errors name it
  readonly scalar: string;
  readonly withValue: (value: unknown, base?: unknown) => unknown;
}

/** Every place of a type that takes a scalar: of lists the first item, of optional objects what lies in them. */
export function leavesOf(type: GraphQLInputType, path: string): Leaf[] {
  const inner = getNullableType(type);
  if (isListType(inner)) {
    return leavesOf(inner.ofType as GraphQLInputType, `${path}[0]`).map(
      (leaf): Leaf => ({
        ...leaf,
        withValue(value, base) {
          const [first, ...others] = Array.isArray(base) ? (base as unknown[]) : [];
          return [leaf.withValue(value, first), ...others];
        },
      }),
    );
  }
  if (isInputObjectType(inner))
    return Object.values(inner.getFields()).flatMap(({ name, type: of }) =>
      leavesOf(of, `${path}.${name}`).map(
        (leaf): Leaf => ({
          ...leaf,
          withValue(value, base = exampleOf(inner)) {
            const fields = base as Readonly<Record<string, unknown>>;
            return { ...fields, [name]: leaf.withValue(value, fields[name] ?? undefined) };
          },
        }),
      ),
    );
  return isEnumType(inner) ? [] : [{ path, scalar: inner.name, withValue: (value) => value }];
}
