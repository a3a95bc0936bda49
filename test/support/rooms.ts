/**
 * A house in which every method of the settlement service meets every other at the same accounts, and what may be asked
 * of it.
 */

import { healthOf } from '../../src/core/margin/health';
import type { Command } from '../../src/core/message/command';
import type { RungInput } from '../../src/core/message/ladderCommands';

import type { LossLayer } from '../../src/core/model/policy';
import { auctionPriceOf } from '../../src/core/settlement/auction/terms';
import { formatCount, formatScaled } from '../../src/units/decimal';
import { abs, minus } from '../../src/units/quantity';
import { auctionPolicy } from './auction';
import { deleveragingPolicy } from './deleveraging';
import { classicPolicy, definePerpetual, flatTiers, onePerpetual, openAccount, pay, tradeOf } from './given';
import type { TestHouse } from './house';
import { officer } from './ladder';
import { portfolioPolicy } from './portfolio';
import { ladderOf, liquidator, offerOf, provider, rungOf } from './rungs';
import { lossPolicy } from './waterfall';

const HOUR = 3_600_000;
const OFFER = offerOf({
  flat: '3',
  startRate: '0.001',
  ratePerSecond: '0.0001',
  maximumRate: '0.002',
  claimPenalty: '7',
});
const BACKSTOP = rungOf('BACKSTOP', { slippage: '0.003' });
const LADDERS: readonly (readonly RungInput[])[] = [
  [rungOf('LIQUIDATORS', { window: 120_000, offer: OFFER }), rungOf('AUCTION'), rungOf('HOUSE')],
  [rungOf('AUCTION'), BACKSTOP, rungOf('HOUSE')],
  [
    rungOf('VENUE', { window: 30_000 }),
    rungOf('AUCTION'),
    BACKSTOP,
    rungOf('HOUSE', { marketCap: '100000' }),
    rungOf('DELEVERAGING'),
  ],
  [BACKSTOP, rungOf('LIQUIDATORS', { offer: OFFER }), rungOf('DELEVERAGING')],
];
const LAYERS: readonly (readonly LossLayer[])[] = [
  ['OWNER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'],
  ['INSURANCE_FUND', 'BACKSTOP_POOL', 'GAINS_HAIRCUT', 'DELEVERAGING'],
];
const FORMS = ['DUTCH', 'ENGLISH', 'SEALED'] as const;
const INSTRUMENTS = ['BTC-PERP', 'OTHER'];
const COINS = ['ETH', 'SOL'];
const DEBTORS = ['d0', 'd1', 'd2', 'own'];
export const TAKERS = ['lee', 'b1', 'moe', 'b2', 'p1', 'p2', 'd2'];

export const pick = <T>(items: readonly T[], n: number): T => items[n % items.length] as T;

export interface Rooms {
  readonly form: number;
  readonly ladder: number; // past the last: none
  readonly layers: number;
  readonly caps: number;
  readonly rounds: number;
  readonly fund: number;
  readonly settled: boolean; // gains and losses with every mark
}

export function roomsHouse({ form, ladder, layers, caps, rounds, fund, settled }: Rooms): TestHouse {
  const tiers = [
    { floor: '0', cap: '40000', initialRate: '0.04', maintenanceRate: '0.02', deduction: null },
    { floor: '40000', cap: null, initialRate: '0.1', maintenanceRate: '0.05', deduction: null },
  ];
  const feeShares = { liquidator: '0.2', fund: '0.5', house: '0.3' };
  const charged = { feeRate: '0.004', feeShares, penaltyTiers: [{ floor: '0', rate: '0.001' }], slippage: '0.002' };
  const house = onePerpetual({
    tiers,
    policy: classicPolicy(charged, { cureWindow: 0 }),
    ...(settled ? { interval: null } : {}),
  });
  definePerpetual(house, 'OTHER', { price: '3000', tiers: flatTiers('0.06', '0.03'), interval: null });
  for (const base of COINS) defineCoin(house, base);
  house.send(
    auctionPolicy({
      form: pick(FORMS, form),
      ...capsOf(caps),
      rounds,
      roundDuration: 600_000,
      extension: 30_000,
      fundCap: '5000',
    }),
  );
  house.send(lossPolicy(pick(LAYERS, layers), { backstopShare: '0.3' }));
  house.send(deleveragingPolicy());
  const slices = { fraction: '0.5', fullBelow: '50000', maximumShareOfDepth: '0.5', slippage: '0.05' };
  house.send({ type: 'SetDisposalPolicy', currency: 'USD', interval: HOUR, ...slices });
  house.send(portfolioPolicy({ fast: 30_000, slow: 600_000, window: 300_000, insolventWindow: 120_000 }));
  const rungs = LADDERS[ladder];
  if (rungs) house.send(ladderOf(rungs));
  if (fund > 0)
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: String(fund), source: 'EXTERNAL' });
  for (const member of ['m1', 'm2']) house.send({ type: 'AdmitMember', member, name: member });
  openAccount(house, 'maker', '90000000');
  for (const [id, member] of ['m1', 'm2'].entries()) openAccount(house, `b${id + 1}`, '40000', { member });
  for (const id of ['lee', 'moe']) liquidator(house, id, '200', '60000');
  provider(house, 'p1', '900000', '0.001', '2500');
  openAccount(house, 'p2', '2500', { owner: 'p1' });
  house.send({
    type: 'RegisterBackstopProvider',
    account: 'p2',
    instrument: null,
    capacity: '900000',
    discount: '0.001',
  });
  house.send({ type: 'ContributeToBackstopPool', account: 'maker', amount: '500' });
  for (const id of DEBTORS) {
    openAccount(
      house,
      id,
      '1000',
      id === 'own' ? { kind: 'HOUSE', owner: 'broker' } : { owner: id === 'd1' ? 'd0' : id },
    );
    pay(house, id, '1', 'ETH');
    pay(house, id, '20', 'SOL');
  }
  return house;
}

