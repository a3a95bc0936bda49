/** Commands of the disposal ladder, of liquidators and backstop providers, and of disputed liquidations. */

import { kind } from '../kind/kind';
import type { ApiKeyId } from '../model/actor';
import { LADDER_METHOD } from '../model/ladder';
import type { LiquidationId, LiquidationOrderId } from '../model/liquidation';
import { type AskedOf, type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const OFFER_TERMS_INPUT = kind.part(
  'OfferTermsInput',
  'What liquidators are offered. Amounts are in the currency of the ladder. They hold for a ' +
    'whole order, and in proportion for a part of it.',
  {
    flat: kind.cash('currency', 'The fixed reward.'),
    startRate: kind.rate('The initial reward as a share of the notional closed.'),
    ratePerSecond: kind.rate('The increase of that share for each second since the offer, after the grace time.'),
    maximumRate: kind.rate('The highest share.'),
    grace: kind.span('The grace time: how long the share stays at its start.'),
    expense: kind.cash('currency', 'The expense of the work. The reward is never less than the expense with a profit.'),
    minimumProfit: kind.cash('currency', 'The least profit over the expense.'),
    profitRate: kind.rate('The profit as a share of the expense. The higher of the two profits counts.'),
    rewardCap: kind.nullable(kind.cash('currency', 'The highest reward.')),
    claimWindow: kind.span('How long a claim keeps others out.'),
    claimPenalty: kind.cash('currency', 'The penalty taken from the deposit when a claim expires.'),
    minimumDeposit: kind.cash('currency', 'The least deposit of a liquidator who claims.'),
  },
);
export type OfferTermsInput = AskedOf<typeof OFFER_TERMS_INPUT>;

export const LADDER_RUNG_INPUT = kind.part(
  'LadderRungInput',
  'One rung of a disposal ladder: a method with its limits.',
  {
    method: kind.oneOf(LADDER_METHOD, 'The method.'),
    window: kind.nullable(
      kind.span(
        'VENUE and LIQUIDATORS: how long an order stays on the rung. Null for VENUE means what the ' +
          'margin policy says.',
      ),
    ),
    marketCap: kind.nullable(
      kind.cash('currency', 'The most notional on this rung at once in one instrument, in the currency.'),
    ),
    globalCap: kind.nullable(
      kind.cash('currency', 'The most notional on this rung at once in all instruments of the currency.'),
    ),
    maximumShareOfDepth: kind.nullable(
      kind.rate('VENUE and LIQUIDATORS: the largest order, as a share of the depth that its venue reports.'),
    ),
    slippage: kind.nullable(
      kind.rate('VENUE and BACKSTOP: no worse than the mark by this share. Null for VENUE: down to the closing limit.'),
    ),
    offer: kind.nullable(kind.said(OFFER_TERMS_INPUT, 'LIQUIDATORS: the terms that they are offered.')),
    urgency: kind.optional(
      kind.nullable(
        kind.rate(
          'VENUE with a slippage: how fast it is reached. Slippage x urgency x the share of ' +
            'maintenance margin that equity lacks, at most the slippage. Null allows all of it at once.',
        ),
      ),
    ),
  },
);
export type RungInput = AskedOf<typeof LADDER_RUNG_INPUT>;

export const LADDER_COMMANDS = commands({
  SetDisposalLadder: {
    does: 'Sets a version of a disposal ladder. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The ladder.',
    about: 'A version of a disposal ladder.',
    fields: {
      currency: kind.currency('The settlement currency.'),
      instrument: kind.nullable(
        kind.instrument('The instrument. Null means every instrument of the currency without a ladder of its own.'),
      ),
      rungs: kind.list(LADDER_RUNG_INPUT, 'The rungs in the order they are tried. The last takes everything.'),
      ...EFFECTIVE,
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
    does: 'Registers an account as a liquidator, or adds to its deposit. Its broker registers it, and may name a key.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The liquidator.',
    about: 'An account to register as a liquidator, or one whose deposit grows.',
    fields: {
      account: kind.account('The account.'),
      deposit: kind.decimal('The amount to move from the account to its deposit, above zero, in its currency.'),
      operator: kind.nullable(
        kind.id<ApiKeyId>('The key of a liquidator that may act for the account. Null keeps the present one.'),
      ),
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
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
      'WITHDRAWALS_GATED',
    ],
  },
  DeregisterLiquidator: {
    does: 'Deregisters a liquidator and returns its deposit. Refused while it has an open claim.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The liquidator.',
    about: 'A liquidator.',
    fields: {
      account: kind.account('The account.'),
    },
    secondPerson: 'NEVER',
    refusals: ['LIQUIDATOR_NOT_FOUND', 'CLAIM_OPEN'],
  },
  ClaimLiquidation: {
    does: 'Claims an order. For the time of its offer nobody else may take it. The first valid claim wins.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The claim.',
    about: 'A claim on an order that liquidators are offered.',
    fields: {
      order: kind.id<LiquidationOrderId>('The order.'),
      account: kind.account('The account of the liquidator.'),
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
    does: 'Takes an order, or a part of it, at the mark. It needs no claim, unless another liquidator has one.',
    by: ['BROKER', 'LIQUIDATOR'],
    takes: 'The take.',
    about: 'A take of an order that liquidators are offered, at the mark.',
    fields: {
      order: kind.id<LiquidationOrderId>('The order.'),
      account: kind.account('The account of the liquidator. It needs initial margin for what it takes.'),
      size: kind.nullable(
        kind.decimal('Contracts, above zero, at most what restores the account. Null takes as many as do.'),
      ),
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
      'INSTRUMENT_ENDING',
      'INSTRUMENT_NOT_CONFIGURED',
      'PRICE_DOUBTED',
      'TRADE_CREATES_SHORTFALL',
      'INSUFFICIENT_INITIAL_MARGIN',
      'POSITION_LIMIT_EXCEEDED',
      'POSITION_ABOVE_FLOAT',
    ],
  },
  RegisterBackstopProvider: {
    does: 'Registers a backstop provider: the account must take over positions at a discount, up to a notional.',
    by: ['BROKER'],
    takes: 'The agreement.',
    about:
      'The agreement of a backstop provider: what an account must take over. A new agreement ' +
      'replaces the old one.',
    fields: {
      account: kind.account('The account.'),
      instrument: kind.nullable(
        kind.instrument('The instrument. Null means every instrument that settles in the currency of the account.'),
      ),
      capacity: kind.cash('account', 'The total notional, above zero, in the currency of the account.'),
      discount: kind.rate('The discount from the mark.'),
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
    does: 'Deregisters a backstop provider. It keeps what it took over.',
    by: ['BROKER'],
    takes: 'The auction.',
    about: 'The agreement of a backstop provider.',
    fields: {
      account: kind.account('The account.'),
      instrument: kind.nullable(kind.instrument('The instrument. Null means the agreement for all instruments.')),
    },
    secondPerson: 'NEVER',
    refusals: ['PROVIDER_NOT_FOUND'],
  },
  DisputeLiquidation: {
    does: 'Objects to a liquidation of an account of the caller.',
    by: ['BROKER'],
    takes: 'The objection.',
    about: 'An objection to a liquidation. It stops nothing.',
    fields: {
      liquidation: kind.id<LiquidationId>(
        'The liquidation. It may run, or have ended no longer ago than its margin policy allows.',
      ),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'NEVER',
    refusals: ['LIQUIDATION_NOT_FOUND', 'LIQUIDATION_DISPUTED'],
  },
  RuleOnLiquidationDispute: {
    does:
      'Rules on an objection. If it is upheld, fee and penalty are given back by compensating ' +
      'entries. That needs a second person.',
    by: OFFICERS,
    takes: 'The ruling.',
    about: 'A ruling on an objection to a liquidation.',
    fields: {
      dispute: kind.id('The dispute.'),
      upheld: kind.flag('Whether fee and penalty are given back. That needs a second person.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['DISPUTE_NOT_FOUND', 'LIQUIDATION_RUNNING', 'INSUFFICIENT_FUNDS'],
  },
});
export type LadderCommand = CommandsOf<typeof LADDER_COMMANDS>;
