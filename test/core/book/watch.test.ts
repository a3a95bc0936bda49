/**
 * The watch by triggers against the house that asks everybody: the same commands in the same order make the same
 * entries, letter by letter, whatever prices do, of linear and of inverse contracts.  Rules: RLM-1, RLM-2, RLM-5,
 * RMR-1, LE-2, DS-1, QC-2
 */

import { createColumnBook } from '../../../src/core/book/columnBook';
import { createWatch } from '../../../src/core/book/screen/watch';
import { execute } from '../../../src/core/engine/execute';
import { createPlainState, createState, stateWith } from '../../../src/core/engine/genesis';
import { auditQuiet, surveySlice } from '../../../src/core/engine/survey';
import { nextDeadline } from '../../../src/core/engine/time';
import { curveOfListing } from '../../../src/core/margin/model/models';
import type { Command } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import { SYSTEM } from '../../../src/core/model/actor';
import type { State } from '../../../src/core/model/state';
import type { Watch } from '../../../src/core/model/watch';
import { encodeEntry } from '../../../src/sequencer/entryText';
import { type Instant, instant } from '../../../src/units/quantity';
import { classicPolicy, term } from '../../support/given';
import { ofType, START } from '../../support/house';
import { randomOf } from '../../support/random';

const INSTRUMENTS = ['A-PERP', 'B-PERP', 'C-PERP', 'D-PERP'];
const TIERS = [
  { floor: '0', cap: '20000', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
  { floor: '20000', cap: '90000', initialRate: '1/15', maintenanceRate: '1/30', deduction: null },
  { floor: '90000', cap: null, initialRate: '1', maintenanceRate: '0.1', deduction: null },
];
/** Bitcoin of fifty dollars a contract, settled in itself: who is long gains when the reciprocal of the price falls. */
const INVERSE = 'I-PERP';
const COIN_TIERS = [
  { floor: '0', cap: '200', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
  { floor: '200', cap: '600', initialRate: '1/15', maintenanceRate: '1/30', deduction: null },
  { floor: '600', cap: null, initialRate: '1', maintenanceRate: '0.1', deduction: null },
];
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;

/**
 * One house for each state, all given the same commands; every entry of the first must be every entry of the others.
 */
function createHouses(states: readonly State[]) {
  let now = START;
  let [acts, coinActs] = [0, 0];
  let must = true; // while the houses are set up nothing may be refused
  function run(command: Command, at: Instant): void {
    const texts = states.map((state) => {
      const envelope = { seq: state.seq + 1, at, actor: SYSTEM, key: null, command };
      const outcome = execute(state, envelope);
      if (must && 'rejection' in outcome) throw new Error(`${command.type}: ${JSON.stringify(outcome.rejection)}`);
      const changes = state === states[0] ? ofType(eventsOf(outcome), 'AccountStatusChanged') : [];
      acts += changes.length;
      coinActs += changes.filter(({ account }) => state.book.account(account)?.currency === 'BTC').length;
      return encodeEntry({ ...envelope, outcome });
    });
    for (const text of texts.slice(1)) expect(text).toBe(texts[0]);
  }
  function meetDeadlines(): void {
    const [first] = states as [State];
    for (let due = nextDeadline(first); due !== undefined && due <= now; due = nextDeadline(first))
      run({ type: 'AdvanceTime' }, instant(Math.max(due, first.now)));
  }
  return {
    send(command: Command): void {
      meetDeadlines();
      run(command, now);
    },
    pass(ms: number): void {
      now = instant(now + ms);
      meetDeadlines();
    },
    /** From now on a refusal is as good an answer as any. */
    setUp(): void {
      must = false;
    },
    /** Changes of status so far: how much has happened at all. */
    get acts() {
      return acts;
    },
    /** Of these, of accounts with the inverse contract. */
    get coinActs() {
      return coinActs;
    },
  };
}

type Houses = ReturnType<typeof createHouses>;

const mark = (instrument: string, price: number): Command => ({
  type: 'SubmitMarkPrices',
  source: 'venue',
  prices: [{ instrument, price: String(price), bid: null, ask: null, observedAt: null }],
});

const indexPrice = (price: number): Command => ({
  type: 'SubmitIndexPrices',
  source: 's',
  prices: [{ index: 'BTC/USD', price: String(price), observedAt: null }],
});

function define(houses: Houses): void {
  for (const [currency, scale] of [
    ['USD', 2],
    ['BTC', 8],
  ] as const)
    houses.send({ type: 'DefineCurrency', currency, scale });
  houses.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '1',
    sources: ['s'],
    minimumSources: 1,
    maximumDeviation: '0.5',
    heartbeat: WEEK,
  });
  houses.send({
    type: 'SetCollateralTerms',
    currency: 'BTC',
    haircut: '0.1',
    conversionDiscount: '0.05',
    eligible: true,
  });
  houses.send(indexPrice(50_000));
  const rungs = [[...term('INITIAL', '1'), ...term('MAINTENANCE', '1.1')], term('MAINTENANCE', '1.1')];
  const classic = { warnings: rungs, hysteresis: '0.02', amendStep: '0.1', cureWindow: HOUR };
  houses.send(classicPolicy({ venueWindow: 20_000 }, classic));
  houses.send(classicPolicy({ venueWindow: 20_000 }, { ...classic, policy: 'coin', currency: 'BTC' }));
  houses.send(
    classicPolicy(
      { venueWindow: 20_000 },
      {
        policy: 'exchange',
        call: [...term('INITIAL', '1/2'), ...term('MAINTENANCE', '1')],
        closeOut: term('MAINTENANCE', '1'),
        aggregation: 'ACCOUNT',
        cure: [...term('INITIAL', '0.6'), ...term('MAINTENANCE', '1.1')],
        target: term('MAINTENANCE', '1.2'),
      },
    ),
  );
  for (const instrument of [...INSTRUMENTS, INVERSE]) {
    const inverse = instrument === INVERSE;
    houses.send({
      type: 'DefineInstrument',
      instrument,
      kind: 'PERPETUAL',
      contract: inverse ? 'INVERSE' : 'LINEAR',
      base: 'BTC',
      quote: 'USD',
      settlement: inverse ? 'BTC' : 'USD',
      tick: '0.01',
      lot: '1',
      multiplier: inverse ? '50' : '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: WEEK,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: instrument === 'D-PERP' ? HOUR : WEEK,
      makerFee: '0',
      takerFee: '0.0002',
    });
    houses.send({ type: 'SetTierSchedule', instrument, tiers: inverse ? COIN_TIERS : TIERS, effectiveAt: null });
    houses.send(mark(instrument, 100));
  }
  const ramp = { lowerCap: '1000', upperCap: '10000000', interval: HOUR };
  for (const instrument of ['A-PERP', INVERSE]) houses.send({ type: 'SetOpenInterestScaling', instrument, ramp });
  houses.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
}

