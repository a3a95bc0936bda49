/** Policies: versioned data that decide when an account is warned, called, closed out, and who bears a loss. */

import { kind, type RecordOf } from '../kind/kind';

export type PolicyId = string;

/** A share of a requirement: one half of initial margin, 2/3 of maintenance margin. */
export const MARGIN_TERM = kind.record({
  base: kind.text<'INITIAL' | 'MAINTENANCE'>(),
  ratio: kind.ratio(),
});
export type MarginTerm = RecordOf<typeof MARGIN_TERM>;

/** A level of equity: the highest of its terms. */
export type MarginLevel = readonly MarginTerm[];

export const PENALTY_TIER = kind.record({
  floor: kind.cash('currency'), // from this notional closed   [settlement currency]
  rate: kind.rate(), // of the notional closed at the mark
});
export type PenaltyTier = RecordOf<typeof PENALTY_TIER>;

/** Added to the penalty where equity has fallen below a share of maintenance margin when the liquidation starts.  Rule: LP-2 */
export const SEVERITY_TIER = kind.record({
  below: kind.rate(), // equity / maintenance margin
  rate: kind.rate(), // of the notional closed at the mark
});
export type SeverityTier = RecordOf<typeof SEVERITY_TIER>;

/** How a liquidation fee is shared; the three sum to one.  Rule: LF-2 */
export const FEE_SHARES = kind.record({
  liquidator: kind.rate(),
  fund: kind.rate(),
  house: kind.rate(),
});
export type FeeShares = RecordOf<typeof FEE_SHARES>;

export const LIQUIDATION_TERMS = kind.record({
  feeRate: kind.rate(), // of the notional closed at the mark                     Ruling 9
  feeShares: FEE_SHARES,
  penaltyTiers: kind.list(PENALTY_TIER), // ascending, the first from zero  LP-2
  repeatSurcharge: kind.rate(), // added per earlier liquidation within the window
  repeatMaximum: kind.count(), // at most this many are counted
  repeatWindow: kind.span(),
  slippage: kind.rate(), // allowed for when the size to close is computed
  venueWindow: kind.span(), // how long a venue has to fill an order before the house takes over
  maximumStepNotional: kind.nullable(kind.cash('currency')), // larger reductions go out in steps
  maximumShareOfDepth: kind.nullable(kind.rate()), // of the depth the venue states     LE-4
  minimumRemainder: kind.cash('currency'), // a position left smaller than this is closed whole [notional]
  severityTiers: kind.optional(kind.list(SEVERITY_TIER)), // from the mildest to the most severe; the last that applies counts
  disputeWindow: kind.optional(kind.span()), // how long after its end a liquidation may be disputed; none: seven days    LP-5
});
export type LiquidationTerms = RecordOf<typeof LIQUIDATION_TERMS>;

/**
 * The margin policy of an account: the ladder and what follows on it.  Ruling 1, 2, 3.
 * A level is breached when equity is strictly below it; the levels are ordered warning >= call >= close-out.
 */
export const MARGIN_POLICY = kind.record({
  id: kind.text<PolicyId>(),
  version: kind.count(),
  effectiveAt: kind.instant(),
  currency: kind.currency(), // in which its amounts are stated; its accounts are margined in it
  warnings: kind.list(kind.list(MARGIN_TERM)), // from the earliest to the last
  call: kind.list(MARGIN_TERM),
  closeOut: kind.list(MARGIN_TERM),
  cure: kind.list(MARGIN_TERM), // equity at or above it cures a call
  target: kind.list(MARGIN_TERM), // equity a liquidation restores, and leaves LIQUIDATING at
  hysteresis: kind.ratio(), // a warning is withdrawn at its level x (1 + hysteresis)
  cureWindow: kind.span(), // from issue to deadline
  finalNotice: kind.nullable(kind.span()), // this long before the deadline a final notice goes out
  amendStep: kind.ratio(), // a call is amended when its amount grew by more than this share
  aggregation: kind.text<'OWNER' | 'ACCOUNT'>(), // whose positions are added up to find the tier   MT-3
  liquidation: LIQUIDATION_TERMS,
});
export type MarginPolicy = RecordOf<typeof MARGIN_POLICY>;

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
export const LOSS_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  layers: kind.list(kind.text<LossLayer>()), // in this order; socialized loss last
  together: kind.optional(kind.list(kind.list(kind.text<LossLayer>()))), // neighbours that bear side by side, by what they have
  gateAfter: kind.optional(kind.span()), // withdrawals wait so long after a loss had to be borne      DY-G1
  backstopShare: kind.optional(kind.rate()), // of liquidation penalties, to the backstop pool
  surplusToClaims: kind.optional(kind.flag()), // surplus of the inventory repays claims before the fund gets it
  base: kind.text<SocializationBase>(),
  period: kind.span(), // gains are counted within it
  fundTarget: kind.cash('currency'), // size the insurance fund should have   [currency]
});
export type LossPolicy = RecordOf<typeof LOSS_POLICY>;

/** How the house gets rid of what it took over, per settlement currency: step by step, never all at once if it is large. */
export const DISPOSAL_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  interval: kind.span(), // between steps
  fraction: kind.rate(), // of what is left goes out per step
  fullBelow: kind.cash('currency'), // a position of this notional or less goes out whole
  maximumShareOfDepth: kind.rate(), // of the depth the venue states
  slippage: kind.rate(), // an order's limit is the mark less this
});
export type DisposalPolicy = RecordOf<typeof DISPOSAL_POLICY>;
