/**
 * How much of a loss the layers before a named one would leave to it, as things stand now, and who would have paid.
 * Changes nothing.
 */

import { known } from '../../../units/failure';
import { type Cash, cash, minus, total } from '../../../units/quantity';
import type { Desk } from '../../message/desk';
import type { LossLayer } from '../../model/policy';
import type { Spent } from '../../risk/deleveragingRank';
import { bear, groupsOf, spentBy, startBearing } from './bear';
import { bookOf, type Loss } from './loss';

/** Layers that bear by closing positions: asked what they could bear they would do it. */
const CLOSES: readonly LossLayer[] = ['DELEVERAGING', 'TEAR_UP'];

/**
 * What of the last of these losses reaches `layer`, when those before it are borne first. Assessments count with what
 * may be asked. Without the layer in the policy: what nobody bears.
 */
export function reachOf(
  desk: Desk,
  losses: readonly Loss[],
  layer: LossLayer,
): { readonly reach: Cash; readonly spent: Spent } {
  const last = losses.at(-1);
  if (!last) return { reach: cash(0n), spent: () => cash(0n) };
  const { currency } = known(desk.view.book.account(last.account), 'Account', last.account);
  const policy = known(desk.view.lossPolicies.get(currency), 'Loss policy', currency);
  const groups = groupsOf(policy);
  const at = groups.findIndex((group) => group.includes(layer));
  const books = losses.map((loss) => bookOf(policy, loss));
  const bearing = startBearing(desk.view, policy, books);
  bear(
    bearing,
    (at < 0 ? groups : groups.slice(0, at)).filter((group) => !group.some((each) => CLOSES.includes(each))),
  );
  const book = known(books.at(-1), 'Loss', last.account);
  return { reach: minus(book.left, total(book.asked.map(({ amount }) => amount))), spent: spentBy(bearing) };
}
