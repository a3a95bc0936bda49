/**
 * Random lives up to a moment at which somebody owes and nobody has borne it yet, in two currencies, with owners of
 * several accounts at several members, specks of coins, halts and prices that stop; and forks of the house from that
 * moment on: one in which an owner stands still, others in which it does what it can.
 */

import { freeIn } from '../../src/core/control/withdraw';
import type { Command } from '../../src/core/message/command';
import { auctionPriceOf } from '../../src/core/settlement/auction/terms';
import { askedOf } from '../../src/core/settlement/waterfall/gate';
import { openDebtsOf } from '../../src/core/settlement/waterfall/openDebts';
import { formatCount, formatScaled } from '../../src/units/decimal';
import { abs } from '../../src/units/quantity';
import { auctionPolicy } from './auction';
import { deleveragingPolicy } from './deleveraging';
import { ACCOUNTS, currencyOf, HOUR, LAYERS, lossPolicy, OWNERS, pick, quoteEth, setMark } from './gateHouse';
import { classicPolicy, flatTiers, term, tradeOf } from './given';
import { createTestHouse, type TestHouse } from './house';
import { officer } from './ladder';
import { backstopStatementOf } from './statement';
import { restored } from './twin';

const INSTRUMENTS = { USD: ['BTC-PERP', 'OTHER'], EUR: ['E-PERP'] } as const;
export const ALL = ['BTC-PERP', 'OTHER', 'E-PERP'] as const;

const markOf = (house: TestHouse, id: string): bigint => house.state.listings.get(id)?.mark?.price ?? 0n;
const priceOf = (house: TestHouse, id: string): string => formatCount(markOf(house, id), '0.1');
const ethOf = (house: TestHouse): bigint => house.state.indices.get('ETH/USD')?.state.price ?? 0n;

function moveMark(house: TestHouse, id: string, perMille: number): void {
  setMark(house, id, formatCount((markOf(house, id) * BigInt(perMille)) / 1000n, '0.1'));
}

/** Buys or sells for up to fifty times what it has, against one who is deep or a winner to be. */
function lever(house: TestHouse, account: string, n: number, times: number): void {
  const instrument = pick(INSTRUMENTS[currencyOf(account)], n);
  const lots =
    (house.state.book.balance(account, currencyOf(account)) * BigInt(times)) / (markOf(house, instrument) + 1n);
  const others = currencyOf(account) === 'EUR' ? ['deepe', 'ze', 'xe'] : ['deep', 'x1', 'z1', 'y1', 'x2'];
  const other = pick(others, n >> 1);
  const [buyer, seller] = n % 2 === 0 ? [account, other] : [other, account];
  if (lots > 0n && buyer !== seller)
    house.try(tradeOf(buyer, seller, formatCount(lots, '0.1'), priceOf(house, instrument), instrument));
}

/** Two accounts of one owner on opposite sides, against one who is deep. */
function hedge(house: TestHouse, a: number, b: number): void {
  const [one, other] = pick(
    [
      ['x1', 'x2'],
      ['y1', 'y2'],
      ['b1', 'b2'],
    ],
    a,
  );
  const size = formatCount(BigInt(20 + (b % 100)), '0.1');
  const instrument = pick(INSTRUMENTS.USD, b);
  house.try(tradeOf(one as string, 'deep', size, priceOf(house, instrument), instrument));
  house.try(tradeOf('deep', other as string, size, priceOf(house, instrument), instrument));
}

/**
 * Debtors take what they can, all on one side, and the market goes the other way: in what they hold, or while a part of
 * it stands still.
 */
function fall(house: TestHouse, a: number, b: number): void {
  const debtors = [pick(['b1', 'c1', 'b2', 'x2'], a), pick(['ce', 'xe', 'c1'], a >> 2)];
  for (const id of debtors) for (const n of [0, 1]) lever(house, id, 2 * n + 4 * (b % 5), 6 + 20 * (1 - n));
  const how = b % 3;
  if (how === 1) house.try(status('OTHER', 'HALTED'), officer('first'));
  if (how === 1) house.try(status('E-PERP', 'HALTED'), officer('first'));
  if (how === 2) house.pass('7h');
  for (const id of ALL) moveMark(house, id, 970 - (a % 70));
}

