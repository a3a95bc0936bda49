/** Queries of auctions, and the fields that are read for each: prices, takes, bids.  Rules: CA-1, CA-2 */

import { Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { auctionPriceOf } from '../../../core/settlement/auction/terms';
import type { AuctionBid as BidRow, Auction as Row, AuctionTake as TakeRow } from '../../../store/generated/client';
import { formatShortest } from '../../../units/decimal';
import { instant } from '../../../units/quantity';
import { ACCOUNT_READERS, Access } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import { type Connection, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { type KeyColumn, pageOf } from '../../reading/page';
import { equals, inSight, scopedPageOf } from '../../reading/scoped';
import { DateTime } from '../../scalar/time';
import { MayTake, Takes } from '../../schema/fields';
import {
  Auction,
  AuctionBid,
  AuctionBidConnection,
  AuctionConnection,
  AuctionStatus,
  AuctionTake,
  AuctionTakeConnection,
  auctionOf,
  bidOf,
  takeOf,
} from './auction';

/** Whoever may bid sees all auctions, without the accounts behind those that are not its own. */
export const AUCTION_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR', 'FEED'] as const;

export const BY_ID: readonly KeyColumn[] = [
  { field: 'openedSeq', type: 'bigint', descending: true },
  { field: 'id', type: 'text', descending: true },
];
export const TAKES_IN_ORDER: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint' },
  { field: 'place', type: 'int' },
];
const BIDS_IN_ORDER: readonly KeyColumn[] = [
  { field: 'at', type: 'date' },
  { field: 'id', type: 'text' },
];

export interface SalesAsked {
  readonly status: string[] | null;
  readonly account: string | null;
  readonly currency: string | null;
}

/** Of an account that is not in sight it is not even said that it has none. */
export const salesWhere = (context: Context, { status, account, currency }: SalesAsked) => ({
  ...(status === null ? {} : { status: { in: status } }),
  ...(account === null ? {} : { accountId: shownAccount(context, account) ?? '' }),
  ...(currency === null ? {} : { currency }),
});

export async function readAuction(context: Context, id: string): Promise<Auction | null> {
  const row = await (await context.read()).db.auction.findUnique({ where: { id } });
  return row && auctionOf(row, context);
}

@Resolver()
export class AuctionQueries {
  @Access(...AUCTION_READERS)
  @Query(() => Auction, { nullable: true, description: 'An auction; null where there is none.' })
  auction(@Takes('id', () => ID, 'The auction.') id: string, @Ctx() context: Context): Promise<Auction | null> {
    return readAuction(context, id);
  }

  @Access(...AUCTION_READERS)
  @Query(() => AuctionConnection, { description: 'Auctions, the newest first.' })
  async auctions(
    @MayTake('status', () => [AuctionStatus], 'In one of these statuses only.') status: string[] | null,
    @MayTake('account', () => ID, 'Of collateral of this account only, where the caller may see it.') account: string | null,
    @MayTake('currency', () => ID, 'For bids in this currency only.') currency: string | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Auction>> {
    const reading = await context.read();
    const where = salesWhere(context, { status, account, currency });
    const node = (row: Row): Auction => auctionOf(row, context);
    return pageOf(reading, args, { table: reading.db.auction, order: BY_ID, where, node });
  }
}

const priceText = (auction: Auction, at: number): string | null =>
  auction.live && auction.form === 'DUTCH' ? formatShortest(auctionPriceOf(auction.live, instant(at)), 27) : null;

@Resolver(() => Auction)
export class AuctionFields {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'Price per whole unit of a Dutch auction as of this answer, in the currency of the bids; null of others and once it has ended.',
  })
  async price(@Root() auction: Auction, @Ctx() context: Context): Promise<string | null> {
    return priceText(auction, (await context.read()).at);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The same at another time, if nothing changes before.' })
  priceAt(@Root() auction: Auction, @Takes('time', () => DateTime, 'When.') time: number): string | null {
    return priceText(auction, time);
  }

  @FieldResolver(() => AuctionTakeConnection, { description: 'What was taken, in order.' })
  async takes(@Root() auction: Auction, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<AuctionTake>> {
    const reading = await context.read();
    const node = (row: TakeRow): AuctionTake => takeOf(row, auction, context);
    return pageOf(reading, args, { table: reading.db.auctionTake, order: TAKES_IN_ORDER, where: { auctionId: auction.id }, node });
  }

  @FieldResolver(() => AuctionBidConnection, {
    description: 'Bids by time, as far as the caller may see them. Before a sealed auction has ended nobody sees what others bid.',
  })
  async bids(@Root() auction: Auction, @Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<AuctionBid>> {
    const closed = auction.form === 'SEALED' && auction.endedAt === null && context.sight.accounts === 'ALL';
    const sight = closed ? { accounts: 'NONE' as const } : context.sight;
    const where = [inSight(sight, 'bidderId'), equals('auctionId', auction.id)];
    const node = (row: BidRow): AuctionBid => bidOf(row, auction, context);
    return scopedPageOf(await context.read(), args, { table: 'AuctionBid', order: BIDS_IN_ORDER, where, node });
  }
}
