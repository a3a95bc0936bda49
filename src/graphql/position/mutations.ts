/** Mutations that trade: checked against margin on both sides, then novated.  Rules: LCS-1, IM-1 */

import { Ctx, ID, Mutation, Resolver } from 'type-graphql';
import { Access } from '../access/policy';
import { generatedId } from '../mutation/ids';
import { type Answered, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { submit } from '../mutation/submit';
import { mutation, mutations, ofEach } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import { CancelOrderInput, PlaceOrderInput, SubmitTradeInput, SubmitTradesInput } from './inputs';
import { Order, orderOf } from './position';
import { readTrade, Trade } from './trade';

@PayloadType('What came of a trade.')
export class TradePayload extends Payload {
  @Of(() => ID, "The venue's id.")
  tradeId(): string {
    return 'trade' in this.command ? this.command.trade : '';
  }

  @Of(() => Trade, 'The trade as it was cleared; null where it was refused, or the caller may see neither side.', OPTIONAL)
  trade(@Ctx() context: Context): Promise<Trade | null> | null {
    return this.outcome !== 'REJECTED' && 'trade' in this.command ? readTrade(context, this.command.trade) : null;
  }
}

@PayloadOfMany('What came of a list of trades.')
export class TradesPayload extends MutationPayload {
  @Of(() => [TradePayload], 'What came of each, in the order of the list.')
  items!: Answered[];
}

@PayloadType('What came of a command about an order.')
export class OrderPayload extends Payload {
  @Of(() => ID, 'The order.')
  orderId(): string {
    return 'order' in this.command ? this.command.order : '';
  }

  @Of(() => Order, 'The order as it stands; null once nothing of it is open, and where the caller may not see its account.', OPTIONAL)
  async order(@Ctx() context: Context): Promise<Order | null> {
    const { sight, services } = context;
    if (!('order' in this.command) || sight.accounts === 'NONE') return null;
    const { db } = await context.read();
    const account = sight.accounts === 'MEMBER' ? { memberId: sight.member } : {};
    const row = await db.openOrder.findFirst({ where: { id: this.command.order, account } });
    return row && orderOf(row, services.amounts);
  }
}

@Resolver()
export class PlaceOrderMutation {
  @Access('FEED', 'BROKER')
  @Mutation(() => OrderPayload, {
    description:
      'Holds margin for an order, as if its worse side were filled already. It raises initial and maintenance margin: an order that is never ' +
      'filled can bring a margin call. `health.ordersInitial` and `health.ordersMaintenance` of the account say how much it comes to.',
  })
  placeOrder(@Takes('input', () => PlaceOrderInput, 'The order.') input: PlaceOrderInput, @Ctx() context: Context): Promise<Answered> {
    const order = input.order ?? generatedId('ord', context.actor.id, input.idempotencyKey);
    return submit(context, 'PlaceOrder', { ...input, order });
  }
}

export const TradingMutations = mutations(
  {
    SubmitTrade: mutation(['FEED'], SubmitTradeInput, 'The trade.', TradePayload, {
      does: 'Novates a matched trade: refused as a whole where either side fails its check.',
    }),
    CancelOrder: mutation(['FEED', 'BROKER'], CancelOrderInput, 'The order.', OrderPayload, {
      does: 'Cancels an order and frees its margin, which may cure a margin call.',
    }),
  },
  {
    submitTrades: ofEach(
      'SubmitTrade',
      'trades',
      mutation(['FEED'], SubmitTradesInput, 'The trades.', TradesPayload, {
        does: 'Novates trades; each is a journal entry of its own, under the key `<idempotencyKey>/<n>`, n from 0.',
      }),
    ),
  },
);
