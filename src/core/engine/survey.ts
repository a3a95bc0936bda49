/**
 * The auditor of the watch: revalues accounts whatever the triggers say, and stops the house where one is to be acted
 * on and nobody was going to.  Rules: RLM-2, RMR-1
 */

import { assert } from '../../units/failure';
import type { Count } from '../../units/quantity';
import { standingOfAccount } from '../margin/standing';
import type { AccountId } from '../model/account';
import type { View } from '../model/state';
import { isKept, vigilOf } from './quiet';

/** Accounts revalued at one go. */
const SLICE = 10_000;

export interface Surveyed {
  readonly next: Count; // where in the book to go on; 0: everybody has been looked at
  readonly doubtful: readonly AccountId[]; // not beyond doubt in floats, and decided in integers
}

/** Revalues a slice of the book. Throws InvariantViolation with the account that was missed. */
export function surveySlice(view: View, from: Count, most = SLICE): Surveyed {
  const { doubtful, next } = view.watch.survey(view, from, most);
  for (const account of doubtful) expectQuiet(view, account);
  return { next: next >= view.book.accountCount ? 0 : next, doubtful };
}

/**
 * Revalues everybody; `exact`: in integers all of them, trusting no float. Returns how many. Throws InvariantViolation.
 */
export function auditQuiet(view: View, { exact }: { readonly exact: boolean }): number {
  if (exact) for (const account of view.book.accountIds()) expectQuiet(view, account);
  else for (let slice = surveySlice(view, 0); slice.next > 0; ) slice = surveySlice(view, slice.next);
  return view.book.accountCount;
}

/** Revalues one account in integers. Throws InvariantViolation where it is to be acted on and nobody was going to. */
export function expectQuiet(view: View, account: AccountId): void {
  const vigil = vigilOf(view, account);
  if (vigil === 'ALWAYS' || vigil === 'ASLEEP' || view.backlog.has(account)) return;
  const standing = standingOfAccount(view, account);
  assert(isKept(vigil, standing), 'An account crossed a level and nobody looked', {
    account,
    status: view.book.stateOf(account).status,
    equity: standing.equity,
    initial: standing.initial,
    maintenance: standing.maintenance,
  });
}
