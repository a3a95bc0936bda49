/**
 * Changes of terms that one person makes at once, although they may call many. Such a change is a proposal first. A
 * pass counts whom it would call, so many accounts an entry, between which commands pass. Where those are few the
 * change is then made without a second person. No check counts anybody: what is asked before the pass is bounded.
 * Ruling 12
 */

import { known } from '../../units/failure';
import { type Count, compare, duration, type Instant, later, RATE_ONE } from '../../units/quantity';
import { isBelow } from '../margin/level';
import { standingOfAccount } from '../margin/standing';
import type { Command } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { Account, AccountId } from '../model/account';
import type { ChangeCount, Counted, CountedChange, Proposal } from '../model/proposal';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { changeLimitsOf } from '../reference/lossPolicies';
import { effectiveAtOf } from './change';
import { type ProposedTerms, proposedTerms } from './proposedTerms';

/** Accounts that are counted at one go. */
export const CHANGE_SLICE = 2_500;

/** From the first account to the last: a count that takes longer is begun anew, for prices have gone on. */
export const COUNT_FRESH = duration(5 * 60_000);

/** What changes of so long before have called is added. */
const ADDED_UP = duration(24 * 3_600_000);

/** Whether it has to be counted whom a checked command would call. */
export function isToBeCounted(view: View, command: Command, checked: unknown): boolean {
  const asking = [...view.currencies.keys()].filter((currency) => isAsked(view, currency, command));
  if (asking.length === 0 || !proposedTerms(view, command, checked)) return false;
  // A house with more accounts than one slice is counted whoever they are.
  if (view.book.accountCount > CHANGE_SLICE) return true;
  const open = new Map<CurrencyId, Count>();
  for (const id of view.book.accountsFrom(0, CHANGE_SLICE)) {
    const account = inBook(view, id);
    if (account) open.set(account.currency, (open.get(account.currency) ?? 0) + 1);
  }
  return asking.some((currency) => (open.get(currency) ?? 0) > changeLimitsOf(view, currency).changeAlone);
}

/** Whether a currency asks of a change how many it calls. */
function isAsked(view: View, currency: CurrencyId, command: Command): boolean {
  const { changeShare, changeNotice } = changeLimitsOf(view, currency);
  return changeShare < RATE_ONE && (effectiveAtOf(command) ?? view.now) < later(view.now, changeNotice);
}

/** An account with a position or an order: these are the book. */
function inBook({ book }: View, id: AccountId): Account | undefined {
  const account = book.account(id);
  if (!account || account.kind === 'CLOSE_OUT') return undefined;
  for (const [, { size, bids, asks }] of book.positions(id))
    if (size !== 0n || bids !== 0n || asks !== 0n) return account;
  return undefined;
}

/** Counts the next accounts, each as it stands now. `next` of zero: everybody has been counted. */
export function countSlice(view: View, terms: ProposedTerms | undefined, before: ChangeCount): ChangeCount {
  const isFirst = before.next === 0;
  const currencies = new Map<CurrencyId, Counted>(isFirst ? [] : before.currencies.map((one) => [one.currency, one]));
  for (const id of view.book.accountsFrom(before.next, CHANGE_SLICE)) {
    const account = inBook(view, id);
    if (!account) continue;
    const { currency } = account;
    const one = currencies.get(currency) ?? { currency, accounts: 0, called: 0, closedOut: 0, earlier: 0 };
    const fate = terms?.concern(id) ? fateOf(view, terms, id) : undefined;
    currencies.set(currency, {
      ...{ currency, accounts: one.accounts + 1, earlier: 0 },
      called: one.called + (fate === 'CALLED' ? 1 : 0),
      closedOut: one.closedOut + (fate === 'CLOSED_OUT' ? 1 : 0),
    });
  }
  const next = before.next + CHANGE_SLICE;
  return {
    next: next >= view.book.accountCount ? 0 : next,
    startedAt: isFirst ? view.now : before.startedAt,
    since: isFirst ? view.seq : before.since,
    currencies: [...currencies.values()].sort((a, b) => compare(a.currency, b.currency)),
  };
}

/**
 * What terms would make of an account that it is not by those in force. Who is being closed out has nothing to fear
 * from them.
 */
