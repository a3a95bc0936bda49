/**
 * Accounts that share in a loss: as a haircut of their gains or as socialized loss. Nobody pays more than their own
 * gain, or is put below maintenance margin, and no account in default pays at all.  Rules: SL-2, SL-3, C07
 */

import { allocateCapped } from '../../../units/allocate';
import { known } from '../../../units/failure';
import { type Cash, cash, compare, least, margin, minus, total } from '../../../units/quantity';
import { cashDown } from '../../../units/rounding';
import { isFlat } from '../../margin/picture';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { LossShare } from '../../message/settlement';
import type { AccountId } from '../../model/account';
import type { LossPolicy, SocializationBase } from '../../model/policy';
import type { View } from '../../model/state';
import type { Spent } from '../../risk/deleveragingRank';
import { ownedGains } from '../tally/gains';
import { hasTraded, sharedEquityOf, sharedInterestOf } from './weights';

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
    const spare = minus(
      isFlat(standing.picture) && !hasClosed(view, base, id) ? least(above, standing.picture.cash) : above,
      paid,
    );
    const weight = minus(baseOf(view, gains, base, standing), base === 'OPEN_INTEREST' ? cash(0n) : paid);
    const cap = base === 'GAINS' ? least(weight, spare) : spare;
    if (weight > 0n && cap > 0n)
      payers.push({ account: id, weight, cap, ...(base === 'GAINS' ? {} : actedSince(view, id)) });
  }
  return payers.sort((a, b) => compare(a.account, b.account));
}

/** Whether it may hold nothing because it has traded while the debt was open: its collateral pays as it would have. */
const hasClosed = (view: View, base: SocializationBase, id: AccountId): boolean =>
  base !== 'GAINS' && hasTraded(view, id);

/** Since when what the account does is not counted, where it has acted while the debt was open. */
function actedSince(view: View, id: AccountId): Pick<LossShare, 'actedSince'> {
  const kept = view.keptWeights.get(id);
  return kept ? { actedSince: kept.since } : {};
}

function baseOf(view: View, gains: ReturnType<typeof ownedGains>, base: SocializationBase, standing: Standing): Cash {
  if (base === 'GAINS') return gains(standing.picture.account);
  return base === 'EQUITY' ? sharedEquityOf(view, standing) : sharedInterestOf(view, standing);
}
