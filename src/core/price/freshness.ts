/** When a price may still be believed.  Rules: RLM-4, S14 */

import { Malformed } from '../../units/failure';
import { instantText } from '../../units/instant';
import type { Duration, Instant } from '../../units/quantity';
import { type Rejection, reject } from '../message/rejection';
import type { AccountId } from '../model/account';
import type { PriceUse } from '../model/priceGuards';
import type { IndexId, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';

/** Clocks of feeds and house may differ by this much. */
export const CLOCK_TOLERANCE = 1000;

/** Why an observation cannot be taken: from the future, older than the one before, or older than a heartbeat. */
export function observationProblem(
  observedAt: Instant,
  now: Instant,
  heartbeat: Duration,
  before: Instant | undefined,
): Rejection | undefined {
  // A time that is not a whole number would never grow old.
  if (!Number.isSafeInteger(observedAt)) throw new Malformed(`Not an instant: ${observedAt}`);
  // Texts of times are dear: they are written for a price that is refused, and for no other.
  const details = () => ({ observedAt: instantText(observedAt), now: instantText(now) });
  if (observedAt > now + CLOCK_TOLERANCE) return reject('PRICE_FROM_FUTURE', details());
  const isOld = now - observedAt >= heartbeat || (before !== undefined && observedAt < before);
  return isOld ? reject('PRICE_TOO_OLD', details()) : undefined;
}

/** Whether an index is doubted for something that forbids a use of it. */
export function isDoubted(view: Pick<View, 'indices'>, index: IndexId | null, use: PriceUse): boolean {
  const guard = index === null ? undefined : view.indices.get(index)?.guard;
  if (!guard?.policy.terms || guard.faults.length === 0) return false;
  const forbidden = guard.policy.terms[USES[use]];
  return guard.faults.some((fault) => forbidden.includes(fault));
}

const USES = { LIQUIDATION: 'liquidation', MARGIN: 'margin', NEW_RISK: 'newRisk' } as const;

/**
 * Whether a holding in it stands still: nobody vouches for its price, its index is doubted, or its trading is halted.
 * That freezes the holding alone.  Ruling 13
 */
export const isFrozen = (view: View, { mark, status, instrument }: Listing): boolean =>
  status === 'HALTED' || mark === null || mark.stale || isDoubted(view, instrument.index, 'LIQUIDATION');

/** The same of an instrument by its id. */
export function standsStill(view: View, instrument: InstrumentId): boolean {
  const listing = view.listings.get(instrument);
  return listing === undefined || isFrozen(view, listing);
}

/**
 * Whoever is called or closed out holds more that stands still now, or less: the clock of a call and what may be closed
 * depend on it.  Ruling 13
 */
export function wakeHolders(state: State, instrument: InstrumentId): void {
  for (const account of state.book.holders(instrument))
    if (state.callOf.has(account) || state.liquidationOf.has(account)) state.due.add(account);
}

/** The first instrument by id in which an account holds what stands still. */
export function frozenOf(view: View, account: AccountId): InstrumentId | undefined {
  let first: InstrumentId | undefined;
  for (const [id, { size }] of view.book.positions(account))
    if (size !== 0n && standsStill(view, id) && (first === undefined || id < first)) first = id;
  return first;
}

/** Why no decision that needs the instrument's price can be made now. */
export function priceProblem(view: View, instrument: InstrumentId): Rejection | undefined {
  const mark = view.listings.get(instrument)?.mark;
  if (!mark) return reject('PRICE_MISSING', { instrument });
  return mark.stale ? reject('PRICE_STALE', { instrument }) : undefined;
}

/** Why no new risk may be taken in it now. */
export function newRiskPriceProblem(view: View, instrument: InstrumentId): Rejection | undefined {
  const problem = priceProblem(view, instrument);
  if (problem) return problem;
  const index = view.listings.get(instrument)?.instrument.index ?? null;
  if (!isDoubted(view, index, 'NEW_RISK')) return undefined;
  return reject('PRICE_DOUBTED', { instrument, index: index ?? '' });
}
