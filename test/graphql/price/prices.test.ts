/**
 * Prices through the API: what is taken, what is refused and why, what is held, and what follows from silence.  Rules:
 * RLM-4, PS-4
 */

import { act, carryOut, type Payload } from '../acts';
import { givenPerpetual, openServer, type TestServer } from '../support';

const INDEX = {
  base: 'BTC',
  quote: 'USD',
  tick: '0.01',
  sources: ['one', 'two', 'three'],
  minimumSources: 2,
  maximumDeviation: '0.05',
  heartbeat: '1m',
};
const TERMS = {
  kind: 'PERPETUAL',
  base: 'BTC',
  quote: 'USD',
  settlement: 'USD',
  tick: '0.1',
  lot: '0.1',
  multiplier: '1',
  heartbeat: '10m',
  variationInterval: '30d',
};

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await act(server, 'admin', 'defineIndex', INDEX);
  await act(server, 'admin', 'defineInstrument', {
    ...TERMS,
    instrument: 'BANDED',
    markMethod: 'VENUE',
    priceBand: '0.1',
  });
  await act(server, 'admin', 'defineInstrument', {
    ...TERMS,
    instrument: 'HELD',
    markMethod: 'VENUE',
    index: 'BTC/USD',
    markBand: '0.02',
  });
  await act(server, 'admin', 'defineInstrument', {
    ...TERMS,
    instrument: 'FOLLOWS',
    markMethod: 'INDEX',
    index: 'BTC/USD',
  });
});
afterAll(() => server.close());

interface Marked extends Payload {
  readonly items: readonly { readonly id: string; readonly outcome: string }[];
}
const submit = (price: string, more: object = {}): Promise<Marked> =>
  act<Marked>(
    server,
    'feed',
    'submitMarkPrices',
    { source: 'venue', prices: [{ instrument: 'BANDED', price, ...more }] },
    'items { id outcome }',
  );
const say = (source: string, price: string): Promise<Payload> =>
  act(server, 'feed', 'submitIndexPrices', { source, prices: [{ index: 'BTC/USD', price }] });
const markOf = async (instrument: string): Promise<unknown> =>
  (
    await server.get<{ instrument: { mark: unknown } }>(
      'reader',
      `{ instrument(id: "${instrument}") { mark { price source stale } } }`,
    )
  ).instrument.mark;
const ago = (ms: number): string => new Date(server.clock.now() - ms).toISOString();

