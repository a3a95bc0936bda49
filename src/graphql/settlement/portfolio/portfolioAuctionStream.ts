/** Auctions of portfolios as they start, change, sell and end: what bidders follow.  Rule: CA-5 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../../core/message/event';
import { Access, Reached } from '../../access/policy';
import { Ref } from '../../reading/link';
import { eventEnumOf } from '../../schema/enums';
import { MayTake, Of, OPTIONAL } from '../../schema/fields';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { AUCTION_READERS } from '../auction/auctions';
import { type Sale, type Sales, streamOfCurrency } from '../auction/saleStream';

const CHANGES = [
  'PortfolioAuctionStarted',
  'PortfolioAuctionChanged',
  'PortfolioTaken',
  'PortfolioAuctionEnded',
] as const;
type ChangeType = (typeof CHANGES)[number];

export const PortfolioAuctionEventType = eventEnumOf(
  'PortfolioAuctionEventType',
  'A kind of event of a portfolio auction.',
  CHANGES,
);

@Reached()
@ObjectType({ description: 'An event of a portfolio auction.', implements: StreamMessage })
export class PortfolioAuctionMessage extends StreamMessage {
  @Of(() => PortfolioAuctionEventType, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('PortfolioAuction', 'The auction.', OPTIONAL)
  auctionId!: string | null;
}

function changeOf(event: Event): Sale<ChangeType> | undefined {
  switch (event.type) {
    case 'PortfolioAuctionStarted':
    case 'PortfolioAuctionChanged':
    case 'PortfolioTaken':
    case 'PortfolioAuctionEnded':
      return { type: event.type, auctionId: event.portfolio.id, currency: event.portfolio.currency };
    default:
      return undefined;
  }
}

const SALES: Sales<ChangeType> = {
  name: 'portfolioAuctions',
  changeOf,
  open: ({ db }, where) => db.portfolioAuction.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } }),
};

@Resolver(() => PortfolioAuctionMessage)
export class PortfolioAuctionStream {
  @Access(...AUCTION_READERS)
  @Subscription(() => PortfolioAuctionMessage, {
    subscribe: ({ args, context }) => streamOfCurrency(context, args, SALES),
    description: 'The events of portfolio auctions.',
  })
  portfolioAuctions(
    @MayTake('currency', () => ID, 'Only auctions of accounts in this currency.') _currency: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: PortfolioAuctionMessage,
  ): PortfolioAuctionMessage {
    return message;
  }
}
