/**
 * What a loss waits for, and how long. Collateral holds none back: with a live price and worth little beside the debt
 * it is taken over, not auctioned; without one it is waited for a stated time, and then counts as nothing.  Ruling 16,
 * RLM-4
 */

import { known } from '../../../units/failure';
import { type Cash, type Instant, later, NO_CASH, negate, RATE_ONE, type Rate } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { collateralValueOf, equityOf } from '../../margin/equity';
import { type Collateral, convertDown, type Picture, withoutStaleCollateral } from '../../margin/picture';
import type { CurrencyId, IndexId } from '../../model/reference';
import type { View } from '../../model/state';
import { indexIdOf } from '../../reference/indices';
import { minorShareOf, priceWaitOf } from '../../reference/lossPolicies';

/** Why a loss cannot be told yet, and until when that is waited for. */
export interface Awaited {
  readonly index: IndexId;
  readonly until: Instant;
}

/** What the account owes without its other collateral, closed at the mark. At least zero. */
export function debtOf(picture: Picture): Cash {
  const own = equityOf(picture) - collateralValueOf(picture);
  return own < 0n ? negate(cashDown(own as ReturnType<typeof equityOf>)) : NO_CASH;
}

/**
 * Whether collateral, at the last price of its index and before haircut, is worth less than the stated share of the
 * debt.
 */
export function isMinor(
  view: View,
  { account }: Picture,
  item: Pick<Collateral, 'currency' | 'amount' | 'price'>,
  debt: Cash,
): boolean {
  if (item.price === null) return true;
  return valueAt(view, account.currency, item, 0n as Rate) * RATE_ONE < debt * minorShareOf(view, account.currency);
}

/** What so much of a currency is worth in another at a price, less a discount, rounded down. */
export function valueAt(
  view: View,
  own: CurrencyId,
  { currency, amount, price }: Pick<Collateral, 'currency' | 'amount' | 'price'>,
  discount: Rate,
): Cash {
  const { index } = known(view.indices.get(indexIdOf(currency, own)), 'Index', currency);
  const [from, to] = [
    known(view.currencies.get(currency), 'Currency', currency),
    known(view.currencies.get(own), 'Currency', own),
  ];
  return cashDown(
    convertDown(from, to, amount, known(price ?? undefined, 'Index price', index.id), index.tick, discount),
  );
}

/**
 * The price without which it cannot be said what an account has left: it owes more than its live collateral is worth,
 * and other collateral has been without one for less than the stated time. Nobody else bears its loss before that.
 * B3-2
 */
export function awaitedPriceOf(view: View, picture: Picture): Awaited | undefined {
  const equity = equityOf(withoutStaleCollateral(picture));
  if (equity >= 0n) return undefined;
  const missing = negate(cashDown(equity));
  let longest: Awaited | undefined;
  for (const item of picture.collateral) {
    if (!item.stale || item.amount <= 0n || isMinor(view, picture, item, missing)) continue;
    const index = indexIdOf(item.currency, picture.account.currency);
    const until = later(
      known(view.indices.get(index), 'Index', index).state.at,
      priceWaitOf(view, picture.account.currency),
    );
    if (until > view.now && (!longest || until > longest.until)) longest = { index, until };
  }
  return longest;
}
