/** Subscriptions over WebSocket, in the graphql-transport-ws protocol.  Rule: X-7 */

import type { IncomingMessage } from 'node:http';
import { type ExecutionArgs, GraphQLError, type GraphQLFormattedError, getOperationAST } from 'graphql';
import { handleProtocols, makeServer, type Context as SocketContext, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../../core/model/actor';
import { formatError, type ReportFault } from '../error/format';
import { badInput, problem } from '../error/problem';
import { checkOperation, type Rules, variablesOf } from '../limit/operation';
import { priceOfBytes, REQUEST } from '../limit/prices';
import { createContext, type Services } from '../reading/context';
import { actorOf } from './authorization';
import { type Callers, createTally } from './callers';
import { codesOf, type Denials } from './denials';
import { createExecution, type Subscribing } from './execution';
import { repeatsName } from './json';
import type { StreamCounts } from './metrics';
import { pace } from './pace';
import { comeBackIn, refuse, type Upgrade } from './upgrade';

export interface Sockets {
  /** Takes over a connection that asks to become a socket. */
  readonly upgrade: Upgrade;
  readonly open: number;
  close(): Promise<void>;
}

/** What is remembered of a socket. */
interface Extra {
  actor?: Actor;
  readonly address: string;
  readonly socket: WebSocket;
}

type Init = { readonly authorization?: unknown; readonly Authorization?: unknown };
type Connection = SocketContext<Init, Extra>;

const FORBIDDEN = 4403;
const MOST_REASON = 123;
const BAD_REQUEST = 4400;
const TOO_MUCH = 4429;
const TRY_LATER = 1013;
const SERVICE_RESTART = 1012;
const CLOSE_PATIENCE_MS = 1_000;
/** So long whoever is closed may take to say so too. Then it is cut off, for it would hold what others may have. */
const CLOSED_PATIENCE_MS = 5_000;
/** The least time that is left between two sockets on average, when all are closed. */
const CLOSE_EVERY_MS = 10;

export interface SocketOptions {
  readonly services: Services;
  readonly rules: Rules;
  readonly allowsOrigin: (origin: string) => boolean;
  readonly report: ReportFault;
  readonly counts: StreamCounts;
  readonly callers: Callers;
  readonly denials: Denials;
}

export function createSockets({
  services,
  rules,
  allowsOrigin,
  report,
  counts,
  callers,
  denials,
}: SocketOptions): Sockets {
  const { limits } = rules;
  const live = new Map<WebSocket, Extra>();
  const held = createTally(limits.socketsPerKey);
  let closing = false;
  const shown = (errors: readonly GraphQLError[]): GraphQLFormattedError[] =>
    errors.map((error) => formatError(error.toJSON(), error, report));

  const protocol = makeServer<Init, Extra>({
    connectionInitWaitTimeout: limits.initMs,
    subscribe: createExecution({ counts, shown }),
    onConnect({ connectionParams, extra }) {
      const actor = actorOf(services.keys, connectionParams?.authorization ?? connectionParams?.Authorization);
      if (!actor) return refusedOn(extra);
      if (!held.take(actor.id)) {
        denials.deny('SOCKET', extra.address, actor.id);
        extra.socket.close(TRY_LATER, 'This key has as many sockets as it may');
        return false;
      }
      extra.actor = actor;
      return true;
    },
    onSubscribe(connection, id, payload) {
      try {
        const prepared = prepare(connection, payload, services, rules);
        return Array.isArray(prepared) ? prepared : { ...prepared, send: sendingOn(connection.extra.socket, id) };
      } catch (error) {
        return [error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error as Error })];
      }
    },
    onError: ({ extra }, _id, _payload, errors) => told(extra, errors),
    onNext: ({ extra }, _id, _payload, _args, { errors, data, extensions }) =>
      errors && {
        errors: told(extra, errors),
        ...(data === undefined ? {} : { data }),
        ...(extensions ? { extensions } : {}),
      },
  });

  const options = {
    noServer: true,
    maxPayload: limits.frameBytes,
    handleProtocols,
    clientTracking: false,
    closeTimeout: CLOSED_PATIENCE_MS,
  };
  const server = new WebSocketServer(options); // the types do not know all of them

  function told({ address, actor }: Extra, errors: readonly GraphQLError[]): GraphQLFormattedError[] {
    const all = shown(errors);
    denials.denyCodes(codesOf(all), address, actor?.id);
    return all;
  }

  /** A caller without a key pays with the budget of its address, and is let go in any case. */
  function refusedOn({ socket, address }: Extra): false {
    denials.deny('UNAUTHENTICATED', address);
    try {
      rules.budgets.chargeAddress(address);
    } catch {
      socket.close(TOO_MUCH, 'Too many attempts without a key');
    }
    return false;
  }

  /** Whether a message is still worth reading: each is charged by its bytes before it is parsed. */
  function pays({ actor }: Extra, bytes: number): boolean {
    if (!actor) return true;
    rules.budgets.open(actor).owe(REQUEST + priceOfBytes(bytes));
    return !rules.budgets.isBeyond(actor);
  }

  function accept(socket: WebSocket, request: IncomingMessage): void {
    const extra: Extra = { socket, address: callers.addressOf(request) };
    // A frame too large or out of order: the socket closes with its own code, and there is nobody else to tell.
    socket.on('error', () => undefined);
    live.set(socket, extra);
    const stopPinging = keepAlive(socket, limits.pingMs);
    pace(socket, limits);
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: async (data) => void (await sent(socket, data)),
        close: (code, reason) => socket.close(code, clipped(reason)),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            const text = String(data);
            const mistake = pays(extra, text.length) ? mistakeIn(text) : null;
            if (mistake === null) socket.close(TOO_MUCH, 'Too many messages');
            else if (mistake !== undefined) socket.close(BAD_REQUEST, mistake);
            else handle(text).catch((error: unknown) => fail(socket, error));
          }),
      },
      extra,
    );
    socket.once('close', (code, reason) => {
      live.delete(socket);
      if (extra.actor) held.give(extra.actor.id);
      stopPinging();
      closed(code, String(reason)).catch(report);
    });
  }

  function fail(socket: WebSocket, error: unknown): void {
    report(error);
    socket.close(1011, 'Internal error');
  }

  const stopListening = services.keys.onRevoked((key) => {
    for (const { actor, socket } of live.values())
      if (actor?.id === key) socket.close(FORBIDDEN, 'The key was revoked');
  });

  return {
    upgrade(request, socket, head) {
      if (closing) return refuse(socket, 503, { 'Retry-After': String(comeBackIn()) });
      const { origin } = request.headers;
      if (origin !== undefined && !allowsOrigin(origin)) {
        denials.deny('ORIGIN', callers.addressOf(request));
        return refuse(socket, 403);
      }
      server.handleUpgrade(request, socket, head, accept);
    },
    get open() {
      return live.size;
    },
    async close() {
      closing = true;
      stopListening();
      const sockets = [...live.keys()];
      // Not all at once: everybody comes back, and each asks for what it has missed.
      const spread = Math.min(limits.drainMs, sockets.length * CLOSE_EVERY_MS);
      await Promise.all(sockets.map((socket) => ended(socket, Math.random() * spread)));
      server.close();
    },
  };
}

