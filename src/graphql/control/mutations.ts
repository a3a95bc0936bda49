/** Mutations of keys, of second persons, and of time. */

import { Ctx, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { instant } from '../../units/quantity';
import { hashOfSecret, newSecret } from '../access/keys';
import { Access } from '../access/policy';
import { badInput, problem } from '../error/problem';
import type { InputOf } from '../mutation/input';
import { type Answered, type AnsweredMany, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { Proposal, readProposal } from '../mutation/proposal';
import { submit } from '../mutation/submit';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes, Text, When } from '../schema/fields';
import { ApiKey, readApiKey } from './apiKey';

@InputType({ description: 'Time to be moved to, on a manual clock.' })
export class AdvanceTimeInput {
  @When('The instant, not before the present one. Every deadline up to it is met at its own instant.')
  to!: number;
}

@PayloadType('What came of a command about a key.')
export class ApiKeyPayload extends Payload {
  @Of(() => ID, 'Id of the key the command named, or that was made for it.')
  apiKeyId(): string {
    return 'apiKey' in this.command ? this.command.apiKey : '';
  }

  @Of(() => ApiKey, 'The key as it is now; null while it waits for a second person.', OPTIONAL)
  apiKey(@Ctx() context: Context): Promise<ApiKey | null> | null {
    return 'apiKey' in this.command ? readApiKey(context, this.command.apiKey) : null;
  }

  @Text('The secret, to be sent as `Authorization: Bearer <secret>`. Shown this once: the house keeps its hash alone.', OPTIONAL)
  secret!: string | null;
}

@PayloadType('What came of deciding on a proposal: what was approved runs at once, and its events are among these.')
export class ProposalPayload extends Payload {
  @Of(() => Proposal, 'The proposal as it is now.', OPTIONAL)
  decided(@Ctx() context: Context): Promise<Proposal | null> | null {
    return 'proposal' in this.command ? readProposal(context, this.command.proposal) : null;
  }
}

@PayloadOfMany('Where time stands. Its entry is the last one of all that fell due on the way.')
export class AdvanceTimePayload extends MutationPayload {
  @When('Time of the clock.')
  now!: number;

  @When('When something is next due; null where nothing is.', OPTIONAL)
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

export const ApiKeyMutations = mutations({
  IssueApiKey: { payload: ApiKeyPayload, send: issueApiKey },
  RevokeApiKey: ApiKeyPayload,
});

@Resolver()
export class ControlMutations {
  @Access('ADMIN')
  @Mutation(() => AdvanceTimePayload, { description: 'Moves time, where the house runs on a manual clock.' })
  async advanceTime(
    @Takes('input', () => AdvanceTimeInput, 'Where to.') { to }: AdvanceTimeInput,
    @Ctx() context: Context,
  ): Promise<AnsweredMany & Pick<AdvanceTimePayload, 'now' | 'nextDeadline'>> {
    const { clock, house } = context.services;
    if (!clock) throw problem('MANUAL_CLOCK_ONLY', 'This house runs on the wall clock.');
    if (to < clock.now()) throw badInput('Time does not run backwards.');
    clock.set(instant(to));
    const nextDeadline = await house.advance();
    const { seq, now: at } = house.status();
    await context.readAfter(seq);
    return { outcome: 'DONE', seq, at, replayed: false, rejections: [], proposal: null, now: clock.now(), nextDeadline };
  }
}

export const ProposalMutations = mutations({
  ApproveProposal: ProposalPayload,
  RejectProposal: ProposalPayload,
});
