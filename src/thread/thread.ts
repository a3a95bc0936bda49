/** Threads of the program: a file of it that runs beside the main thread, behind a line. */

import { extname, join } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import type { Kinds } from './failure';
import { type Functions, type Line, openLine } from './line';
import { forgetMemoryOf, memoryRoom, reportMemory } from './memory';

export interface Thread<There extends Functions<There>> extends Line<There> {
  /** Ends it, whatever it is doing. */
  end(): Promise<void>;
}

export interface ThreadOptions<Here extends Functions<Here>> {
  readonly name: string;
  readonly here: Here; // what the thread may call
  readonly kinds: Kinds;
  readonly youngMb?: number; // room for what is new, in each half of it: more is collected less often
  /** It ended without having been asked to. Whoever waits for an answer is told the same. */
  readonly onLost: (error: Error) => void;
}

/** A thread ended that should not have. */
export class ThreadLost extends Error {
  override readonly name = 'ThreadLost';
}

/** What a thread is started with. */
interface Given {
  readonly memory: SharedArrayBuffer;
}

const SOURCE = '.ts';

/**
 * From source, as tests run it, a thread needs what they load TypeScript with; what is built inherits what the program
 * was given.
 */
const LOADER = { execArgv: ['--require', join(__dirname, '..', '..', 'scripts', 'typescript.cjs')] };

/** Starts the file of this path, given without its ending. */
export function startThread<There extends Functions<There>, Here extends Functions<Here>>(
  path: string,
  { name, here, kinds, youngMb, onLost }: ThreadOptions<Here>,
): Thread<There> {
  const ending = extname(__filename);
  const worker = new Worker(`${path}${ending}`, {
    name,
    workerData: { memory: memoryRoom(name) } satisfies Given,
    // A thread is given less memory than the program by itself; what it holds is as large.
    resourceLimits: {
      maxOldGenerationSizeMb: Math.floor(getHeapStatistics().heap_size_limit / 2 ** 20),
      // The machine counts both halves, and one more for what is being moved.
      ...(youngMb === undefined ? {} : { maxYoungGenerationSizeMb: 3 * youngMb }),
    },
    ...(ending === SOURCE ? LOADER : {}),
  });
  const line = openLine<There, Here>(worker, here, kinds);
  let ended = false;

  function lost(why: string, cause?: unknown): void {
    if (ended) return;
    ended = true;
    forgetMemoryOf(name);
    const error = new ThreadLost(`The ${name} thread has ended: ${why}`, { cause });
    line.cut(error);
    onLost(error);
  }
  worker.on('error', (error: unknown) => lost(error instanceof Error ? error.message : String(error), error));
  worker.on('exit', (code) => lost(`exit code ${code}`));

  return {
    ...line,
    async end() {
      ended = true;
      forgetMemoryOf(name);
      line.cut(new ThreadLost(`The ${name} thread is closed`));
      await worker.terminate();
    },
  };
}

/** The line of a thread to whoever started it. */
export function lineOut<There extends Functions<There>, Here extends Functions<Here>>(
  here: Here,
  kinds: Kinds,
): Line<There> {
  if (!parentPort) throw new ThreadLost('This file runs in a thread of its own');
  reportMemory((workerData as Given).memory);
  return openLine<There, Here>(parentPort, here, kinds);
}
