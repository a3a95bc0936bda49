/** What an earlier version has left is opened by this one, which goes on with it.  Ruling 24 */

import { audit } from '../../src/core/engine/audit';
import { RULES } from '../../src/core/engine/rules';
import type { Command } from '../../src/core/message/command';
import type { Entry } from '../../src/core/message/envelope';
import { SYSTEM } from '../../src/core/model/actor';
import type { State } from '../../src/core/model/state';
import { createMemoryJournal } from '../../src/journal/memory';
import { readConfig } from '../../src/main/config';
import { createDayClock } from '../../src/main/dayClock';
import { whyNot } from '../../src/main/developmentKeys';
import { openJournal } from '../../src/main/engine';
import { silentLog } from '../../src/main/logger';
import { openDoors } from '../../src/main/openDoors';
import { type OpenHouse, openHouse } from '../../src/main/openHouse';
import { conservationOf, isNothing } from '../../src/projections/ledger/conservation';
import { manualClock } from '../../src/sequencer/clock';
import { encodeEntry } from '../../src/sequencer/entryText';
import { doneBy, type House } from '../../src/sequencer/house';
import { ReplayDiffers, RulesUnknown, recover, verify } from '../../src/sequencer/recover';
import { createSequencer } from '../../src/sequencer/sequencer';
import { duration, type Instant, instant, later } from '../../src/units/quantity';
import { temporaryFolders } from '../journal/folders';
import { EARLIER, linesOf, livesOf, loadDatabase, unpackFolder } from '../support/earlier';
import { onePerpetual, openAccount } from '../support/given';
import { describePostgres } from '../support/postgres';

const newFolder = temporaryFolders();
const report = (error: unknown): void => {
  throw error;
};
const hourAfter = (at: Instant): Instant => later(at, duration(3_600_000));

const done = async (house: House, command: Command, at?: Instant) =>
  doneBy((await house.submit([{ actor: SYSTEM, key: null, command, ...(at === undefined ? {} : { at }) }]))[0]);

test('something is kept of every version of the rules before the present one', () => {
  expect([...EARLIER].sort()).toEqual(Array.from({ length: RULES - 1 }, (_, i) => i + 1));
});

/** A client's account that may be paid into. */
const someAccount = (state: State): string =>
  [...state.book.accountIds()].find(
    (id) => state.book.account(id)?.kind === 'CLIENT' && state.book.account(id)?.currency === 'USD',
  ) ?? '';

describe.each(EARLIER)('ruling 24 journals of rules %s', (rules) => {
  test.each(livesOf(rules))('%s is applied, adds up, and goes on under the present rules', async (life) => {
    const lines = linesOf(rules, life);
    const journal = createMemoryJournal();
    await journal.append(lines);
    const { state } = await recover(journal);
    audit(state);
    const old = { rules, from: 1, to: lines.length, executed: false };
    expect((await verify(journal)).spans).toEqual([old]);

    const house = createSequencer({
      state,
      journal,
      clock: manualClock(hourAfter(state.now)),
      onFatal: report,
      surveyEveryMs: 0,
    });
    await done(house, { type: 'DepositCollateral', account: someAccount(state), currency: 'USD', amount: '1' });
    await house.advance();
    await house.close();
    audit(state);
    const { spans, entries } = await verify(journal);
    expect(spans).toEqual([old, { rules: RULES, from: lines.length + 1, to: entries, executed: true }]);
    expect(entries).toBeGreaterThan(lines.length);
  });
});

test(
  'ruling 24 what was written under rules that this program does not have is not opened, and verify says from ' +
    'which entry',
  async () => {
    const journal = createMemoryJournal();
    const lines = linesOf(1, 'portfolio');
    const [last = ''] = lines.splice(-1);
    await journal.append([...lines, last.replace('{', `{"rules":${RULES + 1},`)]);
    const message = `Entry ${lines.length + 1} was written under rules ${RULES + 1}, and this program has rules ${RULES}`;
    await expect(recover(journal)).rejects.toThrow(message);
    await expect(verify(journal)).rejects.toThrow(RulesUnknown);
  },
);

