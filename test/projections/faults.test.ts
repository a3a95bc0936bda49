/**
 * A database that goes away: the projector tells it, tries again, and nothing is lost, doubled or half done. 
 */

import { NOTHING, readCheckpoint } from '../../src/projections/commit/checkpoint';
import type { Followed } from '../../src/projections/commit/commit';
import { createProjector, type ProjectorOptions } from '../../src/projections/follow/projector';
import { openPostgres, type Store } from '../../src/store/client';
import { migrate } from '../../src/store/migrate';
import { describePostgres } from '../support/postgres';
import { randomOf } from '../support/random';
import { Broken, FAULTS, type Fault, faulty, growingJournal } from './journals';
import { lifeOf } from './stories';
import { describeStores, dump, followed, projected } from './support';

const ALL = followed(lifeOf(35, 90).entries);
const END = ALL.length;
const BY_COMMIT = ['MarkPrice'];

async function expectSameRows(store: Parameters<typeof dump>[0]): Promise<void> {
  const rows = await dump(store, BY_COMMIT);
  const projector = await projected(store, ALL);
  await projector.rebuild();
  await projector.close();
  expect(rows).toEqual(await dump(store, BY_COMMIT));
}

/** A projector whose problems are kept, that does not wait long before it tries again. */
const watched = (options: ProjectorOptions) => {
  const problems: unknown[] = [];
  return {
    problems,
    projector: createProjector({ retryMs: 1, ...options, onProblem: (problem) => problems.push(problem) }),
  };
};

describeStores('a failing database', (store) => {
  test.each(FAULTS)('X-1 a transaction that fails: %s', async (fault) => {
    const journal = growingJournal(ALL, END - 20);
    let failing = false;
    let mend: () => void = () => undefined;
    const mended = new Promise<undefined>((resolve) => {
      mend = () => resolve(undefined);
    });
    // The first fails, the second waits until we have looked.
    const next = () => {
      if (!failing) return undefined;
      return problems.length === 0 ? fault : mended;
    };
    const { problems, projector } = watched({ store: faulty(store(), next), read: journal.read });
    await projector.start();
    const before = await dump(store());
    failing = true;
    projector.offer(journal.grow(20));
    while (problems.length === 0) await projector.waitFor(END, 5);
    expect(projector.problem).toEqual(new Broken(fault));
    const stands = await store().transaction(readCheckpoint);
    // Rows and checkpoint move together, or neither does.
    expect(stands.seq).toBe(fault === 'ANSWER' ? END : END - 20);
    if (fault !== 'ANSWER') expect(await dump(store())).toEqual(before);
    mend();
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    await projector.close();
    expect([projector.seq, projector.problem]).toEqual([END, undefined]);
    await expectSameRows(store());
  });

  test.each([1, 2])('X-1 X-3 failures now and then, anywhere, seed %i', async (seed) => {
    const random = randomOf(seed);
    const journal = growingJournal(ALL);
    let started = false;
    const fault = (): Fault | undefined =>
      started && problems.length < 12 && random.chance(60) ? random.pick(FAULTS) : undefined;
    const { problems, projector } = watched({
      store: faulty(store(), fault),
      read: journal.read,
      batchLimit: 8,
      queueLimit: 30,
    });
    await projector.start();
    started = true;
    while (journal.length < END) {
      projector.offer(journal.grow(random.between(1, 25)));
      await projector.waitFor(journal.length, random.below(10));
    }
    expect(await projector.waitFor(END, 25_000)).toBe(true);
    await projector.close();
    expect(problems.length).toBeGreaterThan(3);
    await expectSameRows(store());
  });

  test('a start that fails is told, and can be tried again', async () => {
    let failing = true;
    const { projector } = watched({
      store: faulty(store(), () => (failing ? 'BEFORE' : undefined)),
      read: growingJournal(ALL, END).read,
    });
    await expect(projector.start()).rejects.toThrow(Broken);
    failing = false;
    await projector.start();
    expect(projector.seq).toBe(END);
    await projector.close();
  });

  test('a rebuild that fails half-way is told, and the rest follows with the next entry', async () => {
    const journal = growingJournal(ALL, END - 1);
    let transactions = -1;
    const fault = (): Fault | undefined => (transactions >= 0 && ++transactions === 4 ? 'END' : undefined);
    const { projector } = watched({ store: faulty(store(), fault), read: journal.read, batchLimit: 20 });
    await projector.start();
    transactions = 0;
    await expect(projector.rebuild()).rejects.toThrow(Broken);
    expect(projector.seq).toBeLessThan(END - 1);
    projector.offer(journal.grow(1));
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    await projector.close();
    await expectSameRows(store());
  });

  test('a journal that ends before what was committed is a problem, until it has it', async () => {
    const journal = growingJournal(ALL, END - 5);
    const { problems, projector } = watched({ store: store(), read: journal.read });
    await projector.start();
    projector.offer(ALL.slice(-1));
    while (problems.length === 0) await projector.waitFor(END, 5);
    expect(String(projector.problem)).toContain(`The journal ends at ${END - 5}, although ${END} was committed`);
    journal.grow(5);
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    await projector.close();
    expect(projector.problem).toBeUndefined();
  });

  test('closed, it writes nothing more and lets those go who wait', async () => {
    const journal = growingJournal(ALL, END - 20);
    const { projector } = watched({ store: store(), read: journal.read });
    await projector.start();
    const waiting = projector.waitFor(END, 60_000);
    await projector.close();
    expect(await waiting).toBe(false);
    projector.offer(journal.grow(20));
    await projector.close();
    expect((await store().transaction(readCheckpoint)).seq).toBe(END - 20);
  });

  test('closed while the database is away, it does not wait for the next try', async () => {
    const down = { failing: false };
    const { problems, projector } = watched({
      store: faulty(store(), () => (down.failing ? 'BEFORE' : undefined)),
      read: growingJournal(ALL, 0).read,
      retryMs: 60_000,
    });
    await projector.start();
    down.failing = true;
    projector.offer(ALL.slice(0, 1) satisfies Followed[]);
    while (problems.length === 0) await projector.waitFor(1, 5);
    await projector.close();
    expect(await store().transaction(readCheckpoint)).toEqual(NOTHING);
  });
});

describePostgres('connections that break', (database) => {
  test('X-1 X-3 in the middle of what the projector writes', async () => {
    const store = await openPostgres(database.url);
    await migrate(store);
    const random = randomOf(1);
    let broken = 0;
    const breaking: Store = {
      ...store,
      transaction: (work) =>
        store.transaction(async (sql) => {
          const done = await work(sql);
          if (broken > 5 || !random.chance(50)) return done;
          broken += 1;
          const [session] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
          await database.query('SELECT pg_terminate_backend($1)', [session?.pid]);
          return done;
        }),
    };
    await (await projected(store, ALL.slice(0, 30))).close();
    const journal = growingJournal(ALL, 30);
    const { problems, projector } = watched({ store: breaking, read: journal.read, batchLimit: 5 });
    while (
      (await projector.start().then(
        () => 'started',
        () => 'failed',
      )) === 'failed'
    );
    while (journal.length < END) {
      projector.offer(journal.grow(40));
      await projector.waitFor(journal.length, 5);
    }
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    await projector.close();
    expect([broken, problems.length > 0]).toEqual([6, true]);
    await expectSameRows(store);
    await store.close();
  });
});
