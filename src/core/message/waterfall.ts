/** Commands and events of the default waterfall: default fund, calls, claims, backstop pool, pools of instruments. */

import { kind, type RecordOf } from '../kind/kind';
import type { MemberId } from '../model/account';
import type { CaseId, PoolId } from '../model/waterfall';
import {
  BACKSTOP_ENTRY,
  BACKSTOP_POOL,
  COVERAGE,
  COVERAGE_RUN,
  DEFAULT_FUND_POLICY,
  FUND_CALL,
  INSURANCE_POOL,
  KEPT_WEIGHT,
  LOSS_CASE,
} from '../model/waterfall';
import { TRANSFER } from './ledger';
import { LOSS_SHARE } from './settlement';
import { HOUSE_TRANCHE } from './waterfallCommands';

/** What comes back to one claimant: `repaid` is the whole of it so far. */
export const REPAYMENT = kind.record({
  layer: kind.text(),
  claimant: kind.text(),
  amount: kind.cash('currency'),
  repaid: kind.cash('currency'),
});
export type Repayment = RecordOf<typeof REPAYMENT>;

const MOVED = {
  currency: kind.currency(),
  amount: kind.cash('currency'),
  transfers: kind.list(TRANSFER),
};

export const WATERFALL_EVENTS = kind.events({
  DefaultFundContributed: kind.event('A member paid money into the default fund.', {
    member: kind.text<MemberId>(),
    ...MOVED,
  }),
  DefaultFundWithdrawn: kind.event('A member took money out of the default fund.', {
    member: kind.text<MemberId>(),
    ...MOVED,
  }),
  DefaultFundPolicySet: kind.event('A version of a default fund policy was set.', {
    terms: kind.about(DEFAULT_FUND_POLICY),
  }),
  CoverageAdvanced: kind.event('A part of the accounts of a large house were counted for coverage.', {
    currency: kind.currency(),
    run: COVERAGE_RUN,
  }),
  CoverageComputed: kind.event('The coverage of the funds and pools under stress was computed.', {
    coverage: kind.about(COVERAGE),
  }),
  CoverageFellShort: kind.event('Coverage fell below its threshold.', { coverage: kind.about(COVERAGE) }),
  DefaultFundCallIssued: kind.event('A member was called for the default fund.', { fundCall: kind.about(FUND_CALL) }),
  DefaultFundCallPaid: kind.event('A member paid towards a call for the default fund.', {
    fundCall: kind.about(FUND_CALL),
    unallocated: kind.cash('currency'),
    ...MOVED,
  }), // of its case, left
  DefaultFundCallExpired: kind.event('The deadline of a call for the default fund passed and it was not paid.', {
    fundCall: kind.about(FUND_CALL),
  }),
  JuniorsRecorded: kind.event('The members that pay first for the default of another were recorded.', {
    member: kind.text<MemberId>(),
    juniors: kind.list(kind.text<MemberId>()),
  }),
  HouseTrancheContributed: kind.event("Money was paid into a further tranche of the house's capital.", {
    tranche: kind.oneOf(HOUSE_TRANCHE),
    ...MOVED,
  }),
  AssessmentsClosed: kind.event(
    'Every member assessed for a loss has paid or run out of time. The layers after it have borne the rest.',
    {
      currency: kind.currency(),
      case: kind.about(LOSS_CASE),
      shares: kind.list(LOSS_SHARE),
      backstop: kind.nullable(BACKSTOP_POOL),
      transfers: kind.list(TRANSFER),
    },
  ),
  LossWeightKept: kind.event(
    'An account acted while a debt was open. It shares in the loss by what it would have had without that.',
    { kept: kind.about(KEPT_WEIGHT) },
  ),
  LossWeightsReleased: kind.event(
    'No debt of the currency is open any more. What accounts did meanwhile is forgotten.',
    { currency: kind.currency() },
  ),
  RecoveryRecorded: kind.event('Recovered money was shared among those who bore the loss.', {
    case: kind.text<CaseId>(),
    unallocated: kind.cash('currency'), // of the case, left
    repayments: kind.list(REPAYMENT),
    ...MOVED,
  }),
  BackstopPoolContributed: kind.event('An account paid money into the backstop pool.', {
    account: kind.account(),
    entry: BACKSTOP_ENTRY,
    backstop: BACKSTOP_POOL,
    ...MOVED,
  }),
  BackstopPoolWithdrawn: kind.event('An account took money out of the backstop pool.', {
    account: kind.account(),
    entry: BACKSTOP_ENTRY,
    backstop: BACKSTOP_POOL,
    ...MOVED,
  }),
  BackstopIncomeAdded: kind.event('Income was paid to the contributors of a backstop pool.', { ...MOVED }),
  InsurancePoolSet: kind.event('A version of an insurance fund pool was set.', { terms: kind.about(INSURANCE_POOL) }),
  PoolsTransferred: kind.event('Money moved between pools of the insurance fund.', {
    from: kind.nullable(kind.text<PoolId>()),
    to: kind.nullable(kind.text<PoolId>()),
    reason: kind.text(),
    ...MOVED,
  }),
});
