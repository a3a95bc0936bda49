/**
 * Houses set up like the systems whose worked cases are reproduced: a money of any scale, instruments with tables of
 * their own.
 */

import type { CommandOf } from '../../src/core/message/command';
import type { LiquidationTermsInput } from '../../src/core/message/liquidationTermsInput';
import type { TierInput } from '../../src/core/message/tierInputs';
import { classicPolicy } from '../support/given';
import { createTestHouse, type TestHouse } from '../support/house';

const YEAR = 365 * 86_400_000;

export interface CaseInstrument {
  readonly price: string;
  readonly tiers: readonly TierInput[];
  readonly besides?: Partial<CommandOf<'SetTierSchedule'>>; // the table: growth and the like
  readonly multiplier?: string;
  readonly tick?: string;
  readonly lot?: string;
  readonly takerFee?: string;
  readonly interval?: number | null; // of variation margin; none: at every mark
  readonly expiry?: number;
  readonly heartbeat?: number;
}

export interface CaseHouse {
  readonly scale?: number;
  readonly instruments: Readonly<Record<string, CaseInstrument>>;
  readonly terms?: Partial<LiquidationTermsInput>;
  readonly policy?: Partial<CommandOf<'SetMarginPolicy'>>;
  readonly loss?: Partial<CommandOf<'SetLossPolicy'>>;
  readonly fund?: string;
  readonly capital?: string;
  readonly deposits: Readonly<Record<string, string>>;
}

export const tier = (
  floor: string,
  cap: string | null,
  initialRate: string,
  maintenanceRate: string,
  deduction: string | null = null,
): TierInput => ({
  floor,
  cap,
  initialRate,
  maintenanceRate,
  deduction,
});

/** Currency USD, a member, the policy `classic`, the instruments at their prices, an account for each deposit. */
export function caseHouse({
  scale = 2,
  instruments,
  terms = {},
  policy = {},
  loss,
  fund,
  capital,
  deposits,
}: CaseHouse): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale });
  house.send({ type: 'DefineCurrency', currency: 'X', scale: 8 });
  house.send(classicPolicy({ venueWindow: YEAR, ...terms }, policy));
  for (const [instrument, given] of Object.entries(instruments)) define(house, instrument, given);
  if (loss)
    house.send({
      type: 'SetLossPolicy',
      currency: 'USD',
      layers: ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
      base: 'GAINS',
      period: 86_400_000,
      fundTarget: '0',
      ...loss,
    });
  if (fund) house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: fund, source: 'EXTERNAL' });
  if (capital) house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: capital });
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  for (const [account, amount] of Object.entries(deposits)) {
    house.send({
      type: 'OpenAccount',
      account,
      member: 'broker',
      owner: account,
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      mode: 'CROSS',
      instrument: null,
    });
    house.send({ type: 'DepositCollateral', account, currency: 'USD', amount });
  }
  return house;
}

function define(house: TestHouse, instrument: string, given: CaseInstrument): void {
  const {
    price,
    tiers,
    tick = '1',
    lot = '1',
    takerFee = '0',
    interval = YEAR,
    expiry,
    heartbeat = 7 * 86_400_000,
    multiplier = '1',
    besides = {},
  } = given;
  house.send({
    type: 'DefineInstrument',
    instrument,
    kind: expiry === undefined ? 'PERPETUAL' : 'FUTURE',
    base: 'X',
    quote: 'USD',
    settlement: 'USD',
    tick,
    lot,
    multiplier,
    index: null,
    markMethod: 'VENUE',
    markBand: null,
    priceBand: null,
    heartbeat,
    allowsNonPositivePrice: false,
    expiry: expiry ?? null,
    variationInterval: interval,
    makerFee: '0',
    takerFee,
  });
  house.send({ type: 'SetTierSchedule', instrument, tiers, ...besides, effectiveAt: null });
  markAt(house, instrument, price);
}

export const markAt = (house: TestHouse, instrument: string, price: string) =>
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument, price, bid: null, ask: null, observedAt: null }],
  });

let trades = 0;
export const deal = (
  house: TestHouse,
  instrument: string,
  buyer: string,
  seller: string,
  size: string,
  price: string,
  taker: 'BUY' | 'SELL' | null = null,
) =>
  house.send({
    type: 'SubmitTrade',
    trade: `k${++trades}`,
    instrument,
    buyer,
    seller,
    price,
    size,
    taker,
    buyOrder: null,
    sellOrder: null,
  });
