/** Mutations of liquidators: onto the list and off it, claiming and taking what is offered.  Rules: LI-1 to LI-3, LI-5 */

import { Ctx, InputType } from 'type-graphql';
import { Keyed } from '../../mutation/keyed';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutation, mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { ABSENT, Amount, Id, Of, OPTIONAL } from '../../schema/fields';
import { LiquidationOrder } from '../liquidation';
import { readLiquidationOrder } from '../liquidationOrders';
import { claimOf, LiquidationClaim, LiquidationTake, Liquidator, readLiquidator, takeOf } from './liquidator';

@InputType({ description: 'An account that is to be a liquidator, or one whose deposit is to grow.' })
export class RegisterLiquidatorInput extends Keyed {
  @Id('The account.')
  account!: string;

  @Amount('Moved from the account to its deposit, above zero, in its currency.')
  deposit!: string;

  @Id('Key of a liquidator that may act for the account; null: the one that is named already.', ABSENT)
  operator!: string | null;
}

@InputType({ description: 'Names a liquidator.' })
export class DeregisterLiquidatorInput extends Keyed {
  @Id('The account.')
  account!: string;
}

@InputType({ description: 'A claim on an order that liquidators are offered.' })
export class ClaimLiquidationInput extends Keyed {
  @Id('The order.')
  order!: string;

  @Id('Account of the liquidator.')
  account!: string;
}

@InputType({ description: 'A take of an order that liquidators are offered, at the mark.' })
export class TakeLiquidationInput extends Keyed {
  @Id('The order.')
  order!: string;

  @Id('Account of the liquidator, which needs initial margin for what it takes.')
  account!: string;

  @Amount('Contracts, above zero, no more than restores the account; null: as many as do.', ABSENT)
  size!: string | null;
}

@PayloadType('What came of putting a liquidator on the list, or of taking it off.')
export class LiquidatorPayload extends Payload {
  @Of(() => Liquidator, 'The liquidator as it is now.', OPTIONAL)
  liquidator(@Ctx() context: Context): Promise<Liquidator | null> | null {
    const done = eventIn(this.made, 'LiquidatorRegistered') ?? eventIn(this.made, 'LiquidatorDeregistered');
    return done ? readLiquidator(context, done.account) : null;
  }
}

@PayloadType('What came of a claim.')
export class LiquidationClaimPayload extends Payload {
  @Of(() => LiquidationClaim, 'The claim; null where it was refused.', OPTIONAL)
  async claim(@Ctx() context: Context): Promise<LiquidationClaim | null> {
    const made = eventIn(this.made, 'LiquidationClaimed');
    if (!made) return null;
    const key = { orderId: made.claim.order, liquidatorId: made.liquidatorId };
    const row = await (await context.read()).db.liquidationClaim.findUnique({ where: { orderId_liquidatorId: key } });
    return row && claimOf(row, context);
  }
}

@PayloadType('What came of a take.')
export class LiquidationTakePayload extends Payload {
  @Of(() => LiquidationTake, 'What was taken; null where it was refused.', OPTIONAL)
  async take(@Ctx() context: Context): Promise<LiquidationTake | null> {
    const made = eventIn(this.made, 'LiquidationTaken');
    if (!made) return null;
    const row = await (await context.read()).db.liquidationTake.findFirst({ where: { seq: BigInt(this.seq), orderId: made.order } });
    return row && takeOf(row, context);
  }

  @Of(() => LiquidationOrder, 'The order as it is now, where the caller may see it.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    const made = eventIn(this.made, 'LiquidationTaken');
    return made ? readLiquidationOrder(context, made.order) : null;
  }
}

export const LiquidatorMutations = mutations({
  RegisterLiquidator: mutation(['BROKER', 'LIQUIDATOR'], RegisterLiquidatorInput, 'The liquidator.', LiquidatorPayload, {
    does: 'Puts an account on the list of liquidators, or adds to its deposit. Its broker does the first, and may name a key.',
  }),
  DeregisterLiquidator: mutation(['BROKER', 'LIQUIDATOR'], DeregisterLiquidatorInput, 'The liquidator.', LiquidatorPayload, {
    does: 'Takes an account off the list and gives its deposit back. Not with an open claim.',
  }),
  ClaimLiquidation: mutation(['BROKER', 'LIQUIDATOR'], ClaimLiquidationInput, 'The claim.', LiquidationClaimPayload, {
    does: 'Claims an order: for the time of its offer nobody else may take it. The first valid claim wins.',
  }),
  TakeLiquidation: mutation(['BROKER', 'LIQUIDATOR'], TakeLiquidationInput, 'The take.', LiquidationTakePayload, {
    does: 'Takes an order, or a part of it, at the mark. Needs no claim, unless another has one.',
  }),
});
