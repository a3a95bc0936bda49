/**
 * A house full of random accounts, trades, orders and prices, with the oracle told of everything the house accepted.
 */

import { freeIn } from '../../src/core/control/withdraw';
import type { CommandOf } from '../../src/core/message/command';
import type { Event } from '../../src/core/message/event';
import type { LiquidationTermsInput } from '../../src/core/message/liquidationTermsInput';
import type { TierInput } from '../../src/core/message/tierInputs';
import type { Account } from '../../src/core/model/account';
import { classicPolicy } from './given';
import { createTestHouse, type TestHouse } from './house';
import { createOracle, Exact, type Oracle, type OracleAccount } from './oracle';
import { rejectionOf } from './outcome';
import { type Random, randomOf } from './random';

const WEEK = 7 * 86_400_000;

interface Market {
  readonly id: string;
  readonly tick: string;
  readonly lot: string;
  readonly multiplier: string;
  readonly start: string;
  readonly takerFee: string;
  readonly interval: number | null;
}

/** Tick x lot x multiplier is a whole number of cents in each. */
export const MARKETS: readonly Market[] = [
  { id: 'BTC-PERP', tick: '0.1', lot: '0.1', multiplier: '1', start: '50000', takerFee: '0.0005', interval: WEEK },
  { id: 'ETH-PERP', tick: '0.05', lot: '0.2', multiplier: '1', start: '3000', takerFee: '0', interval: null },
  {
    id: 'SOL-PERP',
    tick: '0.01',
    lot: '1',
    multiplier: '5',
    start: '150',
    takerFee: '0.000333',
    interval: 8 * 3_600_000,
  },
];

export interface World {
  readonly house: TestHouse;
  readonly oracle: Oracle;
  readonly random: Random;
  /** Random commands, `count` of them; whatever is refused changes nothing. */
  live(count: number): void;
  /** Moves every mark by up to so many thousandths. */
  move(most: number): Event[];
  /** Takes out of every account what its cash can spare above initial margin. */
  drain(): void;
  trade(buyer: string, seller: string, instrument: string, size: string, price: string): boolean;
  readonly clients: readonly string[];
}

export interface Given {
  readonly liquidation?: Partial<LiquidationTermsInput>;
  readonly policy?: Partial<CommandOf<'SetMarginPolicy'>>;
  readonly clients?: number;
  readonly owners?: number;
  readonly orders?: boolean;
  readonly collateral?: boolean;
  readonly wealth?: number; // the most a client pays in, in dollars
}

/** Tiers with one to five brackets, each rate above the last, thirds and fifteenths among them. */
export function randomTiers(random: Random, least = 0.004): TierInput[] {
  const count = 1 + random.below(5);
  const tiers: TierInput[] = [];
  let floor = 0;
  let maintenance = Math.round(least * 1000);
  for (let i = 0; i < count; i++) {
    maintenance += 1 + random.below(20);
    const cap = i === count - 1 ? null : floor + 1 + random.below(400_000);
    // Numerators over 3000 make rates that no decimal holds.
    const initial = Math.min(3000, 3 * maintenance + random.below(3 * maintenance));
    const before = tiers.at(-1);
    const rising = before ? Math.max(initial, Number(before.initialRate?.split('/')[0])) : initial;
    tiers.push({
      floor: String(floor),
      cap: cap === null ? null : String(cap),
      initialRate: `${rising}/3000`,
      maintenanceRate: `${maintenance}/1000`,
      deduction: null,
    });
    floor = cap ?? floor;
  }
  return tiers;
}

