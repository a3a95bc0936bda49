/** Putting a house together by hand: journal, recovery, sequencer, store, projector, reader. */

import type { Logger } from 'pino';
import { abandonBulk } from '../projections/bulk';
import { createProjector, type Projector } from '../projections/projector';
import { createReader, type Reader } from '../projections/reader';
import { RowsStuck } from '../projections/stuck';
import { startUpkeep } from '../projections/upkeep';
import type { HouseClock } from '../sequencer/clock';
import type { House } from '../sequencer/house';
import { openEmbedded, openPostgres, type Store } from '../store/client';
import { condemnFolder, discardFolder, StoreDamaged } from '../store/folder';
import { migrate } from '../store/migrate';
import { type Config, projectionFolder } from './config';
import { type Engine, type EngineNewsKind, type EngineOptions, openEngine } from './engine';
import { startEngine } from './remoteEngine';
import { settle, testimonyOfHouse, witnessOfRows } from './witnesses';

export interface OpenHouse {
  readonly house: House;
  readonly store: Store;
  readonly projector: Projector;
  readonly reader: Reader;
  readonly recovered: Engine['recovered'];
  readonly keepTime: Engine['keepTime'];
  readonly connect: Engine['connect'];
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly config: Config;
  readonly clock: HouseClock;
  readonly engine: 'THREAD' | 'INLINE'; // where the engine runs: beside this thread, or in it
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  readonly acceptLoss?: boolean; // go on with a journal that is known to have lost entries
  readonly storeInMemory?: boolean; // projections nobody needs after this run
}

export async function openHouse(options: OpenOptions): Promise<OpenHouse> {
  const { config, clock, log, engine } = options;
  const opened: (() => Promise<void>)[] = []; // what to close, the last first
  const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
    opened.unshift(() => thing.close());
    return thing;
  };
  const close = async (): Promise<void> => {
    const failures: unknown[] = [];
    // What cannot be closed must not keep the rest open.
    for (const end of opened.splice(0)) await end().catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  };
  try {
    // Postgres needs its tables before its journal; in a folder the journal's lock says who owns the whole.
    const early = config.databaseUrl === null ? undefined : keep(await openStore(options));
    const onSnapshotLost = (error: unknown): void => log.warn({ error }, 'snapshot not saved');
    const start = engine === 'THREAD' ? startEngine : openEngine;
    const { onFatal, acceptLoss = false } = options;
    const onNews = (kind: EngineNewsKind, says: string): void => log.warn({ kind, reason: says }, NEWS[kind]);
    const engineOptions = { config, clock, acceptLoss, onFatal, onSnapshotLost, onNews, onTrouble: troubleLog(log) };
    const { house, recovered, keepTime, connect } = await start(engineOptions);
    keep(house);
    log.info(recovered, 'house recovered');
    const { store, projector } = await openProjections(options, house, early);
    keep(store);
    keep(projector);
    const sayClock = clockLog(log, house);
    const unfollow = house.follow((batch) => {
      projector.offer(batch);
      sayClock();
    });
    sayClock();
    keep({ close: async () => unfollow() });
    // Commands and streams need no rows, and are not kept waiting for them.
    projector.follow(house.status().seq);
    keep(
      startUpkeep({
        store,
        seq: () => projector.seq,
        onUnknown: (tables) => log.warn({ tables }, 'tables without statistics are read from end to end until they are analyzed'),
        onProblem: (problem) => log.warn({ reason: problem }, 'read models are not looked after'),
      }),
    );
    return { house, store, projector, reader: createReader(store, projector), recovered, keepTime, connect, close };
  } catch (error) {
    return failed(error, close, log);
  }
}

const NEWS: Readonly<Record<EngineNewsKind, string>> = {
  LOSS_ACCEPTED: 'the house goes on without entries that are lost',
  HEAD_NOT_WRITTEN: 'the head of the journal cannot be written to its file',
  SEGMENT_NOT_COMPRESSED: 'a file of the journal stays as it is, and is tried again',
};

