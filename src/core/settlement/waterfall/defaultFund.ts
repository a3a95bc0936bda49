/**
 * The default fund: what each member has put in, what it has to hold, coverage every day, and what follows when it is
 * short. Rules: LCS-4, RB-2
 */

import { formatScaled } from '../../../units/decimal';
import { known } from '../../../units/failure';
import { type Cash, cash, greatest, minus, NO_CASH } from '../../../units/quantity';
import { readInflow } from '../../ledger/inflow';
import { balanceOf } from '../../ledger/transfers';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import { type Checked, ok, refused } from '../../message/rejection';

import type { MemberId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import type { CoverageRun, DefaultFundPolicy } from '../../model/waterfall';
import { readPayment } from '../../reference/reading';
import { transferOf } from './bear';
import { issueReplenishments } from './fundCalls';
import { nextCoverage } from './fundPolicy';
import { askedOfContribution, gatedFor, waitProblem } from './gate';
import { fundNameOf } from './sources';
import { countSlice, coverageOf, FIRST_SLICE } from './stress';

export interface FundMove {
  readonly member: MemberId;
  readonly currency: CurrencyId;
  readonly amount: Cash;
}

/** Another member's name is as good as none. */
const memberFor = (view: View, actor: Actor, member: MemberId): boolean =>
  view.members.has(member) && (actor.member === null || actor.member === member);

/** Errors, in order: MEMBER_NOT_FOUND, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE. */
export function checkContributeToDefaultFund(
  view: View,
  command: CommandOf<'ContributeToDefaultFund'>,
  actor: Actor,
): Checked<FundMove> {
  const { member, currency } = command;
  if (!memberFor(view, actor, member)) return refused('MEMBER_NOT_FOUND', { member });
  const amount = readInflow(view, currency, command.amount);
  return amount.rejection ? amount : ok({ member, currency, amount: amount.ok });
}

export const contributeToDefaultFund = (desk: Desk, { member, currency, amount }: FundMove): void =>
  desk.emit({
    type: 'DefaultFundContributed',
    member,
    currency,
    amount,
    transfers: [transferOf('external', fundNameOf(member), currency, amount, 'CONTRIBUTION')],
  });

/**
 * Errors, in order: MEMBER_NOT_FOUND, CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE, WITHDRAWALS_GATED
 * (after a loss), INSUFFICIENT_FUNDS, BELOW_REQUIREMENT, WITHDRAWALS_GATED (open debts).
 */
export function checkWithdrawFromDefaultFund(
  view: View,
  command: CommandOf<'WithdrawFromDefaultFund'>,
  actor: Actor,
): Checked<FundMove> {
  const { member, currency } = command;
  if (!memberFor(view, actor, member)) return refused('MEMBER_NOT_FOUND', { member });
  const amount = readPayment(view, currency, command.amount);
  if (amount.rejection) return amount;
  const waits = waitProblem(view, currency);
  if (waits) return { rejection: waits };
  const held = balanceOf(view, fundNameOf(member), currency);
  if (held < amount.ok) return refused('INSUFFICIENT_FUNDS', { ledger: fundNameOf(member), currency });
  const requirement = requirementOf(view, currency, member);
  const { scale } = known(view.currencies.get(currency), 'Currency', currency);
  if (minus(held, amount.ok) < requirement)
    return refused('BELOW_REQUIREMENT', {
      requirement: formatScaled(requirement, scale),
      held: formatScaled(held, scale),
    });
  const free = greatest(minus(held, askedOfContribution(view, currency, member)), NO_CASH);
  return amount.ok > free
    ? { rejection: gatedFor(view, currency, { free: formatScaled(free, scale) }) }
    : ok({ member, currency, amount: amount.ok });
}

/** What the member has to hold, by the last coverage; before there is one, the floor. */
export function requirementOf(view: View, currency: CurrencyId, member: MemberId): Cash {
  const computed = view.coverages.get(currency)?.members.find((one) => one.member === member);
  return computed?.requirement ?? view.fundPolicies.get(currency)?.floor ?? cash(0n);
}

export const withdrawFromDefaultFund = (desk: Desk, { member, currency, amount }: FundMove): void =>
  desk.emit({
    type: 'DefaultFundWithdrawn',
    member,
    currency,
    amount,
    transfers: [transferOf(fundNameOf(member), 'external', currency, amount, 'WITHDRAWAL')],
  });

/** Errors: CURRENCY_NOT_FOUND, POLICY_NOT_FOUND. */
export function checkComputeCoverage(
  view: View,
  { currency }: CommandOf<'ComputeCoverage'>,
): Checked<DefaultFundPolicy> {
  if (!view.currencies.has(currency)) return refused('CURRENCY_NOT_FOUND', { currency });
  const policy = view.fundPolicies.get(currency);
  return policy ? ok(policy) : refused('POLICY_NOT_FOUND', { currency });
}

/** Computes coverage, or begins to where there are many accounts. One that is being worked off goes on. */
export function computeCoverage(desk: Desk, policy: DefaultFundPolicy): void {
  if (!desk.view.coverageRuns.has(policy.currency)) advance(desk, policy, FIRST_SLICE);
}

/** The next accounts of every coverage that is being worked off. */
export function advanceCoverages(desk: Desk): void {
  const { coverageRuns, fundPolicies } = desk.view;
  for (const [currency, run] of [...coverageRuns].sort(([a], [b]) => (a < b ? -1 : 1)))
    advance(desk, known(fundPolicies.get(currency), 'Default fund policy', currency), run);
}

/** Members that hold less than they have to are called; falling short is an event of its own, for whoever must act. */
function advance(desk: Desk, policy: DefaultFundPolicy, before: CoverageRun): void {
  const { currency } = policy;
  const run = countSlice(desk.view, policy, before);
  if (run.next > 0) {
    desk.emit({ type: 'CoverageAdvanced', currency, run });
    return;
  }
  const wasShort = desk.view.coverages.get(currency)?.short ?? false;
  const coverage = coverageOf(desk.view, policy, run.stressed);
  desk.emit({ type: 'CoverageComputed', coverage });
  if (coverage.short && !wasShort) desk.emit({ type: 'CoverageFellShort', coverage });
  issueReplenishments(desk, policy, coverage.members);
}

export function onCoverageAdvanced(state: State, { currency, run }: EventOf<'CoverageAdvanced'>): void {
  state.coverageRuns.set(currency, run);
  scheduleCoverage(state, currency);
}

export function onCoverageComputed(state: State, { coverage }: EventOf<'CoverageComputed'>): void {
  state.coverages.set(coverage.currency, coverage);
  state.coverageRuns.delete(coverage.currency);
  scheduleCoverage(state, coverage.currency);
}

function scheduleCoverage(state: State, currency: CurrencyId): void {
  const policy = state.fundPolicies.get(currency);
  if (policy) state.deadlines.set(`coverage/${currency}`, nextCoverage(policy, state.now));
}

/** Errors: MEMBER_NOT_FOUND. */
export function checkRecordJuniors(
  view: View,
  command: CommandOf<'RecordJuniors'>,
): Checked<CommandOf<'RecordJuniors'>> {
  const missing = [command.member, ...command.juniors].find((member) => !view.members.has(member));
  return missing === undefined ? ok(command) : refused('MEMBER_NOT_FOUND', { member: missing });
}

export const recordJuniors = (
  desk: Desk,
  { member, juniors }: Pick<CommandOf<'RecordJuniors'>, 'member' | 'juniors'>,
): void => desk.emit({ type: 'JuniorsRecorded', member, juniors: [...new Set(juniors)].sort() });

export const onJuniorsRecorded = (state: State, { member, juniors }: EventOf<'JuniorsRecorded'>): void =>
  void state.juniors.set(member, juniors);

export interface TrancheMove {
  readonly tranche: CommandOf<'ContributeHouseTranche'>['tranche'];
  readonly currency: CurrencyId;
  readonly amount: Cash;
}

/** Errors: CURRENCY_NOT_FOUND, TOO_MANY_DIGITS, AMOUNT_NOT_POSITIVE. */
export function checkContributeHouseTranche(
  view: View,
  { tranche, currency, amount: text }: CommandOf<'ContributeHouseTranche'>,
): Checked<TrancheMove> {
  const amount = readInflow(view, currency, text);
  return amount.rejection ? amount : ok({ tranche, currency, amount: amount.ok });
}

export const contributeHouseTranche = (desk: Desk, { tranche, currency, amount }: TrancheMove): void =>
  desk.emit({
    type: 'HouseTrancheContributed',
    tranche,
    currency,
    amount,
    transfers: [
      transferOf(
        'external',
        tranche === 'HOUSE_TRANCHE_2' ? 'house-tranche-2' : 'house-further',
        currency,
        amount,
        'CONTRIBUTION',
      ),
    ],
  });
