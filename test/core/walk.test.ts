/**
 * Random walks through the life of a house: whatever is asked of it in whatever order, what must hold holds after every
 * command.
 */

import fc from 'fast-check';
import { createState } from '../../src/core/engine/genesis';
import { nextDeadline } from '../../src/core/engine/time';
import { eventsOf } from '../../src/core/message/envelope';
import type { EventType } from '../../src/core/message/event';
import type { State } from '../../src/core/model/state';
import { createStatusWatch, disagreementOf, expectNothingKept, expectSoundBooks } from '../support/agreement';
import type { TestHouse } from '../support/house';
import { applyText, executeAgain, expectTwins, restored } from '../support/twin';
import { askedBy, type Move, move, spanOf } from '../support/walk';
import { walkHouse } from '../support/walkHouse';
import { actOnLadder, type LadderAct, ladderAct, walkHouseOnLadder } from '../support/walkLadder';

const RUNS = Number(process.env['WALK_RUNS'] ?? 15);
const SEED = Number(process.env['WALK_SEED'] ?? 20251010);

/** Walks, and after every move compares everything with states that lived through the same journal otherwise. */
function walk(house: TestHouse, moves: readonly (Move | LadderAct)[], snapshotAt: number): void {
  const twin = createState();
  const watch = createStatusWatch();
  let again: State | undefined;
  let followed = 0;
  const follow = (): void => {
    for (const entry of house.entries.slice(followed)) {
      watch(eventsOf(entry.outcome));
      expectNothingKept(house.state, eventsOf(entry.outcome));
      applyText(twin, entry);
      if (again) executeAgain(again, entry);
    }
    followed = house.entries.length;
  };
  follow();
  for (const [i, now] of moves.entries()) {
    if (i === snapshotAt) again = restored(house.state);
    if ('rung' in now) actOnLadder(house, now);
    else if ('pass' in now) house.pass(spanOf(now));
    else for (const [command, actor] of askedBy(house, now)) house.try(command, actor);
    follow();
    expectTwins(house.state, twin);
    expectSoundBooks(house.state);
    for (const id of house.state.book.accountIds())
      expect([id, disagreementOf(house.state, id)]).toEqual([id, undefined]);
    expect(nextDeadline(house.state) ?? Number.POSITIVE_INFINITY).toBeGreaterThanOrEqual(house.state.now);
  }
  if (again) expectTwins(house.state, again);
}

test('DS-1 LE-1 LE-2 LE-5 B3-3 LCS-1 RLM-2 X-1 a random walk keeps the house sound, and its twins with it', () => {
  fc.assert(
    fc.property(fc.array(move, { minLength: 40, maxLength: 120 }), fc.nat({ max: 60 }), (moves, at) =>
      walk(walkHouse(), moves, at),
    ),
    {
      numRuns: RUNS,
      seed: SEED,
      endOnFailure: process.env['WALK_SHRINK'] === undefined,
    },
  );
}, 600_000);

test('LE-2 LE-4 LI-1 LI-3 LI-4 SL-5 CA-5 X-1 and so does one on a ladder, with liquidators, portfolios at ' +
  'auction, providers and deleveraging', () => {
  const seen = new Set<EventType>();
  const moves = fc.array(fc.oneof({ weight: 3, arbitrary: move }, { weight: 1, arbitrary: ladderAct }), {
    minLength: 40,
    maxLength: 120,
  });
  const onLadder = (given: readonly (Move | LadderAct)[], at: number): void => {
    const house = walkHouseOnLadder();
    walk(house, given, at);
    for (const { outcome } of house.entries) for (const { type } of eventsOf(outcome)) seen.add(type);
  };
  fc.assert(fc.property(moves, fc.nat({ max: 60 }), onLadder), {
    numRuns: RUNS,
    seed: SEED,
    endOnFailure: process.env['WALK_SHRINK'] === undefined,
  });
  const expected = [
    'LiquidationTaken',
    'PortfolioTaken',
    'BackstopAssigned',
    'DeleveragingDecided',
    'ReductionMoved',
    'LossAllocated',
  ] as const;
  expect(expected.filter((type) => !seen.has(type))).toEqual([]);
}, 600_000);
