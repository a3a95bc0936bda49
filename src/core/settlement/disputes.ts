/**
 * Disputed liquidations: an objection by the holder's broker within a stated time, which stops nothing, and the ruling
 * on it. Upheld, fee and penalty come back by compensating entries, the largest first, from those who got them; what a
 * receiver no longer has comes from the house's fees, then from its capital. Nothing is deleted.  Rules: LP-5, DS-4
 */

import { known } from '../../units/failure';
import { type Cash, cash, compare, greatest, least, minus, NO_CASH, type Seq, total } from '../../units/quantity';
import { accountBehind, accountName, balanceOf, onTransfers } from '../ledger/transfers';
import { freeCollateralOf } from '../margin/equity';
import { backingOf, pictureOf } from '../margin/picture';
import { requirementOf } from '../margin/requirement';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import type { LedgerName, Transfer } from '../message/ledger';
import { type Checked, ok, refused } from '../message/rejection';
import type { AccountId } from '../model/account';
import type { Actor } from '../model/actor';
import type { ChargeLine, DisputeCase } from '../model/claim';
import type { LiquidationId } from '../model/liquidation';
import type { CurrencyId } from '../model/reference';
import type { State, View } from '../model/state';
import { accountFor } from '../reference/accounts';

export interface Objection {
  readonly liquidation: LiquidationId;
  readonly account: AccountId;
  readonly reason: string;
}

/** Errors, in order: LIQUIDATION_NOT_FOUND, LIQUIDATION_DISPUTED. */
export function checkDisputeLiquidation(
  view: View,
  command: CommandOf<'DisputeLiquidation'>,
  actor: Actor,
): Checked<Objection> {
  const { liquidation, reason } = command;
  const disputed = [...view.disputes.values()].find(({ dispute }) => dispute.liquidation === liquidation);
  const ended = view.endedCharges.get(liquidation);
  const open = ended && ended.until > view.now ? ended.account : undefined;
  const account = disputed?.dispute.account ?? view.liquidations.get(liquidation)?.account ?? open;
  if (account === undefined || !accountFor(view, actor, account))
    return refused('LIQUIDATION_NOT_FOUND', { liquidation });
  return disputed ? refused('LIQUIDATION_DISPUTED', { liquidation }) : ok({ liquidation, account, reason });
}

export function disputeLiquidation(desk: Desk, { liquidation, account, reason }: Objection): void {
  const dispute = { id: desk.newId('disp'), liquidation, account, by: desk.actor.id, reason, at: desk.at };
  desk.emit({ type: 'LiquidationDisputed', dispute });
}

export interface Ruling {
  readonly open: DisputeCase;
  readonly upheld: boolean;
  readonly reason: string;
  readonly currency: CurrencyId;
  readonly transfers: readonly Transfer[];
}

/** Errors, in order: DISPUTE_NOT_FOUND, LIQUIDATION_RUNNING, INSUFFICIENT_FUNDS. */
export function checkRuleOnLiquidationDispute(
  view: View,
  command: CommandOf<'RuleOnLiquidationDispute'>,
): Checked<Ruling> {
  const open = view.disputes.get(command.dispute);
  if (!open) return refused('DISPUTE_NOT_FOUND', { dispute: command.dispute });
  const { upheld, reason } = command;
  const { account, liquidation } = open.dispute;
  const { currency } = known(view.book.account(account), 'Account', account);
  if (!upheld) return ok({ open, upheld, reason, currency, transfers: [] });
  if (open.lines === null) return refused('LIQUIDATION_RUNNING', { liquidation });
  const { transfers, missing } = refundOf(view, account, currency, open.lines);
  return missing > 0n
    ? refused('INSUFFICIENT_FUNDS', { ledger: 'house-capital', currency })
    : ok({ open, upheld, reason, currency, transfers });
}

/** In whose stead the house pays, in this order. */
const INSTEAD: readonly LedgerName[] = ['house-fees', 'house-capital'];

/** The way back of every charge, the largest first; ties as they were charged. */
function refundOf(
  view: View,
  account: AccountId,
  currency: CurrencyId,
  lines: readonly ChargeLine[],
): { readonly transfers: readonly Transfer[]; readonly missing: Cash } {
  const spent = new Map<string, Cash>();
  const transfers: Transfer[] = [];
  const take = (from: LedgerName, wanted: Cash): Cash => {
    const left = minus(sparedBy(view, from, currency), spent.get(from) ?? NO_CASH);
    const amount = least(wanted, greatest(left, NO_CASH));
    if (amount === 0n) return wanted;
    spent.set(from, cash((spent.get(from) ?? 0n) + amount));
    transfers.push({ from, to: accountName(account), currency, amount, reason: 'REVERSAL' });
    return minus(wanted, amount);
  };
  const owed = lines.filter(({ amount }) => amount > 0n);
  owed.sort((a, b) => compare(b.amount, a.amount));
  let missing: Cash = NO_CASH;
  for (const { to, amount } of owed) {
    const rest = [to as LedgerName, ...INSTEAD].reduce(
      (wanted, from) => (wanted > 0n ? take(from, wanted) : wanted),
      amount,
    );
    missing = cash(missing + rest);
  }
  return { transfers, missing };
}

/**
 * What a receiver can give back: of an account no more than is free, so that it does not fall below its initial margin.
 */
function sparedBy(view: View, name: LedgerName, currency: CurrencyId): Cash {
  const held = greatest(balanceOf(view, name, currency), NO_CASH);
  // What the pool's contributors have been credited with is theirs, whoever they were when it came in.
  if (name === 'backstop-income')
    return greatest(minus(held, view.backstops.get(currency)?.recognised ?? NO_CASH), NO_CASH);
  const id = accountBehind(name);
  if (id === undefined) return held;
  const { status } = view.book.stateOf(id);
  if (status !== 'HEALTHY' && status !== 'WARNING') return NO_CASH;
  const picture = backingOf(pictureOf(view, id));
  return least(held, freeCollateralOf(picture, requirementOf(picture).initial));
}

export function ruleOnLiquidationDispute(desk: Desk, { open, upheld, reason, currency, transfers }: Ruling): void {
  const { id: dispute, liquidation, account } = open.dispute;
  const amount = total(transfers.map((transfer) => transfer.amount));
  const by = desk.actor.id;
  desk.emit({
    type: 'LiquidationDisputeRuled',
    dispute,
    liquidation,
    account,
    upheld,
    by,
    reason,
    currency,
    amount,
    transfers,
  });
}

/** Under which the charges of an entry to an account count as reversed. */
export const refundKey = (entry: Seq, account: AccountId): string => `refund/${entry}/${account}`;

export function onLiquidationDisputed(state: State, { dispute }: EventOf<'LiquidationDisputed'>): void {
  const ended = state.endedCharges.get(dispute.liquidation);
  state.endedCharges.delete(dispute.liquidation);
  // While it runs what it charges is not known yet.
  state.disputes.set(dispute.id, { dispute, lines: ended?.lines ?? null });
}

export function onLiquidationDisputeRuled(state: State, event: EventOf<'LiquidationDisputeRuled'>): void {
  onTransfers(state, event.transfers);
  const open = state.disputes.get(event.dispute);
  state.disputes.delete(event.dispute);
  if (!event.upheld) return;
  for (const { entry } of open?.lines ?? []) state.reversed.add(refundKey(entry, event.account));
}
