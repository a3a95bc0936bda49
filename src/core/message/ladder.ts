/** Commands and events of the disposal ladder, of liquidators and backstop providers, and of disputed liquidations. */

import type { Cash, Price, Rate, Size } from '../../units/quantity';
import type { AccountId } from '../model/account';
import type { ApiKeyId } from '../model/actor';
import type { Claim, HeldReward, LiquidationDispute } from '../model/claim';
import type { BackstopProvider, DisposalLadder, LadderId, LadderMethod, RungCause } from '../model/ladder';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Transfer } from './ledger';
import type { PositionChange } from './position';
import type { Decimal } from './reference';
import type { Charges, Slippage } from './settlement';

export interface OfferTermsInput {
  readonly flat: Decimal;
  readonly startRate: Decimal;
  readonly ratePerSecond: Decimal;
  readonly maximumRate: Decimal;
  readonly grace: number; // ms
  readonly expense: Decimal;
  readonly minimumProfit: Decimal;
  readonly profitRate: Decimal;
  readonly rewardCap: Decimal | null;
  readonly claimWindow: number; // ms
  readonly claimPenalty: Decimal;
  readonly minimumDeposit: Decimal;
}

export interface RungInput {
  readonly method: LadderMethod;
  readonly window: number | null; // ms
  readonly marketCap: Decimal | null;
  readonly globalCap: Decimal | null;
  readonly maximumShareOfDepth: Decimal | null;
  readonly slippage: Decimal | null;
  readonly offer: OfferTermsInput | null;
  readonly urgency?: Decimal | null; // of VENUE with a slippage
}

export interface SetDisposalLadder {
  readonly type: 'SetDisposalLadder';
  readonly currency: CurrencyId;
  readonly instrument: InstrumentId | null; // null: for every instrument of the currency without one of its own
  readonly rungs: readonly RungInput[];
}

/** The first puts the account on the list; another adds to its deposit. */
export interface RegisterLiquidator {
  readonly type: 'RegisterLiquidator';
  readonly account: AccountId;
  readonly deposit: Decimal;
  readonly operator: ApiKeyId | null; // key of a liquidator that may act for the account
}

export interface DeregisterLiquidator {
  readonly type: 'DeregisterLiquidator';
  readonly account: AccountId;
}

export interface ClaimLiquidation {
  readonly type: 'ClaimLiquidation';
  readonly order: LiquidationOrderId;
  readonly account: AccountId; // the liquidator's
}

export interface TakeLiquidation {
  readonly type: 'TakeLiquidation';
  readonly order: LiquidationOrderId;
  readonly account: AccountId;
  readonly size: Decimal | null; // contracts, above zero; null: all that is left
}

export interface RegisterBackstopProvider {
  readonly type: 'RegisterBackstopProvider';
  readonly account: AccountId;
  readonly instrument: InstrumentId | null;
  readonly capacity: Decimal;
  readonly discount: Decimal;
}

export interface DeregisterBackstopProvider {
  readonly type: 'DeregisterBackstopProvider';
  readonly account: AccountId;
  readonly instrument: InstrumentId | null;
}

export interface DisputeLiquidation {
  readonly type: 'DisputeLiquidation';
  readonly liquidation: LiquidationId;
  readonly reason: string;
}

export interface RuleOnLiquidationDispute {
  readonly type: 'RuleOnLiquidationDispute';
  readonly dispute: string;
  readonly upheld: boolean;
  readonly reason: string;
}

export type LadderCommand =
  | SetDisposalLadder
  | RegisterLiquidator
  | DeregisterLiquidator
  | ClaimLiquidation
  | TakeLiquidation
  | RegisterBackstopProvider
  | DeregisterBackstopProvider
  | DisputeLiquidation
  | RuleOnLiquidationDispute;

export type LadderEvent =
  | { readonly type: 'DisposalLadderSet'; readonly terms: DisposalLadder }
  | {
      readonly type: 'ReductionMoved';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly instrument: InstrumentId;
      readonly origin: LiquidationOrderId;
      readonly ladder: LadderId;
      readonly version: number;
      readonly fromRung: number;
      readonly fromMethod: LadderMethod;
      readonly toRung: number;
      readonly toMethod: LadderMethod;
      readonly size: Size; // that moves on, signed as the order
      readonly cause: RungCause;
    }
  | {
      readonly type: 'LiquidatorRegistered';
      readonly account: AccountId;
      readonly operator: ApiKeyId | null;
      readonly currency: CurrencyId;
      readonly amount: Cash; // of the deposit that was added
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'LiquidatorDeregistered';
      readonly account: AccountId;
      readonly currency: CurrencyId;
      readonly amount: Cash; // of the deposit that was given back
      readonly transfers: readonly Transfer[];
    }
  | { readonly type: 'LiquidationClaimed'; readonly claim: Claim; readonly liquidatorId: AccountId }
  | {
      readonly type: 'LiquidationClaimEnded';
      readonly order: LiquidationOrderId;
      readonly liquidatorId: AccountId;
      readonly outcome: 'TAKEN' | 'EXPIRED' | 'RELEASED';
      readonly amount: Cash; // taken from the deposit
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'LiquidationTaken';
      readonly order: LiquidationOrderId;
      readonly liquidation: LiquidationId;
      readonly account: AccountId; // the one that is closed
      readonly liquidatorId: AccountId;
      readonly instrument: InstrumentId;
      readonly trade: string;
      readonly size: Size; // traded by the account
      readonly waited: number; // ms since the offer
      readonly rate: Rate; // of the incentive then
      readonly feeShare: Cash; // of the fee, paid with the fill
      readonly held: HeldReward;
    }
  | {
      readonly type: 'LiquidatorRewarded';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly liquidatorId: AccountId;
      readonly order: LiquidationOrderId;
      readonly restored: boolean; // whether the account stands at its target again
      readonly due: Cash;
      readonly amount: Cash; // what the account could spare of it; zero where it was not restored
      readonly transfers: readonly Transfer[];
    }
  | { readonly type: 'BackstopProviderRegistered'; readonly provider: BackstopProvider }
  | { readonly type: 'BackstopProviderDeregistered'; readonly account: AccountId; readonly instrument: InstrumentId | null }
  | {
      readonly type: 'BackstopAssigned';
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly provider: AccountId;
      readonly scope: InstrumentId | null; // of the registration it counts against
      readonly instrument: InstrumentId;
      readonly size: Size; // traded by the account, buy positive
      readonly value: Cash; // what the account pays, above zero, or receives
      readonly discount: Rate;
      readonly mark: Price;
      readonly used: Cash; // notional that counts against the provider's capacity
      readonly positions: readonly PositionChange[];
      readonly charges: Charges;
      readonly slippage: Slippage;
      readonly transfers: readonly Transfer[];
    }
  | { readonly type: 'LiquidationDisputed'; readonly dispute: LiquidationDispute }
  | {
      readonly type: 'LiquidationDisputeRuled';
      readonly dispute: string;
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly upheld: boolean;
      readonly by: string;
      readonly reason: string;
      readonly currency: CurrencyId;
      readonly amount: Cash; // given back
      readonly transfers: readonly Transfer[];
    };
