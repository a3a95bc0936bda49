/** Commands and events of auctions.  Rules: CA-1 to CA-5 */

import { type EventsOf, kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import type { AuctionId, AuctionOutcome, BidId, BreakerLevel } from '../model/auction';
import { AUCTION, AUCTION_BID, AUCTION_POLICY } from '../model/auction';
import { TRANSFER } from './ledger';

/** Why an auction is not as it was. */
export type AuctionChange = 'OPENED' | 'RESET' | 'PAUSED' | 'RESUMED';

/** What becomes of what was not sold. */
export type UnsoldNext = 'NOTHING' | 'RETURNED' | 'FUND' | 'CONVERSION';

export const AUCTION_EVENTS = kind.events({
  AuctionPolicySet: kind.event('A version of an auction policy or its breaker was set.', {
    terms: kind.about(AUCTION_POLICY),
    reason: kind.nullable(kind.text()),
  }),
  AuctionStarted: kind.event('An auction of collateral started.', {
    account: kind.account(),
    auctioned: AUCTION,
    transfers: kind.list(TRANSFER),
  }),
  AuctionChanged: kind.event('An auction was opened, reset, paused or resumed.', {
    account: kind.account(),
    change: kind.text<AuctionChange>(),
    by: kind.nullable(kind.account()), // who was rewarded for a reset
    auctioned: AUCTION,
    transfers: kind.list(TRANSFER),
  }),
  AuctionTaken: kind.event('A part of a lot was taken.', {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    bidder: kind.account(),
    quantity: kind.cash('auctioned.lotCurrency'), // of the lot
    paid: kind.cash('auctioned.currency'), // towards debt and penalty
    top: kind.digits(27), // price per whole unit of the lot, 27 digits
    auctioned: AUCTION, // as it is afterwards
    transfers: kind.list(TRANSFER),
  }),
  AuctionBidPlaced: kind.event('A bid was placed and paid into escrow.', {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    placed: kind.about(AUCTION_BID),
    outbid: kind.nullable(kind.text<BidId>()), // whose escrow went back
    auctioned: AUCTION,
    transfers: kind.list(TRANSFER),
  }),
  AuctionEnded: kind.event('An auction ended.', {
    auction: kind.text<AuctionId>(),
    account: kind.account(),
    outcome: kind.text<AuctionOutcome>(),
    unsold: kind.text<UnsoldNext>(),
    winner: kind.nullable(kind.account()), // of the bids
    paid: kind.cash('auctioned.currency'), // by the winner or the fund
    quantity: kind.cash('auctioned.lotCurrency'), // for it
    proceeds: kind.cash('auctioned.currency'), // of the whole auction
    recovery: kind.nullable(kind.rate()), // proceeds over the index value of what was sold
    juniors: kind.list(kind.text<MemberId>()), // invited, but did not bid or bid badly
    reason: kind.nullable(kind.text()),
    auctioned: AUCTION, // as it was at the end
    transfers: kind.list(TRANSFER),
  }),
});
export type AuctionEvent = EventsOf<typeof AUCTION_EVENTS>;

export const AUCTION_BREAKERS: readonly BreakerLevel[] = [0, 1, 2, 3];
