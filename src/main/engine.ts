/**
 * The engine of a house: its journal, what was recovered from it, the sequencer over both, snapshots now and then, and
 * its sense of time. It runs in whichever thread this is called in.
 */

import { MessageChannel, type MessagePort } from 'node:worker_threads';
import type { State } from '../core/model/state';
import { openFileJournal } from '../journal/file';
import { createFileSnapshots } from '../journal/fileSnapshots';
import type { Head } from '../journal/head';
import type { Journal, Snapshots } from '../journal/journal';
import { openPostgresJournal } from '../journal/postgres';
import type { JournalShortened } from '../journal/witness';
import { startTimekeeper, type Timekeeper } from '../scheduler/timekeeper';
import type { HouseClock } from '../sequencer/clock';
import type { House, Trouble } from '../sequencer/house';
import { recover, writeSnapshot } from '../sequencer/recover';
import { createSequencer } from '../sequencer/sequencer';
import { serveHouse } from '../sequencer/thread/serve';
import { tightenHouse } from '../store/private';
import { type Config, HOUSE_FILES, journalFolder, snapshotFolder } from './config';
import { type SpaceWatch, watchSpace } from './space';
import { type HeadKeeper, keepHead, settle, testimonyOf, witnessesOf } from './witnesses';

export interface Recovery {
  readonly entries: number; // in the journal
  readonly fromSnapshot: number; // entry of the snapshot used, 0 for none
  readonly applied: number; // entries applied after it
}

export interface Engine {
  readonly house: House; // closing it closes the engine
  readonly recovered: Recovery;
  /** From now on deadlines are met when the clock reaches them. */
  keepTime(): void;
  /** A port on which another thread can join the house, such as one that has nothing to do but to bring prices. */
  connect(): MessagePort;
}

export type EngineNewsKind = 'LOSS_ACCEPTED' | 'HEAD_NOT_WRITTEN' | 'SEGMENT_NOT_COMPRESSED';

export interface EngineOptions {
  readonly config: Config;
  readonly clock: HouseClock;
  // characters of committed entries kept in memory, where it is not what the configuration says
  readonly recentSize?: number;
  readonly onFatal: (error: unknown) => void; // the house has stopped
  readonly onSnapshotLost: (error: unknown) => void; // costs time at the next start, nothing else
  readonly acceptLoss?: boolean; // go on with a journal that is known to have lost entries
  readonly onNews?: (kind: EngineNewsKind, says: string) => void; // what whoever runs the house should read in the log
  // not every command is taken now, or it is again
  readonly onTrouble?: (kind: Trouble['kind'], trouble: Trouble | undefined) => void;
}

/**
 * At least so many times as long lies between two snapshots as one takes: a large house that is busy would do little
 * else.
 */
const SNAPSHOT_REST = 100;

export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { config, clock, recentSize, onFatal, onSnapshotLost, onTrouble } = options;
  const { journal, snapshots } = await openJournal(config);
  let space: SpaceWatch | undefined;
  let heads: HeadKeeper | undefined;
  try {
    heads = await openHeads(options, journal, snapshots);
    const { data: folder, minFree: least } = config;
    // What a database has left only its server knows.
    if (config.databaseUrl === null)
      space = await watchSpace({ folder, least, onChange: (low) => onTrouble?.('SPACE_LOW', low) });
    const { state, fromSnapshot, applied } = await recover(journal, snapshots);
    const recovered = { entries: state.seq, fromSnapshot, applied };
    if (config.compressSegments)
      journal.compress?.((path, error) => options.onNews?.('SEGMENT_NOT_COMPRESSED', `${path}: ${String(error)}`));
    const saveNowAndThen = snapshotKeeper({
      snapshots,
      journal,
      every: config.snapshotEvery,
      from: state.seq,
      onLost: onSnapshotLost,
    });
    const afterCommit = (after: State): void => {
      heads?.note(headOf(journal));
      saveNowAndThen(after);
    };
    const limits = { queueLimit: config.queueLimit, recentSize: recentSize ?? config.recentSize };
    const more = { ...limits, ...(space ? { space } : {}) };
    const room = { keys: config.mostKeys, trades: config.mostTrades };
    const onAway = (trouble: Trouble | undefined): void => onTrouble?.('JOURNAL_AWAY', trouble);
    const sequencer = createSequencer({
      state,
      journal,
      clock,
      room,
      onFatal,
      afterCommit,
      onTrouble: onAway,
      ...more,
    });
    let timekeeper: Timekeeper | undefined;
    const ends: (() => void)[] = [];
    const house: House = {
      ...sequencer,
      async close() {
        space?.stop();
        await timekeeper?.stop();
        await sequencer.close();
        await heads?.close();
        for (const end of ends) end();
      },
    };
    return {
      house,
      recovered,
      keepTime() {
        timekeeper ??= startTimekeeper(sequencer, clock, onFatal);
      },
      connect() {
        const { port1, port2 } = new MessageChannel();
        ends.push(serveHouse(port2, { house: sequencer, onError: onFatal }), () => port2.close());
        return port1;
      },
    };
  } catch (error) {
    space?.stop();
    await heads?.close();
    await journal.close();
    throw error;
  }
}

const headOf = ({ lastSeq: seq, lastHash: hash }: Journal): Head => ({ seq, hash });

/** Asks whoever knows what the journal has to hold, and keeps its head from now on. Throws JournalShortened. */
async function openHeads(options: EngineOptions, journal: Journal, snapshots: Snapshots): Promise<HeadKeeper> {
  const { config, acceptLoss = false } = options;
  const onAccepted = (loss: JournalShortened): void => options.onNews?.('LOSS_ACCEPTED', loss.message);
  const lost = await settle(testimonyOf(journal), await witnessesOf(config, snapshots), {
    config,
    acceptLoss,
    onAccepted,
  });
  const heads = await keepHead(config, (error) => options.onNews?.('HEAD_NOT_WRITTEN', String(error)));
  if (lost) {
    await snapshots.discardAfter(journal.lastSeq);
    await heads.reset(headOf(journal));
  } else heads.note(headOf(journal));
  return heads;
}

export async function openJournal(config: Config): Promise<{ journal: Journal; snapshots: Snapshots }> {
  if (config.databaseUrl !== null) {
    const journal = await openPostgresJournal({ url: config.databaseUrl });
    return { journal, snapshots: journal.snapshots };
  }
  const journal = await openFileJournal({ folder: journalFolder(config.data), segmentBytes: config.segmentBytes });
  // By then the folder is ours.
  tightenHouse(config.data, HOUSE_FILES);
  return {
    journal,
    snapshots: createFileSnapshots(snapshotFolder(config.data)),
  };
}

interface SnapshotKeeping {
  readonly snapshots: Snapshots;
  readonly journal: Journal;
  readonly every: number; // entries from one to the next: what a restart replays at most, give or take
  readonly from: number; // entry of the last one
  readonly onLost: (error: unknown) => void;
}

/** Saves a snapshot every so many entries, one at a time. */
function snapshotKeeper({ snapshots, journal, every, from, onLost }: SnapshotKeeping): (state: State) => void {
  let last = from;
  let saving = false;
  let notBefore = 0;
  return (state) => {
    const began = performance.now();
    if (saving || state.seq - last < every || began < notBefore) return;
    saving = true;
    last = state.seq;
    const snapshot = writeSnapshot(state, journal.lastHash);
    const taken = performance.now() - began; // what the house stood still for
    notBefore = performance.now() + SNAPSHOT_REST * taken;
    snapshot
      .then((written) => snapshots.save(written))
      .catch(onLost)
      .finally(() => {
        saving = false;
      });
  };
}
