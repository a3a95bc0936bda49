/** What resolvers work with: who calls, the house, and the one snapshot the operation reads. */

import type { Actor } from '../../core/model/actor';
import type { Reader } from '../../projections/reading/reader';
import type { ManualClock } from '../../sequencer/clock';
import type { House } from '../../sequencer/house';
import type { Seq } from '../../units/quantity';
import type { KeyRegistry } from '../access/keys';
import { type Sight, sightOf } from '../access/sight';
import type { Directory } from '../live/directory';
import type { Looks } from '../live/looks';
import type { Pulse } from '../live/pulse';
import type { Amounts } from './amounts';
import { hasEnded, type OpenReading, openReading, type Reading } from './reading';

/** What all operations share. */
export interface Services {
  readonly house: House;
  readonly reader: Reader;
  readonly keys: KeyRegistry;
  readonly directory: Directory;
  readonly amounts: Amounts;
  readonly pulse: Pulse;
  readonly looks: Looks;
  readonly clock: ManualClock | null; // where time is moved by hand
  readonly limits: StreamLimits;
}

export interface StreamLimits {
  readonly heartbeatMs: number;
  readonly resumeEntries: number; // how far back a stream may be resumed
  readonly lagEntries: number; // how far behind a stream may fall
  readonly healthIntervalMs: number; // between two looks at the same accounts
}

export interface Context {
  readonly actor: Actor;
  readonly sight: Sight;
  readonly services: Services;
  /** Resolves when whoever calls may go on working; missing where nobody else waits for it. */
  readonly turn?: () => Promise<void>;
  /**
   * The answer is not to be as of an entry before this one. The server copies contexts: a field that is set would be
   * lost.
   */
  notBefore(seq: Seq): void;
  /** The entry before which no answer may be. */
  oldest(): Seq;
  read(): Promise<Reading>;
  /** Ends the snapshot held, so that the next read sees at least this entry. */
  readAfter(seq: Seq): Promise<void>;
  close(): Promise<void>;
}

/** How much at a time a caller may do. */
export interface Pace {
  turn(): Promise<void>;
  /** Resolves with how to let go, when it may hold another snapshot. */
  beginReading(): Promise<() => void>;
}

export function createContext(services: Services, actor: Actor, pace?: Pace): Context {
  let open: OpenReading | undefined;
  let closed = false;
  let atLeast = 0;
  const close = async (): Promise<void> => {
    const held = open;
    open = undefined;
    await held?.close();
  };
  return {
    actor,
    sight: sightOf(actor),
    services,
    ...(pace ? { turn: pace.turn } : {}),
    notBefore(seq) {
      atLeast = Math.max(atLeast, seq);
    },
    oldest: () => atLeast,
    read() {
      if (closed) return Promise.reject(hasEnded());
      open ??= openReading(services.house, services.reader, atLeast, pace?.beginReading);
      return open.reading;
    },
    async readAfter(seq) {
      await close();
      atLeast = Math.max(atLeast, seq);
    },
    async close() {
      closed = true;
      await close();
    },
  };
}
