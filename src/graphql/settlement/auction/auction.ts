/** Auctions as bidders and those concerned see them: what is sold, at what price now and at any other time.  Rules: CA-1 to CA-5 */

import { ObjectType } from 'type-graphql';
import { readerOf } from '../../../core/kind/json';
import { AUCTION, AUCTION_FORM, type Auction as LiveAuction } from '../../../core/model/auction';
import type { AuctionBid as BidRow, Auction as Row, AuctionTake as TakeRow } from '../../../store/generated/client';
import { Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { type Numeric, shortest } from '../../reading/amounts';
import type { Context } from '../../reading/context';
import { enumOf, shownAs } from '../../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Texts, When, Whole } from '../../schema/fields';

const readLive = readerOf(AUCTION);

export const AuctionForm = shownAs(AUCTION_FORM);

type Status = 'QUEUED' | 'OPEN' | 'PAUSED' | 'SETTLED' | 'SOLD_OUT' | 'FAILED' | 'CANCELLED';

export const AuctionStatus = enumOf<Status>('AuctionStatus', 'How an auction stands.', {
  QUEUED: 'It waits until there is room under the caps.',
  OPEN: 'It takes bids.',
  PAUSED: 'Its clock stands: no live price, stopped by the breaker, or by an officer.',
  SETTLED: 'The target was reached.',
  SOLD_OUT: 'All was sold for less than the target.',
  FAILED: 'Nobody bought in any round: the next step was taken.',
  CANCELLED: 'It was no longer needed, or an officer ended it.',
});

export const UnsoldNext = enumOf<'NOTHING' | 'RETURNED' | 'FUND' | 'CONVERSION'>('UnsoldNext', 'What became of what was not sold.', {
  NOTHING: 'Nothing was left.',
  RETURNED: 'It went back to its account.',
  FUND: 'The insurance fund bought at the reserve.',
  CONVERSION: 'It went back, and the house took over what the debt needs at the conversion discount.',
});

export const AuctionBidStatus = enumOf<'OPEN' | 'OUTBID' | 'WON' | 'LOST'>('AuctionBidStatus', 'How a bid stands.', {
  OPEN: 'Its money is in escrow.',
  OUTBID: 'A better one, or another of the same bidder, came: the money is back.',
  WON: 'It won.',
  LOST: 'The auction ended without it: the money is back.',
});

@Reached()
@ObjectType({ description: 'A sale of collateral by auction. Prices are per whole unit of what is sold, in the currency of the bids.' })
export class Auction {
  @Id('The auction.')
  id!: string;

  @Id('Account whose collateral is sold; null where the caller may not see it.', OPTIONAL)
  accountId!: string | null;

  @Id('Liquidation that waits for it; null where there is none or the caller may not see it.', OPTIONAL)
  liquidationId!: string | null;

  @Of(() => AuctionForm, 'How it finds its price.')
  form!: string;

  @Id('Currency of the bids.')
  currency!: string;

  @Id('Currency that is sold.')
  lotCurrency!: string;

  @Of(() => AuctionStatus, 'How it stands.')
  status!: string;

  @Amount('For sale still, in the currency that is sold.')
  quantity!: string;

  @Amount('Debt and penalty still to be raised: the sale stops there. In the currency of the bids.')
  target!: string;

  @Amount('Raised so far, in the currency of the bids.')
  proceeds!: string;

  @Amount('Sold so far, in the currency that is sold.')
  sold!: string;

  @Rate('Price the round started at.')
  top!: string;

  @Rate('Price below which nothing is sold.')
  reserve!: string;

  @Whole('The round, from 1.')
  round!: number;

  @Whole('Raised by every change: a bid names the version it saw.')
  version!: number;

  @Whole('Version of the auction policy it runs by.')
  policyVersion!: number;

  @When('When the round started.')
  startedAt!: Date;

  @When('When the round ends.')
  deadline!: Date;

  @Span('What is left of the round, while it is paused.', OPTIONAL)
  timeLeft!: number | null;

  @SeqNo('Journal entry that made it.')
  openedSeq!: bigint;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Of(() => UnsoldNext, 'What became of what was not sold, once it has ended.', OPTIONAL)
  unsold!: string | null;

  @Id('Who won the bids; null where the caller may not see it.', OPTIONAL)
  winnerId!: string | null;

  @Rate('Recovery rate: proceeds over the index value of what was sold, once it has ended.', OPTIONAL)
  recovery!: string | null;

  @Texts('Members that were invited and did not bid, or badly.')
  juniors!: string[];

  /** Not shown: the auction as the core knows it, while it has not ended. */
  live!: LiveAuction | null;
}

@Reached()
@ObjectType({ description: 'A part of a lot that was taken at the price of the instant.' })
export class AuctionTake {
  @SeqNo('Journal entry of the take.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Id('The auction.')
  auctionId!: string;

  @Id('Who took; null where the caller may not see it.', OPTIONAL)
  bidderId!: string | null;

  @Amount('Taken, in the currency that is sold.')
  quantity!: string;

  @Amount('Paid for it, in the currency of the bids.')
  paid!: string;

  @Rate('Price per whole unit.')
  price!: string;
}

@Reached()
@ObjectType({ description: 'A bid: its money is in escrow from when it was made.' })
export class AuctionBid {
  @Id('The bid.')
  id!: string;

  @Id('The auction.')
  auctionId!: string;

  @Id('Who bid.')
  bidderId!: string;

  @Amount('Offered, in the currency of the bids.')
  amount!: string;

  @Amount('Of the lot, asked for it.')
  quantity!: string;

  @When('When.')
  at!: Date;

  @Of(() => AuctionBidStatus, 'How it stands.')
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
