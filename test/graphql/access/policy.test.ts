/** A schema is not built while it has a field that nobody decided about.  Rule: X-5 */

import 'reflect-metadata';
import { GraphQLObjectType, GraphQLSchema, GraphQLString } from 'graphql';
import { enforcePolicies, type Policy, PolicyMissing, policiesOf, ROLES } from '../../../src/graphql/access/policy';
import { schema } from '../../../src/graphql/schema';

interface Given {
  readonly root?: Policy | undefined;
  readonly type?: Policy | undefined;
  readonly field?: Policy | undefined;
  readonly mutation?: Policy | undefined;
}

const access = (policy: Policy | undefined): { extensions: { access?: Policy } } => ({
  extensions: policy ? { access: policy } : {},
});

/** `{ thing { name } }` and a mutation, with the policies given. */
function small({ root, type, field, mutation }: Given): GraphQLSchema {
  const Thing = new GraphQLObjectType({
    name: 'Thing',
    fields: { name: { type: GraphQLString, ...access(field) } },
    ...access(type),
  });
  const resolve = (): object => ({ name: 'a' });
  return new GraphQLSchema({
    query: new GraphQLObjectType({ name: 'Query', fields: { thing: { type: Thing, resolve, ...access(root) } } }),
    mutation: new GraphQLObjectType({
      name: 'Mutation',
      fields: { change: { type: Thing, resolve, ...access(mutation) } },
    }),
  });
}

const WHOLE: Given = { root: ['ADMIN'], type: 'REACHED', mutation: ['ADMIN'] };

function missingIn(given: Given): readonly string[] {
  try {
    enforcePolicies(small(given));
  } catch (error) {
    if (error instanceof PolicyMissing) return error.fields;
    throw error;
  }
  return [];
}

test('X-5 a schema with a policy for every field is built', () => {
  expect(missingIn(WHOLE)).toEqual([]);
});

test.each`
  what                                   | given                                | missing
  ${'a query without roles'}             | ${{ ...WHOLE, root: undefined }}     | ${['Query.thing']}
  ${'a mutation without roles'}          | ${{ ...WHOLE, mutation: undefined }} | ${['Mutation.change']}
  ${'a query for whoever reaches it'}    | ${{ ...WHOLE, root: 'REACHED' }}     | ${['Query.thing']}
  ${'a mutation for whoever reaches it'} | ${{ ...WHOLE, mutation: 'REACHED' }} | ${['Mutation.change']}
  ${'a field of a type without policy'}  | ${{ ...WHOLE, type: undefined }}     | ${['Thing.name']}
  ${'no policy at all'}                  | ${{}}                                | ${['Mutation.change', 'Query.thing', 'Thing.name']}
`('X-5 $what stops the schema from being built', ({ given, missing }: { given: Given; missing: string[] }) => {
  expect(missingIn(given)).toEqual(missing);
});

test('X-5 a field may have roles of its own where its type has no policy', () => {
  expect(missingIn({ ...WHOLE, type: undefined, field: ['ADMIN'] })).toEqual([]);
});

test('X-5 every field of the schema has a policy, and every root field names its roles', () => {
  const policies = policiesOf(schema());
  const roots = [...policies].filter(([place]) => /^(Query|Mutation|Subscription)\./.test(place));
  expect(roots.length).toBeGreaterThan(80);
  expect(roots.filter(([, policy]) => policy === 'REACHED' || policy.length === 0)).toEqual([]);
  expect(policies.size).toBeGreaterThan(600);
});

test('X-5 the description of every root field names the roles that may call it, from the policy that is enforced', () => {
  const fields = [schema().getQueryType(), schema().getMutationType(), schema().getSubscriptionType()].flatMap((type) =>
    Object.values(type?.getFields() ?? {}).map((field) => ({ field, place: `${type?.name}.${field.name}` })),
  );
  const policies = policiesOf(schema());
  for (const { field, place } of fields) {
    const named = /(?:^|\s)For ((?:[A-Z_]+(?:, )?)+|every role)\.$/.exec(field.description ?? '')?.[1];
    const roles = named === 'every role' ? [...ROLES] : (named ?? '').split(', ');
    expect([place, [...roles].sort()]).toEqual([place, [...(policies.get(place) as readonly string[])].sort()]);
  }
  expect(schema().getQueryType()?.getFields()['account']?.description).toMatch(/For ADMIN, RISK_OFFICER, BROKER/);
});