const openAccount = (
  account: string,
  owner: string,
  policy: string,
  leverage: string | null,
  currency = 'USD',
): Command => ({
  type: 'OpenAccount',
  account,
  member: 'broker',
  owner,
  kind: 'CLIENT',
  currency,
  policy,
  mode: 'CROSS',
  instrument: null,
  ...(leverage === null ? {} : { leverage }),
});

let trades = 0;
const trade = (instrument: string, buyer: string, seller: string, size: number, price: number): Command => ({
  type: 'SubmitTrade',
  trade: `w${++trades}`,
  instrument,
  buyer,
  seller,
  price: price.toFixed(2),
  size: String(size),
  taker: null,
  buyOrder: null,
  sellOrder: null,
});

const deposit = (account: string, currency: string, amount: string): Command => ({
  type: 'DepositCollateral',
  account,
  currency,
  amount,
});

/** Every fifth account is margined in bitcoin and holds the inverse contract. */
const isCoin = (account: string): boolean => Number(account.slice(1)) % 5 === 4;

/** Accounts with one to four positions, long and short, at every leverage; some share an owner, some hold coins. */
function populate(houses: Houses, count: number, seed: number): string[] {
  houses.setUp();
  const random = randomOf(seed);
  houses.send(openAccount('maker', 'maker', 'classic', null));
  houses.send(deposit('maker', 'USD', '1000000000'));
  const accounts = Array.from({ length: count }, (_, i) => `a${i}`);
  houses.send(openAccount('coin-maker', 'coin-maker', 'coin', null, 'BTC'));
  houses.send(deposit('coin-maker', 'BTC', '1000000'));
  for (const [i, account] of accounts.entries()) {
    if (isCoin(account)) {
      const lots = 20 + random.below(1500);
      houses.send(
        openAccount(account, random.chance(30) ? `c${i % 3}` : account, 'coin', random.chance(20) ? '7' : null, 'BTC'),
      );
      // A lot is worth half a bitcoin.
      houses.send(deposit(account, 'BTC', ((lots * (6 + random.below(30))) / 200).toFixed(8)));
      const [buyer, seller] = random.chance(60) ? [account, 'coin-maker'] : ['coin-maker', account];
      houses.send(trade(INVERSE, buyer, seller, lots, 100));
      continue;
    }
    const policy = random.chance(50) ? 'classic' : 'exchange';
    houses.send(
      openAccount(account, random.chance(20) ? `o${i % 7}` : account, policy, random.chance(20) ? '7' : null),
    );
    const lots = 20 + random.below(1500);
    houses.send(deposit(account, 'USD', String(Math.ceil(lots * (6 + random.below(30))))));
    if (random.chance(15)) houses.send(deposit(account, 'BTC', `0.${1 + random.below(9)}`));
    for (let n = 0; n <= random.below(4); n++) {
      const [buyer, seller] = random.chance(60) ? [account, 'maker'] : ['maker', account];
      houses.send(trade(random.pick(INSTRUMENTS), buyer, seller, Math.max(1, Math.floor(lots / (n + 1))), 100));
    }
  }
  return accounts;
}

