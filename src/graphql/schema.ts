/**
 * The schema, built from its classes: every field with a policy, every query with `atLeast`. Building it fails where a
 * field has no policy.
 */

import 'reflect-metadata';
import { type GraphQLArgument, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, type NonEmptyArray } from 'type-graphql';
import { describeRoles, enforcePolicies } from './access/policy';
import { ApiKeyQueries } from './control/apiKey';
import { ChangeMutations, NoticeQueries } from './control/changes';
import { ClockMutations } from './control/clock';
import { ApiKeyMutations, ControlMutations, ProposalMutations } from './control/mutations';
import { RetentionMutations } from './control/retention';
import { EventStream } from './journal/eventStream';
import { HouseFields, HouseQueries } from './journal/house';
import { JournalQueries } from './journal/journalEntry';
import { ConservationQueries } from './ledger/conservation';
import { FundMutations } from './ledger/fundMutations';
import { InsuranceFundFields, InsuranceFundQueries } from './ledger/insuranceFund';
import { InsuranceFundStream } from './ledger/insuranceFundStream';
import { AccountLedgerFields, LedgerQueries } from './ledger/ledger';
import { CollateralMutations } from './ledger/mutations';
import { sliceLists } from './limit/slices';
import { AccountHealthStream } from './margin/accountHealthStream';
import { AuditQueries } from './margin/audit';
import { AccountDistanceField, DistanceQueries } from './margin/distance';
import { AccountExplainField } from './margin/explain';
import { AccountHealthField } from './margin/health';
import { HouseRiskQueries } from './margin/houseRisk';
import { LiquidationMapQueries } from './margin/liquidationMap';
import { WhatIfQueries } from './margin/whatIf';
import { MarginCallFields } from './margincall/marginCall';
import { MarginCallStream } from './margincall/marginCallStream';
import { MarginCallMutations } from './margincall/mutations';
import { AccountCallFields, MarginCallQueries } from './margincall/queue';
import { MarginCallStatisticsQueries } from './margincall/statistics';
import { ProposalQueries } from './mutation/proposal';
import { ScheduledChangeQueries } from './mutation/scheduledChange';
import { NodeQueries } from './node';
import { TradingMutations } from './position/mutations';
import { AccountPositionFields, PositionFields, PositionQueries } from './position/position';
import { SettlementRunFields, SettlementRunQueries } from './position/settlementRun';
import { AccountTradeFields, TradeFields, TradeQueries } from './position/trade';
import { InstrumentPriceFields, MarkPriceQueries } from './price/markPrice';
import { PriceMutations } from './price/mutations';
import { PriceStream } from './price/priceStream';
import { checkIdentities } from './reading/identity';
import { AccountFields, AccountQueries } from './reference/account';
import { AccountMutations } from './reference/accountMutations';
import { AccountStatusStream } from './reference/accountStatusStream';
import { CurrencyQueries } from './reference/currency';
import { DefaultPolicyMutations, DefaultPolicyQueries } from './reference/defaultPolicy';
import { DefinitionMutations } from './reference/definitionMutations';
import { DeleveragingPolicyQueries } from './reference/deleveragingPolicy';
import { DisposalLadderMutations, DisposalLadderQueries } from './reference/disposalLadder';
import { InstrumentFields, InstrumentQueries } from './reference/instrument';
import { LossPolicyQueries } from './reference/lossPolicy';
import { MarginPolicyQueries } from './reference/marginPolicy';
import { MemberQueries } from './reference/member';
import {
  InstrumentOpenInterestField,
  OpenInterestMutations,
  OpenInterestQueries,
  OpenInterestScalingFields,
} from './reference/openInterest';
import { PolicyMutations } from './reference/policyMutations';
import { PriceIndexQueries } from './reference/priceIndex';
import { TierScheduleQueries } from './reference/tierSchedule';
import { Seq } from './scalar/place';
import { withBounds, withNullableReads } from './schema/bounds';
import { AuctionMutations } from './settlement/auction/auctionMutations';
import { AuctionPolicyMutations, AuctionPolicyQueries } from './settlement/auction/auctionPolicy';
import { AuctionStream } from './settlement/auction/auctionStream';
import { AuctionFields, AuctionQueries } from './settlement/auction/auctions';
import { DefaultAuctionFields } from './settlement/default/defaultAuction';
import { MemberDefaultBookFields, MemberDefaultFields, MemberDefaultQueries } from './settlement/default/memberDefault';
import { MemberDefaultMutations, MemberStandingMutations, PortMutations } from './settlement/default/memberDefaultMutations';
import { MemberDefaultStream } from './settlement/default/memberDefaultStream';
import { PortFields, PortQueries } from './settlement/default/port';
import { DeleveragedPositionStream } from './settlement/deleveraging/deleveragedPositionStream';
import {
  AccountDeleveragingFields,
  DeleveragedPositionFields,
  DeleveragingFields,
  DeleveragingQueries,
} from './settlement/deleveraging/deleveraging';
import { DeleveragingMutations } from './settlement/deleveraging/deleveragingMutations';
import { DeleveragingQueueQueries, PositionDeleveragingField } from './settlement/deleveraging/deleveragingQueue';
import { BackstopProviderMutations, BackstopProviderQueries } from './settlement/ladder/backstopProvider';
import { LiquidationMoves } from './settlement/ladder/reductionMove';
import { AccountLiquidationFields, LiquidationFields, LiquidationQueries } from './settlement/liquidation';
import { LiquidationDisputeMutations, LiquidationDisputeQueries } from './settlement/liquidationDispute';
import { LiquidationMutations } from './settlement/liquidationMutations';
import { LiquidationOrderStream } from './settlement/liquidationOrderStream';
import { LiquidationOrderFields, LiquidationOrderQueries, LiquidationOrdersField } from './settlement/liquidationOrders';
import { LiquidatableAccountStream } from './settlement/liquidator/liquidatableAccountStream';
import { LiquidatorFields, LiquidatorQueries } from './settlement/liquidator/liquidator';
import { LiquidatorMutations } from './settlement/liquidator/liquidatorMutations';
import { LiquidationOrderOfferFields } from './settlement/liquidator/offer';
import { PortfolioAuctionStream } from './settlement/portfolio/portfolioAuctionStream';
import { PortfolioAuctionFields, PortfolioAuctionMutations, PortfolioAuctionQueries } from './settlement/portfolio/portfolioAuctions';
import { CoverageFields, CoverageQueries } from './settlement/waterfall/coverage';
import { DefaultFundFields, DefaultFundQueries } from './settlement/waterfall/defaultFund';
import { AccountLossFields, LossCaseFields, LossCaseQueries } from './settlement/waterfall/lossCase';
import { LossCaseClaims, LossClaimQueries } from './settlement/waterfall/lossClaim';
import { LossNoticeStream } from './settlement/waterfall/lossNoticeStream';
import { OpenDebtQueries } from './settlement/waterfall/openDebts';
import { PoolQueries } from './settlement/waterfall/pools';
import { DefaultFundMutations, PoolMutations } from './settlement/waterfall/waterfallMutations';

