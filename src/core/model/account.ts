/** Members, accounts and positions. */

import type { Cash, Count, Instant, Rate, Size } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import type { PolicyId } from './policy';

export type MemberId = string;
export type AccountId = string;
export type OwnerId = string; // the beneficial owner: the same for all accounts of one person
export type OrderId = string;

/**
 * ACTIVE takes risk; SUSPENDED only sheds it; IN_DEFAULT is being closed out; TERMINATED has left, what is its own may
 * leave too.
 */
export type MemberStatus = 'ACTIVE' | 'SUSPENDED' | 'IN_DEFAULT' | 'TERMINATED';

export interface Member {
  readonly id: MemberId;
  readonly name: string;
}

/** CLIENT and HOUSE belong to a member; CLOSE_OUT is the clearinghouse's own, holding what it took over. */
export type AccountKind = 'CLIENT' | 'HOUSE' | 'CLOSE_OUT';

/**
 * CROSS: all positions share the collateral. ISOLATED: the account holds one instrument and nothing else answers for
 * it.
 */
export const MARGIN_MODE = choice('MarginMode', 'How far the collateral of an account reaches.', {
  CROSS: 'All its positions share its collateral.',
  ISOLATED: 'It holds one instrument. No other account supports it.',
});
export type MarginMode = ChoiceOf<typeof MARGIN_MODE>;

/** The margin state machine.  Rule: LE-1 */
export type AccountStatus = 'HEALTHY' | 'WARNING' | 'CALL' | 'LIQUIDATING' | 'RESTORED' | 'BANKRUPT' | 'CLOSED';

export const ACCOUNT = kind.record({
  id: kind.account(),
  member: kind.text<MemberId>(),
  owner: kind.text<OwnerId>(),
  kind: kind.text<AccountKind>(),
  currency: kind.currency(), // in which it is margined and settled
  policy: kind.text<PolicyId>(),
  mode: kind.text<MarginMode>(),
  instrument: kind.nullable(kind.instrument()), // the one instrument of an isolated account
  leverage: kind.nullable(kind.ratio()), // the most its holder wants: initial margin is at least the notional over it
});
export type Account = RecordOf<typeof ACCOUNT>;

/** What changes about an account besides money and positions. */
export interface AccountState {
  readonly status: AccountStatus;
  readonly warned: Count; // rungs of the warning ladder notified and not yet withdrawn
  readonly waived: boolean; // an officer waived the call: none is issued again before equity recovers
  readonly liquidations: readonly Instant[]; // starts of liquidations within the repeat window
  readonly levied: Cash; // taken as socialized loss since the loss period began, less what others bore for it
}

/** What was realised in one window: paid at settlements, or by closing lots. */
export const GAIN_OF_WINDOW = kind.record({
  gained: kind.cash('instrument'), // less what was lost   [signed]
  closed: kind.size('instrument'), // lots that were closed, signed as they were held
  worth: kind.margin(), // what they brought, at the mark at most   [signed]
  ahead: kind.cash('instrument'), // by how much agreed trades were better than the mark   [signed]
});
export type GainOfWindow = RecordOf<typeof GAIN_OF_WINDOW>;

/** Gains that were realised at a price beyond the stable one, of the present window and the one before.  Ruling 18 */
export const RECENT_GAIN = kind.record({
  since: kind.instant(), // start of the present window
  now: GAIN_OF_WINDOW,
  before: GAIN_OF_WINDOW,
});
export type RecentGain = RecordOf<typeof RECENT_GAIN>;

/** What was posted to a position since it was opened. Its cost then is its cost now less what was settled.  PV-1 */
export interface SinceOpened {
  readonly settled: Cash; // at settlements, of lots that are still open   [signed]
  readonly realised: Cash; // by closing lots, against what they were opened at   [signed]
}

export interface Position {
  readonly size: Size; // lots, long positive
  readonly cost: Cash; // what it was entered or last settled at, rounded down   [signed]
  readonly fraction?: Rate; // of it the part of a unit, where it is no whole number
  readonly bids: Size; // lots of open buy orders
  readonly asks: Size; // lots of open sell orders
  readonly gain: Cash; // realised since the loss period began, less what was unrealised then  [signed]
  readonly recent?: RecentGain; // of it what was realised beyond the stable price not long ago
  readonly sinceOpened?: SinceOpened; // where it is open, and something was posted to it
}

export const SIDE = choice('Side', 'The direction of an order or a trade.', {
  BUY: 'Buys contracts.',
  SELL: 'Sells contracts.',
});
export type Side = ChoiceOf<typeof SIDE>;

/** An open order a venue holds margin for.  Rule: IM-1 */
export const ORDER = kind.record({
  id: kind.text<OrderId>(),
  account: kind.account(),
  instrument: kind.instrument(),
  side: kind.text<Side>(),
  size: kind.size('instrument'), // lots still open, positive
  price: kind.price('instrument'), // limit
});
export type Order = RecordOf<typeof ORDER>;
