/** Mutations that move collateral.  Rules: B1-3, IM-5 */

import { Ctx } from 'type-graphql';
import { type Answered, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { mutations, ofEach } from '../mutation/table';
import type { Context } from '../reading/context';
import { Account, readAccount } from '../reference/account';
import { AccountPayload } from '../reference/accountMutations';
import { Of, OPTIONAL } from '../schema/fields';

@PayloadType('The result of moving collateral between two accounts.')
export class CollateralTransferPayload extends Payload {
  @Of(() => Account, 'The account that the collateral left.', OPTIONAL)
  from(@Ctx() context: Context): Promise<Account | null> | null {
    return this.command.type === 'TransferCollateral' ? readAccount(context, this.command.from) : null;
  }

  @Of(() => Account, 'The account that the collateral reached.', OPTIONAL)
  to(@Ctx() context: Context): Promise<Account | null> | null {
    return this.command.type === 'TransferCollateral' ? readAccount(context, this.command.to) : null;
  }
}

@PayloadOfMany('The result of a list of payments.')
export class DepositCollateralBatchPayload extends MutationPayload {
  @Of(() => [AccountPayload], 'The result of each item, in the order of the list.')
  items!: Answered[];
}

mutations(
  {
    DepositCollateral: AccountPayload,
    WithdrawCollateral: AccountPayload,
    TransferCollateral: CollateralTransferPayload,
  },
  {
    depositCollateralBatch: ofEach(
      'DepositCollateral',
      {
        name: 'deposits',
        says: 'The payments, 1 to 1,000.',
        input: 'DepositCollateralBatchInput',
        about: 'Payments that are recorded together. Each is answered on its own.',
        item: 'PaymentInput',
        itemAbout: 'A payment into or out of an account.',
      },
      DepositCollateralBatchPayload,
      {
        takes: 'The payments.',
        does:
          'Pays several amounts in. Each is a journal entry of its own, under the key ' +
          '`<idempotencyKey>/<n>`, n from 0.',
      },
    ),
  },
);
