/** What the passing of time brings: every deadline reached, in the order of instants, then of keys. */

import type { Reached } from '../../units/deadlines';
import { known } from '../../units/failure';
import type { Instant } from '../../units/quantity';
import { later } from '../../units/quantity';
import { commandOfChange, refuseChange } from '../control/change';
import { openWindows } from '../control/windows';
import { sendFinalNotice } from '../margincall/acts';
import { dueOf } from '../margincall/call';
import type { Desk } from '../message/desk';
import type { Event } from '../message/event';
import { reject } from '../message/rejection';
import type { ScheduledChange } from '../model/change';
import type { Listing, State, View } from '../model/state';
import { beginDelisting } from '../position/delisting';
import { fixFundingRate, samplePremium } from '../position/fundingWindow';
import { openWindow } from '../position/lastPrice';
import { reviewOpenInterest } from '../position/openInterestScaling';
import { markWentStale, recheckIndex } from '../price/followIndex';
import { judgeIndex } from '../price/guards';
import { nextSilence } from '../price/indexPrice';
import { tooOldAt } from '../price/priceAverage';
import { deadlinesOfEnd } from '../product/end';
import { runOff } from '../reference/currencies';
import { meetAuctionDeadline } from '../settlement/auction/course';
import { endLotRound } from '../settlement/default/auction';
import { endPorting, expirePort } from '../settlement/default/port';
import { disposeStep, scheduleNext } from '../settlement/disposal';
import { expireOrder } from '../settlement/liquidate';
import { expireClaim } from '../settlement/liquidator/claim';
import { rollLossPeriod } from '../settlement/tally/gains';
import { lapseFundCall } from '../settlement/waterfall/assessments';
import { computeCoverage } from '../settlement/waterfall/defaultFund';
import { nextCoverage } from '../settlement/waterfall/fundPolicy';
import { handlerOf } from './commands';

/** Acts on one deadline. Returns the instrument whose settlement may be due. */
type Act = (desk: Desk, state: State, id: string) => string | undefined;

