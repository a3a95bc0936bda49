/**
 * The course of a liquidation: orders of the account cancelled, then step by step the smallest reductions that restore
 * the target, until it is reached or nothing is left. Each step looks at the account as it is now, so a price, a
 * deposit or a fill in between is simply the next look.  Rules: B2, LE-1, LE-5, RLM-4
 */

import { allocate } from '../../units/allocate';
import { known } from '../../units/failure';
import {
  abs,
  type Cash,
  cash,
  greatest,
  type Instant,
  least,
  MARGIN_PER_CASH,
  minus,
  NO_CASH,
  negate,
  size,
  total,
} from '../../units/quantity';
import { cashDown, cashUp } from '../../units/rounding';
import { poolOf } from '../ledger/insurancePools';
import { severityOf } from '../margin/charges';
import { equityOf } from '../margin/equity';
import { isBelow } from '../margin/level';
import { isFlat, type Picture, withoutStaleCollateral } from '../margin/picture';
import { type Standing, standingOfAccount } from '../margin/standing';
import { changeStatus, type StatusCause } from '../margincall/status';
import { moveWarnings } from '../margincall/warning';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { AccountId } from '../model/account';
import type { Liquidation, LiquidationCause, LiquidationOrder } from '../model/liquidation';
import type { IndexId, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { frozenOf, standsStill } from '../price/freshness';
import { ladderFor } from '../reference/disposalLadders';
import { isClosedOut } from '../reference/memberDefaults';
import { isAuctionable, startCollateralAuction } from './auction/start';
import { type Awaited, awaitedPriceOf } from './closing/awaited';
import { convertCollateral, seizeCollateral } from './closing/convert';
import { closeOrder, issueOrder, openOrdersOf, unfilledOf } from './closing/order';
import { closableOf, planCloseOut, planReductions } from './closing/plan';
import { restOf } from './closing/rest';
import { type Taken, takeOver, takeOverOwed } from './closing/takeover';
import { closeAgainstOwner } from './deleveraging/ownPositions';
import { goDown, startDown } from './ladder/descent';
import { takeInsolvent } from './ladder/insolvent';
import { strikeOff } from './liquidator/claim';
import { heldOf, lessHeld, settleRewards } from './liquidator/reward';
import { closePortfolio, endSolvent, isOfferedForPremium, pausePortfolio, tendPortfolio } from './portfolio/course';
import { noteEnd } from './tally/charged';
import type { Loss } from './waterfall/loss';
import { keepForRecovery } from './waterfall/recoveries';

export const liquidationOfAccount = (view: View, account: AccountId): Liquidation | undefined => {
  const id = view.liquidationOf.get(account);
  return id === undefined ? undefined : known(view.liquidations.get(id), 'Liquidation', id);
};

/** Starts it. The account's own orders go first: their margin alone may be what was missing.  B2-4 */
export function startLiquidation(
  desk: Desk,
  standing: Standing,
  call: Liquidation['call'],
  cause: LiquidationCause,
): void {
  const { id } = standing.picture.account;
  changeStatus(desk, id, 'LIQUIDATING', cause satisfies StatusCause, standing);
  const { policy } = standing.picture;
  const graded = policy?.liquidation.severityTiers?.length
    ? { severity: severityOf(policy.liquidation, standing) }
    : {};
  const started: Liquidation = {
    id: desk.newId('liq'),
    account: id,
    call,
    cause,
    startedAt: desk.at,
    paused: false,
    step: 0,
    ...graded,
  };
  desk.emit({
    type: 'LiquidationStarted',
    started,
    equity: cashDown(standing.equity),
    maintenance: cashUp(standing.maintenance),
  });
  const orders = [...(desk.view.ordersOf.get(id) ?? [])];
  if (orders.length > 0)
    desk.emit({ type: 'OrdersCancelled', account: id, orders: orders.sort(), cause: 'LIQUIDATION' });
}

type Losses = () => readonly Loss[];

/**
 * Takes the next step, if there is one to take now. Returns the losses, where the account ends bankrupt; `before` are
 * those of its currency found so far in the same entry.
 */
export function continueLiquidation(desk: Desk, liquidation: Liquidation, before: Losses = () => []): Loss[] {
  // What is at auction comes back as money or as it was: until then nothing can be said, and nothing else is sold.
  // CA-4
  if (desk.view.auctionsOf.has(liquidation.account)) {
    cancelOrders(desk, liquidation.account);
    pausePortfolio(desk, liquidation.account);
    return [];
  }
  recallFrozen(desk, liquidation.account);
  const standing = standingOfAccount(desk.view, liquidation.account);
  const whole = isClosedOut(desk.view, liquidation.account);
  // Rewards that are held are paid before the account is at its target: they are part of what closing costs.
  const held = heldOf(desk.view.heldRewards.get(liquidation.id));
  const paid = held === 0n ? standing : lessHeld(standing, held, MARGIN_PER_CASH);
  const { policy } = standing.picture;
  const restored = policy !== undefined && !whole && !isBelow(paid.equity, policy.target, standing);
  const blocked = blockedBy(desk.view, standing, restored);
  if (blocked !== undefined) {
    pause(desk, liquidation, blocked.index, blocked.until);
    return [];
  }
  if (liquidation.paused)
    desk.emit({ type: 'LiquidationResumed', liquidation: liquidation.id, account: liquidation.account });
  if (!isSolvent(desk.view, standing)) return takeOverBankrupt(desk, liquidation, before);
  tendPortfolio(desk, liquidation.account);

  if (restored || isFlat(standing.picture)) {
    finishRestored(desk, liquidation, standing);
    return [];
  }
  if (openOrdersOf(desk.view, liquidation.account).length > 0) return [];
  if (policy && restOf(desk.view, liquidation.account, policy) === 'WAIT') return [];
  const plan = whole ? planCloseOut(desk.view, standing) : planReductions(desk.view, paid);
  for (const reduction of plan) {
    const ladder = ladderFor(desk.view, reduction.holding.instrument);
    if (ladder) startDown(desk, liquidation, ladder, reduction, plan.length === 1);
    else issueOrder(desk, standing, liquidation, reduction, known(policy, 'Margin policy', liquidation.account));
  }
  return [];
}

interface Block {
  readonly index: InstrumentId | IndexId;
  readonly until?: Instant;
}

/**
 * What forbids the next step: that all there is to close stands still, unless the account is restored without; where it
 * holds nothing, the index of collateral a debt waits for.  Ruling 13
 */
function blockedBy(view: View, standing: Standing, restored: boolean): Block | undefined {
  if (isFlat(standing.picture)) return awaitedBy(view, standing.picture);
  const index = frozenOf(view, standing.picture.account.id);
  return index === undefined || restored || closableOf(standing).length > 0 ? undefined : { index };
}

/**
 * Orders in what stands still are called back, and those that sell a portfolio, which goes whole or not at all.  RLM-4,
 * LE-5; ruling 13
 */
function recallFrozen(desk: Desk, account: AccountId): void {
  if (frozenOf(desk.view, account) === undefined) return;
  pausePortfolio(desk, account);
  for (const order of openOrdersOf(desk.view, account))
    if (standsStill(desk.view, order.instrument) || order.stand?.method === 'AUCTION')
      closeOrder(desk, order, 'CANCELLED');
}

/** Whether anything is left: collateral whose price was waited for in vain counts as nothing.  Ruling 16 */
const isSolvent = (view: View, { equity, picture }: Standing): boolean =>
  equity >= 0n && !hasWaitedInVain(view, picture);

/** Whether a debt is beyond what is worth something now, and waits for no price any more. */
const hasWaitedInVain = (view: View, picture: Picture): boolean =>
  awaitedBy(view, picture) === undefined && isFlat(picture) && equityOf(withoutStaleCollateral(picture)) < 0n;

/** The price a debt waits for; one that has waited its time waits for none any more. */
function awaitedBy(view: View, picture: Picture): Awaited | undefined {
  const waited = liquidationOfAccount(view, picture.account.id)?.waitsUntil;
  return waited !== undefined && waited <= view.now ? undefined : awaitedPriceOf(view, picture);
}

/** Nothing is sold on a price nobody vouches for: open orders are called back until it is alive again.  RLM-4, LE-5 */
function pause(desk: Desk, liquidation: Liquidation, instrument: InstrumentId | IndexId, until?: Instant): void {
  if (desk.view.liquidations.get(liquidation.id)?.paused) return;
  cancelOrders(desk, liquidation.account);
  pausePortfolio(desk, liquidation.account);
  const wait = until === undefined ? {} : { until };
  desk.emit({
    type: 'LiquidationPaused',
    liquidation: liquidation.id,
    account: liquidation.account,
    instrument,
    ...wait,
  });
}

function cancelOrders(desk: Desk, account: AccountId): void {
  for (const order of openOrdersOf(desk.view, account)) closeOrder(desk, order, 'CANCELLED');
}

/**
 * Less than nothing is left at the mark: collateral becomes cash, the house takes every position, the rest is a loss.
 */
function takeOverBankrupt(desk: Desk, liquidation: Liquidation, before: Losses): Loss[] {
  const { account } = liquidation;
  if (strikeOff(desk, account) && isSolvent(desk.view, standingOfAccount(desk.view, account)))
    return continueLiquidation(desk, liquidation, before);
  cancelOrders(desk, account);
  // What it owes is known, and borne, once nothing of it stands still: until then it owes what the live part left.
  const frozen = frozenOf(desk.view, account);
  if (frozen !== undefined) {
    closeAgainstOwner(desk, liquidation);
    takeOverOwed(desk, liquidation, standingOfAccount(desk.view, account));
    pause(desk, liquidation, frozen);
    return [];
  }
  endSolvent(desk, account);
  if (isAuctioned(desk, liquidation)) return [];
  convertCollateral(desk, account, allTheDebt(desk, account));
  const standing = standingOfAccount(desk.view, account);
  // Converted at better than its haircut, the collateral may have been enough after all: then the ordinary way goes on.
  if (isSolvent(desk.view, standing))
    return continueLiquidation(
      desk,
      known(desk.view.liquidations.get(liquidation.id), 'Liquidation', liquidation.id),
      before,
    );
  closeAgainstOwner(desk, liquidation);
  const awaited = awaitedBy(desk.view, standing.picture);
  if (awaited !== undefined) {
    takeOverOwed(desk, liquidation, standingOfAccount(desk.view, account));
    pause(desk, liquidation, awaited.index, awaited.until);
    return [];
  }
  if (isOfferedForPremium(desk, liquidation)) return [];
  const owned = standing.picture.cash;
  seizeCollateral(desk, account);
  keepForRecovery(desk, account);
  const taken = takeInsolvent(desk, liquidation, standingOfAccount(desk.view, account), before);
  settleRewards(desk, liquidation, false);
  const left = desk.view.book.balance(account, standing.picture.account.currency);
  const end = standingOfAccount(desk.view, account);
  desk.emit({
    type: 'LiquidationEnded',
    liquidation: liquidation.id,
    account,
    outcome: 'BANKRUPT',
    equity: cashDown(standing.equity),
  });
  changeStatus(desk, account, 'BANKRUPT', 'NOTHING_LEFT', end);
  // With positions the house paid more than the mark for them; without, the debt stands on the account itself.
  const losses = [
    ...lossesOf(desk.view, account, taken),
    { account, beneficiary: account, amount: negate(left), instrument: firstHeld(standing) },
  ].filter(({ amount }) => amount > 0n);
  const used = greatest(minus(owned, greatest(left, cash(0n))), cash(0n));
  return withMargin(losses, used);
}

/** Of the account's own collateral each of its losses has used a part, as it is a part of what is missing.  B3-1 */
function withMargin(losses: readonly Loss[], used: Cash): Loss[] {
  if (losses.length === 0) return [];
  const parts = allocate(
    used,
    losses.map(({ amount, beneficiary }, i) => ({ id: `${beneficiary} ${i}`, weight: amount })),
  );
  return losses.map((loss, i) => ({ ...loss, margin: parts[i] ?? NO_CASH }));
}

/** By whose pool a debt is borne that stands on the account itself. */
const firstHeld = ({ picture }: Standing): InstrumentId | null =>
  picture.holdings.find(({ position }) => position.size !== 0n)?.instrument.id ?? null;

/** Positions that the same account of the house took over, and whose losses the same pool bears, are one loss. */
function lossesOf(view: View, account: AccountId, taken: readonly Taken[]): Loss[] {
  const together = new Map<string, Taken[]>();
  for (const one of taken) {
    const key = `${one.receiver} ${poolOf(view, one.instrument)?.id ?? ''}`;
    together.set(key, [...(together.get(key) ?? []), one]);
  }
  return [...together.values()].map((positions) => ({
    account,
    beneficiary: known(positions[0], 'Position', account).receiver,
    amount: total(positions.map(({ loss }) => loss)),
    instrument: positions[0]?.instrument ?? null,
    positions: positions.filter(({ loss }) => loss > 0n),
  }));
}

/**
 * Whether its collateral goes to auction: then the house has taken its positions at the mark, and what it owes is
 * known.
 */
function isAuctioned(desk: Desk, liquidation: Liquidation): boolean {
  if (!isAuctionable(desk.view, liquidation.account)) return false;
  closeAgainstOwner(desk, liquidation);
  takeOverOwed(desk, liquidation, standingOfAccount(desk.view, liquidation.account));
  return startCollateralAuction(desk, liquidation);
}

/** Everything the account owes if it closed at the mark: what its collateral has to raise. */
function allTheDebt(desk: Desk, account: AccountId): Cash {
  const { picture, equity } = standingOfAccount(desk.view, account);
  const collateral = picture.collateral.reduce((sum, item) => sum + item.value, 0n);
  return negate(cashDown((equity - collateral) as typeof equity));
}

function finishRestored(desk: Desk, liquidation: Liquidation, standing: Standing): void {
  cancelOrders(desk, liquidation.account);
  closePortfolio(desk, liquidation.account);
  const { account } = liquidation;
  const debt = desk.view.book.balance(account, standing.picture.account.currency);
  const flat = isFlat(standing.picture);
  // A flat account owes no cash while it holds other collateral: enough of that is converted.
  if (flat && debt < 0n && startCollateralAuction(desk, liquidation)) return;
  if (flat && debt < 0n) convertCollateral(desk, account, negate(debt));
  settleRewards(desk, liquidation, true);
  const now = standingOfAccount(desk.view, account);
  const closed = flat && isClosedOut(desk.view, account);
  desk.emit({
    type: 'LiquidationEnded',
    liquidation: liquidation.id,
    account,
    outcome: closed ? 'CLOSED_OUT' : 'RESTORED',
    equity: cashDown(now.equity),
  });
  changeStatus(desk, account, 'RESTORED', flat ? 'NOTHING_LEFT' : 'TARGET_REACHED', now);
  changeStatus(desk, account, 'WARNING', 'RECOVERED', now);
  moveWarnings(desk, now);
}

/** A venue's time is up: what it left unfilled, and is still there to close, the house takes over. */
export function expireOrder(desk: Desk, order: LiquidationOrder): void {
  closeOrder(desk, order, 'EXPIRED');
  const liquidation = order.liquidation === null ? undefined : desk.view.liquidations.get(order.liquidation);
  if (!liquidation || liquidation.paused) return;
  if (standsStill(desk.view, order.instrument) || standingOfAccount(desk.view, order.account).equity < 0n) return;
  const position = desk.view.book.position(order.account, order.instrument);
  const lots = least(unfilledOf(order), size(abs(position?.size ?? size(0n))));
  if (lots === 0n) return;
  // Closed out because its member defaulted, an account pays the mark and no more: what is above it stays its own.
  if (order.stand) goDown(desk, liquidation, order, order.stand, lots);
  else takeOver(desk, liquidation, order.instrument, lots, order.mark, isClosedOut(desk.view, order.account));
}

export function onLiquidationStarted(state: State, { started }: EventOf<'LiquidationStarted'>): void {
  state.liquidations.set(started.id, started);
  state.liquidationOf.set(started.account, started.id);
  const before = state.book.stateOf(started.account);
  const policy = state.policies.get(state.book.account(started.account)?.policy ?? '');
  const since = state.now - (policy?.liquidation.repeatWindow ?? 0);
  const counted = before.liquidations.filter((start) => start > since);
  state.book.setState(started.account, { ...before, liquidations: [...counted, started.startedAt] });
  state.due.add(started.account);
}

export function onLiquidationPaused(state: State, event: EventOf<'LiquidationPaused' | 'LiquidationResumed'>): void {
  const liquidation = known(state.liquidations.get(event.liquidation), 'Liquidation', event.liquidation);
  const until = event.type === 'LiquidationPaused' ? event.until : undefined;
  const paused = event.type === 'LiquidationPaused';
  state.liquidations.set(liquidation.id, {
    ...liquidation,
    paused,
    ...(until === undefined ? {} : { waitsUntil: until }),
  });
  state.deadlines.set(`awaited/${liquidation.id}`, until);
  state.watch.disturb(liquidation.account);
}

export function onLiquidationEnded(state: State, event: EventOf<'LiquidationEnded'>): void {
  noteEnd(state, event.liquidation, event.account);
  state.liquidations.delete(event.liquidation);
  state.heldRewards.delete(event.liquidation);
  state.liquidationOf.delete(event.account);
  state.deadlines.set(`rest/${event.liquidation}`, undefined);
  state.watch.disturb(event.account);
}
