/**
 * Auctions through the API, from the debt to the money; and what else stands behind it to be read.  Rules: CA-1, CA-3,
 * CA-4
 */

import { act, carryOut } from '../acts';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

let server: TestServer;

beforeAll(async () => {
  server = await openServer();
  await givenPerpetual(server);
  await act(server, 'admin', 'defineCurrency', { currency: 'ETH', scale: 8 });
  const index = {
    base: 'ETH',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '1',
    heartbeat: '7d',
  };
  await act(server, 'admin', 'defineIndex', index);
  await act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [{ index: 'ETH/USD', price: '1000.00' }] });
  await carryOut(server, 'setCollateralTerms', {
    currency: 'ETH',
    haircut: '0.3',
    conversionDiscount: '0.3',
    eligible: true,
  });
  await carryOut(server, 'setAuctionPolicy', {
    currency: 'USD',
    form: 'DUTCH',
    curve: { shape: 'STAIRSTEP', stepFactor: '0.99', step: '60s' },
    startMultiplier: '1.2',
    roundDuration: '1h',
    priceFloorShare: '0.5',
    rounds: 2,
    resetReward: '0',
    resetRewardRate: '0',
    penaltyMultiplier: '1.1',
    minimumDebt: '22',
    valueCap: '1000000',
    lotCap: '1000000',
    reserveShare: '0.8',
    minimumTime: '0s',
    minimumBidders: 1,
    increment: '0.05',
    extension: '60s',
    badBidShare: '0.5',
    fundCap: '0',
  });
  await pay(server, 'bob', '1000000');
  await openAccount(server, 'ivy', 'rival');
  await pay(server, 'ivy', '100000');
  await pay(server, 'alice', '1000');
  await pay(server, 'alice', '5', 'ETH');
  // One contract falls by 5,000 against 1,000 of money: 4,000 are owed, and of 5 ETH 3,500 count.
  await trade(server, 'alice', 'bob', '1');
  await mark(server, '45000');
});
afterAll(() => server.close());

interface Shown {
  readonly id: string;
  readonly version: number;
  readonly price: string;
}

const open = async (key: 'rival' | 'broker' = 'rival'): Promise<Shown> => {
  const { auctions } = await server.get<{ auctions: { nodes: Shown[] } }>(
    key,
    '{ auctions(first: 5) { nodes { id version price } } }',
  );
  const [shown] = auctions.nodes;
  if (!shown) throw new Error('Nothing is at auction');
  return shown;
};

test('CA-1 the price now and at any time can be asked for, and comes down by a hundredth a minute', async () => {
  const { id } = await open();
  const at = (minutes: number): string => new Date(server.clock.now() + minutes * 60_000).toISOString();
  const { auction } = await server.get<{ auction: Record<string, string> }>(
    'rival',
    `{ auction(id: "${id}") { price soon: priceAt(time: "${at(10)}") status lotCurrency accountId } }`,
  );
  expect(auction).toMatchObject({ status: 'OPEN', lotCurrency: 'ETH', accountId: null });
  expect(Number(auction['price'])).toBe(1200);
  expect(auction['soon']).toMatch(/^1085\.258490/);
});

test('CA-4 an officer pauses and resumes; breakers stop it at once, and two persons loosen them', async () => {
  const { id } = await open();
  const code = async (key: 'rival' | 'officer', mutation: string, input: object) =>
    (await act(server, key, mutation, input)).rejections[0]?.code;
  expect(await code('officer', 'pauseAuction', { auction: id, reason: 'a look' })).toBeUndefined();
  const take = async () => ({
    auction: id,
    account: 'ivy',
    quantity: '5',
    limit: '1200',
    version: (await open()).version,
  });
  expect(await code('rival', 'takeAuction', await take())).toBe('AUCTION_NOT_OPEN');
  await carryOut(server, 'resumeAuction', { auction: id });
  expect(await code('officer', 'setAuctionBreaker', { currency: 'USD', level: 3, reason: 'stop' })).toBeUndefined();
  // At the third level its clock stands.
  expect(await code('rival', 'takeAuction', await take())).toBe('AUCTION_NOT_OPEN');
  await carryOut(server, 'setAuctionBreaker', { currency: 'USD', level: 0, reason: 'go on' });
  // Its price is of use still, it takes no bids, and nobody in good standing is sold.
  expect(await code('rival', 'resetAuction', { auction: id, account: 'ivy' })).toBe('RESET_NOT_DUE');
  const bid = { auction: id, account: 'ivy', amount: '4000', version: (await open()).version };
  expect(await code('rival', 'placeBid', bid)).toBe('AUCTION_FORM_MISMATCH');
  const start = { account: 'bob', lotCurrency: 'ETH', lots: 1 };
  expect(await code('officer', 'startAuction', start)).toBe('ACCOUNT_NOT_IN_LIQUIDATION');
});

