/** The end of a future through the API: the prices that counted, the average, and who was paid.  EX-1 */

import { flatTiers } from '../../support/given';
import { act, carryOut, defineBitcoin, quoteBitcoin } from '../acts';
import { givenPerpetual, mark, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await defineBitcoin(server);
  await act(server, 'admin', 'defineInstrument', {
    instrument: 'BTC-NOON',
    kind: 'FUTURE',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
    index: 'BTC/USD',
    markMethod: 'VENUE',
    heartbeat: '1d',
    expiry: '2025-10-10T12:10:00Z',
    settlementWindow: '4m',
  });
  const tiers = flatTiers('0.05', '0.025');
  await carryOut(server, 'setTierSchedule', { instrument: 'BTC-NOON', tiers });
  await mark(server, '50000', 'BTC-NOON');
});
afterAll(() => server.close());

test('EX-1 the prices that count towards a last price can be read, and the run that pays says their average', async () => {
  for (const account of ['alice', 'eve']) await pay(server, account, '100000');
  await quoteBitcoin(server, '49000');
  await trade(server, 'alice', 'eve', '1', '50000', 'BTC-NOON');
  await server.pass('6m');
  await server.pass('1m');
  await quoteBitcoin(server, '50000');
  await server.pass('1m');
  await quoteBitcoin(server, '52000');
  const { settlementSamples } = await server.get<{ settlementSamples: { nodes: object[] } }>(
    'reader',
    'query ($instrument: ID!) { settlementSamples(first: 5, instrument: $instrument) ' +
      '{ nodes { at price instrument { id } index { id } } } }',
    { instrument: 'BTC-NOON' },
  );
  const counted = [
    ['2025-10-10T12:08:00.000Z', '52000.0'],
    ['2025-10-10T12:07:00.000Z', '50000.0'],
    ['2025-10-10T12:06:00.000Z', '49000.0'],
  ].map(([at, price]) => ({ at, price, instrument: { id: 'BTC-NOON' }, index: { id: 'BTC/USD' } }));
  expect(settlementSamples.nodes).toEqual(counted);

  await server.pass('2m');
  const { settlementRuns } = await server.get<{ settlementRuns: { nodes: object[] } }>(
    'auditor',
    'query ($instrument: ID!) { settlementRuns(first: 1, instrument: $instrument) ' +
      '{ nodes { kind price pricedBy windowLive lines(first: 5) { nodes { account { id } amount } } } } }',
    { instrument: 'BTC-NOON' },
  );
  // 49,000 for one minute, 50,000 for one, 52,000 for two.
  expect(settlementRuns.nodes).toEqual([
    {
      kind: 'EXPIRY',
      price: '50750.0',
      pricedBy: 'WINDOW',
      windowLive: '4m',
      lines: {
        nodes: [
          { account: { id: 'alice' }, amount: '750.00' },
          { account: { id: 'eve' }, amount: '-750.00' },
        ],
      },
    },
  ]);
});
