/**
 * `npm run replay -- NAME`: lives through a crash, prints what it came to, and executes the journal again. Its folder
 * is thrown away unless one is named.
 */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { DAYS, isDayName, loadDay } from '../interop/day';
import { STANDARD } from '../interop/replay';
import { conservationOf } from '../projections/ledger/conservation';
import { verify } from '../sequencer/recover';
import { instant, type Price } from '../units/quantity';
import { ConfigError, isNew, readConfig, readSpeed } from './config';
import { createDayClock } from './dayClock';
import { createDayScreen } from './dayScreen';
import { dayTable } from './dayTable';
import { openJournal } from './engine';
import { silentLog } from './logger';
import { openHouse } from './openHouse';
import { preparePlay } from './playDay';
import { say } from './terminal';

export interface ReplayFlags {
  readonly speed?: string;
  readonly clients?: string;
  readonly seed?: string;
  readonly quiet?: boolean;
  readonly keep?: string; // folder
}

function countOf(text: string | undefined, standard: number, what: string): number {
  const count = text === undefined ? standard : Number(text);
  if (Number.isSafeInteger(count) && count > 0) return count;
  throw new ConfigError(`Not a number of ${what}: ${text}`);
}

/** Throws ConfigError. */
async function folderFor(keep: string | undefined): Promise<string> {
  if (keep === undefined) return mkdtemp(join(tmpdir(), 'novate-replay-'));
  const folder = resolve(keep);
  if (isNew(folder)) return folder;
  throw new ConfigError(`There is a house in ${folder} already.`);
}

/** Throws ConfigError. */
export async function replayCommand(name: string, flags: ReplayFlags): Promise<void> {
  if (!isDayName(name)) throw new ConfigError(`No day is called ${name}. There are: ${DAYS.join(', ')}.`);
  const speed = readSpeed(flags.speed ?? '0');
  const example = {
    ...STANDARD,
    day: name,
    clients: countOf(flags.clients, STANDARD.clients, 'clients'),
    seed: countOf(flags.seed, STANDARD.seed, 'seed'),
    finished: false,
  };
  const { title, about, start } = loadDay(name);
  const data = await folderFor(flags.keep);
  // Whatever the environment says of a database: this is a house of its own.
  const config = { ...readConfig({ data }, {}), databaseUrl: null };
  say(`${title}: ${about}\n`);
  try {
    await playAndTell();
    if (!flags.quiet) say('Executing the journal again …');
    const { journal } = await openJournal(config);
    try {
      const { entries, digest } = await verify(journal);
      say(`${entries} entries executed again give the same events and the same state: ${digest}`);
    } finally {
      await journal.close();
    }
  } finally {
    if (flags.keep === undefined) await rm(data, { recursive: true, force: true });
  }

  async function playAndTell(): Promise<void> {
    let failure: unknown;
    const onFatal = (error: unknown): void => {
      failure = error;
    };
    const clock = createDayClock(instant(start));
    const open = await openHouse({ config, clock, log: silentLog(), onFatal, engine: 'THREAD', storeInMemory: true });
    try {
      const play = preparePlay({
        house: open.house,
        example,
        speed,
        stopped: new AbortController().signal,
        onInstant(at, progress) {
          if (!flags.quiet) screen.show(at, progress);
        },
      });
      const { summary } = play.summarizer;
      const screen = createDayScreen(summary, (instrument, price) =>
        play.replay.mirror.priceText(instrument, price as Price),
      );
      await play.run();
      screen.end();
      if (failure !== undefined) throw failure;
      const { seq } = open.house.status();
      const sums = await open.reader.snapshot({ committed: seq, waitMs: 120_000, timeoutMs: 120_000 }, ({ db }) =>
        conservationOf(db),
      );
      say(dayTable(play.summarizer, play.summarizer.warningTimes(play.replay.clients), sums));
    } finally {
      await open.close();
    }
  }
}
