/** Policies: versioned data that decide when an account is warned, called, closed out, and who bears a loss. */

import { duration } from '../../units/quantity';
import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';

export const TIER_AGGREGATION = choice('TierAggregation', 'Whose positions are added up to find a tier.', {
  OWNER: 'The positions of all accounts of one beneficial owner.',
  ACCOUNT: 'The positions of the account alone.',
});

export const MARGIN_BASE = choice('MarginBase', 'The requirement that a share is taken of.', {
  INITIAL: 'Initial margin.',
  MAINTENANCE: 'Maintenance margin.',
});

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

/**
 * Added to the penalty where equity has fallen below a share of maintenance margin when the liquidation starts.  Rule:
 * LP-2
 */
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

/** For how long after its end a liquidation may be disputed where its policy says nothing else. */
export const DISPUTE_WINDOW = duration(7 * 86_400_000);

export const STEP_SHARE_BASE = choice('StepShareBase', 'What the share of a step is taken of.', {
  POSITION: 'The position.',
  DEBT:
    'What the position is worth beyond the equity behind it: a step repays at most that share of it, charges paid. ' +
    'Then both the position and that have to be above stepShareAbove, and left at minimumRemainder or more.',
});
export type StepShareBase = ChoiceOf<typeof STEP_SHARE_BASE>;

export const STEP_REST = choice('StepRest', 'What follows on a step that closed less than it had to.', {
  WAIT: 'The next step waits until the interval is over.',
  WHOLE: 'Within the interval no step is bounded by maximumStepShare.',
});
export type StepRest = ChoiceOf<typeof STEP_REST>;

export const LIQUIDATION_TERMS = kind.record({
  feeRate: kind.rate(), // of the notional closed at the mark                     Ruling 9
  feeShares: FEE_SHARES,
  fundRate: kind.optional(kind.rate()), // added to it for the insurance fund, at most; none: nothing    LF-5
  // that addition takes at most this share of what closing the position leaves above the target; none: all of it
  fundShare: kind.optional(kind.rate()),
  penaltyTiers: kind.list(PENALTY_TIER), // ascending, the first from zero  LP-2
  repeatSurcharge: kind.rate(), // added per earlier liquidation within the window
  repeatMaximum: kind.count(), // at most this many are counted
  repeatWindow: kind.span(),
  slippage: kind.rate(), // allowed for when the size to close is computed
  venueWindow: kind.span(), // how long a venue has to fill an order before the house takes over
  maximumStepNotional: kind.nullable(kind.cash('currency')), // larger reductions go out in steps
  maximumShareOfDepth: kind.nullable(kind.rate()), // of the depth the venue states     LE-4
  maximumStepShare: kind.optional(kind.rate()), // of the position before the step; none: all of it    LE-4
  stepShareOf: kind.optional(kind.text<StepShareBase>()), // or of what is owed for it; none: of the position
  stepShareAbove: kind.optional(kind.cash('currency')), // that share binds positions above this notional; none: all
  wholeBelow: kind.optional(kind.rate()), // below this equity / maintenance it binds nobody; none: it binds always
  stepInterval: kind.optional(kind.span()), // after a step in parts; none: the next follows at once     LE-6
  stepRest: kind.optional(kind.text<StepRest>()), // what it means; none: the next step waits
  minimumRemainder: kind.cash('currency'), // a position left smaller than this is closed whole [notional]
  // from the mildest to the most severe; the last that applies counts
  severityTiers: kind.optional(kind.list(SEVERITY_TIER)),
  // how long after its end a liquidation may be disputed; none: seven days    LP-5
  disputeWindow: kind.optional(kind.span()),
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
  // of maintenance margin: carried by holdings that stand still, the clock of a call stands   Ruling 13
  frozenShare: kind.optional(kind.rate()),
});
export type MarginPolicy = RecordOf<typeof MARGIN_POLICY>;

