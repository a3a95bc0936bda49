/**
 * What ends a house and what does not: a database that goes away and comes back, and one that somebody else has written
 * to.  Rules: DS-3, X-3
 */

import { join } from 'node:path';
import { digestOf } from '../../src/core/engine/digest';
import { SYSTEM } from '../../src/core/model/actor';
import { chainHash } from '../../src/journal/journal';
import { openPostgresJournal } from '../../src/journal/postgres';
import { readConfig } from '../../src/main/config';
import { createDayClock } from '../../src/main/dayClock';
import { silentLog } from '../../src/main/logger';
import { openHouse } from '../../src/main/openHouse';
import { type Answer, Unavailable } from '../../src/sequencer/house';
import { recover } from '../../src/sequencer/recover';
import { createProxy } from '../journal/proxy';
import { runTypeScriptIn } from '../support/child';
import { START } from '../support/house';
import { describePostgres, type TestDatabase } from '../support/postgres';

const CLI = join(__dirname, '..', '..', 'src', 'main', 'cli.ts');
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Continues the journal as another process would, and ends the writer's session. */
async function overtake(database: TestDatabase): Promise<void> {
  const [last] = await database.query<{ lastSeq: string; hash: string }>(
    'SELECT "lastSeq", hash FROM "JournalBlock" ORDER BY "lastSeq" DESC LIMIT 1',
  );
  const [seq, previous] = [Number(last?.lastSeq ?? 0) + 1, last?.hash ?? '0'.repeat(64)];
  await database.query(
    'INSERT INTO "JournalBlock" ("firstSeq", "lastSeq", lines, previous, hash) VALUES ($1, $1, $2, $3, $4)',
    [seq, '{}', previous, chainHash(previous, '{}')],
  );
  await endSessions(database);
}

const endSessions = (database: TestDatabase): Promise<unknown> =>
  database.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND ` +
      `application_name LIKE 'novate%'`,
  );

describePostgres('a house in Postgres', (database) => {
  test('every session is ended and the network cut, again and again: it goes on by itself, and nothing is lost or ' +
    'done twice', async () => {
    const proxy = await createProxy(database.url);
    const faults: unknown[] = [];
    const config = { ...readConfig({ data: '/nowhere' }, {}), databaseUrl: proxy.url };
    const clock = createDayClock(START);
    const onFatal = (error: unknown): void => void faults.push(error);
    const open = await openHouse({ config, clock, engine: 'THREAD', log: silentLog(), onFatal });
    open.keepTime();
    const refusals: string[] = [];

    /** Sends it until it is answered, as a client does. */
    async function admit(i: number): Promise<Answer> {
      for (;;) {
        try {
          const command = { type: 'AdmitMember', member: `m${i}`, name: 'One' } as const;
          return (await open.house.submit([{ actor: SYSTEM, key: `m${i}`, command }]))[0] as Answer;
        } catch (error) {
          expect(error).toBeInstanceOf(Unavailable);
          refusals.push((error as Unavailable).code);
          await pause(20);
        }
      }
    }

    const answers: Answer[] = [];
    for (let i = 1; i <= 12; i++) {
      const answer = admit(i);
      if (i % 4 === 1) await endSessions(database);
      if (i % 4 === 3) {
        await proxy.cut();
        while (open.house.status().troubles.length === 0) await pause(10);
        await proxy.mend();
      }
      answers.push(await answer);
    }
    expect(answers.map((answer) => 'seq' in answer && answer.seq)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    expect(new Set(refusals)).toEqual(new Set(['JOURNAL_AWAY']));
    expect(await open.projector.waitFor(12, 60_000)).toBe(true);
    expect(open.house.status()).toMatchObject({ seq: 12, running: true, troubles: [] });
    const { digest } = await open.house.digest();
    await open.close();
    await proxy.close();
    expect(faults).toEqual([]);
    const journal = await openPostgresJournal({ url: database.url });
    expect(digestOf((await recover(journal)).state)).toBe(digest);
    await journal.close();
  }, 90_000);

  test('the program exits with 1 when it finds, with nobody asking, that another process has written to its journal', async () => {
    const program = runTypeScriptIn({ DATABASE_URL: database.url }, CLI, 'start', '--port', '0');
    let complaint = '';
    program.child.stderr?.on('data', (text: string) => {
      complaint += text;
    });
    await program.printed((line) => line.startsWith('The house is open at '));
    await overtake(database);
    expect(await program.ended).toBe(1);
    expect(complaint).toContain('The house has stopped: ');
    expect(complaint).toContain('another process has written to it');
  }, 60_000);
});
