/** The withdrawal gate: nobody takes a currency out while a loss of it stands open, or so soon after one as the policy says.  DY-G1 */

import { balanceOf } from '../../ledger/transfers';
import { type Rejection, reject } from '../../message/rejection';
import type { CurrencyId } from '../../model/reference';
import type { View } from '../../model/state';

export type GateCause = 'UNALLOCATED_LOSS' | 'RECENT_LOSS';

/** Why withdrawals of the currency wait; nothing where they do not. */
export function gateOf(view: View, currency: CurrencyId): GateCause | undefined {
  if (balanceOf(view, 'unallocated-loss', currency) < 0n) return 'UNALLOCATED_LOSS';
  return (view.gates.get(currency) ?? view.now) > view.now ? 'RECENT_LOSS' : undefined;
}

export function gateProblem(view: View, currency: CurrencyId): Rejection | undefined {
  const cause = gateOf(view, currency);
  return cause && reject('WITHDRAWALS_GATED', { currency, cause });
}
