/**
 * Guards of prices: an index that is far from its average, uncertain or old is doubted, and what it is doubted for
 * says what it may not be used for. It is judged whenever its price is set or has grown too old.
 * Rules: PV-3, FC-2, DR-O1; ruling 13
 */

import { known } from '../../units/failure';
import { abs, duration, type Instant, RATE_ONE } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { PriceGuardTermsInput } from '../message/priceGuardCommands';
import { type Checked, ok, refused } from '../message/rejection';
import type { PriceFault, PriceGuard, PriceGuards, PriceGuardTerms } from '../model/priceGuards';
import type { IndexId } from '../model/reference';
import type { IndexListing, State, View } from '../model/state';
import { LONGEST_HEARTBEAT } from '../reference/indices';
import { readRate, readSpan, readWhole } from '../reference/reading';
import { wakeHolders } from './freshness';
import { AVERAGE_PARTS, averageNow, lastHeardOf, tooOldAt } from './priceAverage';

/** Errors, in order: INDEX_NOT_FOUND, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS. */
export function checkSetPriceGuards(view: View, command: CommandOf<'SetPriceGuards'>): Checked<PriceGuards> {
  const listing = view.indices.get(command.index);
  if (!listing) return refused('INDEX_NOT_FOUND', { index: command.index });
  const version = (listing.guard?.policy.version ?? 0) + 1;
  if (command.terms === null) return ok({ index: command.index, version, terms: null });
  const terms = readTerms(command.terms);
  return terms.rejection ? terms : ok({ index: command.index, version, terms: terms.ok });
}

function readTerms(input: PriceGuardTermsInput): Checked<PriceGuardTerms> {
  const window = readSpan('averageWindow', input.averageWindow, 1000, LONGEST_HEARTBEAT);
  if (window.rejection) return window;
  const age = input.maximumAge === null ? ok(null) : readSpan('maximumAge', input.maximumAge, 1, LONGEST_HEARTBEAT);
  if (age.rejection) return age;
  const { maximumMultiple: times } = input;
  const multiple = times === null ? ok(null) : readWhole('maximumMultiple', times, 1, 1000);
  if (multiple.rejection) return multiple;
  const distance =
    input.maximumDistance === null
      ? ok(null)
      : readRate('maximumDistance', input.maximumDistance, 1n, 1000n * RATE_ONE);
  if (distance.rejection) return distance;
  const confidence =
    input.maximumConfidence === null ? ok(null) : readRate('maximumConfidence', input.maximumConfidence);
  if (confidence.rejection) return confidence;
  for (const field of ['liquidation', 'margin', 'newRisk'] as const)
    if (new Set(input[field]).size !== input[field].length)
      return refused('VALUE_OUT_OF_RANGE', { field, value: input[field].join(' ') });
  return ok({
    averageWindow: duration(window.ok),
    maximumMultiple: multiple.ok,
    maximumDistance: distance.ok,
    maximumConfidence: confidence.ok,
    maximumAge: age.ok === null ? null : duration(age.ok),
    liquidation: input.liquidation,
    margin: input.margin,
    newRisk: input.newRisk,
  });
}

export function setPriceGuards(desk: Desk, policy: PriceGuards): void {
  desk.emit({ type: 'PriceGuardsSet', policy });
  judgeIndex(desk, policy.index);
}

/** The average begins at the price of the moment, and goes on under new terms. */
export function onPriceGuardsSet(state: State, { policy }: EventOf<'PriceGuardsSet'>): void {
  const listing = known(state.indices.get(policy.index), 'Index', policy.index);
  const average = policy.terms && (averageNow(listing, state.now) ?? null);
  const guard: PriceGuard = { policy, average, faults: listing.guard?.faults ?? [] };
  state.indices.set(policy.index, { ...listing, guard });
  state.deadlines.set(`doubt/${policy.index}`, tooOldAt({ ...listing, guard }, state.now));
}

/** What stands against a price now, in the order in which it is looked at. */
export function faultsOf(terms: PriceGuardTerms, listing: IndexListing, now: Instant): PriceFault[] {
  const { state } = listing;
  const average = averageNow(listing, now)?.parts;
  if (state.price === null || average === undefined) return [];
  const parts = state.price * AVERAGE_PARTS;
  const { maximumMultiple, maximumDistance, maximumConfidence, maximumAge } = terms;
  const multiple = parts > average ? parts / average : average / parts;
  const faults: Record<PriceFault, boolean> = {
    TOO_VOLATILE: maximumMultiple !== null && multiple > BigInt(maximumMultiple),
    TOO_FAR:
      maximumDistance !== null && abs((parts - average) as typeof state.price) * RATE_ONE >= maximumDistance * average,
    TOO_UNCERTAIN: maximumConfidence !== null && (state.confidence ?? 0n) * RATE_ONE > maximumConfidence * state.price,
    TOO_OLD: maximumAge !== null && now - lastHeardOf(state) > maximumAge,
  };
  return (Object.keys(faults) as PriceFault[]).filter((fault) => faults[fault]);
}

/** Says so where an index is doubted otherwise than before. */
export function judgeIndex(desk: Desk, id: IndexId): void {
  const listing = known(desk.view.indices.get(id), 'Index', id);
  const { guard } = listing;
  if (!guard) return;
  const faults = guard.policy.terms ? faultsOf(guard.policy.terms, listing, desk.at) : [];
  if (faults.join() !== guard.faults.join()) desk.emit({ type: 'PriceDoubted', index: id, faults });
}

/** What follows the index may stand still now, or not any more, and what it prices may back less.  Ruling 13 */
export function onPriceDoubted(state: State, { index: id, faults }: EventOf<'PriceDoubted'>): void {
  const listing = known(state.indices.get(id), 'Index', id);
  const guard = known(listing.guard, 'Guards', id);
  state.indices.set(id, { ...listing, guard: { ...guard, faults } });
  for (const { instrument } of state.listings.values()) if (instrument.index === id) wakeHolders(state, instrument.id);
  for (const account of state.book.collateralHolders(listing.index.base))
    if (state.book.account(account)?.currency === listing.index.quote) state.due.add(account);
}
