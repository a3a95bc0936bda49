/**
 * Dust: the least of everything, and the most. Specks of coins that are worth nothing, one lot at a price far off, a
 * share of 1e-18, marks of zero and below. Sent into any life between its own steps; what is refused changes nothing.
 */

import type { Command } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import { transfersOf } from '../../src/core/message/event';
import { formatCount, formatScaled } from '../../src/units/decimal';
import { accountsOf, any, currencies, DEFAULTS, type Dust, lotsOf, OFFICE, ticksOf, twice, unitOf } from './dustInto';
import type { TestHouse } from './house';
import type { Random } from './random';

const WEEK = 7 * 86_400_000;

interface Coin {
  readonly id: string;
  readonly scale: number;
  readonly tick: string;
  readonly price: string;
  readonly haircut: string;
  readonly discount: string;
}

/**
 * A coin of 12 digits worth next to nothing, one of none, one that nobody would pay anything for, one worth a fortune.
 */
const COINS: readonly Coin[] = [
  { id: 'FINE', scale: 12, tick: '0.000000000001', price: '0.000000000001', haircut: '0', discount: '0' },
  { id: 'WHOLE', scale: 0, tick: '0.01', price: '0.01', haircut: '0.999999999999', discount: '0.5' },
  { id: 'LEAD', scale: 8, tick: '0.1', price: '100', haircut: '1', discount: '1' },
  { id: 'GEM', scale: 8, tick: '1', price: '999999999', haircut: '0.000000000001', discount: '0' },
];

/** Currencies, indices and terms of the coins, and some of each for everybody. */
export function scatter(house: TestHouse, random: Random): void {
  const accounts = accountsOf(house);
  for (const { id, scale, tick, price, haircut, discount } of COINS) {
    house.send({ type: 'DefineCurrency', currency: id, scale });
    house.send({
      type: 'DefineIndex',
      base: id,
      quote: 'USD',
      tick,
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: random.pick([WEEK, 3_600_000]),
    });
    house.try({ type: 'SetCollateralTerms', currency: id, haircut, conversionDiscount: discount, eligible: true });
    house.try({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: `${id}/USD`, price, observedAt: null }] });
  }
  house.try({
    type: 'SetDefaultPolicy',
    currency: 'USD',
    portingWindow: random.pick([0, 60_000]),
    acceptWindow: 30_000,
    orderWindow: 30_000,
    ...{ aloneUpTo: '10', minimumLots: 1 },
  });
  for (const account of accounts) for (let i = 0; i < 2; i++) house.try(speckFor(house, random, account));
}

const speckFor = (house: TestHouse, random: Random, account: string): Command => {
  const currency = random.pick(currencies(house));
  return { type: 'DepositCollateral', account, currency, amount: unitOf(house, currency) };
};

