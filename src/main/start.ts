/**
 * `npm start`: opens the house, serves it, and, where an embedded data folder is new, lets it live through the example
 * day. An existing folder is simply opened; with a database nothing is ever loaded by itself.
 */

import closeWithGrace from 'close-with-grace';
import type { Logger } from 'pino';
import { loadDay } from '../interop/day';
import { STANDARD, setupOf } from '../interop/replay';
import { textOfHead } from '../journal/head';
import { JournalShortened } from '../journal/witness';
import { conservationOf } from '../projections/ledger/conservation';
import { formatDuration } from '../units/instant';
import { duration, later, type Price } from '../units/quantity';
import { type Config, type Flags, isNew, readConfig, readSpeed } from './config';
import { createDayClock, type DayClock, runningClock } from './dayClock';
import { createDayScreen } from './dayScreen';
import { dayTable } from './dayTable';
import { missingKeys, ofMembers, whyNot } from './developmentKeys';
import { type Example, readExample, writeExample } from './exampleFile';
import { logFile, openLog } from './logger';
import { type Doors, openDoors } from './openDoors';
import { preparePlay, STANDARD_SPEED } from './playDay';
import { placesOf, type Served } from './serve';
import { complain, say } from './terminal';

export interface StartFlags extends Flags {
  readonly empty?: boolean;
  readonly acceptLoss?: boolean;
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
  let ended = (): unknown => undefined;

  const fatal = (error: unknown): void => {
    if (failure !== undefined) return;
    failure = error ?? new Error('nobody said why');
    log.fatal({ error }, 'the house has stopped');
    // A journal that was cut short says itself what is lost.
    const then =
      error instanceof JournalShortened ? '' : '\nNothing acknowledged is lost. Start again: starting is recovery.';
    complain(`The house has stopped: ${String(error)}${then}`);
    ending.close();
  };
  // Whoever supervises the program starts it again where it ended by itself: only a signal is an end that was asked
  // for.
  const ending = closeWithGrace({ delay: 20_000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ error: err }, 'the house has stopped');
    if (err) complain(`${err.stack ?? err}`);
    stopping.abort();
    await playing;
    await served?.close();
    ended();
    if (failure !== undefined || signal === undefined) throw failure ?? err ?? new Error('The program ended by itself');
  });

  const plan = config.databaseUrl === null ? exampleOf(config, flags) : undefined;
  const clock = plan ? createDayClock(setupOf(loadDay(plan.day))) : runningClock(config.clockAhead);
  // Written first: a crash before the first entry must not leave a folder that looks like an empty house.
  if (plan && !plan.finished) writeExample(config.data, plan);
  const doors = await openDoors({
    config,
    clock,
    log,
    onFatal: fatal,
    engine: 'THREAD',
    plan,
    acceptLoss: flags.acceptLoss ?? false,
  });
  served = doors.served;
  ended = () => say(`\nThe journal ends with ${textOfHead(doors.open.house.status())}.`);
  announce(config, doors);
  const tell = keyTeller(doors);
  await tell();
  if (plan && !plan.finished) {
    playing = play({ plan, doors, clock, tell, config, speed, log, stopped: stopping.signal }).catch(fatal);
    await playing;
  }
  if (stopping.signal.aborted) return;
  await tell({ rest: true });
  doors.open.keepTime();
  say(`\nThe house is open at ${doors.served.server.url}. Ctrl+C closes it.`);
}

/** The example the folder holds, or is to hold because it is new. */
function exampleOf({ data }: Config, { empty }: StartFlags): Example | undefined {
  const known = readExample(data);
  if (known || empty || !isNew(data)) return known;
  return { ...STANDARD, finished: false };
}

function announce({ data, databaseUrl, clockAhead }: Config, { served, open: { recovered, house } }: Doors): void {
  for (const line of placesOf(served.server)) say(line);
  say(
    databaseUrl === null ? `Data folder ${data}, log ${logFile(data)}` : 'Journal and read models are in the database',
  );
  if (clockAhead > 0) say(`The clock of the house is ${formatDuration(duration(clockAhead))} ahead`);
  if (databaseUrl !== null)
    say(
      'Keys are issued by `npm run key -- --role ADMIN` while the house is closed, or by an administrator through ' +
        'the API.',
    );
  const { entries, applied } = recovered;
  if (entries > 0) say(`Recovered ${entries} entries, ${applied} of them from the journal`);
  say(`The journal ends with ${textOfHead(house.status())}`);
}

/** Prints development keys, each once and not before it works; in the end, which ones do not, and why. */
function keyTeller({ open: { house }, keys }: Doors): (what?: { readonly rest: boolean }) => Promise<void> {
  const told = new Set<string>();
  return async ({ rest } = { rest: false }) => {
    const standing = await house.keys();
    const fresh = keys.filter((key) => !told.has(key.id) && whyNot(key, standing) === undefined);
    if (fresh.length > 0) say('\nDevelopment keys, to be sent as `Authorization: Bearer <key>`:');
    for (const { id, role, member, secret } of fresh) {
      say(`  ${`${role}${member === null ? '' : ` (${member})`}`.padEnd(28)} ${secret}`);
      told.add(id);
    }
    const others = rest ? keys.filter(({ id }) => !told.has(id)) : [];
    if (others.length === 0) return;
    say(
      `\nNot printed, because they do not work: ` +
        `${others.map((key) => `${key.id} (${whyNot(key, standing)})`).join(', ')}.`,
    );
    say('An administrator issues others with `issueApiKey`, and a second one approves.');
  };
}

interface Playing {
  readonly plan: Example;
  readonly doors: Doors;
  readonly clock: DayClock;
  readonly tell: () => Promise<void>;
  readonly config: Config;
  readonly speed: number;
  readonly log: Logger;
  readonly stopped: AbortSignal;
}

/** The example day, from the beginning or from where it was interrupted. */
async function play({ plan, doors: { open, keys }, clock, tell, config, speed, log, stopped }: Playing): Promise<void> {
  const { house } = open;
  const day = loadDay(plan.day);
  const begun = house.status().now > setupOf(day);
  say(
    `\n${begun ? 'Going on with the example day' : 'This data folder is new and is given an example day'}: ` +
      `${day.title}\n${day.about}\n`,
  );
  let told = false;
  const { replay, summarizer, run } = preparePlay({
    house,
    example: plan,
    speed,
    keys: missingKeys(ofMembers(keys), await house.keys()),
    stopped,
    async onInstant(at, progress) {
      // The brokers are admitted at the first instant, and their keys issued with it.
      if (at <= setupOf(day)) return;
      if (!told) await tell();
      told = true;
      screen.show(at, progress);
    },
  });
  const screen = createDayScreen(summarizer.summary, (instrument, price) =>
    replay.mirror.priceText(instrument, price as Price),
  );
  const over = await run();
  screen.end();
  if (!over) return;
  writeExample(config.data, { ...plan, finished: true });
  const { seq, now } = house.status();
  clock.run(later(now, duration(config.clockAhead)));
  const sums = await open.reader.snapshot({ committed: seq, waitMs: 60_000 }, ({ db }) => conservationOf(db));
  log.info({ seq }, 'the example day is over');
  say(`\n${dayTable(summarizer, summarizer.warningTimes(replay.clients), sums)}`);
}
