/**
 * What an example day clears beside its perpetuals in USDT: a coin-margined perpetual whose funding the house computes,
 * a future that ends during the day, and clients who hold collateral of three currencies.
 */

import type { Command, CommandOf } from '../core/message/command';
import { countOf, formatCount } from '../units/decimal';
import { type Instant, instant } from '../units/quantity';
import type { DayInstrument, Round, TradingDay } from './day';
import { exchangePolicy, INDEX_SOURCES, instrumentOf, oneDigit, pricesOf, VENUE_WINDOW } from './exampleHouse';
import { BROKERS, type Client, CURRENCY, PROVIDERS, times, VENUE_MEMBER } from './population';
import { createRandom, type Random } from './random';

/** Quoted in dollars, margined and settled in bitcoin. A contract is 100 dollars. */
export const COIN_PERPETUAL = 'BTC-COIN';
/** Ends at three quarters of the day, at the average of the bitcoin index over half an hour. */
export const DATED_FUTURE = 'BTC-DATED';
const COIN = 'BTC';
const SECOND_COIN = 'ETH';
const CONTRACT = 100; // dollars
const COIN_TICK = '0.1';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const bitcoinOf = ({ instruments }: TradingDay): DayInstrument =>
  instruments.find(({ base }) => base === COIN) as DayInstrument;

/** When the future ends: a whole hour. */
export function endOfFuture({ start, rounds }: TradingDay): Instant {
  const end = rounds.at(-1)?.at ?? start;
  return instant(Math.floor((start + ((end - start) * 3) / 4) / HOUR) * HOUR);
}

/** Funding twice a day at least, sampled every five minutes, held near the interest part and within three quarters. */
const fundingTerms: CommandOf<'SetFundingPolicy'>['terms'] = {
  interval: 4 * HOUR,
  sampleInterval: 5 * MINUTE,
  leastSamples: 1,
  measure: 'PREMIUM',
  weights: 'EQUAL',
  step: null,
  interest: '0.0001',
  clamp: { lower: '-0.0005', upper: '0.0005' },
  scale: '1',
  lower: '-0.0075',
  upper: '0.0075',
  marginCap: null,
  share: '1',
  price: 'MARK',
  paymentStep: null,
};

/** Called and closed out as on an exchange, with amounts in bitcoin. */
const coinPolicy: CommandOf<'SetMarginPolicy'> = {
  ...exchangePolicy,
  policy: 'coin',
  currency: COIN,
  liquidation: {
    ...exchangePolicy.liquidation,
    penaltyTiers: [
      { floor: '0', rate: '0.0005' },
      { floor: '10', rate: '0.001' },
    ],
    maximumStepNotional: '10',
    minimumRemainder: '0.002',
  },
};

const coinLadder: CommandOf<'SetDisposalLadder'> = {
  type: 'SetDisposalLadder',
  currency: COIN,
  instrument: null,
  rungs: (['VENUE', 'HOUSE'] as const).map((method) => ({
    method,
    window: method === 'VENUE' ? VENUE_WINDOW : null,
    maximumShareOfDepth: method === 'VENUE' ? '0.1' : null,
    marketCap: null,
    globalCap: null,
    slippage: null,
    offer: null,
  })),
};

/** Everything that these contracts need, before the first account is opened. */
export function contractDefinitions(day: TradingDay): Command[] {
  const { tick, lot, tiers } = bitcoinOf(day);
  const index = `${COIN}/${CURRENCY}`;
  const bitcoin = { base: COIN, quote: CURRENCY, index } as const;
  return [
    {
      type: 'DefineIndex',
      base: SECOND_COIN,
      quote: CURRENCY,
      tick: '0.01',
      sources: INDEX_SOURCES,
      minimumSources: 2,
      maximumDeviation: '0.05',
      heartbeat: HOUR,
    },
    {
      type: 'SetCollateralTerms',
      currency: SECOND_COIN,
      haircut: '0.15',
      conversionDiscount: '0.04',
      eligible: true,
    },
    coinPolicy,
    {
      ...instrumentOf({ ...bitcoin, instrument: COIN_PERPETUAL, settlement: COIN, tick: COIN_TICK, lot: '1' }),
      contract: 'INVERSE',
      multiplier: String(CONTRACT),
    },
    { type: 'SetTierSchedule', instrument: COIN_PERPETUAL, tiers: COIN_TIERS, effectiveAt: null },
    { type: 'SetFundingPolicy', instrument: COIN_PERPETUAL, terms: fundingTerms, effectiveAt: null },
    {
      ...instrumentOf({ ...bitcoin, instrument: DATED_FUTURE, settlement: CURRENCY, tick, lot }),
      kind: 'FUTURE',
      expiry: endOfFuture(day),
      settlementWindow: 30 * MINUTE,
    },
    { type: 'SetTierSchedule', instrument: DATED_FUTURE, tiers: [...tiers], effectiveAt: null },
    {
      type: 'SetLossPolicy',
      currency: COIN,
      layers: ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
      together: [],
      base: 'GAINS',
      period: 24 * HOUR,
      fundTarget: '5',
    },
    coinLadder,
    { type: 'ContributeToInsuranceFund', currency: COIN, amount: '5', source: 'EXTERNAL' },
  ];
}

