/** Everybody who knows what the journal of this house has to hold, and what becomes of a loss that is accepted. */

import { existsSync } from 'node:fs';
import { type Head, openHeadFile, readHead, textOfHead } from '../journal/head';
import type { Journal, Snapshots } from '../journal/journal';
import { fileLosses, type Losses, postgresLosses } from '../journal/losses';
import { expectWhole, JournalShortened, type Testimony, type Witness } from '../journal/witness';
import { readCheckpoint } from '../projections/commit/checkpoint';
import type { House } from '../sequencer/house';
import { hashOfSnapshot } from '../sequencer/recover';
import { openEmbedded, openPostgres, type Store } from '../store/client';
import { type Config, headPath, lossesPath, projectionFolder, rowsHeadPath } from './config';

/** Files in which the head of the journal is kept. */
export const headPathsOf = ({ data, databaseUrl, headFile }: Config): string[] => [
  ...(databaseUrl === null ? [headPath(data), rowsHeadPath(data)] : []),
  ...(headFile === null ? [] : [headFile]),
];

export const lossesOf = ({ data, databaseUrl }: Config): Losses =>
  databaseUrl === null ? fileLosses(lossesPath(data)) : postgresLosses(databaseUrl);

/** Who can be asked before the house is there: the files with its head, and the newest snapshot. */
export async function witnessesOf(config: Config, snapshots: Snapshots): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  for (const path of headPathsOf(config)) {
    const head = await readHead(path);
    if (head) witnesses.push({ name: path, ...head });
  }
  const newest = await snapshots.latest(Number.MAX_SAFE_INTEGER);
  if (newest)
    witnesses.push({ name: `the snapshot of entry ${newest.seq}`, seq: newest.seq, hash: hashOfSnapshot(newest) });
  return witnesses;
}

/** The read models know the last entry that is in them. */
export async function witnessOfRows(store: Pick<Store, 'transaction'>): Promise<Witness[]> {
  const { seq, hash } = await store.transaction(readCheckpoint);
  return seq === 0 ? [] : [{ name: 'the table of read models', seq, hash }];
}

/** The same for whoever has no house open. Read models that cannot be read are no witness. */
export async function witnessOfClosedRows({ data, databaseUrl }: Config): Promise<Witness[]> {
  const folder = projectionFolder(data);
  if (databaseUrl === null && !existsSync(folder)) return [];
  try {
    const store = databaseUrl === null ? await openEmbedded(folder) : await openPostgres(databaseUrl);
    try {
      return await witnessOfRows(store);
    } finally {
      await store.close();
    }
  } catch {
    return [];
  }
}

export const testimonyOf = (journal: Pick<Journal, 'lastSeq' | 'lastHash' | 'read'>): Testimony => ({
  end: { seq: journal.lastSeq, hash: journal.lastHash },
  async hashOf(seq) {
    for await (const { hash } of journal.read(seq)) return hash;
    return undefined;
  },
});

export function testimonyOfHouse(house: House): Testimony {
  const { seq, hash } = house.status();
  return {
    end: { seq, hash },
    async hashOf(asked) {
      for await (const committed of house.read(asked - 1)) return committed.hash;
      return undefined;
    },
  };
}

export interface Settling {
  readonly config: Config;
  readonly acceptLoss: boolean;
  readonly onAccepted: (loss: JournalShortened) => void;
}

/**
 * Throws JournalShortened where a witness speaks against the journal, unless losses are accepted: then it is recorded,
 * for good and before anything else, and says whether there was one.
 */
export async function settle(journal: Testimony, witnesses: readonly Witness[], settling: Settling): Promise<boolean> {
  try {
    await expectWhole(journal, witnesses);
    return false;
  } catch (error) {
    if (!(error instanceof JournalShortened && settling.acceptLoss)) throw error;
    const names = error.witnesses.map(({ name, seq }) => `${name}: ${seq}`);
    const loss = { at: new Date().toISOString(), ...error.lost, head: textOfHead(journal.end), witnesses: names };
    await lossesOf(settling.config).record(loss);
    settling.onAccepted(error);
    return true;
  }
}

export interface HeadKeeper {
  note(head: Head): void;
  reset(head: Head): Promise<void>;
  close(): Promise<void>;
}

/** Keeps the head in all its files. */
export async function keepHead(config: Config, onProblem: (error: unknown) => void): Promise<HeadKeeper> {
  const files = await Promise.all(
    headPathsOf(config).map((path) => openHeadFile(path, { near: path !== config.headFile, onProblem })),
  );
  return {
    note(head) {
      for (const file of files) file.note(head);
    },
    reset: async (head) => void (await Promise.all(files.map((file) => file.reset(head)))),
    close: async () => void (await Promise.all(files.map((file) => file.close()))),
  };
}
