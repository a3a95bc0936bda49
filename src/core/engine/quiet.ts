/**
 * When no stage of the day has anything to do with an account: what its status, its ladder and its open call make of
 * its margin. The counterpart of the stages in `day.ts`: a stage that acts on a new fact needs its line here. Nothing
 * depends on it for what is decided, only for who is looked at.  Rules: RLM-2, LE-1
 */

import { known } from '../../units/failure';
import { type Count, MARGIN_PER_CASH, margin } from '../../units/quantity';
import { isAtCloseOut, standingBefore } from '../margin/former';
import { isBelow, raised, surplus, surplusesOver } from '../margin/level';
import { type Standing, standingOfAccount } from '../margin/standing';
import { isExpired } from '../margincall/call';
import type { Account, AccountId } from '../model/account';
import type { MarginCall } from '../model/call';
import type { MarginPolicy } from '../model/policy';
import type { View } from '../model/state';
import type { Quiet, Surplus, Vigil } from '../model/watch';
import { standsStill } from '../price/freshness';
import { awaitsCloseOut, defaultBehind, isClosedOut } from '../reference/memberDefaults';

export function vigilOf(view: View, id: AccountId): Vigil {
  const account = known(view.book.account(id), 'Account', id);
  // Inventory with a cap is acted on before it is worth less than nothing.
  if (account.kind === 'CLOSE_OUT')
    return account.instrument !== null ? 'ALWAYS' : defaultBehind(view, id) ? ALWAYS_QUIET : CLOSE_OUT_QUIET;
  if (awaitsCloseOut(view, id)) return 'ALWAYS';
  const policy = known(view.policies.get(account.policy), 'Margin policy', account.policy);
  const state = view.book.stateOf(id);
  switch (state.status) {
    case 'HEALTHY':
      return ladderQuiet(policy, 0);
    case 'WARNING':
      // A waived call holds back what the ladder would do: only a look can say.
      return state.waived || state.warned === 0 ? 'ALWAYS' : ladderQuiet(policy, state.warned);
    case 'CALL':
      return callQuiet(view, account, policy);
    case 'LIQUIDATING':
      return liquidationVigil(view, account, policy);
    default:
      return 'ALWAYS';
  }
}

/** The house's own inventory: acted on only when it is worth less than nothing. */
const CLOSE_OUT_QUIET: Quiet = { notBelow: [surplus(1n)], below: [], ownersAddUp: false };

/** What a default holds is dealt with by people, whatever it is worth. */
const ALWAYS_QUIET: Quiet = { notBelow: [], below: [], ownersAddUp: false };

const ladders = new WeakMap<MarginPolicy, Map<number, Quiet>>();

/**
 * On the ladder with so many rungs notified: not down the next one, not up over the last one with its hysteresis.
 * MCM-2
 */
export function ladderQuiet(policy: MarginPolicy, warned: Count): Quiet {
  const rungs = ladders.get(policy) ?? new Map<number, Quiet>();
  ladders.set(policy, rungs);
  const made = rungs.get(warned);
  if (made) return made;
  const last = policy.warnings[warned - 1];
  const quiet: Quiet = {
    notBelow: surplusesOver([...policy.warnings.slice(warned), policy.call]),
    below: last ? surplusesOver([raised(last, policy.hysteresis)]) : [],
    ownersAddUp: policy.aggregation === 'OWNER',
  };
  rungs.set(warned, quiet);
  return quiet;
}

/**
 * Called: not down to the close-out level, not worse by more than the step that amends, not up to the cure level. Who
 * is below the level and held to the one of before a change is looked at with every price: that one is proven of
 * nobody.  B1-1, B1-5, ruling 12
 */
function callQuiet(view: View, account: Account, policy: MarginPolicy): Vigil {
  const call = known(view.calls.get(view.callOf.get(account.id) ?? ''), 'Margin call', account.id);
  const most = mostCalled(call, policy);
  // Where only a part of what it holds stands still, any price may set its clock going or let it stand.  Ruling 13
  if (call.manual || most < 0n || frozenPart(view, account.id) === 'SOME' || isHeldToFormer(view, call, policy))
    return 'ALWAYS';
  return {
    notBelow: [...surplusesOver([policy.closeOut]), surplus(1n, 1n, 0n, margin(most * MARGIN_PER_CASH))],
    below: surplusesOver([policy.cure]),
    ownersAddUp: policy.aggregation === 'OWNER',
  };
}

function isHeldToFormer(view: View, { account, termsBefore }: MarginCall, { closeOut }: MarginPolicy): boolean {
  if (termsBefore === undefined || view.formerTerms.size === 0) return false;
  const standing = standingOfAccount(view, account);
  return isBelow(standing.equity, closeOut, standing) && standingBefore(view, standing, termsBefore) !== undefined;
}

/** The most that initial margin may exceed equity by without amending the call. Unit: cash. */
const mostCalled = ({ amount, paid }: MarginCall, { amendStep }: MarginPolicy): bigint =>
  amount + (amount * amendStep.numerator) / amendStep.denominator - paid;

/**
 * While its orders are with the venue: not bankrupt, not restored. Where all it holds stands still: not restored.
 * LE-5, ruling 13
 */
function liquidationVigil(view: View, { id }: Account, policy: MarginPolicy): Vigil {
  const liquidation = view.liquidations.get(view.liquidationOf.get(id) ?? '');
  if (!liquidation) return 'ALWAYS';
  const waits = liquidation.paused && frozenPart(view, id) === 'ALL';
  // A reward that is held moves the level at which it ends.
  if ((!waits && !view.liquidationOrdersOf.has(id)) || view.heldRewards.has(liquidation.id)) return 'ALWAYS';
  return {
    notBelow: waits ? [] : [surplus(1n)],
    // Closed out because its member defaulted, an account is not restored by any price.
    below: isClosedOut(view, id) ? [] : surplusesOver([policy.target]),
    ownersAddUp: policy.aggregation === 'OWNER',
  };
}

/** How much of what an account holds stands still.  Ruling 13 */
function frozenPart(view: View, account: AccountId): 'NONE' | 'SOME' | 'ALL' {
  let [frozen, live] = [false, false];
  for (const [id, { size }] of view.book.positions(account)) {
    if (size === 0n) continue;
    if (standsStill(view, id)) frozen = true;
    else live = true;
  }
  return frozen ? (live ? 'SOME' : 'ALL') : 'NONE';
}

/** Whether the quiet holds, in integers: equal to a level is not below it. */
export function isKept({ notBelow, below }: Quiet, standing: Standing): boolean {
  const surplusIn = ({ equity, initial, maintenance, constant }: Surplus): bigint =>
    standing.equity * equity - standing.initial * initial - standing.maintenance * maintenance + constant;
  return (
    notBelow.every((one) => surplusIn(one) >= 0n) && (below.length === 0 || below.some((one) => surplusIn(one) < 0n))
  );
}

/**
 * Whether a stage has something to do about the account beyond doubt. Where only a look can say, nothing is counted.
 */
export function mustAct(view: View, standing: Standing): boolean {
  const { id } = standing.picture.account;
  const call = view.calls.get(view.callOf.get(id) ?? '');
  if ((call && (isExpired(call, view) || isAtCloseOut(view, standing, call))) || awaitsCloseOut(view, id)) return true;
  const vigil = vigilOf(view, id);
  return vigil !== 'ALWAYS' && vigil !== 'ASLEEP' && !isKept(vigil, standing);
}
