/**
 * A trade that is sent again: refused as a duplicate, then as too old, and how long is remembered can be read and set.
 * DS-3, LCS-1
 */

import { formatInstant } from '../../../src/units/instant';
import { act, actOnAll, sale } from '../acts';
import { givenPerpetual, openServer, pay, type TestServer } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  for (const account of ['alice', 'bob']) await pay(server, account, '1000000');
});
afterAll(() => server.close());

const RETENTION = '{ house { retention { keys trades } } }';
const price = () =>
  act(server, 'feed', 'submitMarkPrices', { source: 'venue', prices: [{ instrument: 'BTC-PERP', price: '50000.0' }] });
const codesOf = ({
  items,
}: {
  items: readonly { outcome: string; rejections: readonly { code: string }[] }[];
}): string[] => items.map(({ rejections }) => rejections[0]?.code ?? 'CLEARED');

test('DS-3 a file sent again under another key clears nothing, on no day', async () => {
  const executedAt = formatInstant(server.house.status().now);
  const trades = ['f1', 'f2'].map((id) => ({ ...sale(id, 'alice', 'bob', '0.1'), executedAt }));
  const send = async (idempotencyKey: string, more: readonly object[] = []) => {
    await price();
    return codesOf(await actOnAll(server, 'feed', 'submitTrades', { trades: [...trades, ...more], idempotencyKey }));
  };
  expect(await send('monday')).toEqual(['CLEARED', 'CLEARED']);
  expect(await send('monday again')).toEqual(['DUPLICATE_TRADE', 'DUPLICATE_TRADE']);
  const asCleared = '{ one: trade(id: "f1") { at executedAt } trades(first: 1) { nodes { id executedAt } } }';
  expect(await server.get('broker', asCleared)).toEqual({
    one: { at: executedAt, executedAt },
    trades: { nodes: [{ id: 'f2', executedAt }] },
  });
  await server.pass('6d23h59m59s');
  expect(await send('sunday')).toEqual(['DUPLICATE_TRADE', 'DUPLICATE_TRADE']);
  await server.pass('1s');
  expect(await send('monday next', [sale('f3', 'alice', 'bob', '0.1')])).toEqual([
    'TRADE_TOO_OLD',
    'TRADE_TOO_OLD',
    'CLEARED',
  ]);
  expect(await server.get('auditor', '{ trade(id: "f3") { executedAt } }')).toEqual({ trade: { executedAt: null } });
  const future = formatInstant((server.house.status().now + 5_000) as never);
  const early = await act(server, 'feed', 'submitTrade', { ...sale('f4', 'alice', 'bob', '0.1'), executedAt: future });
  expect(early.rejections[0]).toMatchObject({ code: 'TRADE_FROM_FUTURE', retriable: true });
});

test('ruling 22 a venue that numbers its trades: each number clears once, whatever its id and key', async () => {
  await price();
  const declared = await act(server, 'admin', 'setVenue', { venue: 'nasdaq', name: 'A venue' }, 'venue { id highest }');
  expect(declared).toMatchObject({ outcome: 'DONE', events: ['VENUE_SET'], venue: { id: 'nasdaq', highest: '0' } });
  const numbered = (id: string, number: string) => ({ ...sale(id, 'alice', 'bob', '0.1'), venue: 'nasdaq', number });
  const send = async (...trades: object[]) => codesOf(await actOnAll(server, 'feed', 'submitTrades', { trades }));
  expect(await send(numbered('v1', '1'), numbered('v2', '2'))).toEqual(['CLEARED', 'CLEARED']);
  expect(await send(numbered('v1-again', '1'), numbered('v3', '3'))).toEqual(['TRADE_NUMBER_TOO_LOW', 'CLEARED']);
  const late = await act(server, 'feed', 'submitTrade', numbered('v2-again', '2'));
  expect(late.rejections[0]).toMatchObject({ code: 'TRADE_NUMBER_TOO_LOW', retriable: false });
  const shown = '{ venues(first: 5) { nodes { id name highest } } }';
  expect(await server.get('feed', shown)).toEqual({
    venues: { nodes: [{ id: 'nasdaq', name: 'A venue', highest: '3' }] },
  });
  expect(await server.get('auditor', '{ trade(id: "v3") { venue number } }')).toEqual({
    trade: { venue: 'nasdaq', number: '3' },
  });
});

test('DS-3 how long is remembered can be read, made longer by one person, and shorter by two', async () => {
  expect(await server.get('broker', RETENTION)).toEqual({ house: { retention: { keys: '1d', trades: '7d' } } });
  const longer = await act<{ retention: object }>(
    server,
    'officer',
    'setRetention',
    { keys: '48h', trades: '14d' },
    'retention { keys trades }',
  );
  expect(longer).toMatchObject({
    outcome: 'DONE',
    events: ['RETENTION_SET'],
    retention: { keys: '2d', trades: '14d' },
  });
  const shorter = await act(server, 'officer', 'setRetention', { keys: '24h', trades: '14d' });
  expect(shorter).toMatchObject({ outcome: 'PROPOSED', events: ['PROPOSAL_CREATED'] });
  const { id: proposal, hash } = shorter.proposal ?? { id: '', hash: '' };
  expect(await act(server, 'admin', 'approveProposal', { proposal, hash })).toMatchObject({
    outcome: 'DONE',
    events: ['PROPOSAL_APPROVED', 'RETENTION_SET'],
  });
  expect(await server.get('auditor', RETENTION)).toMatchObject({ house: { retention: { trades: '14d' } } });
  const refused = await act(server, 'officer', 'setRetention', { keys: '1h', trades: '7d' });
  expect(refused.rejections[0]).toMatchObject({ code: 'VALUE_OUT_OF_RANGE', details: { field: 'keys' } });
});
