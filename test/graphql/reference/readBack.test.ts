/**
 * What can be set can be read back: every policy is set with values of its own in every field, and answers with each of
 * them.  Rule: X-6
 */

import {
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isLeafType,
  isObjectType,
} from 'graphql';
import { changeOf } from '../../../src/core/message/changeCommands';
import { schema as schemaOf } from '../../../src/graphql/schema';
import { known } from '../../../src/units/failure';
import { act } from '../acts';
import { openServer, type TestServer } from '../support';
import { GIVEN } from './everySetting';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  const set = (mutation: string, input: object) => act(server, 'admin', mutation, input);
  await set('defineCurrency', { currency: 'USD', scale: 2 });
  await set('defineCurrency', { currency: 'BTC', scale: 8 });
  await set('defineIndex', {
    base: 'BTC',
    quote: 'USD',
    tick: '0.1',
    sources: ['s'],
    minimumSources: 1,
    maximumDeviation: '0.1',
    heartbeat: '1m',
  });
  for (const instrument of ['X', 'Y'])
    await set('defineInstrument', {
      instrument,
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
      ...{ index: 'BTC/USD', markMethod: 'VENUE', heartbeat: '1m', makerFee: '0', takerFee: '0' },
    });
});
afterAll(() => server.close());

const schema = schemaOf();

/** The name of a field of an input in what it makes, where that is another. */
const RENAMED: Readonly<Record<string, string>> = {
  'SetMarginPolicyInput.policy': 'policyId',
  'SetInsurancePoolInput.pool': 'poolId',
  'SetVenueInput.venue': 'id',
};
/**
 * Of a request and not of what it sets; and what its object is asked from, or gives only for the asking of one account.
 */
const NOT_SET = [
  ...['idempotencyKey', 'effectiveAt', 'SetTierScheduleInput.instrument'],
  ...['initialPerMaintenance', 'maintenancePerInitial', 'mostRate'].map((field) => `SetTierScheduleInput.${field}`),
];

const mutationOf = (name: string) => known(schema.getMutationType()?.getFields()[name], 'Mutation', name);
const inputOf = (mutation: string) =>
  getNamedType(known(mutationOf(mutation).args[0], 'Argument', mutation).type) as GraphQLInputObjectType;

/** Every field of an object that has a value of its own, and of the objects in it. */
function selectionOf(type: GraphQLObjectType, depth = 4): string {
  const parts = Object.values(type.getFields()).flatMap((field) => {
    const of = getNamedType(field.type);
    if (field.args.length > 0) return [];
    if (isLeafType(of)) return [field.name];
    return isObjectType(of) && depth > 0 && !/Connection$|^(Account|Instrument|Member|Currency)$/.test(of.name)
      ? [`${field.name} ${selectionOf(of, depth - 1)}`]
      : [];
  });
  return `{ ${parts.join(' ')} }`;
}

/** What was given and is not there, or is something else. */
function lost(
  type: GraphQLInputObjectType,
  given: Readonly<Record<string, unknown>>,
  found: unknown,
  at: string,
): string[] {
  const object = (found ?? {}) as Readonly<Record<string, unknown>>;
  return Object.values(type.getFields()).flatMap((field) => {
    const own = `${type.name}.${field.name}`;
    if (NOT_SET.includes(field.name) || NOT_SET.includes(own)) return [];
    const name = RENAMED[own] ?? field.name;
    const of = getNamedType(field.type);
    return different(isInputObjectType(of) ? of : undefined, given[field.name], object[name], `${at}.${name}`);
  });
}

function different(type: GraphQLInputObjectType | undefined, given: unknown, found: unknown, at: string): string[] {
  if (given === undefined) return [`${at}: nothing was given`];
  if (given === null)
    return at.endsWith('effectiveAt') || at.endsWith('deduction') || found === null
      ? []
      : [`${at}: ${JSON.stringify(found)} for null`];
  // A level is shown as an object with its terms.
  const items =
    Array.isArray(given) && found !== null && typeof found === 'object' && 'terms' in found ? found.terms : found;
  if (Array.isArray(given)) {
    const list = (Array.isArray(items) ? items : []) as unknown[];
    return list.length === given.length
      ? given.flatMap((one: unknown, i) => different(type, one, list[i], `${at}[${i}]`))
      : [`${at}: ${JSON.stringify(found)} for ${JSON.stringify(given)}`];
  }
  if (type) return lost(type, given as Record<string, unknown>, found, at);
  return given === found ? [] : [`${at}: ${JSON.stringify(found)} for ${JSON.stringify(given)}`];
}

