/**
 * Accounts that share in a loss: as a haircut of their gains or as socialized loss. Nobody pays more than their own
 * gain, or is put below maintenance margin, and no account in default pays at all.  Rules: SL-2, SL-3, C07
 */

import { allocateCapped } from '../../../units/allocate';
import { known } from '../../../units/failure';
import { abs, type Cash, cash, compare, least, margin, minus, plus, total } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { isFlat } from '../../margin/picture';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { LossShare } from '../../message/settlement';
import type { AccountId } from '../../model/account';
import type { LossPolicy, SocializationBase } from '../../model/policy';
import type { View } from '../../model/state';
import { notionalOf } from '../../position/value';
import type { Spent } from '../../risk/deleveragingRank';
import { ownedGains } from '../tally/gains';

export interface Levy {
  readonly available: Cash; // what all payers could be asked together
  readonly shares: readonly LossShare[]; // of those who pay
}

/**
 * Spreads `needed` over those who can bear it, each by their base and within their cap, exactly; ties by account id.
 */
export function levyOf(
  view: View,
  policy: LossPolicy,
  base: SocializationBase,
  needed: Cash,
  excluded: ReadonlySet<AccountId>,
  spent: Spent,
): Levy {
  const payers = needed === 0n ? [] : payersOf(view, policy, base, excluded, spent);
  const { shares } = allocateCapped(
    needed,
    payers.map(({ account, weight, cap }) => ({ id: account, weight, cap })),
  );
  return {
    available: total(payers.map(({ cap }) => cap)),
    shares: payers
      .map((payer, i): LossShare => ({ ...payer, amount: shares[i] ?? cash(0n) }))
      .filter(({ amount }) => amount > 0n),
  };
}

/**
 * Who may be asked, and for how much at most: never more than their own gain or their owner's, never below their
 * maintenance margin, never more than its cash where an account holds no position (it would owe it), never an account
 * in default, never the house's own. A holding that stands still counts at its last price.  SL-2, SL-3; ruling 13
 */
function payersOf(
  view: View,
  policy: LossPolicy,
  base: SocializationBase,
  excluded: ReadonlySet<AccountId>,
  spent: Spent,
): Omit<LossShare, 'amount'>[] {
  const payers: Omit<LossShare, 'amount'>[] = [];
  const gains = ownedGains(view);
  for (const id of view.book.accountIds()) {
    const account = known(view.book.account(id), 'Account', id);
    if (account.currency !== policy.currency || account.kind === 'CLOSE_OUT' || excluded.has(id)) continue;
    const standing = standingOfAccount(view, id);
    const above = cashDown(margin(standing.equity - standing.maintenance));
    const paid = spent(id);
    const spare = minus(isFlat(standing.picture) ? least(above, standing.picture.cash) : above, paid);
    const weight = minus(baseOf(gains, base, standing), base === 'OPEN_INTEREST' ? cash(0n) : paid);
    const cap = base === 'GAINS' ? least(weight, spare) : spare;
    if (weight > 0n && cap > 0n) payers.push({ account: id, weight, cap });
  }
  return payers.sort((a, b) => compare(a.account, b.account));
}

function baseOf(gains: ReturnType<typeof ownedGains>, base: SocializationBase, { picture, equity }: Standing): Cash {
  if (base === 'GAINS') return gains(picture.account);
  if (base === 'EQUITY') return cashDown(equity);
  return picture.holdings.reduce(
    (sum, { instrument, position, mark }) => plus(sum, notionalOf(instrument, abs(position.size), mark)),
    cash(0n),
  );
}
