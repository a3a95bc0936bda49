/** API keys: who may act, and as what. The secret is shown once, when the key is issued, and never stored. */

import { Ctx, ObjectType, Query, Resolver } from 'type-graphql';
import { ROLE } from '../../core/model/actor';
import type { ApiKey as KeyRow } from '../../store/generated/client';
import { Access, Reached, ROLES, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byFlag, list } from '../reading/list';
import { BY_ID } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const Role = shownAs(ROLE);

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

/** The hash of the secret stays in the house. */
export const apiKeyOf = ({ id, role, memberId, label, issuedAt, revokedAt }: KeyRow): ApiKey => ({
  ...{ id, role, memberId, label, issuedAt, revokedAt },
});

export async function readApiKey(context: Context, id: string): Promise<ApiKey | null> {
  const row = await (await context.read()).db.apiKey.findUnique({ where: { id } });
  return row && apiKeyOf(row);
}

@Resolver()
@list({
  name: 'apiKeys',
  description: 'API keys by id, revoked ones too.',
  of: connectionOf('ApiKey', ApiKey, 'API keys'),
  access: STAFF,
  table: 'ApiKey',
  order: BY_ID,
  filters: {
    role: { type: () => Role, description: 'Of this role only.' },
    live: {
      ...byFlag('Only those that are live, or only those that were revoked.'),
      column: 'revokedAt',
      sought: (_, live: boolean) => (live ? null : { not: null }),
    },
  },
  node: apiKeyOf,
})
export class ApiKeyQueries {
  @Access(...ROLES)
  @Query(() => Viewer, { description: 'Who is calling.' })
  viewer(@Ctx() { actor }: Context): Viewer {
    return { id: actor.id, role: actor.role, member: actor.member };
  }
}
