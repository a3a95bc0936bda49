/**
 * Every list of the API with every filter and every order it offers, asked as documents: made from the schema, so that
 * none is forgotten.
 */

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isListType,
  isObjectType,
  isRequiredArgument,
} from 'graphql';
import type { KeyRole } from '../../../src/graphql/access/policy';
import { policiesOf } from '../../../src/graphql/access/policy';
import { SOME } from './filled';

/** Lists that are read from elsewhere: the journal itself, or the engine's own book. */
const NOT_OF_ROWS = new Set(['Query.journal', 'Query.accountsByDistance']);

/** One way to ask for a list. */
export interface Asked {
  readonly name: string;
  readonly list: string; // `Type.field`
  readonly role: KeyRole;
  readonly member: string | null;
  readonly deep: boolean; // whether pages far within are asked for as well
  /** The document with these arguments of the page. */
  document(page: string): string;
  /** The page in the answer. */
  readonly path: readonly string[];
}

const PAGING = new Set(['first', 'last', 'after', 'before', 'atLeast']);

const isConnection = ({ type }: GraphQLField<unknown, unknown>): boolean =>
  getNamedType(type).name.endsWith('Connection');

export const listsOf = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .filter(({ name }) => !name.startsWith('__'))
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter(isConnection)
        .map(({ name }) => `${type.name}.${name}`),
    )
    .filter((list) => !NOT_OF_ROWS.has(list));

/** How an object is reached that has lists of its own: the document around them, and the way to it in the answer. */
const PARENTS: Readonly<Record<string, readonly [before: string, after: string, path: readonly string[]]>> = {
  Account: [`{ account(id: "${SOME.account}") {`, '} }', ['account']],
  Instrument: [`{ instrument(id: "${SOME.instrument}") {`, '} }', ['instrument']],
  MemberDefaultBook: [
    '{ memberDefaults(first: 1) { nodes { books {',
    '} } } }',
    ['memberDefaults', 'nodes', '0', 'books', '0'],
  ],
};

function parentOf(schema: GraphQLSchema, type: string): (typeof PARENTS)[string] {
  const known = PARENTS[type];
  if (known) return known;
  const roots = Object.values((schema.getQueryType() as GraphQLObjectType).getFields());
  const root = roots.find((field) => getNamedType(field.type).name === `${type}Connection`);
  if (!root) throw new Error(`Nothing says how to reach the lists of ${type}`);
  return [`{ ${root.name}(first: 1) { nodes {`, '} } }', [root.name, 'nodes', '0']];
}

function valuesOf({ name, type }: GraphQLArgument): string[] {
  const named = getNamedType(type);
  if (isEnumType(named)) {
    const all = named.getValues().map((value) => value.name);
    return isListType(type) ? [`[${all[0]}]`, `[${all.at(-1)}]`, `[${all.join(', ')}]`] : all;
  }
  const given: Readonly<Record<string, readonly string[]>> = {
    account: [SOME.account],
    instrument: [SOME.instrument],
    currency: [SOME.currency],
    index: ['C2/C1'],
    member: [SOME.member, SOME.rare],
    owner: ['owner7'],
    name: [`account/${SOME.account}`, 'house'],
    policy: ['policyId7'],
    liquidation: ['Liquidation7'],
    default: ['MemberDefault7'],
  };
  if (named.name === 'Boolean') return ['true', 'false'];
  if (named.name === 'DateTime') return ['"2025-10-10T00:20:00Z"'];
  const values = given[name];
  if (!values) throw new Error(`No value is known for the argument ${name}`);
  return values.map((value) => `"${value}"`);
}

/** No filter, each filter by itself, and all of them together. */
function filtersOf(args: readonly GraphQLArgument[]): string[] {
  const filters = args.filter(({ name }) => !PAGING.has(name));
  const one = (arg: GraphQLArgument): string[] => valuesOf(arg).map((value) => `${arg.name}: ${value}`);
  const required = filters.filter(isRequiredArgument).flatMap((arg) => one(arg).slice(0, 1));
  const optional = filters.filter((arg) => !isRequiredArgument(arg));
  const every = optional.flatMap((arg) => one(arg).slice(0, 1));
  const ways = [[], ...optional.flatMap(one).map((filter) => [filter]), ...(optional.length > 1 ? [every] : [])];
  return ways.map((way) => [...required, ...way].join(', '));
}

/** Who asks: somebody of the house, and brokers of many accounts and of few, where they may. */
const CALLERS = [
  { role: 'ADMIN', member: null },
  { role: 'BROKER', member: SOME.member },
  { role: 'BROKER', member: SOME.rare },
] as const;

export function everyList(schema: GraphQLSchema): Asked[] {
  const policies = policiesOf(schema);
  return listsOf(schema).flatMap((list) => {
    const [type = '', name = ''] = list.split('.');
    const isRoot = type === 'Query';
    const [before, after, path] = isRoot ? ['{', '}', []] : parentOf(schema, type);
    const field = (schema.getType(type) as GraphQLObjectType).getFields()[name] as GraphQLField<unknown, unknown>;
    const policy = policies.get(list);
    const callers = CALLERS.filter(({ role }) =>
      isRoot ? policy !== 'REACHED' && policy?.includes(role) : role === 'ADMIN',
    );
    return callers.flatMap(({ role, member }) =>
      filtersOf(field.args).map((filter, i) => ({
        name: `${list}(${filter}) for ${role}${member === null ? '' : ` of ${member}`}`,
        ...{ list, role, member, deep: member !== SOME.rare && (i === 0 || /order|name|account/.test(filter)) },
        document: (page) =>
          `${before} ${name}(${[filter, page].filter((part) => part !== '').join(', ')}) { pageInfo { startCursor ` +
          `endCursor } nodes { __typename } } ${after}`,
        path: [...path, name],
      })),
    );
  });
}