function fateOf(view: View, terms: ProposedTerms, id: AccountId): 'CALLED' | 'CLOSED_OUT' | undefined {
  if (view.book.stateOf(id).status === 'LIQUIDATING') return undefined;
  const [now, then] = [levelsCrossed(view, id), levelsCrossed(terms.view, id)];
  if (then.closeOut && !now.closeOut) return 'CLOSED_OUT';
  return then.call && !now.call ? 'CALLED' : undefined;
}

function levelsCrossed(view: View, id: AccountId): { readonly call: boolean; readonly closeOut: boolean } {
  const standing = standingOfAccount(view, id);
  const { call, closeOut } = known(standing.picture.policy, 'Margin policy', standing.picture.account.policy);
  return { call: isBelow(standing.equity, call, standing), closeOut: isBelow(standing.equity, closeOut, standing) };
}

/** Whether a count says what the change would do now: no older than is stated, and of the terms that are in force. */
export const isFresh = (view: View, { startedAt, since }: ChangeCount): boolean =>
  view.now <= later(startedAt, COUNT_FRESH) &&
  ![...view.formerTerms.values()].some((kept) => (kept.at(-1)?.entry ?? -1) >= since);

/** A count at its end, with what changes of the day before have called. */
export const countedNow = (view: View, { currencies }: ChangeCount): CountedChange => ({
  entry: view.seq,
  countedAt: view.now,
  currencies: currencies.map((one) => ({ ...one, earlier: calledEarlier(view, one.currency) })),
});

function calledEarlier(view: View, currency: CurrencyId): Count {
  let sum = 0;
  for (const { at, currencies } of view.calledByChanges.values())
    for (const one of currencies) if (later(at, ADDED_UP) > view.now && one.currency === currency) sum += affected(one);
  return sum;
}

const affected = ({ called, closedOut }: Counted): Count => called + closedOut;

/** Whether a change may be made without a second person, by its count. */
export const isUnderShare = (view: View, command: Command, { currencies }: CountedChange): boolean =>
  currencies.every((one) => {
    const { changeShare, changeAlone } = changeLimitsOf(view, one.currency);
    const sum = affected(one) + one.earlier;
    // Whom it does not call it need not ask about, whatever others have called.
    if (affected(one) === 0 || sum <= changeAlone || !isAsked(view, one.currency, command)) return true;
    return BigInt(sum) * RATE_ONE <= BigInt(one.accounts) * changeShare;
  });

/**
 * The proposal whose count goes on: one at a time, the first first, so that each is counted under the terms that those
 * before it left.
 */
export function nextToCount({ changeCounts, proposals }: View): Proposal | undefined {
  // Ids begin with the time and the entry in which they were made.
  const [first] = [...changeCounts.keys()].sort();
  return first === undefined ? undefined : known(proposals.get(first), 'Proposal', first);
}

export const advanceCount = ({ emit }: Desk, { id: proposal }: Proposal, count: ChangeCount): void =>
  emit({ type: 'ChangeCountAdvanced', proposal, count });

/** Nobody has been counted yet. */
export const notBegun = (now: Instant): ChangeCount => ({ next: 0, startedAt: now, since: 0, currencies: [] });

export function onChangeCountAdvanced(state: State, { proposal, count }: EventOf<'ChangeCountAdvanced'>): void {
  state.changeCounts.set(proposal, count);
}

export function onChangeCounted(state: State, { proposal, count }: EventOf<'ChangeCounted'>): void {
  state.changeCounts.delete(proposal);
  const counted = state.proposals.get(proposal);
  // Where a state is made of rows there are no proposals in it.
  if (counted) state.proposals.set(proposal, { ...counted, count });
}

/** A change that comes into force after it was counted is added to those of the day after it. */
export function noteCalled(state: State, { id, count }: Proposal): void {
  for (const [earlier, { at }] of state.calledByChanges)
    if (later(at, ADDED_UP) <= state.now) state.calledByChanges.delete(earlier);
  if (count?.currencies.some((one) => affected(one) > 0))
    state.calledByChanges.set(id, { at: state.now, currencies: count.currencies });
}
