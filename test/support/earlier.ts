/**
 * What earlier versions of the program have left: journals, a data folder and a database, under `test/journals`, a
 * folder for each version of the rules.
 */

import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Client } from 'pg';

const PLACE = join(__dirname, '..', 'journals');

/** Versions of the rules of which something is kept. */
export const EARLIER: readonly number[] = readdirSync(PLACE).flatMap(
  (name) => /^rules-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [],
);

const placeOf = (rules: number): string => join(PLACE, `rules-${rules}`);

/** Names of the lives that are kept as lines of a journal. */
export const livesOf = (rules: number): string[] =>
  readdirSync(placeOf(rules)).flatMap((name) => /^(.+)\.jsonl\.gz$/.exec(name)?.slice(1) ?? []);

export const linesOf = (rules: number, life: string): string[] =>
  unpacked(join(placeOf(rules), `${life}.jsonl.gz`))
    .toString('utf8')
    .trimEnd()
    .split('\n');

/** Puts the data folder where a house can be opened in it. */
export function unpackFolder(rules: number, to: string): void {
  const from = join(placeOf(rules), 'data');
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const target = join(to, path.slice(from.length).replace(/\.gz$/, ''));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, unpacked(path));
  }
}

/** Loads the dump into a fresh database. */
export async function loadDatabase(rules: number, url: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(unpacked(join(placeOf(rules), 'database.sql.gz')).toString('utf8'));
  } finally {
    await client.end();
  }
}

const unpacked = (path: string): Buffer => (path.endsWith('.gz') ? gunzipSync(readFileSync(path)) : readFileSync(path));
