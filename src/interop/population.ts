/**
 * The people of an example day: brokers, clients with seeded leverage from 2x to 50x, some hedged, some isolated, some
 * with coins as collateral, and the liquidity providers on the other side of every trade.
 */

import type { Command } from '../core/message/command';
import type { DayInstrument, TradingDay } from './day';
import { createRandom, type Random } from './random';

export const CURRENCY = 'USDT';
export const VENUE_MEMBER = 'venue';
export const PROVIDERS = ['lp-1', 'lp-2', 'lp-3'] as const;
export const BROKERS = ['aurora', 'borealis', 'cirrus'] as const;

/** What a client does when called. */
export type Temper = 'DEPOSITS' | 'DEPOSITS_PART' | 'CLOSES' | 'MOVES_COLLATERAL' | 'IGNORES';

export interface ClientPosition {
  readonly instrument: string;
  readonly buys: boolean;
  readonly size: string; // contracts
  readonly price: string;
  readonly provider: string;
}

export interface Client {
  readonly account: string;
  readonly broker: string;
  readonly owner: string;
  readonly currency: string;
  readonly policy: string;
  readonly instrument: string | null; // isolated to
  readonly reserve: string | null; // account of the same owner with spare collateral
  readonly leverage: number;
  readonly deposit: string; // of its currency
  readonly coins: readonly { readonly currency: string; readonly amount: string }[];
  readonly positions: readonly ClientPosition[];
  readonly temper: Temper;
  readonly patience: number; // minutes before acting on a call
}

export type LeverageClass = '2-5x' | '5-10x' | '10-20x' | '20-50x';
export const LEVERAGE_CLASSES: readonly LeverageClass[] = ['2-5x', '5-10x', '10-20x', '20-50x'];

export const leverageClassOf = (leverage: number): LeverageClass =>
  leverage < 5 ? '2-5x' : leverage < 10 ? '5-10x' : leverage < 20 ? '10-20x' : '20-50x';

/** Clients of a day: the same seed gives the same people. */
export function populate(day: TradingDay, count: number, seed: number): Client[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, i) => clientOf(day, random, i));
}

function clientOf(day: TradingDay, random: Random, i: number): Client {
  const broker = BROKERS[i % BROKERS.length] as string;
  const name = `${broker}-${String(Math.floor(i / BROKERS.length) + 1).padStart(3, '0')}`;
  const kind = random.weighted([
    ['ONE', 50],
    ['SEVERAL', 20],
    ['HEDGED', 12],
    ['ISOLATED', 10],
    ['COINS', 8],
  ] as const);
  const wanted = random.weighted([
    [2 + random.below(3), 22],
    [5 + random.below(5), 30],
    [10 + random.below(10), 28],
    [20 + random.below(31), 20],
  ]);
  const notional = random.weighted([
    [2_000 + random.below(18_000), 55],
    [20_000 + random.below(130_000), 35],
    [150_000 + random.below(850_000), 10],
  ]);
  const instruments = pickInstruments(
    day,
    random,
    kind === 'ONE' || kind === 'ISOLATED' || kind === 'COINS' ? 1 : 2 + random.below(2),
  );
  // The table of an instrument caps leverage, and more so for large positions.
  const leverage = Math.min(wanted, ...instruments.map((instrument) => leverageFor(instrument, notional)));
  const long = random.chance(78);
  const positions = instruments.map((instrument, n) => {
    const buys = kind === 'HEDGED' ? n % 2 === 0 : long;
    return positionOf(day, instrument, Math.floor(notional / instruments.length), buys, random.pick(PROVIDERS));
  });
  const margin = Math.ceil((notional / leverage) * (1.02 + random.below(20) / 100));
  const coins = kind === 'COINS' ? [coinsWorth(day, margin)] : [];
  const isolated = kind === 'ISOLATED';
  return {
    account: isolated ? `${name}-iso` : name,
    broker,
    owner: name,
    currency: CURRENCY,
    policy: broker === 'aurora' ? 'classic' : 'exchange',
    instrument: isolated ? (instruments[0] as DayInstrument).id : null,
    reserve: isolated ? name : null,
    leverage,
    deposit: coins.length > 0 ? '0' : String(margin),
    coins,
    positions,
    temper: isolated
      ? 'MOVES_COLLATERAL'
      : random.weighted([
          ['DEPOSITS', 26],
          ['DEPOSITS_PART', 8],
          ['CLOSES', 16],
          ['IGNORES', 50],
        ] as const),
    patience: 1 + random.below(20),
  };
}

