/**
 * What a netting set has to have: the seam behind which every margin model stands. A netting set is what one model
 * margins together: of an account, the holdings whose instruments are under it. Levels, calls, liquidation, the watch,
 * health and explanations ask a model and nothing else.
 */

import type { Cash, Count, Margin, Rate, Size } from '../../../units/quantity';
import type { Curve, CurveByHolding, Margined, MarginTerms } from '../../model/margin';
import type { MarginTerm } from '../../model/policy';
import type { Holding } from './holding';

export interface Requirement {
  readonly initial: Margin;
  readonly maintenance: Margin;
}

/**
 * What can be explained: a requirement that levels are held against, or what new risk and withdrawals have to leave
 * covered.
 */
export type Figure = keyof Requirement | 'opening';

/** A holding under the terms of one model. */
export type Under<Terms> = Holding & { readonly terms: Terms };

/** One part of a figure. Which fields are set depends on its kind. */
export interface Line {
  readonly kind:
    | 'CASH'
    | 'UNREALISED'
    | 'COLLATERAL'
    | 'TRANCHE'
    | 'CONTRACT_FLOOR'
    | 'CHOSEN_LEVERAGE'
    | 'HELD_GAIN'
    | 'LOST_SINCE'
    | 'LOSS_NOT_OFFSET';
  readonly subject: string; // instrument or currency
  readonly tier: Count | null; // of a tranche, or of collateral with several haircuts; 1 is the lowest
  readonly base: Cash | null; // of a tranche: notional of the owner in that tier
  readonly rate: string | null; // rate of the tranche, haircut of collateral
  readonly share: string | null; // of a tranche: this account's part of the owner's exposure
  // price the line was computed at, in ticks, with the journal entry that set it: price@seq
  readonly input: string | null;
  readonly amount: Margin;
}

/** How many lots have to go so that equity covers one term of a level again. */
export interface Closing extends Requirement {
  readonly equity: Margin;
  readonly term: MarginTerm;
  readonly rateOfCost: Rate; // of the notional closed
}

export interface MarginModel<Terms = MarginTerms> {
  /** The terms of an instrument under this model; null where the instrument has none. */
  termsOf(listing: Margined): Terms | null;
  /**
   * Initial and maintenance margin of a set, rounded up at the resolution of margin. Levels, calls and close-out go by
   * them.
   */
  requirement(set: readonly Under<Terms>[]): Requirement;
  /**
   * What new risk and withdrawals have to leave covered: initial margin, or more. No level, call or close-out goes by
   * it.
   */
  opening(set: readonly Under<Terms>[]): Margin;
  /** Lines that sum to a figure, made of the parts it is made of. */
  explain(set: readonly Under<Terms>[], which: Figure): Line[];
  /**
   * The part of the requirement that closing so many lots of a holding frees, its orders being gone; of all lots: its
   * part.
   */
  attribute(set: readonly Under<Terms>[], holding: Under<Terms>, lots: Size): Requirement;
  /**
   * A guess at the fewest lots whose closing suffices, in closed form, to be confirmed; undefined where there is none.
   */
  fewestLots(set: readonly Under<Terms>[], holding: Under<Terms>, closing: Closing): bigint | undefined;
  /**
   * What solver and watch may use of an instrument: its requirement as a concave function of notional, or such a
   * function for each holding. One and the same object for as long as it holds.
   */
  screen(terms: Terms): Curve | CurveByHolding;
  /** The largest notional an owner may hold; null: no limit. */
  limit(terms: Terms): Cash | null;
}
