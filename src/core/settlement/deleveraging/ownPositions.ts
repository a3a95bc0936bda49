/**
 * Before anybody else bears, positions of a bankrupt account are closed against those that its owner holds on the other
 * side. It is done at the mark: no money changes hands beyond it, and margin that the owner's other accounts held is
 * free to pay what is missing. Who traded with itself leaves the house nothing to take over.  Rules: X-1, ruling 17
 */

import { abs, cash, least, type Size, size, total } from '../../../units/quantity';
import { standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { AccountId } from '../../model/account';
import type { Liquidation } from '../../model/liquidation';
import type { InstrumentId } from '../../model/reference';
import { standsStill } from '../../price/freshness';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import { answeringFor } from '../../reference/recourse';
import { type Holder, holderOf, sortByRank } from '../../risk/deleveragingRank';
import { deleverage } from './deleverage';

/** Closes them in what is live, in the order of instruments, pro rata to what each account of the owner holds. */
export function closeAgainstOwner(desk: Desk, { id: liquidation, account }: Pick<Liquidation, 'id' | 'account'>): void {
  const others = answeringFor(desk.view, account);
  const held = [...desk.view.book.positions(account)].filter(
    ([id, position]) => position.size !== 0n && !standsStill(desk.view, id),
  );
  for (const [instrument, position] of held.sort(([a], [b]) => (a < b ? -1 : 1))) {
    const holders = others.flatMap((other) => oppositeOf(desk, other, instrument, position.size));
    const lots = least(abs(position.size), total(holders.map((holder) => holder.lots)));
    if (lots === 0n) continue;
    const policy = deleveragingPolicyOf(desk.view, instrument);
    deleverage(
      desk,
      {
        ...{ account, instrument, lots, budget: cash(0n), liquidation, policy },
        ...{ cause: 'OWNER_POSITIONS', method: 'OPEN_INTEREST', without: new Set() },
      },
      sortByRank(holders),
    );
  }
}

/** The account as a holder, where it holds the other side and has something left itself. */
function oppositeOf(desk: Desk, account: AccountId, instrument: InstrumentId, against: Size): Holder[] {
  const held = desk.view.book.position(account, instrument)?.size ?? size(0n);
  if (held === 0n || held > 0n === against > 0n) return [];
  const holder = holderOf(
    desk.view,
    standingOfAccount(desk.view, account),
    instrument,
    deleveragingPolicyOf(desk.view, instrument),
  );
  return holder ? [holder] : [];
}
