/**
 * Take-over: what no venue fills in time, the house's close-out account takes at the closing limit, the price at which
 * the part of equity that stands behind the position is used up exactly. Fee and penalty come out of that part, before
 * the house gets the rest. Where equity is below zero the price is worse than the mark; the difference is the loss.
 * Rules: B3, LP-3; the closing limit is the bankruptcy price of dYdX v4
 */

import { known } from '../../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  later,
  marginOf,
  minus,
  negate,
  plus,
  type Size,
  size,
} from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { onTransfers } from '../../ledger/transfers';
import type { Holding } from '../../margin/model/holding';
import { usedEquityOf } from '../../margin/solve';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { AccountId } from '../../model/account';
import type { Liquidation } from '../../model/liquidation';
import type { InstrumentId } from '../../model/reference';
import type { State } from '../../model/state';
import { changeOf, onPositionChanges } from '../../position/changes';
import { legOf, realisedTransfers } from '../../position/novate';
import { worthAt } from '../../position/value';
import { closeOutAccountFor } from '../../reference/accounts';
import { amendListing } from '../../reference/instruments';
import { noteCharges } from '../tally/charged';
import { chargesOf, chargeTransfers } from './charge';
import { recallBeyond } from './order';
import { closableOf } from './plan';

/**
 * Takes over `lots` (without sign) of a position. Returns what the house paid above the mark: the loss, at least zero.
 * With `owed` it pays the mark and no more: what is missing stays the account's debt.
 */
export function takeOver(
  desk: Desk,
  liquidation: Liquidation,
  instrumentId: string,
  lots: Size,
  trigger: Holding['mark'],
  owed = false,
): Cash {
  const standing = standingOfAccount(desk.view, liquidation.account);
  const holding = known(
    standing.picture.holdings.find((h) => h.instrument.id === instrumentId),
    'Holding',
    liquidation.account,
  );
  const policy = known(standing.picture.policy, 'Margin policy', liquidation.account);
  const { instrument, mark } = holding;
  const traded = size(holding.position.size > 0n ? -lots : lots);
  // equity behind the lots; below zero where there is none
  const share = owed ? cash(0n) : usedEquityOf(standing, holding, lots);
  const charges = chargesOf(desk.view, standing, holding, lots, policy, share);
  const charged = plus(charges.fee, charges.penalty);
  const above = minus(share, charged); // what the account pays above the mark
  const worth = plus(worthAt(instrument, traded, mark), marginOf(above));

  const receiver = closeOutAccountFor(desk.view, instrument);
  const legs = [
    legOf(desk.view, liquidation.account, instrument, traded, worth),
    legOf(desk.view, receiver, instrument, negate(traded), negate(worth)),
  ];
  desk.emit({
    type: 'PositionTakenOver',
    liquidation: liquidation.id,
    account: liquidation.account,
    receiver,
    instrument: instrument.id,
    size: traded,
    value: cashDown(worth),
    mark,
    positions: legs.map(({ account, filled }) => changeOf(account, instrument.id, filled.position)),
    charges,
    slippage: {
      mark: above,
      trigger: cashDown(minus(worth, worthAt(instrument, traded, trigger))),
      bankruptcy: negate(charged),
    },
    transfers: [
      ...realisedTransfers(legs, instrument),
      ...chargeTransfers(desk.view, liquidation.account, charges, policy, instrument, null),
    ],
  });
  // It may have closed what the house was about to sell or buy.
  recallBeyond(desk, receiver, instrument.id);
  return greatest(negate(above), cash(0n));
}

/** A position the house took over, and what it paid for it above the mark. */
export interface Taken {
  readonly instrument: InstrumentId;
  readonly receiver: AccountId;
  readonly size: Size; // as the account held it
  readonly loss: Cash; // at least zero
}

/**
 * Takes over at the mark whatever of an account may be closed, in the order of instrument ids: what is missing stays
 * its debt.
 */
export function takeOverOwed(desk: Desk, liquidation: Liquidation, standing: Standing): void {
  for (const { instrument, position, mark } of closableOf(standing))
    takeOver(desk, liquidation, instrument.id, abs(position.size), mark, true);
}

export function onPositionTakenOver(state: State, event: EventOf<'PositionTakenOver'>): void {
  onPositionChanges(state, event.positions);
  onTransfers(state, event.transfers);
  noteCharges(state, event.liquidation, event.transfers);
  const { instrument, disposalDue } = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  if (disposalDue !== null) return;
  const interval = known(
    state.disposalPolicies.get(instrument.settlement),
    'Disposal policy',
    instrument.settlement,
  ).interval;
  scheduleDisposal(state, event.instrument, later(state.now, interval));
}

export function scheduleDisposal(state: State, instrument: string, at: Liquidation['startedAt'] | null): void {
  amendListing(state, instrument, { disposalDue: at });
  state.deadlines.set(`disposal/${instrument}`, at ?? undefined);
}
