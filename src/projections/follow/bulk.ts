/**
 * Rows made from nothing go in faster where no index has to be kept up with them: those of tables that are only added
 * to are taken away first and made when everything is there. What was taken away is noted beside the rows, in the same
 * transaction.
 */

import type { Store } from '../../store/client';
import { ADDED_TO, removeAll } from '../rows/rows';

const NOTES = '_novate_bulk';

const EXISTS = `SELECT to_regclass('${NOTES}') IS NOT NULL AS exists`;

/** Indexes but those of keys, and references: neither is asked while rows are only added. */
const TAKEN = `
  SELECT c.relname AS name, pg_get_indexdef(c.oid) AS make, format('DROP INDEX %I', c.relname) AS take
  FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid
  WHERE NOT i.indisunique AND t.relnamespace = current_schema()::regnamespace AND t.relname = ANY($1)
  UNION ALL
  SELECT conname, format('ALTER TABLE %s ADD CONSTRAINT %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)),
    format('ALTER TABLE %s DROP CONSTRAINT %I', conrelid::regclass, conname)
  FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace AND conrelid IN (
    SELECT oid FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1))`;

/** Takes indexes and references away. The tables are empty. */
export const beginBulk = (store: Store): Promise<void> =>
  store.transaction(async ({ query, exec }) => {
    const taken = await query<{ name: string; make: string; take: string }>(TAKEN, [ADDED_TO]);
    await exec(`CREATE TABLE ${NOTES} ("name" TEXT PRIMARY KEY, "make" TEXT NOT NULL)`);
    for (const { name, make } of taken) await query(`INSERT INTO ${NOTES} VALUES ($1, $2)`, [name, make]);
    for (const { take } of taken) await exec(take);
  });

/** Makes again what was taken away, one by one: whoever reads has a turn in between. */
export async function endBulk(store: Store): Promise<void> {
  const taken = await store.transaction(async ({ query }) => {
    const [notes] = await query<{ exists: boolean }>(EXISTS);
    return notes?.exists
      ? query<{ name: string; make: string }>(`SELECT "name", "make" FROM ${NOTES} ORDER BY "name"`)
      : undefined;
  });
  if (!taken) return;
  for (const { name, make } of taken)
    await store.transaction(async ({ query, exec }) => {
      await exec(make);
      await query(`DELETE FROM ${NOTES} WHERE "name" = $1`, [name]);
    });
  await store.alone(`DROP TABLE ${NOTES}`);
}

/**
 * After a stop in the middle: the rows go, and everything is as it was. Before migrations, which know nothing of this.
 */
export async function abandonBulk(store: Store): Promise<void> {
  const [notes] = await store.transaction(({ query }) => query<{ exists: boolean }>(EXISTS));
  if (!notes?.exists) return;
  await store.transaction(removeAll);
  await endBulk(store);
}