test('X-5 a liquidator’s key takes for the account that names it, and acts for no other', async () => {
  const { id, version } = await open();
  const act_ = async (mutation: string, account: string, more: object) =>
    (await act(server, 'liquidator', mutation, { auction: id, account, ...more })).rejections[0]?.code;
  const take = { quantity: '0.1', limit: '1200', version };
  for (const account of ['ivy', 'bob', 'alice', 'nobody']) {
    expect(await act_('takeAuction', account, take)).toBe('ACCOUNT_NOT_FOUND');
    expect(await act_('placeBid', account, { amount: '4000', version })).toBe('ACCOUNT_NOT_FOUND');
    expect(await act_('resetAuction', account, {})).toBe('ACCOUNT_NOT_FOUND');
  }
  await openAccount(server, 'lee', 'rival');
  await pay(server, 'lee', '10000');
  expect(
    (await act(server, 'rival', 'registerLiquidator', { account: 'lee', deposit: '100', operator: 'liquidator' }))
      .outcome,
  ).toBe('DONE');
  expect(await act_('takeAuction', 'ivy', take)).toBe('ACCOUNT_NOT_FOUND');
  expect(await act_('takeAuction', 'lee', take)).toBeUndefined();
  const { account } = await server.get<{ account: { balances: object[] } }>(
    'rival',
    '{ account(id: "lee") { balances { currency amount } } }',
  );
  // A tenth of a coin at 1,200.
  expect(account.balances).toEqual([
    { currency: 'ETH', amount: '0.10000000' },
    { currency: 'USD', amount: '9780.00' },
  ]);
});

test(
  'CA-3 bids that are unfunded, late for the version, below the reserve or by the debtor are refused; a take ' +
    'pays the debt and the rest goes back',
  async () => {
    const { id, version } = await open();
    const take = (fields: object) =>
      act(server, 'rival', 'takeAuction', {
        auction: id,
        account: 'ivy',
        quantity: '5',
        limit: '1200',
        version,
        ...fields,
      });
    expect((await take({ version: 99 })).rejections[0]?.code).toBe('AUCTION_CHANGED');
    expect((await take({ limit: '0' })).rejections[0]?.code).toBe('BID_BELOW_RESERVE');
    const own = { auction: id, account: 'alice', quantity: '5', limit: '1200', version };
    expect((await act(server, 'broker', 'takeAuction', own)).rejections[0]?.code).toBe('BIDDER_RELATED');
    await server.pass('10m');
    const now = await open();
    expect((await take({ version: now.version })).outcome).toBe('DONE');
    const { auction } = await server.get<{ auction: object }>(
      'auditor',
      `{ auction(id: "${id}") { status sold proceeds recovery takes(first: 5) { totalCount } } }`,
    );
    // 4,000 and a tenth of it, less 120: at 1085.258... 3.9437..., and what is left of 4.9 is alice's again.
    expect(auction).toMatchObject({ status: 'SETTLED', proceeds: '4400.00', takes: { totalCount: 2 } });
    const { account } = await server.get<{
      account: { status: string; balances: { currency: string; amount: string }[] };
    }>('broker', '{ account(id: "alice") { status balances { currency amount } } }');
    expect(account.status).not.toBe('LIQUIDATING');
    expect(account.balances).toEqual([{ currency: 'ETH', amount: expect.stringMatching(/^0\.9562/) }]);
  },
);

test(
  'LCS-4 the house puts in a second tranche, income reaches the backstop pool, pools take from the fund by two ' +
    'persons',
  async () => {
    const done = async (mutation: string, input: object) => (await act(server, 'officer', mutation, input)).outcome;
    expect(await done('contributeHouseTranche', { tranche: 'HOUSE_TRANCHE_2', currency: 'USD', amount: '10' })).toBe(
      'DONE',
    );
    await act(server, 'rival', 'contributeToBackstopPool', { account: 'ivy', amount: '10' });
    await carryOut(server, 'addBackstopIncome', { currency: 'USD', amount: '5' });
    await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '10', source: 'EXTERNAL' });
    await carryOut(server, 'setInsurancePool', {
      pool: 'btc',
      currency: 'USD',
      instruments: ['BTC-PERP'],
      cap: null,
      thenGeneral: true,
    });
    await carryOut(server, 'transferBetweenPools', {
      from: null,
      to: 'btc',
      currency: 'USD',
      amount: '4',
      reason: 'to begin with',
    });
    expect((await act(server, 'officer', 'recordJuniors', { member: 'nobody', juniors: [] })).rejections[0]?.code).toBe(
      'MEMBER_NOT_FOUND',
    );
    const { insurancePool, backstopStatement } = await server.get<Record<string, object>>(
      'admin',
      '{ insurancePool(id: "btc") { balance } backstopStatement(account: "ivy") { contribution income } }',
    );
    expect([insurancePool, backstopStatement]).toEqual([
      { balance: '4.00' },
      { contribution: '10.00', income: '5.00' },
    ]);
  },
);

test('policies, pools and limits are read in every version', async () => {
  const read = await server.get<Record<string, { totalCount: number } | null>>(
    'auditor',
    `{ auctionPolicies(first: 5) { totalCount } marketLimits(first: 5) { totalCount } defaultFundPolicies(first: 5) {
      totalCount }
       insurancePools(first: 5) { totalCount } insurancePool(id: "none") { poolId } }`,
  );
  expect(read).toEqual({
    auctionPolicies: { totalCount: 3 }, // the breaker makes a version each time
    marketLimits: { totalCount: 0 },
    defaultFundPolicies: { totalCount: 0 },
    insurancePools: { totalCount: 1 },
    insurancePool: null,
  });
});