test(
  'ruling 24 what was written under the present rules is executed again: verify finds what its command does ' +
    'not come to',
  async () => {
    const house = onePerpetual();
    openAccount(house, 'alice', '12.34');
    const written = async (entries: readonly Entry[]) => {
      const journal = createMemoryJournal();
      await journal.append(entries.map(encodeEntry));
      return verify(journal);
    };
    expect((await written(house.entries)).spans).toEqual([
      { rules: RULES, from: 1, to: house.entries.length, executed: true },
    ]);
    const last = house.entries.at(-1) as Entry;
    const other = { ...last, command: { ...last.command, amount: '12.33' } as Command };
    await expect(written([...house.entries.slice(0, -1), other])).rejects.toThrow(ReplayDiffers);
  },
);

/** The rows say what the journal says, and take in what comes. */
async function goesOn({ house, reader, projector }: OpenHouse): Promise<void> {
  const { state } = await recover(await copyOf(house));
  await done(house, { type: 'DepositCollateral', account: someAccount(state), currency: 'USD', amount: '1.00' });
  await projector.waitFor(house.status().seq, 60_000);
  const [accounts, sums] = await reader.snapshot({ committed: house.status().seq, waitMs: 60_000 }, async ({ db }) => [
    await db.account.count(),
    await conservationOf(db),
  ]);
  expect(accounts).toBe(state.book.accountCount);
  expect(sums.every(({ difference }) => isNothing(difference))).toBe(true);
}

async function copyOf(house: House) {
  const journal = createMemoryJournal();
  const texts: string[] = [];
  for await (const { text } of house.read(0)) texts.push(text);
  await journal.append(texts);
  return journal;
}

/** When the house that is opened next was last told the time. */
async function timeOf(
  config: ReturnType<typeof readConfig>,
): Promise<{ readonly now: Instant; readonly entries: number }> {
  const { journal } = await openJournal(config);
  try {
    const { state } = await recover(journal);
    return { now: state.now, entries: state.seq };
  } finally {
    await journal.close();
  }
}

async function spansIn(config: ReturnType<typeof readConfig>) {
  const { journal } = await openJournal(config);
  try {
    return (await verify(journal)).spans;
  } finally {
    await journal.close();
  }
}

const LOST = {
  type: 'IssueApiKey',
  apiKey: 'key-lost',
  role: 'AUDITOR',
  member: null,
  hash: '0'.repeat(64),
  label: '',
} as const;

describe.each(EARLIER)('a data folder of rules %s', (rules) => {
  test('is opened, serves, goes on, and opens again', async () => {
    const data = await newFolder();
    unpackFolder(rules, data);
    const config = readConfig({ data, port: '0' }, {});
    const { now, entries } = await timeOf(config);
    for (const start of [1, 2]) {
      const clock = createDayClock(instant(now + start * 3_600_000));
      const doors = await openDoors({
        config,
        clock,
        log: silentLog(),
        onFatal: report,
        engine: 'INLINE',
        plan: undefined,
      });
      const { house } = doors.open;
      const standing = await house.keys();
      expect(doors.keys.map((key) => [key.id, whyNot(key, standing)])).toEqual(
        doors.keys.map(({ id }) => [id, undefined]),
      );
      expect((await house.submit([{ actor: SYSTEM, key: null, command: LOST }]))[0]).toMatchObject({
        outcome: { rejection: { code: 'ALREADY_EXISTS' } },
      });
      await goesOn(doors.open);
      await doors.served.close();
    }
    const spans = await spansIn(config);
    expect(spans).toMatchObject([
      { rules, from: 1, to: entries, executed: false },
      { rules: RULES, from: entries + 1, executed: true },
    ]);
  }, 300_000);
});

describePostgres('a database of an earlier version', (database) => {
  test.each(EARLIER.slice(-1))(
    'of rules %s is migrated, goes on, and opens again',
    async (rules) => {
      await loadDatabase(rules, database.url);
      const config = readConfig({}, { DATABASE_URL: database.url });
      const { now, entries } = await timeOf(config);
      for (const start of [1, 2]) {
        const clock = createDayClock(instant(now + start * 3_600_000));
        const open = await openHouse({ config, clock, log: silentLog(), onFatal: report, engine: 'INLINE' });
        await goesOn(open);
        await open.close();
      }
      const spans = await spansIn(config);
      expect(spans).toMatchObject([
        { rules, from: 1, to: entries, executed: false },
        { rules: RULES, from: entries + 1, executed: true },
      ]);
    },
    120_000,
  );
});
