/**
 * Claims: the first valid one keeps others out for a time, and costs a part of the deposit where nothing comes of it.
 * Rules: LI-1, LI-3, LI-5
 */

import { known } from '../../../units/failure';
import { formatInstant } from '../../../units/instant';
import { type Cash, instant, later, least, NO_CASH, plus } from '../../../units/quantity';
import { balanceOf, onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';

import type { Transfer } from '../../message/ledger';
import { type Checked, ok, type Rejection, refused, reject } from '../../message/rejection';
import type { Account, AccountId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { Claim } from '../../model/claim';
import type { Liquidator, OfferTerms } from '../../model/ladder';
import type { LiquidationOrder } from '../../model/liquidation';
import type { State, View } from '../../model/state';
import { accountFor } from '../../reference/accounts';
import { amendLiquidator, depositName, deregisterLiquidator, liquidatorFor, openClaimsOf } from './register';

export interface Offered {
  readonly order: LiquidationOrder;
  readonly offer: OfferTerms;
  readonly liquidator: Liquidator;
  readonly claim: Claim | undefined;
}

/**
 * An order a liquidator may act on. Errors, in order: LIQUIDATION_ORDER_NOT_FOUND, ORDER_NOT_OFFERED,
 * LIQUIDATOR_NOT_FOUND, CURRENCY_MISMATCH, RELATED_ACCOUNT, ALREADY_CLAIMED.
 */
export function checkOffered(
  view: View,
  command: Pick<CommandOf<'ClaimLiquidation'>, 'order' | 'account'>,
  actor: Actor,
): Checked<Offered> {
  const order = view.liquidationOrders.get(command.order);
  if (!order) return refused('LIQUIDATION_ORDER_NOT_FOUND', { order: command.order });
  const offer = order.stand?.offer;
  // An order that is not on offer is nobody's business but its own broker's.
  if (!offer)
    return refused(accountFor(view, actor, order.account) ? 'ORDER_NOT_OFFERED' : 'LIQUIDATION_ORDER_NOT_FOUND', {
      order: order.id,
    });
  const liquidator = liquidatorFor(view, actor, command.account);
  if (!liquidator) return refused('LIQUIDATOR_NOT_FOUND', { account: command.account });
  const [own, closed] = [accountOf(view, liquidator.account), accountOf(view, order.account)];
  if (own.currency !== closed.currency)
    return refused('CURRENCY_MISMATCH', { account: own.currency, order: closed.currency });
  if (areRelated(own, closed)) return refused('RELATED_ACCOUNT', { account: own.id });
  const claim = view.claims.get(order.id);
  if (claim && claim.account !== null && claim.account !== own.id) {
    return refused('ALREADY_CLAIMED', { order: order.id, expiresAt: formatInstant(claim.expiresAt) });
  }
  return ok({ order, offer, liquidator, claim });
}

const accountOf = (view: View, id: AccountId): Account => known(view.book.account(id), 'Account', id);

/** One owner, or one of them the house account of the other's member.  LI-3 */
export const areRelated = (a: Account, b: Account): boolean =>
  a.id === b.id || a.owner === b.owner || (a.member === b.member && (a.kind === 'HOUSE' || b.kind === 'HOUSE'));

/** Errors, in order: those of an offered order, CLAIM_NOT_ALLOWED, DEPOSIT_TOO_SMALL. */
export function checkClaimLiquidation(
  view: View,
  command: CommandOf<'ClaimLiquidation'>,
  actor: Actor,
): Checked<Offered> {
  const offered = checkOffered(view, command, actor);
  if (offered.rejection) return offered;
  const { claim, liquidator } = offered.ok;
  const barred =
    claim !== undefined && (claim.account === liquidator.account || claim.failed.includes(liquidator.account));
  if (barred) return refused('CLAIM_NOT_ALLOWED', { account: liquidator.account, order: command.order });
  const problem = depositProblem(view, offered.ok);
  return problem ? { rejection: problem } : offered;
}

/** The deposit holds what the offer asks for, and enough for every claim that may still expire. */
function depositProblem(view: View, { liquidator, offer }: Offered): Rejection | undefined {
  const deposit = depositOf(view, liquidator.account);
  let atStake: bigint = offer.claimPenalty;
  if (openClaimsOf(view, liquidator.account) > 0) {
    for (const claim of view.claims.values()) {
      if (claim.account === liquidator.account)
        atStake += view.liquidationOrders.get(claim.order)?.stand?.offer?.claimPenalty ?? 0n;
    }
  }
  const enough = deposit >= offer.minimumDeposit && deposit >= atStake;
  return enough ? undefined : reject('DEPOSIT_TOO_SMALL', { account: liquidator.account });
}

export const depositOf = (view: View, account: AccountId): Cash =>
  balanceOf(view, depositName(account), accountOf(view, account).currency);

export function claimLiquidation(desk: Desk, { order, offer, liquidator, claim }: Offered): void {
  const ends = Math.min(later(desk.at, offer.claimWindow), order.expiresAt);
  desk.emit({
    type: 'LiquidationClaimed',
    liquidatorId: liquidator.account,
    claim: {
      order: order.id,
      account: liquidator.account,
      claimedAt: desk.at,
      expiresAt: instant(ends),
      failed: claim?.failed ?? [],
    },
  });
}

/** Its time is up: others may claim, and a part of the deposit goes to the insurance fund. */
export function expireClaim(desk: Desk, { order: id, account }: Claim): void {
  if (account === null) return;
  const order = known(desk.view.liquidationOrders.get(id), 'Liquidation order', id);
  const { currency } = accountOf(desk.view, account);
  const amount = least(order.stand?.offer?.claimPenalty ?? NO_CASH, depositOf(desk.view, account));
  const transfers: Transfer[] =
    amount > 0n
      ? [{ from: depositName(account), to: 'insurance-fund', currency, amount, reason: 'CLAIM_PENALTY' }]
      : [];
  desk.emit({ type: 'LiquidationClaimEnded', order: id, liquidatorId: account, outcome: 'EXPIRED', amount, transfers });
}

/** An order that ends takes its claim along: without cost, unless its own time was up. */
export function releaseClaim(desk: Desk, order: LiquidationOrder, outcome: 'FILLED' | 'EXPIRED' | 'CANCELLED'): void {
  const claim = desk.view.claims.get(order.id);
  if (!claim || claim.account === null) return;
  if (outcome === 'EXPIRED') {
    expireClaim(desk, claim);
    return;
  }
  const ended = outcome === 'FILLED' ? 'TAKEN' : 'RELEASED';
  desk.emit({
    type: 'LiquidationClaimEnded',
    order: order.id,
    liquidatorId: claim.account,
    outcome: ended,
    amount: NO_CASH,
    transfers: [],
  });
}

/**
 * Worth less than nothing, or in default, a liquidator is none any more: what it claimed is others' to claim, and its
 * deposit pays what it owes before anybody else does. Returns whether it was one.  B3-2
 */
export function strikeOff(desk: Desk, account: AccountId): boolean {
  if (!desk.view.liquidators.get(account)?.active) return false;
  const claimed = [...desk.view.claims.values()].filter((claim) => claim.account === account).map(({ order }) => order);
  for (const id of claimed.sort())
    releaseClaim(desk, known(desk.view.liquidationOrders.get(id), 'Liquidation order', id), 'CANCELLED');
  deregisterLiquidator(desk, account);
  return true;
}

export function onLiquidationClaimed(state: State, { claim, liquidatorId }: EventOf<'LiquidationClaimed'>): void {
  state.claims.set(claim.order, claim);
  state.deadlines.set(`claim/${claim.order}`, claim.expiresAt);
  amendLiquidator(state, liquidatorId, ({ claims }) => ({ claims: claims + 1 }));
}

export function onLiquidationClaimEnded(state: State, event: EventOf<'LiquidationClaimEnded'>): void {
  onTransfers(state, event.transfers);
  const { order, liquidatorId, outcome, amount } = event;
  const before = state.claims.get(order);
  state.deadlines.set(`claim/${order}`, undefined);
  // Who let it expire does not keep others out of the same order again.
  if (before && outcome === 'EXPIRED')
    state.claims.set(order, { ...before, account: null, failed: [...before.failed, liquidatorId] });
  else state.claims.delete(order);
  amendLiquidator(state, liquidatorId, ({ expiredClaims, penalties }) => ({
    expiredClaims: expiredClaims + (outcome === 'EXPIRED' ? 1 : 0),
    penalties: plus(penalties, amount),
  }));
}
