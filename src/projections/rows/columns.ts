/**
 * Many rows as a statement takes them: each column as one text, in which the texts of its rows stand one after the
 * other. The database takes that apart in a fourth of the time that the same rows as JSON cost it. What does not fit
 * stays JSON: lists, JSON within rows, and texts that hold what the columns are taken apart by, or what a database does
 * not take.
 */

import type { Queries } from '../../store/client';

type AnyRow = Readonly<Record<string, unknown>>;

/** Columns of one table and the text of each. */
export interface Columns {
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

/**
 * Between two rows, and what stands where there is nothing: what separates records and units in text since there is
 * text.
 */
const BETWEEN = '\u001f';
const NOTHING = '\u001e';

/**
 * Neither may stand in a text, nor what `jsonText` has to replace. Other control characters are rare enough to go the
 * same way.
 */
const UNFIT = /[\p{Cc}\p{Surrogate}]/u;

/** The columns of rows that all have the same; nothing where they have to be sent as JSON. */
export function columnsOf(rows: readonly AnyRow[]): Columns | undefined {
  const names = Object.keys(rows[0] ?? {});
  const cells = names.map((): string[] => []);
  for (const row of rows) {
    if (Object.keys(row).length !== names.length) return undefined;
    for (const [i, name] of names.entries()) {
      const cell = cellOf(row[name]);
      if (cell === undefined) return undefined;
      cells[i]?.push(cell);
    }
  }
  const texts = cells.map((column) => column.join(BETWEEN));
  // Of an empty text the database makes no row at all.
  return texts.includes('') ? undefined : { names, texts };
}

function cellOf(value: unknown): string | undefined {
  if (value === null) return NOTHING;
  if (typeof value === 'string') return UNFIT.test(value) ? undefined : value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

/** The rows of columns within a statement, the text of each column being a parameter, from the first on. */
export function rowsFrom({ names }: Columns, types: ReadonlyMap<string, string>): string {
  const cells = names.map((name, i) => `c${i}::${types.get(name)} AS "${name}"`);
  const lists = names.map((_, i) => `string_to_array($${i + 1}::text, E'\\x1f', E'\\x1e')`);
  return (
    `(SELECT ${cells.join(', ')} FROM unnest(${lists.join(', ')}) AS ` +
    `u(${names.map((_, i) => `c${i}`).join(', ')}))`
  );
}

/** Types of the columns of each table: they are what the program's migrations say, in whatever database. */
const known = new Map<string, ReadonlyMap<string, string>>();

export async function typesOf(sql: Queries, table: string): Promise<ReadonlyMap<string, string>> {
  const found = known.get(table);
  if (found) return found;
  const rows = await sql.query<{ name: string; type: string }>(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = '"${table}"'::regclass AND attnum > 0 AND NOT attisdropped`,
  );
  const types = new Map(rows.map(({ name, type }) => [name, type]));
  known.set(table, types);
  return types;
}
