/** Mutations of auctions: officers start, cancel, pause and resume them; brokers take and bid for their accounts.  Rules: CA-2, CA-3 */

import { Ctx, InputType } from 'type-graphql';
import type { AuctionForm as Form } from '../../../core/model/auction';
import { OFFICERS } from '../../access/policy';
import { Keyed } from '../../mutation/keyed';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutation, mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { ABSENT, Amount, Id, Of, OPTIONAL, Rate, Text, Texts, Whole } from '../../schema/fields';
import { Auction, AuctionForm } from './auction';
import { readAuction } from './auctions';

@InputType({ description: 'A sale of collateral of an account that is being closed out.' })
export class StartAuctionInput extends Keyed {
  @Id('Account in liquidation, or a close-out account of the house.')
  account!: string;

  @Id('Currency to sell.')
  lotCurrency!: string;

  @Amount('How much of it; all where it is left out.', ABSENT)
  quantity!: string | null;

  @Whole('Into how many auctions it is split, 1 to 1,000.')
  lots!: number;

  @Of(() => AuctionForm, "How it finds its price; the policy's where it is left out.", ABSENT)
  form!: Form | null;

  @Texts('Members asked to bid: the first round is for them only. Everybody where it is left out.', ABSENT)
  invited!: string[] | null;
}

@InputType({ description: 'A take from a Dutch auction.' })
export class TakeAuctionInput extends Keyed {
  @Id('The auction.')
  auction!: string;

  @Id('Account that pays and receives.')
  account!: string;

  @Amount('At most so much, in the currency that is sold.')
  quantity!: string;

  @Rate('No more than this price per whole unit, in the currency of the bids.')
  limit!: string;

  @Whole('Version of the auction that was seen.')
  version!: number;
}

@InputType({ description: 'A bid of an English or a sealed auction. Its money moves to escrow when it counts.' })
export class PlaceBidInput extends Keyed {
  @Id('The auction.')
  auction!: string;

  @Id('Account that pays and receives.')
  account!: string;

  @Amount('Offered, in the currency of the bids.')
  amount!: string;

  @Amount('Of the lot, asked for it; all where it is left out. Less only at the target of an English auction.', ABSENT)
  quantity!: string | null;

  @Whole('Version of the auction that was seen.')
  version!: number;
}

@InputType({ description: 'A reset of a Dutch auction whose price has fallen below its cusp.' })
export class ResetAuctionInput extends Keyed {
  @Id('The auction.')
  auction!: string;

  @Id('Account that receives the reward.')
  account!: string;
}

@InputType({ description: 'Names an auction, and why something is done to it.' })
export class AuctionReasonInput extends Keyed {
  @Id('The auction.')
  auction!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'Names an auction.' })
export class ResumeAuctionInput extends Keyed {
  @Id('The auction.')
  auction!: string;
}

@PayloadType('What came of an act on an auction.')
export class AuctionPayload extends Payload {
  @Of(() => Auction, 'The auction as it is now; of several that were started the first.', OPTIONAL)
  auction(@Ctx() context: Context): Promise<Auction | null> | null {
    const id = 'auction' in this.command ? this.command.auction : eventIn(this.made, 'AuctionStarted')?.auctioned.id;
    return id === undefined ? null : readAuction(context, id);
  }
}

export const AuctionMutations = mutations({
  StartAuction: mutation(OFFICERS, StartAuctionInput, 'What to sell.', AuctionPayload, {
    does: 'Starts auctions of collateral. Needs a second person.',
  }),
  TakeAuction: mutation(['BROKER', 'LIQUIDATOR'], TakeAuctionInput, 'The take.', AuctionPayload, {
    does: 'Takes a part of a lot at the price of the instant.',
  }),
  PlaceBid: mutation(['BROKER', 'LIQUIDATOR'], PlaceBidInput, 'The bid.', AuctionPayload, {
    does: 'Bids. Who is outbid has the money back at once.',
  }),
  ResetAuction: mutation(['BROKER', 'LIQUIDATOR'], ResetAuctionInput, 'Which.', AuctionPayload, {
    does: 'Resets an auction that needs it, for a reward.',
  }),
  CancelAuction: mutation(OFFICERS, AuctionReasonInput, 'Which.', AuctionPayload, {
    does: 'Ends an auction: what was for sale is turned into money the other way. Needs a second person.',
  }),
  PauseAuction: mutation(OFFICERS, AuctionReasonInput, 'Which.', AuctionPayload, { does: 'Stops the clock of an auction.' }),
  ResumeAuction: mutation(OFFICERS, ResumeAuctionInput, 'Which.', AuctionPayload, {
    does: 'Lets an auction go on with the time that was left.',
  }),
});
