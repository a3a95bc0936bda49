/** Policies: versioned data that decide when an account is warned, called, closed out, and who bears a loss. */

import type { Cash, Duration, Instant, Rate } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { CurrencyId } from './reference';

export type PolicyId = string;

/** A share of a requirement: one half of initial margin, 2/3 of maintenance margin. */
export interface MarginTerm {
  readonly base: 'INITIAL' | 'MAINTENANCE';
  readonly ratio: Ratio;
}

/** A level of equity: the highest of its terms. */
export type MarginLevel = readonly MarginTerm[];

export interface PenaltyTier {
  readonly floor: Cash; // from this notional closed   [settlement currency]
  readonly rate: Rate; // of the notional closed at the mark
}

/** Added to the penalty where equity has fallen below a share of maintenance margin when the liquidation starts.  Rule: LP-2 */
export interface SeverityTier {
  readonly below: Rate; // equity / maintenance margin
  readonly rate: Rate; // of the notional closed at the mark
}

/** How a liquidation fee is shared; the three sum to one.  Rule: LF-2 */
export interface FeeShares {
  readonly liquidator: Rate;
  readonly fund: Rate;
  readonly house: Rate;
}

export interface LiquidationTerms {
  readonly feeRate: Rate; // of the notional closed at the mark                     Ruling 9
  readonly feeShares: FeeShares;
  readonly penaltyTiers: readonly PenaltyTier[]; // ascending, the first from zero  LP-2
  readonly repeatSurcharge: Rate; // added per earlier liquidation within the window
  readonly repeatMaximum: number; // at most this many are counted
  readonly repeatWindow: Duration;
  readonly slippage: Rate; // allowed for when the size to close is computed
  readonly venueWindow: Duration; // how long a venue has to fill an order before the house takes over
  readonly maximumStepNotional: Cash | null; // larger reductions go out in steps
  readonly maximumShareOfDepth: Rate | null; // of the depth the venue states     LE-4
  readonly minimumRemainder: Cash; // a position left smaller than this is closed whole [notional]
  readonly severityTiers?: readonly SeverityTier[]; // from the mildest to the most severe; the last that applies counts
  readonly disputeWindow?: Duration; // how long after its end a liquidation may be disputed; none: seven days    LP-5
}

/**
 * The margin policy of an account: the ladder and what follows on it.  Ruling 1, 2, 3.
 * A level is breached when equity is strictly below it; the levels are ordered warning >= call >= close-out.
 */
export interface MarginPolicy {
  readonly id: PolicyId;
  readonly version: number;
  readonly effectiveAt: Instant;
  readonly currency: CurrencyId; // in which its amounts are stated; its accounts are margined in it
  readonly warnings: readonly MarginLevel[]; // from the earliest to the last
  readonly call: MarginLevel;
  readonly closeOut: MarginLevel;
  readonly cure: MarginLevel; // equity at or above it cures a call
  readonly target: MarginLevel; // equity a liquidation restores, and leaves LIQUIDATING at
  readonly hysteresis: Ratio; // a warning is withdrawn at its level x (1 + hysteresis)
  readonly cureWindow: Duration; // from issue to deadline
  readonly finalNotice: Duration | null; // this long before the deadline a final notice goes out
  readonly amendStep: Ratio; // a call is amended when its amount grew by more than this share
  readonly aggregation: 'OWNER' | 'ACCOUNT'; // whose positions are added up to find the tier   MT-3
  readonly liquidation: LiquidationTerms;
}

/** Layers of the default waterfall. */
export type LossLayer =
  | 'DEFAULTER_MARGIN' // the account's own collateral, used when its last positions were closed
  | 'OWNER_COLLATERAL' // what its owner has in other accounts with the member above maintenance margin   X-1
  | 'MEMBER_COLLATERAL' // free collateral of its member's house accounts   LCS-2
  | 'DEFAULTER_FUND' // its member's default-fund contribution
  | 'INSURANCE_FUND'
  | 'HOUSE_CAPITAL'
  | 'DEFAULT_FUND' // the survivors' contributions, juniors first           LCS-4
  | 'HOUSE_TRANCHE_2'
  | 'HOUSE_FURTHER'
  | 'BACKSTOP_POOL'
  | 'ASSESSMENTS'
  | 'GAINS_HAIRCUT' // gains of the period, cut pro rata
  | 'DELEVERAGING'
  | 'TEAR_UP'
  | 'SOCIALIZED_LOSS';
export type SocializationBase = 'GAINS' | 'OPEN_INTEREST' | 'EQUITY';

/** Who bears what a bankrupt account leaves, per settlement currency.  Ruling 7 */
export interface LossPolicy {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly layers: readonly LossLayer[]; // in this order; socialized loss last
  readonly together?: readonly (readonly LossLayer[])[]; // neighbours that bear side by side, by what they have
  readonly gateAfter?: Duration; // withdrawals wait so long after a loss had to be borne      DY-G1
  readonly backstopShare?: Rate; // of liquidation penalties, to the backstop pool
  readonly surplusToClaims?: boolean; // surplus of the inventory repays claims before the fund gets it
  readonly base: SocializationBase;
  readonly period: Duration; // gains are counted within it
  readonly fundTarget: Cash; // size the insurance fund should have   [currency]
}

/** How the house gets rid of what it took over, per settlement currency: step by step, never all at once if it is large. */
export interface DisposalPolicy {
  readonly currency: CurrencyId;
  readonly version: number;
  readonly interval: Duration; // between steps
  readonly fraction: Rate; // of what is left goes out per step
  readonly fullBelow: Cash; // a position of this notional or less goes out whole
  readonly maximumShareOfDepth: Rate; // of the depth the venue states
  readonly slippage: Rate; // an order's limit is the mark less this
}
