/** API keys: who may act, and as what. The secret is shown once, when the key is issued, and never stored. */

import { Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { ROLE } from '../../core/model/actor';
import type { ApiKey as KeyRow } from '../../store/generated/client';
import { Access, Reached, ROLES, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byFlag, list } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const Role = shownAs(ROLE);

@Reached()
@ObjectType({ description: 'An API key.', implements: Node })
export class ApiKey {
  @Id('Id of the key. It names who acted wherever an act is recorded. It is not the secret.')
  id!: string;

  @Of(() => Role, 'The role: what the key may do.')
  role!: string;

  @Ref('Member', 'The member whose accounts the key sees. Only the key of a broker has one.', OPTIONAL)
  memberId!: string | null;

  @Id('The person whose key it is. All keys of one person are one person where two are needed.')
  person!: string;

  @Of(
    () => [ID],
    'The persons who issued it: who proposed it, who issued the key of that person, and so on. None of them is a ' +
      'second ' +
      'person to it. Empty for a key that the house itself issued.',
  )
  issuers!: string[];

  @Text('What the key is used for.')
  label!: string;

  @When('When it was issued.')
  issuedAt!: Date;

  @When('When it was revoked. Null while it is live.', OPTIONAL)
  revokedAt!: Date | null;
}

@Reached()
@ObjectType({ description: 'The caller.' })
export class Viewer {
  @Id('Id of the key.')
  id!: string;

  @Of(() => Role, 'The role: what the key may do.')
  role!: string;

  @Id('The member whose accounts the key sees. Only the key of a broker has one.', OPTIONAL)
  member!: string | null;

  @Id('The person whose key it is.')
  person!: string;
}

/** The hash of the secret stays in the house. */
export const apiKeyOf = ({ hash: _, ...key }: KeyRow): ApiKey => key;

export async function readApiKey(context: Context, id: string): Promise<ApiKey | null> {
  const row = await (await context.read()).db.apiKey.findUnique({ where: { id } });
  return row && apiKeyOf(row);
}

@Resolver()
@list({
  name: 'apiKeys',
  key: { id: ({ id }) => id },
  description: 'API keys, by id. Revoked keys are included.',
  of: connectionOf('ApiKey', ApiKey, 'API keys'),
  access: STAFF,
  table: 'ApiKey',
  order: BY_ID,
  filters: {
    role: { type: () => Role, description: 'Only keys of this role.' },
    live: {
      ...byFlag('Only live keys, or only revoked keys.'),
      column: 'revokedAt',
      sought: (_, live: boolean) => (live ? null : { not: null }),
    },
  },
  node: apiKeyOf,
})
export class ApiKeyQueries {
  @Access(...ROLES)
  @Query(() => Viewer, { description: 'The caller.' })
  viewer(@Ctx() { actor }: Context): Viewer {
    return { id: actor.id, role: actor.role, member: actor.member, person: actor.person ?? actor.id };
  }
}
