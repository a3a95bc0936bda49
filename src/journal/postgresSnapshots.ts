/** Snapshots in the table `Snapshot`, sealed like those in files; the newest two are kept. */

import type { Pool } from 'pg';
import type { SavedSnapshot, Snapshots } from './journal';
import { openSnapshot, sealSnapshot } from './sealedSnapshot';

const SAVE = `
  INSERT INTO "Snapshot" (seq, digest, bytes) VALUES ($1, $2, $3)
  ON CONFLICT (seq) DO UPDATE SET digest = EXCLUDED.digest, bytes = EXCLUDED.bytes, at = EXCLUDED.at`;

// A house saves its present: whatever claims to be later is of a past that was given up.
const PRUNE =
  'DELETE FROM "Snapshot" WHERE seq NOT IN (SELECT seq FROM "Snapshot" WHERE seq <= $1 ORDER BY seq DESC LIMIT 2)';

export function createPostgresSnapshots(pool: Pool): Snapshots {
  return {
    async save(snapshot) {
      await pool.query(SAVE, [snapshot.seq, snapshot.digest, sealSnapshot(snapshot)]);
      await pool.query(PRUNE, [snapshot.seq]);
    },
    async latest(atMost) {
      const { rows } = await pool.query<{ seq: string }>(
        'SELECT seq FROM "Snapshot" WHERE seq <= $1 ORDER BY seq DESC',
        [atMost],
      );
      for (const { seq } of rows) {
        const snapshot = await readSnapshot(pool, seq);
        if (snapshot?.seq === Number(seq)) return snapshot;
      }
      return undefined;
    },
    discardAfter: async (seq) => void (await pool.query('DELETE FROM "Snapshot" WHERE seq > $1', [seq])),
  };
}

// Bytes come as hexadecimal text, twice as long, and a text has its limit: a snapshot is fetched in slices.
const SLICE = 16 * 1024 * 1024;

async function readSnapshot(pool: Pool, seq: string): Promise<SavedSnapshot | undefined> {
  const slices: Buffer[] = [];
  for (let start = 1; ; start += SLICE) {
    const { rows } = await pool.query<{ slice: Buffer }>(
      'SELECT substring(bytes FROM $2 FOR $3) AS slice FROM "Snapshot" WHERE seq = $1',
      [seq, start, SLICE],
    );
    const slice = rows[0]?.slice ?? Buffer.alloc(0);
    slices.push(slice);
    if (slice.length < SLICE) return openSnapshot(Buffer.concat(slices));
  }
}
