/** Texts in inputs have a bound, said in the schema and held before anything is journaled. */

import { getNamedType, getNullableType, isListType } from 'graphql';
import { schema } from '../../../src/graphql/schema';
import { takingOf } from '../../../src/graphql/schema/bounds';
import { LONGEST_ID, LONGEST_TEXT } from '../../../src/units/bounds';
import { documentOf, nextKey } from '../acts';
import { leavesOf, operationOf, rootFields } from '../documents';
import { givenPerpetual, openServer, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer({ limits: { budget: 1e9, budgetPerSecond: 1e9 } });
  await givenPerpetual(server);
});
afterAll(() => server.close());

const LONGEST = { ID: LONGEST_ID, String: LONGEST_TEXT } as const;
const isText = (name: string): name is keyof typeof LONGEST => name in LONGEST;

test('every text and every list that is taken states its bound', () => {
  const taking = takingOf(schema());
  const texts = taking.filter(({ type }) => isText(getNamedType(type).name));
  expect(texts.length).toBeGreaterThan(300);
  const unsaid = texts.filter(
    ({ type, description }) =>
      !description?.includes(`At most ${LONGEST[getNamedType(type).name as keyof typeof LONGEST]} characters`),
  );
  expect(unsaid).toEqual([]);
  const lists = taking.filter(({ type }) => isListType(getNullableType(type)));
  expect(lists.length).toBeGreaterThan(40);
  expect(lists.filter(({ description }) => !/At most 1,000 items|1 to \d+/.test(description ?? ''))).toEqual([]);
});

test('a text longer than that is refused with its place in every mutation, and nothing is journaled', async () => {
  const before = server.house.status().seq;
  const wrong: string[] = [];
  let tried = 0;
  for (const { field } of rootFields('mutation')) {
    const [input] = field.args;
    for (const { path, scalar, withValue } of input ? leavesOf(input.type, 'input') : []) {
      if (!isText(scalar)) continue;
      tried += 1;
      const variables = { input: withValue('x'.repeat(LONGEST[scalar] + 1)) };
      const { status, errors } = await server.ask('admin', documentOf(field.name, '__typename'), variables);
      const refused =
        status === 400 && errors[0]?.extensions['code'] === 'BAD_USER_INPUT' && errors[0].extensions['path'] === path;
      if (!refused) wrong.push(`${field.name} ${path}: ${status} ${JSON.stringify(errors)}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(tried).toBeGreaterThan(200);
  expect(server.house.status().seq).toBe(before);
});

test('the same written out in a document, and in a query', async () => {
  const long = (length: number) => `"${'x'.repeat(length)}"`;
  const suspend = (member: string, reason: string, key: string) =>
    `mutation { suspendMember(input: { member: ${member}, reason: ${reason}, idempotencyKey: ${key} }) { outcome } }`;
  for (const document of [
    suspend(long(LONGEST_ID + 1), '"r"', '"k"'),
    suspend('"m"', long(LONGEST_TEXT + 1), '"k"'),
    suspend('"m"', '"r"', long(LONGEST_ID + 1)),
    `{ account(id: ${long(LONGEST_ID + 1)}) { id } }`,
  ]) {
    const { status, errors } = await server.ask('admin', document);
    expect([status, errors.map(({ extensions }) => extensions['code'])]).toEqual([400, ['BAD_USER_INPUT']]);
  }
  const account = rootFields('query').find(({ field }) => field.name === 'account');
  if (!account) throw new Error('There is no such query');
  const { query } = operationOf(account);
  const { errors } = await server.ask('admin', query, { id: 'x'.repeat(LONGEST_ID + 1) });
  expect(errors[0]?.extensions['code']).toBe('BAD_USER_INPUT');
});

test('texts of the length that may be are taken, and a refusal tells no more than it must of an id', async () => {
  const reason = 'r'.repeat(LONGEST_TEXT);
  const { data } = await server.ask<{ suspendMember: { outcome: string } }>(
    'admin',
    documentOf('suspendMember', 'outcome'),
    {
      input: { member: 'rival', reason, idempotencyKey: 'k'.repeat(LONGEST_ID) },
    },
  );
  expect(data.suspendMember.outcome).toBe('DONE');
  const member = 'm'.repeat(LONGEST_ID);
  const answer = await server.ask<{ suspendMember: { rejections: [{ details: { value: string }[] }] } }>(
    'admin',
    documentOf('suspendMember', 'rejections { details { value } }'),
    { input: { member, reason, idempotencyKey: nextKey() } },
  );
  expect(answer.data.suspendMember.rejections[0]?.details).toEqual([{ value: member }]);
});
