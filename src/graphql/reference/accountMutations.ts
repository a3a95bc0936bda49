/** Mutations that admit members and open accounts. */

import { Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Access } from '../access/policy';
import { generatedId } from '../mutation/ids';
import { type Answered, Payload, PayloadType } from '../mutation/payload';
import { submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import { Account, readAccount } from './account';
import { AdmitMemberInput, OpenAccountInput } from './accountInputs';
import { Member, readMember } from './member';
import { checkOwnNames } from './ownNames';

@PayloadType('What came of admitting a member.')
export class MemberPayload extends Payload {
  @Of(() => Member, 'The member.', OPTIONAL)
  member(@Ctx() context: Context): Promise<Member | null> | null {
    return this.outcome !== 'REJECTED' && 'member' in this.command && this.command.member ? readMember(context, this.command.member) : null;
  }
}

@PayloadType('What came of a command about an account.')
export class AccountPayload extends Payload {
  @Of(() => ID, 'Id of the account the command named, or that was made for it.')
  accountId(): string {
    return 'account' in this.command ? this.command.account : '';
  }

  @Of(() => Account, 'The account as it is now; null where there is none that the caller may see.', OPTIONAL)
  account(@Ctx() context: Context): Promise<Account | null> | null {
    return 'account' in this.command ? readAccount(context, this.command.account) : null;
  }
}

@Resolver()
export class AccountMutations {
  @Access('ADMIN')
  @Mutation(() => MemberPayload, { description: 'Admits a member.' })
  admitMember(@Takes('input', () => AdmitMemberInput, 'The member.') input: AdmitMemberInput, @Ctx() context: Context): Promise<Answered> {
    const member = input.member ?? generatedId('mem', context.actor.id, input.idempotencyKey);
    return submit(context, 'AdmitMember', { ...input, member });
  }

  @Access('ADMIN', 'BROKER')
  @Mutation(() => AccountPayload, { description: 'Opens a margin account. A broker opens accounts of its own member.' })
  async openAccount(
    @Takes('input', () => OpenAccountInput, 'The account.') input: OpenAccountInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    await checkOwnNames(context, input);
    const account = input.account ?? generatedId('acc', context.actor.id, input.idempotencyKey);
    return submit(context, 'OpenAccount', { ...input, account });
  }
}
