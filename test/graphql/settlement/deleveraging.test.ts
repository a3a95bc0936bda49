/**
 * Deleveraging as the API tells it: the rank beforehand, the figures of the decision, the notice afterwards.  Rules:
 * SL-5, S09, X-5
 */

import { act, carryOut } from '../acts';
import { givenPerpetual, type KeyName, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;
beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  const layers = ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'];
  await carryOut(server, 'setLossPolicy', { currency: 'USD', layers, base: 'GAINS', period: '7d', fundTarget: '0' });
  const policy = { currency: 'USD', method: 'QUEUE', score: 'PROFIT_LEVERAGE', bound: 'PROFIT', basis: 'UNREALISED' };
  await carryOut(server, 'setDeleveragingPolicy', policy);
  await openAccount(server, 'ivy', 'rival');
  await pay(server, 'bob', '1000000');
  await pay(server, 'ivy', '100000');
  await pay(server, 'alice', '25000');
  await trade(server, 'alice', 'bob', '6');
  await trade(server, 'alice', 'ivy', '4');
  await mark(server, '49500');
});
afterAll(() => server.close());

const RANKS = '{ positions(first: 10) { nodes { accountId size deleveraging { rank of quantile score leverage } } } }';
interface Ranked {
  readonly accountId: string;
  readonly deleveraging: {
    readonly rank: number;
    readonly of: number;
    readonly quantile: number;
    readonly score: string;
  } | null;
}
const ranksSeenBy = async (key: KeyName): Promise<readonly Ranked[]> =>
  (await server.get<{ positions: { nodes: Ranked[] } }>(key, RANKS)).positions.nodes;

test('SL-5 every holder sees its rank beforehand, among all of its side, and nobody sees whose the others are', async () => {
  const [mine] = await ranksSeenBy('rival');
  // 1 % of profit at a leverage of 198,000 / 102,000.
  expect(mine).toMatchObject({ accountId: 'ivy', deleveraging: { rank: 1, of: 2, quantile: 3, score: '33/1700' } });
  const theirs = await ranksSeenBy('broker');
  expect(theirs.find(({ accountId }) => accountId === 'bob')?.deleveraging).toMatchObject({
    rank: 2,
    of: 2,
    quantile: 5,
  });
  expect(theirs.find(({ accountId }) => accountId === 'alice')?.deleveraging).toMatchObject({ rank: 1, of: 1 });
  expect(theirs.map(({ accountId }) => accountId)).not.toContain('ivy');
});

test('SL-5 officers see the whole queue of a side, place by place', async () => {
  const ask =
    'query ($offset: Int!) { deleveragingQueue(instrument: "BTC-PERP", side: SHORT, first: 1, offset: $offset) { ' +
    'holders places { account rank size profit bound } } }';
  const page = (offset: number) => server.get<{ deleveragingQueue: object }>('officer', ask, { offset });
  expect((await page(0)).deleveragingQueue).toEqual({
    holders: 2,
    places: [{ account: 'ivy', rank: 1, size: '-4.0', profit: '2000.00', bound: '2000.00' }],
  });
  expect((await page(1)).deleveragingQueue).toMatchObject({ places: [{ account: 'bob', rank: 2, profit: '3000.00' }] });
});

test('S09 what is missing is given up to the cent, the decision tells its figures, and each holder is told why', async () => {
  await mark(server, '47000'); // ten contracts lose 3,000 each; 25,000 are there
  const { deleveragings } = await server.get<{ deleveragings: { nodes: object[] } }>(
    'reader',
    `{ deleveragings(first: 5) { nodes { cause accountId instrumentId method bound policyVersion size budget used
      overshoot holders affected
       concentration positions(first: 5) { nodes { accountId rank holders size forgone value price deleveraging { cause
       } } } } } }`,
  );
  expect(deleveragings.nodes).toEqual([
    {
      cause: 'LOSS_LAYER',
      accountId: null,
      instrumentId: 'BTC-PERP',
      method: 'QUEUE',
      bound: 'PROFIT',
      policyVersion: 1,
      size: '-10.0',
      budget: '5000.00',
      used: '5000.00',
      overshoot: '0.00',
      holders: 2,
      affected: 2,
      concentration: '0.52',
      positions: {
        nodes: [
          {
            accountId: 'bob',
            rank: 2,
            holders: 2,
            size: '6.0',
            forgone: '3000.00',
            value: '285000.00',
            price: '47500',
            deleveraging: { cause: 'LOSS_LAYER' },
          },
        ],
      },
    },
  ]);
  const { account } = await server.get<{ account: object }>(
    'rival',
    '{ account(id: "ivy") { deleveragedPositions(first: 5) { nodes { rank forgone price score } } } }',
  );
  expect(account).toMatchObject({ deleveragedPositions: { nodes: [{ rank: 1, forgone: '2000.00', price: '47500' }] } });
});

test(
  'SL-4 SL-5 what a holder gave up is a claim to what is recovered, by its profit; control: of another it is ' +
    'not shown',
  async () => {
    const claims = (key: 'auditor' | 'rival') =>
      server.get<object>(
        key,
        '{ lossClaims(first: 5) { nodes { layer accountId base weight cap amount outstanding } } }',
      );
    const given = { layer: 'DELEVERAGING', base: 'PROFIT' };
    const ivy = {
      ...given,
      accountId: 'ivy',
      weight: '12000.00',
      cap: '12000.00',
      amount: '2000.00',
      outstanding: '2000.00',
    };
    expect(await claims('rival')).toEqual({ lossClaims: { nodes: [ivy] } });
    expect(await claims('auditor')).toMatchObject({
      lossClaims: { nodes: expect.arrayContaining([ivy, expect.objectContaining({ ...given, accountId: 'bob' })]) },
    });
  },
);

test('X-6 a policy is a version, and to set one needs a second person once the house is open', async () => {
  const input = { currency: 'USD', method: 'PRO_RATA', score: 'PRICE_RATIO', bound: 'MAINTENANCE', basis: 'PERIOD' };
  const proposed = await act(server, 'officer', 'setDeleveragingPolicy', input);
  expect([proposed.outcome, proposed.proposal?.status]).toEqual(['PROPOSED', 'OPEN']);
  const { deleveragingPolicies } = await server.get<{ deleveragingPolicies: { nodes: object[] } }>(
    'feed',
    '{ deleveragingPolicies(first: 5) { nodes { currency instrument version method score bound basis inventoryCap ' +
      '{ amount } } } }',
  );
  expect(deleveragingPolicies.nodes).toEqual([
    {
      currency: 'USD',
      instrument: null,
      version: 1,
      method: 'QUEUE',
      score: 'PROFIT_LEVERAGE',
      bound: 'PROFIT',
      basis: 'UNREALISED',
      inventoryCap: null,
    },
  ]);
  const limits = { instrument: 'BTC-PERP', float: '1000', positionShare: '0.01' };
  expect(
    await act(
      server,
      'officer',
      'setMarketLimits',
      limits,
      'limits { version float positionShare openInterestShare openInterest }',
    ),
  ).toMatchObject({
    outcome: 'DONE',
    limits: { version: 1, float: '1000.0', positionShare: '0.01', openInterestShare: null, openInterest: '0.0' },
  });
  expect(
    (await act(server, 'officer', 'tearUpPositions', { instrument: 'BTC-PERP', size: '1', reason: 'r' })).rejections[0]
      ?.code,
  ).toBe('INVENTORY_TOO_SMALL');
});
