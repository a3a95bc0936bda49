/** Commands and events of the default waterfall: default fund, calls, claims, backstop pool, pools of instruments. */

import type { Count, Milliseconds } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';
import type { AccountId, MemberId } from '../model/account';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { CaseId, FundCallId, PoolId, Weekday } from '../model/waterfall';
import {
  BACKSTOP_ENTRY,
  BACKSTOP_POOL,
  COVERAGE,
  COVERAGE_RUN,
  DEFAULT_CASE,
  DEFAULT_FUND_POLICY,
  FUND_CALL,
  INSURANCE_POOL,
} from '../model/waterfall';
import { TRANSFER } from './ledger';
import type { Decimal } from './reference';
import { LOSS_SHARE } from './settlement';

export interface ContributeToDefaultFund {
  readonly type: 'ContributeToDefaultFund';
  readonly member: MemberId;
  readonly currency: CurrencyId;
  readonly amount: Decimal;
}

export interface WithdrawFromDefaultFund {
  readonly type: 'WithdrawFromDefaultFund';
  readonly member: MemberId;
  readonly currency: CurrencyId;
  readonly amount: Decimal;
}

export interface SetDefaultFundPolicy {
  readonly type: 'SetDefaultFundPolicy';
  readonly currency: CurrencyId;
  readonly moves: readonly { readonly instrument: InstrumentId; readonly up: Decimal; readonly down: Decimal }[];
  readonly floor: Decimal;
  readonly threshold: Decimal;
  readonly feeShare: Decimal;
  readonly multiple: Decimal;
  readonly cappedWindow: Milliseconds; // ms
  readonly coolingOffWindow: Milliseconds; // ms
  readonly within: Count; // business days
  readonly weekend: readonly Weekday[];
  readonly holidays: readonly string[];
  readonly computedAt: Milliseconds; // ms of the day
}

export interface ComputeCoverage {
  readonly type: 'ComputeCoverage';
  readonly currency: CurrencyId;
}

export interface PayDefaultFundCall {
  readonly type: 'PayDefaultFundCall';
  readonly call: FundCallId;
  readonly amount: Decimal;
}

/** Who did not bid well in the auction of a member's positions: they pay before the other survivors do. */
export interface RecordJuniors {
  readonly type: 'RecordJuniors';
  readonly member: MemberId; // the defaulter
  readonly juniors: readonly MemberId[];
}

export interface ContributeHouseTranche {
  readonly type: 'ContributeHouseTranche';
  readonly tranche: 'HOUSE_TRANCHE_2' | 'HOUSE_FURTHER';
  readonly currency: CurrencyId;
  readonly amount: Decimal;
}

export interface RecordRecovery {
  readonly type: 'RecordRecovery';
  readonly case: CaseId;
  readonly amount: Decimal;
}

export interface ContributeToBackstopPool {
  readonly type: 'ContributeToBackstopPool';
  readonly account: AccountId;
  readonly amount: Decimal;
}

export interface WithdrawFromBackstopPool {
  readonly type: 'WithdrawFromBackstopPool';
  readonly account: AccountId;
  readonly amount: Decimal;
}

export interface AddBackstopIncome {
  readonly type: 'AddBackstopIncome';
  readonly currency: CurrencyId;
  readonly amount: Decimal;
}

export interface SetInsurancePool {
  readonly type: 'SetInsurancePool';
  readonly pool: PoolId;
  readonly currency: CurrencyId;
  readonly instruments: readonly InstrumentId[];
  readonly cap: Decimal | null;
  readonly thenGeneral: boolean;
}

/** Money moved between pools; null is the currency's insurance fund itself. */
export interface TransferBetweenPools {
  readonly type: 'TransferBetweenPools';
  readonly from: PoolId | null;
  readonly to: PoolId | null;
  readonly currency: CurrencyId;
  readonly amount: Decimal;
  readonly reason: string;
}

export type WaterfallCommand =
  | ContributeToDefaultFund
  | WithdrawFromDefaultFund
  | SetDefaultFundPolicy
  | ComputeCoverage
  | PayDefaultFundCall
  | RecordJuniors
  | ContributeHouseTranche
  | RecordRecovery
  | ContributeToBackstopPool
  | WithdrawFromBackstopPool
  | AddBackstopIncome
  | SetInsurancePool
  | TransferBetweenPools;

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
  HouseTrancheContributed: { tranche: kind.text<ContributeHouseTranche['tranche']>(), ...MOVED },
  AssessmentsClosed: {
    currency: kind.currency(),
    case: kind.about(DEFAULT_CASE),
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
