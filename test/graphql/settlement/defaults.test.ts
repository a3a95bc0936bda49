/**
 * A default as the API tells it: who defaulted, which layer bore what, who shared the rest, and what the house holds
 * now.  Rules: B3-1, SL-1 to SL-3
 */

import { act, carryOut, type Payload } from '../acts';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  const policy = {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  };
  await carryOut(server, 'setLossPolicy', policy);
  await openAccount(server, 'ivy', 'rival');
  for (const account of ['bob', 'ivy']) await pay(server, account, '1000000');
  await pay(server, 'alice', '25000');
  await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '1000', source: 'EXTERNAL' });
  await act(server, 'officer', 'contributeHouseCapital', { currency: 'USD', amount: '500' });
  await trade(server, 'alice', 'bob', '6');
  await trade(server, 'alice', 'ivy', '4');
  // Ten contracts lose 3,500 each; 25,000 are there to lose.
  await mark(server, '46500');
  await server.pass('1m');
});
afterAll(() => server.close());

const LOSS = '10000.00';

test('B3-1 the loss goes down the layers in their order, and what they used sums to it', async () => {
  const { lossCases } = await server.get<{ lossCases: { nodes: { id: string }[] } }>(
    'broker',
    `{ lossCases(account: "alice", first: 5) { totalCount nodes { id accountId currency loss policyVersion account {
      status }
       layers { ordinal layer available used left } } } }`,
  );
  expect(lossCases).toEqual({
    totalCount: 1,
    nodes: [
      {
        id: expect.any(String),
        accountId: 'alice',
        currency: 'USD',
        loss: LOSS,
        policyVersion: 2,
        account: { status: 'CLOSED' },
        layers: [
          { ordinal: 1, layer: 'INSURANCE_FUND', available: '1000.00', used: '1000.00', left: '0.00' },
          { ordinal: 2, layer: 'HOUSE_CAPITAL', available: '500.00', used: '500.00', left: '0.00' },
          {
            ordinal: 3,
            layer: 'SOCIALIZED_LOSS',
            available: expect.any(String),
            used: '8500.00',
            left: expect.any(String),
          },
        ],
      },
    ],
  });
  const { lossCase } = await server.get<{ lossCase: object }>(
    'reader',
    'query ($id: ID!) { lossCase(id: $id) { loss } }',
    {
      id: lossCases.nodes[0]?.id,
    },
  );
  expect(lossCase).toEqual({ loss: LOSS });
});

interface Share {
  readonly accountId: string;
  readonly base: string;
  readonly weight: string;
  readonly cap: string;
  readonly amount: string;
}
const sharesSeenBy = async (key: KeyName): Promise<readonly Share[]> =>
  (
    await server.get<{ lossCases: { nodes: { shares: { nodes: Share[] } }[] } }>(
      key,
      '{ lossCases(first: 1) { nodes { shares(first: 10) { nodes { accountId base weight cap amount } } } } }',
    )
  ).lossCases.nodes.flatMap(({ shares }) => shares.nodes);

test('SL-1 what no layer could bear is shared by those who gained, by their gains, and nobody pays more than that', async () => {
  const shares = await sharesSeenBy('auditor');
  // Short 6 and short 4 gained 3,500 a contract: 21,000 and 14,000 of 35,000.
  expect([...shares].sort((a, b) => (a.accountId < b.accountId ? -1 : 1))).toEqual([
    { accountId: 'bob', base: 'GAINS', weight: '21000.00', cap: expect.any(String), amount: '5100.00' },
    { accountId: 'ivy', base: 'GAINS', weight: '14000.00', cap: expect.any(String), amount: '3400.00' },
  ]);
  for (const { amount, cap } of shares) expect(Number(amount)).toBeLessThanOrEqual(Number(cap));
});

test('X-5 a broker sees the shares of its own accounts, and no default of another member', async () => {
  expect((await sharesSeenBy('broker')).map(({ accountId }) => accountId)).toEqual(['bob']);
  expect(await sharesSeenBy('rival')).toEqual([]);
  const { account } = await server.get<{ account: object }>(
    'rival',
    '{ account(id: "ivy") { levied socializedLosses(first: 5) { nodes { amount currency } } } }',
  );
  expect(account).toEqual({ levied: '3400.00', socializedLosses: { nodes: [{ amount: '3400.00', currency: 'USD' }] } });
});

test('B3-3 the position is the house’s now, taken over at the bankruptcy price, and no money was made or lost', async () => {
  const { positions, liquidations, conservation, insuranceFund } = await server.get<
    Record<string, { nodes: object[]; holds: boolean }>
  >(
    'auditor',
    `{ positions(account: "close-out:USD", first: 5) { nodes { instrumentId size account { kind memberId } } }
       liquidations(account: "alice", first: 1) { nodes { status cause fills(first: 5) { nodes { kind counterpartyId
       size fee penalty } } } }
       conservation { holds } insuranceFund(currency: "USD") { balance paid } }`,
  );
  expect(positions?.nodes).toEqual([
    { instrumentId: 'BTC-PERP', size: '10.0', account: { kind: 'CLOSE_OUT', memberId: 'clearinghouse' } },
  ]);
  expect(liquidations?.nodes).toEqual([
    {
      status: 'BANKRUPT',
      cause: expect.any(String),
      fills: {
        nodes: [{ kind: 'TAKE_OVER', counterpartyId: 'close-out:USD', size: '-10.0', fee: '0.00', penalty: '0.00' }],
      },
    },
  ]);
  expect(conservation?.holds).toBe(true);
  expect(insuranceFund).toEqual({ balance: '0.00', paid: '1000.00' });
});

test('B1-3 the account is closed: it takes no trade until a deposit reinstates it', async () => {
  let sales = 0;
  const sell = (): Promise<Payload> =>
    act(server, 'feed', 'submitTrade', {
      trade: `d${++sales}`,
      instrument: 'BTC-PERP',
      buyer: 'alice',
      seller: 'bob',
      price: '46500',
      size: '0.1',
    });
  expect((await sell()).rejections[0]?.code).toBe('ACCOUNT_NOT_OPEN');
  expect(
    (await act(server, 'broker', 'depositCollateral', { account: 'alice', currency: 'USD', amount: '1000' })).outcome,
  ).toBe('DONE');
  expect((await sell()).outcome).toBe('DONE');
  const { account } = await server.get<{
    account: { status: string; transitions: { nodes: { from: string; to: string }[] } };
  }>('broker', '{ account(id: "alice") { status transitions(first: 3) { nodes { from to cause } } } }');
  expect(account.status).toBe('HEALTHY');
  expect(account.transitions.nodes.map(({ from, to }) => `${from} ${to}`)).toEqual([
    'CLOSED HEALTHY',
    'BANKRUPT CLOSED',
    'LIQUIDATING BANKRUPT',
  ]);
});