/**
 * Prices that creep, leap, crash and come back; deposits, withdrawals, trades, fills of liquidation orders and time in
 * between.
 */
function live(houses: Houses, accounts: readonly string[], state: State, steps: number, seed: number): void {
  const random = randomOf(seed);
  const prices = new Map([...INSTRUMENTS, INVERSE].map((instrument) => [instrument, 100]));
  for (let step = 0; step < steps; step++) {
    const instrument = random.pick([...INSTRUMENTS, INVERSE]);
    const calm = step % 200 < 150;
    const price =
      (prices.get(instrument) ?? 100) *
      (1 + random.between(calm ? -30 : -400, calm ? 30 : 400) / 10_000 - (calm ? 0 : 0.004));
    const next = Math.max(3, Math.min(400, Math.round(price * 100) / 100));
    prices.set(instrument, next);
    houses.send(mark(instrument, next));
    const dice = random.below(100);
    const account = random.pick(accounts);
    const [currency, unit] = isCoin(account) ? (['BTC', 100] as const) : (['USD', 1] as const);
    if (dice < 6) houses.send(deposit(account, currency, `${((1 + random.below(3000)) / unit).toFixed(0)}.37`));
    else if (dice < 9)
      houses.send({
        type: 'WithdrawCollateral',
        account,
        currency,
        amount: ((1 + random.below(500)) / unit).toFixed(2),
      });
    else if (dice < 15) {
      const of = isCoin(account) ? INVERSE : instrument;
      houses.send(trade(of, account, makerOf(of), 1 + random.below(60), prices.get(of) ?? next));
    } else if (dice < 18) houses.send(indexPrice(30_000 + random.below(40_000)));
    else if (dice < 24) fillSome(houses, state, next, instrument);
    else if (dice < 30) houses.pass(1 + random.below(30_000));
    else if (dice < 31) houses.pass(HOUR);
  }
}

