/** Entries of the journal as lines of text: JSON, the command as it was sent, the events as they were made. */

import { decodeEvent, encodeEvent } from '../core/message/codec';
import type { Entry, Outcome, Refusal } from '../core/message/envelope';
import type { Event } from '../core/message/event';
import type { Rejection } from '../core/message/rejection';
import { presentCommand, presentRejection } from '../core/message/renamed';
import { instant } from '../units/quantity';

export function encodeEntry({ seq, rules, at, actor, key, command, outcome }: Entry): string {
  const head = JSON.stringify({ seq, rules, at, actor, key, command });
  return `${head.slice(0, -1)},${encodeOutcome(outcome)}}`;
}

function encodeOutcome(outcome: Outcome): string {
  if ('rejection' in outcome) return `"rejection":${JSON.stringify(outcome.rejection)}`;
  const refusals = outcome.refusals ? `,"refusals":${JSON.stringify(outcome.refusals)}` : '';
  return `"events":[${outcome.events.map(encodeEvent).join(',')}]${refusals}`;
}

interface EntryJson extends Omit<Entry, 'outcome'> {
  readonly events?: readonly unknown[];
  readonly refusals?: readonly Refusal[];
  readonly rejection?: Rejection;
}

export function decodeEntry(text: string): Entry {
  const { seq, rules, at, actor, key, command, events, refusals, rejection } = JSON.parse(text) as EntryJson;
  const head = {
    seq,
    at: instant(at),
    actor,
    key,
    command: presentCommand(command),
    ...(rules === undefined ? {} : { rules }),
  };
  if (rejection) return { ...head, outcome: { rejection: presentRejection(command.type, rejection) } };
  const made = (events ?? []).map((event) => decodeEvent(event)) as Event[];
  return { ...head, outcome: refusals ? { events: made, refusals } : { events: made } };
}
