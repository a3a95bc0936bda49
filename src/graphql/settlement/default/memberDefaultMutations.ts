/**
 * Mutations by which members are suspended, declared in default, and defaults managed to their end.  Rules: LCS-2,
 * NE-5, B3-1
 */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { MemberPayload } from '../../reference/accountMutations';
import { Of, OPTIONAL } from '../../schema/fields';
import { LiquidationOrder } from '../liquidation';
import { readLiquidationOrder } from '../liquidationOrders';
import { MemberDefault, readMemberDefault } from './memberDefault';
import { PortOffer, readPort } from './port';

@PayloadType('The result of a command about a default.')
export class MemberDefaultPayload extends Payload {
  @Of(
    () => MemberDefault,
    'The default after the command. Null if it was not found or waits for a second person.',
    OPTIONAL,
  )
  memberDefault(@Ctx() context: Context): Promise<MemberDefault | null> | null {
    const id = 'default' in this.command ? this.command.default : eventIn(this.made, 'DefaultDeclared')?.declared.id;
    return id === undefined ? null : readMemberDefault(context, id);
  }
}

@PayloadType('The result of an order of the house for a default.')
export class DefaultOrderPayload extends Payload {
  @Of(() => LiquidationOrder, 'The order that went to the venue.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    const issued = eventIn(this.made, 'LiquidationOrderIssued');
    return issued ? readLiquidationOrder(context, issued.issued.id) : null;
  }
}

@PayloadType('The result of a command about an offer of clients.')
export class PortPayload extends Payload {
  @Of(() => PortOffer, 'The offer after the command.', OPTIONAL)
  port(@Ctx() context: Context): Promise<PortOffer | null> | null {
    const id = 'port' in this.command ? this.command.port : eventIn(this.made, 'PortOffered')?.offered.id;
    return id === undefined ? null : readPort(context, id);
  }
}

mutations({
  SuspendMember: MemberPayload,
  ReinstateMember: MemberPayload,
  DeclareDefault: MemberDefaultPayload,
});

mutations({
  PortClients: PortPayload,
  AcceptPort: PortPayload,
  DeclinePort: PortPayload,
});

mutations({
  HedgeDefault: DefaultOrderPayload,
  CloseDefaultPosition: DefaultOrderPayload,
  SplitDefault: MemberDefaultPayload,
  AuctionDefault: MemberDefaultPayload,
  BidForLot: MemberDefaultPayload,
  ChargeDefaultCost: MemberDefaultPayload,
  SettleDefault: MemberDefaultPayload,
  CloseDefault: MemberDefaultPayload,
});
