/** What others have paid for inventory that has a cap, counted within a loss period.  Rules: S07, BY-A1 */

import { known } from '../../../units/failure';
import { type Cash, cash, minus, negate, plus } from '../../../units/quantity';
import { compareRatios, ratio } from '../../../units/ratio';
import { accountBehind, balanceOf } from '../../ledger/transfers';
import type { Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { InventoryCap, InventoryDraw } from '../../model/deleveraging';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { capOf, deleveragingPolicyOf } from '../../reference/deleveragingPolicies';

export const NO_DRAW: InventoryDraw = { drawn: cash(0n), reached: false };

export const drawOf = (view: View, account: AccountId): InventoryDraw => view.inventoryDraws.get(account) ?? NO_DRAW;

/** The cap of an inventory account now, and what it is in money; undefined where it has none. */
export function capOfAccount(
  view: View,
  id: AccountId,
): { readonly cap: InventoryCap; readonly most: Cash } | undefined {
  const account = known(view.book.account(id), 'Account', id);
  if (account.kind !== 'CLOSE_OUT' || account.instrument === null) return undefined;
  const cap = deleveragingPolicyOf(view, account.instrument).inventoryCap;
  if (cap === null) return undefined;
  const fund = plus(balanceOf(view, 'insurance-fund', account.currency), drawOf(view, id).drawn);
  return { cap, most: cash(capOf(cap, fund)) };
}

/** Losses paid for inventory with a cap count against it, whichever layer paid. */
export function onInventoryPaid(state: State, transfers: readonly Transfer[]): void {
  for (const { to, amount } of transfers) {
    const account = accountBehind(to);
    if (account !== undefined && isCapped(state, account)) moveDraw(state, account, amount);
  }
}

/**
 * What inventory gives back, to the fund or to whoever paid, makes room again; at the stop of its cap it is kept again.
 */
export function onInventoryRepaid(state: State, transfers: readonly Transfer[]): void {
  for (const { from, amount } of transfers) {
    const account = accountBehind(from);
    if (account !== undefined && isCapped(state, account)) moveDraw(state, account, negate(amount));
  }
}

function isCapped(state: State, id: AccountId): boolean {
  const account = state.book.account(id);
  return account !== undefined && account.kind === 'CLOSE_OUT' && account.instrument !== null;
}

function moveDraw(state: State, account: AccountId, by: Cash): void {
  const before = drawOf(state, account);
  const moved = plus(before.drawn, by);
  const drawn = moved > 0n ? moved : cash(0n);
  const capped = capOfAccount(state, account);
  const stopped =
    capped !== undefined &&
    compareRatios(ratio(drawn), ratio(capped.most * capped.cap.stop.numerator, capped.cap.stop.denominator)) <= 0;
  state.inventoryDraws.set(account, { drawn, reached: before.reached && !stopped });
}

/** A new loss period counts from zero, but for inventory that is still held. */
export function restartDraws(state: State, currency: CurrencyId): void {
  for (const id of [...state.inventoryDraws.keys()]) {
    const account = known(state.book.account(id), 'Account', id);
    const held = account.instrument === null ? 0n : (state.book.position(id, account.instrument)?.size ?? 0n);
    if (account.currency === currency && held === 0n) state.inventoryDraws.delete(id);
  }
}

/** The loss of inventory within the period: what was paid for it, and what it lacks now. */
export const inventoryLossOf = (view: View, account: AccountId, equity: Cash): Cash =>
  minus(drawOf(view, account).drawn, equity);
