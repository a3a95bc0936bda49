/** Commands of prices. */

import { kind } from '../kind/kind';

import { type CommandsOf, commands, OFFICERS } from './definition';

export const INDEX_PRICE_INPUT = kind.part('IndexPriceInput', 'What a source says about an index.', {
  index: kind.index('The index: base/quote.'),
  price: kind.price('index', 'The price, in the quote currency, a whole number of ticks.'),
  observedAt: kind.nullable(kind.instant('When the source saw it; null: now.')),
});

export const MARK_PRICE_INPUT = kind.part('MarkPriceInput', 'What a venue says the mark of an instrument is.', {
  instrument: kind.instrument('The instrument.'),
  price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
  bid: kind.nullable(kind.price('instrument', 'Best bid, in the quote currency: a price outside bid and ask is refused.')),
  ask: kind.nullable(kind.price('instrument', 'Best ask, in the quote currency.')),
  observedAt: kind.nullable(kind.instant('When it was observed; null: now.')),
});

export const PRICE_COMMANDS = commands({
  SubmitIndexPrices: {
    does: 'Publishes what a source says about indices. Each price is answered on its own.',
    by: ['FEED'],
    takes: 'The prices.',
    about: 'What one source says about indices. Accounts see all of them at once.',
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
    does: 'Publishes marks of a venue. Each price is answered on its own.',
    by: ['FEED'],
    takes: 'The prices.',
    about: 'Marks published together. Accounts see all of them at once.',
    fields: {
      source: kind.text('Who publishes them.'),
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
  SetMarkPrice: {
    does: 'Sets a mark by hand, past the band. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The mark.',
    about: 'A mark set by hand, past the band.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      price: kind.price('instrument', 'The price, in the quote currency, a whole number of ticks.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['INSTRUMENT_NOT_FOUND', 'INSTRUMENT_NOT_TRADING', 'PRICE_NOT_POSITIVE', 'PRICE_OFF_TICK', 'VALUE_OUT_OF_RANGE'],
  },
  ReportDepth: {
    does: 'Says what can be traded near the mark: liquidations are sized by it.',
    by: ['FEED'],
    takes: 'The depth.',
    about: 'What a venue says can be traded near the mark.',
    fields: {
      instrument: kind.instrument('The instrument.'),
      bids: kind.size('instrument', 'Contracts bid.'),
      asks: kind.size('instrument', 'Contracts offered.'),
    },
    secondPerson: 'NEVER',
    refusals: ['INSTRUMENT_NOT_FOUND', 'VALUE_OUT_OF_RANGE'],
  },
});
export type PriceCommand = CommandsOf<typeof PRICE_COMMANDS>;
