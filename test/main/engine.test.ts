/**
 * The engine in its own thread, as the program opens it: the same house, the same errors, and an end of the thread that
 * is an end of the house.
 */

import { mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/model/actor';
import { JournalCorrupt } from '../../src/journal/journal';
import { DataFolderLocked } from '../../src/journal/lock';
import { readConfig } from '../../src/main/config';
import { createDayClock } from '../../src/main/dayClock';
import { type Engine, openEngine } from '../../src/main/engine';
import { startEngine } from '../../src/main/remoteEngine';
import { type Submission, Unavailable } from '../../src/sequencer/house';
import { joinHouse } from '../../src/sequencer/thread/remote';
import { ThreadLost } from '../../src/thread/thread';
import { instant } from '../../src/units/quantity';
import { onePerpetual, tradeOf } from '../support/given';
import { START } from '../support/house';

let data: string;
let faults: unknown[];
const opened: Engine[] = [];
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'novate-'));
  faults = [];
});
afterEach(async () => {
  for (const { house } of opened.splice(0)) await house.close();
  await rm(data, { recursive: true, force: true });
});

const clock = createDayClock(START);

async function engine(start: typeof startEngine = startEngine): Promise<Engine> {
  const config = { ...readConfig({ data }, {}), databaseUrl: null };
  const report = (error: unknown): void => void faults.push(error);
  const engine = await start({ config, clock, onFatal: report, onSnapshotLost: report });
  opened.push(engine);
  return engine;
}

const inline: typeof startEngine = (options) => openEngine(options);
const memberOf = (i: number): Submission => ({
  actor: SYSTEM,
  key: `m${i}`,
  command: { type: 'AdmitMember', member: `m${i}`, name: 'One' },
});
const caught = (asked: Promise<unknown>): Promise<Error> =>
  asked.then(
    () => new Error('It did not throw'),
    (error: Error) => error,
  );

/** Waits until something has been reported. */
async function fault(): Promise<unknown> {
  while (faults.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
  return faults[0];
}

test('X-3 what the thread has journaled is the house that opens without it, and the other way round', async () => {
  const given = onePerpetual().entries.map(
    ({ command, at }, i): Submission => ({ actor: SYSTEM, command, at, key: `given ${i}` }),
  );
  const first = await engine();
  await first.house.submit(given);
  const digest = await first.house.digest();
  await first.house.close();
  const second = await engine(inline);
  expect(second.recovered).toEqual({ entries: given.length, fromSnapshot: 0, applied: given.length });
  expect(await second.house.digest()).toEqual(digest);
  await second.house.submit([memberOf(1)]);
  await second.house.close();
  const third = await engine();
  expect(third.recovered.entries).toBe(given.length + 1);
  const [replayed] = await third.house.submit([memberOf(1)]);
  expect(replayed).toMatchObject({ seq: given.length + 1, replayed: true });
  expect(faults).toEqual([]);
});

test('a folder in use and a damaged journal are told as what they are', async () => {
  const { house } = await engine();
  const locked = await caught(engine());
  expect(locked).toBeInstanceOf(DataFolderLocked);
  expect((locked as DataFolderLocked).folder).toBe(join(data, 'journal'));
  await house.submit(Array.from({ length: 200 }, (_, i) => memberOf(i)));
  await house.close();
  const [segment = ''] = (await readdir(join(data, 'journal'))).filter((name) => name.endsWith('.log'));
  const file = await open(join(data, 'journal', segment), 'r+');
  await file.write(Buffer.from([0xff]), 0, 1, 10_000);
  await file.close();
  const damaged = await caught(engine());
  expect(damaged).toBeInstanceOf(JournalCorrupt);
  expect((damaged as JournalCorrupt).place).toMatch(/\.log, byte \d+$/);
  expect((damaged as JournalCorrupt).seq).toBeGreaterThan(1);
});

test('the thread keeps the time that is set here, and meets deadlines by itself', async () => {
  const engine1 = await engine();
  const given = onePerpetual({ interval: 3_600_000 });
  given.send({
    type: 'OpenAccount',
    account: 'a',
    member: 'broker',
    owner: 'a',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  });
  given.send({
    type: 'OpenAccount',
    account: 'b',
    member: 'broker',
    owner: 'b',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
  });
  for (const account of ['a', 'b'])
    given.send({ type: 'DepositCollateral', account, currency: 'USD', amount: '100000' });
  given.send(tradeOf('a', 'b', '1', '50000'));
  const { house } = engine1;
  await house.submit(given.entries.map(({ command, at }) => ({ actor: SYSTEM, command, at, key: null })));
  const { nextDeadline, seq } = house.status();
  expect(nextDeadline).toBe(START + 3_600_000);
  // Time stands still until it is let run: just before the deadline.
  engine1.keepTime();
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(house.status().seq).toBe(seq);
  clock.run(instant(START + 3_600_000 - 50));
  while (house.status().seq === seq) await new Promise((resolve) => setTimeout(resolve, 10));
  for await (const { entry } of house.read(seq)) {
    expect(entry).toMatchObject({ at: START + 3_600_000, command: { type: 'AdvanceTime' } });
    break;
  }
  expect(faults).toEqual([]);
});

test('a command that breaks the engine stops the house: nothing more is taken, and what was answered is there again', async () => {
  const { house } = await engine();
  await house.submit([memberOf(1)]);
  const broken = await caught(house.submit([{ actor: SYSTEM, key: null, command: null as never }]));
  expect(broken).toBeInstanceOf(Unavailable);
  expect(broken).toMatchObject({ code: 'JOURNAL_DOWN', retryAfterMs: 5000 });
  expect(await fault()).toMatchObject({ name: 'TypeError', message: expect.stringContaining('null') });
  expect(house.status().running).toBe(false);
  expect(await caught(house.submit([memberOf(2)]))).toBeInstanceOf(Unavailable);
  await house.close();
  expect((await engine()).recovered.entries).toBe(1);
});

test('a thread that ends stops the house, and the folder is free', async () => {
  const { house, connect } = await engine();
  await house.submit([memberOf(1)]);
  const port = connect();
  // Nothing that this program says, and nothing that it catches.
  port.postMessage('nonsense');
  expect(await fault()).toBeInstanceOf(ThreadLost);
  expect(await caught(house.submit([memberOf(2)]))).toMatchObject({ name: 'Unavailable', code: 'JOURNAL_DOWN' });
  expect(house.status().running).toBe(false);
  await house.close();
  port.close();
  expect((await engine()).recovered.entries).toBe(1);
});

test.each([
  ['in its thread', startEngine],
  ['in this one', inline],
])('another thread can join a house that runs %s', async (_, start) => {
  const { house, connect } = await engine(start);
  const port = connect();
  const joined = await joinHouse(port, { onError: (error) => faults.push(error) });
  await joined.submit([memberOf(1)]);
  await house.submit([memberOf(2)]);
  // What somebody else sent arrives when it arrives.
  while (joined.status().seq < 2) await new Promise((resolve) => setTimeout(resolve, 5));
  const read: string[] = [];
  for await (const { entry } of joined.read(0)) read.push(String(entry.key));
  expect(read).toEqual(['m1', 'm2']);
  await house.close();
  expect(await caught(joined.submit([memberOf(3)]))).toMatchObject({ name: 'Unavailable', code: 'JOURNAL_DOWN' });
  expect(faults).toEqual([]);
});
