/** Levels of the ladder: shares of the requirement that equity is held against, without rounding.  Ruling 2 */

import { type Margin, margin } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { divUp } from '../../units/rounding';
import type { MarginLevel, MarginTerm } from '../model/policy';
import type { Requirement } from './requirement';

const baseOf = (term: MarginTerm, requirement: Requirement): Margin =>
  term.base === 'INITIAL' ? requirement.initial : requirement.maintenance;

/** Whether equity is strictly below the level: below any of its terms. Equal is not below. */
export const isBelow = (equity: Margin, level: MarginLevel, requirement: Requirement): boolean =>
  level.some((term) => equity * term.ratio.denominator < baseOf(term, requirement) * term.ratio.numerator);

/** The level as an amount, rounded up at the resolution of margin: for notices, and as the target of a reduction. */
export function amountOfLevel(level: MarginLevel, requirement: Requirement): Margin {
  let highest = 0n;
  for (const term of level) {
    const amount = divUp(baseOf(term, requirement) * term.ratio.numerator, term.ratio.denominator);
    if (amount > highest) highest = amount;
  }
  return margin(highest);
}

/** The level raised by a share, as hysteresis does. */
export const raised = (level: MarginLevel, by: Ratio): MarginLevel =>
  level.map((term) => ({
    base: term.base,
    ratio: { numerator: term.ratio.numerator * (by.denominator + by.numerator), denominator: term.ratio.denominator * by.denominator },
  }));