export function createWorld(random: Random, given: Given = {}): World {
  const house = createTestHouse();
  const oracle = createOracle();
  setUp(house, oracle, random, given);
  const clients = Array.from({ length: given.clients ?? 6 }, (_, i) => `c${i}`);
  for (const [i, id] of clients.entries())
    openClient(house, oracle, random, id, `owner${i % (given.owners ?? 4)}`, given);
  let sequence = 0;

  const settle = (events: readonly Event[]): void => {
    for (const event of events) {
      if (event.type !== 'OrdersCancelled') continue;
      const account = oracle.accounts.get(event.account) as OracleAccount;
      account.orders = account.orders.filter((order) => !event.orders.includes(order.id));
    }
  };
  const world: World = {
    house,
    oracle,
    random,
    clients,
    trade(buyer, seller, instrument, size, price) {
      const fee = new Exact(MARKETS.find((market) => market.id === instrument)?.takerFee ?? '0');
      const outcome = house.try({
        type: 'SubmitTrade',
        trade: `w${++sequence}`,
        instrument,
        buyer,
        seller,
        price,
        size,
        taker: 'BUY',
        buyOrder: null,
        sellOrder: null,
      });
      if (rejectionOf(outcome)) return false;
      const { multiplier } = oracle.instruments.get(instrument) as { multiplier: string };
      const account = (id: string): OracleAccount => oracle.accounts.get(id) as OracleAccount;
      account(buyer).fills.push({ instrument, size: new Exact(size), price });
      account(seller).fills.push({ instrument, size: new Exact(size).neg(), price });
      const charged = new Exact(size).times(price).times(multiplier).times(fee).toDecimalPlaces(2, Exact.ROUND_UP);
      account(buyer).cash = account(buyer).cash.minus(charged);
      if ('events' in outcome) settle(outcome.events);
      return true;
    },
    move(most) {
      const events: Event[] = [];
      for (const { id, tick } of MARKETS) {
        const instrument = oracle.instruments.get(id) as { mark: string };
        const moved = new Exact(instrument.mark).times(1000 + random.between(-most, most)).div(1000);
        const price = Exact.max(1, moved.div(tick).round()).times(tick).toFixed();
        events.push(
          ...house.send({
            type: 'SubmitMarkPrices',
            source: 'venue',
            prices: [{ instrument: id, price, bid: null, ask: null, observedAt: null }],
          }),
        );
        instrument.mark = price;
      }
      settle(events);
      return events;
    },
    drain() {
      for (const account of clients) {
        const spare = freeIn(house.state, house.state.book.account(account) as Account, 'USD');
        const amount = new Exact(spare.toString()).div(100);
        const outcome = house.try({ type: 'WithdrawCollateral', account, currency: 'USD', amount: amount.toFixed(2) });
        if (rejectionOf(outcome)) continue;
        const paid = oracle.accounts.get(account) as OracleAccount;
        paid.cash = paid.cash.minus(amount);
      }
    },
    live(count) {
      for (let i = 0; i < count; i++) act(world, given, `o${++sequence}`);
    },
  };
  return world;
}

function setUp(house: TestHouse, oracle: Oracle, random: Random, given: Given): void {
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  for (const [currency, scale, price, haircut] of [
    ['BTC', 8, '50000.01', '0.1'],
    ['EUR', 2, '1.0837', '0.033333333333'],
  ] as const) {
    house.send({ type: 'DefineCurrency', currency, scale });
    house.send({
      type: 'DefineIndex',
      base: currency,
      quote: 'USD',
      tick: '0.0001',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '0.1',
      heartbeat: WEEK,
    });
    house.send({ type: 'SetCollateralTerms', currency, haircut, conversionDiscount: '0.02', eligible: true });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: `${currency}/USD`, price, observedAt: null }],
    });
    oracle.rates.set(currency, { price, haircut });
  }
  house.send(classicPolicy({ venueWindow: WEEK, ...given.liquidation }, { cureWindow: WEEK, ...given.policy }));
  for (const { id, start, takerFee, interval, ...steps } of MARKETS) {
    house.send({
      type: 'DefineInstrument',
      instrument: id,
      kind: 'PERPETUAL',
      base: 'BTC',
      quote: 'USD',
      settlement: 'USD',
      ...steps,
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: WEEK,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: interval,
      makerFee: '0',
      takerFee,
    });
    const tiers = randomTiers(random, 0.02);
    // Of one market what a contract needs at least binds once it has fallen a little.
    const least =
      id === 'ETH-PERP'
        ? { initial: String(30 + random.below(150)), maintenance: String(10 + random.below(20)) }
        : { initial: '0', maintenance: '0' };
    const perContract = { initialPerContract: least.initial, maintenancePerContract: least.maintenance };
    house.send({ type: 'SetTierSchedule', instrument: id, tiers, ...perContract, effectiveAt: null });
    house.send({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [{ instrument: id, price: start, bid: null, ask: null, observedAt: null }],
    });
    oracle.instruments.set(id, { multiplier: steps.multiplier, tiers, least, mark: start });
  }
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
}

