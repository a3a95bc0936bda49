/** The average of an index that its guards compare it with, and how old it is.  Rules: PV-3, DR-O1 */

import { type Instant, instant, later } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import type { IndexState } from '../model/price';
import type { PriceAverage, PriceGuard } from '../model/priceGuards';
import type { IndexListing } from '../model/state';

/** Parts of a tick in which an average is kept. */
export const AVERAGE_PARTS = 10n ** 12n;

/**
 * When the newest of the quotes that made an index was observed: looking at it again, because one fell silent, makes it
 * no younger.
 */
export const lastHeardOf = ({ quotes }: IndexState): Instant =>
  instant(
    [...quotes.values()].reduce((newest, { at, quarantined }) => (quarantined ? newest : Math.max(newest, at)), 0),
  );

/**
 * The average at an instant, in parts of a tick: what a price has stood for counts time / (window + time), half to
 * even. Time without a live price counts for nothing.
 */
export function averageNow({ state, guard }: IndexListing, now: Instant): PriceAverage | undefined {
  if (state.price === null) return undefined;
  const to = state.price * AVERAGE_PARTS;
  const { average = null, policy } = guard ?? {};
  if (!average || !policy?.terms) return { parts: to, since: now };
  const time = state.stale ? 0 : Math.max(now - average.since, 0);
  const moved = divHalfEven((to - average.parts) * BigInt(time), BigInt(policy.terms.averageWindow + time));
  return { parts: average.parts + moved, since: now };
}

/** The guard of an index whose price was set: the price before has stood until now. */
export function guardAfter(before: IndexListing, after: IndexState, now: Instant): PriceGuard | undefined {
  const { guard } = before;
  if (!guard?.policy.terms) return guard;
  const average = averageNow(before, now) ?? averageNow({ ...before, state: after }, now) ?? null;
  return { ...guard, average };
}

/** When the newest of its sources will have been silent for longer than the terms allow. */
export function tooOldAt({ guard, state }: IndexListing, now: Instant): Instant | undefined {
  const age = guard?.policy.terms?.maximumAge ?? null;
  if (age === null || state.price === null) return undefined;
  const old = instant(later(lastHeardOf(state), age) + 1);
  return old > now ? old : undefined;
}
