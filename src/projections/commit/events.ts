/**
 * Every event and what becomes a row because of it: one table, complete by type. Most rows follow from the state that
 * the events leave and are written by comparing it with what was loaded; those events that say nothing beyond it are
 * named so.
 */

import { accountBehind } from '../../core/ledger/transfers';
import { type Event, type EventOf, type EventType, transfersOf } from '../../core/message/event';
import type { AccountId } from '../../core/model/account';
import { onChangeScheduled, onNoticeSet, onScheduledChangeEnded } from '../control/changes';
import {
  onApiKeyIssued,
  onApiKeyRevoked,
  onChangeCounted,
  onProposalCreated,
  onProposalEnded,
} from '../control/control';
import { onClockStepAccepted } from '../control/windows';
import { onMoved } from '../ledger/transfers';
import { onMarginPolicySet } from '../margin/policies';
import { onCallEvent } from '../margincall/calls';
import { onLossPeriodStarted, onOrderPlaced, onOrdersCancelled } from '../position/positions';
import { onSettled, onSettlementPriceSampled, onSettlementWindowOpened, onTradeCleared } from '../position/trades';
import { onMarkPriceSet, onPriceGuardsSet } from '../price/prices';
import { onAccountOpened, onAccountStatusChanged } from '../reference/accounts';
import {
  admitClearinghouse,
  onCollateralRanOff,
  onCollateralTermsSet,
  onCurrencyDefined,
  onMemberAdmitted,
} from '../reference/currencies';
import { onFundingPolicySet, onFundingRateFixed } from '../reference/funding';
import { onTierScheduleSet } from '../reference/instruments';
import { onMarketLimitsSet } from '../reference/marketLimits';
import { onOpenInterestScalingSet } from '../reference/openInterest';
import type { Batch, Moment } from '../rows/batch';
import {
  onAuctionBidPlaced,
  onAuctionEnded,
  onAuctionMoved,
  onAuctionPolicySet,
  onAuctionStarted,
  onAuctionTaken,
} from '../settlement/auction/auctions';
import {
  onBackstopAssigned,
  onCollateralConverted,
  onLiquidationOrderFilled,
  onPortfolioPositionTaken,
  onPositionTakenOver,
} from '../settlement/closing/fills';
import {
  onLiquidationEnded,
  onLiquidationMoved,
  onLiquidationOrderClosed,
  onLiquidationOrderIssued,
  onLiquidationStarted,
} from '../settlement/closing/liquidations';
import * as defaults from '../settlement/default/defaults';
import { onDefaultLines } from '../settlement/default/defaults';
import {
  onDeleveragingDecided,
  onDeleveragingPolicySet,
  onPositionDeleveraged,
} from '../settlement/deleveraging/deleveraging';
import { onDisposalPolicySet } from '../settlement/disposal';
import {
  onBackstopProviderDeregistered,
  onBackstopProviderRegistered,
  onDisposalLadderSet,
  onLiquidationDisputed,
  onLiquidationDisputeRuled,
  onReductionMoved,
} from '../settlement/ladder/ladder';
import {
  onLiquidationClaimEnded,
  onLiquidationClaimed,
  onLiquidationTaken,
  onLiquidatorRewarded,
} from '../settlement/liquidator/liquidators';
import * as portfolios from '../settlement/portfolio/portfolios';
import * as waterfall from '../settlement/waterfall/fund';
import { onAssessmentsClosed, onLossAllocated, onRecoveryRecorded } from '../settlement/waterfall/losses';
import { onLossPolicySet } from '../settlement/waterfall/lossPolicies';

type Handler<Type extends EventType> = (batch: Batch, event: EventOf<Type>, moment: Moment) => void;

/**
 * All it says is in the state, and nothing reads it from rows; or the rows of instruments, indices, accounts, balances,
 * positions or orders show it.
 */
const IN_THE_STATE = (): void => undefined;

/** All it says besides the state is in its transfers, which every event has told already. */
const IN_ITS_TRANSFERS = (): void => undefined;