/** Says when the house begins to turn commands away, and when it takes them again. */
const troubleLog =
  (log: Logger): NonNullable<EngineOptions['onTrouble']> =>
  (kind, trouble) =>
    trouble ? log.error({ kind, reason: trouble.says }, 'commands are turned away') : log.warn({ kind }, 'commands are taken again');

/** Says when a step of the wall clock is not taken, and what becomes of it. */
function clockLog(log: Logger, house: House): () => void {
  let told: number | undefined; // entry
  return () => {
    const { step, ahead } = house.status().clock;
    if (step?.entry === told) return;
    told = step?.entry;
    if (!step) log.warn({ aheadMs: ahead }, 'the wall clock is followed again');
    else
      log.error({ entry: step.entry, byMs: step.by }, 'the wall clock has stepped, and house time goes on without it: see acceptClockStep');
  };
}

interface Projections {
  readonly store: Store;
  readonly projector: Projector;
}

/** The read models, as far as they are. An embedded store that cannot be trusted is deleted: the journal makes it anew. */
async function openProjections(options: OpenOptions, house: House, early: Store | undefined): Promise<Projections> {
  if (early) return { store: early, projector: await projectorOf(options, house, early) };
  try {
    return await openOnce(options, house);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    const folder = projectionFolder(options.config.data);
    options.log.warn({ folder, reason: error.message }, 'projections are rebuilt from the journal');
    await discardFolder(folder);
    return openOnce(options, house);
  }
}

async function openOnce(options: OpenOptions, house: House): Promise<Projections> {
  const store = await openStore(options);
  try {
    return { store, projector: await projectorOf(options, house, store) };
  } catch (error) {
    return failed(error, store.close, options.log);
  }
}

async function projectorOf(options: OpenOptions, house: House, store: Store): Promise<Projector> {
  const { config, log } = options;
  const onAccepted = ({ message }: Error): void => log.warn({ kind: 'LOSS_ACCEPTED', reason: message }, NEWS.LOSS_ACCEPTED);
  const settling = { config, acceptLoss: options.acceptLoss ?? false, onAccepted };
  // Rows of entries that are not in the journal are made anew by the projector; first it is asked whether they may be.
  await settle(testimonyOfHouse(house), await witnessOfRows(store), settling);
  function onProblem(problem: unknown): void {
    if (problem instanceof RowsStuck)
      log.error({ ...problem.entry }, 'read models are stuck at an entry: they stay as they were before it');
    else log.warn({ reason: problem }, 'projections do not follow');
    if (!(problem instanceof StoreDamaged) || store.kind !== 'EMBEDDED') return;
    // Files that break while they are open are not mended under those who read them: the next start makes them anew.
    condemnFolder(projectionFolder(config.data)).catch((error: unknown) => log.error({ error }, 'the broken read models cannot be marked'));
  }
  const onMended = (): void => log.info('read models follow again');
  const projector = createProjector({ store, read: (after) => house.read(after), onProblem, onMended });
  try {
    await projector.prepare();
    return projector;
  } catch (error) {
    return failed(error, projector.close, log);
  }
}

/** The store, with its tables. */
async function openStore({ config, storeInMemory, log }: OpenOptions): Promise<Store> {
  if (config.databaseUrl !== null) return migrated(await openPostgres(config.databaseUrl), log);
  // Commands, calls and liquidations need no rows: the house goes on, and says that it cannot be read.
  const onLost = (error: Error): void => log.error({ error }, 'the read models are lost until the house is started again');
  return migrated(await openEmbedded(storeInMemory ? null : projectionFolder(config.data), { onLost }), log);
}

async function migrated(store: Store, log: Logger): Promise<Store> {
  try {
    await abandonBulk(store);
    await migrate(store);
    return store;
  } catch (error) {
    return failed(error, store.close, log);
  }
}

/** Closes what was open when something failed. That it cannot be closed either is told, and does not hide what failed. */
async function failed(error: unknown, close: () => Promise<void>, log: Logger): Promise<never> {
  try {
    await close();
  } catch (besides) {
    log.warn({ error: besides }, 'not closed cleanly after a failure');
  }
  throw error;
}
