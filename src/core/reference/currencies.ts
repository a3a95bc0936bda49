/** Currencies and what they count as collateral.  Rules: QC-1, RB-4 */

import { known } from '../../units/failure';
import { isChosenId } from '../../units/id';
import { type Instant, instant } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { CollateralTerms } from '../model/collateral';
import type { Currency, CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { closeOutAccountOf } from './accounts';
import { readVariants } from './collateralVariants';
import { noteFormer } from './former';
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

/**
 * Defines it, opens the account in which the house holds what it takes over, and sets the standard loss and disposal
 * policies.
 */
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
export function checkSetCollateralTerms(
  view: View,
  command: CommandOf<'SetCollateralTerms'>,
): Checked<CollateralTerms> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const haircut = readRate('haircut', command.haircut);
  if (haircut.rejection) return haircut;
  // Were the discount above the haircut, taking collateral over could leave an account with less than it was counted
  // for.
  const conversionDiscount = readRate('conversionDiscount', command.conversionDiscount, 0n, haircut.ok);
  if (conversionDiscount.rejection) return conversionDiscount;
  const runOffDate = readRunOffDate(view, command);
  if (runOffDate.rejection) return runOffDate;
  const variants = readVariants(currency, command, haircut.ok);
  if (variants.rejection) return variants;
  const version = (view.collateral.get(command.currency)?.version ?? 0) + 1;
  return ok({
    currency: command.currency,
    version,
    haircut: haircut.ok,
    conversionDiscount: conversionDiscount.ok,
    eligible: command.eligible,
    ...(runOffDate.ok === null ? {} : { runOffDate: runOffDate.ok }),
    ...variants.ok,
  });
}

/** What may be deposited does not run off, and nothing runs off before the terms hold. */
function readRunOffDate(
  { now }: View,
  { eligible, ...command }: CommandOf<'SetCollateralTerms'>,
): Checked<Instant | null> {
  const { runOffDate = null, effectiveAt = null } = command;
  if (runOffDate === null) return ok(null);
  return eligible || runOffDate < Math.max(now, effectiveAt ?? now)
    ? refused('VALUE_OUT_OF_RANGE', { field: 'runOffDate', value: String(runOffDate) })
    : ok(instant(runOffDate));
}

export function setCollateralTerms(desk: Desk, terms: CollateralTerms): void {
  desk.emit({ type: 'CollateralTermsSet', terms });
  if (terms.runOffDate !== undefined && terms.runOffDate <= desk.at) runOff(desk, terms);
}

/**
 * The run-off date has come: what is held counts for nothing from here on, and who holds it is looked at again.  Ruling
 * 11
 */
export const runOff = (desk: Desk, { currency, version }: CollateralTerms): void =>
  desk.emit({ type: 'CollateralRanOff', currency, version });

export function onCollateralTermsSet(state: State, { terms }: EventOf<'CollateralTermsSet'>): void {
  noteFormer(state, 'collateral', terms.currency, state.collateral.get(terms.currency));
  state.collateral.set(terms.currency, terms);
  state.deadlines.set(`run-off/${terms.currency}`, terms.runOffDate);
  lookAtHolders(state, terms.currency);
}

export function onCollateralRanOff(state: State, { currency }: EventOf<'CollateralRanOff'>): void {
  const terms = known(state.collateral.get(currency), 'Collateral terms', currency);
  noteFormer(state, 'collateral', currency, terms);
  state.collateral.set(currency, { ...terms, ranOff: true });
  state.deadlines.set(`run-off/${currency}`, undefined);
  lookAtHolders(state, currency);
}

function lookAtHolders(state: State, currency: CurrencyId): void {
  for (const account of state.book.collateralHolders(currency)) state.due.add(account);
}
