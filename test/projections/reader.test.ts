/**
 * Snapshots: everything one query reads is of one entry, says which, and is as new as was asked for or says that it is
 * not.  X-4
 */

import { createState } from '../../src/core/engine/genesis';
import { healthOf } from '../../src/core/margin/health';
import { eventsOf } from '../../src/core/message/envelope';
import { transfersOf } from '../../src/core/message/event';
import type { State, View } from '../../src/core/model/state';
import { createProjector, type Projector } from '../../src/projections/follow/projector';
import { conservationOf, isNothing } from '../../src/projections/ledger/conservation';
import { createReader, type Reader, type Snapshot } from '../../src/projections/reading/reader';
import type { Db, Store } from '../../src/store/client';
import { randomOf } from '../support/random';
import { applyText } from '../support/twin';
import { figure, money, sorted } from './agreementOfDefaults';
import { type GrowingJournal, growingJournal } from './journals';
import { lifeOf } from './stories';
import { describeStores, followed } from './support';

const HOUSE = lifeOf(30, 60);
const ALL = followed(HOUSE.entries);
const END = ALL.length;
const ACCOUNTS = ['ann', 'ann-2', 'bob', 'cy', 'dee', 'eve', 'maker', 'late'];

const equitiesOf = (view: View): unknown =>
  ACCOUNTS.filter((id) => view.book.account(id)).map((id) => {
    const { equity, initial, maintenance, openCall, status } = healthOf(view, id);
    return [id, ...[equity, initial, maintenance].map(String), openCall, status];
  });

const balancesOf = (state: State): string[] =>
  sorted(
    [...state.book.accountIds()].flatMap((id) =>
      [...state.book.balances(id)].map(([of, amount]) => [id, of, money(state, of, amount)]),
    ),
  );

/** What the house was at each entry, from none to the last. */
const TRUTH = (() => {
  const state = createState();
  let moves = 0;
  const told = [{ balances: balancesOf(state), moves, calls: 0, equities: equitiesOf(state) }];
  for (const entry of HOUSE.entries) {
    applyText(state, entry);
    moves += eventsOf(entry.outcome).flatMap(transfersOf).length;
    told.push({ balances: balancesOf(state), moves, calls: state.calls.size, equities: equitiesOf(state) });
  }
  return told;
})();

