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

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  const set = (mutation: string, input: object) => act(server, 'admin', mutation, input);
  await set('defineCurrency', { currency: 'USD', scale: 2 });
  await set('defineCurrency', { currency: 'BTC', scale: 8 });
  await set('defineIndex', {
    ...{
      base: 'BTC',
      quote: 'USD',
      tick: '0.1',
      sources: ['s'],
      minimumSources: 1,
      maximumDeviation: '0.1',
      heartbeat: '1m',
    },
  });
  await set('defineInstrument', {
    ...{
      instrument: 'X',
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.1',
      lot: '0.1',
      multiplier: '1',
    },
    ...{ index: 'BTC/USD', markMethod: 'VENUE', heartbeat: '1m', makerFee: '0', takerFee: '0' },
  });
});
afterAll(() => server.close());

const schema = schemaOf();

/** The name of a field of an input in what it makes, where that is another. */
const RENAMED: Readonly<Record<string, string>> = {
  'SetMarginPolicyInput.policy': 'policyId',
  'SetInsurancePoolInput.pool': 'poolId',
};
/**
 * Of a request and not of what it sets; and what its object is asked from, or gives only for the asking of one account.
 */
const NOT_SET = ['idempotencyKey', 'effectiveAt', 'SetTierScheduleInput.instrument'];

const offer = {
  ...{
    flat: '1.01',
    startRate: '0.002',
    ratePerSecond: '0.0003',
    maximumRate: '0.04',
    grace: '5s',
    expense: '2.02',
    minimumProfit: '3.03',
  },
  ...{ profitRate: '0.05', rewardCap: '99.99', claimWindow: '7s', claimPenalty: '4.04', minimumDeposit: '5.05' },
};

