/** The rungs above the call: each is notified once per crossing and withdrawn with hysteresis.  Rule: MCM-2 */

import { known } from '../../units/failure';
import type { Count } from '../../units/quantity';
import { cashDown, cashUp } from '../../units/rounding';
import { amountOfLevel, isBelow, raised } from '../margin/level';
import { ordersNoted, type Standing } from '../margin/standing';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { MarginLevel } from '../model/policy';
import type { State } from '../model/state';
import { changeStatus } from './status';

/** How many rungs stand breached: a rung once notified counts until equity is above it by the hysteresis. */
export function warnedRungs(standing: Standing, notified: Count): number {
  const { policy } = standing.picture;
  if (!policy) return 0;
  let breached = 0;
  policy.warnings.forEach((level, i) => {
    const held = i < notified ? raised(level, policy.hysteresis) : level;
    if (isBelow(standing.equity, held, standing)) breached = i + 1;
  });
  return breached;
}

/** Brings the warnings of an account that is HEALTHY or in WARNING to where its equity puts them. */
export function moveWarnings(desk: Desk, standing: Standing): void {
  const { id, currency } = standing.picture.account;
  const { warned, status } = desk.view.book.stateOf(id);
  const breached = warnedRungs(standing, warned);
  if (breached > 0 && status === 'HEALTHY') changeStatus(desk, id, 'WARNING', 'BELOW_WARNING_LEVEL', standing);
  // A fall through several rungs at once is notified rung by rung: whoever listens to one of them hears of it.
  for (let rung = warned + 1; rung <= breached; rung++) {
    const level = known(standing.picture.policy?.warnings[rung - 1], 'Warning level', id);
    desk.emit({
      type: 'MarginWarningIssued',
      account: id,
      currency,
      rung,
      level: levelCash(standing, level),
      equity: cashDown(standing.equity),
      ...ordersNoted(standing),
    });
  }
  if (breached < warned) desk.emit({ type: 'MarginWarningWithdrawn', account: id, rung: breached });
  // Below the call level nobody has recovered, even where the ladder has no rungs above it and the call was waived.
  const recovered = breached === 0 && !isBelow(standing.equity, standing.picture.policy?.call ?? [], standing);
  if (recovered && status === 'WARNING') changeStatus(desk, id, 'HEALTHY', 'RECOVERED', standing);
}

const levelCash = (standing: Standing, level: MarginLevel) => cashUp(amountOfLevel(level, standing));

export function onMarginWarningIssued(state: State, { account, rung }: EventOf<'MarginWarningIssued'>): void {
  state.book.setState(account, { ...state.book.stateOf(account), warned: rung });
}

export function onMarginWarningWithdrawn(state: State, { account, rung }: EventOf<'MarginWarningWithdrawn'>): void {
  state.book.setState(account, { ...state.book.stateOf(account), warned: rung });
}
