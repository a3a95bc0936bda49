/**
 * Every command: its check, what makes its events once nothing stands against it, and when it needs a second person.
 * One table, complete by type.
 */

import type { Instant } from '../../units/quantity';
import * as backstop from '../control/backstopPool';
import * as change from '../control/change';
import * as clock from '../control/clock';
import { checkMarginedFill, checkMarginedTake } from '../control/counterparty';
import { checkFundedBid, checkFundedRegistration, checkFundedTake } from '../control/funded';
import * as keys from '../control/keys';
import { checkMarginedBid, checkMarginedPortfolio } from '../control/lots';
import { checkRejectProposal, rejectProposal } from '../control/proposal';
import { checkReverseTransfer, reverseTransfer } from '../control/reverse';
import * as risk from '../control/risk';
import * as trade from '../control/trade';
import * as withdraw from '../control/withdraw';
import * as deposit from '../ledger/deposit';
import * as pools from '../ledger/insurancePools';
import * as acts from '../margincall/acts';
import { payInCollateral } from '../margincall/payment';
import { COMMANDS, type CommandOf, type CommandType } from '../message/command';
import type { Definition } from '../message/definition';
import type { Desk } from '../message/desk';
import type { Refusal } from '../message/envelope';
import type { CureCause } from '../message/margincall';
import type { Checked } from '../message/rejection';
import type { Actor } from '../model/actor';
import type { View } from '../model/state';
import * as delisting from '../position/delisting';
import { checkSubmitFundingRate, settleFunding } from '../position/funding';
import { checkSetFundingPolicy, setFundingPolicy } from '../position/fundingPolicy';
import { checkSetSettlementPrice } from '../position/lastPrice';
import * as openInterest from '../position/openInterestScaling';
import { setSettlementPrice } from '../position/settle';
import * as tradeNumbers from '../position/tradeNumbers';
import { takeIndexPrices } from '../price/followIndex';
import { checkSetPriceGuards, setPriceGuards } from '../price/guards';
import { checkSubmitImpactPrices, submitImpactPrices } from '../price/impactPrices';
import { checkSubmitIndexPrices } from '../price/indexPrice';
import * as markPrice from '../price/markPrice';
import * as accounts from '../reference/accounts';
import { checkSetAuctionBreaker, checkSetAuctionPolicy, setAuctionPolicy } from '../reference/auctionPolicies';
import * as currencies from '../reference/currencies';
import { checkSetDefaultPolicy, setDefaultPolicy } from '../reference/defaultPolicies';
import * as deleveraging from '../reference/deleveragingPolicies';
import { checkSetDisposalLadder, setDisposalLadder } from '../reference/disposalLadders';
import { checkDefineIndex, defineIndex } from '../reference/indices';
import * as instrumentStatus from '../reference/instrumentStatus';
import * as instruments from '../reference/instruments';
import * as lossPolicies from '../reference/lossPolicies';
import * as marketLimits from '../reference/marketLimits';
import * as members from '../reference/members';
import { checkSetMarginPolicy, setMarginPolicy } from '../reference/policies';
import { checkSetPortfolioPolicy, setPortfolioPolicy } from '../reference/portfolioPolicies';
import { checkSetRetention, setRetention } from '../reference/retention';
import { checkSetTierSchedule, setTierSchedule } from '../reference/tiers';
import { placeBid } from '../settlement/auction/bid';
import * as auctions from '../settlement/auction/course';
import { checkStartAuction, startAuction } from '../settlement/auction/start';
import { takeAuction } from '../settlement/auction/take';
import { fillOrder } from '../settlement/closing/order';
import * as lotAuction from '../settlement/default/auction';
import { checkDeclareDefault, declareDefault } from '../settlement/default/declare';
import { checkSplitDefault, splitDefault } from '../settlement/default/lots';
import * as defaultOrders from '../settlement/default/order';
import * as ports from '../settlement/default/port';
import * as settling from '../settlement/default/settle';
import * as tearUp from '../settlement/deleveraging/tearUp';
import * as disputes from '../settlement/disputes';
import * as providers from '../settlement/ladder/backstop';
import { takeLiquidation } from '../settlement/ladder/takeLiquidation';
import { checkClaimLiquidation, claimLiquidation } from '../settlement/liquidator/claim';
import * as register from '../settlement/liquidator/register';
import { takePortfolio } from '../settlement/portfolio/take';
import { payDefaultFundCall } from '../settlement/waterfall/assessments';
import { checkRecordRecovery, recordRecovery } from '../settlement/waterfall/claims';
import * as defaultFund from '../settlement/waterfall/defaultFund';
import { checkPayDefaultFundCall } from '../settlement/waterfall/fundCalls';
import { checkSetDefaultFundPolicy, setDefaultFundPolicy } from '../settlement/waterfall/fundPolicy';

