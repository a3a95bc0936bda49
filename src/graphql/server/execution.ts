/**
 * Executing subscriptions: each message is an execution of its own, reads its own snapshot, and lets go of it before
 * the next. Streams that ask the same share the execution and its text; where each of them stands is its own, and so is
 * the pace at which it takes them.  Rules
 */

import {
  createSourceEventStream,
  type ExecutionArgs,
  type ExecutionResult,
  execute,
  type GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { formatInstant } from '../../units/instant';
import { instant } from '../../units/quantity';
import { coded } from '../error/problem';
import { type Context, createContext } from '../reading/context';
import { fillIn, templateOf } from '../scalar/slot';
import { type Delivery, identityOf, messageOf, ownOf } from '../subscription/delivery';
import { questionOf } from '../subscription/question';
import type { StreamCounts } from './metrics';
import { createSharedAnswers, type Made } from './shared';

/**
 * A subscription, and how what it says is sent on: resolves when the reader can take more, with false where there is
 * none.
 */
export interface Subscribing extends ExecutionArgs {
  readonly send: (payload: string) => Promise<boolean>;
}

/** An iteration that sends by itself, and ends when there is nothing more to send. */
export type Sending = AsyncIterableIterator<never>;

export type Subscribe = (args: ExecutionArgs) => Promise<ExecutionResult | Sending>;

/** Bound of the text kept for those who come a little later, over all streams. */
const SHARED_CHARACTERS = 8_000_000;

export interface ExecutionOptions {
  readonly counts: StreamCounts;
  readonly shown: (errors: readonly GraphQLError[]) => GraphQLFormattedError[];
}

export function createExecution({ counts, shown }: ExecutionOptions): Subscribe {
  const shared = createSharedAnswers(SHARED_CHARACTERS);

  async function executed(args: ExecutionArgs, delivery: Delivery): Promise<Made> {
    const { services, actor } = args.contextValue as Context;
    const context = createContext(services, actor);
    context.notBefore(delivery.seq);
    counts.executed();
    try {
      const { errors, data } = await execute({ ...args, rootValue: messageOf(delivery), contextValue: context });
      return {
        template: templateOf(JSON.stringify({ ...(errors ? { errors: shown(errors) } : {}), data })),
        keep: !errors,
      };
    } finally {
      await context.close();
    }
  }

  function sending({ send, ...args }: Subscribing, deliveries: AsyncIterator<Delivery>): Sending {
    const { schema, document, operationName } = args;
    const question = questionOf(
      { schema, document, operationName, variables: args.variableValues ?? {} },
      args.contextValue as Context,
    );
    async function end(): Promise<IteratorReturnResult<undefined>> {
      await deliveries.return?.();
      return { value: undefined, done: true };
    }
    const iteration: Sending = {
      async next() {
        for (;;) {
          const { value, done } = await deliveries.next();
          if (done === true) return { value: undefined, done };
          const template = await shared.get(`${question} ${identityOf(value)}`, () => executed(args, value));
          const reached = await send(fillIn(template, ownOf(value, formatInstant(instant(Date.now())))));
          if (!reached) return end();
          counts.sent();
        }
      },
      return: end,
      async throw(error) {
        await deliveries.return?.();
        throw error;
      },
      [Symbol.asyncIterator](): Sending {
        return iteration;
      },
    };
    return iteration;
  }

  return async (args) => {
    const source = await createSourceEventStream(args);
    if (!(Symbol.asyncIterator in source)) return refused(source);
    return sending(args as Subscribing, (source as AsyncIterable<Delivery>)[Symbol.asyncIterator]());
  };
}

/** What has no place in the answer was not executed: variables that are not of their types. */
const refused = ({ errors = [], ...result }: ExecutionResult): ExecutionResult => ({
  ...result,
  errors: errors.map((error) => (error.path ? error : coded(error, 'BAD_USER_INPUT'))),
});
