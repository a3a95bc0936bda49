/** Houses that tests start from: one member, one perpetual, policies with round numbers. */

import type { CommandOf } from '../../src/core/message/command';
import type { LiquidationTermsInput } from '../../src/core/message/liquidationTermsInput';
import type { TermInput } from '../../src/core/message/referenceCommands';
import type { TierInput } from '../../src/core/message/tierInputs';
import { createTestHouse, type TestHouse } from './house';

const DAY = 86_400_000;

export const term = (base: TermInput['base'], ratio: string): TermInput[] => [{ base, ratio }];

export const NO_CHARGES: LiquidationTermsInput = {
  feeRate: '0',
  feeShares: { liquidator: '0', fund: '1', house: '0' },
  penaltyTiers: [],
  repeatSurcharge: '0',
  repeatMaximum: 0,
  repeatWindow: DAY,
  slippage: '0',
  venueWindow: 30_000,
  maximumStepNotional: null,
  maximumShareOfDepth: null,
  minimumRemainder: '0',
};

/** The classic ladder: warning below initial, call below maintenance, close-out below two thirds of it. */
export const classicPolicy = (
  liquidation: Partial<LiquidationTermsInput> = {},
  fields: Partial<CommandOf<'SetMarginPolicy'>> = {},
): CommandOf<'SetMarginPolicy'> => ({
  type: 'SetMarginPolicy',
  policy: 'classic',
  currency: 'USD',
  warnings: [term('INITIAL', '1')],
  call: term('MAINTENANCE', '1'),
  closeOut: term('MAINTENANCE', '2/3'),
  cure: term('MAINTENANCE', '1'),
  target: term('MAINTENANCE', '1'),
  hysteresis: '0',
  cureWindow: 3_600_000,
  finalNotice: null,
  amendStep: '0',
  aggregation: 'OWNER',
  liquidation: { ...NO_CHARGES, ...liquidation },
  effectiveAt: null,
  ...fields,
});

export const flatTiers = (initial: string, maintenance: string): TierInput[] => [
  { floor: '0', cap: null, initialRate: initial, maintenanceRate: maintenance, deduction: null },
];

export interface Perpetual {
  readonly price?: string;
  readonly tiers?: TierInput[];
  readonly base?: string;
  readonly lot?: string;
  readonly tick?: string;
  readonly policy?: CommandOf<'SetMarginPolicy'>;
  readonly interval?: number | null;
  readonly priceBand?: string | null;
  readonly takerFee?: string;
  readonly makerFee?: string;
}

export const definePerpetual = (house: TestHouse, instrument: string, given: Perpetual = {}): void => {
  house.send({
    type: 'DefineInstrument',
    instrument,
    kind: 'PERPETUAL',
    base: given.base ?? 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: given.tick ?? '0.1',
    lot: given.lot ?? '0.1',
    multiplier: '1',
    index: null,
    markMethod: 'VENUE',
    markBand: null,
    priceBand: given.priceBand ?? null,
    heartbeat: 7 * DAY,
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: given.interval === undefined ? 365 * DAY : given.interval,
    makerFee: given.makerFee ?? '0',
    takerFee: given.takerFee ?? '0',
  });
  house.send({
    type: 'SetTierSchedule',
    instrument,
    tiers: given.tiers ?? flatTiers('0.05', '0.025'),
    effectiveAt: null,
  });
  mark(house, given.price ?? '50000', instrument);
};

/** Currencies USD and BTC, member `broker`, policy `classic`, instrument BTC-PERP at 50,000. */
export function onePerpetual(given: Perpetual = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(given.policy ?? classicPolicy());
  definePerpetual(house, 'BTC-PERP', given);
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  return house;
}

export const mark = (house: TestHouse, price: string, instrument = 'BTC-PERP') =>
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });

export function openAccount(
  house: TestHouse,
  account: string,
  deposit?: string,
  fields: { owner?: string; policy?: string; member?: string; instrument?: string; kind?: 'CLIENT' | 'HOUSE' } = {},
): void {
  house.send({
    type: 'OpenAccount',
    account,
    member: fields.member ?? 'broker',
    owner: fields.owner ?? account,
    kind: fields.kind ?? 'CLIENT',
    currency: 'USD',
    policy: fields.policy ?? 'classic',
    mode: fields.instrument ? 'ISOLATED' : 'CROSS',
    instrument: fields.instrument ?? null,
  });
  if (deposit) pay(house, account, deposit);
}

export const pay = (house: TestHouse, account: string, amount: string, currency = 'USD') =>
  house.send({ type: 'DepositCollateral', account, currency, amount });

let trades = 0;
export const tradeOf = (buyer: string, seller: string, size: string, price: string, instrument = 'BTC-PERP') => ({
  type: 'SubmitTrade' as const,
  trade: `t${++trades}`,
  instrument,
  buyer,
  seller,
  price,
  size,
  taker: null,
  buyOrder: null,
  sellOrder: null,
});

export const trade = (
  house: TestHouse,
  buyer: string,
  seller: string,
  size: string,
  price: string,
  instrument = 'BTC-PERP',
) => house.send(tradeOf(buyer, seller, size, price, instrument));