const HANDLERS: { readonly [Type in EventType]: Handler<Type> } = {
  CurrencyDefined: (batch, event, moment) => {
    onCurrencyDefined(batch, event);
    admitClearinghouse(batch, moment);
  },
  ClockStepReported: IN_THE_STATE,
  ClockStepAccepted: onClockStepAccepted,
  RetentionSet: IN_THE_STATE,
  CollateralTermsSet: onCollateralTermsSet,
  CollateralRanOff: onCollateralRanOff,
  IndexDefined: IN_THE_STATE,
  InstrumentDefined: IN_THE_STATE,
  InstrumentStatusSet: IN_THE_STATE,
  DelistingAnnounced: IN_THE_STATE,
  DelistingBegan: IN_THE_STATE,
  DelistingCancelled: IN_THE_STATE,
  TierScheduleSet: onTierScheduleSet,
  TierScheduleActivated: IN_THE_STATE,
  OpenInterestScalingSet: onOpenInterestScalingSet,
  OpenInterestReviewed: IN_THE_STATE,
  FundingPolicySet: onFundingPolicySet,
  PremiumSampled: IN_THE_STATE,
  FundingRateFixed: onFundingRateFixed,
  MarginPolicySet: onMarginPolicySet,
  MarginPolicyActivated: IN_THE_STATE,
  LossPolicySet: onLossPolicySet,
  DisposalPolicySet: onDisposalPolicySet,
  DeleveragingPolicySet: onDeleveragingPolicySet,
  MarketLimitsSet: onMarketLimitsSet,
  VenueSet: IN_THE_STATE,
  MemberAdmitted: onMemberAdmitted,
  AccountOpened: onAccountOpened,
  CollateralDeposited: IN_ITS_TRANSFERS,
  CollateralWithdrawn: IN_ITS_TRANSFERS,
  CollateralTransferred: IN_ITS_TRANSFERS,
  InsuranceFundContributed: IN_ITS_TRANSFERS,
  InsuranceFundWithdrawn: IN_ITS_TRANSFERS,
  HouseCapitalContributed: IN_ITS_TRANSFERS,
  TransferReversed: IN_ITS_TRANSFERS,
  IndexPriceSet: IN_THE_STATE,
  MarkPriceSet: onMarkPriceSet,
  MarkPriceWentStale: IN_THE_STATE,
  SettlementWindowOpened: onSettlementWindowOpened,
  SettlementPriceSampled: onSettlementPriceSampled,
  SettlementPriceSet: IN_THE_STATE,
  ImpactPricesSet: IN_THE_STATE,
  PriceGuardsSet: onPriceGuardsSet,
  PriceDoubted: IN_THE_STATE,
  BasisObserved: IN_THE_STATE,
  DepthReported: IN_THE_STATE,
  TradeCleared: onTradeCleared,
  OrderPlaced: onOrderPlaced,
  OrdersCancelled: onOrdersCancelled,
  VariationSettled: onSettled,
  FundingSettled: onSettled,
  InstrumentExpired: onSettled,
  LossPeriodStarted: onLossPeriodStarted,
  AccountStatusChanged: onAccountStatusChanged,
  MarginWarningIssued: IN_THE_STATE,
  MarginWarningWithdrawn: IN_THE_STATE,
  MarginCallIssued: onCallEvent,
  MarginCallAmended: onCallEvent,
  MarginCallAcknowledged: onCallEvent,
  MarginCallPaid: onCallEvent,
  MarginCallCured: onCallEvent,
  MarginCallExpired: onCallEvent,
  MarginCallSuperseded: onCallEvent,
  MarginCallExtended: onCallEvent,
  MarginCallPaused: onCallEvent,
  MarginCallResumed: onCallEvent,
  MarginCallWaived: onCallEvent,
  MarginCallDisputed: onCallEvent,
  MarginCallDisputeRuled: onCallEvent,
  MarginCallFinalNotice: onCallEvent,
  AccountsQueued: IN_THE_STATE,
  AccountsTaken: IN_THE_STATE,
  LiquidationStarted: onLiquidationStarted,
  LiquidationOrderIssued: onLiquidationOrderIssued,
  LiquidationOrderFilled: onLiquidationOrderFilled,
  LiquidationOrderClosed: onLiquidationOrderClosed,
  PositionTakenOver: onPositionTakenOver,
  LiquidationPaused: onLiquidationMoved,
  LiquidationResumed: onLiquidationMoved,
  LiquidationEnded: onLiquidationEnded,
  CollateralConverted: onCollateralConverted,
  CollateralKept: IN_ITS_TRANSFERS,
  KeptCollateralSold: onCollateralConverted,
  AuctionPolicySet: onAuctionPolicySet,
  AuctionStarted: onAuctionStarted,
  AuctionChanged: onAuctionMoved,
  AuctionTaken: onAuctionTaken,
  AuctionBidPlaced: onAuctionBidPlaced,
  AuctionEnded: onAuctionEnded,
  PortfolioPolicySet: portfolios.onPortfolioPolicySet,
  PortfolioAuctionStarted: portfolios.onPortfolioAuctionStarted,
  PortfolioAuctionChanged: portfolios.onPortfolioAuctionMoved,
  PortfolioPositionTaken: onPortfolioPositionTaken,
  PortfolioTaken: portfolios.onPortfolioTaken,
  PortfolioAuctionEnded: portfolios.onPortfolioAuctionEnded,
  LossAllocated: onLossAllocated,
  DeleveragingDecided: onDeleveragingDecided,
  PositionDeleveraged: onPositionDeleveraged,
  InventorySwept: IN_ITS_TRANSFERS,
  DefaultFundContributed: IN_ITS_TRANSFERS,
  DefaultFundWithdrawn: IN_ITS_TRANSFERS,
  DefaultFundPolicySet: waterfall.onDefaultFundPolicySet,
  CoverageAdvanced: IN_THE_STATE,
  CoverageComputed: waterfall.onCoverageComputed,
  CoverageFellShort: IN_THE_STATE,
  DefaultFundCallIssued: waterfall.onDefaultFundCallIssued,
  DefaultFundCallPaid: waterfall.onDefaultFundCallPaid,
  DefaultFundCallExpired: waterfall.onDefaultFundCallExpired,
  JuniorsRecorded: IN_THE_STATE,
  HouseTrancheContributed: IN_ITS_TRANSFERS,
  AssessmentsClosed: onAssessmentsClosed,
  LossWeightKept: IN_THE_STATE,
  LossWeightsReleased: IN_THE_STATE,
  RecoveryRecorded: onRecoveryRecorded,
  BackstopPoolContributed: waterfall.onBackstopMoved,
  BackstopPoolWithdrawn: waterfall.onBackstopMoved,
  BackstopIncomeAdded: IN_ITS_TRANSFERS,
  InsurancePoolSet: waterfall.onInsurancePoolSet,
  PoolsTransferred: IN_ITS_TRANSFERS,
  DefaultPolicySet: defaults.onDefaultPolicySet,
  MemberStatusChanged: defaults.onMemberStatusChanged,
  DefaultDeclared: defaults.onDefaultDeclared,
  DefaultNetted: defaults.onDefaultNetted,
  PortOffered: defaults.onPortOffered,
  PortEnded: defaults.onPortEnded,
  ClientsPorted: defaults.onClientsPorted,
  DefaultPhaseChanged: defaults.onDefaultPhaseChanged,
  DefaultSplit: defaults.onDefaultSplit,
  DefaultAuctionStarted: defaults.onDefaultAuctionStarted,
  LotBidPlaced: IN_ITS_TRANSFERS,
  DefaultAuctionEnded: defaults.onDefaultAuctionEnded,
  DefaultCostCharged: IN_ITS_TRANSFERS,
  DefaultSettled: defaults.onDefaultSettled,
  DefaultClosed: defaults.onDefaultClosed,
  DisposalLadderSet: onDisposalLadderSet,
  ReductionMoved: onReductionMoved,
  LiquidatorRegistered: IN_THE_STATE,
  LiquidatorDeregistered: IN_THE_STATE,
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
  ProposalApproved: onProposalEnded,
  ProposalRejected: onProposalEnded,
  ProposalExpired: onProposalEnded,
  ChangeCountAdvanced: IN_THE_STATE,
  ChangeCounted: onChangeCounted,
  ProposalCarriedOut: onProposalEnded,
  ProposalRefused: onProposalEnded,
  ChangeScheduled: onChangeScheduled,
  ScheduledChangeMade: onScheduledChangeEnded,
  ScheduledChangeRefused: onScheduledChangeEnded,
  ScheduledChangeCancelled: onScheduledChangeEnded,
  NoticeSet: onNoticeSet,
};

