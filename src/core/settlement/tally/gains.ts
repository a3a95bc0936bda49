/** What an account has gained within the loss period: the base by which losses are socialized.  Rules: SL-2, Ruling 7 */

import { known } from '../../../units/failure';
import { type Cash, cash, instant, minus, negate, plus } from '../../../units/quantity';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { unrealisedOf } from '../../position/value';
import { periodEndOf, startPeriod } from '../../reference/lossPolicies';
import { restartDraws } from './draws';

/** Realised and unrealised gain since the period began, less what was levied on it already. Signed. */
export function gainOf(view: View, account: AccountId): Cash {
  let gain = negate(view.book.stateOf(account).levied);
  for (const [id, position] of view.book.positions(account)) {
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    const unrealised = mark === null ? cash(0n) : unrealisedOf(instrument, position, mark.price);
    gain = plus(gain, plus(position.gain, unrealised));
  }
  return gain;
}

/** Ends one period and begins the next: gains are counted from here. */
export function rollLossPeriod(desk: Desk, currency: CurrencyId): void {
  const policy = known(desk.view.lossPolicies.get(currency), 'Loss policy', currency);
  desk.emit({ type: 'LossPeriodStarted', currency, ends: periodEndOf(policy, desk.at) });
}

export function onLossPeriodStarted(state: State, { currency, ends }: EventOf<'LossPeriodStarted'>): void {
  startPeriod(state, currency, instant(ends));
  restartDraws(state, currency);
  for (const id of state.book.accountIds()) {
    if (state.book.account(id)?.currency !== currency) continue;
    state.book.setState(id, { ...state.book.stateOf(id), levied: cash(0n) });
    for (const [instrumentId, position] of [...state.book.positions(id)]) {
      const { instrument, mark } = known(state.listings.get(instrumentId), 'Instrument', instrumentId);
      // From now on gain + unrealised counts from zero.
      const unrealised = mark === null ? cash(0n) : unrealisedOf(instrument, position, mark.price);
      state.book.setPosition(id, instrumentId, { ...position, gain: minus(cash(0n), unrealised) });
    }
  }
}
