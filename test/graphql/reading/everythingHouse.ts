/** A house in which everything has happened that leaves something to be read. */

import { offerOf } from '../../support/rungs';
import { FUND_POLICY } from '../../support/waterfall';
import { act, carryOut } from '../acts';
import { givenPerpetual, mark, openAccount, openServer, pay, type TestServer, trade } from '../support';

export interface Everything {
  readonly server: TestServer;
  readonly ids: Readonly<Record<string, string>>; // of one object of each type
}

export async function openEverything(): Promise<Everything> {
  const ids: Record<string, string> = {};
  // A document that asks for everything is larger than any that is of use.
  const server = await openServer({
    limits: { tokens: 100_000, depth: 20, operationCost: 1e9, budget: 1e9, budgetPerSecond: 1e9, aliases: 1_000 },
  });
  await givenPerpetual(server, [
    { feeRate: '0.005', penaltyTiers: [{ floor: '0', rate: '0.001' }], severityTiers: [{ below: '0.1', rate: '0' }] },
    { finalNotice: 600_000 },
  ]);
  const index = {
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: '1d',
  };
  await act(server, 'admin', 'defineIndex', index);
  await act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [{ index: 'BTC/USD', price: '50000.00' }] });
  // Its guards doubt a price that its source is not sure of.
  const doubts = { liquidation: ['TOO_FAR'], margin: ['TOO_OLD'], newRisk: ['TOO_UNCERTAIN'] };
  const guards = { averageWindow: '5m', maximumDistance: '0.5', maximumConfidence: '0.01', ...doubts };
  await carryOut(server, 'setPriceGuards', { index: 'BTC/USD', terms: guards });
  const unsure = { index: 'BTC/USD', price: '50000.00', confidence: '501' };
  await act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [unsure] });
  await act(server, 'feed', 'submitIndexPrices', { source: 'one', prices: [{ ...unsure, confidence: '499' }] });
  await carryOut(server, 'setCollateralTerms', {
    currency: 'BTC',
    haircut: '0.2',
    conversionDiscount: '0.05',
    eligible: true,
    brackets: [{ above: '100000', haircut: '0.3' }],
    ...{ openingHaircut: '0.2', accountLimit: '200000', houseLimit: '300000', wrongWayHaircut: '0.2' },
    basis: { volatility: '0.6', multiple: '3', horizon: '1d' },
  });
  await carryOut(server, 'setLossPolicy', {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  });
  for (const account of ['ivy', 'moe', 'zoe', 'joe']) await openAccount(server, account, 'broker');
  for (const account of ['bob', 'ivy']) await pay(server, account, '1000000');
  await act(server, 'officer', 'contributeToInsuranceFund', { currency: 'USD', amount: '1000', source: 'EXTERNAL' });
  const old = {
    instrument: 'OLD',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
  };
  await act(server, 'admin', 'defineInstrument', { ...old, index: 'BTC/USD', markMethod: 'VENUE', heartbeat: '30s' });
  await mark(server, '1', 'OLD');
  // One contract is in the window of its last price, the end of another is announced.
  const inTime = (days: number): string => new Date(server.clock.now() + days * 86_400_000).toISOString();
  await act(server, 'admin', 'defineInstrument', {
    ...{ ...old, instrument: 'LAST', kind: 'FUTURE', markMethod: 'BASIS', heartbeat: '1d', index: 'BTC/USD' },
    ...{ markBand: '0.05', basis: { of: 'IMPACT', window: '1m', heartbeat: '1h' } },
    ...{ expiry: inTime(1), settlementWindow: '1d' },
  });
  await carryOut(server, 'delistInstrument', {
    ...{ instrument: 'OLD', reduceOnlyAt: null, endsAt: inTime(9), settlementWindow: '1h', reason: 'no trades' },
  });
  await act(server, 'admin', 'setVenue', { venue: 'nasdaq', name: 'A venue that numbers its trades' });
  // The house computes its funding.
  const bracket = { floor: '0', cap: null, initialRate: '0.1', maintenanceRate: '0.05' };
  const growth = { shape: 'LINEAR', initialFactor: '0.001', maintenanceFactor: '0.0005' };
  const short = { initialRate: '0.15', maintenanceRate: '0.07' };
  await carryOut(server, 'setTierSchedule', { instrument: 'OLD', tiers: [bracket], growth, short });
  const clamp = { lower: '-0.0005', upper: '0.0005' };
  const terms = { interval: '1m', sampleInterval: '10s', clamp, marginCap: { base: 'MAINTENANCE', share: '0.75' } };
  await carryOut(server, 'setFundingPolicy', { instrument: 'OLD', terms });
  await act(server, 'feed', 'submitImpactPrices', {
    source: 'venue',
    prices: ['OLD', 'LAST'].map((instrument) => ({ instrument, bid: '50001', ask: '50002' })),
  });
  // Zoe goes bankrupt with collateral that is taken over; her loss is shared.
  await pay(server, 'zoe', '10000');
  await pay(server, 'zoe', '0.4', 'BTC');
  await trade(server, 'zoe', 'bob', '10');
  await mark(server, '46000');
  await server.pass('1m');
  await mark(server, '50000');
  // Moe is being liquidated, alice is called and disputes it, ivy has orders, joe holds a currency that is not his
  // account's.
  await pay(server, 'alice', '30000');
  await pay(server, 'moe', '25000');
  await pay(server, 'joe', '1', 'BTC');
  await trade(server, 'alice', 'ivy', '10');
  await trade(server, 'moe', 'ivy', '10');
  await trade(server, 'joe', 'ivy', '1');
  await act(server, 'feed', 'placeOrder', {
    account: 'ivy',
    instrument: 'BTC-PERP',
    side: 'SELL',
    size: '1',
    price: '50000',
    order: 'order-1',
  });
  await act(server, 'feed', 'submitFundingRate', { instrument: 'BTC-PERP', rate: '0.0001' });
  await act(server, 'feed', 'reportDepth', { instrument: 'BTC-PERP', bids: '100', asks: '100' });
  await mark(server, '48100');
  await carryOut(server, 'setOpenInterestScaling', { instrument: 'BTC-PERP', ramp: RAMP });
  const proposal = await counted(server);
  await third(server);
  await funds(server);
  const found = await server.get<Record<string, { nodes: { id: string }[] }>>(
    'admin',
    `{ trade: trades(first: 1) { nodes { id } } marginCall: marginCalls(account: "alice", first: 1) { nodes { id } }
       liquidation: liquidations(account: "moe", first: 1) { nodes { id } } liquidationOrder: liquidationOrders(status:
       [OPEN], last: 1) { nodes { id } }
       lossCase: lossCases(account: "zoe", first: 1) { nodes { id } }
       memberDefault: memberDefaults(first: 1) { nodes { id } } portOffer: portOffers(first: 1) { nodes { id } } }`,
  );
  for (const [field, { nodes }] of Object.entries(found)) ids[field] = nodes[0]?.id ?? '';
  await takers(server, ids['liquidation'] ?? '');
  await act(server, 'broker', 'disputeMarginCall', { call: ids['marginCall'], reason: 'the mark is wrong' });
  const retention = { keys: '3d', trades: '9d', effectiveAt: new Date(server.clock.now() + 86_400_000).toISOString() };
  const announced = await act<{ scheduledChange: { id: string } }>(
    server,
    'officer',
    'setRetention',
    retention,
    'scheduledChange { id }',
  );
  await act(server, 'officer', 'setNotice', { change: 'RETENTION', notice: '1h' });
  await act(server, 'officer', 'setMarkPrice', { instrument: 'BTC-PERP', price: '49000', reason: 'x' });
  Object.assign(ids, {
    proposal,
    scheduledChange: announced.scheduledChange.id,
    account: 'alice',
    member: 'broker',
    currency: 'BTC',
    instrument: 'BTC-PERP',
    priceIndex: 'BTC/USD',
  });
  return { server, ids };
}

