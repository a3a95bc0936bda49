/** Executing subscriptions: each event is an execution of its own, reads its own snapshot, and lets go of it before the next. */

import { createSourceEventStream, type ExecutionArgs, type ExecutionResult, execute } from 'graphql';
import { type Context, createContext } from '../context';

export type Results = AsyncIterableIterator<ExecutionResult>;

export async function subscribe(args: ExecutionArgs): Promise<ExecutionResult | Results> {
  const source = await createSourceEventStream(args);
  if (!(Symbol.asyncIterator in source)) return source;
  const events = source[Symbol.asyncIterator]();
  const { services, actor } = args.contextValue as Context;

  async function executed(message: unknown): Promise<ExecutionResult> {
    const context = createContext(services, actor);
    context.atLeast = (message as { seq: number }).seq;
    try {
      return await execute({ ...args, rootValue: message, contextValue: context });
    } finally {
      await context.close();
    }
  }

  const results: Results = {
    async next() {
      const { value, done } = await events.next();
      return done === true ? { value: undefined, done } : { value: await executed(value), done: false };
    },
    async return() {
      await events.return?.();
      return { value: undefined, done: true };
    },
    async throw(error) {
      await events.return?.();
      throw error;
    },
    [Symbol.asyncIterator](): Results {
      return results;
    },
  };
  return results;
}
