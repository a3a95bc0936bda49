/**
 * A line between two threads: each side calls functions of the other by name. What is asked is answered, what is told
 * is not; both arrive in the order in which they were sent. Values cross as copies, errors as the same typed errors.
 */

import type { Transferable } from 'node:worker_threads';
import { errorOf, type Failure, failureOf, type Kinds } from './failure';

/** One end of it: a port, or a thread seen from outside. */
export interface Channel {
  postMessage(message: unknown, transfer?: readonly Transferable[]): void;
  on(event: 'message', listener: (message: unknown) => void): unknown;
}

/** What one side lets the other call. */
export type Functions<Side> = { readonly [Name in keyof Side]: (argument: never) => unknown };

type Argument<Function> = Function extends (argument: infer A) => unknown ? A : never;
type Result<Function> = Function extends (argument: never) => infer R ? Awaited<R> : never;

export interface Line<There extends Functions<There>> {
  /** Resolves with what the function of the other side returns; rejects with what it throws. */
  ask<Name extends keyof There & string>(name: Name, argument: Argument<There[Name]>): Promise<Result<There[Name]>>;
  /** The same without an answer. */
  tell<Name extends keyof There & string>(
    name: Name,
    argument: Argument<There[Name]>,
    transfer?: readonly Transferable[],
  ): void;
  /** The other side is gone: everything that was asked, and will be, is answered with this error. */
  cut(reason: Error): void;
}

type Message =
  | { readonly ask: number; readonly name: string; readonly argument: unknown }
  | { readonly tell: string; readonly argument: unknown }
  | { readonly answer: number; readonly value: unknown }
  | { readonly answer: number; readonly failure: Failure };

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

export function openLine<There extends Functions<There>, Here extends Functions<Here>>(
  channel: Channel,
  here: Here,
  kinds: Kinds,
): Line<There> {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  let gone: Error | undefined;

  const call = (name: string, argument: unknown): unknown => here[name as keyof Here](argument as never);
  const outbox = createOutbox(channel, (message, error) => {
    if ('tell' in message) throw error;
    if ('answer' in message)
      return channel.postMessage([{ answer: message.answer, failure: failureOf(error, kinds) } satisfies Message]);
    waiting.get(message.ask)?.reject(error as Error);
    waiting.delete(message.ask);
  });

  async function answer(ask: number, name: string, argument: unknown): Promise<void> {
    try {
      outbox.post({ answer: ask, value: await call(name, argument) });
    } catch (error) {
      outbox.post({ answer: ask, failure: failureOf(error, kinds) });
    }
  }

  const hear = (message: Message): void => {
    if ('ask' in message) return void answer(message.ask, message.name, message.argument);
    if ('tell' in message) return void call(message.tell, message.argument);
    const asker = waiting.get(message.answer);
    waiting.delete(message.answer);
    if ('failure' in message) asker?.reject(errorOf(message.failure, kinds));
    else asker?.resolve(message.value);
  };
  channel.on('message', (said) => (said as Message[]).forEach(hear));

  return {
    ask(name, argument) {
      if (gone) return Promise.reject(gone);
      return new Promise((resolve, reject) => {
        asked += 1;
        waiting.set(asked, { resolve: resolve as Waiting['resolve'], reject });
        outbox.post({ ask: asked, name, argument });
      });
    },
    tell(name, argument, transfer = []) {
      if (!gone) outbox.post({ tell: name, argument }, transfer);
    },
    cut(reason) {
      gone ??= reason;
      for (const { reject } of waiting.values()) reject(gone);
      waiting.clear();
    },
  };
}

interface Outbox {
  post(message: Message, transfer?: readonly Transferable[]): void;
}

/**
 * What is asked and answered in one turn crosses together: waking the other thread costs more than most messages. What
 * is told crosses at once, with all that was to go before it. Of messages that cannot be copied `failed` hears one by
 * one.
 */
function createOutbox(channel: Channel, failed: (message: Message, error: unknown) => void): Outbox {
  let held: Message[] = [];

  function send(transfer?: readonly Transferable[]): void {
    const messages = held;
    held = [];
    if (messages.length === 0) return;
    try {
      channel.postMessage(messages, transfer);
    } catch (error) {
      if (messages.length === 1) failed(messages[0] as Message, error);
      else for (const message of messages) post(message, 'tell' in message ? (transfer ?? []) : []);
    }
  }

  function post(message: Message, transfer?: readonly Transferable[]): void {
    held.push(message);
    if (transfer) send(transfer);
    else if (held.length === 1) setImmediate(send);
  }

  return { post };
}