const MONEY: readonly Dust[] = [
  (house, random) => house.try(speckFor(house, random, random.pick(accountsOf(house)))),
  (house, random) =>
    house.try({ ...speckFor(house, random, random.pick(accountsOf(house))), amount: '123456789012345' } as Command),
  (house, random) => {
    const account = random.pick(accountsOf(house));
    const currency = any(random, house.state.book.balances(account))?.[0];
    if (currency === undefined) return;
    const all = formatScaled(
      house.state.book.balance(account, currency),
      house.state.currencies.get(currency)?.scale ?? 0,
    );
    house.try({
      type: 'WithdrawCollateral',
      account,
      currency,
      amount: random.chance(50) ? all : unitOf(house, currency),
    });
  },
  (house, random) => {
    const currency = random.pick(currencies(house));
    const [from, to] = [random.pick(accountsOf(house)), random.pick(accountsOf(house))];
    house.try({ type: 'TransferCollateral', from, to, currency, amount: unitOf(house, currency) });
  },
  (house, random) => {
    const currency = random.pick(currencies(house));
    const amount = unitOf(house, currency);
    house.try({ type: 'ContributeHouseCapital', currency, amount });
    house.try({
      type: 'ContributeToInsuranceFund',
      currency,
      amount,
      source: random.pick(['EXTERNAL', 'HOUSE_CAPITAL'] as const),
    });
    house.try({
      type: 'ContributeHouseTranche',
      currency,
      amount,
      tranche: random.pick(['HOUSE_TRANCHE_2', 'HOUSE_FURTHER'] as const),
    });
  },
  (house, random) => {
    const member = [...house.state.members.keys()][0] ?? '';
    house.try({ type: 'ContributeToDefaultFund', member, currency: 'USD', amount: '0.01' });
    house.try({ type: 'WithdrawFromDefaultFund', member, currency: 'USD', amount: '0.01' });
    const account = random.pick(accountsOf(house));
    house.try({ type: 'ContributeToBackstopPool', account, amount: '0.01' });
    house.try({ type: 'WithdrawFromBackstopPool', account, amount: random.pick(['0.01', '0.02']) });
    twice(house, { type: 'AddBackstopIncome', currency: 'USD', amount: '0.01' });
  },
  (house, random) => {
    const held = formatScaled(house.state.ledger.get('insurance-fund USD') ?? 0n, 2);
    twice(house, {
      type: 'WithdrawFromInsuranceFund',
      currency: 'USD',
      amount: random.pick([held, '0.01']),
      reason: 'dust',
    });
  },
  (house, random) => {
    const entry = any(random, house.entries.slice(-60));
    const events = entry ? eventsOf(entry.outcome) : [];
    const found = any(
      random,
      events.flatMap((event) => transfersOf(event)),
    );
    if (!entry || !found) return;
    const place = events.flatMap((event) => transfersOf(event)).indexOf(found);
    const { from, to, currency, reason: kind } = found;
    const amount = formatScaled(found.amount, house.state.currencies.get(currency)?.scale ?? 0);
    twice(house, {
      type: 'ReverseTransfer',
      entry: entry.seq,
      place,
      kind,
      from,
      to,
      currency,
      amount,
      reason: 'dust',
    });
  },
];

const PRICES: readonly Dust[] = [
  // The mark goes where it has no business, and comes back.
  (house, random) => {
    const found = any(random, house.state.listings.values());
    if (!found?.mark) return;
    const { id } = found.instrument;
    const send = (ticks: bigint) =>
      house.try({
        ...{ type: 'SubmitMarkPrices', source: 'venue' },
        prices: [{ instrument: id, price: ticksOf(house, id, ticks), bid: null, ask: null, observedAt: null }],
      });
    const before = found.mark.price;
    send(random.pick([1n, 2n, 0n, -1n, -before / 2n, before * 3n, before + 1n]));
    if (random.chance(70)) house.pass(random.pick(['1ms', '1m', '1h']));
    send(before);
  },
  (house, random) => {
    const { id, tick } = random.pick(COINS);
    const price = formatCount(random.pick([1n, 2n, 1_000n, 10n ** 9n]), tick);
    house.try({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: `${id}/USD`, price, observedAt: null }] });
  },
  (house, random) => {
    const instrument = any(random, house.state.listings.keys()) ?? '';
    house.try({ type: 'SubmitFundingRate', instrument, rate: random.pick(['1', '-1', '0.000000000001', '0']) });
    house.try({ type: 'ReportDepth', instrument, bids: random.pick(['0', '1']), asks: '0' });
  },
  (house, random) => {
    const { id } = random.pick(COINS);
    const [haircut, conversionDiscount] = random.pick([
      ['1', '1'],
      ['0.000000000001', '0'],
      ['1', '0'],
      ['0.5', '0.499999999999'],
    ] as const);
    const eligible = random.chance(80);
    const runOffDate = eligible || random.chance(50) ? null : house.now + random.pick([0, 1, 60_000, 3_600_000]);
    twice(house, { type: 'SetCollateralTerms', currency: id, haircut, conversionDiscount, eligible, runOffDate });
  },
];