const capsOf = (caps: number) => ({
  valueCap: pick(['1000000', '3500', '1500'], caps),
  lotCap: pick(['1000000', '2500', '900'], caps),
});

function defineCoin(house: TestHouse, base: string): void {
  house.send({ type: 'DefineCurrency', currency: base, scale: 8 });
  house.send({
    type: 'DefineIndex',
    base,
    quote: 'USD',
    tick: '0.01',
    sources: ['a'],
    minimumSources: 1,
    maximumDeviation: '1',
    heartbeat: 6 * HOUR,
  });
  house.send({ type: 'SetCollateralTerms', currency: base, haircut: '0.3', conversionDiscount: '0.1', eligible: true });
  quote(house, base, base === 'ETH' ? '3000' : '150');
}

const quote = (house: TestHouse, base: string, price: string) =>
  house.try({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: `${base}/USD`, price, observedAt: null }] });

/** What takes two, by two, where it is allowed at all. */
export function twice(house: TestHouse, command: Command): void {
  house.try(command, officer('first'));
  const proposal = [...house.state.proposals.values()].at(-1);
  if (proposal) house.try({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, officer('second'));
}

/** The mark times so many thousandths. */
function moveMark(house: TestHouse, instrument: string, perMille: number): void {
  const { mark, instrument: terms } = house.state.listings.get(instrument) ?? {};
  if (!mark || !terms) return;
  const price = formatCount((mark.price * BigInt(perMille)) / 1000n, terms.tick);
  house.try({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });
}

/** Buys or sells as much as the free margin of an account allows. */
function lever(house: TestHouse, client: string, instrument: string, c: number): void {
  const { mark, instrument: terms } = house.state.listings.get(instrument) ?? {};
  if (!mark || !terms) return;
  const lots = (healthOf(house.state, client).freeMargin * 100n) / BigInt(5 + (c % 8)) / (mark.price * terms.tickValue);
  const [buyer, seller] = c % 3 > 0 ? [client, 'maker'] : ['maker', client];
  if (lots > 0n)
    house.try(tradeOf(buyer, seller, formatCount(lots, terms.lot), formatCount(mark.price, terms.tick), instrument));
}

function bid(house: TestHouse, a: number, b: number, c: number): void {
  const auction = pick([...house.state.auctions.values()], a);
  if (!auction) return;
  const at = { auction: auction.id, account: pick(TAKERS, b), version: auction.version };
  if (auction.form === 'DUTCH') {
    const quantity = (auction.quantity * BigInt(1 + (c % 10))) / 10n;
    const limit = formatScaled(auctionPriceOf(auction, house.now), 27);
    house.try({ type: 'TakeAuction', ...at, quantity: formatScaled(quantity, 8), limit });
    return;
  }
  const value = (auction.quantity * auction.reserve) / 10n ** 33n + 1n;
  const best = auction.bids.reduce((most, { amount }) => (amount > most ? amount : most), 0n);
  const amount =
    auction.form === 'SEALED'
      ? (value * BigInt(100 + c)) / 100n
      : c % 3 === 0
        ? auction.target
        : best > 0n
          ? (best * 106n) / 100n
          : value;
  house.try({ type: 'PlaceBid', ...at, amount: formatScaled(amount, 2), quantity: null });
}

function take(house: TestHouse, a: number, b: number, c: number): void {
  const orders = [...house.state.liquidationOrders.values()].filter(({ liquidation }) => liquidation !== null);
  const order = pick(orders, a);
  if (!order) return;
  const account = pick(TAKERS, b);
  const listing = house.state.listings.get(order.instrument);
  if (!order.stand?.offer) {
    const price = formatCount(listing?.mark?.price ?? 1n, listing?.instrument.tick ?? '1');
    const size = formatCount(abs(minus(order.size, order.filled)), listing?.instrument.lot ?? '1');
    const { trade } = tradeOf('', '', '1', '1');
    house.try({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade,
      counterparty: pick([account, 'maker'], c),
      price,
      size,
    });
  } else if (c % 3 === 0) house.try({ type: 'ClaimLiquidation', order: order.id, account });
  else house.try({ type: 'TakeLiquidation', order: order.id, account, size: c % 3 === 1 ? '0.1' : null });
}

/** Everything that may be asked, each with three small numbers. */
export const ROOM_ACTS = {
  squeeze: (house: TestHouse, a: number, b: number, c: number): void => {
    for (const client of [pick(DEBTORS, a), pick(DEBTORS, a + 1)]) {
      house.try({ type: 'DepositCollateral', account: client, currency: 'USD', amount: `${500 + (c % 100) * 13}` });
      lever(house, client, pick(INSTRUMENTS, b), 1 + 3 * (c % 3));
    }
    moveMark(house, pick(INSTRUMENTS, b), 980 - (c % 60));
  },
  mark: (house: TestHouse, a: number, b: number): void => moveMark(house, pick(INSTRUMENTS, a), 970 + (b % 61)),
  index: (house: TestHouse, a: number, b: number): void => {
    const price = house.state.indices.get(`${pick(COINS, a)}/USD`)?.state.price ?? 1n;
    quote(house, pick(COINS, a), formatCount((price * BigInt(900 + (b % 201))) / 1000n, '0.01'));
  },
  pay: (house: TestHouse, a: number, b: number, c: number): void => {
    const amount = b % 2 === 0 ? `${1 + c * 13}.01` : `0.${1 + (c % 9)}`;
    house.try({
      type: 'DepositCollateral',
      account: pick(DEBTORS, a),
      currency: b % 2 === 0 ? 'USD' : pick(COINS, c),
      amount,
    });
  },
  bid,
  take,
  share: (house: TestHouse, a: number, b: number, c: number): void => {
    const portfolio = pick([...house.state.portfolios.values()], a);
    if (!portfolio) return;
    const { id, version } = portfolio;
    const limit = pick(['100000000', '0'], c);
    house.try({
      type: 'TakePortfolio',
      auction: id,
      account: pick(TAKERS, b),
      share: c % 3 === 0 ? '0.2' : null,
      limit,
      version,
    });
  },
  officer: (house: TestHouse, a: number, b: number, c: number): void => {
    const account = pick([...house.state.liquidations.values()], a)?.account ?? pick(DEBTORS, a);
    const sold = { account, lotCurrency: pick(COINS, b), quantity: null, lots: 1 + (c % 3), invited: null };
    twice(house, { type: 'StartAuction', ...sold, form: pick([null, ...FORMS], c) });
  },
  stop: (house: TestHouse, a: number, b: number): void => {
    const auction = pick([...house.state.auctions.keys()], a);
    if (!auction) return;
    if (b % 2 === 0) twice(house, { type: 'CancelAuction', auction, reason: 'by chance' });
    else twice(house, { type: 'SetAuctionBreaker', currency: 'USD', level: b % 4, reason: 'by chance' });
  },
  dispute: (house: TestHouse, a: number, b: number, c: number): void => {
    const liquidation = pick([...house.state.endedCharges.keys(), ...house.state.liquidations.keys()], a);
    if (liquidation) house.try({ type: 'DisputeLiquidation', liquidation, reason: 'by chance' });
    const dispute = pick([...house.state.disputes.keys()], b);
    if (dispute) twice(house, { type: 'RuleOnLiquidationDispute', dispute, upheld: c % 4 > 0, reason: 'by chance' });
  },
  status: (house: TestHouse, a: number, b: number): void =>
    twice(house, {
      type: 'SetInstrumentStatus',
      instrument: pick(INSTRUMENTS, a),
      status: b % 2 ? 'HALTED' : 'ACTIVE',
      reason: 'by chance',
    }),
  ladder: (house: TestHouse, a: number, b: number): void =>
    twice(house, ladderOf(pick(LADDERS, a), b % 3 === 0 ? 'OTHER' : null)),
  fail: (house: TestHouse, a: number, b: number): void => {
    if (b % 5 === 0) twice(house, { type: 'DeclareDefault', member: pick(['broker', 'm1'], a), reason: 'by chance' });
  },
  pass: (house: TestHouse, a: number): void =>
    void house.pass(pick(['1s', '10s', '10s', '30s', '60s', '2m', '11m', '1h', '7h'], a)),
};

export type RoomAct = readonly [keyof typeof ROOM_ACTS, number, number, number];

/** Everything goes on that can: prices are live, nothing is halted or stopped, and time passes. */
export function runOut(house: TestHouse): void {
  const { liquidations, auctions, portfolios, claims } = house.state;
  twice(house, { type: 'SetAuctionBreaker', currency: 'USD', level: 0, reason: 'the end' });
  for (const instrument of INSTRUMENTS)
    twice(house, { type: 'SetInstrumentStatus', instrument, status: 'ACTIVE', reason: 'the end' });
  // A taker that pays just less than a lot frees leads to the end lot by lot: it is reached, and takes its time.
  const isOpen = (): boolean => [liquidations, auctions, portfolios, claims].some(({ size }) => size > 0);
  for (let i = 0; i < 12 || (i < 120 && isOpen()); i++) {
    for (const instrument of INSTRUMENTS) moveMark(house, instrument, 1000);
    for (const [n] of COINS.entries()) ROOM_ACTS.index(house, n, 100);
    house.pass('2h');
  }
}
