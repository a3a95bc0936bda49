/** Levels of the ladder: shares of the requirement that equity is held against, without rounding.  Ruling 2 */

import { type Margin, margin, NO_MARGIN } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { divUp } from '../../units/rounding';
import type { MarginLevel, MarginTerm } from '../model/policy';
import type { Surplus } from '../model/watch';
import type { Requirement } from './model/model';

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
    ratio: {
      numerator: term.ratio.numerator * (by.denominator + by.numerator),
      denominator: term.ratio.denominator * by.denominator,
    },
  }));

export function surplus(equity: bigint, initial = 0n, maintenance = 0n, constant = NO_MARGIN): Surplus {
  return { equity, initial, maintenance, constant };
}

const surplusOver = ({ base, ratio }: MarginTerm): Surplus =>
  surplus(ratio.denominator, base === 'INITIAL' ? ratio.numerator : 0n, base === 'MAINTENANCE' ? ratio.numerator : 0n);

/** Equity over each term of the levels; of several terms on one base only the highest says anything. */
export function surplusesOver(levels: readonly MarginLevel[]): Surplus[] {
  const highest = new Map<MarginTerm['base'], MarginTerm>();
  for (const term of levels.flat()) {
    const before = highest.get(term.base);
    if (!before || term.ratio.numerator * before.ratio.denominator > before.ratio.numerator * term.ratio.denominator)
      highest.set(term.base, term);
  }
  return [...highest.values()].map(surplusOver);
}
