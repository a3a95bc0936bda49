/**
 * The default fund with its calls and coverage, the backstop pool, and pools of instruments, each made of its events
 * alone.  Rules: LCS-4, RB-2
 */

import type { EventOf } from '../../../core/message/event';
import type { BackstopPool, FundCall, LossClaim } from '../../../core/model/waterfall';
import { NO_CASH } from '../../../units/quantity';
import type { Batch, Moment } from '../../rows/batch';
import { cashText, timeText } from '../../rows/decimals';
import { jsonOf } from '../../rows/parts';
import { writeClaim } from './losses';

export function onDefaultFundPolicySet({ rows }: Batch, event: EventOf<'DefaultFundPolicySet'>, { seq }: Moment): void {
  const { currency, version } = event.terms;
  rows.insert('DefaultFundPolicy', { currency, version, terms: jsonOf(event.terms), setSeq: seq });
}

export function onCoverageComputed(
  { rows, state }: Batch,
  event: EventOf<'CoverageComputed'>,
  { seq, at, place }: Moment,
): void {
  const { currency, policyVersion, cover1, cover2, fund, pools, short } = event.coverage;
  rows.insert('FundCoverage', {
    currency,
    seq,
    place,
    at: timeText(at),
    policyVersion,
    cover1: cashText(state, currency, cover1),
    cover2: cashText(state, currency, cover2),
    fund: cashText(state, currency, fund),
    pools: cashText(state, currency, pools),
    short,
    members: jsonOf(event.coverage.members),
  });
}

export function onDefaultFundCallIssued(
  { rows, state }: Batch,
  { fundCall: call }: EventOf<'DefaultFundCallIssued'>,
  { seq }: Moment,
): void {
  const { id, kind, member, currency, amount, paid, issuedAt, deadline } = call;
  rows.insert('DefaultFundCall', {
    ...{ id, kind, currency, seq },
    memberId: member,
    caseId: call.case,
    amount: cashText(state, currency, amount),
    paid: cashText(state, currency, paid),
    status: 'OPEN',
    issuedAt: timeText(issuedAt),
    deadline: timeText(deadline),
    endedAt: null,
  });
}

export function onDefaultFundCallPaid(batch: Batch, event: EventOf<'DefaultFundCallPaid'>, moment: Moment): void {
  const { fundCall: call, unallocated } = event;
  const { rows, state } = batch;
  const whole = call.paid === call.amount;
  rows.update('DefaultFundCall', {
    id: call.id,
    paid: cashText(state, call.currency, call.paid),
    ...(whole ? { status: 'PAID', endedAt: timeText(moment.at) } : {}),
  });
  if (call.case === null) return;
  rows.update('LossCase', { id: call.case, unallocated: cashText(state, call.currency, unallocated) });
  writeClaim(batch, call.case, call.currency, claimFor(call), moment);
}

const claimFor = ({ member, amount, paid }: FundCall): LossClaim => ({
  ...{ layer: 'ASSESSMENTS', claimant: `default-fund/${member}`, base: 'CONTRIBUTION', weight: amount, cap: amount },
  amount: paid,
  repaid: NO_CASH,
});

export const onDefaultFundCallExpired = (
  { rows }: Batch,
  { fundCall: call }: EventOf<'DefaultFundCallExpired'>,
  { at }: Moment,
): void => rows.update('DefaultFundCall', { id: call.id, status: 'EXPIRED', endedAt: timeText(at) });

/** What a loss leaves of the pool is told by the loss. */
export function writeBackstop({ rows, state }: Batch, event: { readonly backstop: BackstopPool | null }): void {
  const pool = event.backstop;
  if (!pool) return;
  const { currency, total } = pool;
  rows.upsert('BackstopPool', { currency, total: cashText(state, currency, total), terms: jsonOf(event.backstop) });
}

export function onBackstopMoved(
  batch: Batch,
  event: EventOf<'BackstopPoolContributed' | 'BackstopPoolWithdrawn'>,
): void {
  batch.rows.upsert('BackstopEntry', {
    accountId: event.account,
    currency: event.currency,
    terms: jsonOf(event.entry),
  });
}

export function onInsurancePoolSet(
  { rows, state }: Batch,
  { terms }: EventOf<'InsurancePoolSet'>,
  { seq }: Moment,
): void {
  const { id, version, currency, instruments, cap, thenGeneral } = terms;
  rows.insert('InsurancePool', {
    ...{ id, version, currency, thenGeneral, setSeq: seq },
    instruments: [...instruments],
    cap: cap === null ? null : cashText(state, currency, cap),
  });
}
