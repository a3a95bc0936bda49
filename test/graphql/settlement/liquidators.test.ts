/**
 * The disposal ladder through the API: from the venue to liquidators, of whom one wins the claim, takes what restores
 * the account and is paid for it; the lists that say so, and the objection afterwards.  Rules: LE-4, LI-1 to LI-5, LP-5
 */

import { classicPolicy } from '../../support/given';
import { act, carryOut, type Payload } from '../acts';
import { FRAME, listen } from '../subscription/listen';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

const REWARD = { flat: '0', startRate: '0.005', ratePerSecond: '0', maximumRate: '0.005', profitRate: '0' };
const CLAIM = { claimWindow: '10s', claimPenalty: '50', minimumDeposit: '100' };
const OFFER = { ...REWARD, ...CLAIM, grace: '0s', expense: '0', minimumProfit: '0' };
const LADDER = {
  currency: 'USD',
  rungs: [
    { method: 'VENUE', window: '1m', slippage: '0.1', urgency: '2' },
    { method: 'LIQUIDATORS', window: '1m', offer: OFFER },
    { method: 'BACKSTOP', slippage: '0.01' },
    { method: 'HOUSE' },
  ],
};
const NAMES = Array.from({ length: 100 }, (_, i) => `lee${i}`);
let server: TestServer;
let order = '';

/** Alice has fallen to 11,000 of 12,500; nobody paid, and no venue filled within its minute. */
beforeAll(async () => {
  server = await openServer({ limits: { heartbeatMs: 200 } });
  await givenPerpetual(server, [{ feeRate: '0.005' }]);
  for (const name of NAMES) await openAccount(server, name, 'rival');
  for (const name of NAMES) await pay(server, name, '100000');
  await mark(server, '52000');
  await pay(server, 'alice', '31000');
  await pay(server, 'bob', '9000000');
  await trade(server, 'alice', 'bob', '10', '52000');
  await carryOut(server, 'setDisposalLadder', LADDER);
});
afterAll(() => server.close());

interface Order {
  readonly id: string;
  readonly accountId: string | null;
  readonly method: string;
  readonly rung: number;
  readonly size: string;
  readonly claimedUntil: string | null;
  readonly offer: { readonly size: string; readonly rate: string; readonly reward: string } | null;
}

const OFFERED = 'size rate reward currency terms { claimPenalty grace }';
const ORDER = `id accountId method rung size claimedUntil offer { ${OFFERED} }`;
const openOrders = async (): Promise<Order[]> => {
  const asked = `{ open: liquidationOrders(status: [OPEN], first: 5) { nodes { ${ORDER} } } }`;
  return (await server.get<{ open: { nodes: Order[] } }>('liquidator', asked)).open.nodes;
};

const code = ({ outcome, rejections }: Payload): string => rejections[0]?.code ?? outcome;

test('LE-4 a ladder is a version of a policy that two set, and is shown as it was given', async () => {
  const { disposalLadders } = await server.get<{ disposalLadders: { nodes: object[] } }>(
    'feed',
    '{ disposalLadders(currency: "USD", first: 5) { nodes { ladderId version instrument rungs { method window ' +
      'slippage urgency offer { startRate rewardCap claimWindow minimumDeposit } } } } }',
  );
  const rung = { window: null, slippage: null, urgency: null, offer: null };
  const offer = { startRate: '0.005', rewardCap: null, claimWindow: '10s', minimumDeposit: '100.00' };
  expect(disposalLadders.nodes).toEqual([
    {
      ...{ ladderId: 'currency/USD', version: 1, instrument: null },
      rungs: [
        { ...rung, method: 'VENUE', window: '1m', slippage: '0.1', urgency: '2' },
        { ...rung, method: 'LIQUIDATORS', window: '1m', offer },
        { ...rung, method: 'BACKSTOP', slippage: '0.01' },
        { ...rung, method: 'HOUSE' },
      ],
    },
  ]);
  const open = { ...LADDER, rungs: LADDER.rungs.slice(0, 2) };
  expect(code(await act(server, 'officer', 'setDisposalLadder', open))).toBe('LADDER_INVALID');
  const again = await act(server, 'officer', 'setDisposalLadder', LADDER);
  expect([again.outcome, again.proposal?.status]).toEqual(['PROPOSED', 'OPEN']);
});

