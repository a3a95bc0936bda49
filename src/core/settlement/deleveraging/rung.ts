/**
 * Deleveraging as the last rung of a disposal ladder: lots of a liquidated account, which nobody wanted, are closed against
 * the other side. While something of its equity stands behind them it is done at the mark, so that only future profit is
 * cut, and fee and penalty are charged as of a fill; where nothing does, at the bankruptcy price, as far as the layers
 * before deleveraging do not cover the difference.  Rules: SL-5, B3
 */

import { abs, cash, greatest, least, minus, negate, plus, type Size, size } from '../../../units/quantity';
import { bankruptcyValueOf } from '../../margin/solve';
import { standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { Liquidation } from '../../model/liquidation';
import type { InstrumentId } from '../../model/reference';
import { valueAt } from '../../position/value';
import { deleveragingPolicyOf } from '../../reference/deleveragingPolicies';
import { chargesOf, chargeTransfers } from '../charge';
import { coverBefore } from '../waterfall/cover';
import { poolOf } from '../waterfall/pools';
import { deleverage, opposite } from './deleverage';

export interface RungClosing {
  readonly liquidation: Pick<Liquidation, 'id' | 'account'>;
  readonly instrument: InstrumentId;
  readonly lots: Size; // at most, without sign
}

/** Returns the lots closed: what is left of them nobody on the other side holds who could be asked. */
export function deleveragePosition(desk: Desk, { liquidation, instrument: id, lots }: RungClosing): Size {
  const { account } = liquidation;
  const standing = standingOfAccount(desk.view, account);
  const holding = standing.picture.holdings.find(({ instrument }) => instrument.id === id);
  const margins = standing.picture.policy;
  if (!holding || !margins || holding.position.size === 0n) return size(0n);
  const { instrument, mark, position } = holding;
  const policy = deleveragingPolicyOf(desk.view, id);
  const parties = { account, instrument: id, policy, without: new Set([standing.picture.account.owner]) };
  const holders = opposite(desk, parties);
  const held = holders.reduce((sum, holder) => plus(sum, holder.lots), size(0n));
  const closed = least(least(lots, abs(position.size)), held);
  if (closed === 0n) return size(0n);
  const traded = size(position.size > 0n ? -closed : closed);
  const share = minus(negate(bankruptcyValueOf(standing, holding, closed)), valueAt(instrument, traded, mark));
  const charged = chargesOf(desk.view, standing, holding, closed, margins, greatest(share, cash(0n)));
  const transfers = chargeTransfers(desk.view, account, charged, margins, instrument, null);
  const missing = greatest(negate(share), cash(0n));
  const budget = greatest(
    minus(missing, coverBefore(desk.view, instrument.settlement, 'DELEVERAGING', poolOf(desk.view, id)?.id ?? null)),
    cash(0n),
  );
  const charges = { charged, transfers };
  return deleverage(
    desk,
    { ...parties, lots: closed, budget, cause: 'LADDER', method: policy.method, liquidation: liquidation.id, charges },
    holders,
  ).lots;
}
