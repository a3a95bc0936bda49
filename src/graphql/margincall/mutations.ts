/** Mutations that act on margin calls: by their holder, and by officers.  Rules: B1-2, B1-5, MCM-4 */

import { Ctx } from 'type-graphql';
import { OFFICERS } from '../access/policy';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutation, mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import {
  AcknowledgeMarginCallInput,
  DisputeMarginCallInput,
  ExtendMarginCallInput,
  IssueMarginCallInput,
  RuleOnDisputeInput,
  WaiveMarginCallInput,
} from './inputs';
import { MarginCall, readMarginCall } from './marginCall';

@PayloadType('What came of an act on a margin call.')
export class MarginCallPayload extends Payload {
  @Of(() => MarginCall, 'The call as it is now; null where there is none that the caller may see.', OPTIONAL)
  call(@Ctx() context: Context): Promise<MarginCall | null> | null {
    const named = 'call' in this.command ? this.command.call : eventIn(this.made, 'MarginCallIssued')?.issued.id;
    return typeof named === 'string' ? readMarginCall(context, named) : null;
  }
}

export const MarginCallMutations = mutations({
  AcknowledgeMarginCall: mutation(['BROKER'], AcknowledgeMarginCallInput, 'The call.', MarginCallPayload, {
    does: 'Says that the holder of the account has seen the call.',
  }),
  DisputeMarginCall: mutation(['BROKER'], DisputeMarginCallInput, 'The call.', MarginCallPayload, {
    does: 'Disputes a call. It is recorded and shown; its clock runs on until an officer rules.',
  }),
  IssueMarginCall: mutation(OFFICERS, IssueMarginCallInput, 'The call.', MarginCallPayload, {
    does: 'Issues a call by hand, for what no ladder sees.',
  }),
  ExtendMarginCall: mutation(OFFICERS, ExtendMarginCallInput, 'The call.', MarginCallPayload, {
    does: 'Moves the deadline of a call. Needs a second person once the house is open.',
  }),
  WaiveMarginCall: mutation(OFFICERS, WaiveMarginCallInput, 'The call.', MarginCallPayload, {
    does: 'Withdraws a call. Needs a second person once the house is open.',
  }),
  RuleOnDispute: mutation(OFFICERS, RuleOnDisputeInput, 'The ruling.', MarginCallPayload, {
    does: 'Rules on a disputed call. To stop its clock needs a second person.',
  }),
});