const ACTS: Readonly<Record<string, Act>> = {
  auction: (desk, _state, id) => {
    meetAuctionDeadline(desk, id);
    return undefined;
  },
  awaited: (_desk, state, id) => {
    const liquidation = state.liquidations.get(id);
    if (liquidation?.paused) state.due.add(liquidation.account);
    return undefined;
  },
  call: (_desk, state, id) => {
    state.due.add(known(state.calls.get(id), 'Margin call', id).account);
    return undefined;
  },
  coverage: (desk, state, id) => {
    computeCoverage(desk, known(state.fundPolicies.get(id), 'Default fund policy', id));
    return undefined;
  },
  default: (desk, state, id) => {
    endPorting(desk, known(state.memberDefaults.get(id), 'Default', id));
    return undefined;
  },
  disposal: (desk, _state, id) => {
    disposeStep(desk, id);
    return undefined;
  },
  claim: (desk, state, id) => {
    expireClaim(desk, known(state.claims.get(id), 'Claim', id));
    return undefined;
  },
  delisting: (desk, _state, id) => {
    beginDelisting(desk, id);
    return undefined;
  },
  doubt: (desk, _state, id) => {
    judgeIndex(desk, id);
    return undefined;
  },
  expiry: (_desk, _state, id) => id,
  'fund-call': (desk, state, id) => {
    lapseFundCall(desk, known(state.fundCalls.get(id), 'Default fund call', id));
    return undefined;
  },
  halt: (_desk, _state, id) => id,
  index: (desk, _state, id) => {
    recheckIndex(desk, id);
    return undefined;
  },
  'loss-period': (desk, _state, id) => {
    rollLossPeriod(desk, id);
    return undefined;
  },
  lots: (desk, _state, id) => {
    const colon = id.indexOf(':');
    endLotRound(desk, id.slice(0, colon), id.slice(colon + 1));
    return undefined;
  },
  mark: (desk, _state, id) => {
    markWentStale(desk, id);
    return undefined;
  },
  notice: (desk, state, id) => {
    sendFinalNotice(desk, known(state.calls.get(id), 'Margin call', id));
    return undefined;
  },
  'open-interest': (desk, _state, id) => {
    reviewOpenInterest(desk, id);
    return undefined;
  },
  order: (desk, state, id) => {
    expireOrder(desk, known(state.liquidationOrders.get(id), 'Liquidation order', id));
    return undefined;
  },
  policy: (desk, state, id) => {
    desk.emit({
      type: 'MarginPolicyActivated',
      policy: id,
      version: known(state.pendingPolicies.get(id), 'Pending policy', id).version,
    });
    return undefined;
  },
  port: (desk, state, id) => {
    expirePort(desk, known(state.portOffers.get(id), 'Offer of clients', id));
    return undefined;
  },
  portfolio: (_desk, state, id) => {
    state.due.add(known(state.portfolios.get(id), 'Portfolio auction', id).account);
    return undefined;
  },
  // A sample of the instant at which an interval ends is taken before its rate: deadlines go by their keys.
  premium: (desk, _state, id) => {
    samplePremium(desk, id);
    return undefined;
  },
  proposal: (desk, _state, id) => {
    desk.emit({ type: 'ProposalExpired', proposal: id });
    return undefined;
  },
  rate: (desk, _state, id) => {
    fixFundingRate(desk, id);
    return undefined;
  },
  rest: (_desk, state, id) => {
    state.due.add(known(state.liquidations.get(id), 'Liquidation', id).account);
    return undefined;
  },
  scheduled: (desk, state, id) => {
    makeChange(desk, known(state.scheduledChanges.get(id), 'Scheduled change', id));
    return undefined;
  },
  tiers: (desk, state, id) => {
    const pending = known(state.listings.get(id)?.pendingTiers ?? undefined, 'Pending tiers', id);
    desk.emit({ type: 'TierScheduleActivated', instrument: id, version: pending.version });
    return undefined;
  },
  'run-off': (desk, state, id) => {
    runOff(desk, known(state.collateral.get(id), 'Collateral terms', id));
    return undefined;
  },
  variation: (_desk, _state, id) => id,
  window: (desk, _state, id) => {
    openWindow(desk, id);
    return undefined;
  },
};

/** A change is checked again, against the house as it is now, and comes into force, or is refused on the record. */
function makeChange(desk: Desk, change: ScheduledChange): void {
  const command = commandOfChange(change);
  const handler = handlerOf(command.type as Parameters<typeof handlerOf>[0]);
  const checked = handler.check(desk.view, command, desk.actor, desk.at);
  // What was no loosening when one person announced it may be one by now.
  const alone =
    change.approvedBy === null &&
    !checked.rejection &&
    handler.secondPerson(desk.view, command, checked.ok, desk.actor);
  const rejection = checked.rejection ?? (alone ? reject('SECOND_PERSON_REQUIRED') : undefined);
  if (rejection) refuseChange(desk, change, rejection);
  else {
    desk.emit({ type: 'ScheduledChangeMade', change: change.id });
    handler.run({ ...desk, cause: handler.cause }, checked.ok);
  }
}

/** Acts on every deadline that has been reached. Returns the instruments whose settlement may be due. */
export function meetDeadlines(desk: Desk, state: State): string[] {
  const instruments: string[] = [];
  for (let first = state.deadlines.first(); first && first.at <= state.now; first = state.deadlines.first()) {
    state.deadlines.set(first.key, undefined);
    const slash = first.key.indexOf('/');
    const act = known(ACTS[first.key.slice(0, slash)], 'Deadline', first.key);
    const instrument = act(desk, state, first.key.slice(slash + 1));
    if (instrument !== undefined) instruments.push(instrument);
  }
  return instruments;
}

/**
 * Takes every deadline that has been reached out of the queue: what they brought about is in the events of the entry.
 */
export function dropMetDeadlines(state: State): void {
  for (let first = state.deadlines.first(); first && first.at <= state.now; first = state.deadlines.first()) {
    state.deadlines.set(first.key, undefined);
  }
}

/**
 * Sets the next step of the disposals that an entry may have changed something about: those it names, and those it has
 * met.
 */
