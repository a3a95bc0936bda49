/** API keys: who may act, and as what. The secret is shown once, when the key is issued, and never stored. */

import { Args, Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import type { ApiKey as KeyRow } from '../../store/generated/client';
import { Access, type KeyRole, Reached, ROLES, STAFF } from '../access/policy';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { type KeyColumn, pageOf } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, MayTake, Of, OPTIONAL, Text, When } from '../schema/fields';

export const Role = enumOf<KeyRole>('Role', 'What a key may do.', {
  ADMIN: 'Configures the house, its members and its keys; reads everything.',
  RISK_OFFICER: 'Margin policy, calls, halts; reads everything.',
  BROKER: "Its own member's accounts.",
  BROKER_READONLY: "Reads its own member's accounts.",
  LIQUIDATOR: 'Works liquidation orders.',
  FEED: 'Reports prices, trades and fills of its venue.',
  AUDITOR: 'Reads everything, writes nothing.',
});

@Reached()
@ObjectType({ description: 'An API key.' })
export class ApiKey {
  @Id("The key's id: who acts, wherever an act is recorded. Not the secret.")
  id!: string;

  @Of(() => Role, 'What it may do.')
  role!: string;

  @Id('Member whose accounts it sees, of brokers.', OPTIONAL)
  memberId!: string | null;

  @Text('What it is for.')
  label!: string;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('When it was revoked; null while it is live.', OPTIONAL)
  revokedAt!: Date | null;
}

@Reached()
@ObjectType({ description: 'Who is calling.' })
export class Viewer {
  @Id('Id of the key.')
  id!: string;

  @Of(() => Role, 'What it may do.')
  role!: string;

  @Id('Member whose accounts it sees, of brokers.', OPTIONAL)
  member!: string | null;
}

export const ApiKeyConnection = connectionOf('ApiKey', ApiKey, 'API keys');

/** The hash of the secret stays in the house. */
export const apiKeyOf = ({ id, role, memberId, label, issuedAt, revokedAt }: KeyRow): ApiKey => ({
  ...{ id, role, memberId, label, issuedAt, revokedAt },
});

export async function readApiKey(context: Context, id: string): Promise<ApiKey | null> {
  const row = await (await context.read()).db.apiKey.findUnique({ where: { id } });
  return row && apiKeyOf(row);
}

const BY_ID: readonly KeyColumn[] = [{ field: 'id', type: 'text' }];

@Resolver()
export class ApiKeyQueries {
  @Access(...ROLES)
  @Query(() => Viewer, { description: 'Who is calling.' })
  viewer(@Ctx() { actor }: Context): Viewer {
    return { id: actor.id, role: actor.role, member: actor.member };
  }

  @Access(...STAFF)
  @Query(() => ApiKeyConnection, { description: 'API keys by id, revoked ones too.' })
  async apiKeys(
    @MayTake('role', () => Role, 'Of this role only.') role: string | null,
    @MayTake('live', () => Boolean, 'Only those that are live, or only those that were revoked.') live: boolean | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<ApiKey>> {
    const reading = await context.read();
    const revoked = live === null ? {} : { revokedAt: live ? null : { not: null } };
    const where = { ...(role === null ? {} : { role }), ...revoked };
    return pageOf(reading, args, { table: reading.db.apiKey, order: BY_ID, where, node: apiKeyOf });
  }
}
