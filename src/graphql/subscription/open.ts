/** Opens a stream: from now, behind a cursor, or behind the state it sends first. */

import type { Seq } from '../../units/quantity';
import type { Context } from '../context';
import { badInput } from '../error/problem';
import type { Reading } from '../reading/reading';
import { openPosition, type Position, sealPosition, streamMark } from './cursor';
import type { StreamArgs, StreamMessage } from './message';
import { checkResume, type Emission, follow, type Pick } from './stream';

export interface StreamPlan<Item extends object> {
  readonly name: string; // the subscription's
  readonly filter: object; // what it filters by: part of its identity
  readonly pick: Pick<Item>;
  readonly start?: Seq | null; // begin behind this entry, where nothing else is said
  /** How things stand, one message an item. */
  readonly state: (reading: Reading) => Promise<readonly Item[]>;
}

export type Message<Item> = StreamMessage & Partial<Item>;

/** Errors: BAD_USER_INPUT, RESUME_GAP. */
export async function openStream<Item extends object>(
  context: Context,
  { after, snapshot }: StreamArgs,
  plan: StreamPlan<Item>,
): Promise<AsyncIterableIterator<Message<Item>>> {
  if (after !== null && snapshot) throw badInput('A stream begins behind a cursor or with a snapshot, not with both.');
  const { services, sight } = context;
  const mark = streamMark(plan.name, [plan.filter, sight]);
  const state = snapshot ? await readState(context, plan) : undefined;
  const start = state ? startAt(state.seq) : after === null ? startAt(plan.start ?? services.pulse.seq) : openPosition(mark, after);
  checkResume(services, mark, start);
  return stoppable((stopped) => messages(context, mark, start, plan, state, stopped));
}

const startAt = (seq: Seq): Position => ({ after: seq, done: 0, count: 0 });

interface State<Item> {
  readonly seq: number;
  readonly at: number;
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
): AsyncGenerator<Message<Item>> {
  if (state) {
    const { seq, at } = state;
    for (const item of state.items) yield { ...item, kind: 'STATE', cursor: null, seq, streamSeq: 0, at, emittedAt: Date.now() };
    yield { ...emptyOf<Item>(), kind: 'HEARTBEAT', cursor: sealPosition(mark, start), seq, streamSeq: 0, at, emittedAt: Date.now() };
  }
  for await (const emission of follow(services, mark, start, plan.pick, stopped)) yield messageOf(mark, emission);
}

const emptyOf = <Item>(): Partial<Item> => ({});

function messageOf<Item extends object>(mark: string, emission: Emission<Item>): Message<Item> {
  const { kind, position, seq, at } = emission;
  const item: Partial<Item> = kind === 'EVENT' ? emission.item : {};
  return { ...item, kind, cursor: sealPosition(mark, position), seq, streamSeq: position.count, at, emittedAt: Date.now() };
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
