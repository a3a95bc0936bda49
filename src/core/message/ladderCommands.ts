/** Commands of the disposal ladder, of liquidators and backstop providers, and of disputed liquidations. */

import { kind } from '../kind/kind';
import type { ApiKeyId } from '../model/actor';
import { LADDER_METHOD } from '../model/ladder';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import { type AskedOf, type CommandsOf, commands, OFFICERS } from './definition';

export const OFFER_TERMS_INPUT = kind.part(
  'OfferTermsInput',
  'What liquidators are offered. Amounts are in the currency of the ladder and hold for a whole order; a part has its part of them.',
  {
    flat: kind.cash('currency', 'Paid whatever is closed.'),
    startRate: kind.rate('Share of the notional closed, at first.'),
    ratePerSecond: kind.rate('Added for every second since the offer, once the grace has passed.'),
    maximumRate: kind.rate('The share grows no further than this.'),
    grace: kind.span('The share stays where it starts for so long.'),
    expense: kind.cash('currency', 'What the work costs: never less than it, with a profit, is paid.'),
    minimumProfit: kind.cash('currency', 'Least profit over the expense.'),
    profitRate: kind.rate('Profit as a share of the expense; the higher of the two counts.'),
    rewardCap: kind.nullable(kind.cash('currency', 'Never more than this.')),
    claimWindow: kind.span('How long a claim keeps others out.'),
    claimPenalty: kind.cash('currency', 'Taken from the deposit where a claim expires.'),
    minimumDeposit: kind.cash('currency', 'Nobody claims with a smaller deposit.'),
  },
);
export type OfferTermsInput = AskedOf<typeof OFFER_TERMS_INPUT>;

export const LADDER_RUNG_INPUT = kind.part('LadderRungInput', 'One method of a ladder with its limits.', {
  method: kind.oneOf(LADDER_METHOD, 'The method.'),
  window: kind.nullable(kind.span('VENUE and LIQUIDATORS: how long an order stands on it; null of VENUE: as the margin policy says.')),
  marketCap: kind.nullable(kind.cash('currency', 'Notional at once on this method in one instrument, in the currency.')),
  globalCap: kind.nullable(kind.cash('currency', 'The same in all instruments of the currency.')),
  maximumShareOfDepth: kind.nullable(kind.rate('VENUE and LIQUIDATORS: no order is larger than this share of the depth its venue states.')),
  slippage: kind.nullable(kind.rate('VENUE and BACKSTOP: no worse than the mark by this share; null of VENUE: down to the closing limit.')),
  offer: kind.nullable(kind.said(OFFER_TERMS_INPUT, 'LIQUIDATORS: what they are offered.')),
  urgency: kind.optional(
    kind.nullable(
      kind.rate(
        'VENUE with a slippage: how fast it is reached. Slippage x urgency x the share of maintenance margin that equity lacks, no more than the slippage; null: all of it at once.',
      ),
    ),
  ),
});
export type RungInput = AskedOf<typeof LADDER_RUNG_INPUT>;

