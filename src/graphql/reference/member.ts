/** Clearing members. A broker sees its own. */

import { ObjectType } from 'type-graphql';
import type { MemberStatus as Status } from '../../core/model/account';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import type { Sight } from '../access/sight';
import { rowById } from '../reading/byId';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { BY_ID } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const MemberStatus = enumOf<Status>('MemberStatus', 'How a member stands.', {
  ACTIVE: 'It clears.',
  SUSPENDED: 'Its accounts take no new risk, and nothing leaves them; reducing and paying in go on.',
  IN_DEFAULT: 'It is in default: the same, while the default is managed.',
  TERMINATED: 'It has left: its accounts take no risk, what is in them may leave.',
});

@Reached()
@ObjectType({ description: 'A clearing member: a broker or an exchange.' })
export class Member {
  @Id('The member.')
  id!: string;

  @Text('Its name.')
  name!: string;

  @When('When it was admitted.')
  at!: Date;

  @Of(() => MemberStatus, 'How it stands.')
  status!: string;

  @Text('Why it stands so; null where it never stood otherwise.', OPTIONAL)
  reason!: string | null;

  @When('Since when it stands so; null where it never stood otherwise.', OPTIONAL)
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

export const MemberQueries = resolversOf(
  one({
    name: 'member',
    description: 'A member; null where there is none that the caller may see.',
    of: Member,
    id: 'The member.',
    access: ACCOUNT_READERS,
    read: readMember,
  }),
  list({
    name: 'members',
    description: 'Members by id, as far as the caller may see them.',
    of: connectionOf('Member', Member, 'members'),
    access: ACCOUNT_READERS,
    table: 'Member',
    order: BY_ID,
    sight: ({ sight }) => membersInSight(sight),
    node: (row): Member => row,
  }),
);
