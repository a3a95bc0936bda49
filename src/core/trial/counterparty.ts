/**
 * The other side of a trade that is only thought of. Where nobody is named it is somebody who holds the opposite of
 * what the account holds and can pay for anything: nothing is refused because of him that would not be because of the
 * account.
 */

import { MOST_CASH } from '../../units/bounds';
import { cash, NO_CASH, negate } from '../../units/quantity';
import { EMPTY_POSITION } from '../book/exposure';
import type { AccountId } from '../model/account';
import { CLEARINGHOUSE } from '../reference/members';
import type { TrialHouse } from './house';
import type { SupposedTrade } from './question';

/** No id that anybody may choose. */
const SOMEBODY: AccountId = ' somebody';

export function withCounterparty<T>(
  house: TrialHouse,
  account: AccountId,
  trade: SupposedTrade,
  use: (other: AccountId) => T,
): T {
  if (trade.counterparty) return use(trade.counterparty);
  const { book } = house;
  const own = book.account(account);
  if (!own) return use(SOMEBODY);
  const { currency, policy } = own;
  book.open({
    ...{ id: SOMEBODY, member: CLEARINGHOUSE, owner: SOMEBODY, kind: 'CLIENT', currency, policy },
    ...{ mode: 'CROSS', instrument: null, leverage: null },
  });
  book.addBalance(SOMEBODY, currency, cash(MOST_CASH));
  const held = book.position(account, trade.instrument);
  if (held)
    book.setPosition(SOMEBODY, trade.instrument, {
      ...EMPTY_POSITION,
      size: negate(held.size),
      cost: negate(held.cost),
      gain: NO_CASH,
    });
  try {
    return use(SOMEBODY);
  } finally {
    book.forget(SOMEBODY);
    house.state.callOf.delete(SOMEBODY);
  }
}
