/**
 * Everything the house knows. Written only by the `onX` functions of the rooms, through events; read through `View`.
 * Nothing here is a clock, a random number or a reference to the outside.
 */

import type { Deadlines } from '../../units/deadlines';
import type { Cash, Count, Duration, Instant, Margin, Seq } from '../../units/quantity';
import type { Recall, RecallView } from '../../units/recall';
import type { AccountId, Member, MemberId, MemberStatus, Order, OrderId } from './account';
import type { ApiKey, ApiKeyId } from './actor';
import type { Auction, AuctionId, AuctionPolicy } from './auction';
import type { Book } from './book';
import type { MarginCall, MarginCallId } from './call';
import type { ChangeId, ScheduledChange } from './change';
import type { ChargeLine, ChargeRecord, Claim, DisputeCase, HeldReward } from './claim';
import type { CollateralInForce } from './collateral';
import type { DeleveragingPolicy, InventoryDraw, MarketLimits } from './deleveraging';
import type { Former } from './former';
import type { Funding } from './funding';
import type { BackstopProvider, DisposalLadder, LadderId, Liquidator } from './ladder';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from './liquidation';
import type { Margined } from './margin';
import type { DefaultId, DefaultPolicy, MemberDefault, PortId, PortOffer } from './memberDefault';
import type { DisposalPolicy, LossPolicy, MarginPolicy, PolicyId } from './policy';
import type { PortfolioAuction, PortfolioAuctionId, PortfolioPolicy } from './portfolio';
import type { BasisState, ImpactPrices, IndexState, MarkState, StableState } from './price';
import type { PriceGuard } from './priceGuards';
import type { CalledByChange, ChangeCount, Proposal, ProposalId } from './proposal';
import type {
  Averaging,
  Currency,
  CurrencyId,
  Delisting,
  Halt,
  IndexId,
  InstrumentId,
  InstrumentStatus,
  PriceIndex,
} from './reference';
import type { TierSchedule } from './tiers';
import type { Venue, VenueId } from './venue';
import type { Watch } from './watch';
import type {
  Assessed,
  BackstopEntry,
  BackstopPool,
  CaseId,
  Coverage,
  CoverageRun,
  DefaultFundPolicy,
  FundCall,
  FundCallId,
  InsurancePool,
  KeptWeight,
  LossCase,
  PoolId,
} from './waterfall';

/** An instrument and what changes about it. */
export interface Listing extends Margined {
  readonly status: InstrumentStatus;
  readonly mark: MarkState | null;
  readonly stable?: StableState; // none before the first mark
  readonly pendingTiers: TierSchedule | null; // to come into force
  readonly depth: Depth | null;
  readonly variationDue: Instant | null; // next settlement of variation margin
  readonly disposalDue: Instant | null; // next step in disposing of what the house took over
  readonly lastRun: string | null; // hash of the last settlement run: the next one chains to it
  readonly delisting?: Delisting; // where its end was announced
  readonly averaging?: Averaging; // where the window of its last price has begun
  readonly halt?: Halt; // where it is halted and lifts by itself
  // costs that closed positions left, each less than a unit: the house's   [at or below zero]
  readonly leftBehind?: Margin;
  readonly impact?: ImpactPrices; // once any were submitted
  readonly basis?: BasisState; // where the mark is made of it, once its venue has spoken
  readonly funding?: Funding; // once a policy was set
}

/** Quantity a venue says can be traded near the mark, in lots. */
export interface Depth {
  readonly bids: bigint;
  readonly asks: bigint;
}

export interface IndexListing {
  readonly index: PriceIndex;
  readonly state: IndexState;
  readonly guard?: PriceGuard; // once guards were set
}

/** How long what was done is remembered, so that it is not done twice. */
export interface Retention {
  readonly keys: Duration; // idempotency keys
  readonly trades: Duration; // ids of trades
}

/** A step of the wall clock that the house has found and not taken. */
export interface ClockStep {
  readonly entry: Seq; // that reported it
  readonly by: Duration; // forward above zero
  readonly since: Instant;
}

