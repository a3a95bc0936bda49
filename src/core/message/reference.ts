/** Commands and events that define what is cleared, on which terms, and for whom. Amounts in commands are decimal strings. */

import type { Count, Duration, Milliseconds } from '../../units/quantity';
import { kind } from '../kind/kind';
import type { AccountId, AccountKind, MarginMode, MemberId, OwnerId } from '../model/account';
import { ACCOUNT } from '../model/account';
import type { LossLayer, PolicyId, SocializationBase } from '../model/policy';
import { DISPOSAL_POLICY, LOSS_POLICY, MARGIN_POLICY } from '../model/policy';
import type {
  ContractKind,
  CurrencyId,
  IndexId,
  InstrumentId,
  InstrumentKind,
  InstrumentStatus,
  MarkMethod,
  SourceId,
} from '../model/reference';
import { COLLATERAL_TERMS, CURRENCY, INSTRUMENT, PRICE_INDEX } from '../model/reference';
import { TIER_SCHEDULE } from '../model/tiers';

/** A decimal string such as `-12.50`; a ratio may also be written `1/15`. */
export type Decimal = string;

export interface DefineCurrency {
  readonly type: 'DefineCurrency';
  readonly currency: CurrencyId;
  readonly scale: Count;
}

export interface SetCollateralTerms {
  readonly type: 'SetCollateralTerms';
  readonly currency: CurrencyId;
  readonly haircut: Decimal;
  readonly conversionDiscount: Decimal;
  readonly eligible: boolean;
}

/** How long what was done is remembered. */
export interface SetRetention {
  readonly type: 'SetRetention';
  readonly keys: Duration; // idempotency keys
  readonly trades: Duration; // ids of trades
}

export interface DefineIndex {
  readonly type: 'DefineIndex';
  readonly base: CurrencyId;
  readonly quote: CurrencyId;
  readonly tick: Decimal;
  readonly sources: readonly SourceId[];
  readonly minimumSources: Count;
  readonly maximumDeviation: Decimal;
  readonly heartbeat: Milliseconds; // ms
}

export interface DefineInstrument {
  readonly type: 'DefineInstrument';
  readonly instrument: InstrumentId;
  readonly kind: InstrumentKind;
  readonly contract?: ContractKind; // LINEAR where nothing is said
  readonly base: CurrencyId;
  readonly quote: CurrencyId;
  readonly settlement: CurrencyId;
  readonly tick: Decimal;
  readonly lot: Decimal;
  readonly multiplier: Decimal;
  readonly index: IndexId | null;
  readonly markMethod: MarkMethod;
  readonly markBand: Decimal | null;
  readonly priceBand: Decimal | null;
  readonly heartbeat: Milliseconds; // ms
  readonly allowsNonPositivePrice: boolean;
  readonly expiry: Milliseconds | null; // epoch ms
  readonly variationInterval: Milliseconds | null; // ms
  readonly makerFee: Decimal;
  readonly takerFee: Decimal;
}

export interface SetInstrumentStatus {
  readonly type: 'SetInstrumentStatus';
  readonly instrument: InstrumentId;
  readonly status: Exclude<InstrumentStatus, 'EXPIRED'>;
  readonly reason: string;
}

export interface TierInput {
  readonly floor: Decimal;
  readonly cap: Decimal | null;
  readonly initialRate: Decimal; // or a fraction
  readonly maintenanceRate: Decimal; // or a fraction
  readonly deduction: Decimal | null; // of maintenance, if stated it must be the continuous one
}

export interface SetTierSchedule {
  readonly type: 'SetTierSchedule';
  readonly instrument: InstrumentId;
  readonly tiers: readonly TierInput[];
  readonly effectiveAt: Milliseconds | null; // epoch ms; null: at once
}

export interface TermInput {
  readonly base: 'INITIAL' | 'MAINTENANCE';
  readonly ratio: Decimal; // or a fraction
}

export interface LiquidationTermsInput {
  readonly feeRate: Decimal;
  readonly feeShares: { readonly liquidator: Decimal; readonly fund: Decimal; readonly house: Decimal };
  readonly penaltyTiers: readonly { readonly floor: Decimal; readonly rate: Decimal }[];
  readonly repeatSurcharge: Decimal;
  readonly repeatMaximum: Count;
  readonly repeatWindow: Milliseconds; // ms
  readonly slippage: Decimal;
  readonly venueWindow: Milliseconds; // ms
  readonly maximumStepNotional: Decimal | null;
  readonly maximumShareOfDepth: Decimal | null;
  readonly minimumRemainder: Decimal;
  readonly severityTiers?: readonly { readonly below: Decimal; readonly rate: Decimal }[] | null;
  readonly disputeWindow?: Milliseconds | null; // ms
}

