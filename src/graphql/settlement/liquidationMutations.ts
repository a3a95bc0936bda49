/** The mutation by which a venue or a liquidator reports what it did of a liquidation order.  Rules: B2-5, LE-4 */

import { Ctx } from 'type-graphql';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { LiquidationOrder } from './liquidation';
import { readLiquidationOrder } from './liquidationOrders';

@PayloadType('The result of a fill.')
export class LiquidationOrderPayload extends Payload {
  @Of(() => LiquidationOrder, 'The order after the command.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    return 'order' in this.command ? readLiquidationOrder(context, this.command.order) : null;
  }
}

mutations({
  ReportLiquidationFill: LiquidationOrderPayload,
});
