/**
 * The way down the ladder: a reduction enters at the first rung; what a rung cannot take within its caps, and what it
 * did not do in its time, goes to the next one, and every move says why. The last rung takes everything.  Rules: LE-3,
 * LE-4, LI-4
 */

import { known } from '../../../units/failure';
import {
  abs,
  type Count,
  cash,
  duration,
  greatest,
  least,
  MARGIN_PER_CASH,
  type Milliseconds,
  minus,
  NO_MARGIN,
  NO_SIZE,
  negate,
  RATE_ONE,
  type Rate,
  rate,
  type Size,
} from '../../../units/quantity';
import { divUp } from '../../../units/rounding';
import { type Standing, standingOfAccount } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { DisposalLadder, Rung, RungCause, Stand } from '../../model/ladder';
import type { Liquidation, LiquidationOrder, ReductionReason } from '../../model/liquidation';
import type { Instrument } from '../../model/reference';
import type { State, View } from '../../model/state';
import { ladderFor } from '../../reference/disposalLadders';
import { isClosedOut } from '../../reference/memberDefaults';
import { issueOrder, openOrdersOf } from '../closing/order';
import { type Extra, NO_EXTRA, type Reduction, reductionBy, staged } from '../closing/plan';
import { takeOver } from '../closing/takeover';
import { hasLiquidators } from '../liquidator/register';
import { heldOf, lessHeld, mostOf } from '../liquidator/reward';
import { offerPortfolio } from '../portfolio/course';
import { capacityOn } from '../tally/load';
import { assignToProviders } from './backstop';
import { deleveragePosition } from './deleverageRung';
import { moveReduction, type Place } from './move';

/** A reduction on its way down. */
interface Descent {
  readonly liquidation: Liquidation;
  readonly ladder: DisposalLadder;
  readonly instrument: Instrument;
  readonly sells: boolean;
  readonly origin: LiquidationOrder['id'];
  readonly reason: ReductionReason;
  readonly trigger: LiquidationOrder['mark'];
  readonly fresh: boolean; // whether no time has passed since it was planned
  readonly alone: boolean; // whether nothing else is being closed, so that each rung can say anew how much is needed
}

/** What a rung did with a reduction: how much it took, how much goes on, and why. */
interface Entered {
  readonly rest: Size;
  readonly cause: RungCause;
}

export function startDown(
  desk: Desk,
  liquidation: Liquidation,
  ladder: DisposalLadder,
  reduction: Reduction,
  alone: boolean,
): void {
  const { holding, reason, lots } = reduction;
  const { instrument, mark, position } = holding;
  const origin = desk.newId('lord');
  descend(
    desk,
    { liquidation, ladder, instrument, sells: position.size > 0n, origin, reason, trigger: mark, fresh: true, alone },
    0,
    lots,
  );
}

/** An order's time on its rung is up: `lots` of it go on to the next one, as the ladder is now. */
export function goDown(desk: Desk, liquidation: Liquidation, order: LiquidationOrder, stand: Stand, lots: Size): void {
  const { instrument } = known(desk.view.listings.get(order.instrument), 'Instrument', order.instrument);
  const { ladder, next } = after(desk.view, instrument, stand);
  const alone = openOrdersOf(desk.view, order.account).length === 0;
  const { reason, mark: trigger } = order;
  const descent = {
    liquidation,
    ladder,
    instrument,
    sells: order.size < 0n,
    origin: stand.origin,
    reason,
    trigger,
    fresh: false,
    alone,
  };
  move(desk, descent, stand, next, lots, 'WINDOW_PASSED');
  descend(desk, descent, next, lots);
}

/**
 * The ladder in force and the place on it behind a stand: behind its method where that still is on it, else by its
 * number.
 */
function after(view: View, instrument: Instrument, stand: Stand): { ladder: DisposalLadder; next: Count } {
  const ladder = known(ladderFor(view, instrument), 'Disposal ladder', stand.ladder);
  const same = ladder.rungs.findIndex(({ method }) => method === stand.method);
  return { ladder, next: Math.min(same < 0 ? stand.rung : same + 1, ladder.rungs.length - 1) };
}

function descend(desk: Desk, descent: Descent, from: Count, lots: Size): void {
  const { ladder } = descent;
  let left = lots;
  for (let at = from; left > 0n; at++) {
    const rung = known(ladder.rungs[at], 'Rung', `${ladder.id}/${at + 1}`);
    const { rest, cause } = enter(desk, descent, rung, at, left);
    if (rest > 0n && at === ladder.rungs.length - 1) {
      // Nobody on the other side could be asked for it: there is only the house, whatever its own rung allows.
      takeOver(desk, descent.liquidation, descent.instrument.id, rest, descent.trigger);
      return;
    }
    if (rest > 0n) move(desk, descent, { rung: at + 1, method: rung.method }, at + 1, rest, cause);
    left = rest;
  }
}

/** A whole position stays one, and a slice a slice; what was the least that restores is asked for again. */
const RESIZED: readonly ReductionReason[] = ['RESTORES_TARGET', 'REMAINDER_TOO_SMALL'];

