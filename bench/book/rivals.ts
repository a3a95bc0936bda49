/**
 * Rivals on the same book: who is below maintenance margin after a tick, found by a query over indexed numeric rows, by
 * decimal.js objects with an index from instrument to holders, and by typed arrays with such an index.
 */

import { Decimal } from 'decimal.js';
import { Client } from 'pg';
import type { ColumnBook } from '../../dist/core/book/columnBook';
import { task } from '../task';
import { createWorld, numbersFrom, START, type World } from './world';

export interface RivalsInput {
  readonly url: string | null; // of an empty database
  readonly accounts: number;
  readonly ticks: number; // for the fast ones
  readonly slowTicks: number; // for the slow ones
}

/** Mean time of a tick, in microseconds. */
export interface RivalsOutput {
  readonly query: number | null;
  readonly decimals: number;
  readonly arrays: number;
}

const INSTRUMENTS = 300;

interface Row {
  readonly account: number;
  readonly instrument: number;
  readonly size: number;
  readonly cost: number;
}

task(async ({ url, accounts, ticks, slowTicks }: RivalsInput): Promise<RivalsOutput> => {
  const world = createWorld({ accounts, instruments: INSTRUMENTS, seed: 1 });
  const { rows, cash } = contentOf(world);
  return {
    arrays: arraysOf(world, rows, cash, ticks),
    decimals: decimalsOf(world, rows, cash, slowTicks),
    query: url === null ? null : await queryOf(url, world, rows, cash, slowTicks),
  };
});

function contentOf({ state }: World): { readonly rows: Row[]; readonly cash: Float64Array } {
  const { columns, instrumentNames } = state.book as ColumnBook;
  const rows: Row[] = [];
  for (let row = 0; row < columns.positions.count; row++)
    rows.push({
      account: columns.positions.account[row] as number,
      instrument: Number(instrumentNames.name(columns.positions.instrument[row] as number).slice(2)),
      size: columns.positions.size[row] as number,
      cost: columns.positions.cost[row] as number,
    });
  return { rows, cash: columns.accounts.cash };
}

/** The tiers, in hundredths of a unit as the book counts: cap, maintenance rate, deduction. */
function tiersOf(world: World): readonly (readonly [cap: number, rate: number, deduction: number])[] {
  const tiers = [...world.state.listings.values()][0]?.tiers;
  if (!tiers) throw new Error('No tiers');
  return tiers.tiers.map(({ cap, maintenanceRate, maintenanceDeduction }) => [
    cap === null ? Number.POSITIVE_INFINITY : Number(cap),
    Number(maintenanceRate) / Number(tiers.denominator),
    Number(maintenanceDeduction) / Number(tiers.denominator),
  ]);
}

const moved = (at: number, i: number): number => at + (i % 2 === 0 ? 1 : -1) * (1 + (i % 5));

function meanOf(ticks: number, work: (instrument: number, i: number) => void): number {
  const random = numbersFrom(5);
  const began = performance.now();
  for (let i = 0; i < ticks; i++) work(random.below(INSTRUMENTS), i);
  return (1000 * (performance.now() - began)) / ticks;
}

/**
 * Equity and requirement of every account are kept; a tick takes the old share of each holder out and puts the new one
 * in.
 */
function arraysOf(world: World, rows: readonly Row[], cash: Float64Array, ticks: number): number {
  const tiers = tiersOf(world);
  const prices = new Float64Array(INSTRUMENTS).fill(START);
  const accounts = cash.length;
  const [equity, required] = [Float64Array.from(cash), new Float64Array(accounts)];
  const holders = Array.from({ length: INSTRUMENTS }, (_, instrument) =>
    rows.filter((row) => row.instrument === instrument),
  );
  const index = holders.map((held) => ({
    account: Int32Array.from(held, (row) => row.account),
    size: Float64Array.from(held, (row) => row.size),
  }));
  const requirement = (notional: number): number => {
    let tier = 0;
    while (notional > (tiers[tier]?.[0] ?? 0)) tier += 1;
    const [, rate, deduction] = tiers[tier] as (typeof tiers)[number];
    return notional * rate - deduction;
  };
  for (const { account, size, cost } of rows) {
    equity[account] = (equity[account] as number) + size * START - cost;
    required[account] = (required[account] as number) + requirement(Math.abs(size) * START);
  }
  let below = 0;
  const mean = meanOf(ticks, (instrument, i) => {
    const [before, after] = [prices[instrument] as number, moved(START, i)];
    const { account, size } = index[instrument] as (typeof index)[number];
    for (let n = 0; n < account.length; n++) {
      const [of, held] = [account[n] as number, size[n] as number];
      const lots = Math.abs(held);
      equity[of] = (equity[of] as number) + held * (after - before);
      required[of] = (required[of] as number) + requirement(lots * after) - requirement(lots * before);
      if ((equity[of] as number) < (required[of] as number)) below += 1;
    }
    prices[instrument] = after;
  });
  if (below < 0) throw new Error('Nobody can be below nothing');
  return mean;
}

