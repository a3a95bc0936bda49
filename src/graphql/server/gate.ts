/**
 * The way in over HTTP, in an order that lets nobody have work done that is not paid for: the key is looked at before
 * anything of the body is read, its bytes are charged before they are parsed, and whoever has no key pays with the budget
 * of an address.
 */

import type { FastifyBodyParser, FastifyReply, FastifyRequest } from 'fastify';
import { GraphQLError } from 'graphql';
import type { Actor } from '../../core/model/actor';
import type { KeyRegistry } from '../access/keys';
import { problem } from '../error/problem';
import type { Bill, Budgets } from '../limit/budget';
import { priceOfBytes, REQUEST } from '../limit/prices';
import { refusal } from './apollo';
import { actorOf } from './authorization';
import { answer } from './explorer';

/** A request that was let in. */
export interface Admitted {
  readonly actor: Actor;
  readonly bill: Bill;
  bytes: number; // of its body, as they were read: what a header says of it may be missing
}

type Parse = FastifyBodyParser<string>;

export interface Gate {
  /** Before the body is read. */
  admit(request: FastifyRequest, reply: FastifyReply): Promise<unknown>;
  /** Before the body is parsed. */
  parse(json: Parse): Parse;
  admitted(request: FastifyRequest): Admitted;
  /** The id of the key of a request, where it was let in. */
  keyOf(request: FastifyRequest): string | undefined;
}

/** A body as long as this that nobody will read is not waited for: the connection is closed. */
const NOT_WORTH_READING = 16_384;

export function createGate(keys: KeyRegistry, budgets: Budgets): Gate {
  const inside = new WeakMap<FastifyRequest, Admitted>();

  function admitted(request: FastifyRequest): Admitted {
    const found = inside.get(request);
    if (!found) throw new Error('A request is handled that was not let in');
    return found;
  }

  return {
    admitted,
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
        inside.set(request, { actor, bill, bytes: 0 });
        return undefined;
      } catch (error) {
        if (declaredBytes(request) > NOT_WORTH_READING || isChunked(request)) reply.header('connection', 'close');
        return refused(reply, error);
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
      return json(request, body, done);
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
