/**
 * Insurance fund pools: a fund of its own for a group of instruments, which their fees feed and their losses draw on
 * first.
 */

import { isChosenId } from '../../units/id';
import { type Cash, cash } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { LedgerName } from '../message/ledger';
import { type Checked, ok, refused } from '../message/rejection';

import type { CurrencyId, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import type { InsurancePool, PoolId } from '../model/waterfall';
import { readPayment, readTerm } from '../reference/reading';
import { balanceOf } from './transfers';

export const poolNameOf = (pool: PoolId | null): LedgerName =>
  pool === null ? 'insurance-fund' : `insurance-fund/${pool}`;

/** The pool an instrument belongs to, if any. */
export function poolOf(view: View, instrument: InstrumentId): InsurancePool | undefined {
  for (const pool of view.insurancePools.values()) if (pool.instruments.includes(instrument)) return pool;
  return undefined;
}

/** Where fees and penalties of an instrument go that are the insurance fund's. */
export const insuranceNameOf = (view: View, instrument: InstrumentId): LedgerName =>
  poolNameOf(poolOf(view, instrument)?.id ?? null);

/**
 * Errors, in order: ID_INVALID, CURRENCY_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, POOLS_OVERLAP,
 * TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE.
 */
export function checkSetInsurancePool(view: View, command: CommandOf<'SetInsurancePool'>): Checked<InsurancePool> {
  if (!isChosenId(command.pool)) return refused('ID_INVALID', { pool: command.pool });
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const before = view.insurancePools.get(command.pool);
  if (before && before.currency !== command.currency) return refused('CURRENCY_MISMATCH', { pool: before.currency });
  if (new Set(command.instruments).size !== command.instruments.length)
    return refused('POOLS_OVERLAP', { pool: command.pool });
  for (const id of command.instruments) {
    const listing = view.listings.get(id);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: id });
    if (listing.instrument.settlement !== command.currency) return refused('CURRENCY_MISMATCH', { instrument: id });
    const other = poolOf(view, id);
    // Two pools for one market could each say that the other bears.
    if (other && other.id !== command.pool) return refused('POOLS_OVERLAP', { instrument: id, pool: other.id });
  }
  const cap = command.cap === null ? ok<Cash | null>(null) : readTerm(currency, 'cap', command.cap);
  if (cap.rejection) return cap;
  return ok({
    id: command.pool,
    version: (before?.version ?? 0) + 1,
    currency: command.currency,
    instruments: [...command.instruments].sort(),
    cap: cap.ok,
    thenGeneral: command.thenGeneral,
  });
}

export const setInsurancePool = (desk: Desk, terms: InsurancePool): void =>
  desk.emit({ type: 'InsurancePoolSet', terms });

export const onInsurancePoolSet = (state: State, { terms }: EventOf<'InsurancePoolSet'>): void =>
  void state.insurancePools.set(terms.id, terms);

export interface PoolsTransfer {
  readonly from: PoolId | null;
  readonly to: PoolId | null;
  readonly currency: CurrencyId;
  readonly amount: Cash;
  readonly reason: string;
}

/**
 * Errors, in order: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, POOL_NOT_FOUND, SAME_ACCOUNT,
 * INSUFFICIENT_FUNDS.
 */
export function checkTransferBetweenPools(
  view: View,
  command: CommandOf<'TransferBetweenPools'>,
): Checked<PoolsTransfer> {
  const { from, to, currency, reason } = command;
  const amount = readPayment(view, currency, command.amount);
  if (amount.rejection) return amount;
  for (const id of [from, to])
    if (id !== null && view.insurancePools.get(id)?.currency !== currency)
      return refused('POOL_NOT_FOUND', { pool: id, currency });
  if (from === to) return refused('SAME_ACCOUNT', { account: poolNameOf(from) });
  const held = balanceOf(view, poolNameOf(from), currency);
  return (held > 0n ? held : cash(0n)) < amount.ok
    ? refused('INSUFFICIENT_FUNDS', { ledger: poolNameOf(from), currency })
    : ok({ from, to, currency, amount: amount.ok, reason });
}

export const transferBetweenPools = (desk: Desk, { from, to, currency, amount, reason }: PoolsTransfer): void =>
  desk.emit({
    type: 'PoolsTransferred',
    from,
    to,
    currency,
    amount,
    reason,
    transfers: [{ from: poolNameOf(from), to: poolNameOf(to), currency, amount, reason: 'TRANSFER' }],
  });
