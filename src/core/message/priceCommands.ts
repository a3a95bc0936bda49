/** Commands of prices. */

import { kind } from '../kind/kind';

import { type CommandsOf, commands, OFFICERS } from './definition';

export const INDEX_PRICE_INPUT = kind.part('IndexPriceInput', 'The price of an index from one source.', {
  index: kind.index('The index, as base/quote.'),
  price: kind.price('index', 'The price, in the quote currency, a whole number of ticks.'),
  confidence: kind.optional(
    kind.nullable(
      kind.price(
        'index',
        'How far the true price may be from it on either side, as the source sees it. Null means nothing is stated.',
      ),
    ),
  ),
  observedAt: kind.nullable(kind.instant('When the source observed it. Null means now.')),
});

export const MARK_PRICE_INPUT = kind.part('MarkPriceInput', 'The mark of an instrument from a venue.', {
  instrument: kind.instrument('The instrument.'),
  price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
  bid: kind.nullable(
    kind.price('instrument', 'Best bid, in the quote currency. A price outside bid and ask is refused.'),
  ),
  ask: kind.nullable(kind.price('instrument', 'Best ask, in the quote currency.')),
  observedAt: kind.nullable(kind.instant('When it was observed. Null means now.')),
});

export const IMPACT_PRICE_INPUT = kind.part('ImpactPriceInput', 'The impact prices of an instrument at a venue.', {
  instrument: kind.instrument('The instrument.'),
  bid: kind.price(
    'instrument',
    'The average price at which the impact amount can be sold now, in the quote currency, a whole number of ticks.',
  ),
  ask: kind.price('instrument', 'The average price at which the impact amount can be bought now. Not below the bid.'),
  observedAt: kind.nullable(kind.instant('When it was observed. Null means now.')),
});

export const PRICE_COMMANDS = commands({
  SubmitIndexPrices: {
    does: 'Publishes the prices of indices from one source. Each price is answered on its own.',
    by: ['FEED'],
    takes: 'The prices.',
    about: 'Prices of indices from one source. They take effect together.',
    fields: {
      source: kind.text('The source.'),
      prices: kind.filled(kind.list(INDEX_PRICE_INPUT, 'The prices, 1 to 1,000.')),
    },
    secondPerson: 'NEVER',
    refusals: [
      'INDEX_NOT_FOUND',
      'SOURCE_UNKNOWN',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
      'PRICE_FROM_FUTURE',
      'PRICE_TOO_OLD',
    ],
  },
  SubmitMarkPrices: {
    does: 'Publishes marks from a venue. Each mark is answered on its own.',
    by: ['FEED'],
    takes: 'The prices.',
    about: 'Marks that are published together. They take effect together.',
    fields: {
      source: kind.text('The source that publishes them.'),
      prices: kind.filled(kind.list(MARK_PRICE_INPUT, 'The prices, 1 to 1,000.')),
    },
    secondPerson: 'NEVER',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'INSTRUMENT_NOT_TRADING',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
      'PRICE_CROSSED',
      'PRICE_FROM_FUTURE',
      'PRICE_TOO_OLD',
      'PRICE_OUT_OF_BAND',
      'PRICE_MISSING',
      'PRICE_STALE',
    ],
  },
  SubmitImpactPrices: {
    does:
      'Publishes impact prices from a venue. The premium that funding rests on is sampled from them. Each item is ' +
      'answered on its own.',
    by: ['FEED'],
    takes: 'The prices.',
    about: 'Impact prices that are published together. They take effect together.',
    fields: {
      source: kind.text('The source that publishes them.'),
      prices: kind.filled(kind.list(IMPACT_PRICE_INPUT, 'The prices, 1 to 1,000.')),
    },
    secondPerson: 'NEVER',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'INSTRUMENT_NOT_TRADING',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
      'PRICE_CROSSED',
      'PRICE_FROM_FUTURE',
      'PRICE_TOO_OLD',
    ],
  },
  SetMarkPrice: {
    does: 'Sets a mark by hand, which may lie outside the band. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The mark.',
    about: 'A mark that is set by hand and may lie outside the band.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'INSTRUMENT_NOT_TRADING',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
    ],
  },
  SetSettlementPrice: {
    does:
      'Sets the last price of a contract whose end has come and whose price cannot be had. Everybody is paid out at ' +
      'it. Needs a second person.',
    by: OFFICERS,
    takes: 'The price.',
    about: 'The last price of a contract, which ends at once.',
    fields: {
      instrument: kind.instrument('The instrument. Its end has come, and it waits for a price.'),
      price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ALWAYS',
    refusals: [
      'INSTRUMENT_NOT_FOUND',
      'SETTLEMENT_NOT_AWAITED',
      'PRICE_NOT_POSITIVE',
      'PRICE_OFF_TICK',
      'VALUE_OUT_OF_RANGE',
    ],
  },
  ReportDepth: {
    does: 'Reports the depth at a venue. Liquidations are sized by it.',
    by: ['FEED'],
    takes: 'The depth.',
    about: 'The depth at a venue: what can be traded near the mark.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      bids: kind.size('instrument', 'Contracts that are bid.'),
      asks: kind.size('instrument', 'Contracts that are offered.'),
    },
    secondPerson: 'NEVER',
    refusals: ['INSTRUMENT_NOT_FOUND', 'VALUE_OUT_OF_RANGE'],
  },
});
export type PriceCommand = CommandsOf<typeof PRICE_COMMANDS>;
