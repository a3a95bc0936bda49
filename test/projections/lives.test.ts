/**
 * No event of the core breaks a row: random lives with dust everywhere, through real rows. A seed is printed with what
 * failed; NOVATE_LIVES says how many lives are lived, NOVATE_SEED with which seed they begin.
 */

import { RowsStuck } from '../../src/projections/follow/stuck';
import { lifeAmongDust } from '../support/lives';
import { randomOf } from '../support/random';
import { describeStores, followed, projected } from './support';

const LIVES = Number(process.env['NOVATE_LIVES'] ?? '4');
const FIRST = Number(process.env['NOVATE_SEED'] ?? Math.floor(Math.random() * 1_000_000_000));

describeStores('rows of random lives', (store) => {
  const seeds = Array.from({ length: LIVES }, (_, i) => FIRST + i);
  test.each(seeds)(
    'X-3 whatever happens to a house can be made into rows, seed %i',
    async (seed) => {
      const random = randomOf(seed);
      const { entries } = lifeAmongDust(seed, random.between(40, 120));
      const projector = await projected(store(), followed(entries), { batchLimit: random.pick([7, 100, 1_000]) });
      const { problem } = projector;
      await projector.close();
      if (problem instanceof RowsStuck)
        throw new Error(`${problem.message}\n${JSON.stringify(entries[problem.entry.seq - 1], text, 1)}`);
      expect([problem, projector.seq]).toEqual([undefined, entries.length]);
    },
    60_000,
  );
});

const text = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
