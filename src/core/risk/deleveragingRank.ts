/**
 * Who stands on the other side of a position, ranked, and how much each can give up. Left out are the house's own
 * accounts, everybody of an owner that is in default, and accounts that have nothing left themselves.  Rules: SL-5, S09
 */

import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  cash,
  compare,
  greatest,
  least,
  margin,
  minus,
  plus,
  RATE_ONE,
  type Size,
  total,
} from '../../units/quantity';
import { compareRatios, type Ratio } from '../../units/ratio';
import { cashDown, divDown } from '../../units/rounding';
import { type Standing, standingOfAccount } from '../margin/standing';
import type { AccountId, OwnerId } from '../model/account';
import type { DeleveragingPolicy } from '../model/deleveraging';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { leverageOf, profitOf, scoreOf } from './deleveragingScore';

export interface Holder {
  readonly account: AccountId;
  readonly score: Ratio;
  readonly lots: Size; // held, without sign
  readonly profit: Cash; // in the position, signed
  readonly cap: Cash; // the most it can give up, at least zero
  readonly weight: bigint; // by which LEVERAGE_WEIGHTED shares: profit x effective leverage
}

export interface Side {
  readonly instrument: InstrumentId;
  readonly long: boolean; // whether holders that are long are asked
  readonly without: ReadonlySet<OwnerId>; // owners in default
  readonly spent?: Spent; // where a loss is just being borne
}

/** What an account is to pay by earlier layers of a loss that is just being borne, and still has. */
export type Spent = (account: AccountId) => Cash;

/** Everybody on a side, the first in rank first; of equal scores the smaller id. */
export function rankedHolders(
  view: View,
  { instrument, long, without, spent }: Side,
  policy: DeleveragingPolicy,
): Holder[] {
  const holders: Holder[] = [];
  for (const id of view.book.holders(instrument)) {
    const size = view.book.position(id, instrument)?.size ?? 0n;
    if (size === 0n || size > 0n !== long) continue;
    const account = known(view.book.account(id), 'Account', id);
    if (account.kind === 'CLOSE_OUT' || without.has(account.owner)) continue;
    const holder = holderOf(view, standingOfAccount(view, id), instrument, policy, spent?.(id));
    if (holder) holders.push(holder);
  }
  return sortByRank(holders);
}

export interface Ranked {
  readonly account: AccountId;
  readonly score: Ratio;
}

/** Higher scores first, of equal ones the smaller id. */
export const byRank = (a: Ranked, b: Ranked): number =>
  compareRatios(b.score, a.score) || compare(a.account, b.account);

/** Parts of a score that are told apart by one division; where two agree so far they are compared in full. */
const FINE = 2n ** 64n;

/** Sorts by rank. Rounding down keeps the order, so that most pairs are told apart by whole numbers of a few digits. */
export function sortByRank<Item extends Ranked>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, near: divDown(item.score.numerator * FINE, item.score.denominator) }))
    .sort((a, b) => compare(b.near, a.near) || byRank(a.item, b.item))
    .map(({ item }) => item);
}

/**
 * A holder with its score and its limit; undefined where its account has nothing left and cannot be ranked. `spent` is
 * what it is to pay by earlier layers: it has that no more, and no gain gives twice. A holding that stands still counts
 * at its last price.  SL-2, SL-3; ruling 13
 */
export function holderOf(
  view: View,
  standing: Standing,
  instrument: InstrumentId,
  policy: DeleveragingPolicy,
  spent = cash(0n),
): Holder | undefined {
  const { picture, equity, maintenance } = standing;
  const holding = picture.holdings.find((each) => each.instrument.id === instrument);
  if (!holding || equity <= 0n) return undefined;
  const profit = profitOf(holding, policy.basis);
  // Its open orders in the instrument are called back and closing frees margin, so what is required can only fall.
  const spare = greatest(minus(cashDown(margin(equity - maintenance)), spent), cash(0n));
  const cap =
    policy.bound === 'PROFIT'
      ? greatest(least(profit, least(unleviedOf(view, picture, policy, spent), spare)), cash(0n))
      : spare;
  const leverage = leverageOf(standing, holding);
  return {
    account: picture.account.id,
    score: scoreOf(standing, holding, policy.score, policy.basis, leverage),
    lots: abs(holding.position.size),
    profit,
    cap,
    weight: profit > 0n ? (profit * leverage.above * RATE_ONE) / leverage.below : 0n,
  };
}

/**
 * What an account has gained by all its positions in profit, less what was levied on its gains within the loss period.
 */
function unleviedOf(
  view: View,
  { account, holdings }: Standing['picture'],
  { basis }: DeleveragingPolicy,
  spent: Cash,
): Cash {
  const gained = total(holdings.map((holding) => greatest(profitOf(holding, basis), cash(0n))));
  return minus(gained, plus(view.book.stateOf(account.id).levied, spent));
}
