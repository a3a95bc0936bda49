/**
 * Terms as they were before an entry. Whoever is called because terms changed, or was called before they did, is closed
 * out by the level of before, as long as that call is open. Accounts that had to wait their turn when terms changed are
 * called for it when they are looked at.  Ruling 12
 */

import type { Seq } from '../../units/quantity';
import type { AccountId } from '../model/account';
import type { Former, TermsIn, TermsPart } from '../model/former';
import type { State, View } from '../model/state';

/** How long replaced terms are kept: no window of a call is longer. */
const KEPT = 366 * 86_400_000;

/** The rules that know of it: under earlier ones nothing was kept. */
const SINCE = 3;

/** Notes what an event is about to replace. Every event that moves a level does. */
export function noteFormer<Part extends TermsPart>(
  state: State,
  part: Part,
  id: string,
  terms: TermsIn[Part] | undefined,
): void {
  if (terms === undefined || state.rules < SINCE) return;
  state.termsChanged = state.seq;
  const key = keyOf(part, id);
  const kept = (state.formerTerms.get(key) ?? []).filter(({ at }) => at > state.now - KEPT);
  // Replaced twice in one entry, it is what was in force before the entry that counts.
  if (kept.at(-1)?.entry === state.seq) return;
  state.formerTerms.set(key, [...kept, { entry: state.seq, at: state.now, terms }]);
}

const keyOf = (part: TermsPart, id: string): string => `${part}/${id}`;

/** The terms that were in force before an entry; undefined where they still are. */
export function termsBefore<Part extends TermsPart>(
  view: View,
  part: Part,
  id: string,
  entry: Seq | undefined,
): TermsIn[Part] | undefined {
  if (entry === undefined || view.formerTerms.size === 0) return undefined;
  const former = view.formerTerms.get(keyOf(part, id))?.find((each) => each.entry >= entry);
  return (former as Former<Part> | undefined)?.terms;
}

/** Accounts that wait their turn, and since when they have not been looked at although terms changed, if they did. */
export function noteWaiting({ missedByTurn }: State, accounts: readonly AccountId[], since: Seq | undefined): void {
  if (since === undefined) return;
  // What was missed earlier stays missed until somebody has looked.
  for (const account of accounts) if (!missedByTurn.has(account)) missedByTurn.set(account, since);
}

/** In the entry that looks at them it still counts. */
export function noteTurn({ missedByTurn, madeUp }: State, accounts: readonly AccountId[]): void {
  for (const account of accounts) {
    const since = missedByTurn.get(account);
    if (since === undefined) continue;
    missedByTurn.delete(account);
    madeUp.set(account, since);
  }
}

/**
 * The entry before which terms were as the account was last looked at under them; undefined where nothing changed
 * since.
 */
export const unseenChange = (view: View, account: AccountId): Seq | undefined =>
  view.missedByTurn.get(account) ?? view.madeUp.get(account) ?? (view.termsChanged === view.seq ? view.seq : undefined);
