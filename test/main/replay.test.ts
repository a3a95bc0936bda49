/** `npm run replay`: a day lived through in a house that is thrown away, or kept where it was asked for. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTypeScript, runTypeScriptIn } from '../support/child';

const CLI = join(__dirname, '..', '..', 'src', 'main', 'cli.ts');
const DAY = ['2020-03-12', '--quiet', '--clients', '6'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'novate-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const digestOf = (lines: readonly string[]): string =>
  /the same state: ([0-9a-f]{64})$/.exec(lines.findLast((line) => line !== '') ?? '')?.[1] ?? '';

test('DS-1 a day that is played twice is the same day, and its house is kept where it was asked for', async () => {
  const kept = join(folder, 'kept');
  const first = runTypeScript(CLI, 'replay', ...DAY, '--keep', kept);
  expect(await first.ended).toBe(0);
  const digest = digestOf(first.lines);
  expect(digest).not.toBe('');
  const journal = runTypeScript(CLI, 'journal', '--data', kept, '--to', '3');
  expect(await journal.ended).toBe(0);
  expect(journal.lines.filter((line) => /^[0-9a-f]{64} \{"seq":[123],/.test(line))).toHaveLength(3);
  const verified = runTypeScript(CLI, 'verify', '--data', kept);
  expect(await verified.ended).toBe(0);
  expect(verified.lines).toContain(`Digest of the state     ${digest}`);

  const temporary = await mkdtemp(join(folder, 'tmp-'));
  const second = runTypeScriptIn({ TMPDIR: temporary }, CLI, 'replay', ...DAY);
  expect(await second.ended).toBe(0);
  expect([digestOf(second.lines), await readdir(temporary)]).toEqual([digest, []]);

  const third = runTypeScript(CLI, 'replay', ...DAY, '--keep', kept);
  expect(await third.ended).toBe(1);
}, 240_000);
