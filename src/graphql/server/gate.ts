/**
 * The way in over HTTP, in an order that lets nobody have work done that is not paid for: the key is looked at before
 * anything of the body is read, its bytes are charged before they are parsed, and whoever has no key pays with the
 * budget of an address. Requests of one key wait for each other where there are many, and take turns with those of
 * other keys.
 */

import type { FastifyBodyParser, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Actor } from '../../core/model/actor';
import type { KeyRegistry } from '../access/keys';
import { problem } from '../error/problem';
import type { Bill, Budgets } from '../limit/budget';
import { createPlaces, createTurns } from '../limit/lanes';
import type { Limits } from '../limit/limits';
import { priceOfBytes, REQUEST } from '../limit/prices';
import type { Pace } from '../reading/context';
import { refusal } from './apollo';
import { actorOf } from './authorization';
import { answer } from './explorer';

/** A request that was let in. */
export interface Admitted {
  readonly actor: Actor;
  readonly bill: Bill;
  readonly pace: Pace;
  readonly bytes: number; // of its body, as they were read: what a header says of it may be missing
}

interface Entry extends Admitted {
  bytes: number;
  readonly leave: () => void;
  running: boolean;
}

type Parse = FastifyBodyParser<string>;

export interface Gate {
  /** Before the body is read. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** Before the body is parsed. */
  parse(json: Parse): Parse;
  /** The id of the key of a request, where it was let in. */
  keyOf(request: FastifyRequest): string | undefined;
  /** Does what was asked for, in its turn. */
  run<T>(request: FastifyRequest, work: (admitted: Admitted) => Promise<T>): Promise<T>;
}

export interface GateOptions {
  readonly keys: KeyRegistry;
  readonly budgets: Budgets;
  readonly limits: Pick<Limits, 'operationsPerKey' | 'waitingPerKey' | 'readingsPerKey'>;
}

/** How long whoever has too many operations waiting is asked to stay away. */
const CROWDED_MS = 250;

/** A body as long as this that nobody will read is not waited for: the connection is closed. */
const NOT_WORTH_READING = 16_384;

export function createGate({ keys, budgets, limits }: GateOptions): Gate {
  const inside = new WeakMap<FastifyRequest, Entry>();
  const { turn } = createTurns();
  const operations = createPlaces(limits.operationsPerKey, limits.waitingPerKey);
  const readings = createPlaces(limits.readingsPerKey);

  /** Waits for a place among the operations of the key. Errors: RATE_LIMITED. */
  async function placeFor({ id }: Actor): Promise<() => void> {
    const place = operations.enter(id);
    if (place) return place;
    throw problem('RATE_LIMITED', `More than ${limits.waitingPerKey} operations of this key are waiting.`, {
      reason: 'OPERATIONS',
      retryAfterMs: CROWDED_MS,
    });
  }

  function letIn(request: FastifyRequest, { raw }: FastifyReply, actor: Actor, bill: Bill, leave: () => void): void {
    const pace: Pace = {
      turn: () => turn(actor.id),
      beginReading: async () => (await readings.enter(actor.id)) ?? (() => undefined),
    };
    const entry: Entry = { actor, bill, pace, bytes: 0, leave, running: false };
    // Whoever goes away before anything is done makes room at once; what has begun keeps its place until it ends.
    raw.once('close', () => void (entry.running || leave()));
    if (request.raw.socket.destroyed) leave();
    inside.set(request, entry);
  }

  return {
    keyOf: (request) => inside.get(request)?.actor.id,
    async admit(request, reply) {
      try {
        const actor = actorOf(keys, request.headers.authorization);
        if (!actor) {
          budgets.chargeAddress(request.ip);
          reply.header('www-authenticate', 'Bearer');
          throw problem('UNAUTHENTICATED', 'Send an API key: `Authorization: Bearer <secret>`.');
        }
        const bill = budgets.open(actor);
        bill.take(REQUEST + priceOfBytes(declaredBytes(request)));
        letIn(request, reply, actor, bill, await placeFor(actor));
        return undefined;
      } catch (error) {
        if (declaredBytes(request) > NOT_WORTH_READING || isChunked(request)) reply.header('connection', 'close');
        return refused(reply, error);
      }
    },
    async run(request, work) {
      const entry = inside.get(request);
      if (!entry) throw new Error('A request is handled that was not let in');
      entry.running = true;
      try {
        await entry.pace.turn();
        return await work(entry);
      } finally {
        entry.leave();
      }
    },
    parse: (json) => (request, body, done) => {
      const entry = inside.get(request);
      if (!entry) return done(null, undefined);
      entry.bytes = Buffer.byteLength(body);
      try {
        entry.bill.take(Math.max(0, priceOfBytes(entry.bytes) - priceOfBytes(declaredBytes(request))));
      } catch (error) {
        return done(error as Error);
      }
      void entry.pace.turn().then(() => json(request, body, done));
      return undefined;
    },
  };
}

function refused(reply: FastifyReply, error: unknown): FastifyReply {
  if (error instanceof GraphQLError) return answer(reply, refusal(error));
  throw error;
}

const isChunked = ({ headers }: FastifyRequest): boolean => headers['transfer-encoding'] !== undefined;

/** What the head of a request says of its body; a body that is longer than it says is not read. */
const declaredBytes = ({ headers }: FastifyRequest): number => Number(headers['content-length'] ?? 0) || 0;
