/**
 * Corrections: a new booking the other way that names the old one. Nothing settled is ever changed or deleted.  Rules:
 * DS-4, LP-5, S03
 */

import type { Cash } from '../../units/quantity';
import { accountBehind, balanceOf, onTransfers } from '../ledger/transfers';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { LedgerName, TransferReason } from '../message/ledger';
import { type Checked, ok, refused } from '../message/rejection';
import type { State, View } from '../model/state';
import { readPayment } from '../reference/reading';
import { refundKey } from '../settlement/disputes';
import { noteReversal } from '../settlement/tally/charged';
import { checkMayLeave } from './withdraw';

/**
 * Charges and plain payments can be undone; gains and losses at settled prices cannot. Each kind flows between names of
 * its own, so that no reversal can invent a movement the house never makes.
 */
const REVERSIBLE: Partial<
  Record<TransferReason, { readonly from: readonly string[]; readonly to: readonly string[] }>
> = {
  DEPOSIT: { from: ['external'], to: ['account'] },
  TRANSFER: { from: ['account'], to: ['account'] },
  CONTRIBUTION: { from: ['external', 'house-capital'], to: ['insurance-fund', 'house-capital'] },
  TRADING_FEE: { from: ['account'], to: ['house-fees'] },
  LIQUIDATION_FEE: { from: ['account'], to: ['insurance-fund', 'house-fees', 'account'] },
  LIQUIDATION_PENALTY: { from: ['account'], to: ['insurance-fund'] },
};

export interface Reversal {
  readonly command: CommandOf<'ReverseTransfer'>;
  readonly amount: Cash;
}

const placeOf = ({ entry, place }: Pick<CommandOf<'ReverseTransfer'>, 'entry' | 'place'>): string =>
  `${entry}/${place}`;

/** Whether the house could have made such a transfer, in an entry before this one. */
function couldHaveBeen(view: View, { kind, from, to, entry, place }: CommandOf<'ReverseTransfer'>): boolean {
  const route = REVERSIBLE[kind];
  const sort = (name: LedgerName): string => (accountBehind(name) === undefined ? name : 'account');
  const whole =
    Number.isSafeInteger(entry) && entry > 0 && entry < view.seq && Number.isSafeInteger(place) && place >= 0;
  return route !== undefined && whole && from !== to && route.from.includes(sort(from)) && route.to.includes(sort(to));
}

/** Whether a ruling on its liquidation gave the charge back already. */
function wasRefunded({ reversed }: View, { kind, entry, from }: CommandOf<'ReverseTransfer'>): boolean {
  if (kind !== 'LIQUIDATION_FEE' && kind !== 'LIQUIDATION_PENALTY') return false;
  return reversed.has(refundKey(entry, accountBehind(from) ?? ''));
}

/**
 * Errors, in order: TRANSFER_NOT_REVERSIBLE, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE,
 * ACCOUNT_NOT_FOUND, INSUFFICIENT_FUNDS, then those of a withdrawal.
 */
export function checkReverseTransfer(view: View, command: CommandOf<'ReverseTransfer'>): Checked<Reversal> {
  if (!couldHaveBeen(view, command) || view.reversed.has(placeOf(command)) || wasRefunded(view, command))
    return refused('TRANSFER_NOT_REVERSIBLE', { kind: command.kind, transfer: placeOf(command) });
  const amount = readPayment(view, command.currency, command.amount);
  if (amount.rejection) return amount;
  const payer = accountBehind(command.to);
  const receiver = accountBehind(command.from);
  if (receiver !== undefined && !view.book.account(receiver))
    return refused('ACCOUNT_NOT_FOUND', { account: receiver });
  if (payer === undefined) {
    const missing = command.to !== 'external' && balanceOf(view, command.to, command.currency) < amount.ok;
    return missing
      ? refused('INSUFFICIENT_FUNDS', { ledger: command.to, currency: command.currency })
      : ok({ command, amount: amount.ok });
  }
  const account = view.book.account(payer);
  if (!account) return refused('ACCOUNT_NOT_FOUND', { account: payer });
  const leaving = checkMayLeave(view, { account, currency: command.currency, amount: amount.ok });
  return leaving.rejection ? leaving : ok({ command, amount: amount.ok });
}

export function reverseTransfer(desk: Desk, { command, amount }: Reversal): void {
  const { entry, place, from, to, currency, reason } = command;
  desk.emit({
    type: 'TransferReversed',
    entry,
    place,
    reason,
    currency,
    amount,
    transfers: [{ from: to, to: from, currency, amount, reason: 'REVERSAL' }],
  });
}

export function onTransferReversed(state: State, event: EventOf<'TransferReversed'>): void {
  state.reversed.add(placeOf(event));
  for (const transfer of event.transfers) noteReversal(state, transfer, event.entry);
  onTransfers(state, event.transfers);
}
