/**
 * Auctions as they start, change, sell and end: what bidders follow. What is bid on a sealed one is not told.  Rules:
 * CA-1, CA-2
 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event } from '../../../core/message/event';
import { Access, Reached } from '../../access/policy';
import { Ref } from '../../reading/link';
import { eventEnumOf } from '../../schema/enums';
import { MayTake, Of, OPTIONAL } from '../../schema/fields';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { AUCTION_READERS } from './auctions';
import { type Sale, type Sales, streamOfCurrency } from './saleStream';

const CHANGES = ['AuctionStarted', 'AuctionChanged', 'AuctionTaken', 'AuctionBidPlaced', 'AuctionEnded'] as const;
type ChangeType = (typeof CHANGES)[number];

export const AuctionEventType = eventEnumOf('AuctionEventType', 'A kind of event of an auction.', CHANGES);

@Reached()
@ObjectType({ description: 'An event of an auction.', implements: StreamMessage })
export class AuctionMessage extends StreamMessage {
  @Of(() => AuctionEventType, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('Auction', 'The auction.', OPTIONAL)
  auctionId!: string | null;
}

function changeOf(event: Event): Sale<ChangeType> | undefined {
  switch (event.type) {
    case 'AuctionBidPlaced':
      // That somebody has bid is as sealed as what.
      if (event.auctioned.form === 'SEALED') return undefined;
      return { type: event.type, auctionId: event.auctioned.id, currency: event.auctioned.currency };
    case 'AuctionStarted':
    case 'AuctionChanged':
    case 'AuctionTaken':
    case 'AuctionEnded':
      return { type: event.type, auctionId: event.auctioned.id, currency: event.auctioned.currency };
    default:
      return undefined;
  }
}

const SALES: Sales<ChangeType> = {
  name: 'auctions',
  changeOf,
  open: ({ db }, where) => db.auction.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } }),
};

@Resolver(() => AuctionMessage)
export class AuctionStream {
  @Access(...AUCTION_READERS)
  @Subscription(() => AuctionMessage, {
    subscribe: ({ args, context }) => streamOfCurrency(context, args, SALES),
    description: 'The events of auctions.',
  })
  auctions(
    @MayTake('currency', () => ID, 'Only auctions with bids in this currency.') _currency: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: AuctionMessage,
  ): AuctionMessage {
    return message;
  }
}