export function scheduleDisposals(state: State, events: readonly Event[], advanced: boolean): void {
  for (const event of events) {
    if ('instrument' in event && typeof event.instrument === 'string') scheduleNext(state, event.instrument);
    else if (event.type === 'DisposalPolicySet')
      scheduleAll(state, ({ instrument }) => instrument.settlement === event.terms.currency);
  }
  if (advanced) scheduleAll(state, ({ disposalDue }) => disposalDue !== null && disposalDue <= state.now);
}

function scheduleAll(state: State, concerns: (listing: Listing) => boolean): void {
  for (const listing of state.listings.values()) if (concerns(listing)) scheduleNext(state, listing.instrument.id);
}

/**
 * Whether there is work left that one entry was not to do: accounts that wait to be acted on, coverage or a change that
 * is being counted.
 */
export const isUnfinished = (view: View): boolean =>
  view.backlog.size > 0 || view.coverageRuns.size > 0 || view.changeCounts.size > 0;

/** When the house next needs to be told the time: at once while anything is unfinished. */
export const nextDeadline = (view: View): Instant | undefined => (isUnfinished(view) ? view.now : firstDeadline(view));

/** The earliest instant at which something falls due. */
export const firstDeadline = (view: View): Instant | undefined => view.deadlines.first()?.at;

/** All deadlines of a state: those still ahead, which follow from it, and those that were reached and not met yet. */
export function setDeadlines(state: State, reached: readonly Reached[]): void {
  for (const [key, at] of reached) state.deadlines.set(key, at);
  const set = (key: string, at: Instant | null | undefined): void => {
    if (at !== null && at !== undefined && at > state.now) state.deadlines.set(key, at);
  };
  for (const listing of state.listings.values()) {
    const { instrument, status, mark, pendingTiers, scaling, variationDue, disposalDue, halt, delisting, funding } =
      listing;
    set(`tiers/${instrument.id}`, pendingTiers?.effectiveAt);
    set(`disposal/${instrument.id}`, disposalDue);
    if (status === 'EXPIRED') continue;
    set(`halt/${instrument.id}`, halt?.until);
    set(`variation/${instrument.id}`, variationDue);
    const end = deadlinesOfEnd(listing);
    set(`window/${instrument.id}`, end.window);
    set(`expiry/${instrument.id}`, end.expiry);
    set(`delisting/${instrument.id}`, delisting?.reduceOnlyAt);
    set(`premium/${instrument.id}`, funding?.sampleDue);
    set(`rate/${instrument.id}`, funding?.due);
    set(`open-interest/${instrument.id}`, scaling?.due);
    if (mark && !mark.stale) set(`mark/${instrument.id}`, later(mark.at, instrument.heartbeat));
  }
  for (const listing of state.indices.values()) {
    const { index, state: index_ } = listing;
    set(`index/${index.id}`, nextSilence(index, index_.quotes, state.now));
    set(`doubt/${index.id}`, tooOldAt(listing, state.now));
  }
  for (const { currency, runOffDate, ranOff } of state.collateral.values())
    if (!ranOff) set(`run-off/${currency}`, runOffDate);
  for (const policy of state.pendingPolicies.values()) set(`policy/${policy.id}`, policy.effectiveAt);
  for (const [currency, ends] of state.lossPeriods) set(`loss-period/${currency}`, ends);
  for (const policy of state.fundPolicies.values()) set(`coverage/${policy.currency}`, nextCoverage(policy, state.now));
  for (const change of state.scheduledChanges.values()) set(`scheduled/${change.id}`, change.effectiveAt);
  // Declared of a member without a client, or given to a venue that has no time at all, one is still to be met, at this
  // very instant.
  for (const { key, until } of openWindows(state)) state.deadlines.set(key, until);
  for (const { id, restsUntil } of state.liquidations.values()) set(`rest/${id}`, restsUntil);
  for (const call of state.calls.values()) {
    set(`call/${call.id}`, dueOf(call));
    set(`notice/${call.id}`, call.finalNoticeAt);
  }
}
