/**
 * Deleveraging as a rung of a disposal ladder: lots of a liquidated account, which nobody wanted, are closed against
 * the other side. While something of its equity stands behind them it is done at the mark, so that only future profit
 * is cut, and fee and penalty are charged as of a fill. What the house took of an account worth less than nothing is
 * closed at the closing limit, as far as the layers before deleveraging do not cover the difference.  Rules: SL-5, S07,
 * B3
 */

import { abs, type Cash, cash, greatest, least, minus, negate, plus, type Size, size } from '../../../units/quantity';
import { cashDown, divDown } from '../../../units/rounding';
import type { Holding } from '../../margin/model/holding';
import { usedEquityOf } from '../../margin/solve';
import { standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { Liquidation } from '../../model/liquidation';
import type { InstrumentId } from '../../model/reference';
import { worthAt } from '../../position/value';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import type { Holder } from '../../risk/deleveragingRank';
import { chargesOf, chargeTransfers } from '../closing/charge';
import type { Taken } from '../closing/takeover';
import { deleverage, opposite } from '../deleveraging/deleverage';
import { reachOf } from '../waterfall/cover';
import type { Loss } from '../waterfall/loss';

export interface RungClosing {
  readonly liquidation: Pick<Liquidation, 'id' | 'account'>;
  readonly instrument: InstrumentId;
  readonly lots: Size; // at most, without sign
  readonly trigger: Holding['mark']; // when the reduction was planned
}

const heldBy = (holders: readonly Holder[]): Size => holders.reduce((sum, holder) => plus(sum, holder.lots), size(0n));

/** Returns the lots closed: what is left of them nobody on the other side holds who could be asked. */
export function deleveragePosition(desk: Desk, { liquidation, instrument: id, lots, trigger }: RungClosing): Size {
  const { account } = liquidation;
  const standing = standingOfAccount(desk.view, account);
  const holding = standing.picture.holdings.find(({ instrument }) => instrument.id === id);
  const margins = standing.picture.policy;
  if (!holding || !margins || holding.position.size === 0n) return size(0n);
  const { instrument, mark, position } = holding;
  const policy = deleveragingPolicyOf(desk.view, id);
  const parties = { account, instrument: id, policy, without: new Set([standing.picture.account.owner]) };
  const holders = opposite(desk, parties);
  const closed = least(least(lots, abs(position.size)), heldBy(holders));
  if (closed === 0n) return size(0n);
  const traded = size(position.size > 0n ? -closed : closed);
  const worth = worthAt(instrument, traded, mark);
  const share = usedEquityOf(standing, holding, closed); // that stands behind the lots
  const charged = chargesOf(desk.view, standing, holding, closed, margins, greatest(share, cash(0n)));
  const transfers = chargeTransfers(desk.view, account, charged, margins, instrument, null);
  const slippage = {
    mark: cash(0n),
    trigger: cashDown(minus(worth, worthAt(instrument, traded, trigger))),
    bankruptcy: negate(share),
  };
  const charges = { charged, transfers, carried: { mark, value: cashDown(worth), slippage } };
  return deleverage(
    desk,
    {
      ...parties,
      lots: closed,
      budget: cash(0n),
      cause: 'LADDER',
      method: policy.method,
      liquidation: liquidation.id,
      charges,
    },
    holders,
  ).lots;
}

/**
 * Closes up to `lots` of what the house took over of an account worth less than nothing. The holders give up what of
 * the loss the layers before deleveraging would leave, those of `before` in the same entry borne first, and no more
 * than what these lots lost. Returns the lots closed, and what was given up.
 */
export function deleverageTaken(
  desk: Desk,
  liquidation: RungClosing['liquidation'],
  { instrument, receiver, size: taken, loss }: Taken,
  lots: Size,
  before: readonly Loss[],
): { readonly lots: Size; readonly used: Cash } {
  const { account } = liquidation;
  const policy = deleveragingPolicyOf(desk.view, instrument);
  const owner = desk.view.book.account(account)?.owner ?? '';
  const parties = { account: receiver, instrument, policy, without: new Set([owner]) };
  // It may have closed what the house held before: only what is there can be closed.
  const held = desk.view.book.position(receiver, instrument)?.size ?? size(0n);
  const there = held > 0n === taken > 0n ? least(abs(held), abs(taken)) : size(0n);
  if (there === 0n) return { lots: size(0n), used: cash(0n) };
  const { reach, spent } = reachOf(
    desk,
    [...before, { account, beneficiary: receiver, amount: loss, instrument }],
    'DELEVERAGING',
  );
  const holders = opposite(desk, { ...parties, spent });
  const closed = least(least(lots, there), heldBy(holders));
  if (closed === 0n) return { lots: size(0n), used: cash(0n) };
  const budget = least(reach, cash(divDown(loss * closed, abs(taken))));
  const { method } = policy;
  return deleverage(
    desk,
    { ...parties, lots: closed, budget, cause: 'LADDER', method, liquidation: liquidation.id },
    holders,
  );
}
