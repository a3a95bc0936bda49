/**
 * The house an example day is cleared by: currencies, instruments with their real tiers, the two ladders, funds,
 * members.
 */

import type { Command, CommandOf } from '../core/message/command';
import type { LiquidationTermsInput } from '../core/message/liquidationTermsInput';
import type { TermInput } from '../core/message/referenceCommands';
import type { LossLayer } from '../core/model/policy';
import { AUCTION_STEP } from './bidders';
import type { DayInstrument, TradingDay } from './day';
import { BROKERS, CURRENCY, PROVIDERS, VENUE_MEMBER } from './population';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const INDEX_SOURCES = ['index-a', 'index-b', 'index-c'] as const;
export const VENUE_WINDOW = 30_000;
export const DISPOSAL_INTERVAL = 15_000;

export interface HouseSize {
  readonly fund: string; // insurance fund at the start of the day, USDT
  readonly houseCapital: string;
}

/** Everything that is defined before the first account is opened. */
export function definitionCommands(day: TradingDay, size: HouseSize): Command[] {
  return [
    { type: 'DefineCurrency', currency: CURRENCY, scale: 6 },
    { type: 'DefineCurrency', currency: 'BTC', scale: 8 },
    ...day.instruments
      .filter(({ base }) => base !== 'BTC')
      .map(({ base }): Command => ({ type: 'DefineCurrency', currency: base, scale: 8 })),
    {
      type: 'DefineIndex',
      base: 'BTC',
      quote: CURRENCY,
      tick: '0.1',
      sources: INDEX_SOURCES,
      minimumSources: 2,
      maximumDeviation: '0.05',
      heartbeat: HOUR,
    },
    { type: 'SetCollateralTerms', currency: 'BTC', haircut: '0.1', conversionDiscount: '0.03', eligible: true },
    classicPolicy,
    exchangePolicy,
    ...day.instruments.flatMap(instrumentCommands),
    {
      type: 'SetLossPolicy',
      currency: CURRENCY,
      layers: WATERFALL,
      together: [['DEFAULT_FUND', 'HOUSE_TRANCHE_2']],
      base: 'GAINS',
      period: 24 * HOUR,
      fundTarget: size.fund,
    },
    {
      type: 'SetDisposalPolicy',
      currency: CURRENCY,
      interval: DISPOSAL_INTERVAL,
      fraction: '0.5',
      fullBelow: '20000',
      maximumShareOfDepth: '0.1',
      slippage: '0.1',
    },
    auctionPolicy,
    portfolioPolicy,
    ladder,
    { type: 'ContributeHouseCapital', currency: CURRENCY, amount: size.houseCapital },
    { type: 'ContributeHouseTranche', tranche: 'HOUSE_TRANCHE_2', currency: CURRENCY, amount: shareOf(size.fund, 4) },
    { type: 'ContributeToInsuranceFund', currency: CURRENCY, amount: size.fund, source: 'EXTERNAL' },
    ...BROKERS.map(
      (member): Command => ({
        type: 'AdmitMember',
        member,
        name: `${member[0]?.toUpperCase()}${member.slice(1)} Brokerage`,
      }),
    ),
    { type: 'AdmitMember', member: VENUE_MEMBER, name: 'The venue and its liquidity providers' },
    ...BROKERS.map(
      (member): Command => ({
        type: 'ContributeToDefaultFund',
        member,
        currency: CURRENCY,
        amount: shareOf(size.fund, 4),
      }),
    ),
  ];
}

/** A whole part of the fund: what members and the house put beside it. */
const shareOf = (fund: string, part: number): string => String(Math.floor(Number(fund) / part));

/**
 * Who bears what a bankrupt client leaves: its own broker's contribution, the fund, the house, the others, those who
 * gained.
 */
export const WATERFALL: readonly LossLayer[] = [
  'DEFAULTER_FUND',
  'INSURANCE_FUND',
  'HOUSE_CAPITAL',
  'DEFAULT_FUND',
  'HOUSE_TRANCHE_2',
  'BACKSTOP_POOL',
  'DELEVERAGING',
  'SOCIALIZED_LOSS',
];

/**
 * Coins of an account that owes are auctioned: from a little above the index down, a hundredth at a step; what nobody
 * takes the house does.
 */
const auctionPolicy: CommandOf<'SetAuctionPolicy'> = {
  type: 'SetAuctionPolicy',
  currency: CURRENCY,
  form: 'DUTCH',
  curve: { shape: 'STAIRSTEP', stepFactor: '0.99', step: AUCTION_STEP },
  startMultiplier: '1.02',
  roundDuration: 15 * MINUTE,
  priceFloorShare: '0.8',
  rounds: 2,
  resetReward: '0',
  resetRewardRate: '0',
  penaltyMultiplier: '1.01',
  minimumDebt: '50',
  valueCap: '2000000',
  lotCap: '2000000',
  reserveShare: '0.85',
  minimumTime: 0,
  minimumBidders: 1,
  increment: '0.02',
  extension: MINUTE,
  badBidShare: '0.5',
  fundCap: '100000',
};

/** Whole portfolios go from their value down, a tenth in a minute; what nobody takes in two goes to the house. */
const portfolioPolicy: CommandOf<'SetPortfolioPolicy'> = {
  type: 'SetPortfolioPolicy',
  currency: CURRENCY,
  start: '1',
  cutoff: '0.9',
  fast: MINUTE,
  slow: 10 * MINUTE,
  reserveShare: '0.5',
  window: 2 * MINUTE,
  insolventWindow: null,
};

