/** Terms that were replaced and that open calls may be held to.  Ruling 12 */

import { readerOf } from '../../core/kind/json';
import { FORMER_TERMS, type Former, type TermsIn, type TermsPart } from '../../core/model/former';
import type { Queries } from '../../store/client';
import { type Batch, changed } from '../rows/batch';
import { timeOf, timeText } from '../rows/decimals';
import type { Shared } from '../rows/memory';
import { jsonOf } from '../rows/parts';
import { milliseconds, select } from '../rows/rows';

const READERS: { readonly [Part in TermsPart]: (json: unknown) => TermsIn[Part] } = {
  listings: readerOf(FORMER_TERMS.listings),
  policies: readerOf(FORMER_TERMS.policies),
  collateral: readerOf(FORMER_TERMS.collateral),
};

export async function loadFormerTerms(sql: Queries, { formerTerms }: Pick<Shared, 'formerTerms'>): Promise<void> {
  const rows = await select<{ part: TermsPart; id: string; entry: number; at: number; terms: unknown }>(
    sql,
    `SELECT "part", "id", "entry", ${milliseconds('"at"')} AS at, "terms" FROM "FormerTerms" ORDER BY "part", ` +
      `"id", "entry"`,
  );
  for (const { part, id, entry, at, terms } of rows) {
    const key = `${part}/${id}`;
    formerTerms.set(key, [...(formerTerms.get(key) ?? []), { entry, at: timeOf(at), terms: READERS[part](terms) }]);
  }
}

export function writeFormerTerms({ rows, state, before }: Batch): void {
  for (const [key, former] of changed(before.formerTerms, state.formerTerms)) {
    const slash = key.indexOf('/');
    const [part, id] = [key.slice(0, slash), key.slice(slash + 1)];
    const was = new Set(before.formerTerms.get(key)?.map(({ entry }) => entry));
    for (const { entry, at, terms } of former as readonly Former[]) {
      if (!was.delete(entry)) rows.insert('FormerTerms', { part, id, entry, at: timeText(at), terms: jsonOf(terms) });
    }
    for (const entry of was) rows.remove('FormerTerms', { part, id, entry });
  }
}