/** Steeper tiers of one officer, which would call more than may be called by one: they are counted, and wait. */
async function counted(server: TestServer): Promise<string | undefined> {
  const policy = {
    currency: 'USD',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '7d',
    fundTarget: '1000',
  };
  await carryOut(server, 'setLossPolicy', { ...policy, changeShare: '0.01', changeAlone: 0 });
  const tiers = [{ floor: '0', cap: null, initialRate: '0.5', maintenanceRate: '0.4' }];
  const made = await act(server, 'officer', 'setTierSchedule', { instrument: 'BTC-PERP', tiers });
  expect(made.outcome).toBe('PROPOSED');
  await server.pass('1s');
  return made.proposal?.id;
}

/** A third member defaults: what it held is split, and its client is offered to the broker. */
async function third(server: TestServer): Promise<void> {
  await server.send({ type: 'AdmitMember', member: 'third', name: 'Third' });
  const own = { kind: 'HOUSE', currency: 'USD', policy: 'classic', mode: 'CROSS', instrument: null } as const;
  await server.send({ type: 'OpenAccount', account: 'third-own', member: 'third', owner: 'third', ...own });
  await openAccount(server, 'third-client', 'third');
  await pay(server, 'third-own', '9000');
  await pay(server, 'third-client', '9000');
  await trade(server, 'third-own', 'third-client', '1', '48100');
  const policy = {
    currency: 'USD',
    portingWindow: '1d',
    acceptWindow: '1h',
    orderWindow: '1m',
    aloneUpTo: '0',
    minimumLots: 4,
  };
  await carryOut(server, 'setDefaultPolicy', policy);
  await carryOut(server, 'declareDefault', { member: 'third', reason: 'gone' });
  const { memberDefaults } = await server.get<{ memberDefaults: { nodes: { id: string }[] } }>(
    'admin',
    '{ memberDefaults(first: 1) { nodes { id } } }',
  );
  const of = memberDefaults.nodes[0]?.id;
  await act(server, 'officer', 'splitDefault', {
    default: of,
    currency: 'USD',
    lots: [{ share: '0.5' }, { share: '0.5' }],
  });
  await openAccount(server, 'taker', 'broker');
  await pay(server, 'taker', '90000');
  const terms = { default: of, currency: 'USD', minimumBidders: 1, reserve: '0.1', window: '1s' };
  await carryOut(server, 'auctionDefault', { ...terms, invited: ['broker'] });
  await act(server, 'broker', 'bidForLot', { default: of, currency: 'USD', lot: 1, account: 'taker', amount: '1' });
  await server.pass('1s');
  await act(server, 'officer', 'splitDefault', { default: of, currency: 'USD', lots: [{ share: '1' }] });
  await act(server, 'officer', 'portClients', { default: of, toMember: 'broker' });
}