test('LP-2 LP-5 a margin policy has tiers of severity and a time for objections, and is shown with them', async () => {
  const { liquidation, ...rest } = (({ type: _, ...fields }) => fields)(
    classicPolicy({ feeRate: '0.005' }, { policy: 'graded' }),
  );
  const spans = { repeatWindow: '1d', venueWindow: '1m' };
  const severityTiers = [
    { below: '0.9', rate: '0.001' },
    { below: '0.5', rate: '0.002' },
  ];
  const input = {
    ...rest,
    cureWindow: '1h',
    liquidation: { ...liquidation, ...spans, severityTiers, disputeWindow: '2d' },
  };
  const shown = 'policy { liquidation { severityTiers { below rate } disputeWindow } }';
  const set = await act(server, 'officer', 'setMarginPolicy', input, shown);
  expect(set).toMatchObject({ outcome: 'DONE', policy: { liquidation: { severityTiers, disputeWindow: '2d' } } });
  const rising = { ...liquidation, ...spans, severityTiers: [...severityTiers].reverse() };
  expect(code(await act(server, 'officer', 'setMarginPolicy', { ...input, liquidation: rising }))).toBe(
    'TIERS_NOT_CONTIGUOUS',
  );
});

test('LI-1 brokers put accounts on the list, and may name the key of a liquidator; nobody else does', async () => {
  for (const account of NAMES)
    expect((await act(server, 'rival', 'registerLiquidator', { account, deposit: '1000' })).outcome).toBe('DONE');
  const named = await act(
    server,
    'rival',
    'registerLiquidator',
    { account: 'lee0', deposit: '1', operator: 'liquidator' },
    'liquidator { operator deposit }',
  );
  expect(named).toMatchObject({ outcome: 'DONE', liquidator: { operator: 'liquidator', deposit: '1001.00' } });
  expect(code(await act(server, 'liquidator', 'registerLiquidator', { account: 'lee1', deposit: '1' }))).toBe(
    'ACCOUNT_NOT_FOUND',
  );
  expect(code(await act(server, 'broker', 'deregisterLiquidator', { account: 'lee1' }))).toBe('LIQUIDATOR_NOT_FOUND');
  const seen = async (key: 'rival' | 'liquidator' | 'broker' | 'auditor') =>
    (await server.get<{ liquidators: { totalCount: number } }>(key, '{ liquidators(first: 1) { totalCount } }'))
      .liquidators.totalCount;
  expect([await seen('rival'), await seen('liquidator'), await seen('broker'), await seen('auditor')]).toEqual([
    100, 1, 0, 100,
  ]);
});

test('LI-3 a healthy account has nothing that could be claimed', async () => {
  expect(await openOrders()).toEqual([]);
  expect(code(await act(server, 'rival', 'claimLiquidation', { order: 'none', account: 'lee0' }))).toBe(
    'LIQUIDATION_ORDER_NOT_FOUND',
  );
});

