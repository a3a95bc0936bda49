/**
 * The rest after a step that closed less than it had to: until it is over the next step waits, or is bound by no share.
 * Its end is a deadline like any other.  Rule: LE-6
 */

import { later } from '../../../units/quantity';
import type { AccountId } from '../../model/account';
import type { LiquidationOrder } from '../../model/liquidation';
import type { MarginPolicy, StepRest } from '../../model/policy';
import type { State, View } from '../../model/state';

/** A step in parts was filled: from now on the account rests, where its policy says so.  LE-6 */
export function noteStep(state: State, { account, liquidation: id, reason }: LiquidationOrder): void {
  const liquidation = state.liquidations.get(id ?? '');
  const interval = state.policies.get(state.book.account(account)?.policy ?? '')?.liquidation.stepInterval;
  if (!liquidation || interval === undefined || reason !== 'STAGED') return;
  const restsUntil = later(state.now, interval);
  state.liquidations.set(liquidation.id, { ...liquidation, restsUntil });
  state.deadlines.set(`rest/${liquidation.id}`, restsUntil);
}

/** Whether the account of a liquidation rests after a step in parts, and what that means for the next. */
export function restOf(view: View, account: AccountId, policy: MarginPolicy): StepRest | undefined {
  const until = view.liquidations.get(view.liquidationOf.get(account) ?? '')?.restsUntil;
  return until === undefined || until <= view.now ? undefined : (policy.liquidation.stepRest ?? 'WAIT');
}
