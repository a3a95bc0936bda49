/**
 * What a house leaves on the disk and prints: nobody else can read it, and a line that cannot be written ends nothing.
 */

import fs, {
  chmodSync,
  lstatSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { linesTo, openLog } from '../../src/main/logger';
import { runTypeScript, type TestProcess } from '../support/child';
import { rowsFollow } from '../support/ready';

const CLI = join(__dirname, '..', '..', 'src', 'main', 'cli.ts');

const folders: string[] = [];
const started: TestProcess[] = [];
function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'novate-'));
  folders.push(folder);
  return folder;
}
afterAll(() => {
  for (const { child } of started) child.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** Everything in a folder, itself included, that is no link. */
function* pathsIn(folder: string): Generator<string> {
  yield folder;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (!entry.isSymbolicLink()) yield join(entry.parentPath, entry.name);
}

const openToOthers = (folder: string): string[] =>
  [...pathsIn(folder)].filter((path) => (lstatSync(path).mode & 0o077) !== 0);

async function opened(program: TestProcess): Promise<string> {
  const line = await program.printed((text) => text.startsWith('The house is open at '));
  const url = /http:\S+\/graphql/.exec(line)?.[0] ?? '';
  await rowsFollow(url);
  return url;
}

async function seqOf(url: string, key: string): Promise<number> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
    body: JSON.stringify({ query: '{ house { seq } }' }),
  });
  return Number(((await response.json()) as { data: { house: { seq: string } } }).data.house.seq);
}

const auditorOf = ({ lines }: TestProcess): string =>
  lines
    .find((line) => line.trim().startsWith('AUDITOR'))
    ?.trim()
    .split(/\s+/)
    .at(-1) ?? '';

test('nobody else can read what the program writes, nor what an earlier version left open; a log on a full disk ' +
  'and a terminal that is gone end nothing', async () => {
  const data = newFolder();
  chmodSync(data, 0o777);
  symlinkSync('/dev/full', join(data, 'novate.log'));
  const start = (): TestProcess => {
    const program = runTypeScript(CLI, 'start', '--empty', '--data', data, '--port', '0');
    started.push(program);
    return program;
  };

  const first = start();
  const url = await opened(first);
  expect(await seqOf(url, auditorOf(first))).toBeGreaterThan(0);
  expect([...pathsIn(data)].length).toBeGreaterThan(500);
  expect(openToOthers(data)).toEqual([]);
  first.child.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  expect(openToOthers(data)).toEqual([]);

  for (const path of pathsIn(data)) chmodSync(path, lstatSync(path).isDirectory() ? 0o777 : 0o666);
  rmSync(join(data, 'novate.log'));
  const second = start();
  const again = await opened(second);
  const key = auditorOf(second);
  second.child.stdout?.destroy();
  second.child.stderr?.destroy();
  expect(openToOthers(data)).toEqual([]);
  second.child.kill('SIGTERM'); // what it says at its end has no reader any more
  expect(await second.ended).toBe(0);
  expect([again.startsWith('http://127.0.0.1:'), key.length > 20]).toEqual([true, true]);
  expect(openToOthers(data)).toEqual([]);
  expect(readFileSync(join(data, 'novate.log'), 'utf8')).toContain('house recovered');
}, 120_000);

test('a log whose file cannot be made goes to the terminal', () => {
  const data = join(newFolder(), 'data');
  symlinkSync('/proc/1/nowhere', data);
  const said: string[] = [];
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => said.push(String(text)) > 0);
  try {
    openLog({ data, databaseUrl: null, logLevel: 'silent' }).info('still here');
  } finally {
    write.mockRestore();
  }
  expect(said.join('')).toMatch(/^The log goes here, because its file cannot be written: .*ENOENT/);
});

test('lines that find no room are counted, and the count is written when there is room again', () => {
  const full = openSync('/dev/full', 'a');
  const path = join(newFolder(), 'log');
  const file = openSync(path, 'a');
  let room = false;
  const write = jest
    .spyOn(fs, 'writeSync')
    .mockImplementation(((_to: number, bytes: Uint8Array, from: number) =>
      writeSync(room ? file : full, bytes, from)) as typeof fs.writeSync);
  const log = pino({ level: 'info' }, linesTo(file));
  try {
    log.info('lost');
    log.fatal('lost too: a fatal line waits for nothing either');
    room = true;
    log.info('there');
    log.info('and there');
  } finally {
    write.mockRestore();
  }
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  expect(
    lines.map((line) => JSON.parse(line) as { msg: string; lost?: number }).map(({ msg, lost }) => [msg, lost]),
  ).toEqual([
    ['log lines were lost', 2],
    ['there', undefined],
    ['and there', undefined],
  ]);
});
