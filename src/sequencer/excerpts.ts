/**
 * Excerpts of the house for questions that are tried out elsewhere. One is copied in one go, which takes a millisecond
 * or two; packing it, so that it can cross to another thread at once, goes on between commands.  Rule: RMR-4
 */

import { deserialize, serialize } from 'node:v8';
import type { Rejection } from '../core/message/rejection';
import type { View } from '../core/model/state';
import { excerptOf } from '../core/trial/excerpt';
import type { Asked, Excerpt } from '../core/trial/question';
import type { Instant, Seq } from '../units/quantity';
import { breathe, createSpell } from './spell';

/** An excerpt in pieces, or why there is none. */
export interface PackedExcerpt {
  readonly seq: Seq;
  readonly at: Instant;
  readonly rejection: Rejection | null;
  readonly pieces: readonly Uint8Array[]; // none without an excerpt
}

/** Items that are packed between two looks at the clock. */
const SOME = 50;

type Piece =
  | { readonly head: Omit<Excerpt, 'parts' | 'accounts'> }
  | { readonly part: string; readonly entries: readonly unknown[]; readonly isSet: boolean }
  | { readonly accounts: Excerpt['accounts'] };

export async function packedExcerpt(view: View, asked: Asked): Promise<PackedExcerpt> {
  const { seq, at, ...given } = excerptOf(view, asked);
  if (given.rejection) return { seq, at, rejection: given.rejection, pieces: [] };
  const pieces: Uint8Array[] = [];
  let spell = createSpell();
  for (const piece of piecesOf(given.excerpt)) {
    pieces.push(serialize(piece));
    if (!spell.over()) continue;
    await breathe();
    spell = createSpell();
  }
  return { seq, at, rejection: null, pieces };
}

function* piecesOf({ parts, accounts, ...head }: Excerpt): Generator<Piece> {
  yield { head };
  for (const [part, held] of Object.entries(parts)) {
    const isSet = held instanceof Set;
    for (const entries of portions([...(held as Iterable<unknown>)])) yield { part, entries, isSet };
  }
  for (const some of portions(accounts)) yield { accounts: some };
}

/** One at least, so that what is empty is there too. */
function* portions<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let from = 0; from === 0 || from < items.length; from += SOME) yield items.slice(from, from + SOME);
}

export function unpackedExcerpt(pieces: readonly Uint8Array[]): Excerpt {
  const parts: Record<string, Map<unknown, unknown> | Set<unknown>> = {};
  const accounts: Excerpt['accounts'][number][] = [];
  let head: object = {};
  for (const packed of pieces) {
    const piece = deserialize(packed) as Piece;
    if ('head' in piece) head = piece.head;
    else if ('accounts' in piece) accounts.push(...piece.accounts);
    else addTo(parts, piece);
  }
  return { ...head, parts, accounts } as unknown as Excerpt;
}

function addTo(
  parts: Record<string, Map<unknown, unknown> | Set<unknown>>,
  piece: Extract<Piece, { part: string }>,
): void {
  const held = parts[piece.part] ?? (piece.isSet ? new Set() : new Map());
  parts[piece.part] = held;
  for (const entry of piece.entries) {
    if (held instanceof Set) held.add(entry);
    else held.set(...(entry as [unknown, unknown]));
  }
}