function enter(desk: Desk, descent: Descent, rung: Rung, at: Milliseconds, lots: Size): Entered {
  const { liquidation, trigger } = descent;
  const instrument = descent.instrument.id;
  const standing = standingOfAccount(desk.view, liquidation.account);
  const holding = standing.picture.holdings.find((held) => held.instrument.id === instrument);
  const policy = known(standing.picture.policy, 'Margin policy', liquidation.account);
  if (!holding || holding.position.size === 0n) return { rest: NO_SIZE, cause: 'WINDOW_PASSED' };
  const given: Reduction = { holding, lots: least(lots, abs(holding.position.size)), reason: descent.reason };
  const resized =
    descent.alone && RESIZED.includes(descent.reason) && openOrdersOf(desk.view, liquidation.account).length === 0;
  const held = heldOf(desk.view.heldRewards.get(liquidation.id));
  const paid = lessHeld(standing, held, MARGIN_PER_CASH);
  const reduction = resized ? reductionBy(desk.view, paid, holding, policy, extraOf(rung)) : given;
  if (reduction.lots === 0n) return { rest: NO_SIZE, cause: 'WINDOW_PASSED' };
  const capacity = capacityOn(desk.view, rung, descent.instrument, holding.mark);
  switch (rung.method) {
    case 'VENUE':
    case 'LIQUIDATORS': {
      if (rung.method === 'LIQUIDATORS' && !hasLiquidators(desk.view, descent.instrument.settlement))
        return { rest: given.lots, cause: 'NOBODY_THERE' };
      const slice = staged(desk.view, standing, reduction, policy, rung.maximumShareOfDepth);
      return offer(desk, descent, rung, at, standing, slice, capacity);
    }
    case 'AUCTION': {
      // A portfolio is sold whole or not at all: no part of it is offered beyond the cap.
      if (capacity < reduction.lots) return { rest: reduction.lots, cause: 'CAP_REACHED' };
      const until = offerPortfolio(desk, liquidation);
      if (until === undefined) return { rest: given.lots, cause: 'NO_AUCTION' };
      return offer(desk, descent, { ...rung, window: duration(until - desk.at) }, at, standing, reduction, capacity);
    }
    case 'BACKSTOP': {
      const wanted = least(reduction.lots, capacity);
      const { taken, cause } = assignToProviders(desk, liquidation, instrument, wanted, rung, trigger);
      const rest = minus(reduction.lots, taken);
      return { rest, cause: wanted < reduction.lots && taken === wanted ? 'CAP_REACHED' : cause };
    }
    case 'DELEVERAGING': {
      // At the mark the fewest lots that restore do.
      const asked = least(reduction.lots, capacity);
      const closed = deleveragePosition(desk, { liquidation, instrument, lots: asked, trigger });
      const capped = asked < reduction.lots && closed === asked;
      return { rest: minus(reduction.lots, closed), cause: capped ? 'CAP_REACHED' : 'NOBODY_THERE' };
    }
    default: {
      // At its closing limit no part of a position restores the account: what nobody else has is taken whole at once.
      const wanted =
        descent.fresh && openOrdersOf(desk.view, liquidation.account).length === 0
          ? abs(holding.position.size)
          : given.lots;
      const taken = least(wanted, capacity);
      const whole = isClosedOut(desk.view, liquidation.account);
      if (taken > 0n) takeOver(desk, liquidation, instrument, taken, trigger, whole);
      return { rest: minus(wanted, taken), cause: 'CAP_REACHED' };
    }
  }
}

/** An order on the rung for what fits; what a slice leaves is planned anew once it is done. */
function offer(
  desk: Desk,
  descent: Descent,
  rung: Rung,
  at: Milliseconds,
  standing: Standing,
  reduction: Reduction,
  capacity: Size,
): Entered {
  const { ladder, origin, liquidation } = descent;
  const lots = least(reduction.lots, capacity);
  if (lots > 0n) {
    const policy = known(standing.picture.policy, 'Margin policy', liquidation.account);
    const stand: Stand = {
      origin,
      ladder: ladder.id,
      version: ladder.version,
      rung: at + 1,
      method: rung.method,
      offer: rung.offer,
    };
    // Whoever is closed out because of its member is not closer to the edge by what it still has.
    const slippage = isClosedOut(desk.view, liquidation.account) ? rung.slippage : slippageNow(rung, standing);
    // The first order of a reduction names it.
    const id = at === 0 ? origin : desk.newId('lord');
    issueOrder(desk, standing, liquidation, { ...reduction, lots }, policy, {
      id,
      stand,
      window: rung.window,
      slippage,
    });
  }
  return { rest: minus(reduction.lots, lots), cause: 'CAP_REACHED' };
}

/**
 * The slippage allowed now, rounded up: with an urgency as much of it as equity lacks of maintenance margin, times
 * that.  DY-F1
 */
function slippageNow({ slippage, urgency }: Rung, { equity, maintenance }: Standing): Rate | null {
  if (slippage === null || urgency === undefined || maintenance === 0n) return slippage;
  const lacking = greatest(minus(maintenance, equity), NO_MARGIN);
  return least(slippage, rate(divUp(slippage * urgency * lacking, RATE_ONE * maintenance)));
}

/** What the method is paid besides fee and penalty. */
function extraOf({ method, offer, slippage }: Rung): Extra {
  if (offer) return mostOf(offer);
  return method === 'BACKSTOP' && slippage !== null ? { flat: cash(0n), rate: slippage } : NO_EXTRA;
}

function move(desk: Desk, descent: Descent, from: Place, next: Count, lots: Size, cause: RungCause): void {
  const { liquidation, ladder, instrument, origin, sells } = descent;
  moveReduction(
    desk,
    { liquidation, ladder, instrument: instrument.id, origin, size: sells ? negate(lots) : lots },
    from,
    next,
    cause,
  );
}

/** Where a reduction stands is in its orders; what moved is told. */
export const onReductionMoved = (_state: State, _event: EventOf<'ReductionMoved'>): void => undefined;
