/** A house on a journal that survives: it comes back as it was, and a crash settles everything once or not at all. */

import { digestOf } from '../../src/core/engine/digest';
import { RULES } from '../../src/core/engine/rules';
import { openFileJournal } from '../../src/journal/file';
import { createFileSnapshots } from '../../src/journal/fileSnapshots';
import type { Journal, Snapshots } from '../../src/journal/journal';
import { openPostgresJournal } from '../../src/journal/postgres';
import { manualClock } from '../../src/sequencer/clock';
import { type Answer, type Submission, Unavailable } from '../../src/sequencer/house';
import { recover, verify, writeSnapshot } from '../../src/sequencer/recover';
import { createSequencer } from '../../src/sequencer/sequencer';
import { mark, onePerpetual, openAccount, pay, trade } from '../support/given';
import { START } from '../support/house';
import { createTables, describePostgres } from '../support/postgres';
import { temporaryFolders } from './folders';
import { interceptCalls } from './systemCalls';

const newFolder = temporaryFolders();

/**
 * A day with trades, a margin call, a payment, another call and a close-out, as submissions with keys; some are
 * refused.
 */
function day(): Submission[] {
  const house = onePerpetual({ lot: '0.1' });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  openAccount(house, 'bob', '30000');
  trade(house, 'alice', 'maker', '10', '50000');
  trade(house, 'bob', 'maker', '8', '50000');
  mark(house, '48600');
  house.pass('30m');
  pay(house, 'alice', '5000');
  house.try({ type: 'WithdrawCollateral', account: 'alice', currency: 'USD', amount: '4000000' });
  mark(house, '48100');
  house.pass('2h');
  mark(house, '47000');
  house.pass('1h');
  pay(house, 'maker', '1.00');
  const commands = house.entries.filter(({ command }) => command.type !== 'AdvanceTime');
  return commands.map(({ actor, command, at }, i) => ({ actor, command, at, key: `key ${i}` }));
}

const BATCH = 3; // submissions sent at once

interface Run {
  readonly answers: Answer[];
  readonly digest: string;
  readonly failed: boolean;
}

/** Starts a house from what its journal holds and sends it the whole day, until it stops or the day is over. */
async function runDay(journal: Journal, submissions: readonly Submission[], snapshots?: Snapshots): Promise<Run> {
  const { state } = await recover(journal, snapshots);
  let failed = false;
  const house = createSequencer({ state, journal, clock: manualClock(START), onFatal: () => (failed = true) });
  const answers: Answer[] = [];
  for (let i = 0; i < submissions.length && !failed; i += BATCH) {
    try {
      answers.push(...(await house.submit(submissions.slice(i, i + BATCH))));
    } catch (error) {
      expect(error).toBeInstanceOf(Unavailable);
    }
    if (snapshots && i === 5 * BATCH) await snapshots.save(await writeSnapshot(state));
  }
  await house.close().catch(() => undefined);
  return { answers, digest: digestOf(state), failed };
}

const submissions = day();

function comesBack(open: () => Promise<Journal>, snapshotsOf: (journal: Journal) => Snapshots): void {
  test(
    'X-3 gives the same state from the journal alone, from a snapshot and the rest, and when every command is ' +
      'run again',
    async () => {
      const journal = await open();
      const { digest, answers, failed } = await runDay(journal, submissions, snapshotsOf(journal));
      expect(failed).toBe(false);
      expect(answers.filter((answer) => 'outcome' in answer && 'rejection' in answer.outcome)).toHaveLength(1);

      const again = await open();
      try {
        const alone = await recover(again);
        expect(digestOf(alone.state)).toBe(digest);
        expect([alone.fromSnapshot, alone.applied]).toEqual([0, again.lastSeq]);
        const helped = await recover(again, snapshotsOf(again));
        expect(digestOf(helped.state)).toBe(digest);
        expect(helped.fromSnapshot).toBeGreaterThan(10);
        expect(helped.applied).toBe(again.lastSeq - helped.fromSnapshot);
        const spans = [{ rules: RULES, from: 1, to: again.lastSeq, executed: true }];
        expect(await verify(again)).toEqual({
          entries: again.lastSeq,
          digest,
          accounts: alone.state.book.accountCount,
          spans,
        });
      } finally {
        await again.close();
      }
    },
  );

  test('DS-3 answers a day that is sent a second time with the first answers, and journals nothing', async () => {
    const first = await runDay(await open(), submissions);
    const second = await runDay(await open(), submissions);
    expect(second.digest).toBe(first.digest);
    expect(second.answers).toEqual(first.answers.map((answer) => ({ ...answer, replayed: true })));
  });
}

describe('in a folder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await newFolder();
  });
  const open = () => openFileJournal({ folder, segmentBytes: 8 * 1024 });

  comesBack(open, () => createFileSnapshots(folder));

  test.each([0, 0.5, 1])(
    'DS-3 a crash at any write, %d of it done, settles everything once when the day is sent again',
    async (share) => {
      const whole = await runDay(await open(), submissions);
      let crashes = 0;
      for (let crashAt = 1; ; crashAt++) {
        folder = await newFolder();
        const journal = await open();
        let appends = 0;
        const system = await interceptCalls(({ name }) => {
          if (name === 'write') appends += 1;
          return appends >= crashAt
            ? { error: new Error('the process dies'), share: appends === crashAt ? share : 0 }
            : undefined;
        });
        const broken = await runDay(journal, submissions).finally(system.restore);
        if (!broken.failed) break;
        crashes += 1;
        const repaired = await runDay(await open(), submissions);
        expect(repaired.digest).toBe(whole.digest);
        // What was answered before the crash is what is answered after it.
        for (const [i, answer] of broken.answers.entries())
          expect(repaired.answers[i]).toEqual({ ...answer, replayed: true });
      }
      expect(crashes).toBeGreaterThanOrEqual(submissions.length / BATCH);
    },
    120_000,
  );
});

describePostgres('in Postgres', (database) => {
  beforeAll(() => createTables(database.url));
  beforeEach(() => database.query('TRUNCATE "JournalBlock", "Snapshot"'));
  const open = () => openPostgresJournal({ url: database.url });

  comesBack(open, (journal) => (journal as Awaited<ReturnType<typeof open>>).snapshots);

  test(
    'DS-3 a connection that is lost before every append: the house goes on by itself, and nothing is lost or ' +
      'done twice',
    async () => {
      const whole = await runDay(await open(), submissions);
      await database.query('TRUNCATE "JournalBlock", "Snapshot"');
      const shaken = await runDay(losing(await open(), 1), submissions);
      expect(shaken.failed).toBe(false);
      // What was turned away was not done; sent again, all of it is done once, and what was answered stays what it was.
      const repaired = await runDay(await open(), submissions);
      expect(repaired.digest).toBe(whole.digest);
      expect(repaired.answers.filter((answer) => 'replayed' in answer && answer.replayed)).toHaveLength(
        shaken.answers.length,
      );
    },
  );

  /** A journal whose connection is ended by the server before an append. */
  const losing = (journal: Journal, after: number): Journal => {
    let appends = 0;
    return {
      get lastSeq() {
        return journal.lastSeq;
      },
      get lastHash() {
        return journal.lastHash;
      },
      async append(texts) {
        appends += 1;
        if (appends > after) {
          await database.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'novate journal' AND ` +
              `datname = current_database()`,
          );
        }
        return journal.append(texts);
      },
      read: (from) => journal.read(from),
      watch: (watcher) => journal.watch?.(watcher),
      close: () => journal.close(),
    };
  };
});
