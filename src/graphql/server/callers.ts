/**
 * Who is at the other end of a connection, and how much of the server each of them holds: so many connections and so
 * many sockets at a time. Where a proxy stands before the server, its word is taken for whom it speaks.
 */

import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { networkOf } from '../limit/budget';

export interface Callers {
  /** The address that sent a request; an empty one where the connection is gone already. */
  addressOf(request: IncomingMessage): string;
  /** Whether somebody at this address speaks for others. */
  isProxy(address: string): boolean;
}

/** Throws TypeError where one of them is neither an address nor a network. */
export function createCallers(trustedProxies: readonly string[]): Callers {
  const trusts = proxyAddress.compile([...trustedProxies]);
  return {
    addressOf: (request) => (proxyAddress(request, trusts) as string | undefined) ?? '',
    isProxy: (address) => trusts(address, 0),
  };
}

/** Counts what each holds, up to a most. */
export interface Tally {
  /** Takes one more; false where there is none to be had. */
  take(name: string): boolean;
  give(name: string): void;
}

export function createTally(most: number): Tally {
  const held = new Map<string, number>();
  return {
    take(name) {
      const count = held.get(name) ?? 0;
      if (count >= most) return false;
      held.set(name, count + 1);
      return true;
    },
    give(name) {
      const count = held.get(name) ?? 0;
      if (count > 1) held.set(name, count - 1);
      else held.delete(name);
    },
  };
}

/** The same for addresses: a caller has a whole network of them. */
export function createAddressTally(most: number): Tally {
  const { take, give } = createTally(most);
  return { take: (address) => take(networkOf(address)), give: (address) => give(networkOf(address)) };
}