test(
  'LE-4 LI-2 what the venue leaves is offered to liquidators, who hear of it and see what they get, and not ' +
    'whose it is',
  async () => {
    const heard = await listen<{ type: string; orderId: string; order: { method: string } | null }>(
      server.socket('liquidator'),
      `subscription { liquidatableAccounts { ${FRAME} type orderId order { method } } }`,
    ).opened();
    await mark(server, '50000');
    await server.pass('1h');
    const [atVenue] = await openOrders();
    expect(atVenue).toMatchObject({ method: 'VENUE', rung: 1, offer: null, claimedUntil: null });
    expect(code(await act(server, 'rival', 'claimLiquidation', { order: atVenue?.id, account: 'lee0' }))).toBe(
      'LIQUIDATION_ORDER_NOT_FOUND',
    );
    expect(code(await act(server, 'liquidator', 'claimLiquidation', { order: atVenue?.id, account: 'lee0' }))).toBe(
      'ORDER_NOT_OFFERED',
    );
    await server.pass('1m');
    const [offered] = await openOrders();
    order = offered?.id ?? '';
    // 1,500 / (50,000 x (2.5 % - 0.5 % - 0.5 %)) = 2 contracts; 0.5 % of 100,000.
    expect(offered).toMatchObject({
      ...{ accountId: null, method: 'LIQUIDATORS', rung: 2, size: '-2.0', claimedUntil: null },
      offer: {
        size: '2.0',
        rate: '0.005',
        reward: '500.00',
        currency: 'USD',
        terms: { claimPenalty: '50.00', grace: '0s' },
      },
    });
    const asked = `{ liquidationOrder(id: "${order}") { accountId method } }`;
    for (const key of ['rival', 'liquidator'] as const)
      expect(await server.get(key, asked)).toEqual({ liquidationOrder: { accountId: null, method: 'LIQUIDATORS' } });
    expect(await server.get('broker', asked)).toEqual({
      liquidationOrder: { accountId: 'alice', method: 'LIQUIDATORS' },
    });
    const [issued] = await heard.have(1);
    expect(issued).toMatchObject({
      type: 'LIQUIDATION_ORDER_ISSUED',
      orderId: order,
      order: { method: 'LIQUIDATORS' },
    });
    heard.stop();
  },
);

test('LI-1 of a hundred who claim at once exactly one wins, and keeps the others out', async () => {
  const outcomes = await Promise.all(
    NAMES.map((account) =>
      act(server, 'rival', 'claimLiquidation', { order, account }, 'claim { liquidatorId status penalty }'),
    ),
  );
  const codes = outcomes.map(code);
  expect([
    codes.filter((one) => one === 'DONE').length,
    codes.filter((one) => one === 'ALREADY_CLAIMED').length,
  ]).toEqual([1, 99]);
  const winner = NAMES[codes.indexOf('DONE')] ?? '';
  expect(outcomes[codes.indexOf('DONE')]).toMatchObject({
    claim: { liquidatorId: winner, status: 'OPEN', penalty: '0.00' },
  });
  expect((await openOrders())[0]?.claimedUntil).not.toBeNull();
  const other = NAMES.find((name) => name !== winner) ?? '';
  expect(code(await act(server, 'rival', 'takeLiquidation', { order, account: other }))).toBe('ALREADY_CLAIMED');
  const { liquidationClaims } = await server.get<{ liquidationClaims: { nodes: object[] } }>(
    'officer',
    '{ liquidationClaims(status: [OPEN], first: 5) { nodes { orderId liquidatorId claimedAt expiresAt status ' +
      'penalty endedAt } } }',
  );
  expect(liquidationClaims.nodes).toMatchObject([
    { orderId: order, liquidatorId: winner, status: 'OPEN', penalty: '0.00', endedAt: null },
  ]);
  await takeAs(winner);
});

/** The winner takes: more than is there is refused, what restores the account is taken and paid. */
async function takeAs(account: string): Promise<void> {
  expect(code(await act(server, 'rival', 'takeLiquidation', { order, account, size: '2.1' }))).toBe('FILL_TOO_LARGE');
  await mark(server, '50050'); // less has to be closed now than was offered
  expect(code(await act(server, 'rival', 'takeLiquidation', { order, account, size: '2' }))).toBe('TAKE_EXCEEDS_NEED');
  await mark(server, '50000');
  const taken = await act(
    server,
    'rival',
    'takeLiquidation',
    { order, account },
    'take { seq at orderId liquidationId liquidatorId accountId instrumentId tradeId size waited rate feeShare ' +
      'rewardDue } order { id }',
  );
  expect(taken).toMatchObject({
    outcome: 'DONE',
    take: { liquidatorId: account, accountId: null, size: '-2.0', rate: '0.005', rewardDue: '500.00' },
    order: null,
  });
}

const liquidationOfAlice = async () => {
  const { liquidations } = await server.get<{ liquidations: { nodes: { id: string; status: string }[] } }>(
    'broker',
    `{ liquidations(account: "alice", first: 1) { nodes { id status equityAtEnd severity
       moves(first: 5) { nodes { seq at instrumentId origin fromMethod toMethod fromRung toRung size cause ladder
       version } }
       fills(first: 5) { nodes { kind size price } } } } }`,
  );
  return liquidations.nodes[0]!;
};

