/**
 * Refusals: values with a stable code. A command that breaks several rules gets the first code in the order in which
 * its check tests them, so that the same wrong command always gets the same answer.
 */

/** Every code, what it means, and whether the same command may succeed later without being changed. */
export const REJECTIONS = {
  ID_INVALID: [
    'An id is not 1 to 64 letters, digits or . _ : -, in parts divided by single slashes. Each ' +
      'part begins with a letter or digit.',
    false,
  ],
  VALUE_OUT_OF_RANGE: ['A value is outside what the field allows. The details name the field.', false],
  TOO_MANY_DIGITS: ['A decimal has more digits than its currency, tick or lot can hold.', false],
  ALREADY_EXISTS: ['This id is in use already.', false],
  CURRENCY_NOT_FOUND: ['There is no currency with this id.', false],
  CURRENCY_MISMATCH: ['Two amounts or terms have different currencies where one currency is needed.', false],
  INDEX_NOT_FOUND: ['There is no price index with this id.', false],
  INSTRUMENT_NOT_FOUND: ['There is no instrument with this id.', false],
  INSTRUMENT_VALUE_NOT_WHOLE: [
    'Tick x lot x multiplier is not a whole number of the smallest unit of the settlement currency.',
    false,
  ],
  INSTRUMENT_NOT_TRADING: ['The instrument is halted, expired, or open for reducing trades only.', true],
  INSTRUMENT_ENDING: ['The end of the instrument has come, or was announced. It takes reducing trades only.', false],
  ALREADY_DELISTING: ['The end of the instrument is announced already. It has to be called off first.', false],
  DELISTING_NOT_FOUND: ['No end of the instrument was announced, or its last price is being averaged already.', false],
  SETTLEMENT_NOT_AWAITED: ['The instrument does not wait for a last price.', true],
  INSTRUMENT_NOT_CONFIGURED: ['The instrument has no margin tiers yet.', true],
  TIERS_NOT_CONTIGUOUS: ['The tiers do not start at zero, or one does not start where the one before ends.', false],
  TIERS_NOT_RISING: ['The rates of a higher tier are lower.', false],
  TIERS_RATE_INVALID: ['A rate is not above 0 and at most 1, or an initial rate is below the maintenance rate.', false],
  TIERS_NOT_CONTINUOUS: ['A stated deduction is not the one that makes the requirement continuous.', false],
  FEE_ABOVE_MAINTENANCE: [
    'Liquidation fee plus penalty reaches the maintenance rate of a tier, so a partial liquidation could not cure.',
    false,
  ],
  LADDER_NOT_ORDERED: [
    'The levels of the margin ladder are not ordered for every requirement. The order is warnings, call, close-out. ' +
      'Cure is not below call, and target is not below close-out. For each term of a level the level above it has a ' +
      'term of at least the same ratio, of the same base or of INITIAL. `rung` is the first level that is not below ' +
      'the one before it. It counts from 1: the warnings, the call, the close-out. Or it is `cure` or `target`.',
    false,
  ],
  SHARES_NOT_ONE: ['The shares do not sum to one.', false],
  LAYERS_INVALID: [
    "The loss layers are not distinct, or not in a valid order. The defaulter's margin comes " +
      'first and socialized loss last. Layers that bear losses together are neighbours.',
    false,
  ],
  MEMBER_NOT_FOUND: ['There is no member with this id.', false],
  MEMBER_SUSPENDED: [
    'The member is suspended, in default or terminated. Its accounts take no new risk, and nothing leaves them.',
    true,
  ],
  MEMBER_STATUS_MISMATCH: ['The status of the member does not allow this.', false],
  SAME_MEMBER: ['Clients cannot move to the member that they belong to.', false],
  DEFAULT_ALREADY_OPEN: ['The member is in default already.', false],
  DEFAULT_NOT_FOUND: ['There is no open default with this id, or it has nothing in this currency.', false],
  DEFAULT_STILL_OPEN: [
    'Something of the default is still open: a position, an order, an offer, a client or a ' +
      'currency. The details name it.',
    true,
  ],
  DEFAULT_SETTLED: ['This currency of the default is settled already.', false],
  NOTHING_TO_CLOSE: ['The default holds no position that this could hedge, reduce or split.', false],
  LOTS_INVALID: [
    'The lots are not all shares, or not all lists of positions that add up to what the default holds.',
    false,
  ],
  LOT_NOT_OFFERED: ['No such lot of the default is offered now.', true],
  BIDDER_EXCLUDED: ['The member may not bid: it is in default, or it was not invited.', false],
  LOT_BID_BELOW_RESERVE: ['The bid is below the reserve of the lot.', false],
  PORT_NOT_FOUND: ['There is no open offer with this id to the member of the caller.', false],
  ACCOUNT_NOT_PORTABLE: [
    'The account is not a client of the member in default, or it is being closed out already.',
    false,
  ],
  POLICY_NOT_FOUND: ['There is no margin policy with this id.', false],
  ACCOUNT_NOT_FOUND: ['The account does not exist or the caller may not see it.', false],
  ACCOUNT_NOT_OPEN: ['The account is being liquidated, bankrupt or closed and does not take this command.', true],
  ACCOUNT_ISOLATED: ['The account is isolated to another instrument.', false],
  SAME_ACCOUNT: ['Both sides are the same account.', false],
  OWNER_MISMATCH: ['Collateral moves freely only between accounts of one owner at one member.', false],
  AMOUNT_NOT_POSITIVE: ['The amount is not above zero.', false],
  SIZE_NOT_POSITIVE: ['The size is not above zero.', false],
  COLLATERAL_NOT_ELIGIBLE: ['The currency is not accepted as collateral for this account.', false],
  COLLATERAL_ENCUMBERED: [
    'The amount is more than may leave. What remains must cover initial margin without unrealised gains.',
    true,
  ],
  OWNER_OWES: [
    'Another account of the owner is worth less than nothing, and the owner pays first. What ' +
      'that account may need does not leave.',
    true,
  ],
  MARGIN_CALL_OPEN: ['A margin call is open. Until it is met nothing may leave and no risk may be added.', true],
  INSUFFICIENT_FUNDS: ['The ledger account does not hold the amount.', true],
  INSUFFICIENT_INITIAL_MARGIN: ['Equity after the trade or order would be below initial margin.', true],
  POSITION_LIMIT_EXCEEDED: ['The position would exceed the cap of the last margin tier.', false],
  TRADE_CREATES_SHORTFALL: ['The trade would leave an account with less than nothing.', false],
  DUPLICATE_TRADE: ['The venue reported a trade with this id before.', false],
  VENUE_NOT_FOUND: ['There is no venue with this id that numbers its trades.', false],
  TRADE_NUMBER_TOO_LOW: ['The venue has cleared this number, or a higher one. The details name the highest.', false],
  TRADE_TOO_OLD: [
    'The trade was executed longer ago than ids of trades are remembered, which is seven days ' +
      'unless it was set. It may have been cleared then.',
    false,
  ],
  TRADE_FROM_FUTURE: ['The trade claims to have been executed later than now.', true],
  WITHDRAWALS_GATED: [
    'Debts in the currency are open and this amount could still be asked for them, or a loss was borne a moment ' +
      'ago. Withdrawals wait.',
    true,
  ],
  CASE_NOT_FOUND: ['There is no loss case with a running claim with this id.', false],
  CASE_AWAITS_ASSESSMENTS: [
    'Members are still being asked for money for this case. Recoveries are shared once they have paid.',
    true,
  ],
  RECOVERY_ABOVE_CLAIMS: ['The amount is more than the open claims of the case.', false],
  FUND_CALL_NOT_FOUND: [
    'There is no open call for the default fund with this id, or the caller may not see it.',
    false,
  ],
  PAYMENT_ABOVE_CALL: ['The payment is more than what is left of the call.', false],
  BELOW_REQUIREMENT: ['The contribution that would be left is less than the member has to hold.', true],
  POOL_NOT_FOUND: ['There is no pool with this id in this currency.', false],
  POOLS_OVERLAP: ['An instrument belongs to one pool only.', false],
  CALENDAR_INVALID: ['A holiday is not a date, or the week has no business day.', false],
  TOO_MANY_ORDERS: ['The account has as many open orders as it may have.', true],
  ORDER_NOT_FOUND: ['There is no open order with this id.', false],
  ORDER_MISMATCH: ['The order is of another account, instrument or side, or it is smaller than the trade.', false],
  PRICE_NOT_POSITIVE: ['The price must be above zero for this instrument.', false],
  PRICE_OFF_TICK: ['The price is not a whole number of ticks.', false],
  SIZE_OFF_LOT: ['The size is not a whole number of lots.', false],
  PRICE_CROSSED: ['Bid is above ask, or the price lies outside them.', false],
  PRICE_OUT_OF_BAND: [
    'The price is further from the last one, or from the mark, than the band allows. The details name the last ' +
      'price and the ' +
      'band, a share of it.',
    true,
  ],
  PRICE_TOO_OLD: ['The price was observed before the one the house has, or longer ago than the heartbeat.', false],
  PRICE_FROM_FUTURE: ['The price claims to have been observed later than now.', true],
  PRICE_STALE: ['A price that the decision needs is stale.', true],
  PRICE_DOUBTED: ['The index of the instrument is doubted, and the guards set for it refuse new risk then.', true],
  PRICE_MISSING: ['A price that the decision needs was never set.', true],
  SOURCE_UNKNOWN: ['The source does not belong to the index.', false],
  CALL_NOT_FOUND: ['There is no open margin call with this id, or the caller may not see it.', false],
  CALL_ALREADY_OPEN: ['The account already has an open margin call.', false],
  CALL_ALREADY_ACKNOWLEDGED: ['The margin call was acknowledged before.', false],
  CALL_NOT_DISPUTED: ['The margin call is not in dispute.', false],
  DEADLINE_NOT_LATER: ['The new deadline is not later than the present one.', false],
  LIQUIDATION_ORDER_NOT_FOUND: ['There is no open liquidation order with this id.', true],
  LADDER_INVALID: [
    'A disposal ladder has 1 to 12 rungs and no method twice. The house or deleveraging is last and has no limits. ' +
      'Liquidators have an offer, and no other method has one. Only the venue with a slippage has an urgency.',
    false,
  ],
  METHOD_NOT_AVAILABLE: ['The house does not offer this method of disposal.', false],
  ORDER_NOT_AT_VENUE: ['The order is not with a venue now. It is on another rung of its ladder.', true],
  ORDER_NOT_OFFERED: ['The order is not offered to liquidators now.', true],
  LIQUIDATOR_NOT_FOUND: [
    'There is no registered liquidator with this account, or the caller may not act for it.',
    false,
  ],
  RELATED_ACCOUNT: [
    'An account cannot close a position of its own, of its owner, or of the house account of its member.',
    false,
  ],
  ALREADY_CLAIMED: ['Another liquidator has claimed the order and may take it until its claim expires.', true],
  CLAIM_NOT_ALLOWED: ['The liquidator has a claim on the order already, or let one on it expire.', false],
  CLAIM_OPEN: ['The liquidator has an open claim.', true],
  DEPOSIT_TOO_SMALL: ['The deposit does not cover what the offer asks, or the penalty of every open claim.', true],
  TAKE_EXCEEDS_NEED: ['The size is more than what restores the account now, reward included.', true],
  PROVIDER_NOT_FOUND: [
    'There is no backstop provider with this account and instrument, or the caller may not act for it.',
    false,
  ],
  LIQUIDATION_NOT_FOUND: [
    'There is no liquidation with this id that may still be disputed, or the caller may not see it.',
    false,
  ],
  LIQUIDATION_DISPUTED: ['The liquidation is disputed already.', false],
  LIQUIDATION_RUNNING: ['A dispute cannot be upheld before the liquidation has ended.', true],
  DISPUTE_NOT_FOUND: ['There is no open dispute with this id.', false],
  FILL_TOO_LARGE: ['The fill is larger than what is left of the order.', false],
  FILL_WORSE_THAN_LIMIT: ['The fill is worse than the limit of the order, its closing limit.', false],
  CAP_INVALID: [
    'An inventory cap applies to one instrument. It states an amount, a share of the insurance fund, or both.',
    false,
  ],
  INVENTORY_HELD: ['The house holds inventory of the instrument. Meanwhile a cap cannot be added or removed.', true],
  INVENTORY_TOO_SMALL: ['The house does not hold that much of the instrument.', true],
  OPEN_INTEREST_LIMIT: ['The trade would raise open interest above its share of the free float.', true],
  POSITION_ABOVE_FLOAT: ["The owner's positions would exceed their share of the free float.", false],
  ACCOUNT_NOT_IN_LIQUIDATION: [
    'The account is not being closed out. Only collateral of such an account is auctioned.',
    true,
  ],
  AUCTION_POLICY_NOT_FOUND: ['There is no auction policy for this currency.', false],
  CURVE_INVALID: ['The curve lacks a term that its shape needs, or it would not fall.', false],
  OFFICER_NEEDED: ['Only an officer may loosen the breaker.', false],
  AUCTIONS_STOPPED: ['The breaker of the currency stops this.', true],
  AUCTION_NOT_FOUND: ['There is no auction with this id that has not ended.', false],
  AUCTION_FORM_MISMATCH: [
    'The form of the auction does not allow this. Dutch auctions are taken from, and English and ' +
      'sealed auctions are bid on.',
    false,
  ],
  AUCTION_NOT_OPEN: [
    'The auction is not open: it waits, it is paused or stopped, it has no live price, or its round is over.',
    true,
  ],
  AUCTION_CHANGED: ['The auction has another version than the bid names.', true],
  PORTFOLIO_AUCTION_NOT_FOUND: ['There is no portfolio auction with this id that has not ended.', false],
  BIDDER_RELATED: ['The debtor and accounts of the same owner cannot bid.', false],
  NOT_INVITED: ['The first round is for invited members only.', true],
  BID_BELOW_RESERVE: ['The bid is below the reserve.', false],
  BID_TOO_LOW: ['The bid does not improve on the best one by the increment, or it is not for all of the lot.', false],
  BID_NOT_FUNDED: ['The bidder cannot pay. A bid is funded before it counts.', true],
  PRICE_ABOVE_LIMIT: ['The price is above the limit of the bid.', true],
  TAKE_LEAVES_DUST: ['The take is too small, or would leave too little. A take of all of it is possible.', false],
  RESET_NOT_DUE: ['The auction has not run its time, and its price is not below the price floor.', true],
  TRANSFER_NOT_REVERSIBLE: ['Transfers of this kind are not reversed, or this one was reversed before.', false],
  API_KEY_NOT_FOUND: ['There is no API key with this id.', false],
  CLOCK_NOT_STEPPED: ['The clock has not stepped, or it agrees with house time again.', false],
  CLOCK_STEP_CHANGED: ['The step is not the one that this entry reported. The clock has moved again.', true],
  PROPOSAL_NOT_FOUND: ['There is no open proposal with this id.', false],
  PROPOSAL_HASH_MISMATCH: ['The hash is not that of the proposal. What was read is not what would run.', false],
  PROPOSER_CANNOT_APPROVE: [
    'A second person must approve. Keys of one person are one person. Who issued a key, and who issued the key of ' +
      'that one, is no ' +
      'second person to it.',
    false,
  ],
  APPROVER_NOT_ALLOWED: ['The role of the second person does not allow what is proposed.', false],
  WITHOUT_SECOND_PERSON: ['This command runs by approval only, and a proposal cannot propose another.', false],
  SCHEDULED_CHANGE_NOT_FOUND: ['There is no scheduled change with this id that is still to come.', false],
  TOO_MANY_SCHEDULED_CHANGES: ['As many changes as may be scheduled at once are still to come.', true],
  SECOND_PERSON_REQUIRED: ['The scheduled change needs a second person now, and one person made it.', false],
  IDEMPOTENCY_KEY_REUSED: ['The idempotency key was used with another body.', false],
} as const satisfies Record<string, readonly [meaning: string, retriable: boolean]>;

