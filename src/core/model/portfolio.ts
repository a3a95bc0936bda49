/** Auctions of whole portfolios: the policy they follow, and what is known of each while it runs.  Rule: CA-5 */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';
import type { AccountId } from './account';
import type { AuctionCurve } from './auction';
import type { LiquidationId } from './liquidation';
import type { CurrencyId } from './reference';

export type PortfolioAuctionId = string;

/** How portfolios of accounts of one currency are auctioned, every version. */
export interface PortfolioPolicy {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly curve: Extract<AuctionCurve, { shape: 'TWO_SPEED' }>; // share of the value asked, by time
  readonly reserveShare: Rate; // of the value: nothing is sold for less
  readonly window: Duration; // how long a portfolio worth something stands in auction
  readonly insolventWindow: Duration | null; // and one worth less than nothing, the fund's premium rising; null: never
}

/** SOLVENT: the account is worth something and sells at a discount. INSOLVENT: it is not, and the insurance fund pays who takes it. */
export type PortfolioMode = 'SOLVENT' | 'INSOLVENT';

export type PortfolioStatus = 'OPEN' | 'PAUSED';

/** Positions of one account, offered together by shares of all of them. */
export interface PortfolioAuction {
  readonly id: PortfolioAuctionId;
  readonly account: AccountId; // the debtor
  readonly liquidation: LiquidationId;
  readonly currency: CurrencyId;
  readonly mode: PortfolioMode;
  readonly terms: PortfolioPolicy; // the version it runs by to its end
  readonly status: PortfolioStatus;
  readonly startedAt: Instant;
  readonly deadline: Instant;
  readonly timeLeft: Duration | null; // while paused
  readonly sold: bigint; // share of the portfolio it began with that is gone, 18 digits
  readonly takes: number;
  readonly proceeds: Cash; // price of what was sold; below zero where the fund paid for it to be taken
  readonly fairValue: Cash; // of what was sold, at the marks when it was
  readonly fund: Cash; // premiums the insurance fund paid
  readonly version: number; // raised by every change
}

/** How an auction of a portfolio ended. */
export type PortfolioOutcome =
  | 'RESTORED' // the account is at its target again
  | 'TAKEN' // nothing is left of the portfolio
  | 'TIME_UP' // what is left goes on down the ladder, or to the house
  | 'INSOLVENT' // what was worth something no longer is
  | 'RECOVERED'; // what was worth nothing is again
