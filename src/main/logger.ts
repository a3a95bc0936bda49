/** The program's log: lines of JSON, to a file of the data folder where the terminal has a story to show, else to stderr. */

import { join } from 'node:path';
import { destination, type Logger, pino } from 'pino';
import type { Config } from './config';

export const logFile = (data: string): string => join(data, 'novate.log');

export function openLog({ data, databaseUrl, logLevel: level }: Config): Logger {
  const place = databaseUrl === null ? { dest: logFile(data), mkdir: true, sync: true } : { dest: 2, sync: true };
  // An error says what it is and where it came from; without this it would be an empty object.
  return pino({ level, serializers: { error: pino.stdSerializers.err, reason: pino.stdSerializers.err } }, destination(place));
}

export const silentLog = (): Logger => pino({ level: 'silent' });
