/** What contributors of the backstop pool have. */

import type { AccountId } from '../../src/core/model/account';
import type { View } from '../../src/core/model/state';
import { contributionOf, incomeOf, poolNow } from '../../src/core/settlement/waterfall/backstop';
import type { Cash } from '../../src/units/quantity';

export interface Statement {
  readonly account: AccountId;
  readonly contribution: Cash; // what is left of it
  readonly income: Cash; // earned and not yet taken
}

/** To the unit, as of the state; nothing for who never contributed. */
export function backstopStatementOf(view: View, account: AccountId): Statement | undefined {
  const entry = view.backstopEntries.get(account);
  const currency = view.book.account(account)?.currency;
  if (!entry || currency === undefined) return undefined;
  const pool = poolNow(view, currency);
  return { account, contribution: contributionOf(pool, entry), income: incomeOf(pool, entry) };
}
