/** Venues that number their trades, with the highest number that was cleared.  Ruling 22 */

import type { Queries } from '../../store/client';
import { type Batch, changed } from '../rows/batch';
import type { Shared } from '../rows/memory';
import { select } from '../rows/rows';

export async function loadVenues(sql: Queries, { venues }: Pick<Shared, 'venues'>): Promise<void> {
  const rows = await select<Record<'id' | 'name' | 'highest', string>>(
    sql,
    'SELECT "id", "name", "highest"::text FROM "Venue"',
  );
  for (const { id, name, highest } of rows) venues.set(id, { id, name, highest: BigInt(highest) });
}

export function writeVenues({ rows, state, before }: Batch): void {
  for (const [id, { name, highest }] of changed(before.venues, state.venues))
    rows.upsert('Venue', { id, name, highest: String(highest) });
}
