/**
 * Deleveraging and tear-up as layers of a loss: what the layers before could not bear is the budget, and positions that
 * the house took over are closed against the other side until it is given up. What was given up reaches the house by
 * the closing itself.  Rules: SL-5, B3-1
 */

import { known } from '../../../units/failure';
import { abs, type Cash, cash, greatest, least, minus, plus, type Size, size, total } from '../../../units/quantity';
import { divDown, divUp } from '../../../units/rounding';
import type { Desk } from '../../message/desk';
import type { AccountId } from '../../model/account';
import type { LossLayer } from '../../model/policy';
import type { InstrumentId } from '../../model/reference';
import { standsStill } from '../../price/freshness';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import type { Spent } from '../../risk/deleveragingRank';
import { type Closing, deleverage, opposite } from './deleverage';
import { availableOf } from './share';

export type ClosingLayer = Extract<LossLayer, 'DELEVERAGING' | 'TEAR_UP'>;

/** A position by which a loss came about. */
export interface LostBy {
  readonly instrument: InstrumentId;
  readonly size: Size; // signed, as it was taken over
  readonly loss: Cash;
}

/** What of a loss can be closed against others. */
export interface Closable {
  readonly account: AccountId; // of the house, whose inventory it is
  readonly positions: readonly LostBy[];
}

/** What one holder gave up, in all positions together. */
export interface Given {
  readonly account: AccountId;
  readonly profit: Cash; // at least zero
  readonly cap: Cash;
  readonly forgone: Cash;
}

/**
 * Bears up to `left` of a loss, position by position in the order of instruments, by holders who are to pay `spent`
 * already. Returns what the layer could have borne, what it bore, which is all of `left` where it could, and who gave
 * it up.
 */
export function closeForLoss(
  desk: Desk,
  layer: ClosingLayer,
  defaulter: AccountId,
  closable: Closable | null,
  left: Cash,
  spent: Spent,
): { available: Cash; used: Cash; given: Given[] } {
  const { owner } = known(desk.view.book.account(defaulter), 'Account', defaulter);
  const without = new Set([owner]);
  const given: Given[] = [];
  let available = cash(0n);
  for (const lost of closable?.positions ?? []) {
    const account = closable?.account ?? '';
    const lots = inventoryOf(desk, account, lost);
    // Nothing is closed on a price nobody vouches for.  RLM-4
    if (lots === 0n || standsStill(desk.view, lost.instrument)) continue;
    const policy = deleveragingPolicyOf(desk.view, lost.instrument);
    const tearsUp = layer === 'TEAR_UP';
    const parties = {
      account,
      instrument: lost.instrument,
      without,
      spent,
      policy: tearsUp ? { ...policy, bound: 'MAINTENANCE' as const } : policy,
    };
    const holders = opposite(desk, parties);
    // No more than what these lots lost, their closing limit; a tear-up leaves the rest of the loss to whoever is torn
    // up.
    const most = tearsUp
      ? availableOf(holders)
      : least(availableOf(holders), cash(divDown(lost.loss * lots, abs(lost.size))));
    available = plus(available, most);
    const budget = least(minus(left, total(given.map(({ forgone }) => forgone))), most);
    if (budget === 0n) continue;
    const closing: Closing = tearsUp
      ? { ...parties, lots, budget, cause: 'TEAR_UP_LAYER', method: 'OPEN_INTEREST' }
      : { ...parties, lots: fewestLots(lost, budget), budget, cause: 'LOSS_LAYER', method: policy.method };
    for (const { holder, forgone } of deleverage(desk, closing, holders).parts) {
      if (forgone > 0n)
        given.push({ account: holder.account, profit: greatest(holder.profit, cash(0n)), cap: holder.cap, forgone });
    }
  }
  return { available, used: total(given.map(({ forgone }) => forgone)), given: joined(given) };
}

/**
 * Who gave up in several positions is told once, and holds one claim: asked again, it had given so much already.  SL-4
 */
function joined(given: readonly Given[]): Given[] {
  const all = new Map<AccountId, Given>();
  for (const one of given) {
    const before = all.get(one.account);
    all.set(
      one.account,
      before
        ? {
            account: one.account,
            profit: plus(before.profit, one.profit),
            cap: plus(before.forgone, one.cap),
            forgone: plus(before.forgone, one.forgone),
          }
        : one,
    );
  }
  return [...all.values()];
}

/** The least lots whose part of the loss reaches the budget. */
const fewestLots = ({ size: held, loss }: LostBy, budget: Cash): Size => size(divUp(budget * abs(held), loss));

/** Lots that are still there of a position taken over, without sign: it may have closed what the house held before. */
function inventoryOf(desk: Desk, account: AccountId, lost: LostBy): Size {
  const held = desk.view.book.position(account, lost.instrument)?.size ?? size(0n);
  return held > 0n === lost.size > 0n ? least(abs(held), abs(lost.size)) : size(0n);
}
