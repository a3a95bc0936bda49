/**
 * A log of what was refused and to whom, for whoever watches the server. The first refusal of an address is told at
 * once, the next ones are counted and told together a minute later: a flood of them writes few lines and takes little
 * memory.
 */

import type { FastifyRequest } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';

/** Codes of errors that are refusals; other errors are mistakes. */
const REFUSALS = [
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'RATE_LIMITED',
  'INTROSPECTION_DISABLED',
  'DOCUMENT_NOT_TRUSTED',
] as const;

/** What an address may be refused. */
export type Denial =
  | (typeof REFUSALS)[number]
  | 'CONNECTION' // it has as many connections as it may, or the server has
  | 'SOCKET' // it, or the key, has as many sockets as it may
  | 'ORIGIN' // a page of another site asked for a socket
  | 'MALFORMED' // it does not speak HTTP
  | 'SLOW'; // its request took too long to arrive

/** One line of the log. */
export interface DenialLine {
  readonly reason: Denial;
  readonly address: string | null; // null: all those that were too many to be told apart
  readonly key: string | null; // id of the API key, where there was one
  readonly count: number;
  readonly seconds: number; // in which these came; 0: just now
}

export interface Denials {
  deny(reason: Denial, address: string, key?: string): void;
  /** The same for errors of an answer, where any of them is a refusal. */
  denyCodes(codes: readonly string[], address: string, key?: string): void;
  stop(): void;
}

export interface DenialOptions {
  readonly write: (line: DenialLine) => void;
  readonly count: (reason: Denial) => void;
  readonly everyMs?: number;
  readonly most?: number; // addresses, reasons and keys that are told apart at a time
}

export function createDenials({ write, count, everyMs = 60_000, most = 1_000 }: DenialOptions): Denials {
  const counted = new Map<string, { line: DenialLine; more: number }>();
  const others = new Map<Denial, number>();
  const seconds = Math.round(everyMs / 1_000);
  function tell(): void {
    for (const { line, more } of counted.values()) if (more > 0) write({ ...line, count: more, seconds });
    for (const [reason, more] of others) write({ reason, address: null, key: null, count: more, seconds });
    counted.clear();
    others.clear();
  }
  const timer = setInterval(tell, everyMs).unref();
  const denials: Denials = {
    deny(reason, address, key) {
      count(reason);
      const name = `${reason} ${address} ${key ?? ''}`;
      const known = counted.get(name);
      if (known) known.more += 1;
      else if (counted.size >= most) others.set(reason, (others.get(reason) ?? 0) + 1);
      else {
        const line = { reason, address, key: key ?? null, count: 1, seconds: 0 };
        counted.set(name, { line, more: 0 });
        write(line);
      }
    },
    denyCodes(codes, address, key) {
      for (const code of REFUSALS) if (codes.includes(code)) denials.deny(code, address, key);
    },
    stop() {
      clearInterval(timer);
      tell();
    },
  };
  return denials;
}

/** The codes of errors as they are shown. */
export const codesOf = (errors: readonly GraphQLFormattedError[] | undefined): string[] =>
  (errors ?? []).map(({ extensions }) => String(extensions?.['code']));

const noted = new WeakMap<FastifyRequest, readonly string[]>();

/** Remembers with which codes a request was answered, until it is over. */
export const noteCodes = (request: FastifyRequest, codes: readonly string[]): void => void noted.set(request, codes);
export const notedCodes = (request: FastifyRequest): readonly string[] => noted.get(request) ?? [];
