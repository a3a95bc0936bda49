/**
 * What can be asked about the risk of the whole book, and the answers. Plain values, for they may cross to another
 * thread. Accounts here are margin accounts: those with a policy. The house's own close-out accounts count for open
 * interest only.
 */

import type { Cash, Count, Instant, Margin, Rate, Seq, Size } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { AccountId, AccountStatus, MemberId } from '../model/account';
import type { CurrencyId, InstrumentId } from '../model/reference';

/** A level of an account's ladder: the first warning, the call, the close-out. */
export type Rung = 'WARNING' | 'CALL' | 'CLOSE_OUT';

/** The deepest level equity is below; NEGATIVE: below zero. */
export type Band = 'ABOVE' | Rung | 'NEGATIVE';

export const BANDS = ['ABOVE', 'WARNING', 'CALL', 'CLOSE_OUT', 'NEGATIVE'] as const satisfies readonly Band[];

/** Place in a list by distance. */
export interface DistancePlace {
  readonly share: Ratio;
  readonly account: AccountId;
}

/** The accounts nearest to a level. */
export interface NearestQuestion {
  readonly type: 'NEAREST';
  readonly rung: Rung;
  readonly within: Ratio | null; // only accounts whose distance is at most this
  readonly member: MemberId | null; // only its accounts
  readonly first: Count;
  readonly after: DistancePlace | null;
}

/** How far accounts are from a level, and how many are nearer. */
export interface DistancesQuestion {
  readonly type: 'DISTANCES';
  readonly rung: Rung;
  readonly accounts: readonly AccountId[];
  readonly member: MemberId | null; // among whose accounts they are ranked
}

/** What would become of the book if prices moved by these shares, each move by itself. */
export interface MapQuestion {
  readonly type: 'MAP';
  readonly shocks: readonly Rate[];
  readonly instrument: InstrumentId | null; // only this one's mark moves; null: all marks and indices
}

/** The house as a whole, and what would become of it. */
export interface HouseRiskQuestion {
  readonly type: 'HOUSE';
  readonly atLeast: Seq; // the answer is of this entry or a later one
  readonly shocks: readonly Rate[];
  readonly largest: Count; // accounts named per instrument
}

/** The holders of an instrument in the order in which they would be deleveraged. */
export interface DeleveragingQuestion {
  readonly type: 'DELEVERAGING';
  readonly instrument: InstrumentId;
  readonly long: boolean; // the side
  readonly accounts: readonly AccountId[]; // whose places are asked for
  readonly offset: Count; // places before the page
  readonly first: Count; // places on it
}

export type RiskQuestion = NearestQuestion | DistancesQuestion | MapQuestion | HouseRiskQuestion | DeleveragingQuestion;

/** The entry an answer is as of. */
interface AsOf {
  readonly seq: Seq;
  readonly at: Instant;
}

export interface NearAccount {
  readonly account: AccountId;
  readonly member: MemberId;
  readonly currency: CurrencyId;
  readonly status: AccountStatus;
  readonly share: Ratio; // distance
  readonly rank: Count; // 1: the nearest
  readonly equity: Margin;
  readonly level: Margin; // as an amount
  readonly buffer: Margin; // equity over the level, signed
  readonly notional: Cash; // gross
}

export interface Nearest extends AsOf {
  readonly accounts: Count; // that were looked at
  readonly within: Count | null; // of these, whose distance is not above what was asked for; null where nothing was
  readonly more: boolean; // whether the list goes on
  readonly list: readonly NearAccount[];
}

export interface Distance {
  readonly account: AccountId;
  readonly share: Ratio | null; // none: not within all of every price
  readonly rank: Count | null;
}

export interface Distances extends AsOf {
  readonly accounts: Count; // they are ranked among
  readonly list: readonly Distance[]; // in the order in which they were asked for; unknown accounts are left out
}

/** Accounts and their gross notional. */
export interface Tally {
  readonly accounts: Count;
  readonly notional: Cash;
}

/** The accounts of one currency under one move. */
export interface CurrencyImpact {
  readonly currency: CurrencyId;
  readonly all: Tally;
  readonly bands: Readonly<Record<Band, Tally>>; // each account in one: they add up to all of them
  readonly newlyBelow: Tally; // the close-out level, and not under the next smaller move in the same direction
  readonly recovered: Tally; // the other way round
  readonly equity: Margin; // added up, signed
  readonly shortfall: Margin; // what is missing to zero, added up
}

export interface Impact {
  readonly move: Rate;
  readonly currencies: readonly CurrencyImpact[]; // by id
}

export interface RiskMap extends AsOf {
  readonly accounts: Count;
  readonly now: Impact;
  readonly shocks: readonly Impact[]; // in the order in which they were asked for
}

/** Accounts whose equity over maintenance margin lies from one edge up to the next. */
export interface HealthBucket extends Tally {
  readonly from: Ratio | null; // null: without end
  readonly below: Ratio | null;
}

export interface CurrencyHealth {
  readonly currency: CurrencyId;
  readonly all: Tally;
  readonly buckets: readonly HealthBucket[]; // with `unmargined` they add up to all of them
  readonly unmargined: Tally; // nothing is required of them
}

export interface LargeHolder {
  readonly account: AccountId;
  readonly size: Size; // signed
}

export interface Concentration {
  readonly instrument: InstrumentId;
  readonly long: Size; // of all accounts, close-out accounts among them: as much as short
  readonly short: Size; // without sign
  readonly holders: Count; // accounts with a position
  readonly notional: Cash; // of one side, at the mark
  readonly largest: readonly LargeHolder[]; // the largest first; of equals the smaller id
}

export interface HouseRisk extends RiskMap {
  readonly statuses: readonly { readonly status: AccountStatus; readonly accounts: Count }[];
  readonly health: readonly CurrencyHealth[];
  readonly instruments: readonly Concentration[];
}

export interface DeleveragingPlace {
  readonly account: AccountId;
  readonly member: MemberId;
  readonly rank: Count; // 1: deleveraged first
  readonly score: Ratio;
  readonly leverage: Ratio; // effective
  readonly size: Size; // signed
  readonly profit: Cash; // by the policy's basis, signed
  readonly cap: Cash; // the most it could give up now
}

export interface DeleveragingQueue extends AsOf {
  readonly policyVersion: Count;
  readonly holders: Count; // on the side
  readonly list: readonly DeleveragingPlace[]; // the page
  readonly places: readonly DeleveragingPlace[]; // of the accounts asked for that are on the side
}

export interface RiskAnswers {
  readonly NEAREST: Nearest;
  readonly DISTANCES: Distances;
  readonly MAP: RiskMap;
  readonly HOUSE: HouseRisk;
  readonly DELEVERAGING: DeleveragingQueue;
}

export type AnswerTo<Question extends RiskQuestion> = RiskAnswers[Question['type']];

/** A question at work: shown every account of the book once, then asked for its answer. */
export interface Inquiry<Answer> {
  visit(row: Count): void;
  answer(): Answer;
}
