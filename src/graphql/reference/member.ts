/** Clearing members. A broker sees its own. */

import { ObjectType } from 'type-graphql';
import type { MemberStatus as Status } from '../../core/model/account';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import type { Sight } from '../access/sight';
import { rowById } from '../reading/byId';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const MemberStatus = enumOf<Status>('MemberStatus', 'The status of a member.', {
  ACTIVE: 'It clears.',
  SUSPENDED:
    'Suspended: its accounts take no new risk, and nothing leaves them. Reducing positions and paying in go on.',
  IN_DEFAULT: 'In default: the same, while the default is managed.',
  TERMINATED: 'It has left. Its accounts take no risk, and what is in them may leave.',
});

@Reached()
@ObjectType({ description: 'A clearing member: a broker or an exchange.', implements: Node })
export class Member {
  @Id('The member.')
  id!: string;

  @Text('The name.')
  name!: string;

  @When('When it was admitted.')
  at!: Date;

  @Of(() => MemberStatus, 'The status.')
  status!: string;

  @Text('Why it has this status. Null if it never had another.', OPTIONAL)
  reason!: string | null;

  @When('Since when it has this status. Null if it never had another.', OPTIONAL)
  since!: Date | null;
}

const membersInSight = (sight: Sight): object =>
  sight.accounts === 'ALL' ? {} : { id: { in: sight.accounts === 'MEMBER' ? [sight.member] : [] } };

/** A member as far as the caller may know of it. */
export async function readMember({ read, sight }: Context, id: string): Promise<Member | null> {
  const reading = await read();
  const where = (ids: string[]): object => ({ AND: [{ id: { in: ids } }, membersInSight(sight)] });
  return (await rowById(reading, 'Member', id, (ids) => reading.db.member.findMany({ where: where(ids) }))) ?? null;
}

resolversOf(
  one({
    name: 'member',
    key: ({ id }) => id,
    description: 'A member. Null if it does not exist or the caller may not see it.',
    of: Member,
    id: 'The member.',
    access: ACCOUNT_READERS,
    read: readMember,
  }),
  list({
    name: 'members',
    description: 'Members by id. Only those that the caller may see.',
    of: connectionOf('Member', Member, 'members'),
    access: ACCOUNT_READERS,
    table: 'Member',
    order: BY_ID,
    sight: ({ sight }) => membersInSight(sight),
    node: (row): Member => row,
  }),
);
