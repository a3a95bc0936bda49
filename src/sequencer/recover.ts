/** Start is recovery: the newest snapshot that holds, then every entry of the journal after it. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzip } from 'node:zlib';
import { digestOf } from '../core/engine/digest';
import { applyEntry, armWatch, execute } from '../core/engine/execute';
import { createState } from '../core/engine/genesis';
import { restoreState, type SavedState, saveState } from '../core/engine/snapshot';
import { auditQuiet } from '../core/engine/survey';
import type { Entry } from '../core/message/envelope';
import type { State } from '../core/model/state';
import type { Journal, SavedSnapshot, Snapshots } from '../journal/journal';
import { decodeEntry, encodeEntry } from './entryText';

export interface Recovered {
  readonly state: State;
  readonly fromSnapshot: number; // entry of the snapshot used, 0 for none
  readonly applied: number; // entries applied after it
}

export async function recover(journal: Journal, snapshots?: Snapshots): Promise<Recovered> {
  const saved = await snapshots?.latest(journal.lastSeq);
  const restored = saved && readSnapshot(saved);
  const state = restored ?? createState();
  const fromSnapshot = state.seq;
  for await (const { text } of journal.read(state.seq + 1)) applyEntry(state, decodeEntry(text));
  return { state, fromSnapshot, applied: state.seq - fromSnapshot };
}

/** Version of the form in which states are saved: another one is not read, and the journal is replayed instead. */
const FORM = 6;

/** The state as it is at the call, with the hash of its last entry; only the packing happens beside what the house does next. */
export async function writeSnapshot(state: State, hash?: string): Promise<SavedSnapshot> {
  const { seq } = state;
  const plain = serialize({ form: FORM, state: saveState(state) });
  const bytes = await promisify(gzip)(plain, { level: 1 });
  return { seq, digest: [digestOfBytes(bytes), ...(hash === undefined ? [] : [hash])].join(' '), bytes };
}

/** Adding up the state itself would take as long as replaying it; its bytes are what can go wrong. */
const digestOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Hash of the entry that a snapshot is of; earlier versions did not note it. */
export const hashOfSnapshot = ({ digest }: SavedSnapshot): string | null => digest.split(' ')[1] ?? null;

/** The state of a snapshot, or nothing if it is of another form or not what its digest says. */
export function readSnapshot({ bytes, digest }: SavedSnapshot): State | undefined {
  try {
    if (digestOfBytes(bytes) !== digest.split(' ')[0]) return undefined;
    const { form, state: saved } = deserialize(gunzipSync(bytes)) as { form: number; state: SavedState };
    if (form !== FORM) return undefined;
    return restoreState(saved);
  } catch {
    return undefined;
  }
}

export interface Verified {
  readonly entries: number;
  readonly digest: string;
  readonly accounts: number; // revalued at the end: none was to be acted on unnoticed
}

/** An entry whose commands, executed again, gave something else. */
export class ReplayDiffers extends Error {
  override readonly name = 'ReplayDiffers';
  constructor(
    readonly seq: number,
    readonly recorded: string,
    readonly executed: string,
  ) {
    super(`Entry ${seq} gives other events when it is executed again`);
  }
}

/**
 * Executes every command of the journal again from nothing and compares: the same events, entry by entry, and the same
 * digest as a state built by applying the recorded events. In the end every account is revalued in integers, and compared
 * with what the watch over prices vouches for. Throws ReplayDiffers, InvariantViolation.  Rules: DS-1, LE-2, RLM-2
 */
export async function verify(journal: Journal): Promise<Verified> {
  const executed = createState();
  const applied = createState();
  for await (const { seq, text } of journal.read(1)) {
    const entry: Entry = decodeEntry(text);
    const again = encodeEntry({ ...entry, outcome: execute(executed, entry) });
    if (again !== text) throw new ReplayDiffers(seq, text, again);
    applyEntry(applied, entry);
  }
  const digest = digestOf(executed);
  if (digest !== digestOf(applied)) throw new ReplayDiffers(executed.seq, digestOf(applied), digest);
  armWatch(executed);
  return { entries: executed.seq, digest, accounts: auditQuiet(executed, { exact: true }) };
}
