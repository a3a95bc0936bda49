/** Putting a house together by hand: journal, recovery, sequencer, store, projector, reader. */

import type { Logger } from 'pino';
import type { State } from '../core/model/state';
import { openFileJournal } from '../journal/file';
import { createFileSnapshots } from '../journal/fileSnapshots';
import type { Journal, Snapshots } from '../journal/journal';
import { openPostgresJournal } from '../journal/postgres';
import { createProjector, type Projector } from '../projections/projector';
import { createReader, type Reader } from '../projections/reader';
import type { Clock } from '../sequencer/clock';
import type { House } from '../sequencer/house';
import { type Recovered, recover, writeSnapshot } from '../sequencer/recover';
import { createSequencer } from '../sequencer/sequencer';
import { openEmbedded, openPostgres, type Store } from '../store/client';
import { condemnFolder, discardFolder, StoreDamaged } from '../store/folder';
import { migrate } from '../store/migrate';
import { type Config, journalFolder, projectionFolder, snapshotFolder } from './config';

export interface OpenHouse {
  readonly house: House;
  readonly store: Store;
  readonly projector: Projector;
  readonly reader: Reader;
  readonly recovered: Recovered;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  readonly storeInMemory?: boolean; // projections nobody needs after this run
}

/** Entries between snapshots: what a restart replays at most, give or take. */
const SNAPSHOT_EVERY = 20_000;

/** And at least so many times as long between them as one takes: a large house that is busy would do little else. */
const SNAPSHOT_REST = 100;

export async function openHouse(options: OpenOptions): Promise<OpenHouse> {
  const { config, clock, log } = options;
  const opened: (() => Promise<void>)[] = []; // what to close, the last first
  const keep = <T extends { close(): Promise<void> }>(thing: T): T => {
    opened.unshift(() => thing.close());
    return thing;
  };
  const close = async (): Promise<void> => {
    for (const end of opened.splice(0)) await end();
  };
  try {
    // Postgres needs its tables before its journal; in a folder the journal's lock says who owns the whole.
    const early = config.databaseUrl === null ? undefined : keep(await openStore(options));
    const { journal, snapshots } = await openJournal(config);
    keep(journal);
    const recovered = await recover(journal, snapshots);
    const { state } = recovered;
    log.info({ entries: state.seq, fromSnapshot: recovered.fromSnapshot }, 'house recovered');
    const afterCommit = snapshotKeeper(snapshots, state.seq, log);
    const house = keep(createSequencer({ state, journal, clock, onFatal: options.onFatal, afterCommit }));
    const { store, projector } = await openProjections(options, house, early);
    keep(store);
    keep(projector);
    const unfollow = house.follow((batch) => projector.offer(batch));
    keep({ close: async () => unfollow() });
    return { house, store, projector, reader: createReader(store, projector), recovered, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export async function openJournal(config: Config): Promise<{ journal: Journal; snapshots: Snapshots }> {
  if (config.databaseUrl !== null) {
    const journal = await openPostgresJournal({ url: config.databaseUrl });
    return { journal, snapshots: journal.snapshots };
  }
  return {
    journal: await openFileJournal({ folder: journalFolder(config.data) }),
    snapshots: createFileSnapshots(snapshotFolder(config.data)),
  };
}

interface Projections {
  readonly store: Store;
  readonly projector: Projector;
}

/** The read models, caught up. An embedded store that cannot be trusted is deleted: the journal makes it anew. */
async function openProjections(options: OpenOptions, house: House, early: Store | undefined): Promise<Projections> {
  if (early) return { store: early, projector: await caughtUp(options, house, early) };
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
    return { store, projector: await caughtUp(options, house, store) };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function caughtUp({ config, log, onFatal }: OpenOptions, house: House, store: Store): Promise<Projector> {
  function onProblem(problem: unknown): void {
    log.warn({ reason: problem }, 'projections do not follow');
    if (!(problem instanceof StoreDamaged) || store.kind !== 'EMBEDDED') return;
    // Files that break while they are open are not mended under those who read them: the next start makes them anew.
    condemnFolder(projectionFolder(config.data)).then(() => onFatal(problem), onFatal);
  }
  const projector = createProjector({ store, read: (after) => house.read(after), onProblem });
  try {
    await projector.start();
    return projector;
  } catch (error) {
    await projector.close();
    throw error;
  }
}

/** The store, with its tables. */
async function openStore({ config, storeInMemory }: OpenOptions): Promise<Store> {
  if (config.databaseUrl !== null) return migrated(await openPostgres(config.databaseUrl));
  return migrated(await openEmbedded(storeInMemory ? null : projectionFolder(config.data)));
}

async function migrated(store: Store): Promise<Store> {
  try {
    await migrate(store);
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Saves a snapshot every so many entries, one at a time. Losing one costs time at the next start, nothing else. */
function snapshotKeeper(snapshots: Snapshots, from: number, log: Logger): (state: State) => void {
  let last = from;
  let saving = false;
  let notBefore = 0;
  return (state) => {
    const began = performance.now();
    if (saving || state.seq - last < SNAPSHOT_EVERY || began < notBefore) return;
    saving = true;
    last = state.seq;
    const snapshot = writeSnapshot(state);
    const taken = performance.now() - began; // what the house stood still for
    notBefore = performance.now() + SNAPSHOT_REST * taken;
    snapshot
      .then((written) => snapshots.save(written))
      .catch((error: unknown) => log.warn({ error }, 'snapshot not saved'))
      .finally(() => {
        saving = false;
      });
  };
}
