/** Commands of auctions of whole portfolios.  Rule: CA-5. */

import { kind } from '../kind/kind';
import type { PortfolioAuctionId } from '../model/portfolio';
import { type CommandsOf, commands, OFFICERS } from './definition';

export const PORTFOLIO_COMMANDS = commands({
  SetPortfolioPolicy: {
    does: 'Sets a version of the policy by which whole portfolios are auctioned. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which whole portfolios are auctioned. Needs a second person once the house is open.',
    fields: {
      currency: kind.currency('Currency of the accounts.'),
      start: kind.rate('Share of the value asked at first, at most 1.'),
      cutoff: kind.rate('Share at which the price slows down.'),
      fast: kind.span('From the start to the cutoff.'),
      slow: kind.span('From the cutoff to nothing.'),
      reserveShare: kind.rate('Nothing is sold for less than this share of its value.'),
      window: kind.span('How long a portfolio that is worth something stands in auction, before its reduction goes on down the ladder.'),
      insolventWindow: kind.nullable(
        kind.span(
          'How long one that is worth less than nothing is offered for a premium of the insurance fund, rising to its maintenance margin; never where it is left out.',
        ),
      ),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: ['CURRENCY_NOT_FOUND', 'CURVE_INVALID', 'VALUE_OUT_OF_RANGE', 'TOO_MANY_DIGITS'],
  },
  TakePortfolio: {
    does: 'Takes a share of a portfolio: its positions at the mark, and what is paid for taking them. No more is sold than restores the account.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The take.',
    about: 'A take of a share of a portfolio, at the price of the instant.',
    fields: {
      auction: kind.id<PortfolioAuctionId>('The auction.'),
      account: kind.account('Account that takes, which needs initial margin for what it takes.'),
      share: kind.nullable(
        kind.rate(
          'Share, at most; as much as is for sale where it is left out. A part of it that is no whole lot of any position takes nothing.',
        ),
      ),
      limit: kind.decimal('No more than this for the whole portfolio. Below zero: no less than that is paid for taking the whole of it.'),
      version: kind.count('Version of the auction that was seen.'),
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