/** What the house knows of the clock it goes by. */
export interface KnownClock {
  readonly step: ClockStep | null;
  readonly ahead: Duration; // of house time before the wall clock, accepted by two persons
}

const mapOf =
  <Key extends string, Held>() =>
  (): Map<Key, Held> =>
    new Map();

/**
 * What the house knows by name: of each a map of its own right, not derived from another. A new house has them empty, a
 * snapshot and the digest have them all, in this order.
 */
export const PARTS = {
  currencies: mapOf<CurrencyId, Currency>(),
  collateral: mapOf<CurrencyId, CollateralInForce>(),
  indices: mapOf<IndexId, IndexListing>(),
  listings: mapOf<InstrumentId, Listing>(),
  policies: mapOf<PolicyId, MarginPolicy>(),
  formerTerms: mapOf<string, readonly Former[]>(), // what was replaced, by part and id, the first first
  // the change of terms that accounts have not been looked at since, because they have to wait
  missedByTurn: mapOf<AccountId, Seq>(),
  pendingPolicies: mapOf<PolicyId, MarginPolicy>(),
  lossPolicies: mapOf<CurrencyId, LossPolicy>(),
  disposalPolicies: mapOf<CurrencyId, DisposalPolicy>(),
  defaultPolicies: mapOf<CurrencyId, DefaultPolicy>(), // where none was set the standard one holds
  deleveragingPolicies: mapOf<string, DeleveragingPolicy>(), // by currency, or currency and instrument
  inventoryDraws: mapOf<AccountId, InventoryDraw>(), // of the house's accounts whose inventory has a cap
  marketLimits: mapOf<InstrumentId, MarketLimits>(),
  auctionPolicies: mapOf<CurrencyId, AuctionPolicy>(),
  portfolioPolicies: mapOf<CurrencyId, PortfolioPolicy>(),
  lossPeriods: mapOf<CurrencyId, Instant>(), // when the current period ends
  venues: mapOf<VenueId, Venue>(), // that number their trades
  members: mapOf<MemberId, Member>(),
  memberStatuses: mapOf<MemberId, MemberStatus>(), // of those that are not ACTIVE
  apiKeys: mapOf<ApiKeyId, ApiKey>(),
  revokedKeys: mapOf<ApiKeyId, Instant>(), // ids that are never given out again, and since when
  ledger: mapOf<string, Cash>(), // control accounts, by name and currency
  orders: mapOf<OrderId, Order>(),
  calls: mapOf<MarginCallId, MarginCall>(), // open ones
  liquidations: mapOf<LiquidationId, Liquidation>(), // running ones
  liquidationOrders: mapOf<LiquidationOrderId, LiquidationOrder>(), // open ones
  lossCases: mapOf<CaseId, LossCase>(), // with claims that run or a loss that stands
  juniors: mapOf<MemberId, readonly MemberId[]>(), // by defaulter
  fundPolicies: mapOf<CurrencyId, DefaultFundPolicy>(),
  fundCalls: mapOf<FundCallId, FundCall>(), // open ones
  assessed: mapOf<string, readonly Assessed[]>(), // by currency and member
  coverages: mapOf<CurrencyId, Coverage>(), // the last of each
  coverageRuns: mapOf<CurrencyId, CoverageRun>(), // being worked off
  backstops: mapOf<CurrencyId, BackstopPool>(),
  backstopEntries: mapOf<AccountId, BackstopEntry>(),
  insurancePools: mapOf<PoolId, InsurancePool>(),
  gates: mapOf<CurrencyId, Instant>(), // until when withdrawals wait after a loss
  keptWeights: mapOf<AccountId, KeptWeight>(), // of who has acted while a debt was open that still is
  memberDefaults: mapOf<DefaultId, MemberDefault>(), // open ones
  portOffers: mapOf<PortId, PortOffer>(), // open ones
  ladders: mapOf<LadderId, DisposalLadder>(),
  liquidators: mapOf<AccountId, Liquidator>(),
  claims: mapOf<LiquidationOrderId, Claim>(),
  heldRewards: mapOf<LiquidationId, readonly HeldReward[]>(), // of running liquidations
  providers: mapOf<string, BackstopProvider>(), // by account and instrument
  runningCharges: mapOf<LiquidationId, readonly ChargeLine[]>(), // what running liquidations have charged
  endedCharges: mapOf<LiquidationId, ChargeRecord>(), // of those that may still be disputed, the first ended first
  disputes: mapOf<string, DisputeCase>(), // open ones
  auctions: mapOf<AuctionId, Auction>(), // that have not ended
  portfolios: mapOf<PortfolioAuctionId, PortfolioAuction>(), // that have not ended
  proposals: mapOf<ProposalId, Proposal>(), // open ones
  changeCounts: mapOf<ProposalId, ChangeCount>(), // of those that are being counted
  calledByChanges: mapOf<ProposalId, CalledByChange>(), // of the last day
  scheduledChanges: mapOf<ChangeId, ScheduledChange>(), // that are still to come
  notices: mapOf<string, Duration>(), // by kind of change, where it needs any
};
export type Parts = { readonly [Part in keyof typeof PARTS]: ReturnType<(typeof PARTS)[Part]> };

