/** The journal in Postgres: the contract, and what only a server does. */

import { Client } from 'pg';
import { JournalStopped } from '../../src/journal/appender';
import { JournalLocked } from '../../src/journal/lock';
import { openPostgresJournal, type PostgresJournal } from '../../src/journal/postgres';
import { DatabaseLocked } from '../../src/journal/postgresSession';
import { createTables, describePostgres } from '../support/postgres';
import { journalContract, snapshotsContract } from './contract';
import { readAll, recordsOf, textsOf } from './lines';
import { createProxy } from './proxy';

describePostgres('the journal in Postgres', (database) => {
  beforeAll(() => createTables(database.url));
  const clear = () => database.query('TRUNCATE "JournalBlock", "Snapshot"');
  const opened: PostgresJournal[] = [];
  const open = async (url = database.url, appendTimeoutMs?: number) => {
    const journal = await openPostgresJournal({
      url,
      relockWaitMs: 100,
      ...(appendTimeoutMs ? { appendTimeoutMs } : {}),
    });
    opened.push(journal);
    return journal;
  };
  beforeEach(clear);
  afterEach(async () => {
    for (const journal of opened.splice(0)) await journal.close();
  });

  for (const pageBytes of [1, 5000, undefined]) {
    describe(`pages of ${pageBytes ?? 'the usual number of'} bytes`, () => {
      const options = () => (pageBytes ? { url: database.url, pageBytes } : { url: database.url });
      const home = async () => {
        await clear();
        return { open: () => openPostgresJournal(options()) };
      };
      journalContract(home, { runs: 6 });
    });
  }

  describe('its snapshots', () => {
    snapshotsContract(async () => (await open()).snapshots);

    test('X-3 a damaged one is passed over for the one before', async () => {
      const { snapshots } = await open();
      const of = (seq: number) => ({ seq, digest: `d${seq}`, bytes: Buffer.from('state') });
      await snapshots.save(of(3));
      await snapshots.save(of(9));
      await database.query('UPDATE "Snapshot" SET bytes = set_byte(bytes, 40, get_byte(bytes, 40) # 1) WHERE seq = 9');
      expect(await snapshots.latest(100)).toEqual(of(3));
    });
  });

  test('DS-4 an append is one row', async () => {
    const journal = await open();
    await journal.append(textsOf(1, 5));
    await journal.append(textsOf(6, 6));
    const rows = await database.query('SELECT "firstSeq", "lastSeq", previous, hash FROM "JournalBlock" ORDER BY 1');
    const records = recordsOf(textsOf(1, 6));
    expect(rows).toEqual([
      { firstSeq: '1', lastSeq: '5', previous: '0'.repeat(64), hash: records[4]?.hash },
      { firstSeq: '6', lastSeq: '6', previous: records[4]?.hash, hash: records[5]?.hash },
    ]);
  });

  describe('one writer', () => {
    test('DS-3 a second one is refused, and served when the first is closed', async () => {
      const first = await open();
      const refused = openPostgresJournal({ url: database.url, lockWaitMs: 0 });
      await expect(refused).rejects.toThrow(DatabaseLocked);
      await expect(refused).rejects.toBeInstanceOf(JournalLocked);
      await first.append(['mine']);
      await first.close();
      expect((await open()).lastSeq).toBe(1);
    });

    test('DS-3 one whose connection has died takes the lock again before anybody else, and goes on', async () => {
      const first = await open();
      await first.append(['a']);
      const { told } = watching(first);
      await endConnections();
      await waitUntil(async () => told.length === 2);
      expect(told).toEqual([expect.any(Error), undefined]);
      await expect(openPostgresJournal({ url: database.url, lockWaitMs: 0 })).rejects.toThrow(DatabaseLocked);
      await first.append(['b']);
      expect(await readAll(first)).toEqual(recordsOf(['a', 'b']));
    });

    test('DS-3 one that lost the lock to another writer appends nothing more', async () => {
      const proxy = await createProxy(database.url);
      const first = await open(proxy.url);
      await first.append(['a']);
      await proxy.cut();
      const second = await open();
      await second.append(['c']);
      const late = first.append(['b']);
      late.catch(() => undefined);
      await proxy.mend();
      await expect(late).rejects.toThrow(JournalStopped);
      await expect(first.append(['b'])).rejects.toThrow(JournalStopped);
      await second.append(['d']);
      expect(await readAll(second)).toEqual(recordsOf(['a', 'c', 'd']));
      await proxy.close();
    });

    test('DS-3 one that finds that somebody wrote while it was away stops, though nobody has the lock', async () => {
      const proxy = await createProxy(database.url);
      const first = await open(proxy.url);
      await first.append(['a']);
      await proxy.cut();
      const second = await open();
      await second.append(['c']);
      await second.close();
      const late = first.append(['b']);
      late.catch(() => undefined);
      await proxy.mend();
      await expect(late).rejects.toThrow('another process has written to it');
      expect(await readAll(await open())).toEqual(recordsOf(['a', 'c']));
      await proxy.close();
    });

    test.each([
      ['shorter', ['x']],
      ['as long', ['x', 'y']],
      ['longer', ['x', 'y', 'z']],
    ])(
      'DS-3 one that has been overtaken without knowing, by an append %s than its own, cannot append',
      async (_name, texts) => {
        const first = await open();
        await first.append(['a']);
        // Another program, or a person, ignores the lock and continues the journal.
        const records = recordsOf(['a', ...texts]);
        await database.query(
          'INSERT INTO "JournalBlock" ("firstSeq", "lastSeq", lines, previous, hash) VALUES (2, $1, $2, $3, $4)',
          [records.length, texts.join('\n'), first.lastHash, records.at(-1)?.hash],
        );
        await expect(first.append(['b', 'c'])).rejects.toThrow(JournalStopped);
        await expect(first.append(['b'])).rejects.toThrow(JournalStopped);
        await first.close();
        expect(await readAll(await open())).toEqual(records);
      },
    );

    test('DS-3 one whose last block is not there any more, or another, cannot append', async () => {
      for (const sql of [
        'DELETE FROM "JournalBlock" WHERE "firstSeq" = 2',
        `UPDATE "JournalBlock" SET hash = repeat('a', 64) WHERE "firstSeq" = 2`,
      ]) {
        await clear();
        const journal = await open();
        await journal.append(['a']);
        await journal.append(['b']);
        await database.query(sql);
        await expect(journal.append(['c'])).rejects.toThrow('another process has written to it');
        await journal.close();
      }
    });
  });

  describe('a database that goes away', () => {
    test('DS-3 before the append is durable: it is made durable over the next connection, once', async () => {
      const journal = await open();
      const { told } = watching(journal);
      await journal.append(['a']);
      const blocker = await lockTable();
      const append = journal.append(['b']);
      await waitUntil(async () => (await waiting()) > 0);
      await endConnections();
      await waitUntil(async () => told.length > 0 && (await waiting()) > 0);
      expect(journal.lastSeq).toBe(1);
      await blocker.end();
      await append;
      await journal.append(['c']);
      expect(await readAll(journal)).toEqual(recordsOf(['a', 'b', 'c']));
      expect(told).toEqual([expect.any(Error), undefined]);
    });

    test('DS-3 after the append is durable and before it says so: it is found there, and not written again', async () => {
      const proxy = await createProxy(database.url);
      const journal = await open(proxy.url);
      await journal.append(['a']);
      proxy.loseAnswers();
      const append = journal.append(['b']);
      await waitUntil(
        async () =>
          Number((await database.query<{ count: string }>('SELECT count(*) FROM "JournalBlock"'))[0]?.count) === 2,
      );
      expect(journal.lastSeq).toBe(1);
      await proxy.mend();
      await append;
      await journal.append(['c']);
      expect(await readAll(journal)).toEqual(recordsOf(['a', 'b', 'c']));
      await proxy.close();
    });

    test('DS-3 without a word: when its time is up the append is settled over another connection, which ends the first', async () => {
      const journal = await open(database.url, 300);
      await journal.append(['a']);
      const blocker = await lockTable();
      const { told } = watching(journal);
      const append = journal.append(['b']);
      await waitUntil(async () => told.length > 0);
      await blocker.end();
      await append;
      expect(await readAll(journal)).toEqual(recordsOf(['a', 'b']));
    });

    test('DS-3 for good: closing gives up what waits for it', async () => {
      const proxy = await createProxy(database.url);
      const journal = await open(proxy.url);
      const { told } = watching(journal);
      await proxy.cut();
      await waitUntil(async () => told.length > 0);
      const late = journal.append(['a']);
      const given = expect(late).rejects.toThrow('it was closed while its storage was away');
      await journal.close();
      await given;
      await proxy.close();
    });

    test('DS-3 a server whose disk is full refuses, and takes the same append when there is room', async () => {
      await database.query(`
        CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no space' USING ERRCODE = '53100'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT ON "JournalBlock" FOR EACH ROW EXECUTE FUNCTION full_disk()`);
      const journal = await open();
      const { told } = watching(journal);
      const append = journal.append(['a']);
      await waitUntil(async () => told.length > 0);
      await database.query('DROP TRIGGER full_disk ON "JournalBlock"; DROP FUNCTION full_disk');
      await append;
      expect(await readAll(journal)).toEqual(recordsOf(['a']));
    });

    test('DS-3 between appends: readers are told, and read on when it is back', async () => {
      const journal = await open();
      await journal.append(['a', 'b']);
      await readAll(journal);
      await endConnections();
      // A connection may be found broken only when it is used: that reader is told, the next one gets another.
      const told = await readAll(journal).catch((error: unknown) => error);
      if (told instanceof Error) expect(told.message).toMatch(/terminat/i);
      expect(await readAll(journal)).toEqual(recordsOf(['a', 'b']));
    });
  });

  describe('damage is reported with table and key', () => {
    beforeEach(async () => {
      const journal = await open();
      for (const [from, to] of [
        [1, 3],
        [4, 4],
        [5, 7],
        [8, 9],
      ] as const)
        await journal.append(textsOf(from, to));
      await journal.close();
    });

    test.each`
      what                     | sql                                                                                                                                                            | key  | seq
      ${'a letter of a line'}  | ${`SET lines = replace(lines, '"seq":6', '"seq":0') WHERE "firstSeq" = 5`}                                                                                     | ${5} | ${5}
      ${'a line too many'}     | ${`SET lines = lines || E'\\n{}' WHERE "firstSeq" = 5`}                                                                                                        | ${5} | ${5}
      ${'two lines swapped'}   | ${`SET lines = array_to_string(array[split_part(lines, E'\\n', 2), split_part(lines, E'\\n', 1), split_part(lines, E'\\n', 3)], E'\\n') WHERE "firstSeq" = 5`} | ${5} | ${5}
      ${'the hash'}            | ${`SET hash = repeat('0', 64) WHERE "firstSeq" = 5`}                                                                                                           | ${5} | ${5}
      ${'the hash before'}     | ${`SET previous = repeat('0', 64) WHERE "firstSeq" = 5`}                                                                                                       | ${5} | ${5}
      ${'the number of lines'} | ${`SET "lastSeq" = 70 WHERE "firstSeq" = 8`}                                                                                                                   | ${8} | ${8}
      ${'the key'}             | ${`SET "firstSeq" = 6 WHERE "firstSeq" = 5`}                                                                                                                   | ${6} | ${5}
      ${'numbers that jump'}   | ${`SET "firstSeq" = 9, "lastSeq" = 10 WHERE "firstSeq" = 8`}                                                                                                   | ${9} | ${8}
    `('DS-4 $what', async ({ sql, key, seq }: { sql: string; key: number; seq: number }) => {
      await database.query(`UPDATE "JournalBlock" ${sql}`);
      const reading = (async () => readAll(await open()))();
      await expect(reading).rejects.toMatchObject({
        name: 'JournalCorrupt',
        place: `"JournalBlock", "firstSeq" ${key}`,
        seq,
      });
    });

    test('DS-4 a block that is missing', async () => {
      await database.query('DELETE FROM "JournalBlock" WHERE "firstSeq" = 5');
      const journal = await open();
      await expect(readAll(journal)).rejects.toMatchObject({ name: 'JournalCorrupt', seq: 5 });
      await expect(readAll(journal, 6)).rejects.toMatchObject({ name: 'JournalCorrupt', seq: 6 });
      await expect(readAll(journal, 8)).rejects.toMatchObject({ name: 'JournalCorrupt', seq: 7 });
    });

    test('DS-4 the last block, taken away while the journal is open', async () => {
      const journal = await open();
      await database.query('DELETE FROM "JournalBlock" WHERE "firstSeq" = 8');
      await expect(readAll(journal)).rejects.toMatchObject({ name: 'JournalCorrupt', seq: 8 });
    });

    test('DS-4 nothing of a damaged block is handed out', async () => {
      await database.query(`UPDATE "JournalBlock" SET hash = repeat('0', 64) WHERE "firstSeq" = 5`);
      const journal = await open();
      const seen: number[] = [];
      const reading = async () => {
        for await (const { seq } of journal.read(2)) seen.push(seq);
      };
      await expect(reading()).rejects.toThrow('JournalBlock');
      expect(seen).toEqual([2, 3, 4]);
    });
  });

  test('DS-3 commits wait for the disk even where the server would not', async () => {
    await database.query(`ALTER DATABASE "${new URL(database.url).pathname.slice(1)}" SET synchronous_commit = off`);
    const [outside] = await database.query<{ synchronous_commit: string }>('SHOW synchronous_commit');
    expect(outside?.synchronous_commit).toBe('off');
    await database.query(`
      CREATE TABLE seen (setting text);
      CREATE FUNCTION see() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO seen VALUES
      (current_setting('synchronous_commit')); RETURN NEW; END $$;
      CREATE TRIGGER see BEFORE INSERT ON "JournalBlock" FOR EACH ROW EXECUTE FUNCTION see()`);
    const journal = await open();
    await journal.append(['a']);
    await database.query('DROP TRIGGER see ON "JournalBlock"');
    expect(await database.query('SELECT setting FROM seen')).toEqual([{ setting: 'on' }]);
  });

  const endConnections = () =>
    database.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND ' +
        'application_name LIKE $1',
      ['novate journal%'],
    );

  /** What the journal tells of its storage. */
  const watching = (journal: PostgresJournal): { readonly told: (Error | undefined)[] } => {
    const told: (Error | undefined)[] = [];
    journal.watch?.((problem) => told.push(problem));
    return { told };
  };

  const lockTable = async (): Promise<Client> => {
    const blocker = new Client({ connectionString: database.url });
    await blocker.connect();
    await blocker.query('BEGIN; LOCK TABLE "JournalBlock" IN EXCLUSIVE MODE');
    return blocker;
  };

  const waiting = async () => {
    const [row] = await database.query<{ count: string }>(
      `SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'novate ` +
        `journal' AND wait_event_type = 'Lock'`,
    );
    return Number(row?.count);
  };
});

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}
