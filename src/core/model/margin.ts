/**
 * What an instrument is margined by, as data: the terms of one margin model. `core/margin/model` has a file for each.
 */

import type { Cash, Size } from '../../units/quantity';
import type { Position } from './account';
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

/** Rates that depend on how large a holding is, and on its side. */
export interface SizedTerms {
  readonly model: 'SIZED';
  readonly schedule: TierSchedule;
  readonly instrument: Instrument;
}

/** Rates by position size, taken at what a position was entered at. */
export interface EntryTerms {
  readonly model: 'ENTRY';
  readonly schedule: TierSchedule;
}

export type MarginTerms = TieredTerms | ScaledTerms | SizedTerms | EntryTerms;
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

/**
 * What a curve may depend on besides the instrument: it changes with an event of the account or its owner, never with a
 * price.
 */
export interface Held {
  readonly position: Position;
  readonly otherLots: Size; // exposure of the owner's other accounts
}

/** A curve for each holding, made when it is asked for. */
export interface CurveByHolding {
  readonly curveFor: (held: Held) => Curve;
}

export interface Piece {
  readonly floor: Cash;
  readonly cap: Cash | null;
  readonly initialRate: bigint;
  readonly maintenanceRate: bigint;
  readonly initialDeduction: bigint;
  readonly maintenanceDeduction: bigint;
}
