/**
 * What a liquidator is offered: flat and a share of the notional that grows with time, never less than the work costs
 * with a profit, never more than the cap; and what of it is paid in the end: what the account can spare above its
 * target, once it stands there.  Rules: LI-2, LP-3
 */

import { allocate } from '../../../units/allocate';
import {
  type Cash,
  cash,
  greatest,
  least,
  type Milliseconds,
  minus,
  NO_CASH,
  plus,
  RATE_ONE,
  type Rate,
  rate,
  type Size,
  total,
} from '../../../units/quantity';
import { cashDown, divDown } from '../../../units/rounding';
import { accountName, onTransfers } from '../../ledger/transfers';
import { amountOfLevel } from '../../margin/level';
import { isFlat } from '../../margin/picture';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { OfferTerms } from '../../model/ladder';
import type { Liquidation } from '../../model/liquidation';
import type { State } from '../../model/state';
import { amendLiquidator } from './register';

/**
 * The share of the notional after so many milliseconds: it stands still for the grace, then counts every whole second
 * since the offer.
 */
export function rampedRate({ startRate, ratePerSecond, maximumRate, grace }: OfferTerms, waited: Milliseconds): Rate {
  const seconds = waited < grace ? 0n : BigInt(Math.floor(waited / 1000));
  return rate(least(startRate + ratePerSecond * seconds, maximumRate));
}

/** The least a whole order pays: what it costs with the higher of the two profits. */
export const floorOf = ({ expense, minimumProfit, profitRate }: OfferTerms): Cash =>
  plus(expense, greatest(minimumProfit, cash(divDown(expense * profitRate, RATE_ONE))));

/** Due for taking `lots` of an order of `whole`, without signs, of this notional, after so long. Rounded down. */
export function rewardDue(offer: OfferTerms, notional: Cash, lots: Size, whole: Size, waited: Milliseconds): Cash {
  const part = (amount: Cash): Cash => cash(divDown(amount * lots, whole));
  const grown = part(offer.flat) + divDown(notional * rampedRate(offer, waited), RATE_ONE);
  const due = greatest(cash(grown), part(floorOf(offer)));
  return offer.rewardCap === null ? due : least(due, part(offer.rewardCap));
}

/**
 * The most an order may come to cost: a fixed amount and a share of the notional, by which a reduction is made larger.
 */
export function mostOf(offer: OfferTerms): { readonly flat: Cash; readonly rate: Rate } {
  const flat = greatest(offer.flat, floorOf(offer));
  if (offer.rewardCap !== null && offer.rewardCap <= flat) return { flat: offer.rewardCap, rate: rate(0n) };
  return { flat, rate: offer.maximumRate };
}

/**
 * Pays what is held for those who took part, out of what the account has above its target; nothing where it was not
 * restored. What is not enough for all is shared by what each was due.
 */
export function settleRewards(desk: Desk, liquidation: Liquidation, restored: boolean): void {
  const held = desk.view.heldRewards.get(liquidation.id) ?? [];
  if (held.length === 0) return;
  const standing = standingOfAccount(desk.view, liquidation.account);
  const dues = total(held.map(({ due }) => due));
  const payable = restored ? least(dues, spareOf(standing)) : NO_CASH;
  const parts =
    payable === 0n
      ? held.map(() => NO_CASH)
      : allocate(
          payable,
          held.map(({ due }, i) => ({ id: String(i).padStart(6, '0'), weight: due })),
        );
  const { currency } = standing.picture.account;
  for (const [i, { liquidatorId, order, due }] of held.entries()) {
    const amount = parts[i] ?? NO_CASH;
    const [from, to] = [accountName(liquidation.account), accountName(liquidatorId)];
    const transfers = amount > 0n ? [{ from, to, currency, amount, reason: 'LIQUIDATOR_REWARD' } as const] : [];
    const { id, account } = liquidation;
    desk.emit({
      type: 'LiquidatorRewarded',
      liquidation: id,
      account,
      liquidatorId,
      order,
      restored,
      due,
      amount,
      transfers,
    });
  }
}

/** Equity above the target, rounded down, at least zero; where nothing is held no more than the cash. */
function spareOf(standing: Standing): Cash {
  const { picture, equity } = standing;
  const level = picture.policy ? amountOfLevel(picture.policy.target, standing) : 0n;
  const above = cashDown((equity - level) as typeof equity);
  const spare = isFlat(picture) ? least(above, picture.cash) : above;
  return greatest(spare, NO_CASH);
}

export function onLiquidatorRewarded(state: State, event: EventOf<'LiquidatorRewarded'>): void {
  onTransfers(state, event.transfers);
  amendLiquidator(state, event.liquidatorId, (before) => ({
    rewards: plus(before.rewards, event.amount),
    completed: before.completed + (event.restored ? 1 : 0),
  }));
}

/** A reward that is held is no money yet: it is due, and counts as a cost of the reductions that follow. */
export const heldOf = (held: readonly { readonly due: Cash }[] | undefined): Cash =>
  total((held ?? []).map(({ due }) => due));

export const lessHeld = (standing: Standing, held: Cash, perCash: bigint): Standing => ({
  ...standing,
  equity: minus(standing.equity, (held * perCash) as typeof standing.equity),
});
