/**
 * The program's log: lines of JSON, to a file of the data folder where the terminal has a story to show, else to
 * stderr.
 */

import { mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type DestinationStream, type Logger, pino } from 'pino';
import { FILE_MODE, FOLDER_MODE } from '../store/private';
import type { Config } from './config';
import { complain } from './terminal';

export const logFile = (data: string): string => join(data, 'novate.log');

const STDERR = 2;

export function openLog({
  data,
  databaseUrl,
  logLevel: level,
}: Pick<Config, 'data' | 'databaseUrl' | 'logLevel'>): Logger {
  const file = databaseUrl === null ? fileOrTerminal(logFile(data)) : STDERR;
  // An error says what it is and where it came from; without this it would be an empty object.
  return pino(
    { level, serializers: { error: pino.stdSerializers.err, reason: pino.stdSerializers.err } },
    linesTo(file),
  );
}

/** The file, or the terminal where there can be none: a folder that cannot be written is no reason not to say why. */
function fileOrTerminal(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true, mode: FOLDER_MODE });
    return openSync(path, 'a', FILE_MODE);
  } catch (error) {
    complain(
      `The log goes here, because its file cannot be written: ${error instanceof Error ? error.message : String(error)}`,
    );
    return STDERR;
  }
}

/**
 * Writes line by line. A line that cannot be written, because the disk is full or nobody reads any more, is lost: it
 * ends nothing, nothing waits for it and nothing piles up. How many were lost is said when there is room again. The
 * library's own stream would wait for the disk for ever, with the whole program.
 */
export function linesTo(file: number): DestinationStream {
  let lost = 0;
  let torn = false; // the last line was cut short
  return {
    write(line) {
      const missing =
        lost === 0 ? '' : `${JSON.stringify({ level: 40, time: Date.now(), msg: 'log lines were lost', lost })}\n`;
      const bytes = Buffer.from(`${torn ? '\n' : ''}${missing}${line}`);
      const written = writeSome(file, bytes);
      if (written === bytes.length) lost = 0;
      else lost += 1;
      if (written > 0) torn = written < bytes.length;
    },
  };
}

/** Writes as much as there is room for; returns how much that was. */
function writeSome(file: number, bytes: Uint8Array): number {
  let written = 0;
  try {
    while (written < bytes.length) written += writeSync(file, bytes, written);
  } catch {
    // Whatever it is, there is nowhere to say so.
  }
  return written;
}

export const silentLog = (): Logger => pino({ level: 'silent' });
