/**
 * Mutations of liquidators: onto the list and off it, claiming and taking what is offered.  Rules: LI-1 to LI-3, LI-5
 */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../../mutation/payload';
import { mutations } from '../../mutation/table';
import type { Context } from '../../reading/context';
import { Of, OPTIONAL } from '../../schema/fields';
import { LiquidationOrder } from '../liquidation';
import { readLiquidationOrder } from '../liquidationOrders';
import { claimOf, LiquidationClaim, LiquidationTake, Liquidator, readLiquidator, takeOf } from './liquidator';

@PayloadType('The result of registering or deregistering a liquidator.')
export class LiquidatorPayload extends Payload {
  @Of(() => Liquidator, 'The liquidator after the command.', OPTIONAL)
  liquidator(@Ctx() context: Context): Promise<Liquidator | null> | null {
    const done = eventIn(this.made, 'LiquidatorRegistered') ?? eventIn(this.made, 'LiquidatorDeregistered');
    return done ? readLiquidator(context, done.account) : null;
  }
}

@PayloadType('The result of a claim.')
export class LiquidationClaimPayload extends Payload {
  @Of(() => LiquidationClaim, 'The claim. Null if it was refused.', OPTIONAL)
  async claim(@Ctx() context: Context): Promise<LiquidationClaim | null> {
    const made = eventIn(this.made, 'LiquidationClaimed');
    if (!made) return null;
    const key = { orderId: made.claim.order, liquidatorId: made.liquidatorId };
    const row = await (await context.read()).db.liquidationClaim.findUnique({ where: { orderId_liquidatorId: key } });
    return row && claimOf(row, context);
  }
}

@PayloadType('The result of a take.')
export class LiquidationTakePayload extends Payload {
  @Of(() => LiquidationTake, 'What was taken. Null if it was refused.', OPTIONAL)
  async take(@Ctx() context: Context): Promise<LiquidationTake | null> {
    const made = eventIn(this.made, 'LiquidationTaken');
    if (!made) return null;
    const row = await (await context.read()).db.liquidationTake.findFirst({
      where: { seq: BigInt(this.seq), orderId: made.order },
    });
    return row && takeOf(row, context);
  }

  @Of(() => LiquidationOrder, 'The order after the command, if the caller may see it.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    const made = eventIn(this.made, 'LiquidationTaken');
    return made ? readLiquidationOrder(context, made.order) : null;
  }
}

mutations({
  RegisterLiquidator: LiquidatorPayload,
  DeregisterLiquidator: LiquidatorPayload,
  ClaimLiquidation: LiquidationClaimPayload,
  TakeLiquidation: LiquidationTakePayload,
});
