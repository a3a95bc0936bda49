/** Mutations that admit members and open accounts. */

import { Ctx, ID } from 'type-graphql';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { Account, readAccount } from './account';
import { Member, readMember } from './member';
import { checkOwnNames } from './ownNames';

@PayloadType('The result of admitting a member.')
export class MemberPayload extends Payload {
  @Of(() => Member, 'The member.', OPTIONAL)
  member(@Ctx() context: Context): Promise<Member | null> | null {
    return this.outcome !== 'REJECTED' && 'member' in this.command && this.command.member
      ? readMember(context, this.command.member)
      : null;
  }
}

@PayloadType('The result of a command about an account.')
export class AccountPayload extends Payload {
  @Of(() => ID, 'Id of the account that the command named or opened.')
  accountId(): string {
    return 'account' in this.command ? this.command.account : '';
  }

  @Of(() => Account, 'The account after the command. Null if it does not exist or the caller may not see it.', OPTIONAL)
  account(@Ctx() context: Context): Promise<Account | null> | null {
    return 'account' in this.command ? readAccount(context, this.command.account) : null;
  }
}

mutations({
  AdmitMember: MemberPayload,
  OpenAccount: { payload: AccountPayload, first: (input, context) => checkOwnNames(context, input) },
});
