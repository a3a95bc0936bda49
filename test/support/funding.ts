/** Perpetuals whose funding the house computes, and what their venue says of them. */

import type { CommandOf } from '../../src/core/message/command';
import type { Event, EventOf } from '../../src/core/message/event';
import type { FundingTermsInput } from '../../src/core/message/fundingCommands';
import type { Actor } from '../../src/core/model/actor';
import { classicPolicy, flatTiers, trade } from './given';
import { createTestHouse, ofType, type TestHouse } from './house';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** Eight hours, a sample a minute, all the same weight, nothing but the average premium. */
export const PLAIN: FundingTermsInput = {
  interval: 8 * HOUR,
  sampleInterval: 60_000,
  leastSamples: 1,
  measure: 'PREMIUM',
  weights: 'EQUAL',
  step: null,
  interest: '0',
  clamp: null,
  scale: '1',
  lower: null,
  upper: null,
  marginCap: null,
  share: '1',
  price: 'MARK',
  paymentStep: null,
};

/** Binance: 0.01 % interest, 0.05 % of clamp, later samples count more, at most 0.75 of the maintenance rate. */
export const BINANCE: FundingTermsInput = {
  ...PLAIN,
  weights: 'RISING',
  interest: '0.0001',
  clamp: { lower: '-0.0005', upper: '0.0005' },
  marginCap: { base: 'MAINTENANCE', share: '3/4' },
};

/** DYdX v4: a rate of eight hours in millionths, capped at 600 % of the gap of margin rates, an eighth each hour. */
export const DYDX: FundingTermsInput = {
  ...PLAIN,
  interval: HOUR,
  step: '0.000001',
  marginCap: { base: 'INITIAL_LESS_MAINTENANCE', share: '6' },
  share: '1/8',
  price: 'INDEX',
};

/** Drift: the spread of averages and 1/5000 of the oracle, within 1/33 of it, a day's in 24 parts. */
export const DRIFT: FundingTermsInput = {
  ...PLAIN,
  interval: HOUR,
  measure: 'SPREAD',
  interest: '0.0002',
  lower: '-1/33',
  upper: '1/33',
  share: '1/24',
  price: 'AVERAGE_INDEX',
};

/** Vega: the spread of averages, scaled, then bounded, paid on the average index. */
export const VEGA: FundingTermsInput = { ...PLAIN, interval: HOUR, measure: 'SPREAD', price: 'AVERAGE_INDEX' };

export interface FundingHouse {
  readonly terms: FundingTermsInput | null;
  readonly index?: string;
  readonly mark?: string;
  readonly tick?: string;
  readonly lot?: string;
  readonly multiplier?: string;
  readonly scale?: number;
  readonly tiers?: CommandOf<'SetTierSchedule'>['tiers'];
  readonly heartbeat?: number;
  readonly instrument?: Partial<CommandOf<'DefineInstrument'>>;
}

/** Index and mark at a price, impact prices there too, accounts `long` and `short` with a lot of money. */
export function fundingHouse(given: FundingHouse): TestHouse {
  const { index = '50000', mark = index, heartbeat = 30 * DAY } = given;
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: given.scale ?? 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy());
  const within = { maximumDeviation: '1', heartbeat: Math.min(heartbeat, 7 * DAY) };
  const sources = { sources: ['a', 'b', 'c'], minimumSources: 3 };
  house.send({ type: 'DefineIndex', base: 'BTC', quote: 'USD', tick: given.tick ?? '0.1', ...sources, ...within });
  house.send({
    type: 'DefineInstrument',
    instrument: 'BTC-PERP',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: given.tick ?? '0.1',
    lot: given.lot ?? '0.1',
    multiplier: given.multiplier ?? '1',
    index: 'BTC/USD',
    markMethod: 'VENUE',
    markBand: null,
    priceBand: null,
    heartbeat: Math.min(heartbeat, 7 * DAY),
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: 365 * DAY,
    makerFee: '0',
    takerFee: '0',
    ...given.instrument,
  });
  const tiers = given.tiers ?? flatTiers('0.05', '0.025');
  house.send({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers, effectiveAt: null });
  indexAt(house, index);
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price: mark, bid: null, ask: null, observedAt: null }],
  });
  // Once accounts are open it takes two.
  if (given.terms) setFunding(house, given.terms);
  house.send({ type: 'AdmitMember', member: 'broker', name: 'A broker' });
  for (const account of ['long', 'short']) {
    const fields = { member: 'broker', owner: account, kind: 'CLIENT', currency: 'USD', policy: 'classic' } as const;
    house.send({ type: 'OpenAccount', account, ...fields, mode: 'CROSS', instrument: null });
    house.send({ type: 'DepositCollateral', account, currency: 'USD', amount: '10000000' });
  }
  return house;
}

const officer = (id: string): Actor => ({ id, role: 'RISK_OFFICER', member: null });

/** By two persons, where two are needed. */
export function setFunding(house: TestHouse, terms: FundingTermsInput | null, instrument = 'BTC-PERP'): Event[] {
  const command = { type: 'SetFundingPolicy', instrument, terms, effectiveAt: null } as const;
  const events = house.send(command, officer('o1'));
  const [created] = ofType(events, 'ProposalCreated');
  if (!created) return events;
  const [proposal] = house.state.proposals.values();
  if (!proposal) throw new Error('No proposal');
  return house.send({ type: 'ApproveProposal', proposal: proposal.id, hash: proposal.hash }, officer('o2'));
}

/** All three sources say the same. */
export const indexAt = (house: TestHouse, price: string): void => {
  for (const source of ['a', 'b', 'c'])
    house.send({ type: 'SubmitIndexPrices', source, prices: [{ index: 'BTC/USD', price, observedAt: null }] });
};

export const impactAt = (house: TestHouse, bid: string, ask = bid, instrument = 'BTC-PERP'): Event[] =>
  house.send({
    type: 'SubmitImpactPrices',
    source: 'venue',
    prices: [{ instrument, bid, ask, observedAt: null }],
  });

/** The only rate that was fixed. */
export function fixedIn(events: readonly Event[]): EventOf<'FundingRateFixed'> {
  const [fixed, more] = ofType(events, 'FundingRateFixed');
  if (!fixed || more) throw new Error('Not one rate was fixed');
  return fixed;
}

/** Rates of two versions, samples that were left out, and an interval that runs. */
export function fundedLife(): TestHouse {
  const house = fundingHouse({ terms: { ...DRIFT, interval: HOUR }, heartbeat: 1_200_000 });
  trade(house, 'long', 'short', '3', '50000');
  impactAt(house, '50107.3');
  house.pass('1h');
  indexAt(house, '50001.7');
  impactAt(house, '50003');
  house.pass('10m');
  setFunding(house, { ...BINANCE, interval: HOUR });
  impactAt(house, '50113', '50114');
  house.pass('55m');
  indexAt(house, '49993');
  impactAt(house, '49917');
  house.pass('7m');
  return house;
}