let trades = 0;
const DEALS: readonly Dust[] = [
  (house, random) => {
    const instrument = any(random, house.state.listings.keys()) ?? '';
    const mark = house.state.listings.get(instrument)?.mark?.price ?? 1n;
    const [buyer, seller] = [random.pick(accountsOf(house)), random.pick(accountsOf(house))];
    house.try({
      type: 'SubmitTrade',
      trade: `dust${++trades}`,
      instrument,
      buyer,
      seller,
      taker: random.pick(['BUY', 'SELL', null] as const),
      price: ticksOf(house, instrument, random.pick([mark, mark + 1n, 1n, mark * 2n])),
      ...{ size: lotsOf(house, instrument, random.pick([1n, 1n, 10n ** 9n])), buyOrder: null, sellOrder: null },
    });
  },
  (house, random) => {
    const order = any(random, house.state.liquidationOrders.values());
    if (!order) return;
    const { mark } = house.state.listings.get(order.instrument) ?? {};
    const price = ticksOf(house, order.instrument, random.pick([order.limit ?? 1n, mark?.price ?? 1n, 1n]));
    const [size, counterparty] = [lotsOf(house, order.instrument, 1n), random.pick(accountsOf(house))];
    house.try({ type: 'ReportLiquidationFill', order: order.id, trade: `dust${++trades}`, counterparty, price, size });
  },
  (house, random) => {
    const order = any(random, house.state.liquidationOrders.values());
    const account = random.pick(accountsOf(house));
    house.try({ type: 'RegisterLiquidator', account, deposit: random.pick(['0', '0.01', '200']), operator: null });
    if (!order) return;
    house.try({ type: 'ClaimLiquidation', order: order.id, account });
    if (random.chance(30)) house.pass('1m');
    house.try({ type: 'ClaimLiquidation', order: order.id, account });
    house.try({ type: 'TakeLiquidation', order: order.id, account, size: lotsOf(house, order.instrument, 1n) });
  },
  (house, random) => {
    const found = any(random, house.state.portfolios.values());
    if (!found) return;
    const share = random.pick(['0.000000000000000001', '0.000000001', '0.999999999999999999', null]);
    const limit = random.pick(['100000000', '0', '0.01']);
    house.try({
      type: 'TakePortfolio',
      auction: found.id,
      account: random.pick(accountsOf(house)),
      share,
      limit,
      version: found.version,
    });
  },
  (house, random) => {
    const found = any(random, house.state.auctions.values());
    if (!found) return;
    const at = { auction: found.id, account: random.pick(accountsOf(house)), version: found.version };
    const unit = unitOf(house, found.lotCurrency);
    house.try({ type: 'TakeAuction', ...at, quantity: random.pick([unit, '100000000']), limit: '1000000000' });
    house.try({
      type: 'PlaceBid',
      ...at,
      amount: random.pick(['0.01', '100', '1000000']),
      quantity: random.pick([null, unit]),
    });
    house.try({ type: 'ResetAuction', auction: found.id, account: at.account });
  },
  (house, random) => {
    const lotCurrency = random.pick(currencies(house));
    const quantity = random.pick([null, unitOf(house, lotCurrency)]);
    const form = random.pick([null, 'DUTCH', 'ENGLISH', 'SEALED'] as const);
    twice(house, {
      type: 'StartAuction',
      account: random.pick(accountsOf(house)),
      lotCurrency,
      quantity,
      form,
      lots: 1,
      invited: null,
    });
  },
];

const ALL = [...DEFAULTS, ...MONEY, ...PRICES, ...PRICES, ...DEALS, ...OFFICE];

/** One act of dust, whichever it is. */
export const dust = (house: TestHouse, random: Random): void => random.pick(ALL)(house, random);
