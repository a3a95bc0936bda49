/**
 * Idempotency keys: a command sent again under its key while it is remembered is answered, not done.  DS-3, ruling 22
 */

import { sha256Words } from '../../units/hash';
import type { Print } from '../../units/places';
import { type Instant, instant, type Seq } from '../../units/quantity';
import { type Command, canonicalText } from '../message/command';
import type { Envelope } from '../message/envelope';
import type { State, View } from '../model/state';

/** An earlier entry under the same key, and whether its command had the same body. */
export interface Earlier {
  readonly seq: Seq;
  readonly sameBody: boolean;
}

export function earlierUnder(
  view: View,
  actor: string,
  key: string,
  command: Command,
  at: Instant,
): Earlier | undefined {
  const seen = view.remembered.find(printOfKey(actor, key), instant(at - view.retention.keys));
  if (!seen) return undefined;
  const body = printOfBody(command);
  return { seq: seen.seq, sameBody: body.every((word, i) => word === seen.facts[i]) };
}

export function rememberKey(state: State, { actor, key, command, seq, at }: Envelope): void {
  if (key !== null) {
    state.remembered.add({
      print: printOfKey(actor.id, key),
      holder: actor.id,
      at,
      seq,
      facts: [...printOfBody(command)],
    });
  }
  state.remembered.forget(instant(at - state.retention.keys));
}

/** Words of the hash of a body that are kept with its key. */
export const BODY_WORDS = 2;

const printOfKey = (actor: string, key: string): Print => sha256Words(`${actor}\n${key}`, 4);

/** What tells one body from another under the same key. A field that is null says no more than one that is absent. */
const printOfBody = (command: Command): Uint32Array => sha256Words(canonicalText(withoutNulls(command)), BODY_WORDS);

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (value === null || typeof value !== 'object') return value;
  const fields = Object.entries(value).filter(([, field]) => field !== null);
  return Object.fromEntries(fields.map(([name, field]) => [name, withoutNulls(field)]));
}
