/**
 * Inputs that the house takes, for the tests that put extreme values into each of their fields. `@` is another text
 * each time.
 */

import { offerOf } from './rungs';

type Inputs = Readonly<Record<string, object>>;

const LADDER = { call: [{ base: 'MAINTENANCE', ratio: '1' }], closeOut: [{ base: 'MAINTENANCE', ratio: '2/3' }] };
const INSTRUMENT = {
  kind: 'PERPETUAL',
  base: 'ODD',
  quote: 'EUR',
  settlement: 'EUR',
  tick: '0.1',
  lot: '0.1',
  multiplier: '1',
};
const PRICED = {
  index: null,
  markMethod: 'VENUE',
  markBand: '0.5',
  priceBand: '0.5',
  heartbeat: '7d',
  variationInterval: '1d',
};
const TIER = { floor: '0', cap: '1000000', initialRate: '0.1', maintenanceRate: '0.05' };
const AUCTION = {
  reserveShare: '0.5',
  increment: '0.05',
  badBidShare: '0.5',
  penaltyMultiplier: '1',
  resetRewardRate: '0',
  resetReward: '0',
  minimumDebt: '0',
};

/** Terms, set while the house is not open for business yet: one person may. */
export const TERMS: Inputs = {
  defineIndex: {
    base: 'ODD',
    quote: 'Q@',
    tick: '0.01',
    sources: ['one'],
    minimumSources: 1,
    maximumDeviation: '0.05',
    heartbeat: '1d',
  },
  defineCurrency: { currency: 'C@', scale: 2 },
  defineInstrument: { ...INSTRUMENT, ...PRICED, instrument: 'I@', makerFee: '0', takerFee: '0.001' },
  setTierSchedule: { instrument: 'ODD-PERP', tiers: [TIER] },
  setMarginPolicy: {
    policy: 'P@',
    currency: 'EUR',
    warnings: [],
    ...LADDER,
    cure: LADDER.call,
    target: LADDER.call,
    hysteresis: '0',
    cureWindow: '1h',
    ...{ finalNotice: '5m', amendStep: '0', aggregation: 'OWNER' },
    liquidation: {
      feeRate: '0.001',
      feeShares: { liquidator: '0', fund: '1', house: '0' },
      penaltyTiers: [{ floor: '0', rate: '0.001' }],
      repeatSurcharge: '0',
      repeatMaximum: 1,
      repeatWindow: '1d',
      slippage: '0',
      venueWindow: '30s',
      minimumRemainder: '0',
      severityTiers: [{ below: '0.5', rate: '0.001' }],
    },
  },
  setCollateralTerms: { currency: 'ODD', haircut: '0.2', conversionDiscount: '0.1', eligible: true },
  setLossPolicy: {
    currency: 'EUR',
    layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
    base: 'GAINS',
    period: '1d',
    fundTarget: '10',
  },
  setDisposalPolicy: {
    currency: 'EUR',
    interval: '1h',
    fraction: '0.5',
    fullBelow: '5',
    maximumShareOfDepth: '0.1',
    slippage: '0.01',
  },
  setDefaultPolicy: {
    currency: 'EUR',
    portingWindow: '1d',
    acceptWindow: '1h',
    orderWindow: '1m',
    aloneUpTo: '5',
    minimumLots: 1,
  },
  setDefaultFundPolicy: {
    currency: 'EUR',
    moves: [{ instrument: 'ODD-PERP', up: '0.1', down: '0.1' }],
    floor: '0',
    threshold: '1',
    feeShare: '1',
    multiple: '2',
    cappedWindow: '5d',
    coolingOffWindow: '10d',
    within: 1,
    weekend: ['SUNDAY'],
    holidays: [],
    computedAt: '18h',
  },
  setVenue: { venue: 'venue@', name: 'A venue', highest: '1' },
  setMarketLimits: { instrument: 'ODD-PERP', float: '1000', openInterestShare: '0.5', positionShare: '0.5' },
  setOpenInterestScaling: { instrument: 'ODD-PERP', ramp: { lowerCap: '1000', upperCap: '2000', interval: '1h' } },
  setFundingPolicy: { instrument: 'ODD-PERP', terms: { interval: '8h', interest: '0.0001', upper: '1', share: '1/8' } },
  setDeleveragingPolicy: {
    currency: 'EUR',
    instrument: 'ODD-PERP',
    method: 'QUEUE',
    score: 'PROFIT_LEVERAGE',
    bound: 'PROFIT',
    basis: 'UNREALISED',
    inventoryCap: { amount: '5', fundShare: '0.5', stop: '0.5' },
  },
  setInsurancePool: { pool: 'pool@', currency: 'EUR', instruments: [], cap: '100', thenGeneral: true },
  setDisposalLadder: {
    currency: 'EUR',
    rungs: [
      { method: 'LIQUIDATORS', window: '1m', offer: { ...offerOf(), grace: '1s', claimWindow: '10s' } },
      { method: 'HOUSE' },
    ],
  },
  setAuctionPolicy: {
    currency: 'EUR',
    form: 'DUTCH',
    curve: { shape: 'LINEAR', duration: '1h' },
    startMultiplier: '1.2',
    priceFloorShare: '0.5',
    roundDuration: '10m',
    ...AUCTION,
    rounds: 2,
    valueCap: '1000',
    lotCap: '1000',
    minimumTime: '0s',
    minimumBidders: 1,
    extension: '1m',
    fundCap: '0',
  },
  setPortfolioPolicy: {
    currency: 'EUR',
    start: '1',
    cutoff: '0.5',
    fast: '1m',
    slow: '1h',
    window: '1h',
    reserveShare: '0.5',
  },
};

