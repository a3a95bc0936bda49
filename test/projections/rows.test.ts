/**
 * Rows on their way into tables: what counts of several changes, how many fit in a statement, which texts a database
 * takes.
 */

import { columnsOf } from '../../src/projections/rows/columns';
import { createRows, jsonText, milliseconds, removeAll, select, TABLES } from '../../src/projections/rows/rows';
import type { Queries } from '../../src/store/client';
import { describeStores } from './support';

const HALF = 0x10_0000;
const text = (value: unknown): unknown => JSON.parse(jsonText(value));

describe('JSON that a database takes', () => {
  test.each([
    ['plain', 'plain'],
    ['a\u0000b', 'a\ufffdb'],
    ['half \ud83d', 'half \ufffd'],
    ['half \udea8 of it', 'half \ufffd of it'],
    ['whole \ud83d\udea8', 'whole \ud83d\udea8'],
    ['\\u0000 as typed', '\\u0000 as typed'],
    ['\\\\ud83d as typed', '\\\\ud83d as typed'],
    ['\\\u0000', '\\\ufffd'],
    ['\u0001\u2028"\n', '\u0001\u2028"\n'],
  ])('%j becomes %j', (before, after) => {
    expect(text({ [before]: [before] })).toEqual({ [after]: [after] });
  });

  test('figures stay as they are', () => {
    expect(text({ a: 1, b: null, c: [true, '1e400'], d: HALF })).toEqual({
      a: 1,
      b: null,
      c: [true, '1e400'],
      d: HALF,
    });
  });
});