export type RejectionCode = keyof typeof REJECTIONS;

/**
 * What a refusal is about, where its details do not begin with that: a field of the command, and the details that say
 * what was asked and what there was.
 */
export interface About {
  readonly field?: string;
  readonly required?: string; // `required` where nothing else is said
  readonly available?: string; // `available` where nothing else is said
}

const ABOUT: Readonly<Partial<Record<RejectionCode, About>>> = {
  TIERS_NOT_CONTIGUOUS: { field: 'tiers' },
  TIERS_NOT_RISING: { field: 'tiers' },
  TIERS_RATE_INVALID: { field: 'tiers' },
  TIERS_NOT_CONTINUOUS: { field: 'tiers' },
  AMOUNT_NOT_POSITIVE: { field: 'amount' },
  SIZE_NOT_POSITIVE: { field: 'size' },
  COLLATERAL_ENCUMBERED: { field: 'amount', required: 'requested', available: 'free' },
  OWNER_OWES: { field: 'amount', available: 'free' },
  INSUFFICIENT_FUNDS: { field: 'amount' },
  TRADE_TOO_OLD: { field: 'executedAt' },
  TRADE_NUMBER_TOO_LOW: { field: 'number', available: 'highest' },
  TRADE_FROM_FUTURE: { field: 'executedAt' },
  RECOVERY_ABOVE_CLAIMS: { field: 'amount', available: 'outstanding' },
  PAYMENT_ABOVE_CALL: { field: 'amount', available: 'left' },
  BELOW_REQUIREMENT: { field: 'amount', required: 'requirement', available: 'held' },
  PRICE_NOT_POSITIVE: { field: 'price' },
  PRICE_OFF_TICK: { field: 'price', required: 'tick' },
  SIZE_OFF_LOT: { field: 'size', required: 'lot' },
  PRICE_CROSSED: { field: 'price' },
  PRICE_OUT_OF_BAND: { field: 'price' },
  PRICE_TOO_OLD: { field: 'observedAt' },
  PRICE_FROM_FUTURE: { field: 'observedAt' },
  DEADLINE_NOT_LATER: { field: 'deadline' },
  DEPOSIT_TOO_SMALL: { field: 'deposit' },
  TAKE_EXCEEDS_NEED: { field: 'size', available: 'needed' },
  FILL_TOO_LARGE: { field: 'size' },
  FILL_WORSE_THAN_LIMIT: { field: 'price', required: 'limit' },
  INVENTORY_TOO_SMALL: { field: 'size', available: 'held' },
  AUCTION_CHANGED: { field: 'version' },
  PROPOSAL_HASH_MISMATCH: { field: 'hash' },
};

