/**
 * Running claims: whoever bore a part of a loss is repaid when money is recovered, what stands unallocated first, then
 * the layers in the reverse of the order in which they bore, pro rata inside one, exactly.  Rule: SL-4
 */

import { allocateCapped } from '../../../units/allocate';
import { formatScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, least, minus, plus, total } from '../../../units/quantity';
import { readInflow } from '../../ledger/inflow';
import { onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { LedgerName, Transfer } from '../../message/ledger';
import { type Checked, ok, refused } from '../../message/rejection';
import type { Repayment } from '../../message/waterfall';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import type { LossCase, LossClaim } from '../../model/waterfall';
import { onInventoryRepaid } from '../tally/draws';
import { transferOf } from './bear';

export interface Recovery {
  readonly case: LossCase;
  readonly amount: Cash;
  readonly from: LedgerName;
}

const openOf = ({ amount, repaid }: LossClaim): Cash => minus(amount, repaid);

/** Everything of a case that has not come back. */
export const outstandingOf = ({ claims, unallocated }: LossCase): Cash => plus(total(claims.map(openOf)), unallocated);

/**
 * Errors, in order: CASE_NOT_FOUND, CASE_AWAITS_ASSESSMENTS, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE,
 * RECOVERY_ABOVE_CLAIMS.
 */
export function checkRecordRecovery(view: View, command: CommandOf<'RecordRecovery'>): Checked<Recovery> {
  const found = view.lossCases.get(command.case);
  if (!found) return refused('CASE_NOT_FOUND', { case: command.case });
  if (found.status === 'AWAITING_ASSESSMENTS') return refused('CASE_AWAITS_ASSESSMENTS', { case: found.id });
  const amount = readInflow(view, found.currency, command.amount);
  if (amount.rejection) return amount;
  const outstanding = outstandingOf(found);
  const { scale } = known(view.currencies.get(found.currency), 'Currency', found.currency);
  // Money beyond all claims belongs to nobody here: whoever found it keeps it.
  if (amount.ok > outstanding)
    return refused('RECOVERY_ABOVE_CLAIMS', { case: found.id, outstanding: formatScaled(outstanding, scale) });
  return ok({ case: found, amount: amount.ok, from: 'external' });
}

export function recordRecovery(desk: Desk, { case: one, amount, from }: Recovery): void {
  const { currency } = one;
  const toLoss = least(amount, one.unallocated);
  const transfers: Transfer[] = [];
  if (toLoss > 0n) transfers.push(transferOf(from, 'unallocated-loss', currency, toLoss, 'RECOVERY'));
  const repayments = repaymentsOf(one, minus(amount, toLoss));
  for (const { claimant, amount: part } of repayments)
    transfers.push(transferOf(from, claimant as LedgerName, currency, part, 'RECOVERY'));
  desk.emit({
    type: 'RecoveryRecorded',
    case: one.id,
    currency,
    amount,
    unallocated: minus(one.unallocated, toLoss),
    repayments,
    transfers,
  });
}

/** Who gets what of the money: the layer that bore last first. */
export function repaymentsOf({ claims }: Pick<LossCase, 'claims'>, amount: Cash): Repayment[] {
  const repayments: Repayment[] = [];
  let left = amount;
  for (const layer of [...new Set(claims.map((claim) => claim.layer))].reverse()) {
    const same = claims.filter((claim) => claim.layer === layer && openOf(claim) > 0n);
    const { shares, left: rest } = allocateCapped(
      left,
      same.map((claim) => ({ id: claim.claimant, weight: openOf(claim), cap: openOf(claim) })),
    );
    for (const [i, { claimant, repaid }] of same.entries()) {
      const share = shares[i] ?? cash(0n);
      if (share > 0n) repayments.push({ layer, claimant, amount: share, repaid: plus(repaid, share) });
    }
    left = rest;
  }
  return repayments;
}

export function onRecoveryRecorded(state: State, event: EventOf<'RecoveryRecorded'>): void {
  onTransfers(state, event.transfers);
  onInventoryRepaid(state, event.transfers);
  const one = state.lossCases.get(event.case);
  if (!one) return;
  const repaid = new Map(event.repayments.map((part) => [`${part.layer} ${part.claimant}`, part.repaid]));
  const claims = one.claims.map((claim) => ({
    ...claim,
    repaid: repaid.get(`${claim.layer} ${claim.claimant}`) ?? claim.repaid,
  }));
  const after: LossCase = {
    ...one,
    claims,
    unallocated: event.unallocated,
    status: one.status === 'UNALLOCATED' && event.unallocated === 0n ? 'BORNE' : one.status,
  };
  if (outstandingOf(after) === 0n) state.lossCases.delete(one.id);
  else state.lossCases.set(one.id, after);
}

/**
 * Surplus of the inventory repays cases of the currency, the oldest first, where the policy says so. Returns what is
 * left of it.
 */
export function repayFromSurplus(desk: Desk, currency: CurrencyId, from: LedgerName, surplus: Cash): Cash {
  if (!desk.view.lossPolicies.get(currency)?.surplusToClaims) return surplus;
  let left = surplus;
  for (const id of [...desk.view.lossCases.keys()].sort()) {
    const one = known(desk.view.lossCases.get(id), 'Case', id);
    const amount =
      one.currency === currency && one.status !== 'AWAITING_ASSESSMENTS' ? least(left, outstandingOf(one)) : cash(0n);
    if (amount > 0n) recordRecovery(desk, { case: one, amount, from });
    left = minus(left, amount);
  }
  return left;
}