describe('a mark of a venue', () => {
  test('is taken with its source and its time, and is its own id from then on', async () => {
    const { seq, events } = await submit('50000', { bid: '49999.9', ask: '50000.1', observedAt: ago(1_500) });
    expect(events).toEqual(['MARK_PRICE_SET']);
    const { markPrices } = await server.get<{ markPrices: object }>(
      'feed',
      '{ markPrices(instrument: "BANDED", first: 1) { nodes { instrumentId seq price at source clamped } } }',
    );
    expect(markPrices).toEqual({
      nodes: [{ instrumentId: 'BANDED', seq, price: '50000.0', at: ago(1_500), source: 'venue', clamped: false }],
    });
  });

  test.each([
    ['of zero', '0', {}, 'PRICE_NOT_POSITIVE'],
    ['below zero', '-50000', {}, 'PRICE_NOT_POSITIVE'],
    ['between two ticks', '50000.05', {}, 'PRICE_OFF_TICK'],
    ['below its bid', '49999', { bid: '49999.1', ask: '50001' }, 'PRICE_CROSSED'],
    ['above its ask', '50002', { bid: '49999', ask: '50001' }, 'PRICE_CROSSED'],
    ['whose bid is above its ask', '50000', { bid: '50001', ask: '49999' }, 'PRICE_CROSSED'],
    ['older than the last', '50000', { observedAt: 2_000 }, 'PRICE_TOO_OLD'],
    ['as old as the heartbeat', '50000', { observedAt: 600_000 }, 'PRICE_TOO_OLD'],
    ['from more than a second ahead', '50000', { observedAt: -1_001 }, 'PRICE_FROM_FUTURE'],
    ['more than the band below the last', '44999.9', {}, 'PRICE_OUT_OF_BAND'],
    ['more than the band above the last', '55000.1', {}, 'PRICE_OUT_OF_BAND'],
    ['of nothing', '1', { instrument: 'NONE' }, 'INSTRUMENT_NOT_FOUND'],
    ['of what follows its index', '50000', { instrument: 'FOLLOWS' }, 'INSTRUMENT_NOT_TRADING'],
    ['held to an index that says nothing', '50000', { instrument: 'HELD' }, 'PRICE_MISSING'],
  ] as [string, string, { observedAt?: number }, string][])(
    '%s is refused, and the mark stays',
    async (_, price, more, code) => {
      const before = await markOf('BANDED');
      const timed = more.observedAt === undefined ? more : { ...more, observedAt: ago(more.observedAt) };
      expect((await submit(price, timed)).rejections[0]?.code).toBe(code);
      expect(await markOf('BANDED')).toEqual(before);
    },
  );

  test.each(['45000', '49500', '50000'])('exactly at the border of the band it is taken: %s', async (price) => {
    expect((await submit(price)).rejections).toEqual([]);
  });

  test('RLM-4 goes stale after its heartbeat: the house says so, and the next price is taken whatever it is', async () => {
    await server.pass('9m59.999s');
    expect(await markOf('BANDED')).toMatchObject({ stale: false });
    await server.pass('1ms');
    expect(await markOf('BANDED')).toMatchObject({ price: '50000.0', stale: true });
    const { house } = await server.get<{ house: { state: string; stalePrices: object[] } }>(
      'reader',
      '{ house { state stalePrices { kind id since } } }',
    );
    // Nobody holds it: the house decides on no price that it does not have.
    expect(house.state).toBe('RUNNING');
    expect(house.stalePrices).toContainEqual({ kind: 'INSTRUMENT', id: 'BANDED', since: ago(600_000) });
    expect((await submit('20000')).rejections).toEqual([]);
    expect(await markOf('BANDED')).toEqual({ price: '20000.0', source: 'venue', stale: false });
  });
});

describe('an index', () => {
  test('PS-4 is the median of the sources that are live and not far from the others', async () => {
    await say('one', '50000.00');
    expect(await indexNow()).toEqual({ price: null, stale: true });
    await say('two', '50100.00');
    expect(await indexNow()).toEqual({ price: '50050.00', stale: false });
    await say('three', '90000.00');
    expect(await indexNow()).toEqual({ price: '50050.00', stale: false });
    await server.pass('1m');
    expect(await indexNow()).toMatchObject({ stale: true });
  });

  test('a mark that follows it is the nearest tick, and one held to it is held at the border of its band', async () => {
    for (const [source, price] of [
      ['one', '50000.04'],
      ['two', '50000.06'],
    ] as const)
      await say(source, price);
    // 50,000.05 lies between two ticks: to the even one.
    expect(await markOf('FOLLOWS')).toEqual({ price: '50000.0', source: 'index', stale: false });
    const held = (price: string): Promise<Payload> =>
      act(server, 'feed', 'submitMarkPrices', { source: 'venue', prices: [{ instrument: 'HELD', price }] });
    await held('51000');
    expect(await markOf('HELD')).toMatchObject({ price: '51000.0' });
    await held('51000.1');
    expect(await markOf('HELD')).toMatchObject({ price: '51000.0' });
    const { markPrices } = await server.get<{ markPrices: { nodes: object[] } }>(
      'feed',
      '{ markPrices(instrument: "HELD", first: 1) { nodes { clamped } } }',
    );
    expect(markPrices.nodes).toEqual([{ clamped: true }]);
  });

  test.each([
    ['a source it does not have', 'four', '50000.00', 'SOURCE_UNKNOWN'],
    ['a price of zero', 'one', '0', 'PRICE_NOT_POSITIVE'],
    ['half a tick', 'one', '50000.005', 'PRICE_OFF_TICK'],
  ])('does not take %s', async (_, source, price, code) => {
    expect((await say(source, price)).rejections[0]?.code).toBe(code);
  });

  async function indexNow(): Promise<unknown> {
    return (await server.get<{ priceIndex: unknown }>('reader', '{ priceIndex(id: "BTC/USD") { price stale } }'))
      .priceIndex;
  }
});

