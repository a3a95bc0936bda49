/**
 * An address the server listens on: how long a request may take to arrive, what is said where it cannot be read, and an
 * end that answers what is being worked on before anything is cut.
 */

import { lookup } from 'node:dns/promises';
import { type AddressInfo, type Socket } from 'node:net';
import { type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { GraphQLError } from 'graphql';
import { problem } from '../error/problem';
import type { Limits } from '../limit/limits';
import { errorResponse } from './apollo';
import type { Denials } from './denials';
import { answer } from './explorer';
import { comeBackIn } from './upgrade';

export interface Listener {
  readonly app: FastifyInstance;
  /** Opens it; returns the port. */
  listen(host: string, port: number): Promise<number>;
  /** From now on requests are refused and told to come back; those that are being worked on are answered. */
  drain(): void;
  /** Waits for what is being worked on, and closes. */
  close(): Promise<void>;
}

/**
 * Paths that answer to the end: whoever watches the server asks there how it is. It is alive, though not ready any
 * more.
 */
const WATCHED = /^\/(healthz|metrics)$/;

/**
 * When the server ends, connections are kept until so long no request has come: one that is on its way meets an answer.
 */
const LINGER_MS = 250;

export interface ListenerOptions {
  readonly limits: Limits;
  readonly trustedProxies: readonly string[];
  readonly deny: Denials['deny'];
}

export function createListener({ limits, trustedProxies, deny }: ListenerOptions): Listener {
  const app = fastify({
    bodyLimit: limits.bulkBodyBytes,
    requestTimeout: limits.requestMs,
    keepAliveTimeout: limits.keepAliveMs,
    connectionTimeout: limits.stalledMs,
    forceCloseConnections: true, // by then nothing is being worked on
    trustProxy: trustedProxies.length > 0 ? [...trustedProxies] : false,
    clientErrorHandler: (error, socket) => unreadable(error, socket, deny),
    frameworkErrors: (error, _request, reply) => void answer(reply, errorResponse(error.statusCode ?? 400, notAPath)),
    http: {
      maxHeaderSize: limits.headerBytes,
      headersTimeout: limits.headersMs,
      connectionsCheckingInterval: limits.checkMs,
    },
  });
  const working = countWork(app);
  let draining = false;
  app.addHook('onRequest', async (request, reply) =>
    draining && !WATCHED.test(request.url) ? turnAway(reply) : undefined,
  );
  app.addHook('onSend', async (_request, reply) => void (draining && reply.header('connection', 'close')));
  return {
    app,
    async listen(host, port) {
      // The name of one address: a second listener for another would know nothing of sockets.
      const { address } = await lookup(host);
      await app.listen({ host: address, port });
      return (app.server.address() as AddressInfo).port;
    },
    drain() {
      draining = true;
    },
    async close() {
      draining = true;
      await working.quiet(LINGER_MS, limits.drainMs);
      await working.over(limits.executionMs + 1_000);
      await app.close();
    },
  };
}

interface Work {
  /** Resolves when nothing is being worked on, or so much time has passed. */
  over(most: number): Promise<void>;
  /** Resolves when no request has come for a time, or the most has passed. */
  quiet(ms: number, most: number): Promise<void>;
}

/** Counts requests until their answers have left, or those who asked have gone. */
function countWork({ server }: FastifyInstance): Work {
  let open = 0;
  let come = 0;
  let done: (() => void) | undefined;
  server.on('request', (_request, response) => {
    open += 1;
    come += 1;
    response.once('close', () => {
      open -= 1;
      if (open === 0) done?.();
    });
  });
  return {
    async quiet(ms, most) {
      const end = performance.now() + most;
      for (let known = -1; known !== come && performance.now() < end; ) {
        known = come;
        await pause(Math.min(ms, most));
      }
    },
    over: (most) =>
      new Promise((resolve) => {
        if (open === 0) return resolve();
        const timer = setTimeout(resolve, most);
        done = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
}

/** Refuses a request because the server is ending. Each caller is given a time of its own to come back. */
function turnAway(reply: FastifyReply): FastifyReply {
  const seconds = comeBackIn();
  reply.header('connection', 'close');
  const facts = { reason: 'CLOSED', retryAfterMs: seconds * 1_000 };
  return answer(
    reply,
    errorResponse(503, problem('UNAVAILABLE', 'The server is restarting. Nothing was done.', facts)),
  );
}

const notAPath: GraphQLError = problem('BAD_REQUEST', 'The address of the request cannot be read.');

const UNREADABLE: Readonly<Record<string, readonly [status: string, sentence: string]>> = {
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long to arrive.'],
};

/** What cannot be read as HTTP is answered in the way of everything else, where somebody is there to read it. */
function unreadable({ code = '' }: Error & { code?: string }, socket: Socket, deny: Denials['deny']): void {
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) return void socket.destroy();
  deny(code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'SLOW' : 'MALFORMED', socket.remoteAddress ?? '');
  const [status, sentence] = UNREADABLE[code] ?? ['400 Bad Request', 'This is not a request of HTTP.'];
  const { body } = errorResponse(0, problem('BAD_REQUEST', sentence));
  const head =
    `Content-Type: application/json; charset=utf-8\r\nContent-Length: ` +
    `${Buffer.byteLength(body)}\r\nConnection: close`;
  socket.write(`HTTP/1.1 ${status}\r\n${head}\r\n\r\n${body}`);
  socket.destroySoon();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
