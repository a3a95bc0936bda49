/**
 * What one reader of a stream is sent: what the message says, which is the same for all who asked the same, and where
 * it stands in the stream of this reader, which is its own.
 */

import type { Instant, Seq } from '../../units/quantity';
import { Slot } from '../scalar/slot';

export type Kind = 'EVENT' | 'STATE' | 'HEARTBEAT';

export interface Delivery {
  readonly kind: Kind;
  readonly seq: Seq;
  readonly at: Instant;
  /** What it is about, among messages of its kind and entry: those who asked the same are told the same. */
  readonly subject: string;
  /** The particulars of the message; made once, however many are sent it. */
  readonly says: () => object;
  // The reader's own:
  readonly cursor: string | null;
  readonly streamSeq: number;
}

export const NOTHING = (): object => ({});

/** What the reader fills in for itself. */
const OWN = { cursor: new Slot('cursor'), streamSeq: new Slot('streamSeq'), emittedAt: new Slot('emittedAt') };

/** The message as all who are sent it have it, with places left open for what is their own. */
export const messageOf = ({ kind, seq, at, says }: Delivery): object => ({ ...says(), kind, seq, at, ...OWN });

export const ownOf = ({ cursor, streamSeq }: Delivery, emittedAt: string): Record<keyof typeof OWN, string | null> => ({
  cursor,
  streamSeq: String(streamSeq),
  emittedAt,
});

export const identityOf = ({ kind, seq, at, subject }: Delivery): string => `${kind} ${seq} ${at} ${subject}`;
