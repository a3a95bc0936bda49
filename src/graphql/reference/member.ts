/** Clearing members. A broker sees its own. */

import { Args, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { Member as MemberRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import type { Sight } from '../access/sight';
import type { Context } from '../context';
import { pageOf } from '../reading/page';
import { type Connection, connectionOf, PageArgs } from '../schema/connection';
import { Id, Takes, Text, When } from '../schema/fields';

@Reached()
@ObjectType({ description: 'A clearing member: a broker or an exchange.' })
export class Member {
  @Id('The member.')
  id!: string;

  @Text('Its name.')
  name!: string;

  @When('When it was admitted.')
  at!: Date;
}

export const MemberConnection = connectionOf('Member', Member, 'members');

const membersInSight = (sight: Sight): object =>
  sight.accounts === 'ALL' ? {} : { id: { in: sight.accounts === 'MEMBER' ? [sight.member] : [] } };

/** A member as far as the caller may know of it. */
export async function readMember({ read, sight }: Context, id: string): Promise<Member | null> {
  return (await read()).db.member.findFirst({ where: { AND: [{ id }, membersInSight(sight)] } });
}

const BY_ID = [{ field: 'id', type: 'text' }] as const;

@Resolver()
export class MemberQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => Member, { nullable: true, description: 'A member; null where there is none that the caller may see.' })
  member(@Takes('id', () => ID, 'The member.') id: string, @Ctx() context: Context): Promise<Member | null> {
    return readMember(context, id);
  }

  @Access(...ACCOUNT_READERS)
  @Query(() => MemberConnection, { description: 'Members by id, as far as the caller may see them.' })
  async members(@Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<Member>> {
    const reading = await context.read();
    const node = (row: MemberRow): Member => row;
    return pageOf(reading, args, { table: reading.db.member, order: BY_ID, where: membersInSight(context.sight), node });
  }
}
