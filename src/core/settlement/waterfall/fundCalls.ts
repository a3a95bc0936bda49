/**
 * Calls for the default fund: replenishments up to the requirement, and assessments for a loss, each with a deadline in
 * business days. What is assessed stands unallocated until it is paid.  Rule: LCS-4
 */

import { formatScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, instant, minus, plus } from '../../../units/quantity';
import { readInflow } from '../../ledger/inflow';
import { onTransfers } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import { type Checked, ok, refused } from '../../message/rejection';

import type { Actor } from '../../model/actor';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import type { Assessed, CaseId, DefaultFundPolicy, FundCall, LossCase, MemberCover } from '../../model/waterfall';
import { type Asked, claimOf, transferOf } from './bear';
import { businessDaysLater } from './fundPolicy';
import { assessedKey, fundNameOf } from './sources';

/** Asks members for their parts of a case. */
export function issueAssessments(desk: Desk, currency: CurrencyId, one: LossCase, asked: readonly Asked[]): void {
  const policy = known(desk.view.fundPolicies.get(currency), 'Default fund policy', currency);
  for (const { member, amount, full } of asked)
    issueCall(desk, policy, { kind: 'ASSESSMENT', member, amount, full, case: one.id });
}

/** Asks members that hold less than they have to for the rest, unless they were asked already. */
export function issueReplenishments(desk: Desk, policy: DefaultFundPolicy, members: readonly MemberCover[]): void {
  const called = new Set(
    [...desk.view.fundCalls.values()]
      .filter(({ kind, currency }) => kind === 'REPLENISHMENT' && currency === policy.currency)
      .map(({ member }) => member),
  );
  for (const { member, requirement, contribution } of members) {
    if (contribution >= requirement || called.has(member)) continue;
    issueCall(desk, policy, {
      kind: 'REPLENISHMENT',
      member,
      amount: minus(requirement, contribution),
      full: false,
      case: null,
    });
  }
}

function issueCall(
  desk: Desk,
  policy: DefaultFundPolicy,
  call: Pick<FundCall, 'kind' | 'member' | 'amount' | 'full' | 'case'>,
): void {
  const issued: FundCall = {
    id: desk.newId('dfc'),
    ...call,
    currency: policy.currency,
    paid: cash(0n),
    issuedAt: desk.at,
    deadline: businessDaysLater(policy, desk.at, policy.within),
  };
  desk.emit({ type: 'DefaultFundCallIssued', fundCall: issued });
}

export function onDefaultFundCallIssued(state: State, { fundCall: call }: EventOf<'DefaultFundCallIssued'>): void {
  if (call.kind === 'ASSESSMENT') noteAssessed(state, call);
  state.fundCalls.set(call.id, call);
  state.deadlines.set(`fund-call/${call.id}`, call.deadline);
}

/** What was asked counts against the cap of the period; what no period counts any more is forgotten. */
function noteAssessed(state: State, { currency, member, amount, full, issuedAt }: FundCall): void {
  const policy = state.fundPolicies.get(currency);
  const key = assessedKey(currency, member);
  const kept = (state.assessed.get(key) ?? []).filter(
    (one) => policy && instant(one.issuedAt + Math.max(policy.cappedPeriod, policy.coolingOff)) > state.now,
  );
  const noted: Assessed = { issuedAt, amount, full };
  state.assessed.set(key, [...kept, noted]);
}

export interface FundCallPayment {
  readonly call: FundCall;
  readonly amount: Cash;
}

/** Errors, in order: FUND_CALL_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, PAYMENT_ABOVE_CALL. */
export function checkPayDefaultFundCall(
  view: View,
  command: CommandOf<'PayDefaultFundCall'>,
  actor: Actor,
): Checked<FundCallPayment> {
  const call = view.fundCalls.get(command.call);
  if (!call || (actor.member !== null && actor.member !== call.member))
    return refused('FUND_CALL_NOT_FOUND', { call: command.call });
  const amount = readInflow(view, call.currency, command.amount);
  if (amount.rejection) return amount;
  const left = minus(call.amount, call.paid);
  const { scale } = known(view.currencies.get(call.currency), 'Currency', call.currency);
  return amount.ok > left
    ? refused('PAYMENT_ABOVE_CALL', { call: call.id, left: formatScaled(left, scale) })
    : ok({ call, amount: amount.ok });
}

/** Pays towards a call. Returns the case whose assessments are complete by it. */
export function payFundCall(desk: Desk, { call, amount }: FundCallPayment): CaseId | undefined {
  const { currency, member } = call;
  const assessment = call.kind === 'ASSESSMENT';
  const open = call.case === null ? undefined : desk.view.lossCases.get(call.case);
  const to = assessment ? 'unallocated-loss' : fundNameOf(member);
  desk.emit({
    type: 'DefaultFundCallPaid',
    fundCall: { ...call, paid: plus(call.paid, amount) },
    unallocated: open ? minus(open.unallocated, amount) : cash(0n),
    currency,
    amount,
    transfers: [transferOf('external', to, currency, amount, assessment ? 'ASSESSMENT' : 'CONTRIBUTION')],
  });
  return completedBy(desk.view, call);
}

export function onDefaultFundCallPaid(
  state: State,
  { fundCall: call, amount, transfers }: EventOf<'DefaultFundCallPaid'>,
): void {
  onTransfers(state, transfers);
  if (call.paid === call.amount) dropCall(state, call);
  else state.fundCalls.set(call.id, call);
  const one = call.case === null ? undefined : state.lossCases.get(call.case);
  if (one) state.lossCases.set(one.id, withAssessment(one, call, amount));
}

/** The case with what a member paid: a claim like any other's, and so much less unallocated. */
function withAssessment(one: LossCase, { member, amount: weight }: FundCall, amount: Cash): LossCase {
  const claimant = fundNameOf(member);
  const earlier = one.claims.find((claim) => claim.layer === 'ASSESSMENTS' && claim.claimant === claimant);
  const whole = plus(earlier?.amount ?? cash(0n), amount);
  const claim = claimOf('ASSESSMENTS', claimant, { base: 'CONTRIBUTION', weight, cap: weight }, whole);
  return {
    ...one,
    claims: [...one.claims.filter((other) => other !== earlier), claim],
    unallocated: minus(one.unallocated, amount),
  };
}

/** A call's time is up. Returns the case whose assessments are complete by it. */
export function expireFundCall(desk: Desk, call: FundCall): CaseId | undefined {
  desk.emit({ type: 'DefaultFundCallExpired', fundCall: call });
  return completedBy(desk.view, call);
}

export const onDefaultFundCallExpired = (state: State, { fundCall: call }: EventOf<'DefaultFundCallExpired'>): void =>
  dropCall(state, call);

function dropCall(state: State, { id }: FundCall): void {
  state.fundCalls.delete(id);
  state.deadlines.set(`fund-call/${id}`, undefined);
}

/** The call's case if no other call for it is open. */
function completedBy(view: View, { case: id }: FundCall): CaseId | undefined {
  if (id === null || view.lossCases.get(id)?.status !== 'AWAITING_ASSESSMENTS') return undefined;
  for (const other of view.fundCalls.values()) if (other.case === id) return undefined;
  return id;
}