/** Makes the rows of one event; the state has it already. */
export function project(batch: Batch, event: Event, moment: Moment): void {
  onMoved(batch, event, moment);
  if ('backstop' in event) waterfall.writeBackstop(batch, event);
  // The table is complete by its type; the compiler cannot tie one row's key to the same row's event.
  const handle = HANDLERS[event.type] as (batch: Batch, event: Event, moment: Moment) => void;
  handle(batch, event, moment);
  onDefaultLines(batch, event, moment);
}

/**
 * Adds the accounts an event touches. An account left out would be missed by the core's own functions, which then
 * throw.
 */
export function addAccountsOf(event: Event, ids: Set<AccountId>): void {
  for (const { from, to } of transfersOf(event)) {
    for (const name of [from, to]) {
      const account = accountBehind(name);
      if (account !== undefined) ids.add(account);
    }
  }
  if ('lines' in event) for (const { account } of event.lines) ids.add(account);
  if ('positions' in event) for (const { account } of event.positions) ids.add(account);
  if ('cases' in event) for (const { account } of [...event.cases, ...event.shares]) ids.add(account);
  if ('account' in event) ids.add(event.account);
  if ('liquidatorId' in event) ids.add(event.liquidatorId);
  switch (event.type) {
    case 'OrderPlaced':
      ids.add(event.placed.account);
      break;
    case 'MarginCallIssued':
    case 'LiquidationOrderIssued':
      ids.add(event.issued.account);
      break;
    case 'MarginCallAmended':
      ids.add(event.amended.account);
      break;
    case 'DeleveragingDecided':
      ids.add(event.decided.account);
      break;
    case 'LiquidationStarted':
      ids.add(event.started.account);
      break;
    case 'AssessmentsClosed':
      ids.add(event.case.account);
      for (const { account } of event.shares) ids.add(account);
      break;
    case 'DefaultNetted':
      for (const { account } of event.netted) ids.add(account);
      ids.add(event.receiver);
      break;
    case 'DefaultAuctionEnded':
      for (const { account } of event.awards) ids.add(account);
      ids.add(event.receiver);
      break;
    case 'ClientsPorted':
      for (const account of event.moved) ids.add(account);
      break;
    case 'BackstopProviderRegistered':
      ids.add(event.provider.account);
      break;
    case 'BackstopAssigned':
      ids.add(event.provider);
      break;
    case 'PortfolioPositionTaken':
    case 'PortfolioTaken':
      ids.add(event.taker);
      break;
    case 'LiquidationDisputed':
      ids.add(event.dispute.account);
      break;
    case 'TradeCleared':
      ids.add(event.buyer).add(event.seller);
      break;
  }
}