/** New risk that needs more as open interest grows. */
const RAMP = { lowerCap: '100000000', upperCap: '200000000', interval: '1h' };

/** What stands behind the clients: a default fund with its cover and calls, a pool of instruments, a backstop pool. */
async function funds(server: TestServer): Promise<void> {
  const { type: _, ...terms } = FUND_POLICY;
  await carryOut(server, 'setDefaultFundPolicy', {
    ...terms,
    floor: '100',
    cappedWindow: '5d',
    coolingOffWindow: '10d',
    computedAt: '0s',
  });
  await act(server, 'broker', 'contributeToDefaultFund', { member: 'broker', currency: 'USD', amount: '10' });
  await carryOut(server, 'setInsurancePool', {
    pool: 'btc',
    currency: 'USD',
    instruments: ['BTC-PERP'],
    cap: null,
    thenGeneral: true,
  });
  await act(server, 'officer', 'computeCoverage', { currency: 'USD' });
  await act(server, 'broker', 'contributeToBackstopPool', { account: 'bob', amount: '100' });
}

/** Who may take what is closed: a ladder, a liquidator, a backstop provider; and an objection to a liquidation. */
async function takers(server: TestServer, liquidation: string): Promise<void> {
  const offer = { ...offerOf(), grace: '1s', claimWindow: '10s' };
  const rungs = [{ method: 'LIQUIDATORS', window: '1m', offer }, { method: 'HOUSE' }];
  await carryOut(server, 'setDisposalLadder', { currency: 'USD', instrument: 'OLD', rungs });
  await act(server, 'broker', 'registerLiquidator', { account: 'bob', deposit: '100', operator: 'liquidator' });
  await act(server, 'broker', 'registerBackstopProvider', { account: 'bob', capacity: '1000', discount: '0.01' });
  await act(server, 'broker', 'disputeLiquidation', { liquidation, reason: 'too early' });
}
