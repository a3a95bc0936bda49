/** Commands and events of auctions of whole portfolios.  Rule: CA-5 */

import type { Cash, Price, Size } from '../../units/quantity';
import type { AccountId } from '../model/account';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import type { PortfolioAuction, PortfolioAuctionId, PortfolioOutcome, PortfolioPolicy } from '../model/portfolio';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { Transfer } from './ledger';
import type { PositionChange } from './position';
import type { Decimal } from './reference';
import type { Charges, Slippage } from './settlement';

export interface SetPortfolioPolicy {
  readonly type: 'SetPortfolioPolicy';
  readonly currency: CurrencyId;
  readonly start: Decimal; // share of the value asked at first
  readonly cutoff: Decimal; // where it slows down
  readonly fast: number; // ms, from start to cutoff
  readonly slow: number; // ms, from cutoff to nothing
  readonly reserveShare: Decimal;
  readonly window: number; // ms
  readonly insolventWindow: number | null; // ms
}

export interface TakePortfolio {
  readonly type: 'TakePortfolio';
  readonly auction: PortfolioAuctionId;
  readonly account: AccountId; // of the bidder
  readonly share: Decimal | null; // at most, above 0 up to 1; null: as much as is for sale
  readonly limit: Decimal; // no more for the whole portfolio; below zero: no less is paid for it to be taken
  readonly version: number; // of the auction that was seen
}

export type PortfolioCommand = SetPortfolioPolicy | TakePortfolio;

export type PortfolioChange = 'PAUSED' | 'RESUMED';

export type PortfolioEvent =
  | { readonly type: 'PortfolioPolicySet'; readonly terms: PortfolioPolicy }
  | { readonly type: 'PortfolioAuctionStarted'; readonly account: AccountId; readonly portfolio: PortfolioAuction }
  | {
      readonly type: 'PortfolioAuctionChanged';
      readonly account: AccountId;
      readonly change: PortfolioChange;
      readonly portfolio: PortfolioAuction;
    }
  | {
      /** One position of a take: it changes hands at the mark. */
      readonly type: 'PortfolioPositionTaken';
      readonly auction: PortfolioAuctionId;
      readonly liquidation: LiquidationId;
      readonly account: AccountId;
      readonly taker: AccountId;
      readonly instrument: InstrumentId;
      readonly size: Size; // traded by the account, buy positive
      readonly value: Cash; // what the account pays, above zero, or receives
      readonly mark: Price;
      readonly orders: readonly { readonly order: LiquidationOrderId; readonly size: Size }[]; // of the account that this fills
      readonly positions: readonly PositionChange[];
      readonly charges: Charges;
      readonly slippage: Slippage;
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'PortfolioTaken';
      readonly auction: PortfolioAuctionId;
      readonly account: AccountId;
      readonly taker: AccountId;
      readonly share: bigint; // of what was left, 18 digits
      readonly value: Cash; // of the whole portfolio before the take
      readonly price: Cash; // asked for the whole portfolio
      readonly premium: Cash; // paid to the taker beside the mark, for its share
      readonly portfolio: PortfolioAuction; // as it is afterwards
      readonly transfers: readonly Transfer[];
    }
  | {
      readonly type: 'PortfolioAuctionEnded';
      readonly account: AccountId;
      readonly outcome: PortfolioOutcome;
      readonly portfolio: PortfolioAuction; // as it was at the end
    };
