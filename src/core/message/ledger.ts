/** Commands and events that move money, and the transfer, the only way in which money moves. */

import { kind, type RecordOf } from '../kind/kind';
import type { AccountId } from '../model/account';

/**
 * The name of a ledger account: `account/<id>` is the collateral of an account; the others are the house's control
 * accounts, one per currency (and instrument where the name says so).
 */
export type LedgerName =
  | `account/${AccountId}`
  | 'external' // the world outside: its debt is what was paid in, less what was paid out
  | 'insurance-fund'
  | `insurance-fund/${string}` // of a pool of instruments
  | `default-fund/${string}` // a member's contribution
  | 'backstop-pool' // contributions that bear losses
  | 'backstop-income' // what its contributors have earned and not taken
  | 'house-capital'
  | 'house-tranche-2'
  | 'house-further'
  | 'house-fees'
  | `auction/${string}` // lot and escrow of an auction
  | 'fund-inventory' // collateral the insurance fund bought at auction
  | 'conversion' // collateral taken over against cash
  | 'unallocated-loss' // what no layer could bear; below zero while it stands
  | `liquidator-deposit/${AccountId}` // what a liquidator has put down
  | `lots/${string}` // bids for lots of a default, until the round has ended
  | `recovery/${AccountId}` // collateral without a price of an account whose loss others bore
  | `variation/${string}` // per instrument: minus the cost of all its positions, but for
  | `rounding/${string}`; // per instrument: what rounding gains down has left over

export type TransferReason =
  | 'DEPOSIT'
  | 'WITHDRAWAL'
  | 'TRANSFER'
  | 'CONTRIBUTION'
  | 'REALISED'
  | 'VARIATION'
  | 'ROUNDING'
  | 'FUNDING'
  | 'SETTLEMENT'
  | 'TRADING_FEE'
  | 'REBATE'
  | 'LIQUIDATION_FEE'
  | 'LIQUIDATION_PENALTY'
  | 'LIQUIDATOR_REWARD'
  | 'LIQUIDATOR_DEPOSIT'
  | 'CLAIM_PENALTY'
  | 'CONVERSION'
  | 'AUCTION_LOT'
  | 'AUCTION_RETURN'
  | 'AUCTION_BID'
  | 'AUCTION_PROCEEDS'
  | 'AUCTION_REWARD'
  | 'PORTFOLIO_PREMIUM' // to who takes a share of a portfolio
  | 'SHORTFALL'
  | 'SOCIALIZED_LOSS'
  | 'GAINS_HAIRCUT'
  | 'ASSESSMENT'
  | 'RECOVERY'
  | 'SURPLUS'
  | 'SEIZURE' // a defaulter's collateral, into the ledger of its default
  | 'PORTFOLIO' // what its positions had gained or lost when they were taken
  | 'DEFAULT_COST'
  | 'LOT_BID'
  | 'LOT_PRICE'
  | 'DEFAULT_SURPLUS'
  | 'REVERSAL';

/** Money changing hands: `amount` leaves `from` and reaches `to`. Double entry by construction.  Rule: X-1 */
export const TRANSFER = kind.record({
  from: kind.text<LedgerName>(),
  to: kind.text<LedgerName>(),
  currency: kind.currency(),
  amount: kind.cash('currency'), // above zero
  reason: kind.text<TransferReason>(),
});
export type Transfer = RecordOf<typeof TRANSFER>;

const MOVED = {
  currency: kind.currency(),
  amount: kind.cash('currency'),
  transfers: kind.list(TRANSFER),
};

export const LEDGER_EVENTS = kind.events({
  CollateralDeposited: kind.event('Collateral was paid in.', { account: kind.account(), ...MOVED }),
  CollateralWithdrawn: kind.event('Collateral was paid out.', { account: kind.account(), ...MOVED }),
  CollateralTransferred: kind.event('Collateral moved between accounts of one owner.', {
    account: kind.account(),
    receiver: kind.account(),
    ...MOVED,
  }),
  InsuranceFundContributed: kind.event('Money was paid into an insurance fund.', {
    source: kind.text<'EXTERNAL' | 'HOUSE_CAPITAL'>(),
    ...MOVED,
  }),
  InsuranceFundWithdrawn: kind.event('Money was taken out of an insurance fund.', { reason: kind.text(), ...MOVED }),
  HouseCapitalContributed: kind.event("Money was paid into the house's capital.", { ...MOVED }),
  TransferReversed: kind.event('An earlier transfer was reversed.', {
    entry: kind.count(),
    place: kind.count(),
    reason: kind.text(),
    ...MOVED,
  }),
});
