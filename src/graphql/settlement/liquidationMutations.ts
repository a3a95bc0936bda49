/** The mutation by which a venue or a liquidator reports what it did of a liquidation order.  Rules: B2-5, LE-4 */

import { Ctx, InputType } from 'type-graphql';
import { Keyed } from '../mutation/keyed';
import { Payload, PayloadType } from '../mutation/payload';
import { mutation, mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Amount, Id, Of, OPTIONAL } from '../schema/fields';
import { LiquidationOrder } from './liquidation';
import { readLiquidationOrder } from './liquidationOrders';

@InputType({ description: 'A fill of a liquidation order.' })
export class ReportLiquidationFillInput extends Keyed {
  @Id('The order.')
  order!: string;

  @Id("The venue's id of the trade: a fill by the same id is refused.")
  trade!: string;

  @Id('Account on the other side: checked like the side of any trade.')
  counterparty!: string;

  @Amount('The price, in the quote currency, no worse than the limit of the order.')
  price!: string;

  @Amount('Contracts, above zero, no more than is left of the order.')
  size!: string;
}

@PayloadType('What came of a fill.')
export class LiquidationOrderPayload extends Payload {
  @Of(() => LiquidationOrder, 'The order as it is now.', OPTIONAL)
  order(@Ctx() context: Context): Promise<LiquidationOrder | null> | null {
    return 'order' in this.command ? readLiquidationOrder(context, this.command.order) : null;
  }
}

export const LiquidationMutations = mutations({
  ReportLiquidationFill: mutation(['FEED', 'LIQUIDATOR'], ReportLiquidationFillInput, 'The fill.', LiquidationOrderPayload, {
    does: 'Reports that part of a liquidation order traded.',
  }),
});
