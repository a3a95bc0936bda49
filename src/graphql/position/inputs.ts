/** Inputs of the mutations that trade. */

import { InputType } from 'type-graphql';
import { KEY, Keyed, KeyedItems } from '../mutation/keyed';
import { ABSENT, Amount, Id, Of, When } from '../schema/fields';
import { Side } from './position';

@InputType({ description: 'A matched trade.' })
export class TradeInput {
  @Id("The venue's id: a trade by an id that was cleared in the last 7 days is refused. See `executedAt`.")
  trade!: string;

  @Id('The instrument.')
  instrument!: string;

  @Id('Account that bought.')
  buyer!: string;

  @Id('Account that sold.')
  seller!: string;

  @Amount('The price, in the quote currency, a whole number of ticks.')
  price!: string;

  @Amount('Contracts, above zero, a whole number of lots.')
  size!: string;

  @Of(() => Side, 'Side that took liquidity; null: neither pays a taker fee.', ABSENT)
  taker!: 'BUY' | 'SELL' | null;

  @Id('Order of the buyer that it fills, if margin is held for one.', ABSENT)
  buyOrder!: string | null;

  @Id('Order of the seller that it fills, if margin is held for one.', ABSENT)
  sellOrder!: string | null;

  @When(
    'When the venue executed it; null: now. With it a trade that is sent again is refused for ever: as a duplicate for as long as its id is ' +
      'remembered, 7 days where the house set nothing else, and afterwards as too old.',
    ABSENT,
  )
  executedAt!: number | null;
}

@InputType({ description: 'Matched trades, each answered on its own, in the order of the list.' })
export class SubmitTradesInput extends KeyedItems {
  @Of(() => [TradeInput], 'The trades, 1 to 1,000.')
  trades!: TradeInput[];
}

@InputType({ description: 'A matched trade to be novated.' })
export class SubmitTradeInput extends TradeInput {
  @Id(KEY)
  idempotencyKey!: string;
}

@InputType({ description: 'An order at a venue that margin is to be held for.' })
export class PlaceOrderInput extends Keyed {
  @Id("The venue's id; one is made where none is given.", ABSENT)
  order!: string | null;

  @Id('Whose it is.')
  account!: string;

  @Id('In what.')
  instrument!: string;

  @Of(() => Side, 'Its direction.')
  side!: 'BUY' | 'SELL';

  @Amount('Contracts, above zero, a whole number of lots.')
  size!: string;

  @Amount('Limit price, in the quote currency, a whole number of ticks.')
  price!: string;
}

@InputType({ description: 'An order to be cancelled.' })
export class CancelOrderInput extends Keyed {
  @Id('The order.')
  order!: string;
}
