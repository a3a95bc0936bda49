/** Statistics and litter: what the database has to be told to do where it does not do it by itself. */

import { startUpkeep, tableHealth, tend } from '../../src/projections/follow/upkeep';
import type { Store } from '../../src/store/client';
import { describeStores } from './support';

const ROWS = 20_000;

const fill = (store: Store): Promise<void> =>
  store.transaction(async ({ query }) => {
    await query(
      `INSERT INTO "LedgerTransfer" SELECT n, 0, now(), 'house', 'a/' || n % 5000, 'USD', 1, 'DEPOSIT', NULL FROM ` +
        `generate_series(1, ${ROWS}) n`,
    );
  });

const healthOf = async (store: Store, table: string) => (await tableHealth(store)).find(({ name }) => name === table);

/** The plan of the statement of one account. */
async function planOf(store: Store): Promise<string> {
  const lines = await store.transaction(({ query }) =>
    query<{ 'QUERY PLAN': string }>(
      `EXPLAIN SELECT * FROM "LedgerTransfer" WHERE "from" = 'a/7' OR "to" = 'a/7' ORDER BY "seq" DESC, "place" ` +
        `DESC LIMIT 51`,
    ),
  );
  return lines.map((line) => line['QUERY PLAN']).join('\n');
}

describeStores('the tables', (store) => {
  test('that were filled are analyzed, and a statement of one account goes by its indexes', async () => {
    await fill(store());
    expect(await healthOf(store(), 'LedgerTransfer')).toMatchObject({ rows: -1 });
    expect((await tend(store(), { idle: false })).analyzed).toEqual(['LedgerTransfer']);
    expect(await healthOf(store(), 'LedgerTransfer')).toMatchObject({ rows: ROWS });
    expect(await planOf(store())).toMatch(/Index Scan.*LedgerTransfer_(from|to)_seq_place_idx/);
    // What is known is not asked again.
    expect(await tend(store(), { idle: true })).toEqual({ analyzed: [], vacuumed: [] });
  });

  test('without statistics are told of once, and looked after', async () => {
    await fill(store());
    const told = new Promise<readonly string[]>((onUnknown) => {
      const upkeep = startUpkeep({ store: store(), seq: () => 1, everyMs: 10, onUnknown, onProblem: fail });
      void waitUntilKnown(store()).finally(() => upkeep.close());
    });
    expect(await told).toEqual(['LedgerTransfer']);
    await waitUntilKnown(store());
  });

  test('of the embedded database that were written over are vacuumed when nobody writes', async () => {
    if (store().kind === 'POSTGRES') return;
    await fill(store());
    await tend(store(), { idle: false });
    await store().transaction(({ query }) => query(`UPDATE "LedgerTransfer" SET "amount" = 2`));
    expect((await healthOf(store(), 'LedgerTransfer'))?.dead).toBeGreaterThanOrEqual(ROWS);
    expect(await tend(store(), { idle: false })).toEqual({ analyzed: ['LedgerTransfer'], vacuumed: [] });
    expect(await tend(store(), { idle: true })).toEqual({ analyzed: ['LedgerTransfer'], vacuumed: ['LedgerTransfer'] });
    expect(await healthOf(store(), 'LedgerTransfer')).toMatchObject({ dead: 0, changed: 0 });
  });
});

function fail(problem: unknown): never {
  throw problem;
}

async function waitUntilKnown(store: Store): Promise<void> {
  while (((await healthOf(store, 'LedgerTransfer'))?.rows ?? -1) < 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
}
