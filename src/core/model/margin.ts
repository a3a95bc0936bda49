/**
 * What an instrument is margined by, as data: the terms of one margin model. `core/margin/model` has a file for each.
 */

import type { Cash } from '../../units/quantity';
import type { OpenInterestScaling } from './openInterest';
import type { Instrument } from './reference';
import type { TierSchedule } from './tiers';

/** Rates by position size. */
export interface TieredTerms {
  readonly model: 'TIERED';
  readonly schedule: TierSchedule;
}

/** Rates by position size, which for new risk and for what leaves rise with open interest. */
export interface ScaledTerms {
  readonly model: 'SCALED';
  readonly schedule: TierSchedule;
  readonly scaling: OpenInterestScaling;
}

export type MarginTerms = TieredTerms | ScaledTerms;
export type MarginModelName = MarginTerms['model'];

/** What of an instrument its terms are made of. */
export interface Margined {
  readonly instrument: Instrument;
  readonly tiers: TierSchedule | null; // in force
  readonly scaling?: OpenInterestScaling; // once any was set
}

/**
 * A requirement as a function of notional, which is a straight line in the factor: concave, straight pieces from border
 * to border, rate x notional - deduction on each. Rates over the denominator, deductions times it.
 */
export interface Curve {
  readonly denominator: bigint;
  readonly tiers: readonly Piece[]; // ascending, the first from zero; past the end of the last its rate goes on
  readonly initialPerContract?: Cash; // never less than this for each contract of the account, whatever its price
  readonly maintenancePerContract?: Cash;
}

export interface Piece {
  readonly floor: Cash;
  readonly cap: Cash | null;
  readonly initialRate: bigint;
  readonly maintenanceRate: bigint;
  readonly initialDeduction: bigint;
  readonly maintenanceDeduction: bigint;
}