/** Larger positions ask for more, as everywhere; floors are in bitcoin. */
const COIN_TIERS: CommandOf<'SetTierSchedule'>['tiers'] = [
  { floor: '0', cap: '20', initialRate: '0.02', maintenanceRate: '0.01', deduction: null },
  { floor: '20', cap: '200', initialRate: '0.05', maintenanceRate: '0.025', deduction: null },
  { floor: '200', cap: null, initialRate: '0.1', maintenanceRate: '0.05', deduction: null },
];

/** The account in which a provider trades what is settled in bitcoin. */
export const coinAccountOf = (provider: string): string => `${provider}-coin`;

export const coinProviderCommands = (): Command[] =>
  PROVIDERS.map(coinAccountOf).flatMap((account): Command[] => [
    {
      type: 'OpenAccount',
      account,
      member: VENUE_MEMBER,
      owner: account,
      kind: 'HOUSE',
      currency: COIN,
      policy: 'coin',
      mode: 'CROSS',
      instrument: null,
    },
    { type: 'DepositCollateral', account, currency: COIN, amount: '2000' },
  ]);

/** A client of each of the three kinds for every forty of the others, and one at least. */
export function contractClients(day: TradingDay, others: number, seed: number): Client[] {
  const random = createRandom(seed + 1);
  const each = Math.max(1, Math.floor(others / 40));
  return (['coin', 'dated', 'mixed'] as const).flatMap((kind) =>
    Array.from({ length: each }, (_, i) => CLIENTS[kind](day, random, nameOf(kind, i))),
  );
}

interface Named {
  readonly broker: string;
  readonly account: string;
  readonly owner: string;
}

function nameOf(kind: string, i: number): Named {
  const broker = BROKERS[i % BROKERS.length] as string;
  const account = `${broker}-${kind}-${Math.floor(i / BROKERS.length) + 1}`;
  return { broker, account, owner: account };
}

type Made = (day: TradingDay, random: Random, named: Named) => Client;

const priceOf = ({ rounds }: TradingDay, instrument: string): string =>
  rounds[0]?.prices.find((quote) => quote.instrument === instrument)?.price ?? '1';

const TEMPERS = [
  ['DEPOSITS', 30],
  ['CLOSES', 30],
  ['IGNORES', 40],
] as const;

/** What all have in common. The order of the draws is part of the day: the same seed gives the same people. */
function clientOf(random: Random, named: Named, leverage: number): Omit<Client, 'deposit' | 'positions'> {
  const temper = random.weighted(TEMPERS);
  const patience = 1 + random.below(20);
  const policy = random.chance(50) ? 'classic' : 'exchange';
  return {
    ...named,
    currency: CURRENCY,
    policy,
    instrument: null,
    reserve: null,
    leverage,
    coins: [],
    temper,
    patience,
  };
}