/** Layers of the default waterfall. */
export const LOSS_LAYER = choice('LossLayer', 'A layer of the default waterfall.', {
  DEFAULTER_MARGIN:
    "The account's own collateral, used when its last positions were closed. It is always first, " +
    'so the case shows the gross loss.',
  OWNER_COLLATERAL:
    "What the account's owner has above the call level in its other accounts of the currency, with every member, " +
    'pro rata. ' +
    'The positions of these accounts on the other side are closed first, at the mark. Isolated accounts answer as ' +
    'far as ' +
    'isolatedRecourse says. Only DEFAULTER_MARGIN may stand before it.',
  MEMBER_COLLATERAL: "Free collateral of the house accounts of the account's member, never below their initial margin.",
  DEFAULTER_FUND: "The default-fund contribution of the account's member.",
  INSURANCE_FUND: 'The pool of the instrument, then the insurance fund of the currency if the pool says so.',
  HOUSE_CAPITAL: "The first tranche of the house's own capital.",
  DEFAULT_FUND:
    "The other members' contributions. Juniors of the default pay first, with all they have. The " +
    'others follow pro rata.',
  HOUSE_TRANCHE_2: "The second tranche of the house's capital.",
  HOUSE_FURTHER: 'The capital that the house has set aside beyond that.',
  BACKSTOP_POOL: 'The backstop pool. Every contributor pays in proportion.',
  ASSESSMENTS:
    'Assessments of surviving members, capped. The loss stays unallocated until they have paid ' +
    'or their time is up.',
  GAINS_HAIRCUT: 'The gains of the period, cut pro rata.',
  DELEVERAGING: 'Holders on the other side of what the house took over, chosen by the deleveraging policy.',
  TEAR_UP: 'Holders on the other side, pro rata to what each holds. The house closes all that it took over.',
  SOCIALIZED_LOSS: 'The accounts that gained, in proportion. It is always last.',
});
export type LossLayer = ChoiceOf<typeof LOSS_LAYER>;
export const SOCIALIZATION_BASE = choice('SocializationBase', 'The base by which a socialized loss is shared.', {
  GAINS: 'Realised and unrealised gains of the loss period.',
  OPEN_INTEREST: 'Notional of open positions.',
  EQUITY: 'Equity.',
});
export type SocializationBase = ChoiceOf<typeof SOCIALIZATION_BASE>;

export const ISOLATED_RECOURSE = choice(
  'IsolatedRecourse',
  "How far an isolated account answers for what its owner's other accounts leave, and these for what it leaves.",
  {
    NONE: 'Not at all. An isolated account loses what is in it, and nothing else of its owner does.',
    SAME_UNDERLYING:
      'Between accounts that are bound to one underlying, or have held or traded it in the present loss period: ' +
      'whoever traded with itself pays for it.',
    ALL: 'Like any other account of the owner.',
  },
);
export type IsolatedRecourse = ChoiceOf<typeof ISOLATED_RECOURSE>;

/** Who bears what a bankrupt account leaves, per settlement currency.  Ruling 7 */
export const LOSS_POLICY = kind.record({
  currency: kind.currency(),
  version: kind.count(),
  layers: kind.list(kind.text<LossLayer>()), // in this order; socialized loss last
  // neighbours that bear side by side, by what they have
  together: kind.optional(kind.list(kind.list(kind.text<LossLayer>()))),
  gateAfter: kind.optional(kind.span()), // withdrawals wait so long after a loss had to be borne      DY-G1
  backstopShare: kind.optional(kind.rate()), // of liquidation penalties, to the backstop pool
  surplusToClaims: kind.optional(kind.flag()), // surplus of the inventory repays claims before the fund gets it
  gateFloor: kind.optional(kind.cash('currency')), // open debts of less than this hold no withdrawal back    Ruling 14
  // collateral worth less than this share of the debt holds no loss back   Ruling 16
  minorShare: kind.optional(kind.rate()),
  // nor does collateral without a live price for longer than this           Ruling 16
  priceWait: kind.optional(kind.span()),
  haltWindow: kind.optional(kind.span()), // a halt by one person lifts by itself after it      Ruling 15
  // of the book that changes of terms by one person may call in a day   Ruling 12
  changeShare: kind.optional(kind.rate()),
  // so few accounts they may call whatever that share                   Ruling 12
  changeAlone: kind.optional(kind.count()),
  // announced so long before, a change is not counted                  Ruling 12
  changeNotice: kind.optional(kind.span()),
  stableWindow: kind.optional(kind.span()), // gains made beyond the stable price within it do not leave       Ruling 18
  // the stable price moves by this share of itself in a window         Ruling 18
  stableBand: kind.optional(kind.rate()),
  // how far isolated accounts answer for their owner's others   Ruling 17
  isolatedRecourse: kind.optional(kind.text<IsolatedRecourse>()),
  base: kind.text<SocializationBase>(),
  period: kind.span(), // gains are counted within it
  fundTarget: kind.cash('currency'), // size the insurance fund should have   [currency]
});
export type LossPolicy = RecordOf<typeof LOSS_POLICY>;

/**
 * How the house gets rid of what it took over, per settlement currency: step by step, never all at once if it is large.
 */
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
