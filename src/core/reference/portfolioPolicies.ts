/** How whole portfolios are auctioned, by currency.  Rules: CA-5, X-6 */

import { duration } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, refused } from '../message/rejection';
import type { PortfolioPolicy } from '../model/portfolio';
import type { State, View } from '../model/state';
import { readCurve } from './auctionPolicies';
import { LONGEST_WINDOW } from './policies';
import { readRate, readSpan } from './reading';

/** Errors, in order: CURRENCY_NOT_FOUND, CURVE_INVALID, TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE. */
export function checkSetPortfolioPolicy(
  view: View,
  command: CommandOf<'SetPortfolioPolicy'>,
): Checked<PortfolioPolicy> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const { start, cutoff, fast, slow } = command;
  const curve = readCurve({ shape: 'TWO_SPEED', start, cutoff, fast, slow });
  if (curve.rejection) return curve;
  if (curve.ok.shape !== 'TWO_SPEED') return refused('CURVE_INVALID', { field: 'shape' });
  const reserveShare = readRate('reserveShare', command.reserveShare);
  if (reserveShare.rejection) return reserveShare;
  const window = readSpan('window', command.window, 1000, LONGEST_WINDOW);
  if (window.rejection) return window;
  const insolvent =
    command.insolventWindow === null
      ? ok(null)
      : readSpan('insolventWindow', command.insolventWindow, 1000, LONGEST_WINDOW);
  if (insolvent.rejection) return insolvent;
  return ok({
    currency: currency.id,
    version: (view.portfolioPolicies.get(currency.id)?.version ?? 0) + 1,
    curve: curve.ok,
    reserveShare: reserveShare.ok,
    window: duration(window.ok),
    insolventWindow: insolvent.ok === null ? null : duration(insolvent.ok),
  });
}

export const setPortfolioPolicy = (desk: Desk, terms: PortfolioPolicy): void =>
  desk.emit({ type: 'PortfolioPolicySet', terms });

export function onPortfolioPolicySet(state: State, { terms }: EventOf<'PortfolioPolicySet'>): void {
  state.portfolioPolicies.set(terms.currency, terms);
}
