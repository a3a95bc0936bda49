/** Currencies and what they count as collateral.  Rules: QC-1, RB-4 */

import { isChosenId } from '../../units/id';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { CollateralTerms, Currency } from '../model/reference';
import type { State, View } from '../model/state';
import { closeOutAccountOf } from './accounts';
import { standardDisposalPolicy, standardLossPolicy } from './lossPolicies';
import { readRate, readWhole } from './reading';

/** Errors: ID_INVALID, ALREADY_EXISTS, VALUE_OUT_OF_RANGE. */
export function checkDefineCurrency(view: View, command: CommandOf<'DefineCurrency'>): Checked<Currency> {
  if (!isChosenId(command.currency)) return refused('ID_INVALID', { currency: command.currency });
  // A scale once used is in every amount of the journal: it never changes.
  if (view.currencies.has(command.currency)) return refused('ALREADY_EXISTS', { currency: command.currency });
  const scale = readWhole('scale', command.scale, 0, 12);
  return scale.rejection ? scale : ok({ id: command.currency, scale: scale.ok });
}

/** Defines it, opens the account in which the house holds what it takes over, and sets the standard loss and disposal policies. */
export function defineCurrency(desk: Desk, definition: Currency): void {
  desk.emit({ type: 'CurrencyDefined', definition });
  desk.emit({ type: 'AccountOpened', opened: closeOutAccountOf(definition.id) });
  desk.emit({ type: 'LossPolicySet', terms: standardLossPolicy(definition.id) });
  desk.emit({ type: 'DisposalPolicySet', terms: standardDisposalPolicy(definition.id) });
}

export function onCurrencyDefined(state: State, event: EventOf<'CurrencyDefined'>): void {
  state.currencies.set(event.definition.id, event.definition);
}

/** Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function checkSetCollateralTerms(view: View, command: CommandOf<'SetCollateralTerms'>): Checked<CollateralTerms> {
  if (!view.currencies.has(command.currency)) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const haircut = readRate('haircut', command.haircut);
  if (haircut.rejection) return haircut;
  // Were the discount above the haircut, taking collateral over could leave an account with less than it was counted for.
  const conversionDiscount = readRate('conversionDiscount', command.conversionDiscount, 0n, haircut.ok);
  if (conversionDiscount.rejection) return conversionDiscount;
  const version = (view.collateral.get(command.currency)?.version ?? 0) + 1;
  return ok({
    currency: command.currency,
    version,
    haircut: haircut.ok,
    conversionDiscount: conversionDiscount.ok,
    eligible: command.eligible,
  });
}

export const setCollateralTerms = (desk: Desk, terms: CollateralTerms): void => desk.emit({ type: 'CollateralTermsSet', terms });

export function onCollateralTermsSet(state: State, event: EventOf<'CollateralTermsSet'>): void {
  state.collateral.set(event.terms.currency, event.terms);
  for (const account of state.book.collateralHolders(event.terms.currency)) state.due.add(account);
}
