/**
 * Sharing a closing over holders: so many lots, and a budget that they give up together, to the unit. Pure arithmetic
 * on ranked holders.  Rules: SL-5, S09, BX-A1
 */

import { allocateCapped } from '../../../units/allocate';
import { type Cash, type Count, cash, least, minus, plus, type Size, size, total } from '../../../units/quantity';
import { type Ratio, ratio } from '../../../units/ratio';
import type { DeleveragingMethod } from '../../model/deleveraging';
import type { Holder } from '../../risk/deleveragingRank';

export interface Part {
  readonly holder: Holder;
  readonly rank: Count; // from 1
  readonly lots: Size; // closed, without sign
  readonly forgone: Cash; // given up
}

type Shared = Pick<Holder, 'account' | 'lots' | 'cap' | 'profit' | 'weight'>;

/** What holders can give up together. */
export const availableOf = (holders: readonly Pick<Holder, 'cap'>[]): Cash => total(holders.map(({ cap }) => cap));

/**
 * Shares `lots` and `budget` over holders in rank order. The budget is given up whole as far as the holders' limits go;
 * lots beyond what they hold stay with whom they are. Each part has lots or gives up something.
 */
export function shareOut(method: DeleveragingMethod, holders: readonly Holder[], lots: Size, budget: Cash): Part[] {
  const closed = method === 'QUEUE' ? queueLots(holders, lots, budget) : undefined;
  const given = forgoneOf(method, holders, budget, closed);
  const each = closed ?? spreadLots(method, holders, lots, given);
  return holders
    .map((holder, i) => ({ holder, rank: i + 1, lots: each[i] ?? size(0n), forgone: given[i] ?? cash(0n) }))
    .filter((part) => part.lots > 0n || part.forgone > 0n);
}

/**
 * Down the rank, each whole as far as needed and as its limit allows at the common price; what is left then goes at the
 * mark.
 */
function queueLots(holders: readonly Shared[], lots: Size, budget: Cash): Size[] {
  const taken = holders.map(() => size(0n));
  let left = lots;
  for (const [i, { lots: held, cap }] of holders.entries()) {
    const within = budget === 0n ? held : size((cap * lots) / budget);
    taken[i] = least(left, least(held, within));
    left = minus(left, taken[i] as Size);
  }
  for (const [i, { lots: held }] of holders.entries()) {
    const more = least(left, minus(held, taken[i] as Size));
    taken[i] = plus(taken[i] as Size, more);
    left = minus(left, more);
  }
  return taken;
}

/**
 * What each gives up. A limit that binds spreads the rest over the others, and where weights are exhausted over
 * anybody's room.
 */
function forgoneOf(
  method: DeleveragingMethod,
  holders: readonly Shared[],
  budget: Cash,
  closed: readonly Size[] | undefined,
): Cash[] {
  const weightOf = ({ profit, weight, lots }: Shared, place: Count): bigint => {
    if (method === 'QUEUE') return closed?.[place] ?? 0n;
    if (method === 'OPEN_INTEREST') return lots;
    return method === 'PRO_RATA' ? (profit > 0n ? profit : 0n) : weight;
  };
  const first = allocateCapped(
    budget,
    holders.map((holder, i) => ({ id: holder.account, weight: weightOf(holder, i), cap: holder.cap })),
  );
  if (first.left === 0n) return first.shares;
  const rest = allocateCapped(
    first.left,
    holders.map((holder, i) => {
      const room = minus(holder.cap, first.shares[i] as Cash);
      return { id: holder.account, weight: room as bigint, cap: room };
    }),
  );
  return first.shares.map((share, i) => plus(share, rest.shares[i] as Cash));
}

/** Lots go with what is given up; where nothing is, by profit, and what nobody in profit holds by size. */
function spreadLots(
  method: DeleveragingMethod,
  holders: readonly Shared[],
  lots: Size,
  given: readonly Cash[],
): Size[] {
  const weights: ((place: Count) => bigint)[] = [(place) => holders[place]?.lots ?? 0n];
  if (method !== 'OPEN_INTEREST') {
    weights.unshift((place) => {
      const profit = holders[place]?.profit ?? 0n;
      return profit > 0n ? profit : 0n;
    });
    weights.unshift((place) => given[place] ?? 0n);
  }
  let each = holders.map(() => size(0n));
  let left = lots;
  for (const weight of weights) {
    if (left === 0n) break;
    const { shares, left: beyond } = allocateCapped(
      left,
      holders.map(({ account, lots: held }, i) => ({
        id: account,
        weight: weight(i),
        cap: minus(held, each[i] as Size),
      })),
    );
    each = each.map((before, i) => plus(before, shares[i] as Size));
    left = beyond;
  }
  return each;
}

/** Herfindahl index of what was given up: the sum of squared shares, 1 where one bore all; zero where nothing was. */
export function concentrationOf(parts: readonly Pick<Part, 'forgone'>[]): Ratio {
  const all = total(parts.map(({ forgone }) => forgone));
  if (all === 0n) return { numerator: 0n, denominator: 1n };
  const squares = parts.reduce((sum, { forgone }) => sum + forgone * forgone, 0n);
  return ratio(squares, all * all);
}
