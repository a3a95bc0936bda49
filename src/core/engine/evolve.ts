/** Every event and what it does to the state: one table, complete by type. Nothing else writes. */

import { onBackstopMoved } from '../control/backstopPool';
import { onChangeScheduled, onNoticeSet, onScheduledChangeEnded } from '../control/change';
import { onClockStepAccepted, onClockStepReported } from '../control/clock';
import { onChangeCountAdvanced, onChangeCounted } from '../control/counted';
import { onApiKeyIssued, onApiKeyRevoked } from '../control/keys';
import { onProposalCreated, onProposalEnded, onProposalMade } from '../control/proposal';
import { onTransferReversed } from '../control/reverse';
import { onTradeCleared } from '../control/trade';
import { onInsurancePoolSet } from '../ledger/insurancePools';
import { onTransfers } from '../ledger/transfers';
import * as acts from '../margincall/acts';
import { onAccountsQueued, onAccountsTaken } from '../margincall/backlog';
import { onCallEnded } from '../margincall/call';
import { onMarginCallPaused, onMarginCallResumed } from '../margincall/clock';
import { onAccountStatusChanged } from '../margincall/status';
import { onMarginWarningIssued, onMarginWarningWithdrawn } from '../margincall/warning';
import type { Event, EventOf, EventType } from '../message/event';
import type { State } from '../model/state';
import { onOrderPlaced, onOrdersCancelled } from '../position/changes';
import { onDelistingAnnounced, onDelistingCancelled } from '../position/delisting';
import { onFundingSettled } from '../position/funding';
import { onFundingPolicySet } from '../position/fundingPolicy';
import { onFundingRateFixed, onPremiumSampled } from '../position/fundingWindow';
import { onSettlementPriceSampled, onSettlementWindowOpened } from '../position/lastPrice';
import { onOpenInterestReviewed, onOpenInterestScalingSet } from '../position/openInterestScaling';
import { onInstrumentExpired, onVariationSettled } from '../position/settle';
import { onVenueSet } from '../position/tradeNumbers';
import { onBasisObserved } from '../price/basis';
import { onPriceDoubted, onPriceGuardsSet } from '../price/guards';
import { onImpactPricesSet } from '../price/impactPrices';
import { onIndexPriceSet } from '../price/indexPrice';
import { onDepthReported, onMarkPriceSet, onMarkPriceWentStale } from '../price/markPrice';
import { onAccountOpened } from '../reference/accounts';
import { onAuctionPolicySet } from '../reference/auctionPolicies';
import { onCollateralRanOff, onCollateralTermsSet, onCurrencyDefined } from '../reference/currencies';
import { onDefaultPolicySet } from '../reference/defaultPolicies';
import { onDeleveragingPolicySet } from '../reference/deleveragingPolicies';
import { onDisposalLadderSet } from '../reference/disposalLadders';
import { onIndexDefined } from '../reference/indices';
import { onInstrumentStatusSet } from '../reference/instrumentStatus';
import { onInstrumentDefined } from '../reference/instruments';
import { onDisposalPolicySet, onLossPolicySet } from '../reference/lossPolicies';
import { onMarketLimitsSet } from '../reference/marketLimits';
import { onMemberAdmitted, onMemberStatusChanged } from '../reference/members';
import { onMarginPolicyActivated, onMarginPolicySet } from '../reference/policies';
import { onPortfolioPolicySet } from '../reference/portfolioPolicies';
import { onRetentionSet } from '../reference/retention';
import { onTierScheduleActivated, onTierScheduleSet } from '../reference/tiers';
import { onAuction, onAuctionEnded } from '../settlement/auction/course';
import {
  onLiquidationOrderClosed,
  onLiquidationOrderFilled,
  onLiquidationOrderIssued,
} from '../settlement/closing/order';
import { onPositionTakenOver } from '../settlement/closing/takeover';
import * as lotAuction from '../settlement/default/auction';
import { onDefaultDeclared, onDefaultNetted } from '../settlement/default/declare';
import { noteDefaultLines } from '../settlement/default/ledger';
import { onDefaultSplit } from '../settlement/default/lots';
import * as ports from '../settlement/default/port';
import * as settling from '../settlement/default/settle';
import { onDeleveragingDecided, onPositionDeleveraged } from '../settlement/deleveraging/deleverage';
import { onInventorySwept } from '../settlement/disposal';
import { onLiquidationDisputed, onLiquidationDisputeRuled } from '../settlement/disputes';
import {
  onBackstopAssigned,
  onBackstopProviderDeregistered,
  onBackstopProviderRegistered,
} from '../settlement/ladder/backstop';
import { onReductionMoved } from '../settlement/ladder/descent';
import { onLiquidationTaken } from '../settlement/ladder/takeLiquidation';
import { onLiquidationEnded, onLiquidationPaused, onLiquidationStarted } from '../settlement/liquidate';
import { onLiquidationClaimEnded, onLiquidationClaimed } from '../settlement/liquidator/claim';
import { onLiquidatorDeregistered, onLiquidatorRegistered } from '../settlement/liquidator/register';
import { onLiquidatorRewarded } from '../settlement/liquidator/reward';
import * as portfolios from '../settlement/portfolio/course';
import { onPortfolioPositionTaken } from '../settlement/portfolio/take';
import { onLossPeriodStarted } from '../settlement/tally/gains';
import { onRecoveryRecorded } from '../settlement/waterfall/claims';
import { onCoverageAdvanced, onCoverageComputed, onJuniorsRecorded } from '../settlement/waterfall/defaultFund';
import {
  onDefaultFundCallExpired,
  onDefaultFundCallIssued,
  onDefaultFundCallPaid,
} from '../settlement/waterfall/fundCalls';
import { onDefaultFundPolicySet } from '../settlement/waterfall/fundPolicy';
import { onAssessmentsClosed, onLossAllocated } from '../settlement/waterfall/loss';
import { onLossWeightKept, onLossWeightsReleased } from '../settlement/waterfall/weights';

