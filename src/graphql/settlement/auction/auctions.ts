/** Queries of auctions, and the fields that are read for each: prices, takes, bids.  Rules: CA-1, CA-2 */

import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { auctionPriceOf } from '../../../core/settlement/auction/terms';
import { formatShortest } from '../../../units/decimal';
import { instant } from '../../../units/quantity';
import { ACCOUNT_READERS } from '../../access/policy';
import type { Sight } from '../../access/sight';
import { shownAccount } from '../../position/trade';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byId, byOneOf, type Filter, list, listField, one, resolversOf } from '../../reading/list';
import { ascending, descending, IN_ORDER } from '../../reading/page';
import { inSight } from '../../reading/scoped';
import { DateTime } from '../../scalar/time';
import { Takes } from '../../schema/fields';
import { Auction, AuctionBid, AuctionStatus, AuctionTake, auctionOf, bidOf, takeOf } from './auction';

/** Whoever may bid sees all auctions, without the accounts behind those that are not its own. */
export const AUCTION_READERS = [...ACCOUNT_READERS, 'LIQUIDATOR', 'FEED'] as const;

export const LAST_OPENED_FIRST = descending({ openedSeq: 'bigint', id: 'text' });

/** Of an account that is not in sight it is not even said that it has none. */
export const byShownAccount = (description: string): Filter =>
  byId(description, 'accountId', { sought: (context, id: string) => shownAccount(context, id) ?? '' });

export async function readAuction(context: Context, id: string): Promise<Auction | null> {
  const row = await (await context.read()).db.auction.findUnique({ where: { id } });
  return row && auctionOf(row, context);
}

resolversOf(
  one({
    name: 'auction',
    key: ({ id }) => id,
    description: 'An auction. Null if it does not exist.',
    of: Auction,
    id: 'The auction.',
    access: AUCTION_READERS,
    read: readAuction,
  }),
  list({
    name: 'auctions',
    description: 'Auctions, the newest first.',
    of: connectionOf('Auction', Auction, 'auctions'),
    access: AUCTION_READERS,
    table: 'Auction',
    order: LAST_OPENED_FIRST,
    filters: {
      status: byOneOf(AuctionStatus, 'Only calls with one of these statuses.'),
      account: byShownAccount('Only auctions of collateral of this account, if the caller may see it.'),
      currency: byId('Only auctions with bids in this currency.'),
    },
    node: auctionOf,
  }),
);

const priceText = (auction: Auction, at: number): string | null =>
  auction.live && auction.form === 'DUTCH' ? formatShortest(auctionPriceOf(auction.live, instant(at)), 27) : null;

/** While a sealed auction runs, those who see everything see no bid. */
const bidders = ({ sight }: Context, { form, endedAt }: Auction): Sight =>
  form === 'SEALED' && endedAt === null && sight.accounts === 'ALL' ? { accounts: 'NONE' } : sight;

@Resolver(() => Auction)
@listField({
  name: 'takes',
  description: 'The takes, in order.',
  of: connectionOf('AuctionTake', AuctionTake, 'takes'),
  table: 'AuctionTake',
  order: IN_ORDER,
  within: ({ id }: Auction) => ({ auctionId: id }),
  node: (row, context, auction) => takeOf(row, auction, context),
})
@listField({
  name: 'bids',
  description:
    'The bids that the caller may see, by time. Nobody sees the bids of others before a sealed auction has ended.',
  of: connectionOf('AuctionBid', AuctionBid, 'bids'),
  table: 'AuctionBid',
  order: ascending({ at: 'date', id: 'text' }),
  within: ({ id }: Auction) => ({ auctionId: id }),
  scope: (context, auction) => [inSight(bidders(context, auction), 'bidderId')],
  node: (row, context, auction) => bidOf(row, auction, context),
})
export class AuctionFields {
  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The price per whole unit of a Dutch auction as of this answer, in the currency of the bids. ' +
      'Null for other auctions and once it has ended.',
  })
  async price(@Root() auction: Auction, @Ctx() context: Context): Promise<string | null> {
    return priceText(auction, (await context.read()).at);
  }

  @FieldResolver(() => String, { nullable: true, description: 'The price at another time, if nothing changes before.' })
  priceAt(
    @Root() auction: Auction,
    @Takes('time', () => DateTime, 'House time at which it happened.') time: number,
  ): string | null {
    return priceText(auction, time);
  }
}
