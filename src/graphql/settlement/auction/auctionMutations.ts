/**
 * Mutations of auctions: officers start, cancel, pause and resume them; brokers take and bid for their accounts.
 * Rules: CA-2, CA-3
 */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { Of, OPTIONAL } from '../../schema/fields';
import { Auction } from './auction';
import { readAuction } from './auctions';

@PayloadType('The result of a command about an auction.')
export class AuctionPayload extends Payload {
  @Of(() => Auction, 'The auction after the command. If several were started, the first.', OPTIONAL)
  auction(@Ctx() context: Context): Promise<Auction | null> | null {
    const id = 'auction' in this.command ? this.command.auction : eventIn(this.made, 'AuctionStarted')?.auctioned.id;
    return id === undefined ? null : readAuction(context, id);
  }
}

mutations({
  StartAuction: AuctionPayload,
  TakeAuction: AuctionPayload,
  PlaceBid: AuctionPayload,
  ResetAuction: AuctionPayload,
  CancelAuction: AuctionPayload,
  PauseAuction: AuctionPayload,
  ResumeAuction: AuctionPayload,
});
