/** An open house made reachable: its server, and an end that leaves nothing half done. */

import type { Logger } from 'pino';
import type { DenialLine } from '../graphql/server/denials';
import type { Server, ServerOptions } from '../graphql/server/options';
import { createServer } from '../graphql/server/server';
import type { Config } from './config';
import type { OpenHouse } from './openHouse';

export interface Served {
  readonly server: Server;
  /** Ends the streams, lets what runs finish and closes the house. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  readonly open: OpenHouse;
  readonly log: Logger;
  readonly server?: Partial<ServerOptions>;
}

export async function serve({ config, open, log, server: more }: ServeOptions): Promise<Served> {
  const report = (error: unknown): void => log.error({ error }, 'request failed');
  const denied = (line: DenialLine): void => log.warn(line, 'refused');
  const { house, reader } = open;
  // Options of the program that are the server's have the names they have there.
  const server = await createServer({ ...config, house, reader, denied, report, ...more });
  if (!isLoopback(config.metricsAddress?.host ?? config.host) && config.metricsKey === null)
    log.warn({ url: server.metricsUrl }, 'metrics are shown to everybody who can reach this address');
  return {
    server,
    async close() {
      await server.close();
      await open.close();
    },
  };
}

/** Whether an address can be reached from this machine alone. */
const isLoopback = (host: string): boolean => /^(127\..*|::1|localhost)$/.test(host);

/** Where what is served, a line a place. */
export function placesOf({
  url,
  explorerUrl,
  metricsUrl,
}: Pick<Server, 'url' | 'explorerUrl' | 'metricsUrl'>): string[] {
  const lines = [`Novate is at ${url} (GraphQL${explorerUrl === url ? '; GraphiQL in a browser' : ''})`];
  if (explorerUrl !== null && explorerUrl !== url) lines.push(`GraphiQL is at ${explorerUrl}, for browsers`);
  if (new URL(metricsUrl).origin !== new URL(url).origin) lines.push(`Metrics are at ${metricsUrl}`);
  return lines;
}