test('a mark by hand goes past every band, by two persons', async () => {
  const done = await carryOut(server, 'setMarkPrice', {
    instrument: 'BANDED',
    price: '70000',
    reason: 'the venue reported nonsense',
  });
  expect(done.events).toEqual(['PROPOSAL_APPROVED', 'MARK_PRICE_SET']);
  expect(await markOf('BANDED')).toEqual({ price: '70000.0', source: 'manual', stale: false });
});

test('depth is what a venue says it is, in whole lots', async () => {
  const stated = await act<{ instrument: object }>(
    server,
    'feed',
    'reportDepth',
    { instrument: 'BANDED', bids: '12.3', asks: '4.56' },
    'instrument { depth { bids asks } }',
  );
  expect(stated).toMatchObject({
    outcome: 'DONE',
    events: ['DEPTH_REPORTED'],
    instrument: { depth: { bids: '12.3', asks: '4.5' } },
  });
  expect(
    (await act(server, 'feed', 'reportDepth', { instrument: 'BANDED', bids: '-1', asks: '1' })).rejections[0]?.code,
  ).toBe('VALUE_OUT_OF_RANGE');
});

test('funding is settled at the mark, and its run can be checked by anybody', async () => {
  for (const account of ['alice', 'bob'])
    await act(server, 'broker', 'depositCollateral', { account, currency: 'USD', amount: '100000' });
  await act(server, 'feed', 'submitMarkPrices', {
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price: '50000' }],
  });
  const trade = { trade: 'f', instrument: 'BTC-PERP', buyer: 'alice', seller: 'bob', price: '50000', size: '2' };
  expect((await act(server, 'feed', 'submitTrade', trade)).outcome).toBe('DONE');
  const { seq, events } = await act(server, 'feed', 'submitFundingRate', { instrument: 'BTC-PERP', rate: '0.0001' });
  expect(events).toEqual(['FUNDING_SETTLED']);
  const { settlementRuns } = await server.get<{ settlementRuns: { nodes: object[] } }>(
    'broker',
    `{ settlementRuns(first: 1, instrument: "BTC-PERP", kind: [FUNDING]) { nodes { seq kind instrumentId currency ` +
      `price rate inputs outputs hash rule lines(first: 5) { nodes { accountId amount } } } } }`,
  );
  expect(settlementRuns.nodes).toEqual([
    {
      ...{ seq, kind: 'FUNDING', instrumentId: 'BTC-PERP', currency: 'USD', price: '50000.0', rate: '0.0001' },
      inputs: expect.stringMatching(/^[0-9a-f]{64}$/),
      outputs: expect.stringMatching(/^[0-9a-f]{64}$/),
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
      rule: expect.any(String),
      lines: {
        nodes: [
          { accountId: 'alice', amount: '-10.00' },
          { accountId: 'bob', amount: '10.00' },
        ],
      },
    },
  ]);
});

describe('an index by weight', () => {
  const WEIGHED = {
    ...{ ...INDEX, base: 'ETH' },
    weights: [
      { source: 'one', ownVenue: true },
      { source: 'two', weight: 5 },
    ],
  };

  test('S08 PS-4 weights and own venues are read back, and decide', async () => {
    await act(server, 'admin', 'defineCurrency', { currency: 'ETH', scale: 8 });
    await act(server, 'admin', 'defineIndex', WEIGHED);
    for (const [source, price] of Object.entries({ one: '100', two: '102', three: '100' }))
      await act(server, 'feed', 'submitIndexPrices', { source, prices: [{ index: 'ETH/USD', price }] });
    const { priceIndex } = await server.get<{ priceIndex: unknown }>(
      'reader',
      '{ priceIndex(id: "ETH/USD") { price sources { source weight ownVenue } } }',
    );
    expect(priceIndex).toEqual({
      price: '102.00',
      sources: [
        { source: 'one', weight: 1, ownVenue: true },
        { source: 'three', weight: 1, ownVenue: false },
        { source: 'two', weight: 5, ownVenue: false },
      ],
    });
  });

  test('S08 an own venue of more than a third is refused', async () => {
    const half = { ...WEIGHED, quote: 'BTC', weights: [{ source: 'one', weight: 2, ownVenue: true }] };
    const { outcome, rejections } = await act(server, 'admin', 'defineIndex', half);
    expect([outcome, rejections[0]?.code]).toEqual(['REJECTED', 'VALUE_OUT_OF_RANGE']);
  });
});

