/**
 * Which accounts answer for what another account of their owner leaves when it is bankrupt. All accounts that the house
 * knows by one owner's name do, whichever member they are with: a broker names owners within its member, so a name that
 * two members share is the house's word. How far isolated accounts answer and are answered for is policy.  Rules: X-1,
 * X-5, ruling 17
 */

import type { Account, AccountId } from '../model/account';
import type { IsolatedRecourse } from '../model/policy';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { LOSS_STANDARDS } from './lossPolicies';

/** How far isolated accounts of a currency answer for other accounts of their owner, and these for them. */
export const isolatedRecourseOf = (view: View, currency: CurrencyId): IsolatedRecourse =>
  view.lossPolicies.get(currency)?.isolatedRecourse ?? LOSS_STANDARDS.isolatedRecourse;

/** Accounts that answer for a bankrupt one, by id. */
export function answeringFor(view: View, bankrupt: AccountId): AccountId[] {
  const debtor = view.book.account(bankrupt);
  if (!debtor || !ownersBear(view, debtor)) return [];
  return [...view.book.accountsOf(debtor.owner)].filter((id) => answersFor(view, debtor, view.book.account(id))).sort();
}

/** Whether the loss policy has the owner of an account bear what it leaves. */
const ownersBear = (view: View, { kind, currency }: Account): boolean =>
  kind !== 'CLOSE_OUT' && (view.lossPolicies.get(currency)?.layers.includes('OWNER_COLLATERAL') ?? false);

/** Whether another account of the same owner answers for a bankrupt one. */
export function answersFor(view: View, debtor: Account, other: Account | undefined): boolean {
  if (!other || other.id === debtor.id || other.currency !== debtor.currency || !ownersBear(view, debtor)) return false;
  const isolated = [debtor, other].find(({ instrument }) => instrument !== null)?.instrument ?? null;
  if (isolated === null) return true;
  const recourse = isolatedRecourseOf(view, debtor.currency);
  if (recourse === 'SAME_UNDERLYING') return isIn(view, debtor, isolated) && isIn(view, other, isolated);
  return recourse === 'ALL';
}

/**
 * Whether an account is bound to the underlying of an instrument, or has held or traded it in the present loss period.
 */
function isIn(view: View, { id, instrument: bound }: Account, instrument: InstrumentId): boolean {
  const same = (other: InstrumentId): boolean => underlyingOf(view, other) === underlyingOf(view, instrument);
  if (bound !== null) return same(bound);
  return [...view.book.positions(id)].some(([held, { size, gain }]) => (size !== 0n || gain !== 0n) && same(held));
}

const underlyingOf = (view: View, instrument: InstrumentId): CurrencyId | undefined =>
  view.listings.get(instrument)?.instrument.base;
