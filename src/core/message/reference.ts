/** Commands and events that define what is cleared, on which terms, and for whom. Amounts in commands are decimal strings. */

import type { Duration } from '../../units/quantity';
import type { Account, AccountId, AccountKind, MarginMode, MemberId, OwnerId } from '../model/account';
import type { DisposalPolicy, LossLayer, LossPolicy, MarginPolicy, PolicyId, SocializationBase } from '../model/policy';
import type {
  CollateralTerms,
  Currency,
  CurrencyId,
  IndexId,
  Instrument,
  InstrumentId,
  InstrumentKind,
  InstrumentStatus,
  MarkMethod,
  PriceIndex,
  SourceId,
} from '../model/reference';
import type { TierSchedule } from '../model/tiers';

/** A decimal string such as `-12.50`; a ratio may also be written `1/15`. */
export type Decimal = string;

export interface DefineCurrency {
  readonly type: 'DefineCurrency';
  readonly currency: CurrencyId;
  readonly scale: number;
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
  readonly minimumSources: number;
  readonly maximumDeviation: Decimal;
  readonly heartbeat: number; // ms
}

export interface DefineInstrument {
  readonly type: 'DefineInstrument';
  readonly instrument: InstrumentId;
  readonly kind: InstrumentKind;
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
  readonly heartbeat: number; // ms
  readonly allowsNonPositivePrice: boolean;
  readonly expiry: number | null; // epoch ms
  readonly variationInterval: number | null; // ms
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
  readonly effectiveAt: number | null; // epoch ms; null: at once
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
  readonly repeatMaximum: number;
  readonly repeatWindow: number; // ms
  readonly slippage: Decimal;
  readonly venueWindow: number; // ms
  readonly maximumStepNotional: Decimal | null;
  readonly maximumShareOfDepth: Decimal | null;
  readonly minimumRemainder: Decimal;
  readonly severityTiers?: readonly { readonly below: Decimal; readonly rate: Decimal }[] | null;
  readonly disputeWindow?: number | null; // ms
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
  readonly cureWindow: number; // ms
  readonly finalNotice: number | null; // ms
  readonly amendStep: Decimal;
  readonly aggregation: 'OWNER' | 'ACCOUNT';
  readonly liquidation: LiquidationTermsInput;
  readonly effectiveAt: number | null;
}

export interface SetLossPolicy {
  readonly type: 'SetLossPolicy';
  readonly currency: CurrencyId;
  readonly layers: readonly LossLayer[];
  readonly base: SocializationBase;
  readonly period: number; // ms
  readonly fundTarget: Decimal;
  readonly together?: readonly (readonly LossLayer[])[] | null; // neighbours that bear side by side
  readonly gateWindow?: number | null; // ms that withdrawals wait after a loss
  readonly backstopShare?: Decimal | null; // of penalties, to the backstop pool
  readonly surplusToClaims?: boolean | null;
}

export interface SetDisposalPolicy {
  readonly type: 'SetDisposalPolicy';
  readonly currency: CurrencyId;
  readonly interval: number; // ms
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

export type ReferenceEvent =
  | { readonly type: 'CurrencyDefined'; readonly definition: Currency }
  | { readonly type: 'RetentionSet'; readonly keys: Duration; readonly trades: Duration }
  | { readonly type: 'CollateralTermsSet'; readonly terms: CollateralTerms }
  | { readonly type: 'IndexDefined'; readonly definition: PriceIndex }
  | { readonly type: 'InstrumentDefined'; readonly definition: Instrument }
  | { readonly type: 'InstrumentStatusSet'; readonly instrument: InstrumentId; readonly status: InstrumentStatus; readonly reason: string }
  | { readonly type: 'TierScheduleSet'; readonly schedule: TierSchedule }
  | { readonly type: 'TierScheduleActivated'; readonly instrument: InstrumentId; readonly version: number }
  | { readonly type: 'MarginPolicySet'; readonly terms: MarginPolicy }
  | { readonly type: 'MarginPolicyActivated'; readonly policy: PolicyId; readonly version: number }
  | { readonly type: 'LossPolicySet'; readonly terms: LossPolicy }
  | { readonly type: 'DisposalPolicySet'; readonly terms: DisposalPolicy }
  | { readonly type: 'MemberAdmitted'; readonly member: MemberId; readonly name: string }
  | { readonly type: 'AccountOpened'; readonly opened: Account };
