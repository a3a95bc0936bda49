/** Mutations that trade: checked against margin on both sides, then novated.  Rules: LCS-1, IM-1 */

import { Ctx, ID } from 'type-graphql';
import { type Answered, MutationPayload, Payload, PayloadOfMany, PayloadType } from '../mutation/payload';
import { mutations, ofEach } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { Order, orderOf } from './position';
import { readTrade, Trade } from './trade';

@PayloadType('The result of a trade.')
export class TradePayload extends Payload {
  @Of(() => ID, "The venue's id of the trade.")
  tradeId(): string {
    return 'trade' in this.command ? this.command.trade : '';
  }

  @Of(
    () => Trade,
    'The trade as it was cleared. Null if it was refused, or if the caller may see neither side.',
    OPTIONAL,
  )
  trade(@Ctx() context: Context): Promise<Trade | null> | null {
    return this.outcome !== 'REJECTED' && 'trade' in this.command ? readTrade(context, this.command.trade) : null;
  }
}

@PayloadOfMany('The result of a list of trades.')
export class TradesPayload extends MutationPayload {
  @Of(() => [TradePayload], 'The result of each item, in the order of the list.')
  items!: Answered[];
}

@PayloadType('The result of a command about an order.')
export class OrderPayload extends Payload {
  @Of(() => ID, 'The order.')
  orderId(): string {
    return 'order' in this.command ? this.command.order : '';
  }

  @Of(
    () => Order,
    'The order after the command. Null once nothing of it is open, or if the caller may not see its account.',
    OPTIONAL,
  )
  async order(@Ctx() context: Context): Promise<Order | null> {
    const { sight, services } = context;
    if (!('order' in this.command) || sight.accounts === 'NONE') return null;
    const { db } = await context.read();
    const account = sight.accounts === 'MEMBER' ? { memberId: sight.member } : {};
    const row = await db.openOrder.findFirst({ where: { id: this.command.order, account } });
    return row && orderOf(row, services.amounts);
  }
}

mutations(
  {
    SubmitTrade: TradePayload,
    PlaceOrder: OrderPayload,
    CancelOrder: OrderPayload,
  },
  {
    submitTrades: ofEach(
      'SubmitTrade',
      {
        name: 'trades',
        says: 'The trades, 1 to 1,000.',
        input: 'SubmitTradesInput',
        about: 'Matched trades. Each is answered on its own, in the order of the list.',
        item: 'TradeInput',
        itemAbout: 'A matched trade.',
      },
      TradesPayload,
      {
        takes: 'The trades.',
        does:
          'Novates several trades. Each is a journal entry of its own, under the key ' +
          '`<idempotencyKey>/<n>`, n from 0.',
      },
    ),
  },
);