export const aboutOf = (code: RejectionCode): About => ABOUT[code] ?? {};

/** Details are texts: ids, codes, decimals already written in their currency's scale. */
export interface Rejection {
  readonly code: RejectionCode;
  readonly details: Readonly<Record<string, string>>;
}

export const reject = (code: RejectionCode, details: Readonly<Record<string, string>> = {}): Rejection => ({
  code,
  details: cut(details),
});

/** A detail tells a mistake apart from others; what is longer is shown from its beginning. */
const LONGEST_DETAIL = 200;

function cut(details: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const values = Object.entries(details);
  if (values.every(([, value]) => value.length <= LONGEST_DETAIL)) return details;
  return Object.fromEntries(values.map(([name, value]) => [name, shortened(value)]));
}

/** Half of a surrogate pair is no text that could be stored. */
const shortened = (value: string): string =>
  value.length <= LONGEST_DETAIL ? value : `${value.slice(0, LONGEST_DETAIL).replace(/[\uD800-\uDBFF]$/, '')}…`;

export const isRetriable = (code: RejectionCode): boolean => REJECTIONS[code][1];
export const meaningOf = (code: RejectionCode): string => REJECTIONS[code][0];

/** A value or the reason there is none. */
export type Checked<T> =
  | { readonly ok: T; readonly rejection?: undefined }
  | { readonly rejection: Rejection; readonly ok?: undefined };

export const ok = <T>(value: T): Checked<T> => ({ ok: value });
export const refused = (
  code: RejectionCode,
  details?: Readonly<Record<string, string>>,
): { readonly rejection: Rejection } => ({
  rejection: reject(code, details),
});