/** Values that differ from each other and from every default, so that none stands for another. */
const GIVEN: readonly (readonly [mutation: string, object: string, input: object])[] = [
  [
    'setCollateralTerms',
    'terms',
    {
      currency: 'BTC',
      haircut: '0.2',
      conversionDiscount: '0.1',
      eligible: false,
      runOffDate: '2031-01-01T00:00:00.000Z',
    },
  ],
  [
    'setMarginPolicy',
    'policy',
    {
      ...{
        policy: 'p',
        currency: 'USD',
        hysteresis: '1/7',
        cureWindow: '1h30m',
        finalNotice: '10m',
        amendStep: '1/9',
        aggregation: 'ACCOUNT',
        frozenShare: '0.45',
      },
      ...{ warnings: [[{ base: 'INITIAL', ratio: '1.25' }], [{ base: 'INITIAL', ratio: '1' }]], effectiveAt: null },
      ...{ call: [{ base: 'MAINTENANCE', ratio: '1' }], closeOut: [{ base: 'MAINTENANCE', ratio: '0.6' }] },
      ...{ cure: [{ base: 'MAINTENANCE', ratio: '1.1' }], target: [{ base: 'MAINTENANCE', ratio: '1.2' }] },
      liquidation: {
        ...{
          feeRate: '0.005',
          feeShares: { liquidator: '0.5', fund: '0.3', house: '0.2' },
          repeatSurcharge: '0.001',
          repeatMaximum: 3,
        },
        ...{
          penaltyTiers: [{ floor: '0.00', rate: '0.01' }],
          repeatWindow: '2d',
          slippage: '0.0025',
          venueWindow: '31s',
        },
        ...{
          maximumStepNotional: '1000000.01',
          maximumStepShare: '0.25',
          maximumShareOfDepth: '0.15',
          minimumRemainder: '12.34',
          disputeWindow: '3d',
        },
        ...{ severityTiers: [{ below: '0.4', rate: '0.006' }] },
      },
    },
  ],
  [
    'setTierSchedule',
    'schedule',
    {
      instrument: 'X',
      effectiveAt: null,
      initialPerContract: '0.07',
      maintenancePerContract: '0.03',
      tiers: [{ floor: '0.00', cap: null, initialRate: '2/15', maintenanceRate: '1/15', deduction: null }],
    },
  ],
  [
    'setLossPolicy',
    'policy',
    {
      ...{
        currency: 'USD',
        layers: ['DEFAULTER_MARGIN', 'INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
        base: 'EQUITY',
        period: '6h',
      },
      ...{
        fundTarget: '123.45',
        together: [['INSURANCE_FUND', 'HOUSE_CAPITAL']],
        gateWindow: '2h',
        backstopShare: '0.11',
        surplusToClaims: true,
        gateFloor: '3.21',
        minorShare: '0.03',
        priceWait: '5h',
        haltWindow: '7h',
        changeShare: '0.07',
        changeAlone: 12,
        changeNotice: '13h',
        stableWindow: '2d',
        stableBand: '0.35',
        isolatedRecourse: 'NONE',
      },
    },
  ],
  [
    'setDisposalPolicy',
    'policy',
    {
      currency: 'USD',
      interval: '1m1s',
      fraction: '0.21',
      fullBelow: '500.05',
      maximumShareOfDepth: '0.31',
      slippage: '0.012',
    },
  ],
  [
    'setDisposalLadder',
    'ladder',
    {
      ...{ currency: 'USD', instrument: null },
      rungs: [
        {
          method: 'VENUE',
          window: '40s',
          marketCap: '1000.01',
          globalCap: '2000.02',
          maximumShareOfDepth: '0.12',
          slippage: '0.03',
          offer: null,
          urgency: '1.5',
        },
        {
          method: 'LIQUIDATORS',
          window: '50s',
          marketCap: null,
          globalCap: null,
          maximumShareOfDepth: null,
          slippage: null,
          offer,
          urgency: null,
        },
        {
          method: 'HOUSE',
          window: null,
          marketCap: null,
          globalCap: null,
          maximumShareOfDepth: null,
          slippage: null,
          offer: null,
          urgency: null,
        },
      ],
    },
  ],
  [
    'setDeleveragingPolicy',
    'policy',
    {
      ...{
        currency: 'USD',
        instrument: 'X',
        method: 'PRO_RATA',
        score: 'PRICE_RATIO',
        bound: 'MAINTENANCE',
        basis: 'PERIOD',
      },
      inventoryCap: { amount: '777.77', fundShare: '0.25', stop: '1/3' },
    },
  ],
  ['setMarketLimits', 'limits', { instrument: 'X', float: '100000.0', openInterestShare: '0.5', positionShare: '0.1' }],
  [
    'setOpenInterestScaling',
    'scaling',
    { instrument: 'X', ramp: { lowerCap: '100.01', upperCap: '200.02', interval: '10m' } },
  ],
  [
    'setAuctionPolicy',
    'policy',
    {
      ...{
        currency: 'USD',
        form: 'DUTCH',
        startMultiplier: '1.2',
        roundDuration: '20m',
        priceFloorShare: '0.4',
        rounds: 3,
        resetReward: '1.05',
        resetRewardRate: '0.001',
      },
      ...{
        curve: {
          shape: 'TWO_SPEED',
          start: '1',
          cutoff: '0.8',
          fast: '10m',
          slow: '2h',
          duration: null,
          stepFactor: null,
          step: null,
        },
      },
      ...{
        penaltyMultiplier: '1.1',
        minimumDebt: '10.01',
        valueCap: '9000.09',
        lotCap: '8000.08',
        reserveShare: '0.6',
        minimumTime: '3m',
      },
      ...{ minimumBidders: 2, increment: '0.007', extension: '4m', badBidShare: '0.55', fundCap: '7000.07' },
    },
  ],
  [
    'setPortfolioPolicy',
    'policy',
    {
      currency: 'USD',
      start: '1',
      cutoff: '0.75',
      fast: '11m',
      slow: '3h',
      reserveShare: '0.65',
      window: '1h',
      insolventWindow: '30m',
    },
  ],
  [
    'setDefaultPolicy',
    'policy',
    {
      currency: 'USD',
      portingWindow: '5h',
      acceptWindow: '1h',
      orderWindow: '2m',
      aloneUpTo: '6000.06',
      minimumLots: 4,
    },
  ],
  [
    'setDefaultFundPolicy',
    'policy',
    {
      ...{
        currency: 'USD',
        moves: [{ instrument: 'X', up: '0.3', down: '0.35' }],
        floor: '100.01',
        threshold: '0.9',
        feeShare: '0.4',
      },
      ...{
        multiple: '2',
        cappedWindow: '21d',
        coolingOffWindow: '14d',
        within: 2,
        weekend: ['FRIDAY', 'SATURDAY'],
        holidays: ['2025-12-25'],
      },
      ...{ computedAt: '13h' },
    },
  ],
  ['setInsurancePool', 'pool', { pool: 'q', currency: 'USD', instruments: ['X'], cap: '55.55', thenGeneral: true }],
  ['setRetention', 'retention', { keys: '2d', trades: '9d' }],
  ['setNotice', 'notice', { change: 'LOSS_POLICY', notice: '3d' }],
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
  const acts = ['setInstrumentStatus', 'setMarkPrice', 'setAuctionBreaker'];
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
