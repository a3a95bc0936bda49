/** Commands of the default waterfall: default fund, calls, claims, backstop pool, pools of instruments. */

import { choice, kind } from '../kind/kind';
import type { MemberId } from '../model/account';
import { type CaseId, type FundCallId, type PoolId, WEEKDAY } from '../model/waterfall';
import { type CommandsOf, commands, EFFECTIVE, OFFICERS } from './definition';

export const HOUSE_TRANCHE = choice('HouseTranche', "A further tranche of the house's capital.", {
  HOUSE_TRANCHE_2: 'The second tranche.',
  HOUSE_FURTHER: 'The capital that is set aside beyond that.',
});

const DEFAULT_FUND_MOVE = {
  about: 'Money that a member pays into the default fund or takes out of it.',
  input: 'DefaultFundMoveInput',
  fields: {
    member: kind.id<MemberId>('The member.'),
    currency: kind.currency('The currency.'),
    amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
  },
};

export const STRESS_MOVE_INPUT = kind.part('StressMoveInput', 'The stress of an instrument: how far its price moves.', {
  instrument: kind.instrument('The instrument.'),
  up: kind.rate('The move upwards, as a share of the mark.'),
  down: kind.rate('The move downwards, as a share of the mark, at most 1.'),
});

const BACKSTOP_MOVE = {
  about: 'Money that an account pays into the backstop pool of its currency or takes out of it.',
  input: 'BackstopMoveInput',
  fields: {
    account: kind.account('The account.'),
    amount: kind.cash('account', 'The amount, above zero, in the currency of the account.'),
  },
};

