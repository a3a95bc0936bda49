/**
 * An entry whose rows are refused: everything before it gets in, it is named, nobody waits for it, and mended it goes
 * in.
 */

import { eventsOf } from '../../src/core/message/envelope';
import { transfersOf } from '../../src/core/message/event';
import { createProjector, type ProjectorOptions } from '../../src/projections/follow/projector';
import { isOfRows, RowsStuck } from '../../src/projections/follow/stuck';
import { removeAll } from '../../src/projections/rows/rows';
import type { Store } from '../../src/store/client';
import { InvariantViolation } from '../../src/units/failure';
import { randomOf } from '../support/random';
import { growingJournal } from './journals';
import { lifeOf } from './stories';
import { describeStores, dump, followed, projected } from './support';

const ALL = followed(lifeOf(41, 60).entries);
const END = ALL.length;
const BY_COMMIT = ['MarkPrice'];

/** Entries that book transfers. */
const BOOKING = ALL.filter(({ entry }) => eventsOf(entry.outcome).some((event) => transfersOf(event).length > 0)).map(
  ({ entry }) => entry,
);

interface Fault {
  readonly spoil: string;
  readonly mend: string;
  readonly names: { readonly table: string | null; readonly constraint: string | null };
}

/** Ways in which a database refuses the row of a transfer of one entry. */
const faultsAt = (seq: number): Record<string, Fault> => ({
  'a CHECK': {
    spoil: `ALTER TABLE "LedgerTransfer" ADD CONSTRAINT "LedgerTransfer_bad" CHECK ("seq" <> ${seq}) NOT VALID`,
    mend: 'ALTER TABLE "LedgerTransfer" DROP CONSTRAINT "LedgerTransfer_bad"',
    names: { table: 'LedgerTransfer', constraint: 'LedgerTransfer_bad' },
  },
  'a trigger that raises': {
    spoil: `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF NEW."seq" = ${seq} THEN RAISE EXCEPTION ''no''; END IF; RETURN NEW; END';
            CREATE TRIGGER refuse BEFORE INSERT ON "LedgerTransfer" FOR EACH ROW EXECUTE FUNCTION refuse()`,
    mend: 'DROP TRIGGER refuse ON "LedgerTransfer"; DROP FUNCTION refuse()',
    names: { table: null, constraint: null },
  },
  'a key that is taken': {
    spoil: `INSERT INTO "LedgerTransfer" SELECT ${seq}, 0, now(), 'a', 'b', 'USD', 1, 'DEPOSIT' WHERE true`,
    mend: `DELETE FROM "LedgerTransfer" WHERE "from" = 'a' AND "to" = 'b'`,
    names: { table: 'LedgerTransfer', constraint: 'LedgerTransfer_pkey' },
  },
});

const exec = (store: Store, script: string) => store.transaction(({ exec: run }) => run(script));

async function until(holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 20_000; !holds(); await new Promise((resolve) => setTimeout(resolve, 2)))
    if (Date.now() > end) throw new Error('That does not come');
}

