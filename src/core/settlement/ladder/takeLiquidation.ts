/**
 * Taking what is offered: lots of a liquidated account, at the mark, by a liquidator's own account.  Rules: LI-1 to
 * LI-3, LE-4
 */

import { formatCount } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { abs, least, MARGIN_PER_CASH, type Size, size } from '../../../units/quantity';
import { standingOfAccount } from '../../margin/standing';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';

import { type Checked, ok, refused } from '../../message/rejection';
import type { Actor } from '../../model/actor';
import type { OfferTerms } from '../../model/ladder';
import type { LiquidationOrder } from '../../model/liquidation';
import type { State, View } from '../../model/state';
import { notionalOf } from '../../position/value';
import { priceProblem } from '../../price/freshness';
import { readSize } from '../../reference/reading';
import { fillOrder, type LiquidationFill, openOrdersOf, unfilledOf } from '../closing/order';
import { reductionBy } from '../closing/plan';
import { checkOffered } from '../liquidator/claim';
import { onLiquidationTakenBy } from '../liquidator/register';
import { heldOf, lessHeld, mostOf, rampedRate, rewardDue } from '../liquidator/reward';

export interface Take extends Omit<LiquidationFill, 'trade'> {
  readonly offer: OfferTerms;
  readonly liquidator: string;
}

/**
 * The taker's own margin is the pre-trade check's to test. At the mark no account that is worth something is worse off
 * than at its closing limit. Errors, in order: those of an offered order, PRICE_MISSING, PRICE_STALE,
 * SIZE_NOT_POSITIVE, SIZE_OFF_LOT, FILL_TOO_LARGE, TAKE_EXCEEDS_NEED.
 */
export function checkTakeLiquidation(view: View, command: CommandOf<'TakeLiquidation'>, actor: Actor): Checked<Take> {
  const offered = checkOffered(view, command, actor);
  if (offered.rejection) return offered;
  const { order, offer, liquidator } = offered.ok;
  const problem = priceProblem(view, order.instrument);
  if (problem) return { rejection: problem };
  const { instrument, mark } = known(view.listings.get(order.instrument), 'Instrument', order.instrument);
  const most = neededOf(view, order, offer);
  const lots = command.size === null ? ok(least(unfilledOf(order), most)) : readSize(instrument, command.size);
  if (lots.rejection) return lots;
  if (lots.ok > unfilledOf(order)) return refused('FILL_TOO_LARGE', { size: formatCount(lots.ok, instrument.lot) });
  if (lots.ok > most || lots.ok === 0n) {
    return refused('TAKE_EXCEEDS_NEED', {
      size: formatCount(lots.ok, instrument.lot),
      needed: formatCount(most, instrument.lot),
    });
  }
  const counterparty = known(view.book.account(liquidator.account), 'Account', liquidator.account);
  const { price } = known(mark ?? undefined, 'Mark price', instrument.id);
  return ok({ order, offer, liquidator: liquidator.account, counterparty, price, lots: lots.ok });
}

/**
 * Lots that have to be closed now so that the account is at its target with the reward paid; where more than this is
 * being closed, all of the order.
 */
export function neededOf(view: View, order: LiquidationOrder, offer: OfferTerms): Size {
  const standing = standingOfAccount(view, order.account);
  const holding = standing.picture.holdings.find(({ instrument }) => instrument.id === order.instrument);
  const { policy } = standing.picture;
  if (!holding || !policy) return size(0n);
  const alone = openOrdersOf(view, order.account).length === 1;
  if (!alone || order.reason === 'CANNOT_RESTORE' || order.reason === 'MEMBER_DEFAULT')
    return least(unfilledOf(order), abs(holding.position.size));
  const held = heldOf(view.heldRewards.get(order.liquidation ?? ''));
  const paid = lessHeld(standing, held, MARGIN_PER_CASH);
  return least(reductionBy(view, paid, holding, policy, mostOf(offer)).lots, abs(holding.position.size));
}

/**
 * Trades the lots at the mark, pays the taker its share of the fee, and holds the reward until the account is restored.
 */
export function takeLiquidation(desk: Desk, { offer, liquidator, ...fill }: Take): void {
  const { order, lots, price } = fill;
  const { instrument } = known(desk.view.listings.get(order.instrument), 'Instrument', order.instrument);
  const trade = desk.newId('take');
  const feeShare = fillOrder(desk, { ...fill, trade, liquidator });
  const waited = desk.at - order.issuedAt;
  const due = rewardDue(offer, notionalOf(instrument, lots, price), lots, abs(order.size), waited);
  desk.emit({
    type: 'LiquidationTaken',
    order: order.id,
    liquidation: known(order.liquidation ?? undefined, 'Liquidation', order.id),
    account: order.account,
    liquidatorId: liquidator,
    instrument: order.instrument,
    trade,
    size: size(order.size > 0n ? lots : -lots),
    waited,
    rate: rampedRate(offer, waited),
    feeShare,
    held: { liquidatorId: liquidator, order: order.id, due },
  });
}

export function onLiquidationTaken(state: State, event: EventOf<'LiquidationTaken'>): void {
  const { liquidation, held } = event;
  // What is due to one for one order is one sum.
  const before = state.heldRewards.get(liquidation) ?? [];
  const same = before.find((one) => one.order === held.order && one.liquidatorId === held.liquidatorId);
  const others = before.filter((one) => one !== same);
  state.heldRewards.set(liquidation, [...others, { ...held, due: (held.due + (same?.due ?? 0n)) as typeof held.due }]);
  onLiquidationTakenBy(state, event);
  state.watch.disturb(event.account);
}
