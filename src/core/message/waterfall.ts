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
  DefaultFundContributed: { member: kind.text<MemberId>(), ...MOVED },
  DefaultFundWithdrawn: { member: kind.text<MemberId>(), ...MOVED },
  DefaultFundPolicySet: { terms: kind.about(DEFAULT_FUND_POLICY) },
  CoverageAdvanced: { currency: kind.currency(), run: COVERAGE_RUN },
  CoverageComputed: { coverage: kind.about(COVERAGE) },
  CoverageFellShort: { coverage: kind.about(COVERAGE) },
  DefaultFundCallIssued: { fundCall: kind.about(FUND_CALL) },
  DefaultFundCallPaid: { fundCall: kind.about(FUND_CALL), unallocated: kind.cash('currency'), ...MOVED }, // of its case, left
  DefaultFundCallExpired: { fundCall: kind.about(FUND_CALL) },
  JuniorsRecorded: { member: kind.text<MemberId>(), juniors: kind.list(kind.text<MemberId>()) },
  HouseTrancheContributed: { tranche: kind.oneOf(HOUSE_TRANCHE), ...MOVED },
  AssessmentsClosed: {
    currency: kind.currency(),
    case: kind.about(LOSS_CASE),
    shares: kind.list(LOSS_SHARE),
    backstop: kind.nullable(BACKSTOP_POOL),
    transfers: kind.list(TRANSFER),
  },
  RecoveryRecorded: {
    case: kind.text<CaseId>(),
    unallocated: kind.cash('currency'), // of the case, left
    repayments: kind.list(REPAYMENT),
    ...MOVED,
  },
  BackstopPoolContributed: { account: kind.account(), entry: BACKSTOP_ENTRY, backstop: BACKSTOP_POOL, ...MOVED },
  BackstopPoolWithdrawn: { account: kind.account(), entry: BACKSTOP_ENTRY, backstop: BACKSTOP_POOL, ...MOVED },
  BackstopIncomeAdded: { ...MOVED },
  InsurancePoolSet: { terms: kind.about(INSURANCE_POOL) },
  PoolsTransferred: { from: kind.nullable(kind.text<PoolId>()), to: kind.nullable(kind.text<PoolId>()), reason: kind.text(), ...MOVED },
});
