/**
 * What a sealed bid was is nobody's to read while its round is open, staff included; afterwards the journal has it
 * whole.  Rules: S01, CA-2, DS-1
 */

import { createHash } from 'node:crypto';
import { act, carryOut } from '../acts';
import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
let id = '';
const OWN = { kind: 'HOUSE', currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;
const STAFF: readonly KeyName[] = ['admin', 'officer', 'auditor'];

beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await server.send({ type: 'OpenAccount', account: 'own', member: 'broker', owner: 'own', ...OWN });
  await pay(server, 'own', '30000');
  await openAccount(server, 'ivy', 'rival');
  await pay(server, 'ivy', '1000000');
  await trade(server, 'own', 'ivy', '4');
  await mark(server, '47000');
  await carryOut(server, 'declareDefault', { member: 'broker', reason: 'did not pay' });
  const { memberDefaults } = await server.get<{ memberDefaults: { nodes: { id: string }[] } }>(
    'auditor',
    '{ memberDefaults(first: 1) { nodes { id } } }',
  );
  id = memberDefaults.nodes[0]?.id ?? '';
  await carryOut(server, 'auctionDefault', {
    default: id,
    currency: 'USD',
    invited: null,
    minimumBidders: 1,
    reserve: '0.1',
    window: '10m',
  });
});
afterAll(() => server.close());

interface Entry {
  readonly seq: string;
  readonly commandType: string;
  readonly text: string;
  readonly sealed: boolean;
  readonly hash: string;
}
const entries = async (key: KeyName): Promise<readonly Entry[]> =>
  (
    await server.get<{ journal: { nodes: Entry[] } }>(
      key,
      '{ journal(last: 60) { nodes { seq commandType text sealed hash } } }',
    )
  ).journal.nodes;
const bidsIn = async (key: KeyName): Promise<readonly Entry[]> =>
  (await entries(key)).filter(({ commandType }) => commandType === 'BidForLot');
const BIDS = '{ ledgerTransfers(reason: [LOT_BID], first: 5) { nodes { amount } } }';
const bid = (amount: string) =>
  act(server, 'rival', 'bidForLot', { default: id, currency: 'USD', lot: 1, account: 'ivy', amount });

test(
  'S01 while the round is open the amount stands in no entry, no event and no transfer that staff can read; ' +
    'the bidder sees its own',
  async () => {
    const heard = await listen<{ type: string; event: { bid: object; transfers: object[] } }>(
      server.socket('auditor'),
      `subscription { events(types: [LOT_BID_PLACED]) { ${FRAME} type event } }`,
    ).opened();
    expect((await bid('7654.32')).outcome).toBe('DONE');
    expect((await bid('-987654.32')).rejections[0]?.code).toBe('LOT_BID_BELOW_RESERVE');
    for (const key of STAFF) {
      const read = await bidsIn(key);
      expect(read.map(({ sealed }) => sealed)).toEqual([true, true]);
      for (const { text } of read) expect(text).not.toMatch(/7654|987654/);
      expect(await server.get(key, BIDS)).toEqual({ ledgerTransfers: { nodes: [] } });
    }
    const [message] = await heard.have(1);
    expect(message?.event).toMatchObject({
      bid: { account: 'ivy', amount: null },
      transfers: [{ reason: 'LOT_BID', amount: null }],
    });
    heard.stop();
    const own = await server.get<{ account: { transfers: { nodes: object[] } } }>(
      'rival',
      '{ account(id: "ivy") { transfers(reason: [LOT_BID], first: 5) { nodes { amount } } } }',
    );
    expect(own.account.transfers.nodes).toEqual([{ amount: '7654.32' }]);
    // Everything else reads as it is stored.
    expect(
      (await entries('auditor')).filter(({ commandType, sealed }) => sealed && commandType !== 'BidForLot'),
    ).toEqual([]);
  },
);

test('DS-1 the round over, the whole text is there and the chain of hashes holds over it', async () => {
  await server.pass('11m');
  const all = await entries('auditor');
  const [placed] = all.filter(({ commandType }) => commandType === 'BidForLot');
  expect(placed?.sealed).toBe(false);
  expect(JSON.parse(placed?.text ?? '{}')).toMatchObject({
    command: { amount: '7654.32' },
    events: [{ bid: { amount: '765432' } }],
  });
  for (const [i, { text, hash }] of all.entries()) {
    const before = all[i - 1]?.hash;
    if (before !== undefined) expect(createHash('sha256').update(`${before}\n${text}`).digest('hex')).toBe(hash);
  }
  expect(await server.get('officer', BIDS)).toMatchObject({
    ledgerTransfers: { nodes: [{ amount: '7654.32' }, { amount: '7654.32' }] },
  });
});
