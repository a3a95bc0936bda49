/** A crowd under margin of which some are near their call, and one officer who changes terms.  Ruling 12 */

import { execute } from '../../src/core/engine/execute';
import { ruledAs } from '../../src/core/engine/rules';
import type { Command, CommandOf } from '../../src/core/message/command';
import { eventsOf } from '../../src/core/message/envelope';
import type { Event } from '../../src/core/message/event';
import { SYSTEM } from '../../src/core/model/actor';
import type { Proposal } from '../../src/core/model/proposal';
import { instant } from '../../src/units/quantity';
import { classicPolicy, flatTiers, onePerpetual, openAccount, term, trade } from './given';
import { ofType, type TestHouse } from './house';
import { officer } from './ladder';
import { defineIndex } from './prices';
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
export const [one, two] = [officer('one'), officer('two')];

export const limits = (changeShare: string, changeAlone: number): CommandOf<'SetLossPolicy'> => ({
  type: 'SetLossPolicy',
  currency: 'USD',
  layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'],
  base: 'GAINS',
  period: DAY,
  fundTarget: '0',
  changeShare,
  changeAlone,
  changeNotice: DAY,
});

export const HAIRCUT: CommandOf<'SetCollateralTerms'> = {
  ...{ type: 'SetCollateralTerms', currency: 'BTC', haircut: '0.1', conversionDiscount: '0', eligible: true },
  ...{ runOffDate: null, effectiveAt: null },
};

/**
 * Each long 1 at 50,000 with so much cash, 5 % / 2.5 %, against a maker with plenty; of the book two in a hundred may
 * be called, or so few.
 */
export function houseOf(cash: readonly string[], share = '0.02', alone = 0): TestHouse {
  const house = onePerpetual({ lot: '1' });
  house.audited = false;
  house.send(limits(share, alone));
  house.send(HAIRCUT);
  defineIndex(house);
  openAccount(house, 'maker', '1000000000');
  cash.forEach((amount, i) => {
    openAccount(house, `c${i}`, amount);
    trade(house, `c${i}`, 'maker', '1', '50000');
  });
  return house;
}

/** So many with 2,600: called at 6 %, for 3,000; and so many with plenty. The maker is one more. */
export const crowd = (near: number, far: number): string[] => [
  ...Array.from({ length: near }, () => '2600'),
  ...Array.from({ length: far }, () => '90000'),
];

export const rates = (maintenance: string, effectiveAt: number | null = null): Command => ({
  type: 'SetTierSchedule',
  instrument: 'BTC-PERP',
  tiers: flatTiers('0.5', maintenance),
  effectiveAt,
});

export const withCall = (ratio: string, feeRate = '0'): Command => ({
  ...classicPolicy({ feeRate }),
  ...{ warnings: [term('INITIAL', '3')], call: term('MAINTENANCE', ratio), cure: term('MAINTENANCE', '3') },
});

/** An entry of its own now, whatever else is unfinished. */
export function step(house: TestHouse, command: Command, actor = SYSTEM): Event[] {
  const at = instant(Math.max(house.now, house.state.now));
  const envelope = { seq: house.state.seq + 1, at, actor, key: null, command, ...ruledAs(house.state) };
  const outcome = execute(house.state, envelope);
  house.entries.push({ ...envelope, outcome });
  if ('rejection' in outcome) throw new Error(outcome.rejection.code);
  return [...eventsOf(outcome)];
}

export const tick = (house: TestHouse): Event[] => step(house, { type: 'AdvanceTime' });

/** What became a proposal; throws where nothing did. */
export function proposed(events: readonly Event[]): Proposal {
  const [event] = ofType(events, 'ProposalCreated');
  if (!event) throw new Error('Nothing was proposed');
  return event.created;
}

/** By one officer; throws where it is not counted. */
export function propose(house: TestHouse, command: Command): Proposal {
  const created = proposed(step(house, command, one));
  if (!created.counted) throw new Error('It is not counted');
  return created;
}

export const figuresIn = (events: readonly Event[]): number[][] =>
  ofType(events, 'ChangeCounted').flatMap(({ count }) =>
    count.currencies.map(({ accounts, called, closedOut, earlier }) => [accounts, called, closedOut, earlier]),
  );

export const maintenance = ({ state }: TestHouse): string => {
  const { tiers, denominator } = state.listings.get('BTC-PERP')?.tiers ?? { tiers: [], denominator: 1n };
  return (Number(tiers[0]?.maintenanceRate ?? 0n) / Number(denominator)).toString();
};
