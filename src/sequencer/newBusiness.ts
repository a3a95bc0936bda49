/**
 * What goes on when the house refuses new business because its disk is nearly full: time, prices, and whatever brings
 * what there is to its end. Everything else would use up the room that closing positions needs.
 */

import type { CommandType } from '../core/message/command';
import type { Submission } from './house';

const GOES_ON: ReadonlySet<CommandType> = new Set<CommandType>([
  // Time and the market.
  'AdvanceTime',
  'SubmitIndexPrices',
  'SubmitMarkPrices',
  'SubmitImpactPrices',
  'SetMarkPrice',
  'SetSettlementPrice',
  'ReportDepth',
  'SubmitFundingRate',
  // Calls, and the halt of a market or of a member.
  'IssueMarginCall',
  'ExtendMarginCall',
  'WaiveMarginCall',
  'AcknowledgeMarginCall',
  'RuleOnDispute',
  'CancelOrder',
  'SetInstrumentStatus',
  'DelistInstrument',
  'CancelDelisting',
  'SuspendMember',
  // Liquidations, auctions, and what is left of a loss.
  'ReportLiquidationFill',
  'ClaimLiquidation',
  'TakeLiquidation',
  'RuleOnLiquidationDispute',
  'StartAuction',
  'PlaceBid',
  'TakeAuction',
  'ResetAuction',
  'CancelAuction',
  'PauseAuction',
  'ResumeAuction',
  'TakePortfolio',
  'TearUpPositions',
  'DeclareDefault',
  'HedgeDefault',
  'CloseDefaultPosition',
  'SplitDefault',
  'AuctionDefault',
  'BidForLot',
  'ChargeDefaultCost',
  'SettleDefault',
  'CloseDefault',
  // Nobody must keep a key that was stolen.
  'RevokeApiKey',
  'RejectProposal',
  'CancelScheduledChange',
]);

export const isNewBusiness = ({ command }: Submission): boolean => !GOES_ON.has(command?.type);
