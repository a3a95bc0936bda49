/**
 * Who pays a premium for an account worth less than nothing: its owner's other accounts where the loss policy has them
 * bear first, then the insurance fund. A premium out of the fund alone would be a gift to who deals with itself and
 * with a friend. Rules: CA-5, X-1
 */

import { type Cash, cash, least, minus, plus, total } from '../../../units/quantity';
import { accountName, balanceOf } from '../../ledger/transfers';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';
import { splitOver, transferOf } from '../waterfall/bear';
import { ownerCollateralOf, type Source } from '../waterfall/sources';

interface Payers {
  readonly owner: readonly Source[];
  readonly spare: Cash; // of the owner
  readonly fund: Cash;
}

function payersOf(view: View, account: AccountId, currency: CurrencyId): Payers {
  const owner = ownerCollateralOf(view, account).filter(({ cap }) => cap > 0n);
  const held = balanceOf(view, 'insurance-fund', currency);
  return { owner, spare: total(owner.map(({ cap }) => cap)), fund: held > 0n ? held : cash(0n) };
}

/** What there is to pay premiums with. */
export function premiumRoom(view: View, account: AccountId, currency: CurrencyId): Cash {
  const { spare, fund } = payersOf(view, account, currency);
  return plus(spare, fund);
}

export interface PaidPremium {
  readonly transfers: readonly Transfer[];
  readonly owner: readonly LedgerName[]; // accounts of the owner that pay
  readonly fund: Cash; // of it, by the fund
}

/** The premium as transfers to its taker. It is no more than there is. */
export function premiumTransfers(
  view: View,
  account: AccountId,
  currency: CurrencyId,
  taker: AccountId,
  premium: Cash,
): PaidPremium {
  const { owner, spare } = payersOf(view, account, currency);
  const byOwner = least(premium, spare);
  const fund = minus(premium, byOwner);
  const to = accountName(taker);
  const transfers = splitOver(owner, byOwner).map(({ source, amount }) =>
    transferOf(source.name, to, currency, amount, 'PORTFOLIO_PREMIUM'),
  );
  return {
    transfers:
      fund > 0n ? [...transfers, transferOf('insurance-fund', to, currency, fund, 'PORTFOLIO_PREMIUM')] : transfers,
    owner: owner.map(({ name }) => name),
    fund,
  };
}
