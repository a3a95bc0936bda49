/** Rows by their ids: what fifty nodes of a list lead to one by one is asked for once. */

import { batched } from './batch';
import type { Reading } from './reading';

type Load<Row> = (id: string) => Promise<Row | undefined>;

const loaders = new WeakMap<Reading, Map<string, Load<unknown>>>();

/** `load` finds the rows of many ids, in any order; `table` names what they are of. */
export function rowById<Row extends { readonly id: string }>(
  reading: Reading,
  table: string,
  id: string,
  load: (ids: string[]) => PromiseLike<readonly Row[]>,
): Promise<Row | undefined> {
  const ofReading = loaders.get(reading) ?? new Map<string, Load<unknown>>();
  loaders.set(reading, ofReading);
  const known = ofReading.get(table) as Load<Row> | undefined;
  if (known) return known(id);
  const loader = batched<string, Row | undefined>(async (ids) => {
    const rows = new Map((await load([...new Set(ids)])).map((row) => [row.id, row]));
    return ids.map((each) => rows.get(each));
  });
  ofReading.set(table, loader);
  return loader(id);
}