export interface SetMarginPolicy {
  readonly type: 'SetMarginPolicy';
  readonly policy: PolicyId;
  readonly currency: CurrencyId;
  readonly warnings: readonly (readonly TermInput[])[];
  readonly call: readonly TermInput[];
  readonly closeOut: readonly TermInput[];
  readonly cure: readonly TermInput[];
  readonly target: readonly TermInput[];
  readonly hysteresis: Decimal;
  readonly cureWindow: Milliseconds; // ms
  readonly finalNotice: Milliseconds | null; // ms
  readonly amendStep: Decimal;
  readonly aggregation: 'OWNER' | 'ACCOUNT';
  readonly liquidation: LiquidationTermsInput;
  readonly effectiveAt: Milliseconds | null;
}

export interface SetLossPolicy {
  readonly type: 'SetLossPolicy';
  readonly currency: CurrencyId;
  readonly layers: readonly LossLayer[];
  readonly base: SocializationBase;
  readonly period: Milliseconds; // ms
  readonly fundTarget: Decimal;
  readonly together?: readonly (readonly LossLayer[])[] | null; // neighbours that bear side by side
  readonly gateWindow?: Milliseconds | null; // ms that withdrawals wait after a loss
  readonly backstopShare?: Decimal | null; // of penalties, to the backstop pool
  readonly surplusToClaims?: boolean | null;
}

export interface SetDisposalPolicy {
  readonly type: 'SetDisposalPolicy';
  readonly currency: CurrencyId;
  readonly interval: Milliseconds; // ms
  readonly fraction: Decimal;
  readonly fullBelow: Decimal;
  readonly maximumShareOfDepth: Decimal;
  readonly slippage: Decimal;
}

export interface AdmitMember {
  readonly type: 'AdmitMember';
  readonly member: MemberId;
  readonly name: string;
}

export interface OpenAccount {
  readonly type: 'OpenAccount';
  readonly account: AccountId;
  readonly member: MemberId;
  readonly owner: OwnerId;
  readonly kind: Exclude<AccountKind, 'CLOSE_OUT'>;
  readonly currency: CurrencyId;
  readonly policy: PolicyId;
  readonly mode: MarginMode;
  readonly instrument: InstrumentId | null;
  readonly leverage?: Decimal | null; // the most its holder wants, at least 1; none: what the tiers allow
}

export type ReferenceCommand =
  | SetRetention
  | DefineCurrency
  | SetCollateralTerms
  | DefineIndex
  | DefineInstrument
  | SetInstrumentStatus
  | SetTierSchedule
  | SetMarginPolicy
  | SetLossPolicy
  | SetDisposalPolicy
  | AdmitMember
  | OpenAccount;

export const REFERENCE_EVENTS = kind.events({
  CurrencyDefined: { definition: kind.about(CURRENCY) },
  RetentionSet: { keys: kind.span(), trades: kind.span() },
  CollateralTermsSet: { terms: kind.about(COLLATERAL_TERMS) },
  IndexDefined: { definition: kind.about(PRICE_INDEX) },
  InstrumentDefined: { definition: kind.about(INSTRUMENT) },
  InstrumentStatusSet: { instrument: kind.instrument(), status: kind.text<InstrumentStatus>(), reason: kind.text() },
  TierScheduleSet: { schedule: kind.about(TIER_SCHEDULE) },
  TierScheduleActivated: { instrument: kind.instrument(), version: kind.count() },
  MarginPolicySet: { terms: kind.about(MARGIN_POLICY) },
  MarginPolicyActivated: { policy: kind.text<PolicyId>(), version: kind.count() },
  LossPolicySet: { terms: kind.about(LOSS_POLICY) },
  DisposalPolicySet: { terms: kind.about(DISPOSAL_POLICY) },
  MemberAdmitted: { member: kind.text<MemberId>(), name: kind.text() },
  AccountOpened: { opened: kind.about(ACCOUNT) },
});
