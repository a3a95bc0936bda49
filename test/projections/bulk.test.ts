/**
 * Rows from nothing: indexes are taken away while they go in, are there afterwards, and are there after a stop in the
 * middle.
 */

import { abandonBulk, beginBulk } from '../../src/projections/follow/bulk';
import { createProjector } from '../../src/projections/follow/projector';
import type { Store } from '../../src/store/client';
import { lifeOf } from './stories';
import { describeStores, dump, followed, projected, readerOf } from './support';

const ALL = followed(lifeOf(40, 110).entries);

/** Indexes and references of all tables, as the catalog has them. */
const structureOf = async (store: Store): Promise<string[]> => {
  const found = await store.transaction(({ query }) =>
    query<{ is: string }>(
      `SELECT pg_get_indexdef(i.indexrelid) AS is FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
       WHERE t.relnamespace = current_schema()::regnamespace
       UNION ALL SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint
       WHERE contype = 'f' AND connamespace = current_schema()::regnamespace`,
    ),
  );
  return found.map(({ is }) => is).sort();
};

describeStores('rows in bulk', (store) => {
  test('are the same, and so are the indexes behind them, which were not there on the way', async () => {
    const before = await structureOf(store());
    await (await projected(store(), ALL)).close();
    const rows = await dump(store());
    const counts: number[] = [];
    const read = readerOf(ALL);
    const projector = createProjector({
      store: store(),
      bulkFrom: 10,
      read: async function* (after) {
        for await (const item of read(after)) {
          if (item.entry.seq === 20) counts.push((await structureOf(store())).length);
          yield item;
        }
      },
    });
    await projector.start();
    expect(projector.following().anew).toBe(false);
    await projector.rebuild();
    await projector.close();
    expect(counts.at(-1)).toBeLessThan(before.length);
    expect(await structureOf(store())).toEqual(before);
    expect(await dump(store())).toEqual(rows);
  });

  test('that were not finished are begun again, with every index in its place', async () => {
    const before = await structureOf(store());
    await beginBulk(store());
    expect((await structureOf(store())).length).toBeLessThan(before.length);
    await abandonBulk(store());
    await abandonBulk(store());
    expect(await structureOf(store())).toEqual(before);
    expect(await store().prisma.ledgerTransfer.count()).toBe(0);
  });
});