function pickInstruments(day: TradingDay, random: Random, count: number): DayInstrument[] {
  const weights = day.instruments.map((instrument) => [instrument, WEIGHTS[instrument.base] ?? 3] as const);
  const picked = new Set<DayInstrument>();
  while (picked.size < Math.min(count, day.instruments.length)) picked.add(random.weighted(weights));
  return [...picked];
}

const WEIGHTS: Readonly<Record<string, number>> = { BTC: 26, ETH: 20, SOL: 9, XRP: 6, DOGE: 5, SUI: 5, BNB: 4 };

/**
 * The leverage of the tier a notional lies in, less a little: a position opened at the very limit is called at once.
 */
function leverageFor({ tiers }: DayInstrument, notional: number): number {
  const tier = tiers.find(({ cap }) => cap === null || notional <= Number(cap)) ?? tiers.at(-1);
  const most = Number((tier?.initialRate ?? '1/1').split('/')[1]);
  return Math.max(1, Math.floor(most * 0.9));
}

function positionOf(
  day: TradingDay,
  { id, lot }: DayInstrument,
  notional: number,
  buys: boolean,
  provider: string,
): ClientPosition {
  const price = day.rounds[0]?.prices.find((quote) => quote.instrument === id)?.price ?? '1';
  const lots = Math.max(1, Math.floor(notional / (Number(price) * Number(lot))));
  return { instrument: id, buys, size: times(lot, lots), price, provider };
}

/** A decimal step times a whole number, without a float: the step is a power of ten. */
export function times(step: string, count: number): string {
  const digits = step.split('.')[1]?.length ?? 0;
  if (digits === 0) return `${count}${step.slice(1)}`;
  const text = String(count).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/** Bitcoin worth the margin and a quarter more, for the haircut. */
function coinsWorth(day: TradingDay, margin: number): { currency: string; amount: string } {
  const price = Number(day.rounds[0]?.prices.find((quote) => quote.instrument === 'BTC-PERP')?.price ?? '1');
  return { currency: 'BTC', amount: times('0.0001', Math.ceil((margin * 1.25 * 10_000) / price)) };
}

/** Opening the accounts and paying in. */
export function openingCommands(clients: readonly Client[]): { readonly broker: string; readonly command: Command }[] {
  return clients.flatMap((client) => openingOf(client).map((command) => ({ broker: client.broker, command })));
}

function openingOf(client: Client): Command[] {
  const { account, broker, owner, currency, policy, deposit, coins, reserve, instrument } = client;
  const base = { type: 'OpenAccount', member: broker, owner, kind: 'CLIENT', currency, policy } as const;
  const commands: Command[] = [];
  if (reserve !== null) {
    commands.push({ ...base, account: reserve, mode: 'CROSS', instrument: null });
    commands.push(payment(reserve, currency, String(Math.ceil(Number(deposit) / 2))));
  }
  commands.push({
    ...base,
    account,
    mode: instrument === null ? 'CROSS' : 'ISOLATED',
    instrument,
    leverage: String(client.leverage),
  });
  if (deposit !== '0') commands.push(payment(account, currency, deposit));
  for (const coin of coins) commands.push(payment(account, coin.currency, coin.amount));
  return commands;
}

const payment = (account: string, currency: string, amount: string): Command => ({
  type: 'DepositCollateral',
  account,
  currency,
  amount,
});

/** The trades that give everybody their positions, at the day's first prices. */
export function openingTrades(clients: readonly Client[]): Command[] {
  return clients.flatMap(({ account, positions }) =>
    positions.map(({ instrument, buys, size, price, provider }): Command => {
      const [buyer, seller] = buys ? [account, provider] : [provider, account];
      return {
        type: 'SubmitTrade',
        trade: `open-${account}-${instrument}`,
        instrument,
        buyer,
        seller,
        price,
        size,
        taker: buys ? 'BUY' : 'SELL',
        buyOrder: null,
        sellOrder: null,
      };
    }),
  );
}
