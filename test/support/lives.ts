/**
 * Random lives of every house that tests have, with dust between their steps: all that the core can make of anything.
 */

import fc from 'fast-check';
import type { Command } from '../../src/core/message/command';
import { dust, scatter } from './dust';
import { amended, type TestHouse } from './house';
import { type Random, randomOf } from './random';
import { ROOM_ACTS, type RoomAct, type Rooms, roomsHouse, runOut } from './rooms';
import { askedBy, type Move, move, spanOf } from './walk';
import { walkHouse } from './walkHouse';
import { actOnLadder, type LadderAct, ladderAct, walkHouseOnLadder } from './walkLadder';
import { houseOf, live, waterfallLife } from './waterfallLife';

type Step = (house: TestHouse) => void;
interface Life {
  readonly open: () => TestHouse;
  readonly steps: readonly Step[];
}

const some = <T>(seed: number, arbitrary: fc.Arbitrary<T>, length: number): T[] =>
  fc.sample(arbitrary, { seed, numRuns: length });

const walking =
  (now: Move | LadderAct): Step =>
  (house) => {
    if ('rung' in now) actOnLadder(house, now);
    else if ('pass' in now) house.pass(spanOf(now));
    else for (const [command, actor] of askedBy(house, now)) house.try(command, actor);
  };

const roomsOf = (random: Random): Rooms => ({
  form: random.below(3),
  ladder: random.below(5),
  layers: random.below(2),
  caps: random.below(3),
  rounds: 1 + random.below(3),
  ...{ fund: random.pick([0, 1, 5_000]), settled: random.chance(50) },
});

const LIVES: readonly ((seed: number, length: number, random: Random) => Life)[] = [
  (seed, length) => ({ open: walkHouse, steps: some(seed, move, length).map(walking) }),
  (seed, length) => ({
    open: walkHouseOnLadder,
    steps: some<Move | LadderAct>(seed, fc.oneof(move, ladderAct), length).map(walking),
  }),
  (_seed, length, random) => {
    const rooms = roomsOf(random);
    const kinds = Object.keys(ROOM_ACTS) as RoomAct[0][];
    const acts = Array.from(
      { length },
      (): RoomAct => [random.pick(kinds), random.below(201), random.below(201), random.below(201)],
    );
    return {
      open: () => roomsHouse(rooms),
      steps: [
        ...acts.map(
          ([kind, a, b, c]): Step =>
            (house) =>
              ROOM_ACTS[kind](house, a, b, c),
        ),
        runOut,
      ],
    };
  },
  (seed, length) => {
    const [first, ...others] = some(seed, waterfallLife, Math.ceil(length / 12));
    if (!first) throw new Error('At least one');
    const acts = [first, ...others].flatMap((one) => one.acts);
    return {
      open: () => houseOf(first),
      steps: acts.map(
        (act): Step =>
          (house) =>
            live(house, act),
      ),
    };
  },
];

/**
 * Terms that make the same life another one: finer money, coins that count for nothing or are taken for all, prices
 * below zero.
 */
function strangeTerms(random: Random): (command: Command) => Command {
  const [scale, wholes] = [random.pick([2, 2, 6, 12]), random.chance(30)];
  const [negative, worthless, fee] = [random.chance(60), random.chance(30), random.chance(30)];
  return (command) => {
    if (command.type === 'DefineCurrency')
      return { ...command, scale: command.currency === 'USD' ? scale : wholes ? 0 : command.scale };
    if (command.type === 'DefineInstrument')
      return {
        ...command,
        // A price on an index is one of a thing somebody has.
        allowsNonPositivePrice: negative && command.markMethod === 'VENUE',
        ...(fee ? { takerFee: '1', makerFee: '-0.999999999999' } : {}),
      };
    if (command.type === 'DepositCollateral' && wholes && command.currency !== 'USD')
      return { ...command, amount: String(1 + Number.parseInt(command.amount, 10)) };
    if (command.type === 'SetCollateralTerms' && worthless)
      return { ...command, haircut: '1', conversionDiscount: '1' };
    return command;
  };
}

/** A life of about so many steps, the same for the same seed. */
export function lifeAmongDust(seed: number, length: number): TestHouse {
  const random = randomOf(seed);
  const { open, steps } = random.pick(LIVES)(seed, length, random);
  const house = amended(random.chance(60) ? strangeTerms(random) : undefined, open);
  // Every entry in full is another test's; here it would be most of the time.
  house.audited = false;
  scatter(house, random);
  for (const step of steps) {
    step(house);
    for (let i = random.below(3); i > 0; i--) dust(house, random);
  }
  return house;
}
