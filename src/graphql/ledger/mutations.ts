/** Mutations that move collateral.  Rules: B1-3, IM-5 */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, Reached } from '../access/policy';
import { type Answered, Payload } from '../mutation/payload';
import { keyOf, plain, sendAll, submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { Account, readAccount } from '../reference/account';
import { AccountPayload } from '../reference/accountMutations';
import { Flag, Of, OPTIONAL, Takes } from '../schema/fields';
import { checkListSize } from '../schema/lists';
import { DepositCollateralBatchInput, DepositCollateralInput, TransferCollateralInput, WithdrawCollateralInput } from './inputs';

@Reached()
@ObjectType({ description: 'What came of moving collateral between two accounts.' })
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

@Reached()
@ObjectType({ description: 'What came of a list of payments.' })
export class DepositCollateralBatchPayload {
  @Flag('Whether every one was accepted.')
  ok!: boolean;

  @Of(() => [AccountPayload], 'What came of each, in the order of the list.')
  items!: Answered[];
}

@Resolver()
export class CollateralMutations {
  @Access('ADMIN', 'BROKER')
  @Mutation(() => AccountPayload, {
    description: 'Records collateral paid in. Works in every state of the account, and counts towards an open call.',
  })
  depositCollateral(
    @Takes('input', () => DepositCollateralInput, 'The payment.') input: DepositCollateralInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'DepositCollateral', input);
  }

  @Access('ADMIN', 'BROKER')
  @Mutation(() => DepositCollateralBatchPayload, {
    description: 'Records payments together; each is a journal entry of its own, under the key `<idempotencyKey>/<n>`, n from 0.',
  })
  async depositCollateralBatch(
    @Takes('input', () => DepositCollateralBatchInput, 'The payments.') { idempotencyKey, deposits }: DepositCollateralBatchInput,
    @Ctx() context: Context,
  ): Promise<DepositCollateralBatchPayload> {
    checkListSize('deposits', deposits);
    const commands = deposits.map((deposit, item) => ({
      command: { type: 'DepositCollateral' as const, ...(plain(deposit) as typeof deposit) },
      key: keyOf(idempotencyKey, item),
    }));
    const items = await sendAll(context, commands);
    return { ok: items.every((item) => item.ok), items };
  }

  @Access('ADMIN', 'BROKER')
  @Mutation(() => AccountPayload, {
    description: 'Pays collateral out. Refused while a call is open, on stale prices, and beyond what initial margin can spare.',
  })
  withdrawCollateral(
    @Takes('input', () => WithdrawCollateralInput, 'The payment.') input: WithdrawCollateralInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'WithdrawCollateral', input);
  }

  @Access('ADMIN', 'BROKER')
  @Mutation(() => CollateralTransferPayload, { description: 'Moves collateral between accounts of one owner at one member.' })
  transferCollateral(
    @Takes('input', () => TransferCollateralInput, 'The movement.') input: TransferCollateralInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'TransferCollateral', input);
  }
}
