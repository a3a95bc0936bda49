/** Mutations that act on margin calls: by their holder, and by officers.  Rules: B1-2, B1-5, MCM-4 */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../access/policy';
import { type Answered, eventIn, Payload } from '../mutation/payload';
import { submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import {
  AcknowledgeMarginCallInput,
  DisputeMarginCallInput,
  ExtendMarginCallInput,
  IssueMarginCallInput,
  RuleOnDisputeInput,
  WaiveMarginCallInput,
} from './inputs';
import { MarginCall, readMarginCall } from './marginCall';

@Reached()
@ObjectType({ description: 'What came of an act on a margin call.' })
export class MarginCallPayload extends Payload {
  @Of(() => MarginCall, 'The call as it is now; null where there is none that the caller may see.', OPTIONAL)
  call(@Ctx() context: Context): Promise<MarginCall | null> | null {
    const named = 'call' in this.command ? this.command.call : eventIn(this.made, 'MarginCallIssued')?.issued.id;
    return typeof named === 'string' ? readMarginCall(context, named) : null;
  }
}

@Resolver()
export class MarginCallMutations {
  @Access('BROKER')
  @Mutation(() => MarginCallPayload, { description: 'Says that the holder of the account has seen the call.' })
  acknowledgeMarginCall(
    @Takes('input', () => AcknowledgeMarginCallInput, 'The call.') input: AcknowledgeMarginCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'AcknowledgeMarginCall', input);
  }

  @Access('BROKER')
  @Mutation(() => MarginCallPayload, {
    description: 'Disputes a call. It is recorded and shown; its clock runs on until an officer rules.',
  })
  disputeMarginCall(
    @Takes('input', () => DisputeMarginCallInput, 'The call.') input: DisputeMarginCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'DisputeMarginCall', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MarginCallPayload, { description: 'Issues a call by hand, for what no ladder sees.' })
  issueMarginCall(
    @Takes('input', () => IssueMarginCallInput, 'The call.') input: IssueMarginCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'IssueMarginCall', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MarginCallPayload, { description: 'Moves the deadline of a call. Needs a second person once the house is open.' })
  extendMarginCall(
    @Takes('input', () => ExtendMarginCallInput, 'The call.') input: ExtendMarginCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'ExtendMarginCall', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MarginCallPayload, { description: 'Withdraws a call. Needs a second person once the house is open.' })
  waiveMarginCall(
    @Takes('input', () => WaiveMarginCallInput, 'The call.') input: WaiveMarginCallInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'WaiveMarginCall', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => MarginCallPayload, { description: 'Rules on a disputed call. To stop its clock needs a second person.' })
  ruleOnDispute(
    @Takes('input', () => RuleOnDisputeInput, 'The ruling.') input: RuleOnDisputeInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'RuleOnDispute', input);
  }
}
