/**
 * Kinds of options: how the text of a flag or of an environment variable becomes a value, and what is said where it
 * does not.
 */

import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { formatDuration, parseDuration } from '../units/instant';
import { duration } from '../units/quantity';

/** Something the program was told that it cannot work with. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export interface Kind<T> {
  readonly shape: string; // what the text is to be, for the help and for refusals: "a port"
  readonly valueName: string; // what stands in its place in the help
  /** The value, or nothing where the text is none. */
  read(text: string): T | undefined;
  /** A value as it would be given, where it is no plain one. */
  show?(value: T): string;
}

/** One thing that can be told to the program. */
export interface Option<T> {
  readonly env: string; // environment variable
  // whether it is a flag too; secrets are none, since flags are seen by everybody on the machine
  readonly flag: boolean;
  readonly kind: Kind<T>;
  readonly standard: T; // what holds where nothing is said
  readonly commands: 'ALL' | 'START'; // which commands take the flag
  readonly says: string; // a sentence without its full stop
}

export const text = (shape: string, pattern: RegExp, valueName = 'text'): Kind<string> => ({
  shape,
  valueName,
  read: (given) => (pattern.test(given) ? given : undefined),
});

export const word = (shape: string): Kind<string> => text(shape, /^\S{1,400}$/, 'name');

export const folder: Kind<string> = {
  shape: 'a folder',
  valueName: 'folder',
  read: (given) => (given === '' ? undefined : resolve(given)),
};

/** A file that is there already. */
export const file: Kind<string> = {
  shape: 'a file that exists',
  valueName: 'file',
  read: (given) => (existsSync(given) ? resolve(given) : undefined),
};

/** A file that the program writes. */
export const fileToWrite: Kind<string> = { ...folder, shape: 'a path', valueName: 'file' };

export const whole = (least: number, most: number): Kind<number> => ({
  shape: `a whole number from ${least} to ${most}`,
  valueName: 'number',
  read(given) {
    const value = Number(given);
    return /^\d+$/.test(given) && value >= least && value <= most ? value : undefined;
  },
});

const SIZES: Readonly<Record<string, number>> = {
  '': 1,
  kB: 1e3,
  MB: 1e6,
  GB: 1e9,
  KiB: 1024,
  MiB: 1024 ** 2,
  GiB: 1024 ** 3,
};

/** Bytes, such as 500MB. */
export const bytes = (least: number, most: number): Kind<number> => ({
  shape: `a number of bytes from ${least} to ${most}, such as 100kB, 500MB or 2GiB`,
  valueName: 'bytes',
  read(given) {
    const [, count, unit = ''] = /^(\d+)\s*(kB|MB|GB|KiB|MiB|GiB)?$/.exec(given) ?? [];
    const value = Number(count) * (SIZES[unit] ?? Number.NaN);
    return value >= least && value <= most ? value : undefined;
  },
  show(value) {
    const [unit, size] = Object.entries(SIZES).reduce((best, next) =>
      value > 0 && value % next[1] === 0 && next[1] > best[1] ? next : best,
    );
    return `${value / size}${unit}`;
  },
});

/** A span of time in milliseconds, such as 30s, 12h or 7d. */
export const span = (least: string, most: string): Kind<number> => ({
  shape: `a span from ${least} to ${most}, such as 500ms, 30s, 12h or 7d`,
  valueName: 'span',
  read(given) {
    try {
      const value = parseDuration(given);
      return value >= parseDuration(least) && value <= parseDuration(most) ? value : undefined;
    } catch {
      return undefined;
    }
  },
  show: (value) => formatDuration(duration(value)),
});

export const oneOf = <T extends string>(...values: readonly T[]): Kind<T> => ({
  shape: `one of ${values.join(', ')}`,
  valueName: values.join('|'),
  read: (given) => values.find((value) => value === given),
});

export const yesOrNo: Kind<boolean> = {
  shape: 'yes or no',
  valueName: 'yes|no',
  read: (given) => ({ yes: true, no: false })[given],
};

/** Values between commas, each of a kind; an empty text is an empty list. */
export const listOf = <T>(kind: Kind<T>): Kind<readonly T[]> => ({
  shape: `${kind.shape}, or several between commas`,
  valueName: `${kind.valueName},…`,
  read(given) {
    const values = given === '' ? [] : given.split(',').map((part) => kind.read(part.trim()));
    return values.every((value) => value !== undefined) ? (values as T[]) : undefined;
  },
});

/** A value that may be missing. */
export const orNone = <T>(kind: Kind<T>): Kind<T | null> => kind;

/**
 * The value of an option: its flag first, then the environment, then what holds where nothing is said. Throws
 * ConfigError.
 */
export function readOption<T>(
  name: string,
  { env: variable, kind, standard }: Option<T>,
  flag: string | undefined,
  env: NodeJS.ProcessEnv,
): T {
  const given = flag ?? env[variable];
  if (given === undefined) return standard;
  const value = kind.read(given);
  if (value !== undefined) return value;
  // What is secret is not repeated.
  const place = flag === undefined ? variable : `--${flagNameOf(name)}`;
  throw new ConfigError(`${place} is to be ${kind.shape}.`);
}

/** A name in camelCase as a flag: `minFree` is `min-free`. */
export const flagNameOf = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** What holds where nothing is said, as it would be given; nothing where there is none. */
export function standardOf<T>({ kind, standard }: Option<T>): string | undefined {
  if (standard === null || standard === '' || (Array.isArray(standard) && standard.length === 0)) return undefined;
  if (kind.show) return kind.show(standard);
  if (typeof standard === 'boolean') return standard ? 'yes' : 'no';
  if (typeof standard === 'string' && standard.startsWith('/')) return relative(process.cwd(), standard);
  return Array.isArray(standard) ? standard.join(',') : String(standard);
}
