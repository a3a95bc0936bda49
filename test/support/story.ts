/** A long random life of a house, the same for the same seed: what tests of replay and snapshots are run over. */

import fc from 'fast-check';
import type { TestHouse } from './house';
import { askedBy, move, spanOf } from './walk';
import { walkHouse } from './walkHouse';

export function storyOf(seed: number, length = 150): TestHouse {
  const house = walkHouse();
  const [moves = []] = fc.sample(fc.array(move, { minLength: length, maxLength: length }), { seed, numRuns: 1 });
  for (const now of moves) {
    if ('pass' in now) house.pass(spanOf(now));
    else for (const [command, actor] of askedBy(house, now)) house.try(command, actor);
  }
  return house;
}
