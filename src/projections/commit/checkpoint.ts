/**
 * How far the rows have followed the journal. It moves in the same transaction as the rows, and by one writer only.
 * Rule: X-4
 */

import type { Queries } from '../../store/client';
import { type Instant, instant, type Seq } from '../../units/quantity';
import { timeText } from '../rows/decimals';
import { milliseconds, select } from '../rows/rows';

/** Layout of the rows: raised whenever an entry would give others than before, so that they are made anew. */
export const LAYOUT = 7;

export interface Checkpoint {
  readonly seq: Seq; // of the last entry in the rows; 0: none
  readonly at: Instant;
  readonly hash: string | null; // of that entry
  readonly layout: number;
}

export const NOTHING: Checkpoint = { seq: 0, at: instant(0), hash: null, layout: LAYOUT };

export async function readCheckpoint(sql: Queries): Promise<Checkpoint> {
  const [row] = await select<{ seq: number; at: number; hash: string; layout: number }>(
    sql,
    `SELECT "seq", ${milliseconds('"at"')} AS at, "hash", "layout" FROM "Checkpoint"`,
  );
  return row ? { ...row, at: instant(row.at) } : NOTHING;
}

/** Another writer has moved the checkpoint: what is in memory is not what the rows say. */
export class CheckpointMoved extends Error {
  override readonly name = 'CheckpointMoved';
  constructor(readonly expected: Seq) {
    super(`The checkpoint is not at ${expected} any more: another process writes the projections`);
  }
}

/**
 * Moves it from where it was to where it is; first of all, so that a second writer waits here and then finds it moved.
 */
export async function moveCheckpoint(sql: Queries, from: Seq, to: Checkpoint): Promise<void> {
  const values = [to.seq, timeText(to.at), to.hash, to.layout];
  const moved =
    from === 0
      ? await sql.query(
          `INSERT INTO "Checkpoint" ("id", "seq", "at", "hash", "layout") VALUES (1, $1, $2::timestamptz, $3, $4)
           ON CONFLICT DO NOTHING RETURNING "id"`,
          values,
        )
      : await sql.query(
          `UPDATE "Checkpoint" SET "seq" = $1, "at" = $2::timestamptz, "hash" = $3, "layout" = $4 WHERE "seq" = ` +
            `$5 RETURNING "id"`,
          [...values, from],
        );
  if (moved.length !== 1) throw new CheckpointMoved(from);
}
