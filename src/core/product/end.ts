/**
 * The end of a contract: when it comes, and the average of index prices that everybody is paid out at. A price counts
 * for as long as it stood and was live.  Rules: EX-1, EX-2
 */

import { type Duration, duration, type Instant, instant, later, type Price } from '../../units/quantity';
import { type Ratio, ratio } from '../../units/ratio';
import type { Averaging } from '../model/reference';
import type { Listing } from '../model/state';

export interface End {
  readonly at: Instant;
  readonly window: Duration | null;
}

/** When everybody is paid out: at the expiry, or sooner where that was announced. Null: it goes on. */
export function endOf({ instrument, delisting }: Pick<Listing, 'instrument' | 'delisting'>): End | null {
  if (delisting) return { at: delisting.endsAt, window: delisting.window };
  const { expiry, settlementWindow = null } = instrument;
  return expiry === null ? null : { at: expiry, window: settlementWindow };
}

/**
 * Half of the window has to have had a live price, so that a moment of it does not stand for all. What is missing at
 * its end is waited for.
 */
const neededOf = ({ from, until }: Averaging): Duration => duration(Math.floor((until - from + 1) / 2));

/** When the average is complete; undefined where it waits for a live price. */
export function completeAt(averaging: Averaging): Instant | undefined {
  const { until, since, price, live } = averaging;
  const missing = neededOf(averaging) - live;
  if (price !== null) return instant(Math.max(until, since + missing));
  return missing > 0 ? undefined : instant(Math.max(until, since));
}

/** The same up to an instant, which is not beyond its completion. */
export function countedUpTo(averaging: Averaging, now: Instant): Averaging {
  const { since, price, live, weighed } = averaging;
  const at = Math.min(now, completeAt(averaging) ?? now);
  if (at <= since) return averaging;
  const passed = at - since;
  return {
    ...averaging,
    since: instant(at),
    ...(price === null ? {} : { live: duration(live + passed), weighed: weighed + price * BigInt(passed) }),
  };
}

/** From here on another price counts. */
export const withPrice = (averaging: Averaging, price: Price | null, now: Instant): Averaging => ({
  ...countedUpTo(averaging, now),
  price,
  since: now,
});

/** The average so far, in ticks of the index; undefined before there was a price. */
export const averageOf = ({ live, weighed }: Averaging): Ratio | undefined =>
  live > 0 ? ratio(weighed, BigInt(live)) : undefined;

/** What falls due before a contract has ended: its window opens, and everybody is paid out. */
export function deadlinesOfEnd(listing: Pick<Listing, 'instrument' | 'delisting' | 'averaging'>): {
  readonly window: Instant | undefined;
  readonly expiry: Instant | undefined;
} {
  const end = endOf(listing);
  if (end === null) return { window: undefined, expiry: undefined };
  if (listing.averaging) return { window: undefined, expiry: completeAt(listing.averaging) };
  return { window: end.window === null ? undefined : later(end.at, duration(-end.window)), expiry: end.at };
}

/** Whether positions are only left any more: its end has come, or was announced and has begun.  EX-2 */
export const isEnding = (listing: Pick<Listing, 'instrument' | 'delisting'>, now: Instant): boolean => {
  const { delisting } = listing;
  const end = endOf(listing);
  return (delisting !== undefined && delisting.reduceOnlyAt <= now) || (end !== null && end.at <= now);
};
