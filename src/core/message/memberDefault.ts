/** Commands and events of members in trouble: suspension, default, porting, hedging, closing, settlement.  Rules: LCS-2, NE-5, B3-1 */

import type { Cash, Price, Size } from '../../units/quantity';
import type { AccountId, MemberId, MemberStatus, Side } from '../model/account';
import type {
  DefaultAuction,
  DefaultId,
  DefaultLot,
  DefaultPhase,
  DefaultPolicy,
  LotBid,
  MemberDefault,
  PortId,
  PortOffer,
} from '../model/memberDefault';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Transfer } from './ledger';
import type { PositionChange } from './position';
import type { Decimal } from './reference';

export interface SuspendMember {
  readonly type: 'SuspendMember';
  readonly member: MemberId;
  readonly reason: string;
}

export interface ReinstateMember {
  readonly type: 'ReinstateMember';
  readonly member: MemberId;
  readonly reason: string;
}

export interface SetDefaultPolicy {
  readonly type: 'SetDefaultPolicy';
  readonly currency: CurrencyId;
  readonly portingWindow: number;
  readonly acceptWindow: number;
  readonly orderWindow: number;
  readonly aloneUpTo: Decimal;
  readonly minimumLots: number;
}

export interface DeclareDefault {
  readonly type: 'DeclareDefault';
  readonly member: MemberId;
  readonly reason: string;
}

export interface PortClients {
  readonly type: 'PortClients';
  readonly default: DefaultId;
  readonly accounts: readonly AccountId[] | null; // null: every client that has not moved
  readonly toMember: MemberId;
}

export interface AcceptPort {
  readonly type: 'AcceptPort';
  readonly port: PortId;
}

export interface DeclinePort {
  readonly type: 'DeclinePort';
  readonly port: PortId;
  readonly reason: string;
}

/** An order of the house for a default: HEDGE trades anything, CLOSE only reduces what the default holds. */
interface DefaultOrder {
  readonly default: DefaultId;
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly size: Decimal; // contracts, above zero
  readonly limit: Decimal | null;
}

export interface HedgeDefault extends DefaultOrder {
  readonly type: 'HedgeDefault';
}

export interface CloseDefaultPosition extends DefaultOrder {
  readonly type: 'CloseDefaultPosition';
}

export interface LotInput {
  readonly share: Decimal | null; // of every position
  readonly positions: readonly { readonly instrument: InstrumentId; readonly size: Decimal }[] | null; // contracts, as held: long positive
}

export interface SplitDefault {
  readonly type: 'SplitDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly lots: readonly LotInput[];
}

/** Offers the lots of a default to members, by sealed bids; without lots all of it is one. */
export interface AuctionDefault {
  readonly type: 'AuctionDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly invited: readonly MemberId[] | null; // null: everybody
  readonly minimumBidders: number;
  readonly reserve: Decimal; // share of the notional the house pays at most
  readonly window: number; // ms
}

/** A sealed bid; another one for the same lot takes its place. */
export interface BidForLot {
  readonly type: 'BidForLot';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly lot: number;
  readonly account: AccountId;
  readonly amount: Decimal; // paid for the lot beside the mark; below zero: received
}

/** What managing the default cost the house, taken from what was seized. */
export interface ChargeDefaultCost {
  readonly type: 'ChargeDefaultCost';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
  readonly amount: Decimal;
  readonly reason: string;
}

/** The portfolio of a currency is closed: its loss goes down the waterfall, its surplus back to the defaulter. */
export interface SettleDefault {
  readonly type: 'SettleDefault';
  readonly default: DefaultId;
  readonly currency: CurrencyId;
}

export interface CloseDefault {
  readonly type: 'CloseDefault';
  readonly default: DefaultId;
  readonly outcome: 'TERMINATED' | 'REINSTATED';
  readonly reason: string;
}

export type MemberDefaultCommand =
  | SuspendMember
  | ReinstateMember
  | SetDefaultPolicy
  | DeclareDefault
  | PortClients
  | AcceptPort
  | DeclinePort
  | HedgeDefault
  | CloseDefaultPosition
  | SplitDefault
  | AuctionDefault
  | BidForLot
  | ChargeDefaultCost
  | SettleDefault
  | CloseDefault;

