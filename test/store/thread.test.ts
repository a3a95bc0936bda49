/**
 * The embedded database in its thread: nobody waits for it who does not ask it, and it is the same database as before.
 */

import { StoreDamaged } from '../../src/store/folder';
import { ThreadLost } from '../../src/thread/thread';
import { type EmbeddedStore, openTestEmbedded } from '../support/embedded';

let store: EmbeddedStore;
beforeAll(async () => {
  store = await openTestEmbedded();
}, 60_000);
afterAll(() => store.close());

const query = <Row>(text: string, values?: readonly unknown[]): Promise<Row[]> =>
  store.transaction((sql) => sql.query<Row>(text, values));

/** The longest time for which this thread did nothing else while the work ran, and how long that took. */
async function stallOf(work: () => Promise<unknown>): Promise<{ stall: number; took: number }> {
  let last = performance.now();
  let stall = 0;
  const beat = (): void => {
    const now = performance.now();
    stall = Math.max(stall, now - last);
    last = now;
  };
  const timer = setInterval(beat, 5);
  const began = performance.now();
  await work();
  const took = performance.now() - began;
  clearInterval(timer);
  beat();
  return { stall, took };
}

/** Keeps the database busy for a good part of a second. */
const HEAVY = 'SELECT sum(n * n % 7)::text AS sum FROM generate_series(1::bigint, 2000000) AS n';

test('RLM-1 while the database works nobody else waits', async () => {
  const { stall, took } = await stallOf(() => query(HEAVY));
  expect(took).toBeGreaterThan(200);
  expect(stall).toBeLessThan(took / 2);
  // The measure sees a thread that is kept busy.
  const busy = await stallOf(async () => {
    for (const end = performance.now() + took; performance.now() < end; );
  });
  expect(busy.stall).toBeGreaterThan(took / 2);
});

test('a transaction has the database to itself, and leaves nothing behind when it fails', async () => {
  await query('CREATE TABLE turns (place serial, who text)');
  const order: string[] = [];
  const first = store.transaction(async (sql) => {
    await sql.query('INSERT INTO turns (who) VALUES ($1)', ['first']);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sql.query('INSERT INTO turns (who) VALUES ($1)', ['first']);
    order.push('first');
  });
  const failing = store.transaction(async (sql) => {
    await sql.query('INSERT INTO turns (who) VALUES ($1)', ['failing']);
    throw new RangeError('not this one');
  });
  const second = store.transaction(async (sql) => {
    order.push('second');
    return sql.query<{ who: string }>('SELECT who FROM turns ORDER BY place');
  });
  await first;
  await expect(failing).rejects.toThrow(RangeError);
  expect((await second).map(({ who }) => who)).toEqual(['first', 'first']);
  expect(order).toEqual(['first', 'second']);
});

test('what the database refuses arrives with its code, to plain SQL and to Prisma', async () => {
  await expect(query('SELECT * FROM nowhere')).rejects.toMatchObject({ code: '42P01', severity: 'ERROR' });
  const currency = { id: 'XTS', scale: 2 };
  await store.prisma.currency.create({ data: currency });
  await expect(store.prisma.currency.create({ data: currency })).rejects.toMatchObject({ code: 'P2002' });
  const refused = store.prisma.$transaction(async (db) => {
    await db.currency.create({ data: { id: 'NOWHERE', scale: 0 } });
    await db.currency.create({ data: currency });
  });
  await expect(refused).rejects.toMatchObject({ code: 'P2002' });
  expect(await store.prisma.currency.count()).toBe(1);
});

test('what breaks the database is told as damage', async () => {
  const broken = query(`DO $$ BEGIN RAISE EXCEPTION 'a page does not check' USING ERRCODE = 'XX001'; END $$`);
  await expect(broken).rejects.toThrow(StoreDamaged);
  await expect(
    query(`DO $$ BEGIN RAISE EXCEPTION 'another matter' USING ERRCODE = '22000'; END $$`),
  ).rejects.not.toThrow(StoreDamaged);
});

test('values of every kind cross as they are', async () => {
  const values = [12, 'ä\u{1F600}', true, null, new Date(1_760_000_000_123), new Uint8Array([0, 255])];
  const text =
    'SELECT $1::int, $2::text, $3::bool, $4::text AS nothing, $5::timestamptz, $6::bytea, ' +
    '12345678901234567890.5::numeric';
  const [row] = await query<object>(text, values);
  expect(Object.values(row ?? {})).toEqual([...values, '12345678901234567890.5']);
  const typed = await store.prisma.$queryRaw<
    object[]
  >`SELECT 9007199254740993::bigint AS b, '{"a": 1}'::jsonb AS j, ARRAY['x', null] AS a`;
  expect(typed).toEqual([{ b: 9007199254740993n, j: { a: 1 }, a: ['x', null] }]);
});

test('closed, it answers nothing any more', async () => {
  const another = await openTestEmbedded();
  await another.close();
  await expect(another.transaction((sql) => sql.query('SELECT 1'))).rejects.toThrow(ThreadLost);
});
