/**
 * A stream of committed events: it pulls from the journal as fast as its reader takes them, and holds nothing for those
 * who are slow. It resumes after any event with nothing lost and nothing twice; who falls too far behind is told where
 * to go on, never skipped.  Rules: B1-2, X-7
 */

import type { GraphQLError } from 'graphql';
import type { Entry } from '../../core/message/envelope';
import { eventsOf } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import type { House } from '../../sequencer/house';
import { badInput, problem } from '../error/problem';
import type { Pulse } from '../live/pulse';
import type { StreamLimits } from '../reading/context';
import { type Position, sealPosition } from './cursor';
import { type Delivery, NOTHING } from './delivery';

export interface Source {
  readonly house: House;
  readonly pulse: Pulse;
  readonly limits: StreamLimits;
}

/** What a stream says of an event; nothing where the event is not of it. What is said is made when somebody is told. */
export type Pick<Item extends object> = (event: Event, entry: Entry) => (() => Item) | undefined;

/** Errors: BAD_USER_INPUT, RESUME_GAP. */
export function checkResume({ pulse, limits }: Source, mark: string, { after, done }: Position): void {
  const known = done > 0 ? after + 1 : after;
  if (known > pulse.seq) throw badInput('This cursor is of another journal: it lies ahead of this one.');
  const oldest = pulse.seq - limits.resumeEntries;
  if (after >= oldest) return;
  const oldestCursor = sealPosition(mark, { after: oldest, done: 0, count: 0 });
  throw problem('RESUME_GAP', 'What followed on this cursor is no longer streamed.', { oldestCursor });
}

/** Ends with SUBSCRIPTION_LAGGED where the reader is too slow. */
export async function* follow<Item extends object>(
  source: Source,
  mark: string,
  start: Position,
  pick: Pick<Item>,
  stopped: AbortSignal,
): AsyncGenerator<Delivery> {
  const { house, pulse, limits } = source;
  // A stream that is resumed begins behind; it may not fall further.
  const allowed = Math.max(limits.lagEntries, pulse.seq - start.after);
  const topic = pulse.join(mark, (entry) => eventsOf(entry.outcome).some((event) => pick(event, entry) !== undefined));
  let position = start;
  let beat = Date.now();
  try {
    while (!stopped.aborted && !pulse.stopped) {
      // What is not worth reading is passed over without being read.
      if (!topic.hasMore(position.after))
        position = { ...position, after: Math.max(position.after, pulse.seq), done: 0 };
      else
        for await (const { entry } of house.read(position.after)) {
          const events = eventsOf(entry.outcome);
          for (let i = position.done; i < events.length; i++) {
            position = { ...position, done: i + 1 };
            const says = pick(events[i] as Event, entry);
            if (says === undefined) continue;
            position = { ...position, count: position.count + 1 };
            const { seq, at } = entry;
            yield {
              kind: 'EVENT',
              seq,
              at,
              subject: String(i),
              says,
              cursor: sealPosition(mark, position),
              streamSeq: position.count,
            };
            beat = Date.now();
            if (pulse.seq - position.after > allowed) throw lagged(mark, position);
          }
          position = { ...position, after: entry.seq, done: 0 };
          if (stopped.aborted) return;
          if (Date.now() - beat >= limits.heartbeatMs) break;
        }
      const left = limits.heartbeatMs - (Date.now() - beat);
      if (left > 0) {
        await topic.next(position.after, left, stopped);
        continue;
      }
      const { after: seq, count } = position;
      const cursor = sealPosition(mark, position);
      yield { kind: 'HEARTBEAT', seq, at: house.status().now, subject: '', says: NOTHING, cursor, streamSeq: count };
      beat = Date.now();
    }
  } finally {
    topic.leave();
  }
}

const lagged = (mark: string, position: Position): GraphQLError =>
  problem('SUBSCRIPTION_LAGGED', 'This stream was read too slowly.', { resumeFrom: sealPosition(mark, position) });