const CLIENTS: Readonly<Record<'coin' | 'dated' | 'mixed', Made>> = {
  /** Margined in bitcoin: a long loses twice in a fall, in contracts and in what its collateral is worth. */
  coin(day, random, named) {
    const leverage = 3 + random.below(25);
    const contracts = 200 + random.below(9_800);
    const price = oneDigit(priceOf(day, 'BTC-PERP'));
    const buys = random.chance(70);
    const provider = coinAccountOf(random.pick(PROVIDERS));
    const margin = Math.ceil((contracts * CONTRACT * 1.05 * 10_000) / (Number(price) * leverage));
    return {
      ...clientOf(random, named, leverage),
      currency: COIN,
      policy: 'coin',
      deposit: times('0.0001', margin),
      positions: [{ instrument: COIN_PERPETUAL, buys, size: String(contracts), price, provider }],
    };
  },
  dated(day, random, named) {
    const leverage = 2 + random.below(14);
    const { lot } = bitcoinOf(day);
    const price = priceOf(day, 'BTC-PERP');
    const lots = Math.max(1, Math.floor((5_000 + random.below(195_000)) / (Number(price) * Number(lot))));
    const margin = Math.ceil((lots * Number(lot) * Number(price) * 1.1) / leverage);
    const buys = random.chance(50);
    const provider = random.pick(PROVIDERS);
    return {
      ...clientOf(random, named, leverage),
      deposit: String(margin),
      positions: [{ instrument: DATED_FUTURE, buys, size: times(lot, lots), price, provider }],
    };
  },
  /** A third each in dollars, bitcoin and ether, long of ether: what backs the position falls with it. */
  mixed(day, random, named) {
    const leverage = 3 + random.below(10);
    const ether = day.instruments.find(({ base }) => base === SECOND_COIN) as DayInstrument;
    const price = priceOf(day, ether.id);
    const lots = Math.max(1, Math.floor((10_000 + random.below(190_000)) / (Number(price) * Number(ether.lot))));
    const third = Math.ceil((lots * Number(ether.lot) * Number(price) * 1.15) / leverage / 3);
    const provider = random.pick(PROVIDERS);
    const coinOf = (currency: string, at: string): Client['coins'][number] => ({
      currency,
      amount: times('0.0001', Math.ceil((third * 10_000) / Number(at))),
    });
    return {
      ...clientOf(random, named, leverage),
      deposit: String(third),
      coins: [coinOf(COIN, priceOf(day, 'BTC-PERP')), coinOf(SECOND_COIN, price)],
      positions: [{ instrument: ether.id, buys: true, size: times(ether.lot, lots), price, provider }],
    };
  },
};

/**
 * Prices of these contracts at one of the day's rounds: the index of ether, marks that are those of the perpetual in
 * USDT, and impact prices that run ahead of the index by an eighth of what it moved within the hour.
 */
export function contractRound(day: TradingDay, n: number): Command[] {
  const round = day.rounds[n] as Round;
  const bitcoin = priceIn(round, 'BTC-PERP');
  const ether = priceIn(round, `${SECOND_COIN}-PERP`);
  if (bitcoin === undefined || ether === undefined) return [];
  const marks = [
    { instrument: COIN_PERPETUAL, price: oneDigit(bitcoin) },
    ...(round.at < endOfFuture(day) ? [{ instrument: DATED_FUTURE, price: bitcoin }] : []),
  ];
  const now = countOf(oneDigit(bitcoin), COIN_TICK) ?? 0n;
  const hourAgo = day.rounds.findLast(({ at }) => at <= round.at - HOUR) ?? round;
  const before = countOf(oneDigit(priceIn(hourAgo, 'BTC-PERP') ?? bitcoin), COIN_TICK) ?? now;
  const middle = now + (now - before) / 8n;
  const half = now / 20_000n + 1n; // of the spread: half a basis point
  const impact = {
    instrument: COIN_PERPETUAL,
    bid: formatCount(middle - half, COIN_TICK),
    ask: formatCount(middle + half, COIN_TICK),
    observedAt: null,
  };
  return [
    ...pricesOf(`${SECOND_COIN}/${CURRENCY}`, ether.replace(/(\.\d\d)\d+$/, '$1')),
    {
      type: 'SubmitMarkPrices',
      source: 'example-venue',
      prices: marks.map((mark) => ({ ...mark, bid: null, ask: null, observedAt: null })),
    },
    { type: 'SubmitImpactPrices', source: 'example-venue', prices: [impact] },
  ];
}

const priceIn = ({ prices }: Round, instrument: string): string | undefined =>
  prices.find((quote) => quote.instrument === instrument)?.price;
