/** The journal's table in Postgres, `JournalBlock`: a row for every append, its lines together in one text. */

import type { Pool } from 'pg';
import type { Seq } from '../units/quantity';
import { chainHash, GENESIS_HASH, JournalCorrupt, type JournalRecord } from './journal';

export interface Block {
  readonly firstSeq: Seq;
  readonly lastSeq: Seq;
  readonly lines: string;
  readonly previous: string; // hash of the entry before the first
  readonly hash: string; // of the last
}

interface Row extends Omit<Block, 'firstSeq' | 'lastSeq'> {
  readonly firstSeq: string; // 64-bit integers come as text
  readonly lastSeq: string;
}

export const blockOf = (row: Row): Block => ({ ...row, firstSeq: Number(row.firstSeq), lastSeq: Number(row.lastSeq) });

export const linesOf = (texts: readonly string[]): string => texts.join('\n');

/**
 * The records of a block, when all of it checks: its numbers, its place in the chain, and every text by the hash at its
 * end.
 */
export function recordsOf(block: Block, seq: Seq, previous: string): JournalRecord[] {
  const corrupt = (found: string) => new JournalCorrupt(`"JournalBlock", "firstSeq" ${block.firstSeq}`, seq, found);
  if (block.firstSeq !== seq) throw corrupt(`the block starts with entry ${block.firstSeq}`);
  if (block.previous !== previous) throw corrupt('the block does not continue the chain');
  const texts = block.lines.split('\n');
  if (texts.length !== block.lastSeq - block.firstSeq + 1) throw corrupt(`the block holds ${texts.length} lines`);
  let hash = previous;
  const records = texts.map((text, i) => {
    hash = chainHash(hash, text);
    return { seq: seq + i, text, hash };
  });
  if (hash !== block.hash) throw corrupt('the hash of its lines differs');
  return records;
}

const MOST_BLOCKS = 1_000; // a page at most, however small they are

// The sizes are known without reading the texts, so that a page holds what it may and no more, and one block at least.
const PAGE = `
  SELECT block."firstSeq", block."lastSeq", block.lines, block.previous, block.hash
  FROM "JournalBlock" block
  JOIN (
    SELECT "firstSeq", sum(size) OVER (ORDER BY "lastSeq") - size AS before
    FROM (
      SELECT "firstSeq", "lastSeq", octet_length(lines) AS size
      FROM "JournalBlock" WHERE "lastSeq" >= $1 AND "firstSeq" <= $2
      ORDER BY "lastSeq" LIMIT ${MOST_BLOCKS}
    ) sized
  ) page USING ("firstSeq")
  WHERE page.before < $3
  ORDER BY block."lastSeq"`;

/** Records from an entry on, up to the last durable one, a page of blocks in memory at a time. */
export async function* readBlocks(
  pool: Pool,
  from: Seq,
  lastSeq: () => Seq,
  pageBytes: number,
): AsyncIterable<JournalRecord> {
  let seq = Math.max(1, from); // the entry wanted next
  let next: { readonly seq: Seq; readonly hash: string } | undefined; // what the next block has to continue
  while (seq <= lastSeq()) {
    const { rows } = await pool.query<Row>(PAGE, [seq, lastSeq(), pageBytes]);
    if (rows.length === 0) throw new JournalCorrupt('"JournalBlock"', seq, 'no block holds it');
    for (const block of rows.map(blockOf)) {
      next ??= await startOf(pool, block, seq);
      for (const record of recordsOf(block, next.seq, next.hash)) {
        if (record.seq >= seq) yield record;
        next = { seq: record.seq + 1, hash: record.hash };
      }
      seq = next.seq;
    }
  }
}

/** What the first block that is read has to continue: the block before it. */
async function startOf(pool: Pool, block: Block, wanted: Seq): Promise<{ seq: Seq; hash: string }> {
  if (block.firstSeq > wanted) throw new JournalCorrupt('"JournalBlock"', wanted, 'no block holds it');
  if (block.firstSeq === 1) return { seq: 1, hash: GENESIS_HASH };
  const { rows } = await pool.query<{ hash: string }>('SELECT hash FROM "JournalBlock" WHERE "lastSeq" = $1', [
    block.firstSeq - 1,
  ]);
  if (!rows[0]) throw new JournalCorrupt('"JournalBlock"', block.firstSeq - 1, 'no block holds it');
  return { seq: block.firstSeq, hash: rows[0].hash };
}
