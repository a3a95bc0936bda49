/**
 * `npm run attack`: starts a house in a folder that is thrown away, attacks it over loopback in every way there is here, and
 * looks after each whether it is alive, answers, conserves money, and holds no more than before.
 *   --short           a few seconds of each
 *   --seconds NUMBER  how long each attack lasts at most (default: 120)
 *   --seed NUMBER     another seed strikes otherwise
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import Table from 'cli-table3';
import type { Attack, Effort, Target } from './attack';
import { ATTACKS } from './attacks';
import { harmOf, heldBy } from './house';

const CLI = join(__dirname, '..', '..', 'dist', 'main', 'cli.js');

const { values } = parseArgs({
  options: {
    short: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1' },
    seconds: { type: 'string', default: '120' },
  },
});

const effort: Effort = {
  seed: Number(values.seed),
  seconds: values.short ? 4 : Number(values.seconds),
  strikes: values.short ? 600 : 200_000,
};

interface Running {
  readonly target: Target;
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;
}

async function startHouse(data: string): Promise<Running> {
  const child = spawn(process.execPath, ['--enable-source-maps', CLI, 'start', '--empty', '--data', data, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, DATABASE_URL: undefined },
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await new Promise<string>((resolve, reject) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
      const found = /The house is open at (\S+\/graphql)/.exec(text)?.[1];
      if (found) resolve(found);
    });
    void ended.then((code) => reject(new Error(`The house ended with ${code}: ${text}`)));
  });
  const keys = JSON.parse(await readFile(join(data, 'development-keys.json'), 'utf8')) as { id: string; secret: string }[];
  const secret = keys.find(({ id }) => id === 'dev-auditor')?.secret ?? '';
  return { target: { url, host: '127.0.0.1', port: Number(new URL(url).port), secret }, child, ended };
}

/** Attacks once; returns what went wrong. */
async function attacked(attack: Attack, target: Target): Promise<{ strikes: number; wrong: readonly string[] }> {
  try {
    const before = await heldBy(target);
    const { strikes, failures } = await attack.run(target, effort);
    return { strikes, wrong: [...failures, ...(await harmOf(target, before))] };
  } catch (error) {
    return { strikes: 0, wrong: [String(error)] };
  }
}

async function main(): Promise<void> {
  const data = await mkdtemp(join(tmpdir(), 'novate-attack-'));
  const { target, child, ended } = await startHouse(data);
  const table = new Table({ head: ['attack', 'strikes', 'seconds', 'came to'], style: { head: [], border: [] } });
  let failed = 0;
  for (const attack of ATTACKS) {
    process.stderr.write(`${attack.name}: ${attack.sentence} …\n`);
    const began = performance.now();
    const { strikes, wrong } = await attacked(attack, target);
    if (wrong.length > 0) failed += 1;
    table.push([attack.name, strikes, ((performance.now() - began) / 1000).toFixed(1), wrong.join('\n') || 'nothing']);
  }
  child.kill('SIGTERM');
  const code = await ended;
  if (code !== 0) failed += 1;
  table.push(['its end', '', '', code === 0 ? 'it closed in order' : `it ended with ${code}`]);
  await rm(data, { recursive: true, force: true });
  process.stdout.write(`${table.toString()}\nSeed ${effort.seed}\n${ATTACKS.length + 1 - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

void main();
