/** Funding rates as a stream: the one to come as samples move it, and those that are fixed.  PS-5, B1-2 */

import { act, carryOut, defineBitcoin, quoteBitcoin } from '../acts';
import { FRAME, listen, type Message } from '../subscription/listen';
import { givenPerpetual, mark, openServer, type TestServer } from '../support';

const RATES = `subscription ($after: Cursor, $snapshot: Boolean! = false, $instruments: [ID!]) {
  fundingRates(after: $after, snapshot: $snapshot, instruments: $instruments) {
    ${FRAME} type instrumentId instrument { id } rate premium samples to } }`;

interface Told {
  readonly type: string;
  readonly instrumentId: string;
  readonly instrument: { readonly id: string };
  readonly rate: string;
  readonly premium: string | null;
  readonly samples: number;
  readonly to: string | null;
}

let server: TestServer;
beforeAll(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server);
  await defineBitcoin(server);
  const terms = { kind: 'PERPETUAL', base: 'BTC', quote: 'USD', settlement: 'USD', tick: '0.1', lot: '0.1' };
  const at = { multiplier: '1', index: 'BTC/USD', markMethod: 'VENUE', heartbeat: '1d' };
  await quoteBitcoin(server, '50000.0');
  for (const instrument of ['FUND', 'OTHER']) {
    await act(server, 'admin', 'defineInstrument', { ...terms, ...at, instrument });
    await mark(server, '50000', instrument);
    const policy = { instrument, terms: { interval: '1m', sampleInterval: '20s' } };
    await carryOut(server, 'setFundingPolicy', policy);
  }
});
afterAll(() => server.close());

const impact = (bid: string): Promise<object> =>
  act(server, 'feed', 'submitImpactPrices', { source: 'venue', prices: [{ instrument: 'FUND', bid, ask: bid }] });
const said = (messages: readonly Message<Told>[]): (string | number | null)[][] =>
  messages.map(({ type, rate, premium, samples, to }) => [type, rate, premium, samples, to]);

test('PS-5 B1-2 samples move the rate to come, the end of an interval fixes it, and who comes back misses nothing', async () => {
  const socket = server.socket('reader');
  const only = { snapshot: true, instruments: ['FUND'] };
  const stream = await listen<Told>(socket, RATES, only).opened();
  await impact('50050');
  await server.pass('20s');
  await impact('50100');
  await server.pass('40s');
  const told = await stream.have(4);
  expect(said(told)).toEqual([
    ['PREDICTED', '0.001', '0.001', 1, null],
    ['PREDICTED', '0.0015', '0.002', 2, null],
    ['PREDICTED', '0.001666666667', '0.002', 3, null],
    ['FIXED', '0.001666666667', '0.001666666667', 3, '2025-10-10T12:01:00.000Z'],
  ]);
  expect(told.map(({ instrumentId, instrument }) => [instrumentId, instrument.id])).toEqual(
    told.map(() => ['FUND', 'FUND']),
  );
  expect(told.map(({ streamSeq }) => streamSeq)).toEqual(['1', '2', '3', '4']);

  const rest = await listen<Told>(socket, RATES, { after: told[1]?.cursor, instruments: ['FUND'] }).opened();
  expect(said(rest.events)).toEqual(said(told.slice(2)));
  await server.pass('20s');
  const fresh = await listen<Told>(socket, RATES, only).opened();
  const state = fresh.all.filter(({ kind }) => kind === 'STATE');
  expect(said(state)).toEqual([['PREDICTED', '0.002', '0.002', 1, null]]);
  for (const each of [stream, rest, fresh]) each.stop();
});

test('PS-7 the policies by which rates are made are listed by instrument, every version', async () => {
  const terms = { interval: '1h', sampleInterval: '1m', interest: '0.0001' };
  await carryOut(server, 'setFundingPolicy', { instrument: 'OTHER', terms });
  const { fundingPolicies } = await server.get<{ fundingPolicies: { nodes: object[] } }>(
    'reader',
    'query ($instrument: ID!) { fundingPolicies(first: 5, instrument: $instrument) ' +
      '{ nodes { version instrument terms { interval interest } } } }',
    { instrument: 'OTHER' },
  );
  expect(fundingPolicies.nodes).toEqual([
    { version: 1, instrument: 'OTHER', terms: { interval: '1m', interest: '0' } },
    { version: 2, instrument: 'OTHER', terms: { interval: '1h', interest: '0.0001' } },
  ]);
});
