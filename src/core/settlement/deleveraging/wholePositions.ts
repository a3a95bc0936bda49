/**
 * What venues did on 10 October 2025, as figures to compare with: down the rank, position by position whole, each at
 * the closing limit, until the lots of the bankrupt account are found. Nothing here acts.  Rule: S09
 */

import { allocate } from '../../../units/allocate';
import { type Cash, type Count, cash, minus, type Size, size } from '../../../units/quantity';
import type { Ratio } from '../../../units/ratio';
import { concentrationOf } from './share';

/** A holder in rank order, as far as it matters here. */
export interface WholePosition {
  readonly account: string;
  readonly lots: Size; // without sign
}

export interface WholePositionFigures {
  readonly closed: Size; // lots: the last position is closed whole, needed or not
  readonly forgone: Cash; // given up at the closing limit, of everything that was closed
  readonly overshoot: Cash; // of it, beyond what was missing
  readonly affected: Count;
  readonly concentration: Ratio;
}

/** `lots` lost `loss` together, of which `missing` was covered by nothing before. */
export function closeWholePositions(
  ranked: readonly WholePosition[],
  lots: Size,
  loss: Cash,
  missing: Cash,
): WholePositionFigures {
  const taken: WholePosition[] = [];
  let closed = size(0n);
  for (const holder of ranked) {
    if (closed >= lots) break;
    taken.push(holder);
    closed = size(closed + holder.lots);
  }
  const forgone = lots === 0n ? cash(0n) : cash((loss * closed) / lots);
  const parts = allocate(
    forgone,
    taken.map(({ account, lots: weight }) => ({ id: account, weight })),
  );
  return {
    closed,
    forgone,
    overshoot: minus(forgone, missing),
    affected: taken.length,
    concentration: concentrationOf(parts.map((part) => ({ forgone: part }))),
  };
}
