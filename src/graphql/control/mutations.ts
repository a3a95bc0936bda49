/** Mutations of keys, of second persons, and of time. */

import { Ctx, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { instant } from '../../units/quantity';
import { hashOfSecret, newSecret } from '../access/keys';
import { Access } from '../access/policy';
import { badInput, problem } from '../error/problem';
import type { InputOf } from '../mutation/input';
import {
  type Answered,
  type AnsweredMany,
  MutationPayload,
  Payload,
  PayloadOfMany,
  PayloadType,
} from '../mutation/payload';
import { Proposal, readProposal } from '../mutation/proposal';
import { submit } from '../mutation/submit';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes, Text, When } from '../schema/fields';
import { ApiKey, readApiKey } from './apiKey';

@InputType({ description: 'The instant to move a manual clock to.' })
export class AdvanceTimeInput {
  @When('The instant, not before the present one. Every deadline up to it is met at its own instant.')
  to!: number;
}

@PayloadType('The result of a command about a key.')
export class ApiKeyPayload extends Payload {
  @Of(() => ID, 'Id of the key that the command named or made.')
  apiKeyId(): string {
    return 'apiKey' in this.command ? this.command.apiKey : '';
  }

  @Of(() => ApiKey, 'The key after the command. Null while it waits for a second person.', OPTIONAL)
  apiKey(@Ctx() context: Context): Promise<ApiKey | null> | null {
    return 'apiKey' in this.command ? readApiKey(context, this.command.apiKey) : null;
  }

  @Text(
    'The secret, sent as `Authorization: Bearer <secret>`. It is shown once: the house keeps only its hash.',
    OPTIONAL,
  )
  secret!: string | null;
}

@PayloadType('The result of a decision on a proposal. An approved command runs at once, and its events are included.')
export class ProposalPayload extends Payload {
  @Of(() => Proposal, 'The proposal after the decision.', OPTIONAL)
  decided(@Ctx() context: Context): Promise<Proposal | null> | null {
    return 'proposal' in this.command ? readProposal(context, this.command.proposal) : null;
  }
}

@PayloadOfMany('Where time stands. Its entry is the last one of all that fell due on the way.')
export class AdvanceTimePayload extends MutationPayload {
  @When('The time of the clock.')
  now!: number;

  @When('The next deadline. Null if there is none.', OPTIONAL)
  nextDeadline!: number | null;
}

/** The hash of a key that has been revoked since. */
async function recordedHash(context: Context, id: string): Promise<string | undefined> {
  return (await (await context.read()).db.apiKey.findUnique({ where: { id } }))?.hash;
}

/** The secret is made here and sent back once; the house gets its hash. */
async function issueApiKey(input: InputOf<'IssueApiKey'>, context: Context): Promise<Answered> {
  const apiKey = input.apiKey ?? '';
  const secret = newSecret();
  const first = await submit(context, 'IssueApiKey', { ...input, apiKey, hash: hashOfSecret(secret) });
  const isNew = first.rejections[0]?.code !== 'IDEMPOTENCY_KEY_REUSED';
  const recorded = isNew ? undefined : (context.services.keys.hashOf(apiKey) ?? (await recordedHash(context, apiKey)));
  if (recorded === undefined) return Object.assign(first, { secret: first.outcome !== 'REJECTED' ? secret : null });
  // Sent before, with another secret, as it must be: the same request is the one with the hash that was recorded then.
  return Object.assign(await submit(context, 'IssueApiKey', { ...input, apiKey, hash: recorded }), { secret: null });
}

mutations({
  IssueApiKey: { payload: ApiKeyPayload, send: issueApiKey },
  RevokeApiKey: ApiKeyPayload,
});

@Resolver()
export class ControlMutations {
  @Access('ADMIN')
  @Mutation(() => AdvanceTimePayload, { description: 'Moves time. Only a house with a manual clock allows it.' })
  async advanceTime(
    @Takes('input', () => AdvanceTimeInput, 'The instant to move to.') { to }: AdvanceTimeInput,
    @Ctx() context: Context,
  ): Promise<AnsweredMany & Pick<AdvanceTimePayload, 'now' | 'nextDeadline'>> {
    const { clock, house } = context.services;
    if (!clock) throw problem('MANUAL_CLOCK_ONLY', 'This house runs on the wall clock.');
    if (to < clock.now()) throw badInput('Time does not run backwards.');
    clock.set(instant(to));
    const nextDeadline = await house.advance();
    const { seq, now: at } = house.status();
    await context.readAfter(seq);
    return {
      outcome: 'DONE',
      seq,
      at,
      replayed: false,
      rejections: [],
      proposal: null,
      now: clock.now(),
      nextDeadline,
    };
  }
}

mutations({
  ApproveProposal: ProposalPayload,
  RejectProposal: ProposalPayload,
});
