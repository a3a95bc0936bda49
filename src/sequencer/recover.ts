/** Start is recovery: the newest snapshot that holds, then every entry of the journal after it. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deserialize, serialize } from 'node:v8';
import { gunzipSync, gzip } from 'node:zlib';
import { audit } from '../core/engine/audit';
import { digestOf } from '../core/engine/digest';
import { applyEntry, armWatch, execute } from '../core/engine/execute';
import { createState } from '../core/engine/genesis';
import { RULES } from '../core/engine/rules';
import { restoreState, type SavedState, saveState } from '../core/engine/snapshot';
import { auditQuiet } from '../core/engine/survey';
import type { Entry } from '../core/message/envelope';
import type { State } from '../core/model/state';
import type { Journal, SavedSnapshot, Snapshots } from '../journal/journal';
import { known } from '../units/failure';
import type { Seq } from '../units/quantity';
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
  for await (const { text } of journal.read(state.seq + 1)) applyKnown(state, decodeEntry(text));
  return { state, fromSnapshot, applied: state.seq - fromSnapshot };
}

/** Entries that were written under rules that this program does not have: it would go on by others. */
export class RulesUnknown extends Error {
  override readonly name = 'RulesUnknown';
  constructor(seq: number, rules: number) {
    super(
      `Entry ${seq} was written under rules ${rules}, and this program has rules ${RULES}: ` +
        'start the version that wrote it, or go back to a copy of the house from before it (docs/operating.md)',
    );
  }
}

/** Applies an entry of rules that the program has. Throws RulesUnknown. */
function applyKnown(state: State, entry: Entry): void {
  const rules = entry.rules ?? state.rules;
  if (rules > RULES) throw new RulesUnknown(entry.seq, rules);
  applyEntry(state, entry);
}

/** Version of the form in which states are saved: another one is not read, and the journal is replayed instead. */
const FORM = 9;

/**
 * The state as it is at the call, with the hash of its last entry; only the packing happens beside what the house does
 * next.
 */
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
  readonly spans: readonly RuledSpan[]; // entries in a row that were written under the same rules
}

export interface RuledSpan {
  readonly rules: number;
  readonly from: Seq; // first entry
  readonly to: Seq; // last
  readonly executed: boolean; // else applied: these are not the rules of this program
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
 * Executes again every command that was written under the rules of this program and compares: the same events, entry by
 * entry, and the same digest as a state built by applying the recorded events. What was written under earlier rules is
 * applied alone: it has its place in the chain, its transfers are made, and everything adds up where it ends. Last
 * every account is revalued in integers, and compared with what the watch over prices vouches for.
 * Throws ReplayDiffers, RulesUnknown, InvariantViolation.  Rules: DS-1, LE-2, RLM-2, ruling 24
 */
export async function verify(journal: Journal): Promise<Verified> {
  const applied = createState();
  const spans: RuledSpan[] = [];
  let executed: State | undefined;
  for await (const { seq, text } of journal.read(1)) {
    const entry: Entry = decodeEntry(text);
    const rules = entry.rules ?? applied.rules;
    if (rules === RULES) {
      executed ??= await twinOf(applied);
      const again = encodeEntry({ ...entry, outcome: execute(executed, entry) });
      // What was written under old names comes out under those of today.
      if (again !== text && again !== encodeEntry(entry)) throw new ReplayDiffers(seq, text, again);
    }
    applyKnown(applied, entry);
    const from = spans.at(-1)?.rules === rules ? spans.pop()?.from : seq;
    spans.push({ rules, from: from ?? seq, to: seq, executed: rules === RULES });
  }
  const [digest, last] = [digestOf(applied), executed ?? applied];
  if (executed && digestOf(executed) !== digest) throw new ReplayDiffers(applied.seq, digest, digestOf(executed));
  audit(last);
  armWatch(last);
  return { entries: last.seq, digest, accounts: auditQuiet(last, { exact: true }), spans };
}

/** A state at the border between rules, and another that is the same. That everything adds up there is seen first. */
async function twinOf(state: State): Promise<State> {
  if (state.seq === 0) return createState();
  audit(state);
  return known(readSnapshot(await writeSnapshot(state)), 'The state at the border of the rules', String(state.seq));
}