export const LADDER_COMMANDS = commands({
  SetDisposalLadder: {
    does: 'Sets a version of a disposal ladder. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The ladder.',
    about: 'A version of a disposal ladder.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      instrument: kind.nullable(kind.instrument('The instrument; null: every one of the currency without a ladder of its own.')),
      rungs: kind.list(LADDER_RUNG_INPUT, 'In the order in which they are tried; the last takes everything.'),
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'METHOD_NOT_AVAILABLE',
      'LADDER_INVALID',
      'VALUE_OUT_OF_RANGE',
      'TOO_MANY_DIGITS',
      'FEE_ABOVE_MAINTENANCE',
    ],
  },
  RegisterLiquidator: {
    does: 'Puts an account on the list of liquidators, or adds to its deposit. Its broker does the first, and may name a key.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The liquidator.',
    about: 'An account that is to be a liquidator, or one whose deposit is to grow.',
    fields: {
      account: kind.account('The account.'),
      deposit: kind.decimal('Moved from the account to its deposit, above zero, in its currency.'),
      operator: kind.nullable(kind.id<ApiKeyId>('Key of a liquidator that may act for the account; null: the one that is named already.')),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'API_KEY_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'PRICE_MISSING',
      'PRICE_STALE',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
    ],
  },
  DeregisterLiquidator: {
    does: 'Takes an account off the list and gives its deposit back. Not with an open claim.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The liquidator.',
    about: 'Names a liquidator.',
    fields: {
      account: kind.account('The account.'),
    },
    secondPerson: 'NEVER',
    refusals: ['LIQUIDATOR_NOT_FOUND', 'CLAIM_OPEN'],
  },
  ClaimLiquidation: {
    does: 'Claims an order: for the time of its offer nobody else may take it. The first valid claim wins.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The claim.',
    about: 'A claim on an order that liquidators are offered.',
    fields: {
      order: kind.id<LiquidationOrderId>('The order.'),
      account: kind.account('Account of the liquidator.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'LIQUIDATION_ORDER_NOT_FOUND',
      'ORDER_NOT_OFFERED',
      'LIQUIDATOR_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'RELATED_ACCOUNT',
      'ALREADY_CLAIMED',
      'CLAIM_NOT_ALLOWED',
      'DEPOSIT_TOO_SMALL',
    ],
  },
  TakeLiquidation: {
    does: 'Takes an order, or a part of it, at the mark. Needs no claim, unless another has one.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The take.',
    about: 'A take of an order that liquidators are offered, at the mark.',
    fields: {
      order: kind.id<LiquidationOrderId>('The order.'),
      account: kind.account('Account of the liquidator, which needs initial margin for what it takes.'),
      size: kind.nullable(kind.decimal('Contracts, above zero, no more than restores the account; null: as many as do.')),
    },
    secondPerson: 'NEVER',
    refusals: [
      'LIQUIDATION_ORDER_NOT_FOUND',
      'ORDER_NOT_OFFERED',
      'LIQUIDATOR_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'RELATED_ACCOUNT',
      'ALREADY_CLAIMED',
      'PRICE_MISSING',
      'PRICE_STALE',
      'SIZE_NOT_POSITIVE',
      'SIZE_OFF_LOT',
      'VALUE_OUT_OF_RANGE',
      'FILL_TOO_LARGE',
      'TAKE_EXCEEDS_NEED',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'ACCOUNT_ISOLATED',
      'MARGIN_CALL_OPEN',
      'INSTRUMENT_NOT_TRADING',
      'INSTRUMENT_NOT_CONFIGURED',
      'TRADE_CREATES_SHORTFALL',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
      'INSUFFICIENT_INITIAL_MARGIN',
    ],
  },
  RegisterBackstopProvider: {
    does: 'Binds an account to take positions over at a discount, up to a notional.',
    by: ['BROKER'],
    takes: 'What it is bound to.',
    about: 'What an account binds itself to take over. Sent again it takes the place of what was agreed before.',
    fields: {
      account: kind.account('The account.'),
      instrument: kind.nullable(kind.instrument('The instrument; null: every one that settles in the currency of the account.')),
      capacity: kind.cash('account', 'Notional in all, above zero, in the currency of the account.'),
      discount: kind.rate('Discount from the mark.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
    ],
  },
  DeregisterBackstopProvider: {
    does: 'Lets a backstop provider go. What it took over stays with it.',
    by: ['BROKER'],
    takes: 'Which.',
    about: 'Names what an account is bound to.',
    fields: {
      account: kind.account('The account.'),
      instrument: kind.nullable(kind.instrument('The instrument; null: the agreement for all.')),
    },
    secondPerson: 'NEVER',
    refusals: ['PROVIDER_NOT_FOUND'],
  },
  DisputeLiquidation: {
    does: 'Objects to a liquidation of an own account.',
    by: ['BROKER'],
    takes: 'The objection.',
    about: 'An objection to a liquidation. It stops nothing.',
    fields: {
      liquidation: kind.id<LiquidationId>('The liquidation, running, or ended no longer ago than its margin policy allows.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'NEVER',
    refusals: ['LIQUIDATION_NOT_FOUND', 'LIQUIDATION_DISPUTED'],
  },
  RuleOnLiquidationDispute: {
    does: 'Rules on an objection. Upheld, which needs a second person, fee and penalty come back by compensating entries.',
    by: OFFICERS,
    takes: 'The ruling.',
    about: 'A ruling on an objection to a liquidation.',
    fields: {
      dispute: kind.id('The dispute.'),
      upheld: kind.flag('Whether fee and penalty are given back, which needs a second person.'),
      reason: kind.text('Why.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['DISPUTE_NOT_FOUND', 'LIQUIDATION_RUNNING', 'PRICE_MISSING', 'PRICE_STALE', 'INSUFFICIENT_FUNDS'],
  },
});
export type LadderCommand = CommandsOf<typeof LADDER_COMMANDS>;