export const twice = (house: TestHouse, command: Command): void => {
  house.try(command, officer('first'));
  const proposal = [...house.state.proposals.values()].at(-1);
  if (proposal) house.try({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, officer('second'));
};

const status = (instrument: string, to: 'HALTED' | 'ACTIVE'): Command => ({
  ...{ type: 'SetInstrumentStatus', instrument, status: to, reason: 'by chance' },
});

/** What happens before the moment. */
export const LIVED = {
  lever: (house: TestHouse, a: number, b: number): void => lever(house, pick(ACCOUNTS, a), b, 2 + (b % 30)),
  mark: (house: TestHouse, a: number, b: number): void => moveMark(house, pick(ALL, a), 950 + (b % 101)),
  hedge,
  fall,
  eth: (house: TestHouse, a: number): void => void quoteEth(house, `${60 + (a % 60)}.${10 + (a % 90)}`),
  speck: (house: TestHouse, a: number, b: number): void => {
    const account = pick(ACCOUNTS, a);
    const coin = b % 2 === 0;
    house.try({
      ...{ type: 'DepositCollateral', account, currency: coin ? 'ETH' : currencyOf(account) },
      amount: coin ? `0.0000000${1 + (b % 9)}` : `0.0${1 + (b % 9)}`,
    });
  },
  halt: (house: TestHouse, a: number): void => void house.try(status(pick(ALL, a), 'HALTED'), officer('first')),
  pass: (house: TestHouse, a: number): void => void house.pass(pick(['1s', '1m', '10m', '1h', '7h'], a)),
};
export type Lived = readonly [keyof typeof LIVED, number, number];

/** Another house that goes on from where this one stands. */
export function forkOf(house: TestHouse): TestHouse {
  const fork = createTestHouse(house.now, restored(house.state));
  fork.audited = false;
  return fork;
}

/** What one officer may try alone, while somebody owes. */
export const SINGLE = {
  halt: (a: number): Command => status(pick(ALL, a), 'HALTED'),
  resume: (a: number): Command => status(pick(ALL, a), 'ACTIVE'),
  layers: (a: number, b: number): Command =>
    lossPolicy(pick(['USD', 'EUR'], a), pick(LAYERS, b), pick(['0', '1', '100000'], b)),
  base: (a: number, b: number): Command => ({
    type: 'SetLossPolicy',
    currency: pick(['USD', 'EUR'], a),
    layers: pick(LAYERS, b),
    base: pick(['EQUITY', 'OPEN_INTEREST'], b),
    ...{ period: HOUR, fundTarget: '0', gateFloor: '0' },
  }),
  terms: (a: number, b: number): Command => ({
    type: 'SetCollateralTerms',
    currency: 'ETH',
    haircut: `0.${1 + (a % 8)}`,
    conversionDiscount: '0.1',
    eligible: b % 3 > 0,
  }),
  tiers: (a: number, b: number): Command => ({
    ...{ type: 'SetTierSchedule', instrument: pick(ALL, a), effectiveAt: null },
    tiers: flatTiers(`0.${1 + (b % 8)}`, `0.0${1 + (b % 9)}`),
  }),
  levels: (a: number, b: number): Command =>
    classicPolicy({}, { closeOut: term('MAINTENANCE', pick(['1/2', '2/3', '1'], a)), cureWindow: HOUR * (b % 4) }),
  auction: (a: number, b: number): Command =>
    auctionPolicy({ reserveShare: `0.${1 + (a % 9)}`, rounds: 1 + (b % 3), minimumDebt: '0' }),
  breaker: (a: number): Command => ({ type: 'SetAuctionBreaker', currency: 'USD', level: a % 4, reason: 'by chance' }),
  deleveraging: (a: number, b: number): Command =>
    deleveragingPolicy({
      bound: pick(['PROFIT', 'MAINTENANCE'], a),
      basis: pick(['UNREALISED', 'PERIOD'], b) as 'UNREALISED',
    }),
  member: (a: number): Command => ({ type: 'SuspendMember', member: pick(['m1', 'm2'], a), reason: 'by chance' }),
  startAuction: (a: number, b: number): Command => ({
    type: 'StartAuction',
    account: pick(ACCOUNTS, a),
    lotCurrency: 'ETH',
    quantity: null,
    lots: 1 + (b % 3),
    form: null,
    invited: null,
  }),
  default: (a: number): Command => ({ type: 'DeclareDefault', member: pick(['m1', 'm2'], a), reason: 'by chance' }),
  fund: (a: number, b: number): Command => ({
    type: 'WithdrawFromInsuranceFund',
    currency: pick(['USD', 'EUR'], a),
    amount: String(1 + (b % 500)),
    reason: 'by chance',
  }),
  pool: (_: number, b: number): Command => ({
    type: 'SetInsurancePool',
    pool: 'btc',
    currency: 'USD',
    instruments: ['BTC-PERP'],
    cap: null,
    thenGeneral: b % 2 === 0,
  }),
  between: (a: number, b: number): Command => ({
    type: 'TransferBetweenPools',
    from: null,
    to: 'btc',
    currency: 'USD',
    amount: String(1 + (b % 20) + (a % 3)),
    reason: 'by chance',
  }),
  coverage: (a: number): Command => ({ type: 'ComputeCoverage', currency: pick(['USD', 'EUR'], a) }),
} as const;
export type Single = readonly [keyof typeof SINGLE, number, number];

export const owes = (house: TestHouse): boolean => openDebtsOf(house.state).length > 0;

/**
 * What an owner, or all accounts together, have: cash, gains at the mark, coins at their last price, and what stands in
 * the pool. By currency.
 */
export function worthOf(house: TestHouse, accounts: readonly string[]): Readonly<Record<'USD' | 'EUR', bigint>> {
  const worth = { USD: 0n, EUR: 0n };
  for (const id of accounts) {
    const currency = currencyOf(id);
    let sum: bigint = house.state.book.balance(id, currency);
    for (const instrument of INSTRUMENTS[currency]) {
      const position = house.state.book.position(id, instrument);
      if (position) sum += position.size * markOf(house, instrument) * tickValue(house, instrument) - position.cost;
    }
    const statement = backstopStatementOf(house.state, id);
    sum += (statement?.contribution ?? 0n) + (statement?.income ?? 0n);
    worth[currency] += sum;
    worth.USD += (coinsOf(house, id) * ethOf(house)) / 10n ** 8n;
  }
  return worth;
}

const tickValue = (house: TestHouse, id: string): bigint => house.state.listings.get(id)?.instrument.tickValue ?? 0n;

function coinsOf(house: TestHouse, account: string): bigint {
  let coins: bigint = house.state.book.balance(account, 'ETH');
  for (const { id, account: of } of house.state.auctions.values())
    if (of === account) coins += house.state.ledger.get(`auction/${id} ETH`) ?? 0n;
  return coins;
}

export const accountsOf = (owner: string): readonly string[] => OWNERS[owner] ?? [];
export const OWNER_IDS = Object.keys(OWNERS);

/** What an owner took out less what it paid in, by currency. */
export interface Taken {
  USD: bigint;
  EUR: bigint;
}

const SCALES: Readonly<Record<string, number>> = { USD: 2, EUR: 2, ETH: 8 };

function withdraw(house: TestHouse, account: string, currency: string, share: number, taken: Taken): void {
  const found = house.state.book.account(account);
  if (!found) return;
  const free = freeIn(house.state, found, currency, askedOf(house.state, found));
  const amount = (free * BigInt(share)) / 100n;
  if (amount <= 0n) return;
  const outcome = house.try({
    type: 'WithdrawCollateral',
    account,
    currency,
    amount: formatScaled(amount, SCALES[currency] ?? 2),
  });
  if (!('events' in outcome)) return;
  if (currency === 'ETH') taken.USD += (amount * ethOf(house)) / 10n ** 8n;
  else taken[currency as 'USD'] += amount;
}

/** What an owner can do between a debt and its allocation. */
export const ACTS = {
  withdraw: (house: TestHouse, own: readonly string[], a: number, b: number, taken: Taken): void => {
    const account = pick(own, a);
    withdraw(house, account, b % 4 === 0 ? 'ETH' : currencyOf(account), pick([100, 100, 50, 99], b), taken);
  },
  move: (house: TestHouse, own: readonly string[], a: number, b: number): void => {
    const [from, to] = [pick(own, a), pick(own, a + 1 + b)];
    const held = house.state.book.balance(from, currencyOf(from));
    const amount = formatScaled(((held * BigInt(1 + (b % 100))) / 100n) as typeof held, 2);
    house.try({ type: 'TransferCollateral', from, to, currency: currencyOf(from), amount });
  },
  self: (house: TestHouse, own: readonly string[], a: number, b: number): void => {
    const [buyer, seller] = [pick(own, a), pick(own, a + 1)];
    const instrument = pick(INSTRUMENTS[currencyOf(buyer)], b);
    const off = (markOf(house, instrument) * BigInt(950 + (b % 101))) / 1000n;
    house.try(
      tradeOf(buyer, seller, formatCount(BigInt(1 + 3 * (b % 97)), '0.1'), formatCount(off, '0.1'), instrument),
    );
  },
  close: (house: TestHouse, own: readonly string[], a: number, b: number): void => {
    const account = pick(own, a);
    const instrument = pick(INSTRUMENTS[currencyOf(account)], b);
    const size = house.state.book.position(account, instrument)?.size ?? 0n;
    if (size === 0n) return;
    const other = currencyOf(account) === 'EUR' ? 'deepe' : 'deep';
    const [buyer, seller] = size > 0n ? [other, account] : [account, other];
    const lots = (abs(size as never) as bigint) / BigInt(1 + (b % 3));
    if (lots > 0n) house.try(tradeOf(buyer, seller, formatCount(lots, '0.1'), priceOf(house, instrument), instrument));
  },
  pool: (house: TestHouse, own: readonly string[], a: number, b: number): void => {
    const account = pick(own, a);
    house.try({ type: 'WithdrawFromBackstopPool', account, amount: `${1 + (b % 100)}` });
  },
  speck: (house: TestHouse, own: readonly string[], a: number, b: number, taken: Taken): void => {
    const account = pick(own, a);
    const outcome = house.try({
      type: 'DepositCollateral',
      account,
      currency: currencyOf(account),
      amount: `0.0${1 + (b % 9)}`,
    });
    if ('events' in outcome) taken[currencyOf(account)] -= BigInt(1 + (b % 9));
  },
};
export type Act = readonly [keyof typeof ACTS, number, number];

/** Everything is borne: halts lift, prices come back as they were, what is at auction is sold. */
export function runOut(house: TestHouse): void {
  for (let i = 0; i < 6 && (i < 2 || owes(house)); i++) {
    for (const id of ALL) if (house.state.listings.get(id)?.status === 'HALTED') twice(house, status(id, 'ACTIVE'));
    for (const id of ALL) setMark(house, id, priceOf(house, id));
    quoteEth(house, formatCount(ethOf(house), '0.01'));
    for (const auction of [...house.state.auctions.values()]) {
      const limit = formatScaled(auctionPriceOf(auction, house.now), 27);
      const quantity = formatScaled(auction.quantity, 8);
      house.try({
        type: 'TakeAuction',
        auction: auction.id,
        account: 'taker',
        quantity,
        limit,
        version: auction.version,
      });
    }
    house.pass('2h');
  }
}

/**
 * Everybody takes out all that may leave, in order. What has left since `before`, coins at what they counted for then.
 * By currency.
 */
export function drained(house: TestHouse, before: TestHouse): Taken {
  for (const id of ACCOUNTS)
    for (const currency of [currencyOf(id), 'ETH'] as const) {
      const found = house.state.book.account(id);
      if (!found) continue;
      const amount = freeIn(house.state, found, currency, askedOf(house.state, found));
      if (amount > 0n)
        house.try({
          type: 'WithdrawCollateral',
          account: id,
          currency,
          amount: formatScaled(amount, SCALES[currency] ?? 2),
        });
    }
  const left = (currency: string): bigint => outside(house, currency) - outside(before, currency);
  return { USD: left('USD') + (left('ETH') * countedOf(before)) / 10n ** 8n, EUR: left('EUR') };
}

/** What the world outside has of a currency, below zero by what it has paid in. */
const outside = ({ state }: TestHouse, currency: string): bigint => state.ledger.get(`external ${currency}`) ?? 0n;

/**
 * What a coin counts for when something is to leave: after its haircut of three tenths, and for nothing while nobody
 * vouches for its price.
 */
const countedOf = (house: TestHouse): bigint =>
  house.state.indices.get('ETH/USD')?.state.stale === false ? (ethOf(house) * 7n) / 10n : 0n;