test.each(GIVEN)('X-6 what %s sets is read back, field by field', async (mutation, object, given) => {
  const input = inputOf(mutation);
  const payload = getNamedType(mutationOf(mutation).type) as GraphQLObjectType;
  const of = getNamedType(known(payload.getFields()[object], 'Field', object).type) as GraphQLObjectType;
  const answer = await act<Record<string, unknown>>(server, 'admin', mutation, given, `${object} ${selectionOf(of)}`);
  expect(answer).toMatchObject({ outcome: 'DONE', rejections: [], proposal: null });
  expect(lost(input, given as Record<string, unknown>, answer[object], object)).toEqual([]);
});

test('X-6 all that is set is among these, but for acts that leave no policy', () => {
  const acts = ['setInstrumentStatus', 'setMarkPrice', 'setSettlementPrice', 'setAuctionBreaker'];
  const setters = Object.keys(schema.getMutationType()?.getFields() ?? {}).filter((name) => /^set[A-Z]/.test(name));
  expect(setters.filter((name) => !acts.includes(name)).sort()).toEqual(GIVEN.map(([mutation]) => mutation).sort());
});

/** Commands whose terms for later are a version beside the one in force: the tests of policies and tiers have them. */
const BESIDE = ['setTierSchedule', 'setMarginPolicy'];
const waits = (mutation: string): boolean =>
  'effectiveAt' in inputOf(mutation).getFields() && !BESIDE.includes(mutation);

test.each(GIVEN.filter(([mutation]) => waits(mutation)))(
  'X-6 what %s sets for later waits as announced, and at its instant sets what it sets at once',
  async (mutation, _object, given) => {
    const before = server.house.status().seq;
    await act(server, 'admin', mutation, given);
    const atOnce = await eventsAfter(before);
    const effectiveAt = new Date(server.clock.now() + 3_600_000).toISOString();
    const answer = await act<Record<string, unknown>>(
      server,
      'admin',
      mutation,
      { ...given, effectiveAt },
      'scheduledChange { status }',
    );
    expect(answer).toMatchObject({ outcome: 'DONE', rejections: [], scheduledChange: { status: 'SCHEDULED' } });
    const change = { change: changeOf(`S${mutation.slice(1)}`), effectiveAt, scheduledBy: 'admin', rejection: null };
    expect(await lastChange()).toEqual({ ...change, status: 'SCHEDULED', endedAt: null });
    const announced = server.house.status().seq;
    await server.pass('1h');
    expect(await lastChange()).toEqual({ ...change, status: 'MADE', endedAt: effectiveAt });
    const events = await eventsAfter(announced); // other deadlines may be met before it
    const made = events.findIndex(({ type }) => type === 'ScheduledChangeMade');
    expect(events.slice(made)).toEqual([{ type: 'ScheduledChangeMade', change: expect.any(String) }, ...atOnce]);
  },
);

const CHANGES =
  '{ scheduledChanges(last: 1) { nodes { change status effectiveAt endedAt scheduledBy rejection { code } } } }';
const lastChange = async (): Promise<unknown> =>
  (await server.get<{ scheduledChanges: { nodes: unknown[] } }>('admin', CHANGES)).scheduledChanges.nodes[0];

/** The events of the entries after one, in order. The version of what is set stands for any. */
async function eventsAfter(entry: number): Promise<{ type: string }[]> {
  const { seq } = server.house.status();
  const { journal } = await server.get<{ journal: { nodes: { text: string }[] } }>(
    'admin',
    `{ journal(atLeast: "${seq}", last: ${seq - entry}) { nodes { text } } }`,
  );
  const events = journal.nodes.flatMap(({ text }) => (JSON.parse(text) as { events: { type: string }[] }).events);
  return JSON.parse(JSON.stringify(events).replace(/"version":\d+/g, '"version":0')) as { type: string }[];
}