describe('a mark of index and basis', () => {
  test('Ruling 6 its terms are read back, and its basis as it stands', async () => {
    const basis = { of: 'IMPACT', window: '1m', heartbeat: '1h' };
    const made = { ...TERMS, instrument: 'DAMPED', markMethod: 'BASIS', index: 'BTC/USD', markBand: '0.02', basis };
    await act(server, 'admin', 'defineInstrument', made);
    for (const source of INDEX.sources) await say(source, '50000');
    const prices = [{ instrument: 'DAMPED', bid: '50499.9', ask: '50500.1' }];
    await act(server, 'feed', 'submitImpactPrices', { source: 'venue', prices });
    await server.pass('30s');
    for (const source of INDEX.sources) await say(source, '50000');
    expect(await markOf('DAMPED')).toMatchObject({ price: '50166.7', source: 'basis' });
    const { instrument } = await server.get<{ instrument: unknown }>(
      'reader',
      '{ instrument(id: "DAMPED") { markMethod basis { of window heartbeat } dampedBasis } }',
    );
    expect(instrument).toEqual({ markMethod: 'BASIS', basis, dampedBasis: '0.003333333333333333333333' });
  });
});

describe('guards of a price', () => {
  const TERMS_OF_GUARDS = {
    ...{
      averageWindow: '5m',
      maximumMultiple: 5,
      maximumDistance: '0.5',
      maximumConfidence: '0.02',
      maximumAge: '30s',
    },
    ...{ liquidation: ['TOO_VOLATILE'], margin: ['TOO_OLD', 'TOO_UNCERTAIN'], newRisk: ['TOO_UNCERTAIN'] },
  };

  test('PV-3 X-6 they are read back, with what is doubted and the average', async () => {
    for (const source of INDEX.sources) await say(source, '50000');
    await carryOut(server, 'setPriceGuards', { index: 'BTC/USD', terms: TERMS_OF_GUARDS });
    const { priceGuards } = await server.get<{ priceGuards: { edges: unknown[] } }>(
      'reader',
      `{ priceGuards(first: 2, index: "BTC/USD") { edges { node { index version terms { averageWindow maximumMultiple
        maximumDistance maximumConfidence maximumAge liquidation margin newRisk } } } } }`,
    );
    expect(priceGuards.edges).toEqual([{ node: { index: 'BTC/USD', version: 1, terms: TERMS_OF_GUARDS } }]);
    for (const source of INDEX.sources) {
      const prices = [{ index: 'BTC/USD', price: '50000', confidence: '1000.01' }];
      await act(server, 'feed', 'submitIndexPrices', { source, prices });
    }
    const { priceIndex } = await server.get<{ priceIndex: unknown }>(
      'reader',
      '{ priceIndex(id: "BTC/USD") { confidence average faults sources { confidence } } }',
    );
    expect(priceIndex).toEqual({
      confidence: '1000.01',
      average: '50000',
      faults: ['TOO_UNCERTAIN'],
      sources: INDEX.sources.map(() => ({ confidence: '1000.01' })),
    });
    await server.pass('31s');
    const old = await server.get<{ priceIndex: unknown }>('reader', '{ priceIndex(id: "BTC/USD") { faults } }');
    expect(old.priceIndex).toEqual({ faults: ['TOO_UNCERTAIN', 'TOO_OLD'] });
  });

  test('PV-3 guards that cannot be are refused', async () => {
    const terms = { ...TERMS_OF_GUARDS, maximumMultiple: 0 };
    const { outcome, rejections } = await act(server, 'officer', 'setPriceGuards', { index: 'BTC/USD', terms });
    expect([outcome, rejections[0]?.code]).toEqual(['REJECTED', 'VALUE_OUT_OF_RANGE']);
  });
});