/** What one account of the defaulter brought into the net amount: its cash, and its positions at the mark. */
export interface NettedAccount {
  readonly account: AccountId;
  readonly collateral: Cash; // cash of the currency, signed
  readonly result: Cash; // gain or loss of its positions up to the mark
}

/** What is left of all positions in an instrument when long and short of the defaulter's accounts meet. */
export interface NettedPosition {
  readonly instrument: InstrumentId;
  readonly size: Size;
  readonly mark: Price;
  readonly value: Cash; // size at the mark, signed
}

export interface LotAward {
  readonly account: AccountId;
  readonly ordinal: number;
  readonly amount: Cash;
}

interface OfDefault {
  readonly default: DefaultId;
  readonly member: MemberId;
}

export type MemberDefaultEvent =
  | { readonly type: 'DefaultPolicySet'; readonly terms: DefaultPolicy }
  | {
      readonly type: 'MemberStatusChanged';
      readonly member: MemberId;
      readonly from: MemberStatus;
      readonly to: MemberStatus;
      readonly reason: string;
    }
  | { readonly type: 'DefaultDeclared'; readonly declared: MemberDefault }
  | ({
      readonly type: 'DefaultNetted';
      readonly currency: CurrencyId;
      readonly receiver: AccountId; // the close-out account of the default
      readonly amount: Cash; // what all obligations of the currency come to: above zero the member's, below the house's
      readonly netted: readonly NettedAccount[];
      readonly nets: readonly NettedPosition[];
      readonly positions: readonly PositionChange[];
      readonly transfers: readonly Transfer[];
    } & OfDefault)
  | { readonly type: 'PortOffered'; readonly offered: PortOffer }
  | ({
      readonly type: 'PortEnded';
      readonly port: PortId;
      readonly outcome: 'DECLINED' | 'EXPIRED' | 'CANCELLED';
      readonly reason: string | null;
    } & OfDefault)
  | ({
      readonly type: 'ClientsPorted';
      readonly port: PortId;
      readonly toMember: MemberId;
      readonly moved: readonly AccountId[];
    } & OfDefault)
  | ({ readonly type: 'DefaultPhaseChanged'; readonly phase: DefaultPhase; readonly clients: readonly AccountId[] } & OfDefault)
  | ({ readonly type: 'DefaultSplit'; readonly currency: CurrencyId; readonly lots: readonly DefaultLot[] } & OfDefault)
  | ({ readonly type: 'DefaultAuctionStarted'; readonly currency: CurrencyId; readonly opened: DefaultAuction } & OfDefault)
  | ({
      readonly type: 'LotBidPlaced';
      readonly auction: string;
      readonly currency: CurrencyId;
      readonly bid: LotBid;
      readonly transfers: readonly Transfer[];
    } & OfDefault)
  | ({
      readonly type: 'DefaultAuctionEnded';
      readonly auction: string;
      readonly currency: CurrencyId;
      readonly round: number;
      readonly outcome: 'SOLD' | 'FAILED'; // FAILED: a lot or more was not sold
      readonly receiver: AccountId; // the close-out account that sold
      readonly awards: readonly LotAward[];
      readonly juniors: readonly MemberId[]; // who was asked and did not bid
      readonly positions: readonly PositionChange[];
      readonly transfers: readonly Transfer[];
    } & OfDefault)
  | ({
      readonly type: 'DefaultCostCharged';
      readonly currency: CurrencyId;
      readonly amount: Cash;
      readonly reason: string;
      readonly transfers: readonly Transfer[];
    } & OfDefault)
  | ({
      readonly type: 'DefaultSettled';
      readonly currency: CurrencyId;
      readonly result: Cash; // of portfolio, hedges, auctions and costs: below zero the gross loss
      readonly seized: Cash; // margin of the defaulter, conversions with it
      readonly borne: Cash; // by layers beyond it
      readonly returned: Cash; // to the defaulter
      readonly transfers: readonly Transfer[];
    } & OfDefault)
  | ({ readonly type: 'DefaultClosed'; readonly outcome: 'TERMINATED' | 'REINSTATED'; readonly reason: string } & OfDefault);
