/** Commands that move money. */

import { choice, kind } from '../kind/kind';
import { type CommandsOf, commands, OFFICERS } from './definition';
import type { LedgerName, TransferReason } from './ledger';

export const FUND_SOURCE = choice('FundSource', 'The source of a contribution.', {
  EXTERNAL: 'From outside the house.',
  HOUSE_CAPITAL: "From the house's own capital.",
});

export const LEDGER_COMMANDS = commands({
  DepositCollateral: {
    does: 'Pays collateral in. It works in every status of the account, and it counts towards an open call.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The payment.',
    about: 'Collateral to pay in.',
    fields: {
      account: kind.account('The account.'),
      currency: kind.currency('The currency of the account, or one that is eligible as collateral.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'COLLATERAL_NOT_ELIGIBLE',
    ],
  },
  WithdrawCollateral: {
    does:
      'Pays collateral out. Refused while a call is open, and beyond what initial margin can spare. Gains on ' +
      'halted or stale ' +
      'holdings, and stale collateral, spare nothing.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The payment.',
    about: 'Collateral to pay out.',
    fields: {
      account: kind.account('The account.'),
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'WITHDRAWALS_GATED',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
    ],
  },
  TransferCollateral: {
    does: 'Moves collateral between accounts of one owner at one member.',
    by: ['ADMIN', 'BROKER'],
    takes: 'The transfer.',
    about: 'Collateral to move between accounts of one owner at one member.',
    fields: {
      from: kind.account('The account it leaves.'),
      to: kind.account('The account it reaches.'),
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'ACCOUNT_NOT_FOUND',
      'SAME_ACCOUNT',
      'OWNER_MISMATCH',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'COLLATERAL_NOT_ELIGIBLE',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
      'WITHDRAWALS_GATED',
    ],
  },
  ContributeToInsuranceFund: {
    does: 'Puts money into the insurance fund of a currency.',
    by: OFFICERS,
    takes: 'The contribution.',
    about: 'A contribution to an insurance fund.',
    fields: {
      currency: kind.currency('The currency of the fund.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
      source: kind.oneOf(FUND_SOURCE, 'The source of the money.'),
    },
    secondPerson: 'NEVER',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'INSUFFICIENT_FUNDS',
    ],
  },
  WithdrawFromInsuranceFund: {
    does: 'Takes money out of the insurance fund of a currency. Needs a second person.',
    by: OFFICERS,
    takes: 'The withdrawal.',
    about: 'A withdrawal from an insurance fund.',
    fields: {
      currency: kind.currency('The currency of the fund.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ALWAYS',
    refusals: [
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'INSUFFICIENT_FUNDS',
      'WITHDRAWALS_GATED',
    ],
  },
  ContributeHouseCapital: {
    does: "Puts money into the house's own capital.",
    by: OFFICERS,
    takes: 'The contribution.',
    about: "A contribution to the house's own capital.",
    fields: {
      currency: kind.currency('The currency.'),
      amount: kind.cash('currency', 'The amount, above zero, in that currency.'),
    },
    secondPerson: 'NEVER',
    refusals: ['CURRENCY_NOT_FOUND', 'TOO_MANY_DIGITS', 'VALUE_OUT_OF_RANGE', 'AMOUNT_NOT_POSITIVE'],
  },
  ReverseTransfer: {
    does: 'Reverses an earlier transfer by a second booking that names it. Nothing is deleted. Needs a second person.',
    by: OFFICERS,
    takes: 'The transfer.',
    about: 'The transfer to reverse.',
    fields: {
      entry: kind.entry('The journal entry that made the transfer.'),
      place: kind.count('Its place among the transfers of that entry, from 0.'),
      kind: kind.own(kind.text<TransferReason>()),
      from: kind.own(kind.text<LedgerName>()),
      to: kind.own(kind.text<LedgerName>()),
      currency: kind.own(kind.currency()),
      amount: kind.own(kind.cash('currency')),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'ALWAYS',
    refusals: [
      'TRANSFER_NOT_REVERSIBLE',
      'CURRENCY_NOT_FOUND',
      'TOO_MANY_DIGITS',
      'VALUE_OUT_OF_RANGE',
      'AMOUNT_NOT_POSITIVE',
      'ACCOUNT_NOT_FOUND',
      'INSUFFICIENT_FUNDS',
      'ACCOUNT_NOT_OPEN',
      'MEMBER_SUSPENDED',
      'MARGIN_CALL_OPEN',
      'COLLATERAL_ENCUMBERED',
      'OWNER_OWES',
    ],
  },
});
export type LedgerCommand = CommandsOf<typeof LEDGER_COMMANDS>;