type Writers = { readonly [Type in EventType]: (state: State, event: EventOf<Type>) => void };

const moves = (state: State, event: { readonly transfers: Parameters<typeof onTransfers>[1] }): void =>
  onTransfers(state, event.transfers);

const WRITERS: Writers = {
  CurrencyDefined: onCurrencyDefined,
  ClockStepReported: onClockStepReported,
  ClockStepAccepted: onClockStepAccepted,
  RetentionSet: onRetentionSet,
  CollateralTermsSet: onCollateralTermsSet,
  CollateralRanOff: onCollateralRanOff,
  IndexDefined: onIndexDefined,
  InstrumentDefined: onInstrumentDefined,
  InstrumentStatusSet: onInstrumentStatusSet,
  DelistingAnnounced: onDelistingAnnounced,
  DelistingBegan: () => undefined, // the state knows by the time that was announced
  DelistingCancelled: onDelistingCancelled,
  TierScheduleSet: onTierScheduleSet,
  TierScheduleActivated: onTierScheduleActivated,
  MarginPolicySet: onMarginPolicySet,
  MarginPolicyActivated: onMarginPolicyActivated,
  LossPolicySet: onLossPolicySet,
  DisposalPolicySet: onDisposalPolicySet,
  DeleveragingPolicySet: onDeleveragingPolicySet,
  MarketLimitsSet: onMarketLimitsSet,
  AuctionPolicySet: onAuctionPolicySet,
  PortfolioPolicySet: onPortfolioPolicySet,
  VenueSet: onVenueSet,
  MemberAdmitted: onMemberAdmitted,
  AccountOpened: onAccountOpened,
  CollateralDeposited: moves,
  CollateralWithdrawn: moves,
  CollateralTransferred: moves,
  InsuranceFundContributed: moves,
  InsuranceFundWithdrawn: moves,
  HouseCapitalContributed: moves,
  TransferReversed: onTransferReversed,
  IndexPriceSet: onIndexPriceSet,
  MarkPriceSet: onMarkPriceSet,
  MarkPriceWentStale: onMarkPriceWentStale,
  SettlementWindowOpened: onSettlementWindowOpened,
  SettlementPriceSampled: onSettlementPriceSampled,
  SettlementPriceSet: () => undefined, // what follows from it is in the settlement of the same entry
  ImpactPricesSet: onImpactPricesSet,
  PriceGuardsSet: onPriceGuardsSet,
  PriceDoubted: onPriceDoubted,
  BasisObserved: onBasisObserved,
  DepthReported: onDepthReported,
  TradeCleared: onTradeCleared,
  OrderPlaced: onOrderPlaced,
  OrdersCancelled: onOrdersCancelled,
  VariationSettled: onVariationSettled,
  FundingSettled: onFundingSettled,
  FundingPolicySet: onFundingPolicySet,
  PremiumSampled: onPremiumSampled,
  FundingRateFixed: onFundingRateFixed,
  InstrumentExpired: onInstrumentExpired,
  OpenInterestScalingSet: onOpenInterestScalingSet,
  OpenInterestReviewed: onOpenInterestReviewed,
  LossPeriodStarted: onLossPeriodStarted,
  AccountStatusChanged: onAccountStatusChanged,
  MarginWarningIssued: onMarginWarningIssued,
  MarginWarningWithdrawn: onMarginWarningWithdrawn,
  MarginCallIssued: acts.onMarginCallIssued,
  MarginCallAmended: acts.onMarginCallAmended,
  MarginCallAcknowledged: acts.onMarginCallAcknowledged,
  MarginCallPaid: acts.onMarginCallPaid,
  MarginCallCured: onCallEnded,
  MarginCallExpired: onCallEnded,
  MarginCallSuperseded: onCallEnded,
  MarginCallExtended: acts.onMarginCallExtended,
  MarginCallPaused: onMarginCallPaused,
  MarginCallResumed: onMarginCallResumed,
  MarginCallWaived: onCallEnded,
  MarginCallDisputed: acts.onMarginCallDisputed,
  MarginCallDisputeRuled: acts.onMarginCallDisputeRuled,
  MarginCallFinalNotice: acts.onMarginCallFinalNotice,
  AccountsQueued: onAccountsQueued,
  AccountsTaken: onAccountsTaken,
  LiquidationStarted: onLiquidationStarted,
  LiquidationOrderIssued: onLiquidationOrderIssued,
  LiquidationOrderFilled: onLiquidationOrderFilled,
  LiquidationOrderClosed: onLiquidationOrderClosed,
  PositionTakenOver: onPositionTakenOver,
  LiquidationPaused: onLiquidationPaused,
  LiquidationResumed: onLiquidationPaused,
  LiquidationEnded: onLiquidationEnded,
  CollateralConverted: moves,
  CollateralKept: moves,
  KeptCollateralSold: moves,
  AuctionStarted: onAuction,
  AuctionChanged: onAuction,
  AuctionTaken: onAuction,
  AuctionBidPlaced: onAuction,
  AuctionEnded: onAuctionEnded,
  PortfolioAuctionStarted: portfolios.onPortfolioMoved,
  PortfolioAuctionChanged: portfolios.onPortfolioMoved,
  PortfolioPositionTaken: onPortfolioPositionTaken,
  PortfolioTaken: portfolios.onPortfolioTaken,
  PortfolioAuctionEnded: portfolios.onPortfolioAuctionEnded,
  LossAllocated: onLossAllocated,
  DeleveragingDecided: onDeleveragingDecided,
  PositionDeleveraged: onPositionDeleveraged,
  InventorySwept: onInventorySwept,
  DefaultFundContributed: moves,
  DefaultFundWithdrawn: moves,
  DefaultFundPolicySet: onDefaultFundPolicySet,
  CoverageAdvanced: onCoverageAdvanced,
  CoverageComputed: onCoverageComputed,
  CoverageFellShort: () => undefined, // an alert: the state knows by the coverage before it
  DefaultFundCallIssued: onDefaultFundCallIssued,
  DefaultFundCallPaid: onDefaultFundCallPaid,
  DefaultFundCallExpired: onDefaultFundCallExpired,
  JuniorsRecorded: onJuniorsRecorded,
  HouseTrancheContributed: moves,
  AssessmentsClosed: onAssessmentsClosed,
  LossWeightKept: onLossWeightKept,
  LossWeightsReleased: onLossWeightsReleased,
  RecoveryRecorded: onRecoveryRecorded,
  BackstopPoolContributed: onBackstopMoved,
  BackstopPoolWithdrawn: onBackstopMoved,
  BackstopIncomeAdded: moves,
  InsurancePoolSet: onInsurancePoolSet,
  PoolsTransferred: moves,
  DefaultPolicySet: onDefaultPolicySet,
  MemberStatusChanged: onMemberStatusChanged,
  DefaultDeclared: onDefaultDeclared,
  DefaultNetted: onDefaultNetted,
  PortOffered: ports.onPortOffered,
  PortEnded: ports.onPortEnded,
  ClientsPorted: ports.onClientsPorted,
  DefaultPhaseChanged: ports.onDefaultPhaseChanged,
  DefaultSplit: onDefaultSplit,
  DefaultAuctionStarted: lotAuction.onDefaultAuctionStarted,
  LotBidPlaced: lotAuction.onLotBidPlaced,
  DefaultAuctionEnded: lotAuction.onDefaultAuctionEnded,
  DefaultCostCharged: settling.onDefaultCostCharged,
  DefaultSettled: settling.onDefaultSettled,
  DefaultClosed: settling.onDefaultClosed,
  DisposalLadderSet: onDisposalLadderSet,
  ReductionMoved: onReductionMoved,
  LiquidatorRegistered: onLiquidatorRegistered,
  LiquidatorDeregistered: onLiquidatorDeregistered,
  LiquidationClaimed: onLiquidationClaimed,
  LiquidationClaimEnded: onLiquidationClaimEnded,
  LiquidationTaken: onLiquidationTaken,
  LiquidatorRewarded: onLiquidatorRewarded,
  BackstopProviderRegistered: onBackstopProviderRegistered,
  BackstopProviderDeregistered: onBackstopProviderDeregistered,
  BackstopAssigned: onBackstopAssigned,
  LiquidationDisputed: onLiquidationDisputed,
  LiquidationDisputeRuled: onLiquidationDisputeRuled,
  ApiKeyIssued: onApiKeyIssued,
  ApiKeyRevoked: onApiKeyRevoked,
  ProposalCreated: onProposalCreated,
  ProposalApproved: onProposalMade,
  ProposalRejected: onProposalEnded,
  ProposalExpired: onProposalEnded,
  ChangeCountAdvanced: onChangeCountAdvanced,
  ChangeCounted: onChangeCounted,
  ProposalCarriedOut: onProposalMade,
  ProposalRefused: onProposalEnded,
  ChangeScheduled: onChangeScheduled,
  ScheduledChangeMade: onScheduledChangeEnded,
  ScheduledChangeRefused: onScheduledChangeEnded,
  ScheduledChangeCancelled: onScheduledChangeEnded,
  NoticeSet: onNoticeSet,
};

export function evolve(state: State, event: Event): void {
  // The table is complete by its type; the compiler cannot tie one row's key to the same row's event.
  const write = WRITERS[event.type] as (state: State, event: Event) => void;
  write(state, event);
  noteDefaultLines(state, event);
}
