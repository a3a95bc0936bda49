/** Mutations by which members are suspended, declared in default, and defaults managed to their end.  Rules: LCS-2, NE-5, B3-1 */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../../access/policy';
import { type Answered, eventIn, Payload } from '../../mutation/payload';
import { submit } from '../../mutation/submit';
import type { Context } from '../../reading/context';
import { MemberPayload } from '../../reference/accountMutations';
import { Of, OPTIONAL, Takes } from '../../schema/fields';
import { LiquidationOrder } from '../liquidation';
import { readLiquidationOrder } from '../liquidationOrders';
import { MemberDefault, readMemberDefault } from './memberDefault';
import {
  AcceptPortInput,
  AuctionDefaultInput,
  BidForLotInput,
  ChargeDefaultCostInput,
  CloseDefaultInput,
  DeclinePortInput,
  DefaultOrderInput,
  MemberStandingInput,
  PortClientsInput,
  SettleDefaultInput,
  SplitDefaultInput,
} from './memberDefaultInputs';
import { PortOffer, readPort } from './port';

@Reached()
@ObjectType({ description: 'What came of a command about a default.' })
export class MemberDefaultPayload extends Payload {
  @Of(() => MemberDefault, 'The default as it is now; null where it was not found, or waits for a second person.', OPTIONAL)
  memberDefault(@Ctx() context: Context): Promise<MemberDefault | null> | null {
    const id = 'default' in this.command ? this.command.default : eventIn(this.made, 'DefaultDeclared')?.declared.id;
    return id === undefined ? null : readMemberDefault(context, id);
  }
}

@Reached()
@ObjectType({ description: 'What came of an order of the house for a default.' })
export class DefaultOrderPayload extends Payload {
  @Of(() => LiquidationOrder, 'The order that went to the venue.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    const issued = eventIn(this.made, 'LiquidationOrderIssued');
    return issued ? readLiquidationOrder(context, issued.issued.id) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of a command about an offer of clients.' })
export class PortPayload extends Payload {
  @Of(() => PortOffer, 'The offer as it is now.', OPTIONAL)
  port(@Ctx() context: Context): Promise<PortOffer | null> | null {
    const id = 'port' in this.command ? this.command.port : eventIn(this.made, 'PortOffered')?.offered.id;
    return id === undefined ? null : readPort(context, id);
  }
}

@Resolver()
export class MemberStandingMutations {
  @Access(...OFFICERS)
  @Mutation(() => MemberPayload, {
    description: 'Suspends a member at once: its accounts take no new risk and nothing leaves them; reducing and paying in go on.',
  })
  suspendMember(
    @Takes('input', () => MemberStandingInput, 'The member.') input: MemberStandingInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SuspendMember', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberPayload, { description: 'Ends a suspension. Needs a second person.' })
  reinstateMember(
    @Takes('input', () => MemberStandingInput, 'The member.') input: MemberStandingInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ReinstateMember', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, {
    description:
      'Declares a member in default: orders of its accounts are cancelled, what it holds itself is netted into the ledger of the default, and its clients may move. Needs a second person.',
  })
  declareDefault(
    @Takes('input', () => MemberStandingInput, 'The member.') input: MemberStandingInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'DeclareDefault', input);
  }
}

@Resolver()
export class PortMutations {
  @Access(...OFFICERS)
  @Mutation(() => PortPayload, { description: 'Offers clients of a defaulter to another member: all that have not moved, or some.' })
  portClients(@Takes('input', () => PortClientsInput, 'The offer.') input: PortClientsInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'PortClients', input);
  }

  @Access('BROKER')
  @Mutation(() => PortPayload, {
    description:
      'Takes the clients of an offer: they move whole, with positions, collateral and open calls, and their old broker sees them no more.',
  })
  acceptPort(@Takes('input', () => AcceptPortInput, 'The offer.') input: AcceptPortInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'AcceptPort', input);
  }

  @Access('BROKER')
  @Mutation(() => PortPayload, { description: 'Declines an offer of clients.' })
  declinePort(@Takes('input', () => DeclinePortInput, 'The offer.') input: DeclinePortInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'DeclinePort', input);
  }
}

@Resolver()
export class MemberDefaultMutations {
  @Access(...OFFICERS)
  @Mutation(() => DefaultOrderPayload, {
    description:
      'Sends an order of the house to the venue that hedges the portfolio of a default. Above a stated notional it needs a second person.',
  })
  hedgeDefault(
    @Takes('input', () => DefaultOrderInput, 'The order.') input: DefaultOrderInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'HedgeDefault', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => DefaultOrderPayload, {
    description: 'Sends an order to the venue that reduces what a default holds. Above a stated notional it needs a second person.',
  })
  closeDefaultPosition(
    @Takes('input', () => DefaultOrderInput, 'The order.') input: DefaultOrderInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'CloseDefaultPosition', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, { description: 'Splits the portfolio of a default into lots, by shares or by lists of positions.' })
  splitDefault(@Takes('input', () => SplitDefaultInput, 'The lots.') input: SplitDefaultInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'SplitDefault', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, {
    description:
      'Offers the lots of a default to members by sealed bids. A round that leaves a lot is followed at once by one for everybody. Needs a second person.',
  })
  auctionDefault(
    @Takes('input', () => AuctionDefaultInput, 'The round.') input: AuctionDefaultInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'AuctionDefault', input);
  }

  @Access('BROKER')
  @Mutation(() => MemberDefaultPayload, { description: 'Makes a sealed bid for a lot of a default.' })
  bidForLot(@Takes('input', () => BidForLotInput, 'The bid.') input: BidForLotInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'BidForLot', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, { description: 'Charges what managing a default cost the house. Needs a second person.' })
  chargeDefaultCost(
    @Takes('input', () => ChargeDefaultCostInput, 'The cost.') input: ChargeDefaultCostInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ChargeDefaultCost', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, {
    description:
      'Gives a currency of a default its result: a loss goes down the waterfall, a surplus back to the defaulter. Needs a second person.',
  })
  settleDefault(
    @Takes('input', () => SettleDefaultInput, 'The currency.') input: SettleDefaultInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SettleDefault', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MemberDefaultPayload, { description: 'Closes a default of which nothing is open any more. Needs a second person.' })
  closeDefault(@Takes('input', () => CloseDefaultInput, 'The end.') input: CloseDefaultInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'CloseDefault', input);
  }
}
