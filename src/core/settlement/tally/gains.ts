/**
 * What an account has gained within the loss period: the base by which losses are socialized.  Rules: SL-2, Ruling 7
 */

import { allocate } from '../../../units/allocate';
import { known } from '../../../units/failure';
import { type Cash, cash, greatest, instant, least, minus, NO_CASH, negate, plus } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { Account, AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { forgotten } from '../../position/recentGain';
import { unrealisedOf } from '../../position/value';
import { periodEndOf, stableTermsOf, startPeriod } from '../../reference/lossPolicies';
import { restartDraws } from './draws';

/**
 * Realised and unrealised gain since the period began, less what was levied on it already, more what others bore for
 * it. Signed.
 */
export function gainOf(view: View, account: AccountId): Cash {
  let gain = negate(view.book.stateOf(account).levied);
  for (const [id, position] of view.book.positions(account)) {
    const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
    const unrealised = mark === null ? cash(0n) : unrealisedOf(instrument, position, mark.price);
    gain = plus(gain, plus(position.gain, unrealised));
  }
  return gain;
}

/**
 * What an account may be asked for by its gains: its part of what all accounts of its owner have gained together in the
 * currency, losses set against gains. A trade between two of them moves gains from one to the other, and nobody is
 * asked for less by it. What others bear, or will have to, is no loss of the owner. Owners are remembered while the
 * answer is used, which is for one state.  SL-2
 */
export function ownedGains(view: View): (account: Account) => Cash {
  const owners = new Map<string, ReadonlyMap<AccountId, Cash>>();
  return (account) => {
    const key = `${account.currency} ${account.owner}`;
    const parts = owners.get(key) ?? partsOf(view, account);
    owners.set(key, parts);
    return parts.get(account.id) ?? NO_CASH;
  };
}

/** The gain of an owner, shared by its accounts that have gained. */
function partsOf(view: View, { owner, currency }: Account): ReadonlyMap<AccountId, Cash> {
  const winners: { readonly id: AccountId; readonly weight: Cash }[] = [];
  let gain = NO_CASH;
  for (const id of view.book.accountsOf(owner)) {
    if (view.book.account(id)?.currency !== currency) continue;
    const own = gainOf(view, id);
    if (own > 0n) winners.push({ id, weight: own });
    gain = plus(gain, own < 0n ? least(plus(own, owedBy(view, id)), NO_CASH) : own);
  }
  if (gain <= 0n) return new Map();
  const parts = allocate(gain, winners);
  return new Map(winners.map(({ id }, i) => [id, parts[i] ?? NO_CASH]));
}

/** What an account that is being closed is worth less than nothing. */
function owedBy(view: View, account: AccountId): Cash {
  const { status } = view.book.stateOf(account);
  if (status !== 'LIQUIDATING' && status !== 'BANKRUPT') return NO_CASH;
  return greatest(negate(cashDown(standingOfAccount(view, account).equity)), NO_CASH);
}

/** Ends one period and begins the next: gains are counted from here. */
export function rollLossPeriod(desk: Desk, currency: CurrencyId): void {
  const policy = known(desk.view.lossPolicies.get(currency), 'Loss policy', currency);
  desk.emit({ type: 'LossPeriodStarted', currency, ends: periodEndOf(policy, desk.at) });
}

export function onLossPeriodStarted(state: State, { currency, ends }: EventOf<'LossPeriodStarted'>): void {
  startPeriod(state, currency, instant(ends));
  restartDraws(state, currency);
  const terms = stableTermsOf(state, currency);
  for (const id of state.book.accountIds()) {
    if (state.book.account(id)?.currency !== currency) continue;
    state.book.setState(id, { ...state.book.stateOf(id), levied: cash(0n) });
    for (const [instrumentId, position] of [...state.book.positions(id)]) {
      const { instrument, mark } = known(state.listings.get(instrumentId), 'Instrument', instrumentId);
      // From now on gain + unrealised counts from zero.
      const unrealised = mark === null ? cash(0n) : unrealisedOf(instrument, position, mark.price);
      const kept = forgotten(position, terms, state.now);
      state.book.setPosition(id, instrumentId, { ...kept, gain: minus(cash(0n), unrealised) });
    }
  }
}
