/** What the program is told: flags first, then the environment, then the defaults. */

import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export interface Config {
  readonly data: string; // data folder
  readonly databaseUrl: string | null; // Postgres for journal and projections; none: embedded
  readonly host: string;
  readonly port: number;
  readonly logLevel: string;
}

export interface Flags {
  readonly data?: string;
  readonly host?: string;
  readonly port?: string;
}

/** Something the program was told that it cannot work with. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

export function readConfig(flags: Flags, env: NodeJS.ProcessEnv = process.env): Config {
  const port = Number(flags.port ?? env['PORT'] ?? '4000');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigError(`Not a port: ${flags.port ?? env['PORT']}`);
  const databaseUrl = env['DATABASE_URL'] ?? null;
  if (databaseUrl !== null && !/^postgres(ql)?:\/\//.test(databaseUrl)) throw new ConfigError('DATABASE_URL must begin with postgresql://');
  return {
    data: resolve(flags.data ?? env['NOVATE_DATA'] ?? 'data'),
    databaseUrl,
    host: flags.host ?? env['HOST'] ?? '127.0.0.1',
    port,
    logLevel: env['LOG_LEVEL'] ?? 'info',
  };
}

/** How many times faster than the clock on the wall a day is played; 0 does not wait. Throws ConfigError. */
export function readSpeed(text: string): number {
  const speed = Number(text);
  if (text.trim() !== '' && Number.isFinite(speed) && speed >= 0) return speed;
  throw new ConfigError(`Not a speed: ${text}. 720 plays 18 hours in 90 seconds, 0 does not wait.`);
}

/** Folders of the embedded house. */
export const journalFolder = (data: string): string => join(data, 'journal');
export const snapshotFolder = (data: string): string => join(data, 'snapshots');
export const projectionFolder = (data: string): string => join(data, 'projections');

/** Whether there is no house in the folder yet. */
export const isNew = (data: string): boolean => !existsSync(journalFolder(data));
