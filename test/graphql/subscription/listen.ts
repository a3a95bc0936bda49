/** Listens to subscriptions for tests: keeps what comes, and waits for what is to come, never without end. */

import type { Client, SubscribePayload } from 'graphql-ws';

/** What every message of a stream has, and what the test selected besides. */
export type Message<Fields = Record<string, unknown>> = {
  readonly kind: 'EVENT' | 'STATE' | 'HEARTBEAT';
  readonly cursor: string;
  readonly seq: string;
  readonly streamSeq: string;
  readonly at: string;
  readonly emittedAt: string;
} & Fields;

export interface StreamError {
  readonly message: string;
  readonly extensions: Record<string, unknown> & { readonly code: string };
}

export interface Listener<Fields> {
  readonly all: readonly Message<Fields>[];
  /** The events among them. */
  readonly events: readonly Message<Fields>[];
  /** Errors that ended it, or that came instead of messages. */
  readonly errors: readonly StreamError[];
  /** Waits until something is true of what has come. */
  until(arrived: (listener: Listener<Fields>) => boolean): Promise<void>;
  /** Waits for so many events in all; returns them. */
  have(count: number): Promise<readonly Message<Fields>[]>;
  /** Waits for the first heartbeat: the stream is open, and its state was sent. */
  opened(): Promise<this>;
  /** Waits for its end; returns the code of the error it ended with, or null. */
  ended(): Promise<string | null>;
  stop(): void;
}

const PATIENCE_MS = 20_000;

/** Fields of every message. */
export const FRAME = 'kind cursor seq streamSeq at emittedAt';

export function listen<Fields = Record<string, unknown>>(
  client: Client,
  query: string,
  variables: object = {},
): Listener<Fields> {
  const all: Message<Fields>[] = [];
  const errors: StreamError[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const wake = (): void => {
    for (const look of [...waiting]) look();
  };
  const end = (error?: unknown): void => {
    over = true;
    if (Array.isArray(error)) errors.push(...(error as StreamError[]));
    else if (error) errors.push(closure(error));
    wake();
  };
  const payload: SubscribePayload = { query, variables: variables as Record<string, unknown> };
  const stop = client.subscribe<Record<string, Message<Fields>>>(payload, {
    next({ data, errors: failed }) {
      if (failed) errors.push(...(failed as unknown as StreamError[]));
      const message = data && Object.values(data)[0];
      if (message) all.push(message);
      wake();
    },
    error: end,
    complete: () => end(),
  });

  const listener: Listener<Fields> = {
    all,
    errors,
    get events() {
      return all.filter(({ kind }) => kind === 'EVENT');
    },
    until(arrived) {
      return new Promise((resolve, reject) => {
        const stack = new Error(`Waited in vain; the stream is ${over ? 'over' : 'open'}`);
        const timer = setTimeout(() => done(reject), PATIENCE_MS);
        timer.unref();
        const done = (settle: (error: Error) => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          stack.message += `\n${JSON.stringify({ errors, all: all.slice(-5) }, null, 1)}`;
          settle(stack);
        };
        const look = (): void => {
          if (arrived(listener)) done(() => resolve());
          else if (over) done(reject);
        };
        waiting.add(look);
        look();
      });
    },
    async have(count) {
      await listener.until(({ events }) => events.length >= count);
      return listener.events;
    },
    async opened() {
      await listener.until(() => all.some(({ kind }) => kind === 'HEARTBEAT'));
      return listener;
    },
    async ended() {
      await listener.until(() => over);
      return errors[0]?.extensions.code ?? null;
    },
    stop,
  };
  return listener;
}

/** A socket that closed, as an error whose code is the number it closed with. */
function closure(error: unknown): StreamError {
  const { code, reason, message } = error as { code?: number; reason?: string; message?: string };
  return { message: reason ?? message ?? String(error), extensions: { code: String(code ?? 'NETWORK') } };
}

/** Numbers of the events, which have to be without gaps. */
export const numbersOf = (messages: readonly Message<unknown>[]): number[] =>
  messages.map(({ streamSeq }) => Number(streamSeq));

export const upTo = (last: number, first = 1): number[] =>
  Array.from({ length: last - first + 1 }, (_, i) => first + i);
