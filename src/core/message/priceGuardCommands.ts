/** Commands that say when the price of an index is doubted. */

import { kind } from '../kind/kind';
import { PRICE_FAULT } from '../model/priceGuards';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const PRICE_GUARD_TERMS_INPUT = kind.part(
  'PriceGuardTermsInput',
  'When the price of an index is doubted, and for what it is not used then.',
  {
    averageWindow: kind.span(
      'The time after which a new price counts for half of the average that it is compared with, 1 second to 7 days.',
    ),
    maximumMultiple: kind.nullable(
      kind.count('The most whole times that price and average may be of one another, 1 to 1,000. Null means no limit.'),
    ),
    maximumDistance: kind.nullable(
      kind.rate('The share of the average at which the price is too far from it, above 0. Null means no limit.'),
    ),
    maximumConfidence: kind.nullable(
      kind.rate('The largest confidence interval, as a share of the price, 0 to 1. Null means no limit.'),
    ),
    maximumAge: kind.nullable(
      kind.span('The most time since a source that counts has spoken, at most 7 days. Null means no limit.'),
    ),
    liquidation: kind.list(
      kind.oneOf(PRICE_FAULT),
      'With one of these holdings that follow the index stand still: they are neither liquidated nor margined anew.',
    ),
    margin: kind.list(
      kind.oneOf(PRICE_FAULT),
      'With one of these gains on such holdings, and the currency as collateral, back no new risk and no withdrawal.',
    ),
    newRisk: kind.list(
      kind.oneOf(PRICE_FAULT),
      'With one of these trades and orders that raise risk in such holdings are refused.',
    ),
  },
);
export type PriceGuardTermsInput = AskedOf<typeof PRICE_GUARD_TERMS_INPUT>;

export const PRICE_GUARD_COMMANDS = commands({
  SetPriceGuards: {
    does:
      'Sets when the price of an index is doubted, and for what it is not used then. Needs a second person once the ' +
      'house is open.',
    by: OFFICERS,
    takes: 'The guards.',
    about: 'When the price of an index is doubted.',
    fields: {
      index: kind.index('The index, as base/quote.'),
      terms: kind.nullable(kind.said(PRICE_GUARD_TERMS_INPUT, 'The terms. Null if its price is not guarded.')),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['INDEX_NOT_FOUND', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
});
export type PriceGuardCommand = CommandsOf<typeof PRICE_GUARD_COMMANDS>;
