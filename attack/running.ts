/**
 * A house that is started to be attacked: the program as anybody starts it, in a folder or a database that is thrown
 * away.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Target } from './attack';
import type { Faults } from './faults';

export const CLI = join(__dirname, '..', '..', 'dist', 'main', 'cli.js');
const PRELOAD = join(__dirname, 'faults.js');
const PATIENCE_MS = 120_000;

export interface Running {
  readonly target: Target; // with the key that reads everything
  readonly data: string; // its folder
  /** The secret of a development key. */
  secretOf(id: string): string;
  /** From now on the machine that it runs on has these faults, and no others. */
  suffers(faults: Faults): void;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Asks it to end; resolves with its exit code. */
  stop(): Promise<number | null>;
}

export interface Start {
  readonly data: string;
  readonly args?: readonly string[];
  readonly database?: { readonly url: string; readonly secret: string }; // and an administrator's key
}

export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'novate-attack-'));
export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Starts a house, for the first time or again, and waits until it is open. */
export async function startHouse({ data, args = [], database }: Start): Promise<Running> {
  const faults = join(data, 'attacked-by.json');
  const suffers = (all: Faults): void => {
    writeFileSync(`${faults}.new`, JSON.stringify(all));
    renameSync(`${faults}.new`, faults); // whole, whenever it is read
  };
  suffers({});
  const given = [
    '--enable-source-maps',
    '--require',
    PRELOAD,
    CLI,
    'start',
    '--empty',
    '--data',
    data,
    '--port',
    '0',
    ...args,
  ];
  const env = { ...process.env, DATABASE_URL: database?.url, NOVATE_ATTACKED_BY: faults, NOVATE_ATTACKED_IN: data };
  const child = spawn(process.execPath, given, { stdio: ['ignore', 'pipe', 'pipe'], env });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const url = await addressOf(child, ended);
  await rowsOpen(url);
  const secretOf = (id: string): string => {
    const keys = JSON.parse(readFileSync(join(data, 'development-keys.json'), 'utf8')) as {
      id: string;
      secret: string;
    }[];
    return keys.find((key) => key.id === id)?.secret ?? '';
  };
  const secret = database?.secret ?? secretOf('dev-auditor');
  const target = { url, host: '127.0.0.1', port: Number(new URL(url).port), secret };
  const end = (signal: NodeJS.Signals): Promise<number | null> => {
    child.kill(signal);
    return ended;
  };
  return { target, data, secretOf, suffers, kill: async () => void (await end('SIGKILL')), stop: () => end('SIGTERM') };
}

/** Waits until the read models can be asked: a house takes commands before. */
async function rowsOpen(url: string): Promise<void> {
  for (
    const end = Date.now() + PATIENCE_MS;
    Date.now() < end;
    await new Promise((resolve) => setTimeout(resolve, 100))
  ) {
    const { readModels } = (await (await fetch(new URL('/readyz', url))).json()) as {
      readModels?: { reason: string | null };
    };
    if (readModels?.reason !== 'CATCHING_UP') return;
  }
}

/** Where it says that it is open. What it complains of is told where it ends before. */
function addressOf(child: ChildProcess, ended: Promise<number | null>): Promise<string> {
  return new Promise((resolve, reject) => {
    let [text, complaints] = ['', ''];
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    child.stderr?.setEncoding('utf8').on('data', (part: string) => {
      complaints = (complaints + part).slice(-2_000);
    });
    child.stdout?.setEncoding('utf8').on('data', (part: string) => {
      text = (text + part).slice(-10_000);
      const found = /The house is open at (\S+\/graphql)/.exec(text)?.[1];
      if (found) {
        clearTimeout(timer);
        resolve(found);
      }
    });
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`The house ended with ${code}: ${complaints || text}`));
    });
  });
}
