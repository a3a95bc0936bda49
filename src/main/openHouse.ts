/** Putting a house together by hand: journal, recovery, sequencer, store, projector, reader. */

import type { Logger } from 'pino';
import type { Projector } from '../projections/follow/projector';
import { startUpkeep } from '../projections/follow/upkeep';
import { createReader, type Reader } from '../projections/reading/reader';
import type { HouseClock } from '../sequencer/clock';
import type { House } from '../sequencer/house';
import type { Store } from '../store/client';
import { type Engine, type EngineNewsKind, type EngineOptions, openEngine } from './engine';
import { failed } from './failed';
import { LOSS_ACCEPTED, openRows, openTables, type RowsConfig, rowsAreWitness } from './openRows';
import { startEngine } from './remoteEngine';

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

export interface OpenOptions extends RowsConfig {
  readonly clock: HouseClock;
  readonly engine: 'THREAD' | 'INLINE'; // where the engine runs: beside this thread, or in it
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
    const early = config.databaseUrl === null ? undefined : keep(await openTables(options));
    const waits = early !== undefined || (await rowsAreWitness(options));
    const onSnapshotLost = (error: unknown): void => log.warn({ error }, 'snapshot not saved');
    const start = engine === 'THREAD' ? startEngine : openEngine;
    const { onFatal, acceptLoss = false } = options;
    const onNews = (kind: EngineNewsKind, says: string): void => log.warn({ kind, reason: says }, NEWS[kind]);
    const engineOptions = { config, clock, acceptLoss, onFatal, onSnapshotLost, onNews, onTrouble: troubleLog(log) };
    const { house, recovered, keepTime, connect } = await start(engineOptions);
    keep(house);
    log.info(recovered, 'house recovered');
    const { store, projector } = await openRows(options, house, { early, waits });
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
        onUnknown: (tables) =>
          log.warn({ tables }, 'tables without statistics are read from end to end until they are analyzed'),
        onProblem: (problem) => log.warn({ reason: problem }, 'read models are not looked after'),
      }),
    );
    return { house, store, projector, reader: createReader(store, projector), recovered, keepTime, connect, close };
  } catch (error) {
    return failed(error, close, log);
  }
}

const NEWS: Readonly<Record<EngineNewsKind, string>> = {
  LOSS_ACCEPTED,
  HEAD_NOT_WRITTEN: 'the head of the journal cannot be written to its file',
  SEGMENT_NOT_COMPRESSED: 'a file of the journal stays as it is, and is tried again',
};

/** Says when the house begins to turn commands away, and when it takes them again. */
const troubleLog =
  (log: Logger): NonNullable<EngineOptions['onTrouble']> =>
  (kind, trouble) =>
    trouble
      ? log.error({ kind, reason: trouble.says }, 'commands are turned away')
      : log.warn({ kind }, 'commands are taken again');

/** Says when a step of the wall clock is not taken, and what becomes of it. */
function clockLog(log: Logger, house: House): () => void {
  let told: number | undefined; // entry
  return () => {
    const { step, ahead } = house.status().clock;
    if (step?.entry === told) return;
    told = step?.entry;
    if (!step) log.warn({ aheadMs: ahead }, 'the wall clock is followed again');
    else
      log.error(
        { entry: step.entry, byMs: step.by },
        'the wall clock has stepped, and house time goes on without it: see acceptClockStep',
      );
  };
}