/** What is done once accounts are open. */
export const ACTS: Inputs = {
  depositCollateral: { account: 'alice', currency: 'USD', amount: '1' },
  contributeHouseCapital: { currency: 'USD', amount: '1' },
  contributeToInsuranceFund: { currency: 'USD', amount: '1', source: 'EXTERNAL' },
  contributeToDefaultFund: { member: 'broker', currency: 'USD', amount: '1' },
  contributeHouseTranche: { tranche: 'HOUSE_TRANCHE_2', currency: 'USD', amount: '1' },
  addBackstopIncome: { currency: 'USD', amount: '1' },
  contributeToBackstopPool: { account: 'bob', amount: '1' },
  withdrawCollateral: { account: 'alice', currency: 'USD', amount: '1' },
  transferCollateral: { from: 'alice', to: 'twin', currency: 'USD', amount: '1' },
  openAccount: { account: 'A@', member: 'broker', owner: 'alice', currency: 'USD', policy: 'classic', leverage: '5' },
  reportDepth: { instrument: 'BTC-PERP', bids: '1', asks: '1' },
  placeOrder: { account: 'alice', instrument: 'BTC-PERP', side: 'BUY', size: '1', price: '50000', order: 'O@' },
  submitTrade: { trade: 'T@', instrument: 'BTC-PERP', buyer: 'alice', seller: 'bob', size: '1', price: '50000' },
  registerLiquidator: { account: 'bob', deposit: '1', operator: 'liquidator' },
  registerBackstopProvider: { account: 'bob', capacity: '1', discount: '0.01' },
  submitFundingRate: { instrument: 'BTC-PERP', rate: '0.0001' },
  issueMarginCall: { account: 'eve', amount: '1', window: '1h', reason: 'a test' },
  submitIndexPrices: { source: 'one', prices: [{ index: 'BTC/USD', price: '50000' }] },
  submitImpactPrices: { source: 'venue', prices: [{ instrument: 'BTC-PERP', bid: '50000', ask: '50001' }] },
  submitMarkPrices: { source: 'venue', prices: [{ instrument: 'BTC-PERP', price: '50000' }] },
};