/** Exact decimals as objects, holders found by an index; each is added up anew. */
function decimalsOf(world: World, rows: readonly Row[], cash: Float64Array, ticks: number): number {
  const tiers = tiersOf(world).map(([cap, rate, deduction]) => ({
    cap: new Decimal(cap),
    rate: new Decimal(rate),
    deduction: new Decimal(deduction),
  }));
  const prices = Array.from({ length: INSTRUMENTS }, () => new Decimal(START));
  const touched = new Set<number>();
  const random = numbersFrom(5);
  for (let i = 0; i < ticks; i++) touched.add(random.below(INSTRUMENTS));
  // Only accounts that the measured ticks concern are made into objects: the others would only take memory.
  const concerned = new Set(rows.filter((row) => touched.has(row.instrument)).map((row) => row.account));
  const held = new Map<number, { instrument: number; size: Decimal; cost: Decimal }[]>();
  const holders = new Map<number, number[]>();
  for (const { account, instrument, size, cost } of rows) {
    if (!concerned.has(account)) continue;
    const mine = held.get(account) ?? [];
    mine.push({ instrument, size: new Decimal(size), cost: new Decimal(cost) });
    held.set(account, mine);
    const of = holders.get(instrument) ?? [];
    of.push(account);
    holders.set(instrument, of);
  }
  const money = new Map([...concerned].map((account) => [account, new Decimal(cash[account] as number)]));
  let below = 0;
  const mean = meanOf(ticks, (instrument, i) => {
    prices[instrument] = new Decimal(moved(START, i));
    for (const account of holders.get(instrument) ?? []) {
      let equity = money.get(account) as Decimal;
      let required = new Decimal(0);
      for (const { instrument: of, size, cost } of held.get(account) ?? []) {
        const value = size.times(prices[of] as Decimal);
        const notional = value.abs();
        const tier = tiers.find(({ cap }) => notional.lte(cap)) as (typeof tiers)[number];
        equity = equity.plus(value).minus(cost);
        required = required.plus(notional.times(tier.rate).minus(tier.deduction));
      }
      if (equity.lt(required)) below += 1;
    }
  });
  if (below < 0) throw new Error('Nobody can be below nothing');
  return mean;
}

const TABLES = `
  CREATE TABLE account (id int PRIMARY KEY, cash numeric NOT NULL);
  CREATE TABLE position (account int NOT NULL, instrument int NOT NULL, size numeric NOT NULL, cost numeric NOT NULL);
  CREATE TABLE mark (instrument int PRIMARY KEY, price numeric NOT NULL);
  CREATE TABLE tier (floor numeric, cap numeric, rate numeric, deduction numeric);`;
const INDEXES = `
  ALTER TABLE position ADD PRIMARY KEY (account, instrument);
  CREATE INDEX ON position (instrument);
  ANALYZE;`;
const BELOW = `
  SELECT p.account
  FROM position h
  JOIN account a ON a.id = h.account
  JOIN position p ON p.account = h.account
  JOIN mark m ON m.instrument = p.instrument
  JOIN tier t ON abs(p.size) * m.price > t.floor AND abs(p.size) * m.price <= t.cap
  WHERE h.instrument = $1
  GROUP BY p.account, a.cash
  HAVING a.cash + sum(p.size * m.price - p.cost) < sum(abs(p.size) * m.price * t.rate - t.deduction)`;
const CHUNK = 50_000;

async function queryOf(
  url: string,
  world: World,
  rows: readonly Row[],
  cash: Float64Array,
  ticks: number,
): Promise<number> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(TABLES);
    let floor = -1;
    for (const [cap, rate, deduction] of tiersOf(world)) {
      const end = Number.isFinite(cap) ? cap : 1e30;
      await client.query('INSERT INTO tier VALUES ($1, $2, $3, $4)', [floor, end, rate, deduction]);
      floor = end;
    }
    await client.query('INSERT INTO mark SELECT i, $1 FROM generate_series(0, $2 - 1) i', [START, INSTRUMENTS]);
    for (let from = 0; from < world.accounts + 1; from += CHUNK) {
      const part = [...cash.subarray(from, Math.min(from + CHUNK, world.accounts + 1))];
      await client.query(
        'INSERT INTO account SELECT $1 + n - 1, c FROM unnest($2::numeric[]) WITH ORDINALITY AS x(c, n)',
        [from, part],
      );
    }
    for (let from = 0; from < rows.length; from += CHUNK) {
      const part = rows.slice(from, from + CHUNK);
      await client.query(
        'INSERT INTO position SELECT * FROM unnest($1::int[], $2::int[], $3::numeric[], $4::numeric[])',
        [
          part.map((row) => row.account),
          part.map((row) => row.instrument),
          part.map((row) => row.size),
          part.map((row) => row.cost),
        ],
      );
    }
    await client.query(INDEXES);
    const random = numbersFrom(5);
    const began = performance.now();
    for (let i = 0; i < ticks; i++) {
      const instrument = random.below(INSTRUMENTS);
      await client.query('UPDATE mark SET price = $1 WHERE instrument = $2', [moved(START, i), instrument]);
      await client.query(BELOW, [instrument]);
    }
    return (1000 * (performance.now() - began)) / ticks;
  } finally {
    await client.end();
  }
}