const AT_VENUE = { window: VENUE_WINDOW, maximumShareOfDepth: '0.1', marketCap: '100000' } as const;

/**
 * Orders at the venue first, up to so much in a market at once; beyond it portfolios are auctioned; the house takes the
 * rest.
 */
const ladder: CommandOf<'SetDisposalLadder'> = {
  type: 'SetDisposalLadder',
  currency: CURRENCY,
  instrument: null,
  rungs: (['VENUE', 'AUCTION', 'HOUSE'] as const).map((method) => ({
    method,
    ...(method === 'VENUE' ? AT_VENUE : { window: null, maximumShareOfDepth: null, marketCap: null }),
    ...{ globalCap: null, slippage: null, offer: null },
  })),
};

const term = (base: TermInput['base'], ratio: string): TermInput => ({ base, ratio });

const LIQUIDATION: LiquidationTermsInput = {
  feeRate: '0.0015',
  feeShares: { liquidator: '0', fund: '0.8', house: '0.2' },
  penaltyTiers: [
    { floor: '0', rate: '0.0005' },
    { floor: '250000', rate: '0.001' },
  ],
  repeatSurcharge: '0.00025',
  repeatMaximum: 2,
  repeatWindow: 24 * HOUR,
  slippage: '0.001',
  venueWindow: VENUE_WINDOW,
  maximumStepNotional: '250000',
  maximumShareOfDepth: '0.1',
  minimumRemainder: '50',
};

/** Called below maintenance margin, with half an hour to pay; closed out below two thirds of it. */
const classicPolicy: CommandOf<'SetMarginPolicy'> = {
  type: 'SetMarginPolicy',
  policy: 'classic',
  currency: CURRENCY,
  warnings: [[term('INITIAL', '1'), term('MAINTENANCE', '1.2')], [term('MAINTENANCE', '1.1')]],
  call: [term('MAINTENANCE', '1')],
  closeOut: [term('MAINTENANCE', '2/3')],
  cure: [term('MAINTENANCE', '1.1')],
  target: [term('MAINTENANCE', '1.2')],
  hysteresis: '0.02',
  cureWindow: 30 * MINUTE,
  finalNotice: 5 * MINUTE,
  amendStep: '0.1',
  aggregation: 'OWNER',
  liquidation: LIQUIDATION,
  effectiveAt: null,
};

/** Called at half of initial margin; closed out below maintenance margin at once. */
export const exchangePolicy: CommandOf<'SetMarginPolicy'> = {
  ...classicPolicy,
  policy: 'exchange',
  warnings: [[term('INITIAL', '1'), term('MAINTENANCE', '1.2')]],
  call: [term('INITIAL', '1/2'), term('MAINTENANCE', '1')],
  closeOut: [term('MAINTENANCE', '1')],
  cure: [term('INITIAL', '0.6'), term('MAINTENANCE', '1.1')],
};

type Defined = CommandOf<'DefineInstrument'>;

/** A perpetual with a mark of the venue and gains that change hands every hour. */
export const instrumentOf = (
  terms: Pick<Defined, 'instrument' | 'base' | 'quote' | 'settlement' | 'tick' | 'lot' | 'index'>,
): Defined => ({
  type: 'DefineInstrument',
  ...terms,
  kind: 'PERPETUAL',
  multiplier: '1',
  markMethod: 'VENUE',
  markBand: null,
  // Prices that day fell to a sixth within minutes and came back: a band narrower than this would have blinded the
  // house.
  priceBand: '9',
  heartbeat: 2 * HOUR,
  allowsNonPositivePrice: false,
  expiry: null,
  variationInterval: HOUR,
  makerFee: '0',
  takerFee: '0',
});

function instrumentCommands({ id, base, tick, lot, tiers }: DayInstrument): Command[] {
  const inDollars = { base, quote: CURRENCY, settlement: CURRENCY } as const;
  return [
    instrumentOf({ instrument: id, ...inDollars, tick, lot, index: null }),
    { type: 'SetTierSchedule', instrument: id, tiers: [...tiers], effectiveAt: null },
  ];
}

/** The index of bitcoin has one digit after the point. */
export const oneDigit = (price: string): string => price.replace(/(\.\d)\d+$/, '$1');

/** What every source says of an index. */
export const pricesOf = (index: string, price: string): Command[] =>
  INDEX_SOURCES.map((source) => ({ type: 'SubmitIndexPrices', source, prices: [{ index, price, observedAt: null }] }));

/**
 * The providers' own accounts, large enough to take the other side of everything; a part of it stands in the backstop
 * pool.
 */
export function providerCommands({ fund }: Pick<HouseSize, 'fund'>): Command[] {
  return PROVIDERS.flatMap((account): Command[] => [
    {
      type: 'OpenAccount',
      account,
      member: VENUE_MEMBER,
      owner: account,
      kind: 'HOUSE',
      currency: CURRENCY,
      policy: 'classic',
      mode: 'CROSS',
      instrument: null,
    },
    { type: 'DepositCollateral', account, currency: CURRENCY, amount: '50000000' },
    { type: 'ContributeToBackstopPool', account, amount: shareOf(fund, 4) },
  ]);
}
