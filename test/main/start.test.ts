/**
 * The program as its user meets it: `npm start` on a new folder, the folder again, another process, damage, nothing to
 * open.
 */

import { mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTypeScript, type TestProcess } from '../support/child';
import { rowsFollow } from '../support/ready';

const CLI = join(__dirname, '..', '..', 'src', 'main', 'cli.ts');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const started = (...args: string[]): TestProcess =>
  runTypeScript(CLI, 'start', '--data', folder, '--port', '0', ...args);

/** Waits until the house is open and its rows are there; returns its address. */
async function opened(process: TestProcess): Promise<string> {
  const line = await process.printed((text) => text.startsWith('The house is open at '));
  const url = /http:\S+\/graphql/.exec(line)?.[0] ?? '';
  await rowsFollow(url);
  return url;
}

const keyOf = ({ lines }: TestProcess, role: string): string =>
  lines
    .find((line) => line.trim().startsWith(role))
    ?.trim()
    .split(/\s+/)
    .at(-1) ?? '';

async function ask<Data>(url: string, key: string, query: string): Promise<Data> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as { data: Data; errors?: unknown };
  expect(errors).toBeUndefined();
  return data;
}

/** The secrets of all keys that were printed, behind what they are for. */
const printedKeys = ({ lines }: TestProcess): string[][] =>
  lines.flatMap((line) => [/^ {2}(\S.*?) +(nvk_\S+)$/.exec(line)?.slice(1) ?? []]).filter(({ length }) => length > 0);

/** That every one of them is answered; returns what they are for. */
async function answeredKeys(url: string, process: TestProcess): Promise<string[]> {
  const keys = printedKeys(process);
  for (const [, secret = ''] of keys) await ask(url, secret, '{ house { seq } }');
  return keys.map(([role = '']) => role);
}

const ROLES = [
  ...['ADMIN', 'ADMIN', 'RISK_OFFICER', 'FEED', 'LIQUIDATOR', 'AUDITOR'],
  ...['BROKER (aurora)', 'BROKER (borealis)', 'BROKER (cirrus)', 'BROKER_READONLY (aurora)'],
];

const STORY = `{
  house { seq }
  marginCalls(first: 1) { totalCount nodes { status amount currency deadline account { member { name } } } }
  liquidations(first: 1) { totalCount }
  conservation { holds }
}`;

interface Story {
  readonly house: { readonly seq: number };
  readonly marginCalls: { readonly totalCount: number };
  readonly liquidations: { readonly totalCount: number };
  readonly conservation: { readonly holds: boolean };
}

async function stop(process: TestProcess): Promise<void> {
  process.child.kill('SIGTERM');
  expect(await process.ended).toBe(0);
}

test('a new folder gets the example day; the same folder is then simply opened, with what it held', async () => {
  const first = started('--speed', '0');
  const url = await opened(first);
  const said = first.lines.join('\n');
  expect(said).toContain('This data folder is new and is given an example day: 10 October 2025');
  expect(said).toMatch(/Margin calls +│ +\d+ to \d+ accounts/);
  expect(said).toContain('Money is conserved in every currency.');
  expect(await answeredKeys(url, first)).toEqual(ROLES);
  const story = await ask<Story>(url, keyOf(first, 'AUDITOR'), STORY);
  expect(story.marginCalls.totalCount).toBeGreaterThan(400);
  expect(story.liquidations.totalCount).toBeGreaterThan(100);
  expect(story.conservation.holds).toBe(true);

  // A second process is told that the folder is taken.
  const second = started();
  expect(await second.ended).toBe(1);
  await stop(first);

  const again = started();
  const after = await ask<Story>(await opened(again), keyOf(again, 'AUDITOR'), STORY);
  expect(after).toEqual(story);
  expect(again.lines.join('\n')).not.toContain('example day');
  await stop(again);
}, 180_000);

test('a key for a house that is open for business waits for a second person, and is not said to work', async () => {
  const issued = runTypeScript(CLI, 'key', '--role', 'AUDITOR', '--data', folder);
  expect(await issued.ended).toBe(2);
  expect(issued.lines.slice(2).join('\n')).toMatch(
    /does not work yet.*\n.*approveProposal, proposal prop_\S+, hash [0-9a-f]{64}, before 2025-10-/,
  );
}, 60_000);

test('DS-1 verify executes the journal again; a flipped byte is reported with its place', async () => {
  const verified = runTypeScript(CLI, 'verify', '--data', folder);
  expect(await verified.ended).toBe(0);
  expect(verified.lines.join('\n')).toMatch(/\d+ entries: the hash chain holds/);

  const [segment = ''] = (await readdir(join(folder, 'journal'))).filter((name) => name.endsWith('.log'));
  const file = await open(join(folder, 'journal', segment), 'r+');
  const byte = Buffer.alloc(1);
  await file.read(byte, 0, 1, 500_000);
  await file.write(Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, 500_000);
  const damaged = runTypeScript(CLI, 'verify', '--data', folder);
  let complaint = '';
  damaged.child.stderr?.on('data', (text: string) => {
    complaint += text;
  });
  expect(await damaged.ended).toBe(1);
  expect(complaint).toMatch(/The journal is damaged at \S+, byte \d+ \(entry \d+\)/);
  await file.write(byte, 0, 1, 500_000);
  await file.close();
}, 60_000);

test('read models that are gone or broken are made anew from the journal', async () => {
  const projections = join(folder, 'projections');
  await rm(projections, { recursive: true });
  const without = started();
  const story = await ask<Story>(await opened(without), keyOf(without, 'AUDITOR'), STORY);
  await stop(without);

  await writeFile(join(projections, 'PG_VERSION'), 'nonsense');
  const broken = started();
  expect(await ask<Story>(await opened(broken), keyOf(broken, 'AUDITOR'), STORY)).toEqual(story);
  await stop(broken);
}, 120_000);

test('left for two days and started again, the house of the example day answers with every key it printed', async () => {
  for (const ahead of ['2d', '30d']) {
    const later = started('--clock-ahead', ahead);
    expect(await answeredKeys(await opened(later), later)).toEqual(ROLES);
    expect(later.lines.join('\n')).toContain(`The clock of the house is ${ahead} ahead`);
    await stop(later);
  }
}, 240_000);

test('--empty starts a blank house, and a wrong flag is said in a sentence', async () => {
  const blank = await mkdtemp(join(tmpdir(), 'novate-'));
  const empty = runTypeScript(CLI, 'start', '--empty', '--data', blank, '--port', '0');
  const story = await ask<Story>(await opened(empty), keyOf(empty, 'AUDITOR'), STORY);
  expect(story.marginCalls.totalCount).toBe(0);
  expect(empty.lines.join('\n')).not.toContain('example day');
  await stop(empty);

  // The key command gives out a key that works, and says so with its exit code.
  const issued = runTypeScript(CLI, 'key', '--role', 'AUDITOR', '--data', blank, '--clock-ahead', '25h');
  expect(await issued.ended).toBe(0);
  expect(issued.lines).toEqual([expect.stringMatching(/^AUDITOR key-/), expect.stringMatching(/^nvk_/)]);
  await rm(blank, { recursive: true });

  const wrong = runTypeScript(CLI, 'start', '--data', blank, '--port', 'four');
  let complaint = '';
  wrong.child.stderr?.on('data', (text: string) => {
    complaint += text;
  });
  expect(await wrong.ended).toBe(1);
  expect(complaint).toBe('--port is to be a whole number from 0 to 65535.\n');
}, 120_000);
