/** Default policies: how long clients may move, how long orders stand, and what one officer may do alone.  Rule: X-6 */

import { cash, duration } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { DefaultPolicy } from '../model/memberDefault';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { LONGEST_WINDOW } from './policies';
import { readSpan, readTerm, readWhole } from './reading';

/** What holds for a currency until an officer says otherwise: clients have two days, no trade is made by one person. */
export const standardDefaultPolicy = (currency: CurrencyId): DefaultPolicy => ({
  currency,
  version: 1,
  portingWindow: duration(2 * 86_400_000),
  acceptWindow: duration(4 * 3_600_000),
  orderWindow: duration(60_000),
  aloneUpTo: cash(0n),
  minimumLots: 4,
});

export const defaultPolicyOf = (view: View, currency: CurrencyId): DefaultPolicy =>
  view.defaultPolicies.get(currency) ?? standardDefaultPolicy(currency);

const MOST_LOTS = 100;

/** Errors: CURRENCY_NOT_FOUND, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS. */
export function checkSetDefaultPolicy(view: View, command: CommandOf<'SetDefaultPolicy'>): Checked<DefaultPolicy> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  for (const field of ['portingWindow', 'acceptWindow', 'orderWindow'] as const) {
    const window = readSpan(field, command[field], 1000, LONGEST_WINDOW);
    if (window.rejection) return window;
  }
  const alone = readTerm(currency, 'aloneUpTo', command.aloneUpTo);
  if (alone.rejection) return alone;
  const lots = readWhole('minimumLots', command.minimumLots, 1, MOST_LOTS);
  if (lots.rejection) return lots;
  return ok({
    currency: currency.id,
    version: defaultPolicyOf(view, currency.id).version + 1,
    portingWindow: duration(command.portingWindow),
    acceptWindow: duration(command.acceptWindow),
    orderWindow: duration(command.orderWindow),
    aloneUpTo: alone.ok,
    minimumLots: lots.ok,
  });
}

export const setDefaultPolicy = (desk: Desk, terms: DefaultPolicy): void =>
  desk.emit({ type: 'DefaultPolicySet', terms });

export const onDefaultPolicySet = (state: State, { terms }: EventOf<'DefaultPolicySet'>): void =>
  void state.defaultPolicies.set(terms.currency, terms);
