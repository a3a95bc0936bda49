/**
 * The rival of the margin call: a database that holds accounts and positions as rows. A new mark is written, everybody
 * below maintenance margin who is not called yet is found by a query, and the calls are inserted, in one transaction.
 * Who waits for them would have to ask; here the time ends when the transaction does.
 */

import { Client } from 'pg';
import { type Percentiles, percentilesOf } from './figures';
import { task } from './task';

export interface Scan {
  readonly url: string; // of an empty database
  readonly accounts: number;
  readonly prices: number; // each calls one
}

const TABLES = `
  CREATE TABLE mark (instrument text PRIMARY KEY, price numeric NOT NULL);
  CREATE TABLE account (id text PRIMARY KEY, cash numeric NOT NULL);
  CREATE TABLE position (account text REFERENCES account, instrument text, size numeric NOT NULL, entry numeric NOT NULL, PRIMARY KEY (account, instrument));
  CREATE TABLE tier (instrument text, floor numeric, cap numeric, rate numeric, deduction numeric, PRIMARY KEY (instrument, floor));
  CREATE TABLE call (account text PRIMARY KEY REFERENCES account, equity numeric NOT NULL, required numeric NOT NULL);
  INSERT INTO mark VALUES ('BTC-PERP', 52000);
  INSERT INTO tier VALUES ('BTC-PERP', 0, 2000000, 0.025, 0), ('BTC-PERP', 2000000, NULL, 0.05, 50000);`;

const FILL = `
  INSERT INTO account SELECT 'account-' || i, CASE WHEN i < $2 THEN 52000 - (50600 - 4 * i + 2) * 0.975 ELSE 40000 END FROM generate_series(0, $1 - 1) i`;

const CALL = `
  INSERT INTO call
  SELECT margin.account, equity, required
  FROM (
    SELECT p.account,
      a.cash + sum(p.size * (m.price - p.entry)) AS equity,
      sum(abs(p.size) * m.price * t.rate - t.deduction) AS required
    FROM account a
    JOIN position p ON p.account = a.id
    JOIN mark m USING (instrument)
    JOIN tier t ON t.instrument = p.instrument AND abs(p.size) * m.price >= t.floor AND (t.cap IS NULL OR abs(p.size) * m.price < t.cap)
    GROUP BY p.account, a.cash
  ) margin
  WHERE equity < required AND NOT EXISTS (SELECT 1 FROM call WHERE call.account = margin.account)
  RETURNING account`;

task(async ({ url, accounts, prices }: Scan): Promise<Percentiles> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(TABLES);
    await client.query(FILL, [accounts, prices]);
    await client.query(`INSERT INTO position SELECT id, 'BTC-PERP', 1, 52000 FROM account`);
    await client.query('ANALYZE');
    const times: number[] = [];
    for (let i = 0; i < prices; i++) {
      const began = performance.now();
      await client.query('BEGIN');
      await client.query('UPDATE mark SET price = $1 WHERE instrument = $2', [50_600 - 4 * i, 'BTC-PERP']);
      const { rowCount } = await client.query(CALL);
      await client.query('COMMIT');
      times.push(performance.now() - began);
      if (rowCount !== 1) throw new Error(`${rowCount} accounts were called by one price`);
    }
    return percentilesOf(times);
  } finally {
    await client.end();
  }
});
