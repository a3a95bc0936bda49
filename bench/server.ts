/** The house as it is started by anybody, in a process of its own: the same command line, the same limits. */

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Api } from './client';

const CLI = join(__dirname, '..', 'dist', 'main', 'cli.js');

/** One machine is all the subscribers here, which no single caller is anywhere else. */
const LIMITS = ['connections', 'connectionsPerAddress', 'socketsPerAddress', 'socketsPerKey']
  .map((name) => `${name}=100000`)
  .join(',');

export interface ServerOptions {
  readonly databaseUrl?: string; // journal and read models in Postgres; none: in a folder
  readonly profile?: string; // folder for a CPU profile
  readonly opened?: Pick<BenchServer, 'data' | 'admin'>; // a house that was stopped, to be started again
  readonly heapMegabytes?: number; // what each thread may keep at most
}

export interface BenchServer {
  readonly admin: Api;
  readonly data: string;
  readonly pid: number;
  /** A figure of /metrics. */
  metric(name: string): Promise<number>;
  /** A figure of /metrics that each thread has, by the name of the thread. */
  threads(name: string): Promise<Record<string, number>>;
  /** Resolves with the seconds that the read models needed to reach the journal. */
  caughtUp(): Promise<number>;
  stop(): Promise<void>;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  remove(): Promise<void>;
}

export async function startServer({
  databaseUrl,
  profile,
  opened,
  heapMegabytes,
}: ServerOptions = {}): Promise<BenchServer> {
  const data = opened?.data ?? (await mkdtemp(join(tmpdir(), 'novate-bench-')));
  const env = {
    ...process.env,
    LOG_LEVEL: 'warn',
    NOVATE_LIMITS: LIMITS,
    // What fills up first and stays is not to look like growth.
    ...(heapMegabytes === undefined ? {} : { NOVATE_RECENT_SIZE: '2MB' }),
    ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
  };
  if (databaseUrl === undefined) delete env['DATABASE_URL'];
  const given = opened?.admin.secret ?? (databaseUrl === undefined ? undefined : await issuedKey(env));
  const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`];
  const heap = heapMegabytes === undefined ? [] : [`--max-old-space-size=${heapMegabytes}`];
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', ...profiling, ...heap, CLI, 'start', '--empty', '--data', data, '--port', '0'],
    {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const printed = printsOf(child);
  const url = await printed(/Novate is at (\S+)/);
  await printed(/The house is open/);
  const secret = given ?? developmentKey(data, 'dev-admin');
  const metric = (name: string): Promise<number> => metricOf(url, name);
  return {
    admin: { url, secret },
    data,
    pid: child.pid ?? 0,
    metric,
    threads: (name) => threadsOf(url, name),
    async caughtUp() {
      const from = performance.now();
      while ((await metric('novate_read_models_lag')) > 0) await new Promise((resolve) => setTimeout(resolve, 50));
      return (performance.now() - from) / 1000;
    },
    stop: () => ended(child, 'SIGTERM'),
    kill: () => ended(child, 'SIGKILL'),
    remove: () => rm(data, { recursive: true, force: true }),
  };
}

function developmentKey(data: string, id: string): string {
  const keys = JSON.parse(readFileSync(join(data, 'development-keys.json'), 'utf8')) as {
    id: string;
    secret: string;
  }[];
  const secret = keys.find((key) => key.id === id)?.secret;
  if (secret === undefined) throw new Error(`There is no development key ${id}`);
  return secret;
}

/** A house in a database has no development keys: the first is issued at the console. */
async function issuedKey(env: NodeJS.ProcessEnv): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [CLI, 'key', '--role', 'ADMIN'], { env });
  const secret = /nvk_\S+/.exec(stdout)?.[0];
  if (secret === undefined) throw new Error(`No key was issued: ${stdout}`);
  return secret;
}

/**
 * What a process prints, kept from its first line: two lines may come in one piece, and whoever waits for the second
 * must find it. Resolves with what a pattern captures; rejects if the process ends before.
 */
function printsOf(child: ChildProcess): (pattern: RegExp) => Promise<string> {
  let text = '';
  let ended: number | null | undefined;
  const looks = new Set<() => void>();
  const lookAll = (): void => {
    for (const look of looks) look();
  };
  child.stdout?.on('data', (more: Buffer) => {
    text += more.toString();
    lookAll();
  });
  child.once('exit', (code) => {
    ended = code;
    lookAll();
  });
  return (pattern) =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = pattern.exec(text);
        if (!found && ended === undefined) return;
        looks.delete(look);
        if (found) resolve(found[1] ?? found[0]);
        else reject(new Error(`The house ended with ${ended}: ${text}`));
      };
      looks.add(look);
      look();
    });
}

async function metricOf(url: string, name: string): Promise<number> {
  const line = (await metricsOf(url)).find((each) => each.startsWith(`${name} `));
  return Number(line?.slice(name.length + 1));
}

async function threadsOf(url: string, name: string): Promise<Record<string, number>> {
  const pattern = new RegExp(`^${name}\\{thread="(\\w+)"\\} (\\S+)$`);
  const found = (await metricsOf(url)).map((line) => pattern.exec(line)).filter((match) => match !== null);
  return Object.fromEntries(found.map(([, thread, value]) => [thread, Number(value)]));
}

const metricsOf = async (url: string): Promise<string[]> =>
  (await (await fetch(new URL('/metrics', url))).text()).split('\n');

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}