const RESOLVERS: NonEmptyArray<new () => object> = [
  NodeQueries,
  ApiKeyQueries,
  ControlMutations,
  ApiKeyMutations,
  ProposalMutations,
  ChangeMutations,
  RetentionMutations,
  ClockMutations,
  ProposalQueries,
  NoticeQueries,
  ScheduledChangeQueries,
  HouseQueries,
  HouseFields,
  JournalQueries,
  ConservationQueries,
  FundMutations,
  InsuranceFundQueries,
  InsuranceFundFields,
  LedgerQueries,
  AccountLedgerFields,
  CollateralMutations,
  AuditQueries,
  DistanceQueries,
  AccountDistanceField,
  AccountExplainField,
  AccountHealthField,
  HouseRiskQueries,
  LiquidationMapQueries,
  WhatIfQueries,
  MarginCallFields,
  MarginCallMutations,
  MarginCallQueries,
  AccountCallFields,
  MarginCallStatisticsQueries,
  TradingMutations,
  PositionQueries,
  AccountPositionFields,
  PositionFields,
  TradeQueries,
  TradeFields,
  AccountTradeFields,
  MarkPriceQueries,
  InstrumentPriceFields,
  PriceMutations,
  AccountQueries,
  AccountFields,
  AccountMutations,
  CurrencyQueries,
  DefinitionMutations,
  InstrumentQueries,
  InstrumentFields,
  LossPolicyQueries,
  DeleveragingPolicyQueries,
  MarginPolicyQueries,
  MemberQueries,
  PolicyMutations,
  PriceIndexQueries,
  TierScheduleQueries,
  OpenInterestQueries,
  OpenInterestScalingFields,
  InstrumentOpenInterestField,
  OpenInterestMutations,
  LossCaseQueries,
  LossCaseFields,
  AccountLossFields,
  LossCaseClaims,
  LossClaimQueries,
  DefaultFundQueries,
  DefaultFundFields,
  CoverageQueries,
  CoverageFields,
  DefaultFundMutations,
  OpenDebtQueries,
  PoolQueries,
  PoolMutations,
  DeleveragingQueries,
  DeleveragingFields,
  DeleveragedPositionFields,
  AccountDeleveragingFields,
  DeleveragingQueueQueries,
  PositionDeleveragingField,
  DeleveragingMutations,
  LiquidationQueries,
  LiquidationFields,
  AccountLiquidationFields,
  LiquidationOrderQueries,
  LiquidationOrdersField,
  LiquidationOrderFields,
  LiquidationMutations,
  DisposalLadderQueries,
  DisposalLadderMutations,
  LiquidatorQueries,
  LiquidatorFields,
  LiquidatorMutations,
  BackstopProviderQueries,
  BackstopProviderMutations,
  LiquidationDisputeQueries,
  LiquidationDisputeMutations,
  LiquidationOrderOfferFields,
  LiquidationMoves,
  MemberDefaultQueries,
  MemberDefaultFields,
  MemberDefaultBookFields,
  DefaultAuctionFields,
  MemberStandingMutations,
  MemberDefaultMutations,
  PortQueries,
  PortFields,
  PortMutations,
  DefaultPolicyQueries,
  DefaultPolicyMutations,
  SettlementRunQueries,
  SettlementRunFields,
  AuctionMutations,
  AuctionPolicyMutations,
  AuctionPolicyQueries,
  AuctionFields,
  AuctionQueries,
  AuctionStream,
  PortfolioAuctionFields,
  PortfolioAuctionMutations,
  PortfolioAuctionQueries,
  PortfolioAuctionStream,
  AccountHealthStream,
  AccountStatusStream,
  DeleveragedPositionStream,
  EventStream,
  InsuranceFundStream,
  LiquidationOrderStream,
  LiquidatableAccountStream,
  LossNoticeStream,
  MarginCallStream,
  MemberDefaultStream,
  PriceStream,
];

