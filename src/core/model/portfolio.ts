/** Auctions of whole portfolios: the policy they follow, and what is known of each while it runs.  Rule: CA-5 */

import { kind, type RecordOf } from '../kind/kind';
import { TWO_SPEED_CURVE } from './auction';
import type { LiquidationId } from './liquidation';

export type PortfolioAuctionId = string;

/** How portfolios of accounts of one currency are auctioned, every version. */
export const PORTFOLIO_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  curve: TWO_SPEED_CURVE, // share of the value asked, by time
  reserveShare: kind.rate(), // of the value: nothing is sold for less
  window: kind.span(), // how long a portfolio worth something stands in auction
  // and one worth less than nothing, the fund's premium rising; null: never
  insolventWindow: kind.nullable(kind.span()),
});
export type PortfolioPolicy = RecordOf<typeof PORTFOLIO_POLICY>;

/**
 * SOLVENT: the account is worth something and sells at a discount. INSOLVENT: it is not, and the insurance fund pays
 * who takes it.
 */
export type PortfolioMode = 'SOLVENT' | 'INSOLVENT';

export type PortfolioStatus = 'OPEN' | 'PAUSED';

/** Positions of one account, offered together by shares of all of them. */
export const PORTFOLIO_AUCTION = kind.record({
  id: kind.text<PortfolioAuctionId>(),
  account: kind.account(), // the debtor
  liquidation: kind.text<LiquidationId>(),
  currency: kind.currency(),
  mode: kind.text<PortfolioMode>(),
  terms: PORTFOLIO_POLICY, // the version it runs by to its end
  status: kind.text<PortfolioStatus>(),
  startedAt: kind.instant(),
  deadline: kind.instant(),
  timeLeft: kind.nullable(kind.span()), // while paused
  sold: kind.digits(18), // share of the portfolio it began with that is gone, 18 digits
  takes: kind.count(),
  proceeds: kind.cash('currency'), // price of what was sold; below zero where the fund paid for it to be taken
  fairValue: kind.cash('currency'), // of what was sold, at the marks when it was
  fund: kind.cash('currency'), // premiums the insurance fund paid
  version: kind.count(), // raised by every change
});
export type PortfolioAuction = RecordOf<typeof PORTFOLIO_AUCTION>;

/** How an auction of a portfolio ended. */
export type PortfolioOutcome =
  | 'RESTORED' // the account is at its target again
  | 'TAKEN' // nothing is left of the portfolio
  | 'TIME_UP' // what is left goes on down the ladder, or to the house
  | 'INSOLVENT' // what was worth something no longer is
  | 'RECOVERED'; // what was worth nothing is again
