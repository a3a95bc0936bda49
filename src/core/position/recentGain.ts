/**
 * Gains that were realised not long ago at a price beyond the stable one: by position those of the present window and
 * of the one before, so that each is remembered for one window at least and two at most. Windows begin at whole
 * multiples of their length. What is lost within them counts against what was gained; a gain at the stable price, or
 * behind it, is not kept. Nor does what two parties agreed on at a price that is better for one than the mark leave
 * with that one.  Ruling 18
 */

import { known } from '../../units/failure';
import {
  type Cash,
  compare,
  type Instant,
  instant,
  least,
  type Margin,
  marginOf,
  minus,
  NO_CASH,
  NO_MARGIN,
  negate,
  type Price,
  plus,
  type Size,
  size,
} from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import type { AccountId, GainOfWindow, Position, RecentGain } from '../model/account';
import type { Instrument } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { type StablePrice, stableFor, stablePriceOf } from '../price/stablePrice';
import { costOf } from '../product/posting';
import { type StableTerms, stableTermsOf } from '../reference/lossPolicies';
import { worthAt } from './value';

const NOTHING: GainOfWindow = { gained: NO_CASH, closed: size(0n), worth: NO_MARGIN, ahead: NO_CASH };

const sumOf = (a: GainOfWindow, b: GainOfWindow): GainOfWindow => ({
  gained: plus(a.gained, b.gained),
  closed: plus(a.closed, b.closed),
  worth: plus(a.worth, b.worth),
  ahead: plus(a.ahead, b.ahead),
});

/** Start of the window that an instant lies in. */
const startOf = ({ window }: StableTerms, now: Instant): Instant => instant(Math.floor(now / window) * window);

/** Gains whose window began before this are not remembered. */
export const oldestOf = (terms: StableTerms, now: Instant): Instant =>
  instant(terms.window === 0 ? Number.MAX_SAFE_INTEGER : startOf(terms, now) - terms.window);

/** What is still remembered of it at an instant, as long as there is something to hold back. */
function rolled(recent: RecentGain, terms: StableTerms, now: Instant): RecentGain | undefined {
  if (recent.since < oldestOf(terms, now)) return undefined;
  const since = startOf(terms, now);
  return asGain(since <= recent.since ? recent : { since, now: NOTHING, before: recent.now });
}

/** What is lost beyond what was gained does not count against what is gained later. */
function asGain(recent: RecentGain): RecentGain | undefined {
  const { now, before } = recent;
  const gained = now.gained + before.gained;
  if (gained > 0n) return recent;
  if (now.ahead + before.ahead <= 0n) return undefined;
  return gained === 0n ? recent : { ...recent, now: { ...now, gained: negate(before.gained) } };
}

/** What a position has gained within the windows that are remembered; undefined where that is nothing. */
export function recentOf({ recent }: Position, terms: StableTerms, now: Instant): GainOfWindow | undefined {
  const kept = recent && rolled(recent, terms, now);
  return kept && sumOf(kept.now, kept.before);
}

/** A position without what is remembered no longer. */
export const forgotten = (position: Position, terms: StableTerms, now: Instant): Position =>
  position.recent && position.recent.since < oldestOf(terms, now) ? withRecent(position, undefined) : position;

function withRecent(position: Position, recent: RecentGain | undefined): Position {
  if (recent) return { ...position, recent };
  const { recent: _, ...rest } = position;
  return rest;
}

/** What positions gain at one instant is held against. */
interface Measure {
  readonly instrument: Instrument;
  readonly stable: StablePrice | undefined;
  readonly terms: StableTerms;
  readonly now: Instant;
}

export const measureOf = (view: Pick<View, 'lossPolicies' | 'now'>, listing: Listing): Measure => ({
  instrument: listing.instrument,
  stable: stablePriceOf(view, listing),
  terms: stableTermsOf(view, listing.instrument.settlement),
  now: view.now,
});

/** The position with what it has just gained or lost; `remembers` says whether that begins to be remembered. */
function noted(position: Position, gain: GainOfWindow, remembers: boolean, { terms, now }: Measure): Position {
  const kept = position.recent && rolled(position.recent, terms, now);
  if (!kept && !(remembers && terms.window > 0)) return position.recent ? withRecent(position, undefined) : position;
  const recent = kept ?? { since: startOf(terms, now), now: NOTHING, before: NOTHING };
  return withRecent(position, asGain({ ...recent, now: sumOf(recent.now, gain) }));
}

/** After a settlement at a price: its lots stay open. */
export function notedSettlement(position: Position, amount: Cash, price: bigint, measure: Measure): Position {
  const { stable } = measure;
  const beyond = amount > 0n && stable !== undefined && (position.size > 0n ? price > stable.low : price < stable.high);
  return beyond || position.recent ? noted(position, { ...NOTHING, gained: amount }, beyond, measure) : position;
}

/**
 * After lots were traded, or money was moved alone; `before` is the position until then, `mark` where two parties
 * agreed on the price.
 */
export function notedChange(before: Position, position: Position, measure: Measure, mark?: Price): Position {
  const { instrument, stable } = measure;
  const gained = minus(position.gain, before.gain);
  const { lots: closed, worth: brought } = closedOf(before, position, gained);
  const ahead = mark === undefined ? NO_CASH : aheadOf(instrument, before, position, gained, mark);
  const worth = mark === undefined ? brought : least(brought, worthAt(instrument, closed, mark));
  const beyond = stable !== undefined && worth > worthAt(instrument, closed, stableFor(stable, closed));
  return noted(position, { gained, closed, worth, ahead }, (gained > 0n && beyond) || ahead > 0n, measure);
}

/** The lots that a change closed, signed as they were held, and what they brought. */
function closedOf(before: Position, after: Position, gained: Cash): { readonly lots: Size; readonly worth: Margin } {
  const whole = after.size === 0n || after.size > 0n !== before.size > 0n;
  const shrank = whole || (before.size > 0n ? after.size < before.size : after.size > before.size);
  if (!shrank || before.size === 0n) return { lots: size(0n), worth: NO_MARGIN };
  const released = whole ? costOf(before) : minus(costOf(before), costOf(after));
  return { lots: whole ? before.size : minus(before.size, after.size), worth: plus(released, marginOf(gained)) };
}

/** By how much traded lots are worth more at the mark than was paid for them; below zero where less. */
function aheadOf(instrument: Instrument, before: Position, after: Position, gained: Cash, mark: Price): Cash {
  const paid = minus(minus(costOf(after), costOf(before)), marginOf(gained));
  return cashDown(minus(worthAt(instrument, minus(after.size, before.size), mark), paid));
}

/**
 * What an account bears of a loss was taken of its gains first: so much of them is not there any more. By instrument
 * id.
 */
export function takeOfGains(state: State, account: AccountId, amount: Cash): void {
  let left = amount;
  const held = [...state.book.positions(account)].filter(([, { recent }]) => recent !== undefined);
  for (const [id, position] of held.sort(([a], [b]) => compare(a, b))) {
    const { terms, now } = measureOf(state, known(state.listings.get(id), 'Instrument', id));
    const kept = position.recent && rolled(position.recent, terms, now);
    if (!kept || left === 0n) continue;
    const taken = least(left, plus(kept.now.gained, kept.before.gained));
    left = minus(left, taken);
    const rest = { ...kept, now: { ...kept.now, gained: minus(kept.now.gained, taken) } };
    state.book.setPosition(account, id, withRecent(position, asGain(rest)));
  }
}
