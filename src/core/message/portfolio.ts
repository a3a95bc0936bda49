/** Commands and events of auctions of whole portfolios.  Rule: CA-5 */

import { kind } from '../kind/kind';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import type { PortfolioAuctionId, PortfolioOutcome } from '../model/portfolio';
import { PORTFOLIO_AUCTION, PORTFOLIO_POLICY } from '../model/portfolio';
import { TRANSFER } from './ledger';
import { POSITION_CHANGE } from './position';

import { CHARGES, SLIPPAGE } from './settlement';

export type PortfolioChange = 'PAUSED' | 'RESUMED';

export const PORTFOLIO_EVENTS = kind.events({
  PortfolioPolicySet: kind.event('A version of the policy for portfolio auctions was set.', {
    terms: kind.about(PORTFOLIO_POLICY),
  }),
  PortfolioAuctionStarted: kind.event('A portfolio auction started.', {
    account: kind.account(),
    portfolio: PORTFOLIO_AUCTION,
  }),
  PortfolioAuctionChanged: kind.event('A portfolio auction was paused or resumed.', {
    account: kind.account(),
    change: kind.text<PortfolioChange>(),
    portfolio: PORTFOLIO_AUCTION,
  }),
  /** One position of a take: it changes hands at the mark. */
  PortfolioPositionTaken: kind.event('A position changed hands with a share of a portfolio.', {
    auction: kind.text<PortfolioAuctionId>(),
    liquidation: kind.text<LiquidationId>(),
    account: kind.account(),
    taker: kind.account(),
    instrument: kind.instrument(),
    size: kind.size('instrument'), // traded by the account, buy positive
    value: kind.cash('account'), // what the account pays, above zero, or receives
    mark: kind.price('instrument'),
    // of the account that this fills
    orders: kind.list(kind.record({ order: kind.text<LiquidationOrderId>(), size: kind.size('instrument') })),
    positions: kind.list(POSITION_CHANGE),
    charges: CHARGES,
    slippage: SLIPPAGE,
    transfers: kind.list(TRANSFER),
  }),
  PortfolioTaken: kind.event('A share of a portfolio was taken.', {
    auction: kind.text<PortfolioAuctionId>(),
    account: kind.account(),
    taker: kind.account(),
    share: kind.digits(18), // of what was left, 18 digits
    value: kind.cash('account'), // of the whole portfolio before the take
    price: kind.cash('account'), // asked for the whole portfolio
    premium: kind.cash('account'), // paid to the taker beside the mark, for its share
    portfolio: PORTFOLIO_AUCTION, // as it is afterwards
    transfers: kind.list(TRANSFER),
  }),
  PortfolioAuctionEnded: kind.event('A portfolio auction ended.', {
    account: kind.account(),
    outcome: kind.text<PortfolioOutcome>(),
    portfolio: PORTFOLIO_AUCTION, // as it was at the end
  }),
});