export interface Handler<Type extends CommandType, Value> {
  /** Tests the whole command against the state. What it returns is all that `run` gets. */
  readonly check: (view: View, command: CommandOf<Type>, actor: Actor, at: Instant) => Checked<Value>;
  /** Makes the events. Nothing may refuse any more. */
  readonly run: (desk: Desk, checked: Value) => void;
  /** What cures a call, if this command does. */
  readonly cause: CureCause;
  /** When it needs a second person. */
  readonly secondPerson: risk.SecondPerson<CommandOf<Type>, Value>;
}

type Needs<Type extends CommandType> = (typeof COMMANDS)[Type]['secondPerson'];

/** Where the definition of a command says that it needs a second person in some cases its row says in which. */
type InCases<Type extends CommandType, Value> =
  Needs<Type> extends 'IN_CASES'
    ? [cause: CureCause, inCases: risk.SecondPerson<CommandOf<Type>, NoInfer<Value>>]
    : [cause?: CureCause];

const NEEDS = { NEVER: risk.never, ONCE_OPEN: risk.onceOpen, ALWAYS: risk.always } as const;

function on<Type extends CommandType, Value>(
  type: Type,
  check: Handler<Type, Value>['check'],
  run: Handler<Type, Value>['run'],
  ...more: InCases<Type, Value>
): Handler<Type, Value> {
  const { secondPerson }: Definition = COMMANDS[type];
  const [cause = 'POLICY', inCases]: readonly [CureCause?, Handler<Type, Value>['secondPerson']?] = more;
  return {
    check,
    run,
    cause,
    secondPerson: secondPerson === 'IN_CASES' ? (inCases ?? risk.always) : NEEDS[secondPerson],
  };
}

/** Commands that the engine runs itself, because they run others or are time. */
export type EngineCommand = 'ApproveProposal' | 'AdvanceTime';