export const WATERFALL_COMMANDS = commands({
  ContributeToDefaultFund: {
    does: 'Pays money of a member into the default fund.',
    by: [...OFFICERS, 'BROKER'],
    takes: 'The contribution.',
    ...DEFAULT_FUND_MOVE,
    secondPerson: 'NEVER',
    refusals: [
      'MEMBER_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
    ],
  },
  WithdrawFromDefaultFund: {
    does: 'Takes money of a member out of the default fund. Only what is above its requirement may leave.',
    by: [...OFFICERS, 'BROKER'],
    takes: 'The withdrawal.',
    ...DEFAULT_FUND_MOVE,
    secondPerson: 'NEVER',
    refusals: [
      'MEMBER_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'WITHDRAWALS_GATED',
      'INSUFFICIENT_FUNDS',
      'BELOW_REQUIREMENT',
    ],
  },
  SetDefaultFundPolicy: {
    does: 'Sets a version of a default fund policy. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The policy.',
    about: 'A version of the policy by which the default fund of a currency is sized, called and measured.',
    fields: {
      currency: kind.currency('The currency.'),
      moves: kind.list(
        STRESS_MOVE_INPUT,
        'The stress. All prices rise, or all fall. An instrument that is not named does not move.',
      ),
      floor: kind.cash('currency', 'The least contribution of a member, in the currency.'),
      threshold: kind.rate('The threshold: coverage below this share of cover-2 is short.'),
      feeShare: kind.rate(
        "The share of the house's part of liquidation fees that goes to the insurance fund while coverage is short.",
      ),
      multiple: kind.rate('The cap: assessments of a capped period are at most this many times the contribution.'),
      cappedWindow: kind.span('The capped period.'),
      coolingOffWindow: kind.span('How long a member is not asked for more after it was assessed up to its cap.'),
      within: kind.count('The number of business days to pay a call, 1 to 30.'),
      weekend: kind.list(kind.oneOf(WEEKDAY), 'The weekdays that are not business days.'),
      holidays: kind.list(kind.text(), 'The dates that are not business days, YYYY-MM-DD.'),
      computedAt: kind.span('The time of day in UTC at which coverage is computed.'),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'INSTRUMENT_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'ALREADY_EXISTS',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'CALENDAR_INVALID',
    ],
  },
  ComputeCoverage: {
    does:
      'Computes coverage now, besides every day. Members whose contribution is too small are ' +
      'called. With many accounts it starts now and ends a moment later: each account is counted ' +
      'as of then.',
    by: OFFICERS,
    takes: 'The currency.',
    about: 'A currency whose coverage is computed now.',
    fields: {
      currency: kind.currency('The currency.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'POLICY_NOT_FOUND'],
  },
  PayDefaultFundCall: {
    does: 'Pays towards a call for the default fund.',
    by: [...OFFICERS, 'BROKER'],
    takes: 'The payment.',
    about: 'A payment towards a call for the default fund.',
    fields: {
      call: kind.id<FundCallId>('The call.'),
      amount: kind.decimal('The amount, above zero, at most what is left of the call, in its currency.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'FUND_CALL_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'PAYMENT_ABOVE_CALL',
    ],
  },
  RecordJuniors: {
    does: 'Records which members pay first for the default of another.',
    by: OFFICERS,
    takes: 'The juniors.',
    about: 'The members that pay first for the default of another, because they did not bid well for its positions.',
    fields: {
      member: kind.id<MemberId>('The member in default.'),
      juniors: kind.list(kind.text(), 'The juniors. An empty list removes the recorded ones.'),
    },
    secondPerson: 'NEVER',
    refusals: ['MEMBER_NOT_FOUND'],
  },
  ContributeHouseTranche: {
    does: "Puts money into a further tranche of the house's capital.",
    by: OFFICERS,
    takes: 'The contribution.',
    about: "A contribution to a further tranche of the house's capital.",
    fields: {
      tranche: kind.oneOf(HOUSE_TRANCHE, 'The tranche.'),
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'TOO_MANY_DIGITS', 'VALUE_OUT_OF_RANGE', 'AMOUNT_NOT_POSITIVE'],
  },
  RecordRecovery: {
    does: 'Records money recovered for a loss case and shares it among those who bore it, the last layer first.',
    by: OFFICERS,
    takes: 'The recovery.',
    about: 'Money recovered for a loss case.',
    fields: {
      case: kind.id<CaseId>('The case.'),
      amount: kind.decimal('The amount, above zero, in the currency of the case.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'CASE_NOT_FOUND',
      'CASE_AWAITS_ASSESSMENTS',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'RECOVERY_ABOVE_CLAIMS',
    ],
  },
  ContributeToBackstopPool: {
    does: 'Pays collateral of an account into the backstop pool.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The contribution.',
    ...BACKSTOP_MOVE,
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
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
  WithdrawFromBackstopPool: {
    does: 'Takes income, then contribution, out of the backstop pool into the account.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The withdrawal.',
    ...BACKSTOP_MOVE,
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'WITHDRAWALS_GATED',
      'INSUFFICIENT_FUNDS',
    ],
  },
  AddBackstopIncome: {
    does: 'Pays income to the contributors of a backstop pool.',
    by: OFFICERS,
    takes: 'The income.',
    about: 'Income for the contributors of a backstop pool.',
    fields: {
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'TOO_MANY_DIGITS', 'VALUE_OUT_OF_RANGE', 'AMOUNT_NOT_POSITIVE'],
  },
  SetInsurancePool: {
    does: 'Sets an insurance fund pool. Needs a second person once the house is open.',
    by: OFFICERS,
    takes: 'The pool.',
    about: 'An insurance fund pool.',
    fields: {
      pool: kind.id<PoolId>('The pool.'),
      currency: kind.currency('The currency.'),
      instruments: kind.list(
        kind.instrument(),
        'Its instruments. All settle in that currency and are in no other pool.',
      ),
      cap: kind.nullable(
        kind.cash(
          'currency',
          'The most that one instrument draws in one event, in the currency. Null means all the pool holds.',
        ),
      ),
      thenGeneral: kind.flag('Whether the insurance fund of the currency bears losses behind it.'),
      ...EFFECTIVE,
    },
    secondPerson: 'ONCE_OPEN',
    refusals: [
      'ID_INVALID',
      'CURRENCY_NOT_FOUND',
      'CURRENCY_MISMATCH',
      'POOLS_OVERLAP',
      'INSTRUMENT_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
    ],
  },
  TransferBetweenPools: {
    does: 'Moves money between pools of the insurance fund. Needs a second person.',
    by: OFFICERS,
    takes: 'The transfer.',
    about: 'Money to move between pools of the insurance fund.',
    fields: {
      from: kind.nullable(kind.id<PoolId>('The pool it leaves. Null means the insurance fund of the currency.')),
      to: kind.nullable(kind.id<PoolId>('The pool it reaches. Null means the insurance fund of the currency.')),
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ALWAYS',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'POOL_NOT_FOUND',
      'SAME_ACCOUNT',
      'INSUFFICIENT_FUNDS',
    ],
  },
});
export type WaterfallCommand = CommandsOf<typeof WATERFALL_COMMANDS>;