test('LI-2 the account stands at its target again, with fee and reward paid', async () => {
  expect(await liquidationOfAlice()).toMatchObject({
    ...{ status: 'RESTORED', equityAtEnd: '10000.00', severity: null },
    moves: {
      nodes: [
        {
          ...{ fromMethod: 'VENUE', toMethod: 'LIQUIDATORS', fromRung: 1, toRung: 2, cause: 'WINDOW_PASSED' },
          ...{ ladder: 'currency/USD', version: 1 },
        },
      ],
    },
    fills: { nodes: [{ kind: 'FILL', size: '-2.0', price: '50000.0' }] },
  });
  const { account } = await server.get<{ account: object }>(
    'broker',
    '{ account(id: "alice") { status positions(first: 1) { nodes { size } } } }',
  );
  expect(account).toMatchObject({ positions: { nodes: [{ size: '8.0' }] } });
  expect(code(await act(server, 'rival', 'takeLiquidation', { order, account: 'lee0' }))).toBe(
    'LIQUIDATION_ORDER_NOT_FOUND',
  );
});

test('LI-5 the statistics of all add up to what was done, and to what was paid', async () => {
  interface Figures {
    readonly claims: number;
    readonly takes: number;
    readonly completed: number;
    readonly rewards: string;
    readonly averageWait: string | null;
    readonly taken: { readonly nodes: readonly { readonly rewardDue: string }[] };
    readonly paid: { readonly nodes: readonly object[] };
  }
  const { liquidators } = await server.get<{ liquidators: { nodes: Figures[] } }>(
    'auditor',
    `{ liquidators(active: true, first: 100) { nodes { claims expiredClaims takes completed rewards averageWait
       taken(first: 1) { nodes { rewardDue } } paid(first: 1) { nodes { seq at orderId liquidationId liquidatorId
       currency restored due amount } } } } }`,
  );
  const sum = (of: (one: Figures) => number): number => liquidators.nodes.reduce((all, one) => all + of(one), 0);
  expect([sum((one) => one.claims), sum((one) => one.takes), sum((one) => one.completed)]).toEqual([1, 1, 1]);
  expect(liquidators.nodes.filter(({ takes }) => takes > 0)).toMatchObject([
    {
      ...{ claims: 1, expiredClaims: 0, rewards: '500.00', averageWait: '0s' },
      taken: { nodes: [{ rewardDue: '500.00' }] },
      paid: { nodes: [{ restored: true, due: '500.00', amount: '500.00' }] },
    },
  ]);
  expect(
    liquidators.nodes
      .filter(({ takes }) => takes === 0)
      .every(({ rewards, averageWait }) => rewards === '0.00' && averageWait === null),
  ).toBe(true);
  expect(
    await act(server, 'rival', 'deregisterLiquidator', { account: 'lee1' }, 'liquidator { active deposit }'),
  ).toMatchObject({
    liquidator: { active: false, deposit: '0.00' },
  });
});

test('LP-5 the broker objects, two uphold it, and the charges come back', async () => {
  const { id: liquidation } = await liquidationOfAlice();
  const objected = await act<{ dispute: { id: string } }>(
    server,
    'broker',
    'disputeLiquidation',
    { liquidation, reason: 'wrong' },
    'dispute { id status }',
  );
  expect(objected).toMatchObject({ outcome: 'DONE', dispute: { status: 'OPEN' } });
  expect(code(await act(server, 'broker', 'disputeLiquidation', { liquidation, reason: 'wrong' }))).toBe(
    'LIQUIDATION_DISPUTED',
  );
  await carryOut(server, 'ruleOnLiquidationDispute', { dispute: objected.dispute.id, upheld: true, reason: 'right' });
  const { liquidationDisputes } = await server.get<{ liquidationDisputes: { nodes: object[] } }>(
    'reader',
    '{ liquidationDisputes(status: [UPHELD], first: 5) { nodes { liquidationId accountId reason ruling refunded } } }',
  );
  // 0.5 % of the 100,000 that were closed.
  expect(liquidationDisputes.nodes).toEqual([
    { liquidationId: liquidation, accountId: 'alice', reason: 'wrong', ruling: 'right', refunded: '500.00' },
  ]);
});

