/**
 * `npm start`: opens the house, serves it, and, where an embedded data folder is new, lets it live through the example day.
 * An existing folder is simply opened; with a database nothing is ever loaded by itself.
 */

import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { loadDay } from '../interop/day';
import { STANDARD } from '../interop/replay';
import { conservationOf } from '../projections/conservation';
import { instant, type Price } from '../units/quantity';
import { type Config, type Flags, isNew, readConfig, readSpeed } from './config';
import { createDayClock, type DayClock } from './dayClock';
import { createDayScreen } from './dayScreen';
import { dayTable } from './dayTable';
import { type DevelopmentKey, developmentKeys, issueDevelopmentKeys, ofHouse, ofMembers } from './developmentKeys';
import { type Example, readExample, writeExample } from './exampleFile';
import { logFile, openLog } from './logger';
import { type OpenHouse, openHouse } from './openHouse';
import { MEMBERS, preparePlay, STANDARD_SPEED } from './playDay';
import { type Served, serve } from './serve';
import { complain, say } from './terminal';

export interface StartFlags extends Flags {
  readonly empty?: boolean;
  readonly speed?: string;
}

export async function start(flags: StartFlags): Promise<void> {
  const config = readConfig(flags);
  const log = openLog(config);
  const speed = readSpeed(flags.speed ?? STANDARD_SPEED);
  const stopping = new AbortController();
  let served: Served | undefined;
  let playing: Promise<unknown> | undefined;
  let failure: unknown;

  const fatal = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = error ?? new Error('nobody said why');
    log.fatal({ error }, 'the house has stopped');
    complain(`The house has stopped: ${String(error)}\nNothing acknowledged is lost. Start again: starting is recovery.`);
    ending.close();
  };
  // Whoever supervises the program starts it again where it ended by itself: only a signal is an end that was asked for.
  const ending = closeWithGrace({ delay: 20_000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ error: err }, 'the house has stopped');
    if (err) complain(`${err.stack ?? err}`);
    stopping.abort();
    await playing;
    await served?.close();
    if (failure !== undefined || signal === undefined) throw failure ?? err ?? new Error('The program ended by itself');
  });

  const plan = config.databaseUrl === null ? exampleOf(config, flags) : undefined;
  const clock = plan ? createDayClock(instant(loadDay(plan.day).start - 60_000)) : runningClock();
  // Written first: a crash before the first entry must not leave a folder that looks like an empty house.
  if (plan && !plan.finished) writeExample(config.data, plan);
  const open = await openHouse({ config, clock, log, onFatal: fatal, engine: 'THREAD' });
  // Time stood still in the example's house while nobody had it open.
  if (plan?.finished) clock.run(open.house.status().now);
  served = await serve({ config, open, log });
  announce(config, served, open);
  const keys = await keysOf(config, open, flags, plan);
  if (plan && !plan.finished) {
    playing = play({ plan, open, clock, keys, config, speed, log, stopped: stopping.signal }).catch(fatal);
    await playing;
  }
  if (stopping.signal.aborted) return;
  open.keepTime();
  say(`\nThe house is open at ${served.server.url}. Ctrl+C closes it.`);
}

/** Wall time from the start. */
function runningClock(): DayClock {
  const clock = createDayClock(instant(Date.now()));
  clock.run(instant(Date.now()));
  return clock;
}

/** The example the folder holds, or is to hold because it is new. */
function exampleOf({ data }: Config, { empty }: StartFlags): Example | undefined {
  const known = readExample(data);
  if (known || empty || !isNew(data)) return known;
  return { ...STANDARD, finished: false };
}

function announce({ data, databaseUrl }: Config, { server }: Served, { recovered }: OpenHouse): void {
  say(`Novate is at ${server.url} (GraphQL; GraphiQL in a browser)`);
  say(databaseUrl === null ? `Data folder ${data}, log ${logFile(data)}` : 'Journal and read models are in the database');
  const { entries, applied } = recovered;
  if (entries > 0) say(`Recovered ${entries} entries, ${applied} of them from the journal`);
}

/** The development keys of an embedded house, printed. */
async function keysOf(config: Config, { house }: OpenHouse, { empty }: StartFlags, plan: Example | undefined): Promise<DevelopmentKey[]> {
  if (config.databaseUrl !== null) {
    say('Keys are issued by `npm run key -- --role ADMIN` while the house is closed, or by an administrator through the API.');
    return [];
  }
  const keys = developmentKeys(config.data, plan && !empty ? MEMBERS : []);
  await issueDevelopmentKeys(house, ofHouse(keys));
  say('\nDevelopment keys, to be sent as `Authorization: Bearer <key>`:');
  for (const { role, member, secret } of keys) say(`  ${`${role}${member === null ? '' : ` (${member})`}`.padEnd(28)} ${secret}`);
  return keys;
}

interface Playing {
  readonly plan: Example;
  readonly open: OpenHouse;
  readonly clock: DayClock;
  readonly keys: readonly DevelopmentKey[];
  readonly config: Config;
  readonly speed: number;
  readonly log: Logger;
  readonly stopped: AbortSignal;
}

/** The example day, from the beginning or from where it was interrupted. */
async function play({ plan, open, clock, keys, config, speed, log, stopped }: Playing): Promise<void> {
  const { house } = open;
  const { title, about } = loadDay(plan.day);
  const begun = open.recovered.applied > 0;
  say(`\n${begun ? 'Going on with the example day' : 'This data folder is new and is given an example day'}: ${title}\n${about}\n`);
  let brokersHaveKeys = false;
  const { replay, summarizer, run } = preparePlay({
    house,
    example: plan,
    speed,
    stopped,
    async onInstant(at, progress) {
      // The brokers are admitted at the first instant; from the second on they can have keys.
      if (!brokersHaveKeys && at > loadDay(plan.day).start - 60_000) {
        await issueDevelopmentKeys(house, ofMembers(keys));
        brokersHaveKeys = true;
      }
      screen.show(at, progress);
    },
  });
  const screen = createDayScreen(summarizer.summary, (instrument, price) => replay.mirror.priceText(instrument, price as Price));
  const over = await run();
  screen.end();
  if (!over) return;
  writeExample(config.data, { ...plan, finished: true });
  const { seq, now } = house.status();
  clock.run(now);
  const sums = await open.reader.snapshot({ committed: seq, waitMs: 60_000 }, ({ db }) => conservationOf(db));
  log.info({ seq }, 'the example day is over');
  say(`\n${dayTable(summarizer, summarizer.warningTimes(replay.clients), sums)}`);
}
