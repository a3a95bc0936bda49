/** Mutations of keys, of second persons, and of time. */

import { Ctx, ID, InputType, Mutation, Resolver } from 'type-graphql';
import { instant } from '../../units/quantity';
import { hashOfSecret, newSecret } from '../access/keys';
import { Access, type KeyRole, OFFICERS } from '../access/policy';
import { badInput, problem } from '../error/problem';
import { generatedId } from '../mutation/ids';
import { Keyed } from '../mutation/keyed';
import { type Answered, type AnsweredMany, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { Proposal, readProposal } from '../mutation/proposal';
import { submit } from '../mutation/submit';
import { mutation, mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { ABSENT, Id, Of, OPTIONAL, Takes, Text, When } from '../schema/fields';
import { ApiKey, Role, readApiKey } from './apiKey';

@InputType({ description: 'A key to be issued.' })
export class IssueApiKeyInput extends Keyed {
  @Id('Its id, which is not the secret; one is made where none is given.', ABSENT)
  apiKey!: string | null;

  @Of(() => Role, 'What it may do.')
  role!: KeyRole;

  @Id('Member whose accounts it sees: brokers need one, nobody else has one.', ABSENT)
  member!: string | null;

  @Text('What it is for.')
  label!: string;
}

@InputType({ description: 'A key to be revoked.' })
export class RevokeApiKeyInput extends Keyed {
  @Id('The key.')
  apiKey!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A proposal to be approved.' })
export class ApproveProposalInput extends Keyed {
  @Id('The proposal.')
  proposal!: string;

  @Text('SHA-256 of what is approved, as the proposal states it: nothing else can run in its name.')
  hash!: string;
}

@InputType({ description: 'A proposal to be turned down.' })
export class RejectProposalInput extends Keyed {
  @Id('The proposal.')
  proposal!: string;

  @Text('Why.')
  reason!: string;
}

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

@Resolver()
export class ControlMutations {
  @Access('ADMIN')
  @Mutation(() => ApiKeyPayload, {
    description: 'Issues an API key. Needs a second person once the house is open; the secret works from then on.',
  })
  async issueApiKey(
    @Takes('input', () => IssueApiKeyInput, 'The key.') input: IssueApiKeyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    const apiKey = input.apiKey ?? generatedId('key', context.actor.id, input.idempotencyKey);
    const secret = newSecret();
    const first = await submit(context, 'IssueApiKey', { ...input, apiKey, hash: hashOfSecret(secret) });
    const isNew = first.rejections[0]?.code !== 'IDEMPOTENCY_KEY_REUSED';
    const recorded = isNew ? undefined : (context.services.keys.hashOf(apiKey) ?? (await recordedHash(context, apiKey)));
    if (recorded === undefined) return Object.assign(first, { secret: first.outcome !== 'REJECTED' ? secret : null });
    // Sent before, with another secret, as it must be: the same request is the one with the hash that was recorded then.
    return Object.assign(await submit(context, 'IssueApiKey', { ...input, apiKey, hash: recorded }), { secret: null });
  }

  @Access('ADMIN')
  @Mutation(() => ApiKeyPayload, { description: 'Revokes an API key. Its streams end at once.' })
  async revokeApiKey(
    @Takes('input', () => RevokeApiKeyInput, 'The key.') input: RevokeApiKeyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return Object.assign(await submit(context, 'RevokeApiKey', input), { secret: null });
  }

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
  ApproveProposal: mutation(OFFICERS, ApproveProposalInput, 'The proposal.', ProposalPayload, {
    does: 'Approves what another person proposed. It is checked anew against the house as it is, and runs.',
  }),
  RejectProposal: mutation(OFFICERS, RejectProposalInput, 'The proposal.', ProposalPayload, {
    does: 'Turns a proposal down. Its own proposer may do that too.',
  }),
});
