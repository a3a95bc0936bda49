/** Commands of auctions of whole portfolios.  Rule: CA-5. */

import { kind } from '../kind/kind';
import type { PortfolioAuctionId } from '../model/portfolio';
import { type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const PORTFOLIO_COMMANDS = commands({
  SetPortfolioPolicy: {
    does: 'Sets a version of the policy for portfolio auctions. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy for portfolio auctions. Needs a second person once the house is open.',
    fields: {
      currency: kind.currency('Currency of the accounts.'),
      start: kind.rate('The share of the value that is asked at first, at most 1.'),
      cutoff: kind.rate('The share at which the price slows down.'),
      fast: kind.span('The time from the start to the cutoff.'),
      slow: kind.span('The time from the cutoff to zero.'),
      reserveShare: kind.rate('The reserve, as a share of the value: nothing is sold for less.'),
      window: kind.span(
        'How long a portfolio that is worth something is in auction before its reduction goes on down the ladder.',
      ),
      insolventWindow: kind.nullable(
        kind.span(
          'How long a portfolio worth less than nothing is offered for a premium of the insurance ' +
            'fund. The premium rises to its maintenance margin. Null means never.',
        ),
      ),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'CURVE_INVALID', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  TakePortfolio: {
    does:
      'Takes a share of a portfolio: its positions at the mark, and the payment for taking them. ' +
      'No more is sold than restores the account.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The take.',
    about: 'A take of a share of a portfolio, at the price of the instant.',
    fields: {
      auction: kind.id<PortfolioAuctionId>('The auction.'),
      account: kind.account('The account that takes it. It needs initial margin for what it takes.'),
      share: kind.nullable(
        kind.rate(
          'The largest share to take. As much as is for sale if left out. A share that is no whole lot ' +
            'of any position takes nothing.',
        ),
      ),
      limit: kind.decimal(
        'The highest price for the whole portfolio. Below zero: the least amount paid for taking the whole of it.',
      ),
      version: kind.count('The version of the auction that the caller saw.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'PORTFOLIO_AUCTION_NOT_FOUND',
      'BIDDER_RELATED',
      'CURRENCY_MISMATCH',
      'AUCTION_NOT_OPEN',
      'PRICE_MISSING',
      'PRICE_STALE',
      'AUCTION_CHANGED',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'CURRENCY_NOT_FOUND',
      'TAKE_EXCEEDS_NEED',
      'PRICE_ABOVE_LIMIT',
      'MEMBER_SUSPENDED',
      'ACCOUNT_NOT_OPEN',
      'ACCOUNT_ISOLATED',
      'INSTRUMENT_NOT_CONFIGURED',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
      'INSUFFICIENT_INITIAL_MARGIN',
    ],
  },
});
export type PortfolioCommand = CommandsOf<typeof PORTFOLIO_COMMANDS>;
