/**
 * One question at a time on a connection. Resolvers run side by side, but a transaction is one connection, and the
 * driver wants its questions one after the other.
 */

import type { Db } from '../../store/client';

export type InTurn = <T>(work: () => PromiseLike<T>) => Promise<T>;

/** `check` throws where nothing may be asked any more. */
export function createTurns(check: () => void = () => undefined): InTurn {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = last.then(() => {
      check();
      return work();
    });
    last = result.catch(() => undefined);
    return result;
  };
}

type Method = (...given: unknown[]) => PromiseLike<unknown>;

/** The same client, each of whose questions waits for those before it. */
export function inTurnOn(db: Db, inTurn: InTurn): Db {
  const asked = (target: object, name: string | symbol): unknown => {
    const value: unknown = Reflect.get(target, name);
    if (typeof value === 'function')
      return (...given: unknown[]) => inTurn(() => (value as Method).apply(target, given));
    return value !== null && typeof value === 'object' ? new Proxy(value, { get: asked }) : value;
  };
  return new Proxy<Db>(db, { get: asked });
}
