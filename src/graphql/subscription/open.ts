/** Opens a stream: from now, behind a cursor, or behind the state it sends first. */

import type { Instant, Seq } from '../../units/quantity';
import { badInput } from '../error/problem';
import type { Context } from '../reading/context';
import type { Reading } from '../reading/reading';
import { openPosition, type Position, sealPosition, streamMark } from './cursor';
import { type Delivery, NOTHING } from './delivery';
import type { StreamArgs } from './message';
import { checkResume, follow, type Pick } from './stream';

export interface StreamPlan<Item extends object> {
  readonly name: string; // the subscription's
  readonly filter: object; // what it filters by: part of its identity
  readonly pick: Pick<Item>;
  readonly start?: Seq | null; // begin behind this entry, where nothing else is said
  /** How things stand, one message an item. */
  readonly state: (reading: Reading) => Promise<readonly Item[]>;
}

/** Errors: BAD_USER_INPUT, RESUME_GAP. */
export async function openStream<Item extends object>(
  context: Context,
  args: StreamArgs,
  plan: StreamPlan<Item>,
): Promise<AsyncIterableIterator<Delivery>> {
  const { services, sight } = context;
  const mark = streamMark(plan.name, [plan.filter, sight]);
  checkBeginning(args);
  const state = args.snapshot ? await readState(context, plan) : undefined;
  const start = state
    ? startAt(state.seq)
    : args.after === null
      ? startAt(plan.start ?? services.pulse.seq)
      : openPosition(mark, args.after);
  checkResume(services, mark, start);
  return stoppable((stopped) => messages(context, mark, start, plan, state, stopped));
}

/** Errors: BAD_USER_INPUT. */
export function checkBeginning({ after, snapshot }: StreamArgs): void {
  if (after !== null && snapshot) throw badInput('A stream begins behind a cursor or with a snapshot, not with both.');
}

const startAt = (seq: Seq): Position => ({ after: seq, done: 0, count: 0 });

interface State<Item> {
  readonly seq: Seq;
  readonly at: Instant;
  readonly items: readonly Item[];
}

async function readState<Item extends object>(context: Context, { state }: StreamPlan<Item>): Promise<State<Item>> {
  try {
    const reading = await context.read();
    return { seq: reading.seq, at: reading.at, items: await state(reading) };
  } finally {
    await context.readAfter(0);
  }
}

async function* messages<Item extends object>(
  { services }: Context,
  mark: string,
  start: Position,
  plan: StreamPlan<Item>,
  state: State<Item> | undefined,
  stopped: AbortSignal,
): AsyncGenerator<Delivery> {
  if (state) {
    const { seq, at, items } = state;
    for (const [i, item] of items.entries())
      yield { kind: 'STATE', seq, at, subject: String(i), says: () => item, cursor: null, streamSeq: 0 };
    yield { kind: 'HEARTBEAT', seq, at, subject: '', says: NOTHING, cursor: sealPosition(mark, start), streamSeq: 0 };
  }
  yield* follow(services, mark, start, plan.pick, stopped);
}

/** An iterator that ends at once when it is told to, also while it waits for the next thing to happen. */
export function stoppable<T>(begin: (stopped: AbortSignal) => AsyncGenerator<T>): AsyncIterableIterator<T> {
  const abort = new AbortController();
  const generator = begin(abort.signal);
  return {
    next: () => generator.next(),
    return(value) {
      abort.abort();
      return generator.return(value);
    },
    throw(error) {
      abort.abort();
      return generator.throw(error);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