/** The names of the parts, in their order. */
export const PART_NAMES = Object.keys(PARTS) as (keyof Parts)[];

export interface State extends Parts {
  seq: Seq; // of the last entry applied
  now: Instant; // the house's clock: never runs backwards
  termsChanged: Seq; // the last entry in which a level moved because terms changed: not part of the digest
  by: string; // who sent the entry that is being applied, or the last that was: not part of the digest
  rules: Count; // under which the last entry was written
  readonly book: Book;
  readonly ordersOf: Map<AccountId, Set<OrderId>>; // derived from orders
  readonly callOf: Map<AccountId, MarginCallId>; // at most one per account
  readonly liquidationOf: Map<AccountId, LiquidationId>;
  readonly liquidationOrdersOf: Map<AccountId, Set<LiquidationOrderId>>; // derived from them
  readonly ladderLoad: Map<string, Cash>; // derived: notional that stands on a method, per instrument and per currency
  readonly auctionsOf: Map<AccountId, Set<AuctionId>>; // derived from them
  readonly auctionLoad: Map<string, Cash>; // derived: what is in auction, by measure, per currency, and per lot of it
  // derived: what waits for capacity, per currency and lot
  readonly auctionQueues: Map<CurrencyId, Map<CurrencyId, Deadlines>>;
  readonly portfolioOf: Map<AccountId, PortfolioAuctionId>; // derived from them: at most one per account
  retention: Retention;
  clock: KnownClock;
  readonly remembered: Recall; // idempotency keys, each with words of the hash of its body
  readonly reversed: Set<string>; // transfers that were reversed, as entry/place
  readonly trades: Recall; // venue trade ids seen
  readonly deadlines: Deadlines; // derived: not part of the digest
  readonly backlog: Set<AccountId>; // accounts that wait to be acted on, in order
  readonly madeUp: Map<AccountId, Seq>; // of those whose turn has come in this entry; empty between commands
  readonly due: Set<AccountId>; // accounts touched since they were last examined; empty between commands
  readonly auctionsMoved: Set<AuctionId>; // auctions touched since they were last tended; empty between commands
  recoveriesMoved: boolean; // whether something kept as a recovery may have a buyer now; false between commands
  // currencies in whose auctions there may be capacity now; empty between commands
  readonly capacityMoved: Set<CurrencyId>;
  readonly watch: Watch; // derived: who has to be examined when a price moves
}

type Frozen<T> = T extends Recall
  ? RecallView
  : T extends Map<infer K, infer V>
    ? ReadonlyMap<K, Frozen<V>>
    : T extends Set<infer V>
      ? ReadonlySet<V>
      : T;

/** The state for readers. */
export type View = { readonly [Field in keyof State]: Frozen<State[Field]> };
