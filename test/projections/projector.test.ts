/**
 * The projector: however entries reach it, and whatever the rows said before, they are those of the journal in the end.
 */

import { CheckpointMoved, LAYOUT, NOTHING, readCheckpoint } from '../../src/projections/commit/checkpoint';
import { commitEntries, type Followed, loadMemory, partsOf } from '../../src/projections/commit/commit';
import { createProjector } from '../../src/projections/follow/projector';
import { removeAll } from '../../src/projections/rows/rows';
import type { Store } from '../../src/store/client';
import { randomOf } from '../support/random';
import { growingJournal } from './journals';
import { lifeOf } from './stories';
import { describeStores, dump, followed, projected } from './support';

const ALL = followed(lifeOf(40, 110).entries);
const END = ALL.length;
const OTHER = followed(lifeOf(30, 40).entries);

/** Of several marks within one commit the last is kept: these rows alone depend on how entries were put together. */
const BY_COMMIT = ['MarkPrice'];
const rowsIn = (store: Store) => dump(store, BY_COMMIT);

/** The rows of all entries, read from zero in one transaction on the store that was first. */
let rows: Awaited<ReturnType<typeof dump>> | undefined;

const checkpointOf = (store: Store) => store.transaction(readCheckpoint);
const spoil = (store: Store) =>
  store.prisma.$executeRaw`UPDATE "Balance" SET "amount" = "amount" + 1 WHERE "accountId" = 'maker'`;

