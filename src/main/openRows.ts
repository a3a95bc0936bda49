/**
 * The read models of a house, as far as they are. A house in a folder takes commands and has streams while their
 * database is still being opened: only where nobody else can say that its journal is whole are they asked before it
 * opens.
 */

import { existsSync } from 'node:fs';
import type { Logger } from 'pino';
import { readHead } from '../journal/head';
import { abandonBulk } from '../projections/follow/bulk';
import { createProjector, type Projector } from '../projections/follow/projector';
import { RowsStuck } from '../projections/follow/stuck';
import type { House } from '../sequencer/house';
import { lateStore, openEmbedded, openPostgres, type Store } from '../store/client';
import { condemnFolder, discardFolder, StoreDamaged } from '../store/folder';
import { migrate } from '../store/migrate';
import { type Config, projectionFolder } from './config';
import { failed } from './failed';
import { headPathsOf, settle, testimonyOfHouse, witnessOfRows } from './witnesses';

/** What the opening of a house says about its rows. */
export interface RowsConfig {
  readonly config: Config;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  readonly acceptLoss?: boolean; // go on with a journal that is known to have lost entries
  readonly storeInMemory?: boolean; // projections nobody needs after this run
}

export interface Rows {
  readonly store: Store;
  readonly projector: Projector;
}

export interface RowsOptions {
  readonly early: Store | undefined; // open already
  readonly waits: boolean; // nothing is taken before they are there
}

/**
 * Whether the read models in the folder have to be asked before the house opens: a loss is to be accepted, or no file
 * with the head of the journal speaks for it. To be asked before the house writes such a file.
 */
export async function rowsAreWitness({ config, acceptLoss = false, storeInMemory }: RowsConfig): Promise<boolean> {
  if (storeInMemory || !existsSync(projectionFolder(config.data))) return false;
  if (acceptLoss) return true;
  const heads = await Promise.all(headPathsOf(config).map((path) => readHead(path)));
  return heads.every((head) => head === undefined);
}

export async function openRows(options: RowsConfig, house: House, { early, waits }: RowsOptions): Promise<Rows> {
  const settled = settlerOf(options, house);
  const opening = early ? settled(early) : openEmbeddedTables(options, settled);
  const store = waits ? await opening : lateStore('EMBEDDED', opening);
  const projector = projectorOf(options, house, store);
  const prepared = projector.prepare();
  // Rows that speak against the journal, or that this program must not touch, stop the house whenever they are found.
  if (!waits) prepared.catch(options.onFatal);
  else
    await prepared.catch((error: unknown) =>
      failed(error, () => closeAll(projector, early ? undefined : store), options.log),
    );
  return { store, projector };
}

async function closeAll(projector: Projector, store: Store | undefined): Promise<void> {
  await projector.close();
  await store?.close();
}

type Settled = (store: Store) => Promise<Store>;

/**
 * Rows of entries that are not in the journal are made anew by the projector; first it is asked whether they may be.
 */
function settlerOf({ config, log, acceptLoss = false }: RowsConfig, house: House): Settled {
  // As it was recovered: what is written from here on is not what the rows can know.
  const testimony = testimonyOfHouse(house);
  const onAccepted = ({ message }: Error): void => log.warn({ kind: 'LOSS_ACCEPTED', reason: message }, LOSS_ACCEPTED);
  return async (store) => {
    await settle(testimony, await witnessOfRows(store), { config, acceptLoss, onAccepted });
    return store;
  };
}

export const LOSS_ACCEPTED = 'the house goes on without entries that are lost';

/** An embedded store that cannot be trusted is deleted: the journal makes it anew. */
async function openEmbeddedTables(options: RowsConfig, settled: Settled): Promise<Store> {
  try {
    return await openOnce(options, settled);
  } catch (error) {
    if (!(error instanceof StoreDamaged)) throw error;
    const folder = projectionFolder(options.config.data);
    options.log.warn({ folder, reason: error.message }, 'projections are rebuilt from the journal');
    await discardFolder(folder);
    return openOnce(options, settled);
  }
}

async function openOnce(options: RowsConfig, settled: Settled): Promise<Store> {
  const store = await openTables(options);
  return settled(store).catch((error: unknown) => failed(error, store.close, options.log));
}

function projectorOf({ config, log }: RowsConfig, house: House, store: Store): Projector {
  function onProblem(problem: unknown): void {
    if (problem instanceof RowsStuck)
      log.error({ ...problem.entry }, 'read models are stuck at an entry: they stay as they were before it');
    else log.warn({ reason: problem }, 'projections do not follow');
    if (!(problem instanceof StoreDamaged) || store.kind !== 'EMBEDDED') return;
    // Files that break while they are open are not mended under those who read them: the next start makes them anew.
    condemnFolder(projectionFolder(config.data)).catch((error: unknown) =>
      log.error({ error }, 'the broken read models cannot be marked'),
    );
  }
  const onMended = (): void => log.info('read models follow again');
  return createProjector({ store, read: (after) => house.read(after), onProblem, onMended });
}

/** The store, with its tables. */
export async function openTables({ config, storeInMemory, log }: RowsConfig): Promise<Store> {
  // Commands, calls and liquidations need no rows: the house goes on, and says that it cannot be read.
  const onLost = (error: Error): void =>
    log.error({ error }, 'the read models are lost until the house is started again');
  const store =
    config.databaseUrl === null
      ? await openEmbedded(storeInMemory ? null : projectionFolder(config.data), { onLost })
      : await openPostgres(config.databaseUrl);
  try {
    await abandonBulk(store);
    await migrate(store);
    return store;
  } catch (error) {
    return failed(error, store.close, log);
  }
}