export const HANDLERS = {
  DefineCurrency: on('DefineCurrency', currencies.checkDefineCurrency, currencies.defineCurrency),
  SetCollateralTerms: on(
    'SetCollateralTerms',
    currencies.checkSetCollateralTerms,
    currencies.setCollateralTerms,
    'POLICY',
    risk.ifCollateralLoosened,
  ),
  DefineIndex: on('DefineIndex', checkDefineIndex, defineIndex),
  DefineInstrument: on('DefineInstrument', instruments.checkDefineInstrument, instruments.defineInstrument),
  SetInstrumentStatus: on(
    'SetInstrumentStatus',
    instrumentStatus.checkSetInstrumentStatus,
    instrumentStatus.setInstrumentStatus,
    'POLICY',
    risk.ifStatusLoosened,
  ),
  DelistInstrument: on('DelistInstrument', delisting.checkDelistInstrument, delisting.delistInstrument),
  CancelDelisting: on('CancelDelisting', delisting.checkCancelDelisting, delisting.cancelDelisting),
  SetTierSchedule: on('SetTierSchedule', checkSetTierSchedule, setTierSchedule, 'POLICY', risk.ifTiersLowered),
  SetMarginPolicy: on('SetMarginPolicy', checkSetMarginPolicy, setMarginPolicy, 'POLICY', risk.ifPolicyLowered),
  SetLossPolicy: on('SetLossPolicy', lossPolicies.checkSetLossPolicy, lossPolicies.setLossPolicy),
  SetDisposalPolicy: on('SetDisposalPolicy', lossPolicies.checkSetDisposalPolicy, lossPolicies.setDisposalPolicy),
  SetDeleveragingPolicy: on(
    'SetDeleveragingPolicy',
    deleveraging.checkSetDeleveragingPolicy,
    deleveraging.setDeleveragingPolicy,
  ),
  SetMarketLimits: on(
    'SetMarketLimits',
    marketLimits.checkSetMarketLimits,
    marketLimits.setMarketLimits,
    'POLICY',
    risk.ifLimitsLoosened,
  ),
  SetOpenInterestScaling: on(
    'SetOpenInterestScaling',
    openInterest.checkSetOpenInterestScaling,
    openInterest.setOpenInterestScaling,
    'POLICY',
    risk.ifScalingLoosened,
  ),
  TearUpPositions: on('TearUpPositions', tearUp.checkTearUpPositions, tearUp.tearUpPositions, 'CLOSING'),
  AdmitMember: on('AdmitMember', members.checkAdmitMember, members.admitMember),
  OpenAccount: on('OpenAccount', accounts.checkOpenAccount, accounts.openAccount),
  DepositCollateral: on('DepositCollateral', deposit.checkDepositCollateral, payInCollateral, 'DEPOSIT'),
  WithdrawCollateral: on('WithdrawCollateral', withdraw.checkWithdrawCollateral, withdraw.withdrawCollateral),
  TransferCollateral: on(
    'TransferCollateral',
    withdraw.checkTransferCollateral,
    withdraw.transferCollateral,
    'DEPOSIT',
  ),
  ContributeToInsuranceFund: on(
    'ContributeToInsuranceFund',
    deposit.checkContributeToInsuranceFund,
    deposit.contributeToInsuranceFund,
  ),
  WithdrawFromInsuranceFund: on(
    'WithdrawFromInsuranceFund',
    withdraw.checkWithdrawFromInsuranceFund,
    withdraw.withdrawFromInsuranceFund,
  ),
  ContributeHouseCapital: on(
    'ContributeHouseCapital',
    deposit.checkContributeHouseCapital,
    deposit.contributeHouseCapital,
  ),
  ReverseTransfer: on('ReverseTransfer', checkReverseTransfer, reverseTransfer, 'SETTLEMENT'),
  SubmitIndexPrices: on('SubmitIndexPrices', checkSubmitIndexPrices, takeIndexPrices, 'PRICE'),
  SubmitMarkPrices: on('SubmitMarkPrices', markPrice.checkSubmitMarkPrices, markPrice.submitMarkPrices, 'PRICE'),
  SubmitImpactPrices: on('SubmitImpactPrices', checkSubmitImpactPrices, submitImpactPrices, 'PRICE'),
  SetPriceGuards: on('SetPriceGuards', checkSetPriceGuards, setPriceGuards, 'PRICE'),
  ReportClockStep: on('ReportClockStep', clock.checkReportClockStep, clock.reportClockStep),
  AcceptClockStep: on('AcceptClockStep', clock.checkAcceptClockStep, clock.acceptClockStep),
  SetRetention: on('SetRetention', checkSetRetention, setRetention, 'POLICY', risk.ifShortened),
  SetMarkPrice: on('SetMarkPrice', markPrice.checkSetMarkPrice, markPrice.setMarkPrice, 'PRICE'),
  SetSettlementPrice: on('SetSettlementPrice', checkSetSettlementPrice, setSettlementPrice, 'SETTLEMENT'),
  ReportDepth: on('ReportDepth', markPrice.checkReportDepth, markPrice.reportDepth),
  SetVenue: on('SetVenue', tradeNumbers.checkSetVenue, tradeNumbers.setVenue, 'POLICY', risk.ifNumbersReturned),
  SubmitTrade: on('SubmitTrade', trade.checkSubmitTrade, trade.clearTrade, 'CLOSING'),
  PlaceOrder: on('PlaceOrder', trade.checkPlaceOrder, trade.placeOrder),
  CancelOrder: on('CancelOrder', trade.checkCancelOrder, trade.cancelOrder, 'CLOSING'),
  SubmitFundingRate: on('SubmitFundingRate', checkSubmitFundingRate, settleFunding, 'SETTLEMENT'),
  SetFundingPolicy: on('SetFundingPolicy', checkSetFundingPolicy, setFundingPolicy),
  AcknowledgeMarginCall: on('AcknowledgeMarginCall', acts.checkAcknowledge, acts.acknowledge),
  IssueMarginCall: on('IssueMarginCall', acts.checkIssue, acts.issue),
  ExtendMarginCall: on('ExtendMarginCall', acts.checkExtend, acts.extend),
  WaiveMarginCall: on('WaiveMarginCall', acts.checkWaive, acts.waive),
  DisputeMarginCall: on('DisputeMarginCall', acts.checkDispute, acts.dispute),
  RuleOnDispute: on('RuleOnDispute', acts.checkRule, acts.rule, 'POLICY', risk.ifClockStopped),
  ReportLiquidationFill: on('ReportLiquidationFill', checkMarginedFill, fillOrder, 'CLOSING'),
  ContributeToDefaultFund: on(
    'ContributeToDefaultFund',
    defaultFund.checkContributeToDefaultFund,
    defaultFund.contributeToDefaultFund,
  ),
  WithdrawFromDefaultFund: on(
    'WithdrawFromDefaultFund',
    defaultFund.checkWithdrawFromDefaultFund,
    defaultFund.withdrawFromDefaultFund,
  ),
  SetDefaultFundPolicy: on('SetDefaultFundPolicy', checkSetDefaultFundPolicy, setDefaultFundPolicy),
  ComputeCoverage: on('ComputeCoverage', defaultFund.checkComputeCoverage, defaultFund.computeCoverage),
  PayDefaultFundCall: on('PayDefaultFundCall', checkPayDefaultFundCall, payDefaultFundCall),
  RecordJuniors: on('RecordJuniors', defaultFund.checkRecordJuniors, defaultFund.recordJuniors),
  ContributeHouseTranche: on(
    'ContributeHouseTranche',
    defaultFund.checkContributeHouseTranche,
    defaultFund.contributeHouseTranche,
  ),
  RecordRecovery: on('RecordRecovery', checkRecordRecovery, recordRecovery, 'SETTLEMENT'),
  ContributeToBackstopPool: on(
    'ContributeToBackstopPool',
    backstop.checkContributeToBackstopPool,
    backstop.contributeToBackstopPool,
  ),
  WithdrawFromBackstopPool: on(
    'WithdrawFromBackstopPool',
    backstop.checkWithdrawFromBackstopPool,
    backstop.withdrawFromBackstopPool,
    'DEPOSIT',
  ),
  AddBackstopIncome: on('AddBackstopIncome', backstop.checkAddBackstopIncome, backstop.addBackstopIncome),
  SetInsurancePool: on('SetInsurancePool', pools.checkSetInsurancePool, pools.setInsurancePool),
  TransferBetweenPools: on('TransferBetweenPools', pools.checkTransferBetweenPools, pools.transferBetweenPools),
  SuspendMember: on('SuspendMember', members.checkSuspendMember, members.suspendMember),
  ReinstateMember: on('ReinstateMember', members.checkReinstateMember, members.reinstateMember),
  SetDefaultPolicy: on('SetDefaultPolicy', checkSetDefaultPolicy, setDefaultPolicy),
  DeclareDefault: on('DeclareDefault', checkDeclareDefault, declareDefault),
  PortClients: on('PortClients', ports.checkPortClients, ports.offerClients),
  AcceptPort: on('AcceptPort', ports.checkAcceptPort, ports.acceptPort),
  DeclinePort: on('DeclinePort', ports.checkDeclinePort, ports.declinePort),
  HedgeDefault: on(
    'HedgeDefault',
    defaultOrders.checkHedgeDefault,
    defaultOrders.orderForDefault,
    'POLICY',
    risk.ifOrderLarge,
  ),
  CloseDefaultPosition: on(
    'CloseDefaultPosition',
    defaultOrders.checkCloseDefaultPosition,
    defaultOrders.orderForDefault,
    'POLICY',
    risk.ifOrderLarge,
  ),
  SplitDefault: on('SplitDefault', checkSplitDefault, splitDefault),
  AuctionDefault: on('AuctionDefault', lotAuction.checkAuctionDefault, lotAuction.auctionDefault),
  BidForLot: on('BidForLot', checkMarginedBid, lotAuction.bidForLot),
  ChargeDefaultCost: on('ChargeDefaultCost', settling.checkChargeDefaultCost, settling.chargeDefaultCost),
  SettleDefault: on('SettleDefault', settling.checkSettleDefault, settling.settleDefault),
  CloseDefault: on('CloseDefault', settling.checkCloseDefault, settling.closeDefault),
  SetDisposalLadder: on('SetDisposalLadder', checkSetDisposalLadder, setDisposalLadder),
  RegisterLiquidator: on('RegisterLiquidator', checkFundedRegistration, register.registerLiquidator),
  DeregisterLiquidator: on(
    'DeregisterLiquidator',
    register.checkDeregisterLiquidator,
    register.deregisterLiquidator,
    'DEPOSIT',
  ),
  ClaimLiquidation: on('ClaimLiquidation', checkClaimLiquidation, claimLiquidation),
  TakeLiquidation: on('TakeLiquidation', checkMarginedTake, takeLiquidation, 'CLOSING'),
  RegisterBackstopProvider: on(
    'RegisterBackstopProvider',
    providers.checkRegisterBackstopProvider,
    providers.registerBackstopProvider,
  ),
  DeregisterBackstopProvider: on(
    'DeregisterBackstopProvider',
    providers.checkDeregisterBackstopProvider,
    providers.deregisterBackstopProvider,
  ),
  DisputeLiquidation: on('DisputeLiquidation', disputes.checkDisputeLiquidation, disputes.disputeLiquidation),
  RuleOnLiquidationDispute: on(
    'RuleOnLiquidationDispute',
    disputes.checkRuleOnLiquidationDispute,
    disputes.ruleOnLiquidationDispute,
    'SETTLEMENT',
    risk.ifUpheld,
  ),
  SetAuctionPolicy: on('SetAuctionPolicy', checkSetAuctionPolicy, setAuctionPolicy),
  SetAuctionBreaker: on('SetAuctionBreaker', checkSetAuctionBreaker, setAuctionPolicy, 'POLICY', risk.ifBreakerLowered),
  StartAuction: on('StartAuction', checkStartAuction, startAuction),
  TakeAuction: on('TakeAuction', checkFundedTake, takeAuction, 'CLOSING'),
  PlaceBid: on('PlaceBid', checkFundedBid, placeBid, 'CLOSING'),
  ResetAuction: on('ResetAuction', auctions.checkResetAuction, auctions.resetAuction),
  CancelAuction: on('CancelAuction', auctions.checkCancelAuction, auctions.cancelAuction),
  PauseAuction: on('PauseAuction', auctions.checkPauseAuction, auctions.pauseAuction),
  ResumeAuction: on('ResumeAuction', auctions.checkPauseAuction, auctions.resumeAuction),
  SetPortfolioPolicy: on('SetPortfolioPolicy', checkSetPortfolioPolicy, setPortfolioPolicy),
  TakePortfolio: on('TakePortfolio', checkMarginedPortfolio, takePortfolio, 'CLOSING'),
  IssueApiKey: on('IssueApiKey', keys.checkIssueApiKey, keys.issueApiKey),
  RevokeApiKey: on('RevokeApiKey', keys.checkRevokeApiKey, keys.revokeApiKey, 'POLICY', risk.ifNoOtherAdminLeft),
  SetNotice: on('SetNotice', change.checkSetNotice, change.setNotice, 'POLICY', change.ifNoticeShortened),
  CancelScheduledChange: on('CancelScheduledChange', change.checkCancelScheduledChange, change.cancelScheduledChange),
  RejectProposal: on('RejectProposal', checkRejectProposal, rejectProposal),
};

/** The handler of a command, without the knowledge which of them it is. */
export interface AnyHandler {
  readonly check: (view: View, command: unknown, actor: Actor, at: Instant) => Checked<unknown>;
  readonly run: (desk: Desk, checked: unknown) => void;
  readonly cause: CureCause;
  readonly secondPerson: (view: View, command: unknown, checked: unknown, actor: Actor) => boolean;
}

export const handlerOf = (type: Exclude<CommandType, EngineCommand>): AnyHandler =>
  HANDLERS[type] as unknown as AnyHandler;

/** Completeness: a command without a handler does not compile. */
type Missing = Exclude<CommandType, EngineCommand | keyof typeof HANDLERS>;
const complete: [Missing] extends [never] ? true : Missing = true;
void complete;

/** Items of a list command that were refused one by one. */
export const refusalsOf = (checked: unknown): readonly Refusal[] =>
  checked !== null && typeof checked === 'object' && 'refusals' in checked
    ? (checked.refusals as readonly Refusal[])
    : [];