/** The library asks for one as soon as there is a subscription. Streams here read the journal; nothing is published. */
const NO_PUB_SUB = {
  publish(): never {
    throw new Error('Nothing is published');
  },
  subscribe(): never {
    throw new Error('Nothing is published');
  },
};

const ROOTS = {
  Query: 'What can be asked. One request reads one snapshot: everything in its answer is as of one journal entry.',
  Mutation: 'What can be done. Each mutation is a command to the house. It is answered when it is durable.',
  Subscription: 'What can be followed over WebSocket: streams of committed events. A stream can resume after ' + 'any message.',
};

const BUILT = [checkIdentities, describeRoots, withAtLeast, withBounds, withNullableReads, describeRoles, sliceLists];

let built: GraphQLSchema | undefined;

/** The schema with its policies in force. Throws PolicyMissing. */
export function schema(): GraphQLSchema {
  built ??= enforcePolicies(
    BUILT.reduce((bare, step) => step(bare), buildSchemaSync({ resolvers: RESOLVERS, validate: false, pubSub: NO_PUB_SUB })),
  );
  return built;
}

/** The schema as text, in the order of names: what `schema.graphql` holds. */
export const schemaText = (): string => `${printSchema(lexicographicSortSchema(schema()))}\n`;

function describeRoots(bare: GraphQLSchema): GraphQLSchema {
  for (const [name, description] of Object.entries(ROOTS)) {
    const type = bare.getType(name);
    if (type) type.description = description;
  }
  return bare;
}

/** Gives every query the argument by which a caller asks for an answer no older than what it knows. */
function withAtLeast(bare: GraphQLSchema): GraphQLSchema {
  const atLeast: GraphQLArgument = {
    name: 'atLeast',
    description: 'The earliest journal entry that the whole answer may be as of, such as the `seq` of a mutation.',
    type: Seq,
    defaultValue: null,
    deprecationReason: undefined,
    extensions: {},
    astNode: undefined,
  };
  for (const field of Object.values(bare.getQueryType()?.getFields() ?? {})) field.args = [...field.args, atLeast];
  return bare;
}
