/** Mutations by which members are suspended, declared in default, and defaults managed to their end.  Rules: LCS-2, NE-5, B3-1 */

import { Ctx } from 'type-graphql';
import { OFFICERS } from '../../access/policy';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutation, mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { MemberPayload } from '../../reference/accountMutations';
import { Of, OPTIONAL } from '../../schema/fields';
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

@PayloadType('What came of a command about a default.')
export class MemberDefaultPayload extends Payload {
  @Of(() => MemberDefault, 'The default as it is now; null where it was not found, or waits for a second person.', OPTIONAL)
  memberDefault(@Ctx() context: Context): Promise<MemberDefault | null> | null {
    const id = 'default' in this.command ? this.command.default : eventIn(this.made, 'DefaultDeclared')?.declared.id;
    return id === undefined ? null : readMemberDefault(context, id);
  }
}

@PayloadType('What came of an order of the house for a default.')
export class DefaultOrderPayload extends Payload {
  @Of(() => LiquidationOrder, 'The order that went to the venue.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    const issued = eventIn(this.made, 'LiquidationOrderIssued');
    return issued ? readLiquidationOrder(context, issued.issued.id) : null;
  }
}

@PayloadType('What came of a command about an offer of clients.')
export class PortPayload extends Payload {
  @Of(() => PortOffer, 'The offer as it is now.', OPTIONAL)
  port(@Ctx() context: Context): Promise<PortOffer | null> | null {
    const id = 'port' in this.command ? this.command.port : eventIn(this.made, 'PortOffered')?.offered.id;
    return id === undefined ? null : readPort(context, id);
  }
}

export const MemberStandingMutations = mutations({
  SuspendMember: mutation(OFFICERS, MemberStandingInput, 'The member.', MemberPayload, {
    does: 'Suspends a member at once: its accounts take no new risk and nothing leaves them; reducing and paying in go on.',
  }),
  ReinstateMember: mutation(OFFICERS, MemberStandingInput, 'The member.', MemberPayload, {
    does: 'Ends a suspension. Needs a second person.',
  }),
  DeclareDefault: mutation(OFFICERS, MemberStandingInput, 'The member.', MemberDefaultPayload, {
    does: 'Declares a member in default: orders of its accounts are cancelled, what it holds itself is netted into the ledger of the default, and its clients may move. Needs a second person.',
  }),
});

export const PortMutations = mutations({
  PortClients: mutation(OFFICERS, PortClientsInput, 'The offer.', PortPayload, {
    does: 'Offers clients of a defaulter to another member: all that have not moved, or some.',
  }),
  AcceptPort: mutation(['BROKER'], AcceptPortInput, 'The offer.', PortPayload, {
    does: 'Takes the clients of an offer: they move whole, with positions, collateral and open calls, and their old broker sees them no more.',
  }),
  DeclinePort: mutation(['BROKER'], DeclinePortInput, 'The offer.', PortPayload, { does: 'Declines an offer of clients.' }),
});

export const MemberDefaultMutations = mutations({
  HedgeDefault: mutation(OFFICERS, DefaultOrderInput, 'The order.', DefaultOrderPayload, {
    does: 'Sends an order of the house to the venue that hedges the portfolio of a default. Above a stated notional it needs a second person.',
  }),
  CloseDefaultPosition: mutation(OFFICERS, DefaultOrderInput, 'The order.', DefaultOrderPayload, {
    does: 'Sends an order to the venue that reduces what a default holds. Above a stated notional it needs a second person.',
  }),
  SplitDefault: mutation(OFFICERS, SplitDefaultInput, 'The lots.', MemberDefaultPayload, {
    does: 'Splits the portfolio of a default into lots, by shares or by lists of positions.',
  }),
  AuctionDefault: mutation(OFFICERS, AuctionDefaultInput, 'The round.', MemberDefaultPayload, {
    does: 'Offers the lots of a default to members by sealed bids. A round that leaves a lot is followed at once by one for everybody. Needs a second person.',
  }),
  BidForLot: mutation(['BROKER'], BidForLotInput, 'The bid.', MemberDefaultPayload, { does: 'Makes a sealed bid for a lot of a default.' }),
  ChargeDefaultCost: mutation(OFFICERS, ChargeDefaultCostInput, 'The cost.', MemberDefaultPayload, {
    does: 'Charges what managing a default cost the house. Needs a second person.',
  }),
  SettleDefault: mutation(OFFICERS, SettleDefaultInput, 'The currency.', MemberDefaultPayload, {
    does: 'Gives a currency of a default its result: a loss goes down the waterfall, a surplus back to the defaulter. Needs a second person.',
  }),
  CloseDefault: mutation(OFFICERS, CloseDefaultInput, 'The end.', MemberDefaultPayload, {
    does: 'Closes a default of which nothing is open any more. Needs a second person.',
  }),
});
