/**
 * The cap of the house's inventory: when its loss within the loss period reaches the cap, inventory is deleveraged
 * whole, at the price at which the cap is used up exactly, wherever the mark has gone meanwhile.  Rules: S07, BY-A1
 */

import { allocate } from '../../../units/allocate';
import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  least,
  minus,
  plus,
  price,
  type Size,
  size,
  total,
} from '../../../units/quantity';
import { cashDown, cashUp } from '../../../units/rounding';
import { partOf } from '../../margin/requirement';
import { standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { AccountId } from '../../model/account';
import type { View } from '../../model/state';
import { worthAt } from '../../position/value';
import { standsStill } from '../../price/freshness';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import { capOfAccount, drawOf, inventoryLossOf } from '../tally/draws';
import { deleverage, opposite } from './deleverage';
import type { LostBy } from './layer';

/** Deleverages the account's inventory if its cap is reached. Returns what the holders gave up. */
export function keepToCap(desk: Desk, id: AccountId): Cash {
  const nothing = cash(0n);
  const { instrument } = known(desk.view.book.account(id), 'Account', id);
  const capped = capOfAccount(desk.view, id);
  if (instrument === null || capped === undefined || standsStill(desk.view, instrument)) return nothing;
  const held = desk.view.book.position(id, instrument)?.size ?? size(0n);
  if (held === 0n) return nothing;
  const loss = inventoryLossOf(desk.view, id, cashDown(standingOfAccount(desk.view, id).equity));
  if (!drawOf(desk.view, id).reached && !isReached(desk.view, instrument, held, loss, capped.most)) return nothing;
  const policy = deleveragingPolicyOf(desk.view, instrument);
  const closing = { account: id, instrument, policy, without: new Set<string>() };
  const budget = greatest(minus(loss, capped.most), nothing);
  return deleverage(
    desk,
    { ...closing, lots: abs(held), budget, cause: 'INVENTORY_CAP', method: policy.method },
    opposite(desk, closing),
  ).used;
}

/** At the cap, or so close to it that one tick more would be beyond. */
function isReached(view: View, id: string, held: Size, loss: Cash, most: Cash): boolean {
  const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
  const { price: now } = known(mark ?? undefined, 'Mark price', id);
  const tickAgainst = price(held > 0n ? -1n : 1n);
  const more = minus(worthAt(instrument, held, now), worthAt(instrument, held, plus(now, tickAgainst)));
  return loss + cashUp(more) > most;
}

/** By which positions a loss of the house's inventory came about: in proportion to what each requires. */
export function inventoryParts(view: View, id: AccountId, loss: Cash): LostBy[] {
  const { picture } = standingOfAccount(view, id);
  const holdings = picture.holdings.filter(({ position }) => position.size !== 0n);
  const weights = holdings.map((holding) => ({
    id: holding.instrument.id,
    weight: partOf(picture, holding).maintenance as bigint,
  }));
  if (total(weights.map(({ weight }) => weight)) === 0n) return [];
  const parts = allocate(loss, weights);
  return holdings
    .map(({ instrument, position }, i) => ({
      instrument: instrument.id,
      size: position.size,
      loss: parts[i] ?? cash(0n),
    }))
    .filter((part) => part.loss > 0n);
}

/** Losses about to be allocated, less what deleveraging has borne of them for the account. */
export function lessBorne<Loss extends { readonly beneficiary: AccountId; readonly amount: Cash }>(
  losses: readonly Loss[],
  beneficiary: AccountId,
  borne: Cash,
): Loss[] {
  let left = borne;
  return losses.flatMap((loss) => {
    if (loss.beneficiary !== beneficiary || left === 0n) return [loss];
    const part = least(loss.amount, left);
    left = minus(left, part);
    const amount = minus(loss.amount, part);
    return amount > 0n ? [{ ...loss, amount }] : [];
  });
}