describeStores('a row that is refused', (store) => {
  const watched = (options: Omit<ProjectorOptions, 'store'>) => {
    const problems: unknown[] = [];
    let mended = 0;
    const onMended = () => {
      mended += 1;
    };
    const projector = createProjector({
      store: store(),
      retryMs: 1,
      ...options,
      onMended,
      onProblem: (problem) => problems.push(problem),
    });
    return { problems, projector, mended: () => mended };
  };

  test.each(Object.keys(faultsAt(0)))(
    'X-3 %s stops the rows right before its entry, which is named, and mended they follow',
    async (which) => {
      const bad = randomOf(3).pick(BOOKING.slice(BOOKING.length / 2));
      const fault = faultsAt(bad.seq)[which] as Fault;
      await exec(store(), fault.spoil);
      try {
        const journal = growingJournal(ALL, 0);
        const { projector, problems, mended } = watched({ read: journal.read });
        await projector.start();
        projector.offer(journal.grow(END));
        await until(() => problems.length > 2);
        expect(projector.seq).toBe(bad.seq - 1);
        const { entry } = projector.problem as RowsStuck;
        expect(entry).toMatchObject({ seq: bad.seq, at: bad.at, command: bad.command.type, ...fault.names });
        expect(projector.following()).toMatchObject({ seq: bad.seq - 1, problem: { entry } });
        // Nobody waits for what cannot come.
        expect(await projector.waitFor(END, 3_600_000)).toBe(false);
        await exec(store(), fault.mend);
        await until(() => projector.seq === END && projector.problem === undefined);
        expect(mended()).toBe(1);
        await projector.close();
      } finally {
        await exec(store(), fault.mend).catch(() => undefined);
      }
      const rows = await dump(store(), BY_COMMIT);
      await store().transaction(removeAll);
      await (await projected(store(), ALL)).close();
      expect(rows).toEqual(await dump(store(), BY_COMMIT));
    },
  );

  test('X-1 a start and a rebuild come as far as the rows go, and go on once they can', async () => {
    const bad = BOOKING.at(-3) ?? BOOKING[0];
    const { spoil, mend } = faultsAt(bad?.seq ?? 0)['a CHECK'] as Fault;
    await exec(store(), spoil);
    const journal = growingJournal(ALL, END);
    const { projector } = watched({ read: journal.read });
    await projector.start();
    expect([projector.seq, projector.problem, projector.following().caughtUp]).toEqual([
      (bad?.seq ?? 0) - 1,
      expect.any(RowsStuck),
      false,
    ]);
    await expect(projector.rebuild()).rejects.toThrow(RowsStuck);
    expect(projector.seq).toBe((bad?.seq ?? 0) - 1);
    await exec(store(), mend);
    await projector.rebuild();
    expect(projector.seq).toBe(END);
    await until(() => projector.following().caughtUp);
    await projector.close();
  });

  test('a try again is of the entry alone', async () => {
    const bad = BOOKING.at(-1);
    const { spoil, mend } = faultsAt(bad?.seq ?? 0)['a CHECK'] as Fault;
    await exec(store(), spoil);
    const sizes: number[] = [];
    const counting: Store = {
      ...store(),
      transaction: (work) =>
        store().transaction(async (sql) => {
          let seqs = 0;
          const done = await work({
            ...sql,
            query(text, values) {
              if (text.startsWith('INSERT INTO "LedgerTransfer"'))
                seqs = new Set((JSON.parse(String(values?.[0])) as { seq: number }[]).map(({ seq }) => seq)).size;
              sizes.push(seqs);
              return sql.query(text, values);
            },
          });
          return done;
        }),
    };
    const problems: unknown[] = [];
    const projector = createProjector({
      store: counting,
      retryMs: 1,
      read: growingJournal(ALL, END).read,
      onProblem: (problem) => problems.push(problem),
    });
    await projector.start();
    await until(() => problems.length > 1);
    sizes.length = 0;
    const before = problems.length;
    await until(() => problems.length > before + 2);
    expect(Math.max(...sizes)).toBe(1);
    await projector.close();
    await exec(store(), mend);
  });

  test('rows that are there and cannot be read keep nobody from starting, and a rebuild mends them', async () => {
    await (await projected(store(), ALL.slice(0, END - 5))).close();
    await store().prisma.$executeRaw`DELETE FROM "Currency" WHERE "id" = 'USD'`;
    const { projector } = watched({ read: growingJournal(ALL, END).read });
    await projector.start();
    expect(projector.problem).toEqual(new InvariantViolation('Currency is missing', { id: 'USD' }));
    expect(await projector.waitFor(END, 3_600_000)).toBe(false);
    await projector.rebuild();
    await until(() => projector.problem === undefined);
    expect(projector.seq).toBe(END);
    await projector.close();
  });
});

const coded = (code: string) => Object.assign(new Error('refused'), { code });

test.each<[string, unknown, boolean]>([
  ['a contradiction', new InvariantViolation('Currency is missing'), true],
  ['a value that is not there', new TypeError('undefined is no function'), true],
  ['a constraint', coded('23514'), true],
  ['more than an index holds', coded('54000'), true],
  ['a server that goes', coded('57P01'), false],
  ['a full disk', coded('53100'), false],
  ['a connection that breaks', coded('ECONNRESET'), false],
  ['whatever has no code', new Error('Connection terminated'), false],
  ['no error', undefined, false],
])('a failure is about what was to be written or about the database: %s', (_what, error, ofRows) => {
  expect(isOfRows(error)).toBe(ofRows);
});
