/** Mutations that move collateral.  Rules: B1-3, IM-5 */

import { Ctx } from 'type-graphql';
import { type Answered, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { mutation, mutations, ofEach } from '../mutation/table';
import type { Context } from '../reading/context';
import { Account, readAccount } from '../reference/account';
import { AccountPayload } from '../reference/accountMutations';
import { Of, OPTIONAL } from '../schema/fields';
import { DepositCollateralBatchInput, DepositCollateralInput, TransferCollateralInput, WithdrawCollateralInput } from './inputs';

@PayloadType('What came of moving collateral between two accounts.')
export class CollateralTransferPayload extends Payload {
  @Of(() => Account, 'The account it left, as it is now.', OPTIONAL)
  from(@Ctx() context: Context): Promise<Account | null> | null {
    return this.command.type === 'TransferCollateral' ? readAccount(context, this.command.from) : null;
  }

  @Of(() => Account, 'The account it reached, as it is now.', OPTIONAL)
  to(@Ctx() context: Context): Promise<Account | null> | null {
    return this.command.type === 'TransferCollateral' ? readAccount(context, this.command.to) : null;
  }
}

@PayloadOfMany('What came of a list of payments.')
export class DepositCollateralBatchPayload extends MutationPayload {
  @Of(() => [AccountPayload], 'What came of each, in the order of the list.')
  items!: Answered[];
}

export const CollateralMutations = mutations(
  {
    DepositCollateral: mutation(['ADMIN', 'BROKER'], DepositCollateralInput, 'The payment.', AccountPayload, {
      does: 'Records collateral paid in. Works in every state of the account, and counts towards an open call.',
    }),
    WithdrawCollateral: mutation(['ADMIN', 'BROKER'], WithdrawCollateralInput, 'The payment.', AccountPayload, {
      does: 'Pays collateral out. Refused while a call is open, on stale prices, and beyond what initial margin can spare.',
    }),
    TransferCollateral: mutation(['ADMIN', 'BROKER'], TransferCollateralInput, 'The movement.', CollateralTransferPayload, {
      does: 'Moves collateral between accounts of one owner at one member.',
    }),
  },
  {
    depositCollateralBatch: ofEach(
      'DepositCollateral',
      'deposits',
      mutation(['ADMIN', 'BROKER'], DepositCollateralBatchInput, 'The payments.', DepositCollateralBatchPayload, {
        does: 'Records payments together; each is a journal entry of its own, under the key `<idempotencyKey>/<n>`, n from 0.',
      }),
    ),
  },
);