describeStores('the projector', (store) => {
  const follow = async (entries: readonly Followed[], batchLimit?: number) =>
    (await projected(store(), entries, batchLimit ? { batchLimit } : {})).close();

  test('X-3 the rows are the same on both stores, and however many entries go into one transaction', async () => {
    await follow(ALL);
    rows ??= await rowsIn(store());
    expect(Object.values(rows).filter((lines) => lines.length > 0).length).toBeGreaterThan(30);
    expect(await rowsIn(store())).toEqual(rows);
    const marks = (await dump(store()))['MarkPrice'] ?? [];
    await store().transaction(removeAll);
    await follow(ALL, 1);
    expect(await rowsIn(store())).toEqual(rows);
    const more = new Set((await dump(store()))['MarkPrice']);
    expect(more.size).toBeGreaterThan(marks.length);
    expect(marks.filter((mark) => !more.has(mark))).toEqual([]);
  });

  test.each([2, 3])('X-3 following a living journal ends where reading it from zero does, seed %i', async (seed) => {
    const random = randomOf(seed);
    const journal = growingJournal(ALL, random.below(60));
    const projector = createProjector({
      store: store(),
      read: journal.read,
      batchLimit: random.pick([3, 10, 1_000]),
      queueLimit: 20,
    });
    await projector.start();
    expect(projector.seq).toBe(journal.length);
    while (journal.length < END) {
      const grown = journal.grow(random.between(1, 30));
      // Some are told twice, some not at all, some only in part.
      if (random.chance(80)) projector.offer(random.chance(80) ? grown : grown.slice(random.below(grown.length)));
      if (random.chance(20)) projector.offer(grown);
      if (random.chance(30))
        expect(await projector.waitFor(journal.length, random.chance(50) ? 0 : 200)).toBe(
          projector.seq >= journal.length,
        );
    }
    projector.offer(ALL.slice(-1));
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    expect([projector.seq, projector.problem]).toEqual([END, undefined]);
    await projector.close();
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('however many entries one commit has, whoever shares the thread has a turn after every few of them', async () => {
    // Each is looked at when its accounts are loaded, and again when it is applied.
    let applied = 0;
    const looked = new Set<Followed>();
    const watched = ALL.map((one): Followed => {
      const watching: Followed = {
        hash: one.hash,
        get entry() {
          if (looked.has(watching)) applied += 1;
          looked.add(watching);
          return one.entry;
        },
      };
      return watching;
    });
    let before = 0;
    let most = 0;
    let over = false;
    const turn = (): void => {
      most = Math.max(most, applied - before);
      before = applied;
      if (!over) setImmediate(turn);
    };
    let ms = 0;
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => ms++);
    try {
      setImmediate(turn);
      await store().transaction(async (sql) => commitEntries(sql, await loadMemory(sql), NOTHING, watched));
    } finally {
      over = true;
      clock.mockRestore();
    }
    expect(applied).toBeGreaterThanOrEqual(END);
    // The clock moves by a millisecond with every look at it.
    expect(most).toBeLessThan(10);
  });

  test('X-3 stopped and started anywhere, it goes on where the rows are', async () => {
    const random = randomOf(7);
    for (let end = 0; end < END; ) {
      end = Math.min(END, end + random.between(1, 40));
      const projector = await projected(store(), ALL.slice(0, end), { batchLimit: 15 });
      expect(projector.seq).toBe(end);
      await projector.close();
      expect(await checkpointOf(store())).toMatchObject({ seq: end, hash: ALL[end - 1]?.hash, layout: LAYOUT });
    }
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('closed while it lets entries gather, it asks the store for nothing more', async () => {
    let asked = 0;
    const counted: Store = {
      ...store(),
      transaction: (work) => {
        asked += 1;
        return store().transaction(work);
      },
    };
    const projector = await projected(counted, ALL.slice(0, -5), { gatherMs: 60_000 });
    projector.offer(ALL.slice(-5));
    await new Promise(setImmediate);
    await projector.close();
    asked = 0;
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect([asked, projector.seq]).toEqual([0, END - 5]);
  });

  test('X-3 accounts that are let go from memory are read again from their rows', async () => {
    let memory = await store().transaction(loadMemory);
    let checkpoint = NOTHING;
    for (const part of partsOf(ALL, 5)) {
      ({ checkpoint, memory } = await store().transaction((sql) => commitEntries(sql, memory, checkpoint, part, 0)));
      expect([memory.accounts.size, memory.bytes, memory.book.accountCount, memory.state.orders.size]).toEqual([
        0, 0, 0, 0,
      ]);
    }
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('the accounts that were written to last are kept, as many as fit', async () => {
    let memory = await store().transaction(loadMemory);
    let checkpoint = NOTHING;
    const few = 6_000;
    let commitsThatKept = 0;
    for (const part of partsOf(ALL, 5)) {
      ({ checkpoint, memory } = await store().transaction((sql) => commitEntries(sql, memory, checkpoint, part, few)));
      expect(memory.bytes).toBeLessThanOrEqual(few);
      expect([...memory.accounts.keys()].sort()).toEqual([...memory.book.accountIds()].sort());
      if (memory.accounts.size > 0) commitsThatKept += 1;
    }
    expect(commitsThatKept).toBeGreaterThan(0);
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('a rebuild makes every row anew from zero, and following goes on', async () => {
    const journal = growingJournal(ALL, END - 40);
    const projector = createProjector({ store: store(), read: journal.read });
    await projector.start();
    const before = await rowsIn(store());
    await spoil(store());
    await store().prisma.$executeRaw`DELETE FROM "LedgerTransfer" WHERE "seq" > 30`;
    expect(await rowsIn(store())).not.toEqual(before);
    const rebuilt = projector.rebuild();
    projector.offer(journal.grow(20));
    await rebuilt;
    expect(await projector.waitFor(END - 20, 20_000)).toBe(true);
    projector.offer(journal.grow(20));
    expect(await projector.waitFor(END, 20_000)).toBe(true);
    await projector.close();
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('rows of its own layout and journal are kept as they are', async () => {
    await follow(ALL.slice(0, -5));
    await spoil(store());
    await follow(ALL);
    expect(await rowsIn(store())).not.toEqual(rows);
  });

  test('rows of another layout are made anew', async () => {
    await follow(ALL);
    await spoil(store());
    await store().prisma.checkpoint.update({ where: { id: 1 }, data: { layout: LAYOUT + 1 } });
    await follow(ALL);
    expect(await rowsIn(store())).toEqual(rows);
  });

  test.each([
    ['a longer one', ALL.length],
    ['a shorter one', OTHER.length - 1],
  ])('rows of another journal are made anew: %s', async (_what, length) => {
    await follow(OTHER);
    await follow(ALL.slice(0, length));
    if (length < END) await follow(ALL);
    expect(await checkpointOf(store())).toMatchObject({ seq: END, hash: ALL.at(-1)?.hash });
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('a second writer is refused, and goes on from where the first has come to', async () => {
    const journal = growingJournal(ALL, END - 30);
    const problems: unknown[] = [];
    const open = async () => {
      const projector = createProjector({
        store: store(),
        read: journal.read,
        retryMs: 1,
        onProblem: (problem) => problems.push(problem),
      });
      await projector.start();
      return projector;
    };
    const [first, second] = [await open(), await open()];
    const grown = journal.grow(10);
    first.offer(grown);
    expect(await first.waitFor(END - 20, 20_000)).toBe(true);
    second.offer(grown);
    expect(await second.waitFor(END - 20, 20_000)).toBe(true);
    expect(problems).toEqual([new CheckpointMoved(END - 30)]);
    second.offer(journal.grow(20));
    expect(await second.waitFor(END, 20_000)).toBe(true);
    await Promise.all([first.close(), second.close()]);
    expect(await rowsIn(store())).toEqual(rows);
  });

  test('of two transactions from one checkpoint one is refused, and leaves nothing', async () => {
    const part = ALL.slice(0, 50);
    const load = () => store().transaction(loadMemory);
    const commits = [await load(), await load()].map((memory) =>
      store().transaction((sql) => commitEntries(sql, memory, NOTHING, part)),
    );
    const outcomes = await Promise.allSettled(commits);
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused.map(({ reason }) => reason)).toEqual([new CheckpointMoved(0)]);
    await follow(ALL);
    expect(await rowsIn(store())).toEqual(rows);
  });
});
