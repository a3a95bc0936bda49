/** Commands of trades, orders and funding. */

import { kind } from '../kind/kind';
import { type OrderId, SIDE } from '../model/account';
import type { VenueId } from '../model/venue';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const OPEN_INTEREST_RAMP_INPUT = kind.part(
  'OpenInterestRampInput',
  'Between which open notionals initial margin for new risk rises, and how often that is reviewed.',
  {
    lowerCap: kind.cash(
      'currency',
      'Up to this open notional rates are those of the tiers. In the settlement currency, at least 0.',
    ),
    upperCap: kind.cash(
      'currency',
      'From this open notional on the whole notional is asked for. In the settlement currency, above the lower one.',
    ),
    interval: kind.span('Between two reviews: 1 minute to 1 day. Rates stand in between.'),
  },
);
export type OpenInterestRampInput = AskedOf<typeof OPEN_INTEREST_RAMP_INPUT>;

export const POSITION_COMMANDS = commands({
  SubmitTrade: {
    does: 'Novates a matched trade. It is refused as a whole if either side fails its check.',
    by: ['FEED'],
    takes: 'The trade.',
    about: 'A matched trade to novate.',
    fields: {
      trade: kind.id(
        "The venue's id of the trade. An id that was cleared in the last 7 days is refused. See " + '`executedAt`.',
      ),
      instrument: kind.instrument('The instrument.'),
      buyer: kind.account('The account that bought.'),
      seller: kind.account('The account that sold.'),
      price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
      size: kind.size('instrument', 'Contracts, above zero, a whole number of lots.'),
      taker: kind.nullable(kind.oneOf(SIDE, 'The side that took liquidity. Null if neither pays a taker fee.')),
      buyOrder: kind.nullable(
        kind.id<OrderId>('The order of the buyer that the trade fills, if margin is held for one.'),
      ),
      sellOrder: kind.nullable(
        kind.id<OrderId>('The order of the seller that the trade fills, if margin is held for one.'),
      ),
      executedAt: kind.optional(
        kind.nullable(
          kind.instant(
            'When the venue executed it. Null means now. A trade with this time is never cleared twice. ' +
              'If it is sent again, it is refused as a duplicate while its id is remembered, which is 7 ' +
              'days unless it was set. Afterwards it is refused as too old.',
          ),
        ),
      ),
      venue: kind.optional(
        kind.nullable(kind.id<VenueId>('The venue, if it numbers its trades. It comes with `number`. See `setVenue`.')),
      ),
      number: kind.optional(
        kind.nullable(
          kind.decimal(
            'The number that the venue gave it, a whole number from 1 to 10^18. It has to be above every number of the ' +
              'venue that was cleared. The id is not remembered then, and an old trade is not refused for its age.',
          ),
        ),
      ),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ID_INVALID',
      'DUPLICATE_TRADE',
      'VALUE_OUT_OF_RANGE',
      'VENUE_NOT_FOUND',
      'TRADE_NUMBER_TOO_LOW',
      'TRADE_FROM_FUTURE',
      'TRADE_TOO_OLD',
      'INSTRUMENT_NOT_FOUND',
      'ACCOUNT_NOT_FOUND',
      'SAME_ACCOUNT',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'ORDER_NOT_FOUND',
      'ORDER_MISMATCH',
      'PRICE_OUT_OF_BAND',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'ACCOUNT_ISOLATED',
      'CURRENCY_MISMATCH',
      'MARGIN_CALL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_ENDING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_MISSING',
      'PRICE_STALE',
      'PRICE_DOUBTED',
      'TRADE_CREATES_SHORTFALL',
      'INSUFFICIENT_INITIAL_MARGIN',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
      'OPEN_INTEREST_LIMIT',
    ],
  },
  PlaceOrder: {
    does:
      'Holds margin for an order, as if its worse side were filled already. It raises initial and ' +
      'maintenance margin, so an order that is never filled can bring a margin call. ' +
      '`health.ordersInitial` and `health.ordersMaintenance` of the account show the amounts.',
    by: ['FEED', 'BROKER'],
    takes: 'The order.',
    about: 'An order at a venue, for which the house holds margin.',
    fields: {
      order: kind.made('ord', kind.id<OrderId>("The venue's id of the order. The house makes one if it is left out.")),
      account: kind.account('The account of the order.'),
      instrument: kind.instrument('The instrument of the order.'),
      side: kind.oneOf(SIDE, 'Its direction.'),
      size: kind.size('instrument', 'Contracts, above zero, a whole number of lots.'),
      price: kind.price('instrument', 'Limit price, in the quote currency, a whole number of ticks.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ID_INVALID',
      'ALREADY_EXISTS',
      'INSTRUMENT_NOT_FOUND',
      'ACCOUNT_NOT_FOUND',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'TOO_MANY_ORDERS',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'ACCOUNT_ISOLATED',
      'CURRENCY_MISMATCH',
      'MARGIN_CALL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_ENDING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_MISSING',
      'PRICE_STALE',
      'PRICE_DOUBTED',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
      'INSUFFICIENT_INITIAL_MARGIN',
    ],
  },
  CancelOrder: {
    does: 'Cancels an order and frees its margin. This may cure a margin call.',
    by: ['FEED', 'BROKER'],
    takes: 'The order.',
    about: 'An order to cancel.',
    fields: {
      order: kind.id<OrderId>('The order.'),
    },
    secondPerson: 'NEVER',
    refusals: ['ORDER_NOT_FOUND'],
  },
  SubmitFundingRate: {
    does: 'Settles funding of a perpetual for the interval that ends now.',
    by: ['FEED'],
    takes: 'The rate.',
    about: 'The funding rate of the interval that ends now.',
    fields: {
      instrument: kind.instrument('The perpetual.'),
      rate: kind.rate('The rate. Above zero longs pay shorts.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'INSTRUMENT_NOT_TRADING',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'PRICE_MISSING',
      'PRICE_STALE',
    ],
  },
  SetOpenInterestScaling: {
    does:
      'Sets how initial margin for new risk and withdrawals rises with the open interest of an instrument, from ' +
      'now on. ' +
      'To ask for less at any open interest, or to review less often, needs a second person.',
    by: OFFICERS,
    takes: 'The terms.',
    about: 'How initial margin for new risk and withdrawals rises with the open interest of an instrument.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      ramp: kind.nullable(
        kind.said(
          OPEN_INTEREST_RAMP_INPUT,
          'The open notionals between which rates rise. Null if rates do not depend on open interest.',
        ),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'IN_CASES',
    refusals: ['INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
});
export type PositionCommand = CommandsOf<typeof POSITION_COMMANDS>;