function openClient(
  house: TestHouse,
  oracle: Oracle,
  random: Random,
  id: string,
  owner: string,
  { collateral: mixed = true, wealth = 500_000 }: Given,
): void {
  const leverage = random.chance(40) ? random.pick(['2', '4.5', '10', '1/1']) : null;
  house.send({
    type: 'OpenAccount',
    account: id,
    member: 'broker',
    owner,
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
    leverage,
  });
  const amount = new Exact(random.between(2 * wealth, 100 * wealth)).div(100).toFixed(2);
  house.send({ type: 'DepositCollateral', account: id, currency: 'USD', amount });
  const account: OracleAccount = {
    owner,
    leverage,
    cash: new Exact(amount),
    fills: [],
    collateral: new Map(),
    orders: [],
  };
  oracle.accounts.set(id, account);
  for (const [currency, unit, most] of [
    ['BTC', 1e8, 3e8],
    ['EUR', 100, 5_000_000],
  ] as const) {
    if (!mixed || random.chance(60)) continue;
    const part = new Exact(1 + random.below(most)).div(unit).toFixed();
    house.send({ type: 'DepositCollateral', account: id, currency, amount: part });
    account.collateral.set(currency, new Exact(part));
  }
}

/** One random act: mostly trades, sometimes an order, a cancelled order, a move of prices or of time. */
function act(world: World, given: Given, id: string): void {
  const { random, house, oracle, clients } = world;
  const market = random.pick(MARKETS);
  const { mark } = oracle.instruments.get(market.id) as { mark: string };
  const size = new Exact(random.between(1, 40)).times(market.lot).toFixed();
  const price = new Exact(mark).plus(new Exact(market.tick).times(random.between(-50, 50))).toFixed();
  const dice = random.below(100);
  if (dice < 60 || (dice < 80 && !given.orders)) {
    const buyer = random.pick(clients);
    const seller = random.pick(clients);
    if (buyer !== seller) world.trade(buyer, seller, market.id, size, price);
  } else if (dice < 75) {
    const account = random.pick(clients);
    const side = random.pick(['BUY', 'SELL'] as const);
    const outcome = house.try({ type: 'PlaceOrder', order: id, account, instrument: market.id, side, size, price });
    if (!rejectionOf(outcome))
      oracle.accounts.get(account)?.orders.push({ id, instrument: market.id, side, size: new Exact(size) });
  } else if (dice < 80) {
    const account = oracle.accounts.get(random.pick(clients)) as OracleAccount;
    const order = account.orders.shift();
    if (order) house.send({ type: 'CancelOrder', order: order.id });
  } else if (dice < 95) world.move(12);
  else house.pass(`${1 + random.below(5)}h`);
}

/** Several houses that have seen some life. */
export const livedWorlds = (count: number, seed: number, given: Given = {}): World[] =>
  Array.from({ length: count }, (_, i) => {
    const world = createWorld(randomOf(seed + i), given);
    world.live(40);
    return world;
  });

/** Tiers that ask for less need a second person; those that ask for more do not. */
export function putInForce({ house }: Pick<World, 'house'>, command: CommandOf<'SetTierSchedule'>): void {
  for (const event of house.send(command)) {
    if (event.type !== 'ProposalCreated') continue;
    house.send(
      { type: 'ApproveProposal', proposal: event.created.id, hash: event.created.hash },
      { id: 'second', role: 'RISK_OFFICER', member: null },
    );
  }
}
