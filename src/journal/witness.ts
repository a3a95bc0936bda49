/**
 * Who else knows what a journal has to hold: a snapshot, the read models, a file with its head. A journal that was cut
 * short chains as well as a whole one; only a witness can tell.  Rules: DS-3, DS-4
 */

import type { Seq } from '../units/quantity';
import type { Head } from './head';

export interface Witness {
  readonly name: string; // as the operator knows it: "the snapshot of entry 40000"
  readonly seq: Seq; // an entry that it knows
  readonly hash: string | null; // of that entry; null: it knows the number only
}

/** What is asked of a journal, wherever it runs. */
export interface Testimony {
  readonly end: Head;
  /** Hash of an entry that is not past the end. */
  hashOf(seq: Seq): Promise<string | undefined>;
}

/** Entries that somebody knows are not in the journal, or are others. */
export class JournalShortened extends Error {
  override readonly name = 'JournalShortened';
  constructor(
    readonly lastSeq: Seq, // that the journal can be believed to
    readonly lost: { readonly from: Seq; readonly to: Seq },
    readonly witnesses: readonly Witness[],
  ) {
    const known = witnesses.map(({ name, seq }) => `${name} knows entry ${seq}`).join(', ');
    super(
      `The journal ends with entry ${lastSeq}, but ${known}. Entries ${lost.from} to ${lost.to} are lost or replaced. ` +
        'Restore the journal from its backup; --accept-loss goes on without them.',
    );
  }
}

/** Throws JournalShortened where a witness knows an entry that the journal does not have as it was. */
export async function expectWhole(journal: Testimony, witnesses: readonly Witness[]): Promise<void> {
  const { end } = journal;
  const against: Witness[] = [];
  for (const witness of witnesses) if (await contradicts(witness, journal)) against.push(witness);
  if (against.length === 0) return;
  const last = Math.max(...against.map(({ seq }) => seq));
  const first = Math.min(...against.map(({ seq }) => seq));
  throw new JournalShortened(end.seq, { from: Math.min(first, end.seq + 1), to: last }, against);
}

async function contradicts({ seq, hash }: Witness, { end, hashOf }: Testimony): Promise<boolean> {
  if (seq > end.seq) return true;
  if (seq === 0 || hash === null) return false;
  return (seq === end.seq ? end.hash : await hashOf(seq)) !== hash;
}
