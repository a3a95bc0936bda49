/**
 * What the program is told: flags first, then the environment, then the defaults. Each thing is one row of this table;
 * the type, the flags, their help, the refusals and docs/options.md follow from it.
 */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { OwnBudgets } from '../graphql/limit/budget';
import { readBudgets, STANDARD_BUDGETS, showBudgets } from '../graphql/limit/ownBudgets';
import { STEP_BOUND } from '../sequencer/clock';
import { ROOM } from '../sequencer/room';
import {
  bytes,
  ConfigError,
  fileToWrite,
  folder,
  type Kind,
  type Option,
  oneOf,
  orNone,
  readOption,
  span,
  text,
  whole,
  word,
  yesOrNo,
} from './option';
import { SERVER_OPTIONS } from './serverOptions';

export { ConfigError } from './option';

const budgets: Kind<OwnBudgets> = {
  shape:
    'a role or a key with its budget, or several between commas, such as FEED=1000000/100000,broker-1=400000/40000',
  valueName: 'name=points/points',
  read: readBudgets,
  show: showBudgets,
};

export const OPTIONS = {
  data: {
    env: 'NOVATE_DATA',
    flag: true,
    kind: folder,
    standard: resolve('data'),
    commands: 'ALL',
    says: 'Folder of the embedded house: journal, snapshots, read models, log',
  } as Option<string>,
  databaseUrl: {
    env: 'DATABASE_URL',
    flag: false,
    kind: orNone(text('an address that begins with postgresql://', /^postgres(ql)?:\/\//)),
    standard: null,
    commands: 'ALL',
    says: 'Postgres 14 or newer for journal and read models; without it the house is embedded',
  } as Option<string | null>,
  host: {
    env: 'HOST',
    flag: true,
    kind: word('an address of this machine'),
    standard: '127.0.0.1',
    commands: 'START',
    says: 'Address to listen on',
  } as Option<string>,
  port: {
    env: 'PORT',
    flag: true,
    kind: whole(0, 65_535),
    standard: 4000,
    commands: 'START',
    says: 'Port to listen on; 0 takes any that is free',
  } as Option<number>,
  mostKeys: {
    env: 'NOVATE_MOST_KEYS',
    flag: true,
    kind: whole(10, 1_000_000_000),
    standard: ROOM.keys,
    commands: 'START',
    says: 'Idempotency keys remembered at most, about 45 bytes each; an API key that fills more than its share waits',
  } as Option<number>,
  mostTrades: {
    env: 'NOVATE_MOST_TRADES',
    flag: true,
    kind: whole(10, 1_000_000_000),
    standard: ROOM.trades,
    commands: 'START',
    says: 'Trade ids remembered at most, about 35 bytes each; an API key that fills more than its share waits',
  } as Option<number>,
  clockStep: {
    env: 'NOVATE_CLOCK_STEP',
    flag: true,
    kind: span('1s', '1h'),
    standard: STEP_BOUND,
    commands: 'START',
    says: 'A step of the wall clock over this is not taken: house time goes on without it until two persons accept it',
  } as Option<number>,
  logLevel: {
    env: 'LOG_LEVEL',
    flag: true,
    kind: oneOf('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    standard: 'info',
    commands: 'ALL',
    says: 'What is logged: lines of this level and above',
  } as Option<string>,
  budgets: {
    env: 'NOVATE_BUDGETS',
    flag: true,
    kind: budgets,
    standard: STANDARD_BUDGETS,
    commands: 'START',
    says:
      'Budgets of roles and of single keys that send more than others, in points: what it holds, and what ' +
      'comes back in a second',
  } as Option<OwnBudgets>,
  headFile: {
    env: 'NOVATE_HEAD_FILE',
    flag: true,
    kind: orNone(fileToWrite),
    standard: null,
    commands: 'ALL',
    says:
      'File, best on another disk, that keeps number and hash of the last entry; a journal that ends before ' +
      'it is not opened',
  } as Option<string | null>,
  minFree: {
    env: 'NOVATE_MIN_FREE',
    flag: true,
    kind: bytes(0, 1e15),
    standard: 500_000_000,
    commands: 'START',
    says: 'Space to be left on the disk of the data folder; with less the house takes no new business, 0 never looks',
  } as Option<number>,
  clockAhead: {
    env: 'NOVATE_CLOCK_AHEAD',
    flag: true,
    kind: span('0s', '3650d'),
    standard: 0,
    commands: 'ALL',
    says:
      'How far the clock of the house is ahead of the clock of the machine, to try in a folder of its own what a ' +
      'later day brings: ' +
      'the time of a house never goes back',
  } as Option<number>,
  queueLimit: {
    env: 'NOVATE_QUEUE_LIMIT',
    flag: true,
    kind: whole(1_000, 1_000_000), // lists of a thousand are commands that wait together
    standard: 20_000,
    commands: 'START',
    says: 'Commands that may wait; who sends more is told `UNAVAILABLE` and to try again',
  } as Option<number>,
  recentSize: {
    env: 'NOVATE_RECENT_SIZE',
    flag: true,
    kind: bytes(1, 1e9),
    standard: 16e6,
    commands: 'START',
    says: 'How much of the journal is kept in memory for streams; what is older is read from the journal',
  } as Option<number>,
  snapshotEvery: {
    env: 'NOVATE_SNAPSHOT_EVERY',
    flag: true,
    kind: whole(1, 100_000_000),
    standard: 20_000,
    commands: 'START',
    says: 'Entries between two snapshots of the state, which are what a start applies at most, give or take',
  } as Option<number>,
  segmentBytes: {
    env: 'NOVATE_SEGMENT_BYTES',
    flag: true,
    kind: bytes(64 * 1024, 4 * 1024 ** 3),
    standard: 64 * 1024 ** 2,
    commands: 'START',
    says: 'Size of a file of the embedded journal',
  } as Option<number>,
  compressSegments: {
    env: 'NOVATE_COMPRESS_SEGMENTS',
    flag: true,
    kind: yesOrNo,
    standard: true,
    commands: 'START',
    says: 'Whether files of the embedded journal that are full are compressed, in the background, to about a ninth',
  } as Option<boolean>,
  ...SERVER_OPTIONS,
} as const;

export type OptionName = keyof typeof OPTIONS;
type ValueOf<Row> = Row extends Option<infer T> ? T : never;

export type Config = { readonly [Name in OptionName]: ValueOf<(typeof OPTIONS)[Name]> };

/** Flags as they were given, by the names of the table. */
export type Flags = { readonly [Name in OptionName]?: string };

/** Throws ConfigError. */
export function readConfig(flags: Flags, env: NodeJS.ProcessEnv = process.env): Config {
  const rows = Object.entries(OPTIONS) as [OptionName, Option<unknown>][];
  return Object.fromEntries(rows.map(([name, row]) => [name, readOption(name, row, flags[name], env)])) as Config;
}

/** How many times faster than the clock on the wall a day is played; 0 does not wait. Throws ConfigError. */
export function readSpeed(given: string): number {
  const speed = Number(given);
  if (given.trim() !== '' && Number.isFinite(speed) && speed >= 0) return speed;
  throw new ConfigError(`Not a speed: ${given}. 720 plays 18 hours in 90 seconds, 0 does not wait.`);
}

/** Folders of the embedded house. */
export const journalFolder = (data: string): string => join(data, 'journal');
export const snapshotFolder = (data: string): string => join(data, 'snapshots');
export const projectionFolder = (data: string): string => join(data, 'projections');
export const headPath = (data: string): string => join(data, 'HEAD');
/** The head again, beside the read models: it stays with them where the journal alone is put back from a backup. */
export const rowsHeadPath = (data: string): string => join(data, 'projections.head');
export const lossesPath = (data: string): string => join(data, 'accepted-losses.jsonl');

/** What the house makes in its data folder, and no other program does. */
export const HOUSE_FILES = [
  'journal',
  'snapshots',
  'projections',
  'novate.log',
  'example.json',
  'development-keys.json',
  'HEAD',
  'projections.head',
  'accepted-losses.jsonl',
] as const;

/** Whether there is no house in the folder yet. */
export const isNew = (data: string): boolean => !existsSync(journalFolder(data)) && !existsSync(headPath(data));
