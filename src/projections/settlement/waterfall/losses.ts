/**
 * Defaults: what each layer bore of a loss, who paid it and what came back, and what each account paid of a socialized
 * one.  Rules: B3-1, B3-2, SL-1, SL-4
 */

import { accountBehind } from '../../../core/ledger/transfers';
import type { EventOf } from '../../../core/message/event';
import type { LedgerName } from '../../../core/message/ledger';
import type { LossShare } from '../../../core/message/settlement';
import type { SocializationBase } from '../../../core/model/policy';
import type { CurrencyId } from '../../../core/model/reference';
import type { LossCase, LossClaim } from '../../../core/model/waterfall';
import type { Cash } from '../../../units/quantity';
import type { Batch, Moment } from '../../rows/batch';
import { cashText, timeText } from '../../rows/decimals';

export function onLossAllocated(batch: Batch, event: EventOf<'LossAllocated'>, moment: Moment): void {
  const { rows, state } = batch;
  const { currency } = event;
  for (const one of event.cases) {
    rows.insert('LossCase', {
      id: one.id,
      accountId: one.account,
      currency,
      loss: cashText(state, currency, one.loss),
      at: timeText(moment.at),
      seq: moment.seq,
      policyVersion: event.policyVersion,
      ...standingOf(batch, one),
      instrumentId: one.instrument,
    });
    writeLayers(batch, one);
    for (const claim of one.claims) writeClaim(batch, one.id, currency, claim, moment);
  }
  writeShares(batch, currency, event.base, event.shares, moment);
  const until = state.gates.get(currency);
  if (until !== undefined) rows.upsert('WithdrawalGate', { currency, until: timeText(until) });
}

const standingOf = ({ state }: Batch, { status, unallocated, currency }: LossCase) => ({
  status,
  unallocated: cashText(state, currency, unallocated),
});

/**
 * The case as it is when everybody who was asked has paid or run out of time: its ledger begins anew behind the
 * assessments.
 */
export function onAssessmentsClosed(batch: Batch, event: EventOf<'AssessmentsClosed'>, moment: Moment): void {
  const { case: one, currency } = event;
  batch.rows.update('LossCase', { id: one.id, ...standingOf(batch, one) });
  writeLayers(batch, one);
  for (const claim of one.claims) writeClaim(batch, one.id, currency, claim, moment);
  const base = batch.state.lossPolicies.get(currency)?.base ?? 'GAINS';
  writeShares(batch, currency, base, event.shares, moment);
}

function writeLayers({ rows, state }: Batch, { id, currency, layers }: LossCase): void {
  const money = (amount: Cash): string => cashText(state, currency, amount);
  for (const [i, { layer, available, used, left }] of layers.entries())
    rows.upsert('LossCaseLayer', {
      caseId: id,
      ordinal: i + 1,
      layer,
      available: money(available),
      used: money(used),
      left: money(left),
    });
}

const FUND = 'default-fund/';

export function writeClaim(
  { rows, state }: Batch,
  caseId: string,
  currency: CurrencyId,
  claim: LossClaim,
  { seq, at }: Moment,
): void {
  const money = (amount: Cash): string => cashText(state, currency, amount);
  const { layer, claimant, base, weight, cap, amount, repaid, actedSince } = claim;
  rows.upsert('LossClaim', {
    caseId,
    layer,
    claimant,
    accountId: accountBehind(claimant as LedgerName) ?? null,
    memberId: claimant.startsWith(FUND) ? claimant.slice(FUND.length) : null,
    currency,
    base,
    weight: money(weight),
    cap: money(cap),
    amount: money(amount),
    repaid: money(repaid),
    seq,
    at: timeText(at),
    actedSince: actedSince === undefined ? null : timeText(actedSince),
  });
}

function writeShares(
  { rows, state }: Batch,
  currency: CurrencyId,
  base: SocializationBase,
  shares: readonly LossShare[],
  { seq, at, place }: Moment,
): void {
  const money = (amount: Cash): string => cashText(state, currency, amount);
  for (const { account, weight, cap, amount, actedSince } of shares) {
    rows.insert('SocializedLossShare', {
      seq,
      place,
      accountId: account,
      currency,
      base,
      weight: money(weight),
      cap: money(cap),
      amount: money(amount),
      at: timeText(at),
      actedSince: actedSince === undefined ? null : timeText(actedSince),
    });
  }
}

export function onRecoveryRecorded(
  { rows, state }: Batch,
  event: EventOf<'RecoveryRecorded'>,
  { seq, at, place }: Moment,
): void {
  const { case: caseId, currency, amount, unallocated, repayments } = event;
  const money = (value: Cash): string => cashText(state, currency, value);
  rows.insert('LossRecovery', { seq, place, caseId, currency, amount: money(amount), at: timeText(at) });
  rows.update('LossCase', {
    id: caseId,
    unallocated: money(unallocated),
    status: unallocated > 0n ? 'UNALLOCATED' : 'BORNE',
  });
  for (const { layer, claimant, repaid } of repayments)
    rows.update('LossClaim', { caseId, layer, claimant, repaid: money(repaid) });
}
