/**
 * The schema, built from its classes: every field with a policy, every query with `atLeast`. Building it fails where a
 * field has no policy.
 */

import 'reflect-metadata';
import { type GraphQLArgument, type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { buildSchemaSync, getMetadataStorage, type NonEmptyArray } from 'type-graphql';
import { describeRoles, enforcePolicies } from './access/policy';
import './control/apiKey';
import './control/changes';
import './control/clock';
import './control/mutations';
import './control/retention';
import './journal/eventStream';
import './journal/house';
import './journal/journalEntry';
import './ledger/conservation';
import './ledger/fundMutations';
import './ledger/insuranceFund';
import './ledger/insuranceFundStream';
import './ledger/ledger';
import './ledger/mutations';
import { sliceLists } from './limit/slices';
import './margin/accountHealthStream';
import './margin/audit';
import './margin/distance';
import './margin/explain';
import './margin/health';
import './margin/houseRisk';
import './margin/liquidationMap';
import './margin/positionHealth';
import './margin/valuation';
import './margin/whatIf';
import './margincall/marginCall';
import './margincall/marginCallStream';
import './margincall/mutations';
import './margincall/queue';
import './margincall/statistics';
import './mutation/proposal';
import './mutation/scheduledChange';
import './node';
import './position/fundingRate';
import './position/fundingRateStream';
import './position/mutations';
import './position/position';
import './position/settlementRun';
import './position/trade';
import './position/venue';
import './price/markPrice';
import './price/mutations';
import './price/priceStream';
import { checkIdentities } from './reading/identity';
import { withLinks } from './reading/link';
import './reference/account';
import './reference/accountMutations';
import './reference/accountStatusStream';
import './reference/currency';
import './reference/defaultPolicy';
import './reference/definitionMutations';
import './reference/deleveragingPolicy';
import './reference/disposalLadder';
import './reference/fundingPolicy';
import './reference/instrument';
import './reference/lossPolicy';
import './reference/marginPolicy';
import './reference/member';
import './reference/openInterest';
import './reference/policyMutations';
import './reference/priceGuards';
import './reference/priceIndex';
import './reference/tierSchedule';
import { Seq } from './scalar/place';
import { withBounds, withNullableReads } from './schema/bounds';
import './settlement/auction/auctionMutations';
import './settlement/auction/auctionPolicy';
import './settlement/auction/auctionStream';
import './settlement/auction/auctions';
import './settlement/default/defaultAuction';
import './settlement/default/memberDefault';
import './settlement/default/memberDefaultMutations';
import './settlement/default/memberDefaultStream';
import './settlement/default/port';
import './settlement/deleveraging/deleveragedPositionStream';
import './settlement/deleveraging/deleveraging';
import './settlement/deleveraging/deleveragingMutations';
import './settlement/deleveraging/deleveragingQueue';
import './settlement/ladder/backstopProvider';
import './settlement/ladder/reductionMove';
import './settlement/liquidation';
import './settlement/liquidationDispute';
import './settlement/liquidationMutations';
import './settlement/liquidationOrderStream';
import './settlement/liquidationOrders';
import './settlement/liquidator/liquidatableAccountStream';
import './settlement/liquidator/liquidator';
import './settlement/liquidator/liquidatorMutations';
import './settlement/liquidator/offer';
import './settlement/portfolio/portfolioAuctionStream';
import './settlement/portfolio/portfolioAuctions';
import './settlement/waterfall/coverage';
import './settlement/waterfall/defaultFund';
import './settlement/waterfall/lossCase';
import './settlement/waterfall/lossClaim';
import './settlement/waterfall/lossNoticeStream';
import './settlement/waterfall/openDebts';
import './settlement/waterfall/pools';
import './settlement/waterfall/waterfallMutations';

/** What the files above have registered: whatever resolves fields stands in one of them. */
const RESOLVERS = getMetadataStorage().resolverClasses.map(({ target }) => target) as unknown as NonEmptyArray<
  new () => object
>;

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
  Subscription:
    'What can be followed over WebSocket: streams of committed events. A stream can resume after any message.',
};

const BUILT = [
  checkIdentities,
  withLinks,
  describeRoots,
  withAtLeast,
  withBounds,
  withNullableReads,
  describeRoles,
  sliceLists,
];

let built: GraphQLSchema | undefined;

/** The schema with its policies in force. Throws PolicyMissing. */
export function schema(): GraphQLSchema {
  built ??= enforcePolicies(
    BUILT.reduce(
      (bare, step) => step(bare),
      buildSchemaSync({ resolvers: RESOLVERS, validate: false, pubSub: NO_PUB_SUB }),
    ),
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
