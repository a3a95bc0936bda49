/**
 * Auctions as bidders and those concerned see them: what is sold, at what price now and at any other time.  Rules: CA-1
 * to CA-5
 */

import { ObjectType } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import { AUCTION, AUCTION_FORM, type Auction as LiveAuction } from '../../../core/model/auction';
import type { AuctionBid as BidRow, Auction as Row, AuctionTake as TakeRow } from '../../../store/generated/client';
import { Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { type Numeric, shortest } from '../../reading/amounts';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { Node } from '../../reading/node';
import { enumOf, shownAs } from '../../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Texts, When, Whole } from '../../schema/fields';

const readLive = readerOf(AUCTION);

export const AuctionForm = shownAs(AUCTION_FORM);

type Status = 'QUEUED' | 'OPEN' | 'PAUSED' | 'SETTLED' | 'SOLD_OUT' | 'FAILED' | 'CANCELLED';

export const AuctionStatus = enumOf<Status>('AuctionStatus', 'The status of an auction.', {
  QUEUED: 'It waits until the caps allow it.',
  OPEN: 'It takes bids.',
  PAUSED: 'Its clock is stopped: there is no live price, or the breaker or an officer stopped it.',
  SETTLED: 'The target was reached.',
  SOLD_OUT: 'All was sold, for less than the target.',
  FAILED: 'No round sold it. The rest was converted, returned or bought by the fund.',
  CANCELLED: 'It was no longer needed, or an officer ended it.',
});

export const UnsoldNext = enumOf<'NOTHING' | 'RETURNED' | 'FUND' | 'CONVERSION'>(
  'UnsoldNext',
  'The fate of the unsold rest.',
  {
    NOTHING: 'Nothing was left.',
    RETURNED: 'It was returned to its account.',
    FUND: 'The insurance fund bought it at the reserve.',
    CONVERSION: 'It was returned, and the house took over what the debt needs at the conversion discount.',
  },
);

export const AuctionBidStatus = enumOf<'OPEN' | 'OUTBID' | 'WON' | 'LOST'>('AuctionBidStatus', 'The status of a bid.', {
  OPEN: 'Its money is in escrow.',
  OUTBID: 'A better bid came, or another of the same bidder. The money was returned.',
  WON: 'It won.',
  LOST: 'The auction ended without it. The money was returned.',
});

@Reached()
@ObjectType({
  description: 'A sale of collateral by auction. Prices are per whole unit of the lot, in the currency of the bids.',
  implements: Node,
})
export class Auction {
  @Id('The auction.')
  id!: string;

  @Ref('Account', 'The account whose collateral is sold. Null if the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Ref(
    'Liquidation',
    'The liquidation that waits for the auction. Null if there is none or the caller may not see it.',
    OPTIONAL,
  )
  liquidationId!: string | null;

  @Of(() => AuctionForm, 'How it finds its price.')
  form!: string;

  @Id('Currency of the bids.')
  currency!: string;

  @Id('The currency that is sold.')
  lotCurrency!: string;

  @Of(() => AuctionStatus, 'The status.')
  status!: string;

  @Amount('The quantity still for sale, in the currency that is sold.')
  quantity!: string;

  @Amount('The debt and penalty still to raise, in the currency of the bids. The sale stops there.')
  target!: string;

  @Amount('The amount raised so far, in the currency of the bids.')
  proceeds!: string;

  @Amount('The quantity sold so far, in the currency that is sold.')
  sold!: string;

  @Rate('The price at the start of the round.')
  top!: string;

  @Rate('The reserve: nothing is sold below this price.')
  reserve!: string;

  @Whole('The round, from 1.')
  round!: number;

  @Whole('The version of the auction. Every change raises it, and a bid names the version it saw.')
  version!: number;

  @Whole('The version of the auction policy that it follows.')
  policyVersion!: number;

  @When('When the round started.')
  startedAt!: Date;

  @When('When the round ends.')
  deadline!: Date;

  @Span('The rest of the round, while the auction is paused.', OPTIONAL)
  timeLeft!: number | null;

  @SeqNo('Journal entry that made it.')
  openedSeq!: bigint;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Of(() => UnsoldNext, 'The fate of the unsold rest, once the auction has ended.', OPTIONAL)
  unsold!: string | null;

  @Ref('Account', 'The winner of the bids. Null if the caller may not see it.', OPTIONAL)
  winnerId!: string | null;

  @Rate('The recovery rate once the auction has ended: proceeds over the index value of what was sold.', OPTIONAL)
  recovery!: string | null;

  @Texts('The members that were invited and did not bid, or bid badly.')
  juniors!: string[];

  /** Not shown: the auction as the core knows it, while it has not ended. */
  live!: LiveAuction | null;
}

@Reached()
@ObjectType({ description: 'A part of a lot, taken at the price of the instant.' })
export class AuctionTake {
  @SeqNo('Journal entry of the take.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Ref('Auction', 'The auction.')
  auctionId!: string;

  @Ref('Account', 'The account that took it. Null if the caller may not see it.', OPTIONAL)
  bidderId!: string | null;

  @Amount('The quantity taken, in the currency that is sold.')
  quantity!: string;

  @Amount('The amount paid, in the currency of the bids.')
  paid!: string;

  @Rate('Price per whole unit.')
  price!: string;
}

@Reached()
@ObjectType({ description: 'A bid. Its money is in escrow from the moment it was made.' })
export class AuctionBid {
  @Id('The bid.')
  id!: string;

  @Ref('Auction', 'The auction.')
  auctionId!: string;

  @Ref('Account', 'The bidder.')
  bidderId!: string;

  @Amount('The amount offered, in the currency of the bids.')
  amount!: string;

  @Amount('The quantity of the lot that it asks for.')
  quantity!: string;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => AuctionBidStatus, 'The status.')
  status!: string;

  @Flag('Whether its money is in escrow.')
  inEscrow!: boolean;
}

export function auctionOf(row: Row, context: Context): Auction {
  const { amounts } = context.services;
  const money = (value: Numeric): string => amounts.money(value, row.currency);
  const accountId = shownAccount(context, row.accountId);
  return {
    ...row,
    accountId,
    liquidationId: accountId === null ? null : row.liquidationId,
    winnerId: row.winnerId === null ? null : shownAccount(context, row.winnerId),
    quantity: amounts.money(row.quantity, row.lotCurrency),
    sold: amounts.money(row.sold, row.lotCurrency),
    target: money(row.target),
    proceeds: money(row.proceeds),
    top: shortest(row.top),
    reserve: shortest(row.reserve),
    recovery: row.recovery === null ? null : shortest(row.recovery),
    timeLeft: row.pausedFor === null ? null : Number(row.pausedFor),
    juniors: row.juniors as string[],
    // The copy is decoded in place: the row is nobody else's.
    live: row.live === null ? null : readLive(structuredClone(row.live)),
  };
}

export const takeOf = (row: TakeRow, { currency, lotCurrency }: Auction, context: Context): AuctionTake => ({
  ...row,
  bidderId: shownAccount(context, row.bidderId),
  quantity: context.services.amounts.money(row.quantity, lotCurrency),
  paid: context.services.amounts.money(row.paid, currency),
  price: shortest(row.price),
});

export const bidOf = (row: BidRow, { currency, lotCurrency }: Auction, { services }: Context): AuctionBid => ({
  ...row,
  amount: services.amounts.money(row.amount, currency),
  quantity: services.amounts.money(row.quantity, lotCurrency),
  inEscrow: row.status === 'OPEN',
});
