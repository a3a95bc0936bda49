/** Commands and events of the default waterfall: default fund, calls, claims, backstop pool, pools of instruments. */

import type { Cash } from '../../units/quantity';
import type { AccountId, MemberId } from '../model/account';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type {
  BackstopEntry,
  BackstopPool,
  CaseId,
  Coverage,
  CoverageRun,
  DefaultCase,
  DefaultFundPolicy,
  FundCall,
  FundCallId,
  InsurancePool,
  PoolId,
  Weekday,
} from '../model/waterfall';
import type { Transfer } from './ledger';
import type { Decimal } from './reference';
import type { LossShare } from './settlement';

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
  readonly cappedWindow: number; // ms
  readonly coolingOffWindow: number; // ms
  readonly within: number; // business days
  readonly weekend: readonly Weekday[];
  readonly holidays: readonly string[];
  readonly computedAt: number; // ms of the day
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
export interface Repayment {
  readonly layer: string;
  readonly claimant: string;
  readonly amount: Cash;
  readonly repaid: Cash;
}

interface Moved {
  readonly currency: CurrencyId;
  readonly amount: Cash;
  readonly transfers: readonly Transfer[];
}

export type WaterfallEvent =
  | ({ readonly type: 'DefaultFundContributed'; readonly member: MemberId } & Moved)
  | ({ readonly type: 'DefaultFundWithdrawn'; readonly member: MemberId } & Moved)
  | { readonly type: 'DefaultFundPolicySet'; readonly terms: DefaultFundPolicy }
  | { readonly type: 'CoverageAdvanced'; readonly currency: CurrencyId; readonly run: CoverageRun }
  | { readonly type: 'CoverageComputed'; readonly coverage: Coverage }
  | { readonly type: 'CoverageFellShort'; readonly coverage: Coverage }
  | { readonly type: 'DefaultFundCallIssued'; readonly fundCall: FundCall }
  | ({ readonly type: 'DefaultFundCallPaid'; readonly fundCall: FundCall; readonly unallocated: Cash } & Moved) // of its case, left
  | { readonly type: 'DefaultFundCallExpired'; readonly fundCall: FundCall }
  | { readonly type: 'JuniorsRecorded'; readonly member: MemberId; readonly juniors: readonly MemberId[] }
  | ({ readonly type: 'HouseTrancheContributed'; readonly tranche: ContributeHouseTranche['tranche'] } & Moved)
  | {
      readonly type: 'AssessmentsClosed';
      readonly currency: CurrencyId;
      readonly case: DefaultCase;
      readonly shares: readonly LossShare[];
      readonly backstop: BackstopPool | null;
      readonly transfers: readonly Transfer[];
    }
  | ({
      readonly type: 'RecoveryRecorded';
      readonly case: CaseId;
      readonly unallocated: Cash; // of the case, left
      readonly repayments: readonly Repayment[];
    } & Moved)
  | ({
      readonly type: 'BackstopPoolContributed';
      readonly account: AccountId;
      readonly entry: BackstopEntry;
      readonly backstop: BackstopPool;
    } & Moved)
  | ({
      readonly type: 'BackstopPoolWithdrawn';
      readonly account: AccountId;
      readonly entry: BackstopEntry;
      readonly backstop: BackstopPool;
    } & Moved)
  | ({ readonly type: 'BackstopIncomeAdded' } & Moved)
  | { readonly type: 'InsurancePoolSet'; readonly terms: InsurancePool }
  | ({ readonly type: 'PoolsTransferred'; readonly from: PoolId | null; readonly to: PoolId | null; readonly reason: string } & Moved);
