/**
 * Compresses the closed segments of an open journal, one at a time and without haste: the house has better things to
 * do.
 */

import { packSegment } from './packSegment';
import type { Segment } from './segmentFolder';

/** Hears of a segment that stays as it is for now. It costs space, nothing else. */
export type OnUnpacked = (path: string, error: unknown) => void;

export interface Packer {
  /** There may be something to do. */
  wake(): void;
  /** Stops in the middle of a segment, which stays as it was. */
  close(): Promise<void>;
}

/** A tenth of a core is what it takes: after each mebibyte it rests so many times as long as that took. */
const RESTS = 9;

/** After a failure, such as a full disk, it is tried again when so much time has passed. */
const RETRY_MS = 60_000;

/** What ends the work on a segment when the journal is closed. */
class Closed extends Error {}

/** The last of the segments is written to, and left alone. */
export function startPacker(segments: readonly Segment[], onProblem: OnUnpacked): Packer {
  const notBefore = new Map<Segment, number>(); // of those that could not be compressed
  let closed = false;
  let working: Promise<void> | undefined;
  let retry: NodeJS.Timeout | undefined;
  let endRest = (): void => undefined;

  const rest = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms).unref();
      endRest = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  /** The rests of one segment. */
  function paced(): () => Promise<void> {
    let began: number | undefined;
    return async () => {
      if (began !== undefined && !closed) await rest(RESTS * (performance.now() - began));
      if (closed) throw new Closed();
      began = performance.now();
    };
  }

  const next = (): Segment | undefined =>
    segments.slice(0, -1).find((segment) => !segment.packed && (notBefore.get(segment) ?? 0) <= performance.now());

  async function work(): Promise<void> {
    await null; // so that it never ends before it is known as the work that is going on
    for (let segment = next(); segment && !closed; segment = next()) {
      const { path } = segment;
      try {
        await packSegment(segment, paced());
        notBefore.delete(segment);
      } catch (error) {
        if (error instanceof Closed) break;
        if (!notBefore.has(segment)) onProblem(path, error);
        notBefore.set(segment, performance.now() + RETRY_MS);
        clearTimeout(retry);
        retry = setTimeout(wake, RETRY_MS + 1).unref();
      }
    }
    working = undefined;
  }

  function wake(): void {
    if (!closed) working ??= work();
  }

  wake();
  return {
    wake,
    async close() {
      closed = true;
      clearTimeout(retry);
      endRest();
      await working;
    },
  };
}
