/**
 * Pages of the server that are not of the API, and the key each may have: not one of the house, but one of its
 * operator.
 */

import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problem } from '../error/problem';
import { refusal } from './apollo';
import { answer } from './explorer';

/** Lets in whoever sends the key, as bearer token or as the password that a browser asks for. No key: everybody. */
export function guardedBy(key: string | null): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  if (key === null) return async () => undefined;
  const right = digest(key);
  return async ({ headers: { authorization } }, reply) => {
    if (timingSafeEqual(digest(sentIn(authorization)), right)) return undefined;
    reply.header('www-authenticate', 'Basic realm="Novate", charset="UTF-8"');
    return answer(reply, refusal(problem('UNAUTHENTICATED', 'This page has a key of its own.')));
  };
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

function sentIn(authorization = ''): string {
  const [, scheme = '', value = ''] = /^(\w+) +(\S+)$/.exec(authorization) ?? [];
  if (scheme.toLowerCase() !== 'basic') return value;
  const pair = Buffer.from(value, 'base64').toString();
  return pair.slice(pair.indexOf(':') + 1);
}
