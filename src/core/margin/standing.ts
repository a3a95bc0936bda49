/** Where an account stands: its equity, what is required, and how far down the ladder that puts it. */

import { compare, type Margin, minus } from '../../units/quantity';
import { cashUp } from '../../units/rounding';
import type { AccountId } from '../model/account';
import type { OrdersShare } from '../model/call';
import type { View } from '../model/state';
import { equityOf } from './equity';
import type { Requirement } from './model/model';
import { type Picture, pictureOf } from './picture';
import { requirementOf, withoutOrders } from './requirement';

export interface Standing extends Requirement {
  readonly picture: Picture;
  readonly equity: Margin;
}

export function standingOf(picture: Picture): Standing {
  return { picture, equity: equityOf(picture), ...requirementOf(picture) };
}

export const standingOfAccount = (view: View, id: AccountId): Standing => standingOf(pictureOf(view, id));

/**
 * By how much cancelling every open order of the account would reduce what is required of it, as both are shown.  Rule:
 * IM-1
 */
export function ordersShareOf({ picture, initial, maintenance }: Standing): OrdersShare {
  const without = requirementOf({ ...picture, holdings: picture.holdings.map(withoutOrders) });
  return {
    initial: minus(cashUp(initial), cashUp(without.initial)),
    maintenance: minus(cashUp(maintenance), cashUp(without.maintenance)),
  };
}

/** What a notice says of open orders: nothing where they make no difference. */
export function ordersNoted(standing: Standing): { readonly orders?: OrdersShare } {
  const orders = ordersShareOf(standing);
  return orders.initial === 0n && orders.maintenance === 0n ? {} : { orders };
}

/**
 * Riskier first: the lower equity / maintenance; of equals the larger maintenance, then the smaller id. Compared by
 * cross-multiplying; an account without requirement is riskier the less it has.  Rule: LE-3
 */
export function compareRisk(a: Standing, b: Standing): number {
  // A requirement of zero would make every equity equal: one unit stands in for it.
  const [ma, mb] = [a.maintenance || 1n, b.maintenance || 1n];
  return (
    compare(a.equity * mb, b.equity * ma) ||
    compare(b.maintenance as bigint, a.maintenance as bigint) ||
    compare(a.picture.account.id, b.picture.account.id)
  );
}