/** Messages of the protocol that a client sends; the others are the server's. */
const FROM_CLIENTS: readonly unknown[] = ['connection_init', 'ping', 'pong', 'subscribe', 'complete'];

/** What is wrong with a message that the library would not say; what is no JSON it says itself. */
function mistakeIn(text: string): string | undefined {
  try {
    const message = JSON.parse(text) as { readonly type?: unknown } | null;
    if (repeatsName(text, message)) return 'A name stands twice in an object';
    return FROM_CLIENTS.includes(message?.type) ? undefined : 'Invalid message received';
  } catch {
    return undefined;
  }
}

/** Closes a socket after a while, so that its other side comes back; who does not answer is cut off. */
function ended(socket: WebSocket, afterMs: number): Promise<void> {
  return new Promise((resolve) => {
    const cut = (): void => socket.terminate();
    let timer = setTimeout(() => {
      socket.close(SERVICE_RESTART, 'The server is restarting');
      timer = setTimeout(cut, CLOSE_PATIENCE_MS);
    }, afterMs);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

/** A close frame has room for 123 bytes of reason, and some reasons repeat what the other side sent. */
const clipped = (reason = ''): string => {
  const bytes = Buffer.from(reason);
  return bytes.length <= MOST_REASON
    ? reason
    : new TextDecoder().decode(bytes.subarray(0, MOST_REASON), { stream: true });
};

/**
 * What a stream says goes out as the text that all who asked the same are sent: printing it anew for each would cost
 * more.
 */
const sendingOn = (socket: WebSocket, id: string): Subscribing['send'] => {
  const opening = `{"id":${JSON.stringify(id)},"type":"next","payload":`;
  return (payload) => sent(socket, `${opening}${payload}}`);
};

/**
 * Resolves when the data has left for the network: who reads slowly is written to slowly. False: the socket has closed.
 */
function sent(socket: WebSocket, data: string): Promise<boolean> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve(false);
  return new Promise((resolve) => socket.send(data, (error) => resolve(!error)));
}

/**
 * Everything that is checked before a stream opens. Errors: those of an operation, TOO_MANY_OPERATIONS, BAD_REQUEST.
 */
function prepare(
  { extra, subscriptions }: Connection,
  payload: SubscribePayload,
  services: Services,
  rules: Rules,
): ExecutionArgs | GraphQLError[] {
  const { schema, limits } = rules;
  const { actor } = extra;
  if (!actor || !services.keys.isLive(actor.id)) throw problem('UNAUTHENTICATED', 'The key was revoked.');
  if (Object.keys(subscriptions).length > limits.operationsPerSocket)
    throw problem('TOO_MANY_OPERATIONS', `A socket has at most ${limits.operationsPerSocket} operations.`, {
      maximum: limits.operationsPerSocket,
    });
  const bill = rules.budgets.open(actor);
  const prepared = rules.documents.prepare(payload.query, bill.take);
  if ('errors' in prepared) return [...prepared.errors];
  const { document } = prepared;
  const operation = getOperationAST(document, payload.operationName);
  if (!operation) throw badInput('The document has no operation by this name, or several and none was named.');
  if (operation.operation !== 'subscription') throw problem('BAD_REQUEST', 'Queries and mutations are sent over HTTP.');
  const variableValues = variablesOf(payload.variables);
  const contextValue = createContext(services, actor);
  checkOperation(rules, contextValue, bill, { document, operation, variables: variableValues, bytes: 0 });
  return {
    schema,
    document,
    variableValues,
    contextValue,
    ...(payload.operationName ? { operationName: payload.operationName } : {}),
  };
}

/** Ends a socket whose other side has gone without a word. */
function keepAlive(socket: WebSocket, everyMs: number): () => void {
  let heard = true;
  socket.on('pong', () => {
    heard = true;
  });
  const timer = setInterval(() => {
    if (!heard) socket.terminate();
    heard = false;
    if (socket.readyState === socket.OPEN) socket.ping();
  }, everyMs);
  return () => clearInterval(timer);
}
