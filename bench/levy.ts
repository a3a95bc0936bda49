/**
 * A loss spread over every contributor of the backstop pool: one update of product and total, against the two ways it
 * is done otherwise, an update of every row in Postgres and a plain loop over contributions in memory. Afterwards every
 * contributor is asked for its statement: together they and the residue are what the pool holds, or nothing was
 * measured.
 */

import { Client } from 'pg';
import type { BackstopEntry } from '../dist/core/model/waterfall';
import { contributionOf, emptyPool, settledEntry, withLoss } from '../dist/core/settlement/waterfall/backstop';
import { cash, plus } from '../dist/units/quantity';
import { task } from './task';

export interface LevyInput {
  readonly contributors: number;
  readonly levies: number; // of which the mean is taken, in one update each
  readonly url: string | null; // of an empty database
}

export interface LevyOutput {
  readonly contributors: number;
  readonly update: number; // us a levy, in one update
  readonly loop: number; // us a levy, by a loop over all contributions
  readonly rows: number | null; // us a levy, by an update of all rows
  readonly residue: string; // smallest units that rounding holds back in the pool
}

const HUNDREDTH = 100n;

const spent = (since: bigint): number => Number(process.hrtime.bigint() - since) / 1000;

task(async ({ contributors, levies, url }: LevyInput): Promise<LevyOutput> => {
  let pool = emptyPool('USD');
  const entries: BackstopEntry[] = [];
  for (let i = 0; i < contributors; i++) {
    const amount = cash(BigInt(100_000 + ((i * 7919) % 1_000_000)));
    entries.push({ ...settledEntry(pool, undefined, `c${i}`), contribution: amount });
    pool = { ...pool, total: plus(pool.total, amount) };
  }

  let since = process.hrtime.bigint();
  for (let i = 0; i < levies; i++) pool = withLoss(pool, cash(pool.total / HUNDREDTH));
  const update = spent(since) / levies;

  let held = 0n;
  for (const entry of entries) held += contributionOf(pool, entry);
  const residue = pool.total - held;
  if (residue < 0n || residue > BigInt(contributors)) throw new Error(`Statements and pool are ${residue} apart`);

  const contributions = entries.map(({ contribution }) => contribution as bigint);
  since = process.hrtime.bigint();
  for (let i = 0; i < contributions.length; i++) {
    const had = contributions[i] ?? 0n;
    contributions[i] = had - had / HUNDREDTH;
  }
  const loop = spent(since);
  return {
    contributors,
    update,
    loop,
    rows: url === null ? null : await updateRows(url, contributors),
    residue: residue.toString(),
  };
});

/** The same as rows: one statement over all of them, in one transaction. */
async function updateRows(url: string, contributors: number): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('CREATE TABLE contribution (account text PRIMARY KEY, amount numeric NOT NULL)');
    await client.query(
      `INSERT INTO contribution SELECT 'c' || i, 100000 + (i * 7919) % 1000000 FROM generate_series(1, $1::bigint) i`,
      [contributors],
    );
    const since = process.hrtime.bigint();
    await client.query('UPDATE contribution SET amount = amount - floor(amount / 100)');
    return spent(since);
  } finally {
    await client.end();
  }
}
