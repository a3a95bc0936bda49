/**
 * A house that is killed in the middle of a day goes on with it and ends as if nothing had happened.  Rules: DS-1,
 * DS-3, LE-2, X-3
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTypeScript } from '../support/child';
import { describePostgres } from '../support/postgres';

const PROGRAM = join(__dirname, 'playOnce.ts');
const CLIENTS = '60';

interface Outcome {
  readonly seq: number;
  readonly digest: string;
  readonly hash: string;
  readonly projected: number;
  readonly called: number;
  readonly liquidations: number;
}

const folders: string[] = [];
async function newFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'novate-'));
  folders.push(folder);
  return folder;
}
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

async function playToEnd(
  folder: string,
  url: string,
  engine: string,
): Promise<{ readonly recovered: number; readonly outcome: Outcome }> {
  const process = runTypeScript(PROGRAM, folder, CLIENTS, url, engine);
  const result = await process.printed((line) => line.startsWith('{'));
  expect(await process.ended).toBe(0);
  return { recovered: Number(process.lines[0]?.split(' ')[1]), outcome: JSON.parse(result) as Outcome };
}

/**
 * Kills the process at the first instant at which so many entries have been acknowledged; returns how many then were.
 */
async function killAfter(folder: string, url: string, engine: string, entries: number): Promise<number> {
  const process = runTypeScript(PROGRAM, folder, CLIENTS, url, engine);
  const line = await process.printed((text) => text.startsWith('entry ') && Number(text.split(' ')[1]) >= entries);
  process.child.kill('SIGKILL');
  expect(await process.ended).toBe('SIGKILL');
  return Number(line.split(' ')[1]);
}

let unharmed: Outcome;

function survives(url: () => string, engine: 'THREAD' | 'INLINE'): void {
  test('DS-3 X-3 killed three times on the way: nothing acknowledged is lost, and the end is the same', async () => {
    const folder = await newFolder();
    for (const entries of [5, Math.floor(unharmed.seq * 0.4), Math.floor(unharmed.seq * 0.8)]) {
      const acknowledged = await killAfter(folder, url(), engine, entries);
      expect(acknowledged).toBeGreaterThanOrEqual(entries);
    }
    const { recovered, outcome } = await playToEnd(folder, url(), engine);
    expect(recovered).toBeGreaterThanOrEqual(Math.floor(unharmed.seq * 0.8));
    expect(outcome).toEqual(unharmed);
  }, 120_000);
}

beforeAll(async () => {
  ({ outcome: unharmed } = await playToEnd(await newFolder(), '', 'INLINE'));
  // A day in which nothing happened would prove nothing.
  expect(unharmed.called).toBeGreaterThan(10);
  expect(unharmed.liquidations).toBeGreaterThan(10);
  expect(unharmed.projected).toBe(unharmed.seq);
}, 120_000);

describe('journal in a data folder, engine in its own thread', () => survives(() => '', 'THREAD'));

describePostgres('journal and read models in Postgres', (database) => survives(() => database.url, 'INLINE'));
