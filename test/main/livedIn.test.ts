/** A house that is lived in: stopped and started again days and months later, and past every bound on what it keeps. */

import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM } from '../../src/core/model/actor';
import { hashOfSecret } from '../../src/graphql/access/keys';
import { type Flags, journalFolder, readConfig } from '../../src/main/config';
import { runningClock } from '../../src/main/dayClock';
import { type DevelopmentKey, developmentKeys, whyNot } from '../../src/main/developmentKeys';
import { silentLog } from '../../src/main/logger';
import { type Doors, openDoors } from '../../src/main/openDoors';
import { doneBy, type Submission, Unavailable } from '../../src/sequencer/house';
import { temporaryFolders } from '../journal/folders';
import { onePerpetual, openAccount } from '../support/given';
import { rowsFollow } from '../support/ready';

const newFolder = temporaryFolders();
const opened = new Set<Doors>();
const faults: unknown[] = [];
afterEach(async () => {
  for (const { served } of opened) await served.close();
  opened.clear();
  expect(faults.splice(0)).toEqual([]);
});

async function start(data: string, flags: Flags = {}): Promise<Doors> {
  const config = readConfig({ data, port: '0', ...flags }, {});
  const onFatal = (error: unknown): void => void faults.push(error);
  const clock = runningClock(config.clockAhead);
  const doors = await openDoors({ config, clock, log: silentLog(), onFatal, engine: 'INLINE', plan: undefined });
  opened.add(doors);
  await rowsFollow(doors.served.server.url);
  return doors;
}

async function stop(doors: Doors): Promise<void> {
  opened.delete(doors);
  await doors.served.close();
}

interface Reply {
  readonly data: { readonly answer: Record<string, unknown> } | null;
  readonly errors?: readonly { readonly extensions: { readonly code: string } }[];
}

async function ask({ served }: Doors, { secret }: Pick<DevelopmentKey, 'secret'>, query: string): Promise<Reply> {
  const response = await fetch(served.server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
    body: JSON.stringify({ query }),
  });
  return (await response.json()) as Reply;
}

/** What the house answers to each development key, by its id: nothing but an answer, or the code of the error. */
async function answersTo(doors: Doors): Promise<Record<string, string>> {
  const answers: Record<string, string> = {};
  for (const key of doors.keys) {
    const { errors } = await ask(doors, key, '{ answer: house { seq } }');
    answers[key.id] = errors?.[0]?.extensions.code ?? 'ANSWERED';
  }
  return answers;
}

/** Which of them are printed. */
async function printedBy({ keys, open }: Doors): Promise<string[]> {
  const standing = await open.house.keys();
  return keys.filter((key) => whyNot(key, standing) === undefined).map(({ id }) => id);
}

const KEYS = ['dev-admin', 'dev-admin-2', 'dev-risk-officer', 'dev-feed', 'dev-liquidator', 'dev-auditor'];
const ALL_ANSWERED = Object.fromEntries(KEYS.map((id) => [id, 'ANSWERED']));

const deposit = (key: string): Submission => ({
  actor: SYSTEM,
  key,
  command: { type: 'DepositCollateral', account: 'long', currency: 'USD', amount: '1.00' },
});

/** Business in a house that has its keys: a market, an account with money in it. */
async function openForBusiness({ open: { house } }: Doors): Promise<void> {
  const world = onePerpetual();
  openAccount(world, 'long', '1000');
  const commands = world.entries.map(({ command }) => command);
  for (const answer of await house.submit(commands.map((command) => ({ actor: SYSTEM, key: null, command }))))
    doneBy(answer);
  expect((await house.keys()).needSecondPerson).toBe(true);
}

const typesIn = async ({ open: { house } }: Doors, type: string): Promise<string[]> => {
  const found: string[] = [];
  for await (const { entry } of house.read(0))
    if (entry.command.type === type) found.push('events' in entry.outcome ? 'DONE' : 'REFUSED');
  return found;
};

const auditorOf = ({ keys }: Doors): DevelopmentKey => keys.find(({ role }) => role === 'AUDITOR') as DevelopmentKey;

/**
 * What the program did before it asked the house: all keys again at every start, under keys of idempotency that are
 * forgotten after a day.
 */
async function issueAsBefore({ open: { house } }: Doors, data: string): Promise<void> {
  const submissions = developmentKeys(data, []).map(
    ({ id, role, member, secret }): Submission => ({
      ...{ actor: SYSTEM, key: `development-key/${id}` },
      command: { type: 'IssueApiKey', apiKey: id, role, member, hash: hashOfSecret(secret), label: 'Development key' },
    }),
  );
  await house.submit(submissions);
}

/**
 * A key that was never issued, and another secret under an id that was: what a folder holds may be more than what
 * works.
 */
