/**
 * An account worth less than nothing on a ladder: the rungs that ask somebody are passed over, because what nothing
 * stands behind is offered to nobody. The house takes its positions at the closing limit and keeps what its own rung
 * allows; the rest is closed against the other side where the ladder deleverages. What nobody there holds stays with
 * the house. Rules: B3-1, LE-4, S07
 */

import type { Count } from '../../../units/quantity';
import { abs, least, minus, NO_SIZE, negate, type Size, size } from '../../../units/quantity';
import type { Holding } from '../../margin/model/holding';
import type { Standing } from '../../margin/standing';
import type { Desk } from '../../message/desk';
import type { DisposalLadder, LadderMethod, RungCause } from '../../model/ladder';
import type { Liquidation } from '../../model/liquidation';
import { closeOutAccountFor } from '../../reference/accounts';
import { ladderFor } from '../../reference/disposalLadders';
import { type Taken, takeOver } from '../closing/takeover';
import { capacityOn } from '../tally/load';
import type { Loss } from '../waterfall/loss';
import { deleverageTaken } from './deleverageRung';
import { moveReduction } from './move';

/** Methods that take a position behind which there is nothing. */
const FOR_INSOLVENT: readonly LadderMethod[] = ['HOUSE', 'DELEVERAGING'];

/**
 * Everything the account holds, in the order of instrument ids. `before` are losses of the same entry that are borne
 * first. Returns what the house has of each position, and what it lost by it.
 */
export function takeInsolvent(
  desk: Desk,
  liquidation: Liquidation,
  standing: Standing,
  before: () => readonly Loss[],
): Taken[] {
  const all: Taken[] = [];
  for (const holding of standing.picture.holdings) {
    if (holding.position.size === 0n) continue;
    const ladder = ladderFor(desk.view, holding.instrument);
    const earlier = (): Loss[] => [...before(), ...all.map((taken) => lossOf(liquidation, taken))];
    all.push(
      ladder ? takeOnLadder(desk, liquidation, ladder, holding, earlier) : takeWhole(desk, liquidation, holding),
    );
  }
  return all;
}

const lossOf = ({ account }: Liquidation, { instrument, receiver, loss }: Taken): Loss => ({
  account,
  beneficiary: receiver,
  amount: loss,
  instrument,
});

function takeWhole(desk: Desk, liquidation: Liquidation, { instrument, position, mark }: Holding): Taken {
  const loss = takeOver(desk, liquidation, instrument.id, abs(position.size), mark);
  return { instrument: instrument.id, receiver: closeOutAccountFor(desk.view, instrument), size: position.size, loss };
}

function takeOnLadder(
  desk: Desk,
  liquidation: Liquidation,
  ladder: DisposalLadder,
  holding: Holding,
  before: () => readonly Loss[],
): Taken {
  const { instrument, position, mark } = holding;
  const takers = ladder.rungs
    .map((rung, at) => ({ rung, at }))
    .filter(({ rung }) => FOR_INSOLVENT.includes(rung.method));
  const signed = (lots: Size): Size => (position.size > 0n ? lots : negate(lots));
  const moving = { liquidation, ladder, instrument: instrument.id, origin: desk.newId('lord') };
  const go = (from: Count, next: Count, lots: Size, cause: RungCause): void => {
    const method = ladder.rungs[from]?.method ?? 'HOUSE';
    moveReduction(desk, { ...moving, size: negate(signed(lots)) }, { rung: from + 1, method }, next, cause);
  };
  let left = abs(position.size);
  const [first] = takers;
  if (first && first.at > 0) go(0, first.at, left, 'NOT_FOR_INSOLVENT');
  // What the house may keep is asked before it holds what it takes only to close it.
  const capacities = takers.map(({ rung }) => capacityOn(desk.view, rung, instrument, mark));
  let taken = takeWhole(desk, liquidation, holding);
  for (const [i, { rung, at }] of takers.entries()) {
    const wanted = least(left, capacities[i] ?? NO_SIZE);
    let done = wanted;
    if (rung.method === 'DELEVERAGING') {
      const closed = deleverageTaken(desk, liquidation, taken, wanted, before());
      done = closed.lots;
      taken = { ...taken, size: signed(size(abs(taken.size) - closed.lots)), loss: minus(taken.loss, closed.used) };
    }
    left = minus(left, done);
    const next = takers[i + 1];
    if (left > 0n && next) go(at, next.at, left, done === wanted ? 'CAP_REACHED' : 'NOBODY_THERE');
  }
  return taken;
}