/** Reads in several steps, with time between them for somebody to write. */
async function read({ db, hydrate }: Pick<Snapshot, 'db' | 'hydrate'>): Promise<(typeof TRUTH)[number]> {
  const balances = sorted(
    (await db.balance.findMany()).map((row) => [row.accountId, row.currency, figure(row.amount)]),
  );
  await pause(3);
  const moves = await db.ledgerTransfer.count();
  expect((await conservationOf(db)).filter(({ difference }) => !isNothing(difference))).toEqual([]);
  const calls = await db.marginCall.count({ where: { status: 'OPEN' } });
  await pause(3);
  return { balances, moves, calls, equities: equitiesOf(await hydrate(ACCOUNTS)) };
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

interface Reading {
  readonly journal: GrowingJournal;
  readonly projector: Projector;
  readonly reader: Reader;
}

async function reading(store: Store, start: number, batchLimit = 5_000): Promise<Reading> {
  const journal = growingJournal(ALL, start);
  const projector = createProjector({ store, read: journal.read, batchLimit });
  await projector.start();
  return { journal, projector, reader: createReader(store, projector) };
}

describeStores('the reader', (store) => {
  test('X-4 a query never mixes two entries while rows are written', async () => {
    const { journal, projector, reader } = await reading(store(), 20, 3);
    const random = randomOf(5);
    const seen: number[] = [];
    let writing = true;
    const readOn = async (): Promise<void> => {
      while (writing) {
        await reader.snapshot({ committed: journal.length, waitMs: 0 }, async (snapshot) => {
          seen.push(snapshot.seq);
          expect(await read(snapshot)).toEqual(TRUTH[snapshot.seq]);
        });
      }
    };
    const write = async (): Promise<void> => {
      const until = Date.now() + 20_000;
      while (journal.length < END && Date.now() < until) {
        const answers = seen.length;
        projector.offer(journal.grow(random.between(3, 25)));
        while (seen.length < answers + 2 && Date.now() < until) await pause(1);
      }
      writing = false;
    };
    await Promise.all([write(), readOn(), readOn()]);
    await projector.close();
    expect(new Set(seen).size).toBeGreaterThan(5);
  });

  test('X-4 what is written while a query reads is not in its answer', async () => {
    const { journal, projector, reader } = await reading(store(), END - 30);
    await reader.snapshot({ committed: END - 30 }, async (snapshot) => {
      expect(snapshot).toMatchObject({ seq: END - 30, fresh: true, at: ALL[END - 31]?.entry.at });
      projector.offer(journal.grow(30));
      // The embedded database writes when the query is done; Postgres at once.
      expect(await projector.waitFor(END, 300)).toBe(store().kind === 'POSTGRES');
      expect(await read(snapshot)).toEqual(TRUTH[END - 30]);
    });
    expect(await projector.waitFor(END, 5_000)).toBe(true);
    expect(TRUTH[END]).not.toEqual(TRUTH[END - 30]);
    await reader.snapshot({ committed: END }, async (snapshot) => {
      expect(await read(snapshot)).toEqual(TRUTH[END]);
    });
    await projector.close();
  });

  test('X-4 the same reads without a snapshot do mix entries', async () => {
    const { journal, projector } = await reading(store(), END - 30);
    const { balances } = await read({ db: store().prisma, hydrate: () => Promise.resolve(createState()) });
    projector.offer(journal.grow(30));
    expect(await projector.waitFor(END, 5_000)).toBe(true);
    const { moves } = await read({ db: store().prisma, hydrate: () => Promise.resolve(createState()) });
    const together = sorted([[balances, moves]]);
    expect(TRUTH.filter((truth) => sorted([[truth.balances, truth.moves]])[0] === together[0])).toEqual([]);
    await projector.close();
  });

  test('X-4 a query waits for what was committed before it arrived', async () => {
    const { journal, projector, reader } = await reading(store(), END - 10);
    const grown = journal.grow(10);
    const answer = reader.snapshot({ committed: END, waitMs: 10_000 }, async ({ seq, fresh }) => ({ seq, fresh }));
    await pause(50);
    projector.offer(grown);
    expect(await answer).toEqual({ seq: END, fresh: true });
    await projector.close();
  });

  test('X-4 past its bound it answers with what is there, and says so', async () => {
    const { projector, reader } = await reading(store(), END - 10);
    const start = Date.now();
    const answer = await reader.snapshot({ committed: END, waitMs: 120 }, async ({ seq, fresh }) => ({ seq, fresh }));
    expect(answer).toEqual({ seq: END - 10, fresh: false });
    expect(Date.now() - start).toBeGreaterThanOrEqual(115);
    await projector.close();
  });

  test('X-4 `atLeast` asks for more than was committed, and never for less', async () => {
    const { journal, projector, reader } = await reading(store(), END - 10);
    const ask = (atLeast: number, waitMs: number) =>
      reader.snapshot({ committed: END - 10, atLeast, waitMs }, async ({ seq, fresh }) => ({ seq, fresh }));
    expect(await ask(END - 5, 20)).toEqual({ seq: END - 10, fresh: false });
    expect(await ask(1, 20)).toEqual({ seq: END - 10, fresh: true });
    const later = ask(END - 5, 10_000);
    projector.offer(journal.grow(5));
    expect(await later).toEqual({ seq: END - 5, fresh: true });
    expect(await ask(1, 20)).toEqual({ seq: END - 5, fresh: true });
    await projector.close();
  });

  test('X-4 while the rows are made anew a query sees them as of some entry, or as of none', async () => {
    const { projector, reader } = await reading(store(), END, 25);
    let rebuilding = true;
    const seen = new Set<number>();
    const readOn = async (): Promise<void> => {
      while (rebuilding) {
        await reader.snapshot({ committed: END, waitMs: 0 }, async (snapshot) => {
          seen.add(snapshot.seq);
          expect(await read(snapshot)).toEqual(TRUTH[snapshot.seq]);
        });
      }
    };
    const readers = Promise.all([readOn(), readOn()]);
    await pause(20);
    await projector.rebuild();
    rebuilding = false;
    await readers;
    expect(seen.has(END)).toBe(true);
    await projector.close();
  });

  test('a query that fails or takes too long ends alone', async () => {
    const { projector, reader } = await reading(store(), END);
    const ask = (work: (db: Db) => Promise<unknown>, timeoutMs = 5_000) =>
      reader.snapshot({ committed: END, timeoutMs }, ({ db }) => work(db));
    await expect(ask((db) => db.$queryRaw`SELECT 1 / 0`)).rejects.toThrow('division by zero');
    const late = async (db: Db) => {
      await pause(300);
      return db.balance.count();
    };
    await expect(ask(late, 100)).rejects.toThrow();
    expect(await ask((db) => db.checkpoint.count())).toBe(1);
    await projector.close();
  });
});