async function meddleWithKeys(data: string): Promise<void> {
  const file = join(data, 'development-keys.json');
  const keys = JSON.parse(await readFile(file, 'utf8')) as DevelopmentKey[];
  const late: DevelopmentKey = {
    id: 'dev-broker-late',
    role: 'BROKER',
    member: 'broker',
    secret: 'nvk_late_late_late_late',
  };
  await writeFile(
    file,
    JSON.stringify([
      ...keys.map((key) => (key.id === 'dev-feed' ? { ...key, secret: 'nvk_lost_lost_lost' } : key)),
      late,
    ]),
  );
}

async function livesAt(data: string, clockAhead: string, answers: Record<string, string>): Promise<Doors> {
  const doors = await start(data, { clockAhead });
  expect([clockAhead, await answersTo(doors)]).toEqual([clockAhead, answers]);
  expect(await printedBy(doors)).toEqual(Object.keys(answers).filter((id) => answers[id] === 'ANSWERED'));
  return doors;
}

test('every key that is printed answers a day, a week, two months and thirteen months after the first start', async () => {
  const data = await newFolder();
  const first = await livesAt(data, '0s', ALL_ANSWERED);
  await stop(first);

  // Still being set up: a key that is revoked now could be issued by one person, and is not.
  const nextDay = await livesAt(data, '25h', ALL_ANSWERED);
  await issueAsBefore(nextDay, data);
  const revoke: Submission = {
    actor: SYSTEM,
    key: null,
    command: { type: 'RevokeApiKey', apiKey: 'dev-liquidator', reason: 'lost' },
  };
  doneBy((await nextDay.open.house.submit([revoke]))[0]);
  await stop(nextDay);

  const answers: Record<string, string> = { ...ALL_ANSWERED, 'dev-liquidator': 'UNAUTHENTICATED' };
  const nextWeek = await livesAt(data, '8d', answers);
  await issueAsBefore(nextWeek, data);
  expect(await answersTo(nextWeek)).toEqual(answers);
  await openForBusiness(nextWeek);
  await stop(nextWeek);

  // Open for business: what is missing needs two persons, and is neither proposed nor printed.
  await meddleWithKeys(data);
  Object.assign(answers, { 'dev-feed': 'UNAUTHENTICATED', 'dev-broker-late': 'UNAUTHENTICATED' });
  for (const clockAhead of ['60d', '396d']) {
    const later = await livesAt(data, clockAhead, answers);
    doneBy((await later.open.house.submit([deposit(clockAhead)]))[0]);
    expect(await ask(later, auditorOf(later), '{ answer: conservation { holds } }')).toMatchObject({
      data: { answer: { holds: true } },
    });
    const issued = await typesIn(later, 'IssueApiKey');
    expect([issued.filter((what) => what === 'DONE'), issued.length]).toEqual([
      KEYS.map(() => 'DONE'),
      3 * KEYS.length,
    ]);
    await stop(later);
  }
}, 180_000);

test('past every bound on what is kept by count, lowered, the house starts again and answers', async () => {
  const data = await newFolder();
  const flags: Flags = { queueLimit: '1000', recentSize: '1kB', snapshotEvery: '25', segmentBytes: '64KiB' };
  const first = await start(data, flags);
  await openForBusiness(first);
  const { house } = first.open;
  const before = house.status().seq;
  for (let i = 0; i < 6; i++) {
    const some = Array.from({ length: 100 }, (_, n) => deposit(`deposit/${100 * i + n}`));
    for (const answer of await house.submit(some)) doneBy(answer);
  }
  // More than may wait is refused as a whole, and what comes after it is taken.
  const many = Array.from({ length: 1001 }, (_, n) => deposit(`many/${n}`));
  await expect(house.submit(many)).rejects.toBeInstanceOf(Unavailable);
  expect((await house.submit([deposit('deposit/0')]))[0]).toMatchObject({ seq: before + 1, replayed: true });
  expect(await answersTo(first)).toEqual(ALL_ANSWERED);
  await stop(first);
  expect((await readdir(journalFolder(data))).filter((name) => /^journal-\d+\./.test(name)).length).toBeGreaterThan(2);

  const again = await start(data, { ...flags, clockAhead: '12h' });
  expect(again.open.recovered.fromSnapshot).toBeGreaterThan(0);
  expect(await answersTo(again)).toEqual(ALL_ANSWERED);
  expect((await again.open.house.submit([deposit('deposit/0')]))[0]).toMatchObject({ seq: before + 1, replayed: true });
  const { data: page } = await ask(
    again,
    auditorOf(again),
    `{ answer: journal(first: 1, from: "${before + 1}") { nodes { key } } }`,
  );
  expect(page).toEqual({ answer: { nodes: [{ key: 'deposit/0' }] } });
}, 120_000);
