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
import type { DeleveragingPolicy, InventoryDraw, MarketLimits } from './deleveraging';
import type { Former } from './former';
import type { BackstopProvider, DisposalLadder, LadderId, Liquidator } from './ladder';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from './liquidation';
import type { Margined } from './margin';
import type { DefaultId, DefaultPolicy, MemberDefault, PortId, PortOffer } from './memberDefault';
import type { DisposalPolicy, LossPolicy, MarginPolicy, PolicyId } from './policy';
import type { PortfolioAuction, PortfolioAuctionId, PortfolioPolicy } from './portfolio';
import type { IndexState, MarkState, StableState } from './price';
import type { CalledByChange, ChangeCount, Proposal, ProposalId } from './proposal';
import type { CollateralInForce, Currency, CurrencyId, Halt, IndexId, InstrumentId, InstrumentStatus, PriceIndex } from './reference';
import type { TierSchedule } from './tiers';
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
  readonly halt?: Halt; // where it is halted and lifts by itself
  readonly leftBehind?: Margin; // costs that closed positions left, each less than a unit: the house's   [at or below zero]
}

/** Quantity a venue says can be traded near the mark, in lots. */
export interface Depth {
  readonly bids: bigint;
  readonly asks: bigint;
}

export interface IndexListing {
  readonly index: PriceIndex;
  readonly state: IndexState;
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

export interface State {
  seq: Seq; // of the last entry applied
  now: Instant; // the house's clock: never runs backwards
  termsChanged: Seq; // the last entry in which a level moved because terms changed: not part of the digest
  by: string; // who sent the entry that is being applied, or the last that was: not part of the digest
  readonly currencies: Map<CurrencyId, Currency>;
  readonly collateral: Map<CurrencyId, CollateralInForce>;
  readonly indices: Map<IndexId, IndexListing>;
  readonly listings: Map<InstrumentId, Listing>;
  readonly policies: Map<PolicyId, MarginPolicy>;
  readonly formerTerms: Map<string, readonly Former[]>; // what was replaced, by part and id, the first first
  readonly missedByTurn: Map<AccountId, Seq>; // the change of terms that accounts have not been looked at since, because they have to wait
  readonly pendingPolicies: Map<PolicyId, MarginPolicy>;
  readonly lossPolicies: Map<CurrencyId, LossPolicy>;
  readonly disposalPolicies: Map<CurrencyId, DisposalPolicy>;
  readonly defaultPolicies: Map<CurrencyId, DefaultPolicy>; // where none was set the standard one holds
  readonly deleveragingPolicies: Map<string, DeleveragingPolicy>; // by currency, or currency and instrument
  readonly inventoryDraws: Map<AccountId, InventoryDraw>; // of the house's accounts whose inventory has a cap
  readonly marketLimits: Map<InstrumentId, MarketLimits>;
  readonly auctionPolicies: Map<CurrencyId, AuctionPolicy>;
  readonly portfolioPolicies: Map<CurrencyId, PortfolioPolicy>;
  readonly lossPeriods: Map<CurrencyId, Instant>; // when the current period ends
  readonly members: Map<MemberId, Member>;
  readonly memberStatuses: Map<MemberId, MemberStatus>; // of those that are not ACTIVE
  rules: Count; // under which the last entry was written
  readonly apiKeys: Map<ApiKeyId, ApiKey>;
  readonly revokedKeys: Map<ApiKeyId, Instant>; // ids that are never given out again, and since when
  readonly book: Book;
  readonly ledger: Map<string, Cash>; // control accounts, by name and currency
  readonly orders: Map<OrderId, Order>;
  readonly ordersOf: Map<AccountId, Set<OrderId>>; // derived from orders
  readonly calls: Map<MarginCallId, MarginCall>; // open ones
  readonly callOf: Map<AccountId, MarginCallId>; // at most one per account
  readonly liquidations: Map<LiquidationId, Liquidation>; // running ones
  readonly liquidationOf: Map<AccountId, LiquidationId>;
  readonly liquidationOrders: Map<LiquidationOrderId, LiquidationOrder>; // open ones
  readonly liquidationOrdersOf: Map<AccountId, Set<LiquidationOrderId>>; // derived from them
  readonly lossCases: Map<CaseId, LossCase>; // with claims that run or a loss that stands
  readonly juniors: Map<MemberId, readonly MemberId[]>; // by defaulter
  readonly fundPolicies: Map<CurrencyId, DefaultFundPolicy>;
  readonly fundCalls: Map<FundCallId, FundCall>; // open ones
  readonly assessed: Map<string, readonly Assessed[]>; // by currency and member
  readonly coverages: Map<CurrencyId, Coverage>; // the last of each
  readonly coverageRuns: Map<CurrencyId, CoverageRun>; // being worked off
  readonly backstops: Map<CurrencyId, BackstopPool>;
  readonly backstopEntries: Map<AccountId, BackstopEntry>;
  readonly insurancePools: Map<PoolId, InsurancePool>;
  readonly gates: Map<CurrencyId, Instant>; // until when withdrawals wait after a loss
  readonly memberDefaults: Map<DefaultId, MemberDefault>; // open ones
  readonly portOffers: Map<PortId, PortOffer>; // open ones
  readonly ladders: Map<LadderId, DisposalLadder>;
  readonly ladderLoad: Map<string, Cash>; // derived: notional that stands on a method, per instrument and per currency
  readonly liquidators: Map<AccountId, Liquidator>;
  readonly claims: Map<LiquidationOrderId, Claim>;
  readonly heldRewards: Map<LiquidationId, readonly HeldReward[]>; // of running liquidations
  readonly providers: Map<string, BackstopProvider>; // by account and instrument
  readonly runningCharges: Map<LiquidationId, readonly ChargeLine[]>; // what running liquidations have charged
  readonly endedCharges: Map<LiquidationId, ChargeRecord>; // of those that may still be disputed, the first ended first
  readonly disputes: Map<string, DisputeCase>; // open ones
  readonly auctions: Map<AuctionId, Auction>; // that have not ended
  readonly auctionsOf: Map<AccountId, Set<AuctionId>>; // derived from them
  readonly auctionLoad: Map<string, Cash>; // derived: reserve value in auction, per currency, and per lot of it
  readonly auctionQueues: Map<CurrencyId, Map<CurrencyId, Deadlines>>; // derived: what waits for capacity, per currency and lot
  readonly portfolios: Map<PortfolioAuctionId, PortfolioAuction>; // that have not ended
  readonly portfolioOf: Map<AccountId, PortfolioAuctionId>; // derived from them: at most one per account
  readonly proposals: Map<ProposalId, Proposal>; // open ones
  readonly changeCounts: Map<ProposalId, ChangeCount>; // of those that are being counted
  readonly calledByChanges: Map<ProposalId, CalledByChange>; // of the last day
  readonly scheduledChanges: Map<ChangeId, ScheduledChange>; // that are still to come
  readonly notices: Map<string, Duration>; // by kind of change, where it needs any
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
  readonly capacityMoved: Set<CurrencyId>; // currencies in whose auctions there may be capacity now; empty between commands
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
