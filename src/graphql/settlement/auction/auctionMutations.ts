/** Mutations of auctions: officers start, cancel, pause and resume them; brokers take and bid for their accounts.  Rules: CA-2, CA-3 */

import { Ctx, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { AuctionForm as Form } from '../../../core/model/auction';
import { Access, OFFICERS, Reached } from '../../access/policy';
import { Keyed } from '../../mutation/keyed';
import { type Answered, eventIn, Payload } from '../../mutation/payload';
import { submit } from '../../mutation/submit';
import type { Context } from '../../reading/context';
import { ABSENT, Amount, Id, Of, OPTIONAL, Rate, Takes, Text, Texts, Whole } from '../../schema/fields';
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

@Reached()
@ObjectType({ description: 'What came of an act on an auction.' })
export class AuctionPayload extends Payload {
  @Of(() => Auction, 'The auction as it is now; of several that were started the first.', OPTIONAL)
  auction(@Ctx() context: Context): Promise<Auction | null> | null {
    const id = 'auction' in this.command ? this.command.auction : eventIn(this.made, 'AuctionStarted')?.auctioned.id;
    return id === undefined ? null : readAuction(context, id);
  }
}

@Resolver()
export class AuctionMutations {
  @Access(...OFFICERS)
  @Mutation(() => AuctionPayload, { description: 'Starts auctions of collateral. Needs a second person.' })
  startAuction(
    @Takes('input', () => StartAuctionInput, 'What to sell.') input: StartAuctionInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'StartAuction', input);
  }

  @Access('BROKER', 'LIQUIDATOR')
  @Mutation(() => AuctionPayload, { description: 'Takes a part of a lot at the price of the instant.' })
  takeAuction(@Takes('input', () => TakeAuctionInput, 'The take.') input: TakeAuctionInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'TakeAuction', input);
  }

  @Access('BROKER', 'LIQUIDATOR')
  @Mutation(() => AuctionPayload, { description: 'Bids. Who is outbid has the money back at once.' })
  placeBid(@Takes('input', () => PlaceBidInput, 'The bid.') input: PlaceBidInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'PlaceBid', input);
  }

  @Access('BROKER', 'LIQUIDATOR')
  @Mutation(() => AuctionPayload, { description: 'Resets an auction that needs it, for a reward.' })
  resetAuction(@Takes('input', () => ResetAuctionInput, 'Which.') input: ResetAuctionInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'ResetAuction', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => AuctionPayload, {
    description: 'Ends an auction: what was for sale is turned into money the other way. Needs a second person.',
  })
  cancelAuction(@Takes('input', () => AuctionReasonInput, 'Which.') input: AuctionReasonInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'CancelAuction', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => AuctionPayload, { description: 'Stops the clock of an auction.' })
  pauseAuction(@Takes('input', () => AuctionReasonInput, 'Which.') input: AuctionReasonInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'PauseAuction', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => AuctionPayload, { description: 'Lets an auction go on with the time that was left.' })
  resumeAuction(@Takes('input', () => ResumeAuctionInput, 'Which.') input: ResumeAuctionInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'ResumeAuction', input);
  }
}