test('LI-4 what nobody takes goes to a backstop provider at its discount', async () => {
  const provider = { account: 'bob', capacity: '1000000', discount: '0.01' };
  expect(code(await act(server, 'rival', 'registerBackstopProvider', provider))).toBe('ACCOUNT_NOT_FOUND');
  await openAccount(server, 'carl', 'broker');
  await pay(server, 'carl', '9000000');
  const bound = await act(
    server,
    'broker',
    'registerBackstopProvider',
    { ...provider, account: 'carl' },
    'provider { left instrument active }',
  );
  expect(bound).toMatchObject({ outcome: 'DONE', provider: { left: '1000000.00', instrument: null, active: true } });
  await mark(server, '49700');
  await server.pass('1h');
  await server.pass('1m');
  await server.pass('1m');
  expect(await liquidationOfAlice()).toMatchObject({ fills: { nodes: [{ kind: 'BACKSTOP' }] } });
  const { backstopProviders } = await server.get<{ backstopProviders: { nodes: { left: string }[] } }>(
    'reader',
    '{ backstopProviders(account: "carl", first: 1) { nodes { capacity left discount } } }',
  );
  expect(Number(backstopProviders.nodes[0]?.left)).toBeLessThan(1_000_000);
  const gone = await act(server, 'broker', 'deregisterBackstopProvider', { account: 'carl' }, 'provider { active }');
  expect(gone).toMatchObject({ outcome: 'DONE', provider: { active: false } });
});

test('LI-1 liquidators hear when what is on offer ends: claimed and taken whole, called back, or out of time', async () => {
  const heard = await listen<{
    type: string;
    orderId: string;
    outcome: string | null;
    order: { status: string } | null;
  }>(
    server.socket('liquidator'),
    `subscription { liquidatableAccounts(instrument: "BTC-PERP") { ${FRAME} type orderId outcome order { status } } }`,
  ).opened();
  const told = async (count: number) =>
    (await heard.have(count)).map(({ type, outcome }) => (outcome === null ? type : `${type} ${outcome}`));
  // alice, restored above, falls again; at the venue it is nobody's offer, and its end there is not told.
  await mark(server, '49450');
  await server.pass('1h');
  await server.pass('1m');
  const [offered] = await openOrders();
  expect(offered).toMatchObject({ method: 'LIQUIDATORS' });
  expect(await told(1)).toEqual(['LIQUIDATION_ORDER_ISSUED']);
  // The price comes back: it is called back.
  await mark(server, '52000');
  expect(await told(2)).toEqual(['LIQUIDATION_ORDER_ISSUED', 'LIQUIDATION_ORDER_CLOSED CANCELLED']);
  await mark(server, '49450');
  await server.pass('1h');
  await server.pass('1m');
  const [second] = await openOrders();
  expect((await act(server, 'rival', 'takeLiquidation', { order: second?.id, account: 'lee2' })).outcome).toBe('DONE');
  const taken = await told(5);
  expect(taken.slice(2)).toEqual(['LIQUIDATION_ORDER_ISSUED', 'LIQUIDATION_ORDER_CLOSED FILLED', 'LIQUIDATION_TAKEN']);
  await mark(server, '49200');
  await server.pass('1h');
  await server.pass('1m');
  await server.pass('1m');
  const all = await heard.have(7);
  expect((await told(7)).slice(5)).toEqual(['LIQUIDATION_ORDER_ISSUED', 'LIQUIDATION_ORDER_CLOSED EXPIRED']);
  expect(all.map(({ orderId }) => orderId === offered?.id)).toEqual([true, true, false, false, false, false, false]);
  expect(all[6]?.order).toMatchObject({ status: 'EXPIRED' });
  heard.stop();
  expect(server.faults).toEqual([]);
});