const makerOf = (instrument: string): string => (instrument === INVERSE ? 'coin-maker' : 'maker');

function fillSome(houses: Houses, state: State, price: number, instrument: string): void {
  for (const order of [...state.liquidationOrders.values()].slice(0, 5)) {
    if (order.instrument !== instrument) continue;
    const open = order.size < 0n ? order.filled - order.size : order.size - order.filled;
    houses.send({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: `f${++trades}`,
      counterparty: makerOf(instrument),
      price: price.toFixed(2),
      size: String(open),
    });
  }
}

test.each([1, 2, 3])(
  'RLM-2 RLM-5 RMR-1 LE-2 DS-1 QC-2 the same entries as the house that asks everybody, seed %i',
  (seed) => {
    const fast = createState();
    const houses = createHouses([fast, createPlainState()]);
    define(houses);
    const accounts = populate(houses, 60, seed);
    live(houses, accounts, fast, 1500, seed + 100);
    // A life in which nobody was called would prove nothing.
    expect(houses.acts).toBeGreaterThan(200);
    expect(houses.coinActs).toBeGreaterThan(10);
    const { looks, named } = fast.watch.counts;
    expect(named).toBeLessThanOrEqual(looks);
  },
  120_000,
);

test('RLM-2 a watch that forgets one account is found out', () => {
  const state = forgetfulState(50);
  const houses = createHouses([state, createPlainState()]);
  define(houses);
  const accounts = populate(houses, 60, 1);
  expect(() => live(houses, accounts, state, 1200, 101)).toThrow();
}, 120_000);

test('RLM-1 a price that moves little costs a look at few of many holders', () => {
  const state = createState();
  const houses = createHouses([state]);
  define(houses);
  populate(houses, 400, 9);
  houses.send(mark('A-PERP', 99.9));
  const { looks } = state.watch.counts;
  let price = 9990;
  for (let step = 0; step < 200; step++) {
    price += step % 2 === 0 ? 3 : -4;
    houses.send(mark('A-PERP', price / 100));
  }
  const holders = [...state.book.holders('A-PERP')].length;
  expect(holders).toBeGreaterThan(100);
  expect((state.watch.counts.looks - looks) / 200).toBeLessThan(holders / 10);
});

/** A house whose watch leaves out every so many-th account it should name. */
function forgetfulState(every: number): State {
  const book = createColumnBook();
  const watch = createWatch(book, curveOfListing);
  let named = 0;
  const markMoved: Watch['markMoved'] = (priced, instrument) =>
    [...watch.markMoved(priced, instrument)].filter(() => ++named % every !== 0);
  return stateWith(book, Object.assign(Object.create(watch) as Watch, { markMoved }));
}

test('RLM-2 RMR-1 the auditor finds nobody missed, in floats and in integers', () => {
  const state = createState();
  const houses = createHouses([state]);
  define(houses);
  const accounts = populate(houses, 100, 5);
  live(houses, accounts, state, 300, 6);
  expect(auditQuiet(state, { exact: true })).toBe(state.book.accountCount);
  expect(auditQuiet(state, { exact: false })).toBe(state.book.accountCount);
  // Floats leave few in doubt: those near a level, and those whom only a look can tell.
  expect(surveySlice(state, 0).doubtful.length).toBeLessThan(accounts.length / 2);
});

test('RLM-2 the auditor stops a house whose watch forgets somebody', () => {
  const state = forgetfulState(5);
  const houses = createHouses([state]);
  define(houses);
  const accounts = populate(houses, 60, 1);
  const audited: Houses = {
    ...houses,
    send(command) {
      houses.send(command);
      auditQuiet(state, { exact: false });
    },
  };
  expect(() => live(audited, accounts, state, 1200, 101)).toThrow('An account crossed a level and nobody looked');
}, 120_000);
