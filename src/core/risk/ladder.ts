/** The ladders of the house made ready for a pass over everybody: each level as what equity has over it.  Ruling 2 */

import { type Plane, planeOf } from '../book/screen/prove';
import { type Review, type Verdict } from '../book/screen/review';
import { isBelow, surplus, surplusesOver } from '../margin/level';
import type { Standing } from '../margin/standing';
import type { MarginLevel, MarginPolicy, PolicyId } from '../model/policy';
import type { Band, Rung } from './question';

export interface Ladder {
  readonly ownersAddUp: boolean;
  readonly levels: Readonly<Record<Rung, MarginLevel>>;
  readonly planes: Readonly<Record<Rung, readonly Plane[]>>;
}

const RUNGS = ['CLOSE_OUT', 'CALL', 'WARNING'] as const satisfies readonly Rung[]; // the deepest first

export function laddersOf(policies: ReadonlyMap<PolicyId, MarginPolicy>): ReadonlyMap<PolicyId, Ladder> {
  return new Map([...policies].map(([id, policy]) => [id, ladderOf(policy)]));
}

/** Of several warnings the first one counts: below any of them is below it. */
function ladderOf({ warnings, call, closeOut, aggregation }: MarginPolicy): Ladder {
  const levels = { WARNING: [...warnings.flat(), ...call], CALL: call, CLOSE_OUT: closeOut };
  const planes = (rung: Rung): readonly Plane[] => surplusesOver([levels[rung]]).map(planeOf);
  return {
    ownersAddUp: aggregation === 'OWNER',
    levels,
    planes: { WARNING: planes('WARNING'), CALL: planes('CALL'), CLOSE_OUT: planes('CLOSE_OUT') },
  };
}

const NOT_NEGATIVE: readonly Plane[] = [planeOf(surplus(1n))];

/** The band in which an account under review lies; undefined where floats cannot tell. */
export function bandUnder(review: Review, { planes }: Ladder): Band | undefined {
  let verdict: Verdict = review.verdict(planes.WARNING);
  // Nobody is below a deeper level who is not below the first.
  if (verdict === 'HOLDS') return 'ABOVE';
  let band: Band = 'ABOVE';
  for (const [rung, each] of [
    ['WARNING', planes.WARNING],
    ['CALL', planes.CALL],
    ['CLOSE_OUT', planes.CLOSE_OUT],
    ['NEGATIVE', NOT_NEGATIVE],
  ] as const) {
    verdict = review.verdict(each);
    if (verdict === 'DOUBT') return undefined;
    if (verdict === 'HOLDS') return band;
    band = rung;
  }
  return band;
}

/** The same in integers. */
export function bandOf(standing: Standing, { levels }: Ladder): Band {
  if (standing.equity < 0n) return 'NEGATIVE';
  return RUNGS.find((rung) => isBelow(standing.equity, levels[rung], standing)) ?? 'ABOVE';
}
