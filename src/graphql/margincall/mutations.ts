/** Mutations that act on margin calls: by their holder, and by officers.  Rules: B1-2, B1-5, MCM-4 */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { MarginCall, readMarginCall } from './marginCall';

@PayloadType('The result of an act on a margin call.')
export class MarginCallPayload extends Payload {
  @Of(() => MarginCall, 'The call after the command. Null if it does not exist or the caller may not see it.', OPTIONAL)
  call(@Ctx() context: Context): Promise<MarginCall | null> | null {
    const named = 'call' in this.command ? this.command.call : eventIn(this.made, 'MarginCallIssued')?.issued.id;
    return typeof named === 'string' ? readMarginCall(context, named) : null;
  }
}

mutations({
  AcknowledgeMarginCall: MarginCallPayload,
  DisputeMarginCall: MarginCallPayload,
  IssueMarginCall: MarginCallPayload,
  ExtendMarginCall: MarginCallPayload,
  WaiveMarginCall: MarginCallPayload,
  RuleOnDispute: MarginCallPayload,
});