describeStores('rows', (store) => {
  const write = (change: (rows: ReturnType<typeof createRows>) => void) =>
    store().transaction(async (sql) => {
      const rows = createRows();
      change(rows);
      await rows.write(sql);
    });
  const scales = async () =>
    (await store().prisma.currency.findMany({ orderBy: { id: 'asc' } })).map(({ id, scale }) => `${id} ${scale}`);

  test('of several upserts and updates of one row the last counts, column by column', async () => {
    await write((rows) => {
      rows.upsert('Currency', { id: 'AAA', scale: 1 });
      rows.upsert('Currency', { id: 'AAA', scale: 2 });
      rows.insert('Currency', { id: 'BBB', scale: 3 });
      rows.update('Currency', { id: 'BBB', scale: 4 });
      rows.update('Currency', { id: 'BBB', scale: 5 });
      rows.update('Currency', { id: 'NONE', scale: 5 });
    });
    expect(await scales()).toEqual(['AAA 2', 'BBB 5']);
    await write((rows) => {
      rows.update('Currency', { id: 'AAA', scale: 7 });
      rows.upsert('Currency', { id: 'AAA', scale: 6 });
    });
    expect(await scales()).toEqual(['AAA 6', 'BBB 5']);
  });

  test('updates leave alone what they do not name', async () => {
    const terms = {
      currency: 'AAA',
      version: 1,
      haircut: '0.1',
      conversionDiscount: '0',
      eligible: true,
      runOffDate: null,
      ranOff: false,
      variants: null,
      setAt: '2025-01-01T00:00:00Z',
      setSeq: 1,
    };
    await write((rows) => {
      rows.insert('CollateralTerms', terms);
      rows.insert('CollateralTerms', { ...terms, version: 2 });
      rows.update('CollateralTerms', { currency: 'AAA', version: 1, haircut: '0.2' });
      rows.update('CollateralTerms', { currency: 'AAA', version: 1, eligible: false });
      rows.update('CollateralTerms', { currency: 'AAA', version: 2, eligible: false });
    });
    const found = await store().prisma.collateralTerms.findMany({ orderBy: { version: 'asc' } });
    expect(found.map(({ haircut, eligible }) => [haircut.toFixed(), eligible])).toEqual([
      ['0.2', false],
      ['0.1', false],
    ]);
  });

  test('a row that goes and one that comes under the same key: what comes stays', async () => {
    await write((rows) => rows.insert('Currency', { id: 'AAA', scale: 1 }));
    await write((rows) => {
      rows.remove('Currency', { id: 'AAA' });
      rows.remove('Currency', { id: 'NONE' });
      rows.insert('Currency', { id: 'AAA', scale: 7 });
    });
    expect(await scales()).toEqual(['AAA 7']);
  });

  test('what is referred to is written first, whichever came first', async () => {
    const votes = { weight: 1, ownVenue: false, confidence: null };
    await write((rows) => {
      rows.upsert('IndexQuote', { indexId: 'A/B', source: 's', price: null, at: null, quarantined: false, ...votes });
      rows.upsert('PriceIndex', {
        id: 'A/B',
        base: 'A',
        quote: 'B',
        tick: '0.1',
        minimumSources: 1,
        maximumDeviation: '0.1',
        heartbeatMs: 1,
        ...{ price: null, stale: true, at: null, seq: null, confidence: null, guard: null },
      });
    });
    expect(await store().prisma.indexQuote.count()).toBe(1);
  });

  test('however many rows there are, a statement takes so many', async () => {
    const sent: number[] = [];
    await store().transaction(async (sql) => {
      const counting: Queries = {
        query: (statement, values) => {
          if (statement.startsWith('INSERT'))
            sent.push(
              statement.includes('json')
                ? (JSON.parse(String(values?.[0])) as unknown[]).length
                : String(values?.[0]).split('\x1f').length,
            );
          return sql.query(statement, values);
        },
      };
      const rows = createRows();
      for (let i = 0; i < 2_001; i++) rows.insert('Currency', { id: `c${i}`, scale: i % 13 });
      await rows.write(counting);
    });
    expect(sent).toEqual([1_000, 1_000, 1]);
    expect(await store().prisma.currency.count()).toBe(2_001);
  });

  describe('many rows of a table', () => {
    const LONG = '123456789012345678901234567890.123456789012345678901234567891';
    const TEXTS = [
      'plain',
      '',
      ' ',
      'NULL',
      'null',
      '{}',
      '"',
      "'",
      '\\',
      '\\N',
      'a,b',
      '(c)',
      '\u00e9\u{1f6a8}',
      "E'\\x1f'",
    ];
    const transfer = (i: number, to: string) => ({
      ...{ seq: i, place: i % 7, at: '2025-10-10T21:13:07.123Z', from: 'outside', to, currency: 'AAA' },
      amount: i % 3 === 0 ? LONG : `${i}.5`,
      reason: i % 2 === 0 ? 'DEPOSIT' : 'REVERSAL',
      reverses: i % 2 === 0 ? null : `${to}/1`,
    });
    /** Writes 60 rows; returns the statements that wrote them. */
    async function writeMany(texts: readonly string[]): Promise<string[]> {
      const statements: string[] = [];
      await store().transaction(async (sql) => {
        const rows = createRows();
        for (let i = 0; i < 60; i++) rows.insert('LedgerTransfer', transfer(i, texts[i % texts.length] as string));
        const query: Queries['query'] = (statement, values) => {
          statements.push(statement);
          return sql.query(statement, values);
        };
        await rows.write({ query });
      });
      return statements.filter((statement) => statement.startsWith('INSERT'));
    }
    const found = () =>
      store().transaction((sql) =>
        select(
          sql,
          'SELECT "seq"::int, "place", to_char("at", \'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"\') AS "at", "from", "to", ' +
            '"currency", "amount"::text, "reason", "reverses" FROM "LedgerTransfer" ORDER BY "seq"',
        ),
      );

    test('X-2 goes in as columns, and comes out as it went in', async () => {
      expect(await writeMany(TEXTS)).toEqual([expect.stringContaining('string_to_array')]);
      expect(await found()).toEqual(
        Array.from({ length: 60 }, (_, i) => transfer(i, TEXTS[i % TEXTS.length] as string)),
      );
    });

    test.each(['\x1f', 'a\x1eb', '\x1e', '\n', 'half \ud83d', 'a\0b'])(
      'that holds %j goes in as JSON, and comes out the same',
      async (odd) => {
        expect(await writeMany(['plain', odd])).toEqual([expect.stringContaining('json_populate_recordset')]);
        const shown = odd.replace(/[\0\ud83d]/, '\ufffd');
        expect(await found()).toEqual(Array.from({ length: 60 }, (_, i) => transfer(i, i % 2 === 0 ? 'plain' : shown)));
      },
    );

    test('a column of nothing but empty texts, lists, and rows of different columns', async () => {
      expect(columnsOf([{ a: '' }])).toBeUndefined();
      expect(columnsOf([{ a: '' }, { a: '' }])).toEqual({ names: ['a'], texts: ['\x1f'] });
      expect(columnsOf([{ a: [1] }])).toBeUndefined();
      expect(columnsOf([{ a: 1 }, { a: 1, b: 2 }])).toBeUndefined();
      expect(columnsOf([{ a: 1 }, { b: 1 }])).toBeUndefined();
      expect(
        columnsOf([
          { a: 1, b: null },
          { b: true, a: 0.5 },
        ]),
      ).toEqual({ names: ['a', 'b'], texts: ['1\x1f0.5', '\x1e\x1ftrue'] });
    });

    test('upserts, updates and removals find their rows as well', async () => {
      const name = (i: number): string => `account ${i}`;
      const balances = async () =>
        (await store().prisma.ledgerAccount.findMany({ orderBy: { name: 'asc' } })).map(
          (row) => `${row.name} ${row.balance.toFixed()}`,
        );
      const each = (change: (rows: ReturnType<typeof createRows>, i: number) => void) =>
        write((rows) => {
          for (let i = 0; i < 60; i++) change(rows, i);
        });
      const sorted = (balance: (i: number) => string): string[] =>
        Array.from({ length: 60 }, (_, i) => `${name(i)} ${balance(i)}`).sort();
      await each((rows, i) => rows.upsert('LedgerAccount', { name: name(i), currency: 'AAA', balance: `${i}` }));
      expect(await balances()).toEqual(sorted((i) => `${i}`));
      await each((rows, i) => rows.upsert('LedgerAccount', { name: name(i), currency: 'AAA', balance: `${i + 1}` }));
      await each((rows, i) => rows.update('LedgerAccount', { name: name(i), currency: 'AAA', balance: `${i + 2}.5` }));
      expect(await balances()).toEqual(sorted((i) => `${i + 2}.5`));
      await each((rows, i) => rows.remove('LedgerAccount', { name: name(i), currency: 'AAA' }));
      expect(await balances()).toEqual([]);
    });
  });

  test('X-2 no digit is lost on the way in and out, however many there are', async () => {
    const long = '123456789012345678901234567890.123456789012345678901234567891';
    await write((rows) => rows.insert('LedgerAccount', { name: 'external', currency: 'AAA', balance: `-${long}` }));
    const [row] = await store().transaction((sql) =>
      select<{ balance: string }>(sql, 'SELECT "balance"::text FROM "LedgerAccount"'),
    );
    expect(row?.balance).toBe(`-${long}`);
    expect((await store().prisma.ledgerAccount.findFirstOrThrow()).balance.toFixed()).toBe(`-${long}`);
  });

  test('times come out in milliseconds as they went in', async () => {
    const times = [
      '0001-01-01T00:00:00.000Z',
      '1969-12-31T23:59:59.999Z',
      '2025-10-10T21:13:07.123Z',
      '9999-12-31T23:59:59.999Z',
    ];
    await write((rows) => {
      for (const [i, at] of times.entries())
        rows.insert('Member', { id: `m${i}`, name: '', at, status: 'ACTIVE', reason: null, since: null });
    });
    const query = `SELECT ${milliseconds('"at"')} AS at FROM "Member" ORDER BY "id"`;
    const found = await store().transaction((sql) => select<{ at: number }>(sql, query));
    expect(found.map(({ at }) => at)).toEqual(times.map((at) => Date.parse(at)));
  });

  test('removing all leaves the journal and its snapshots alone, and nothing else', async () => {
    await write((rows) => rows.insert('Currency', { id: 'AAA', scale: 1 }));
    await store().prisma.journalBlock.create({ data: { firstSeq: 1, lastSeq: 1, lines: '', previous: '', hash: '' } });
    await store().transaction(removeAll);
    expect(await store().prisma.journalBlock.deleteMany()).toEqual({ count: 1 });
    for (const table of TABLES) {
      expect([table, await store().prisma.$queryRawUnsafe(`SELECT 1 FROM "${table}" LIMIT 1`)]).toEqual([table, []]);
    }
  });
});
