/** An open house made reachable: its server, its sense of time, and an end that leaves nothing half done. */

import type { Logger } from 'pino';
import type { Server, ServerOptions } from '../graphql/server/options';
import { createServer } from '../graphql/server/server';
import { startTimekeeper, type Timekeeper } from '../scheduler/timekeeper';
import type { Clock } from '../sequencer/clock';
import type { Config } from './config';
import type { OpenHouse } from './openHouse';

export interface Served {
  readonly server: Server;
  /** From now on deadlines are met when the clock reaches them. */
  keepTime(): void;
  /** Ends the streams, lets what runs finish, stops the clock and closes the house. */
  close(): Promise<void>;
}

export interface ServeOptions {
  readonly config: Config;
  readonly open: OpenHouse;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onFatal: (error: unknown) => void;
  readonly server?: Partial<ServerOptions>;
}

export async function serve({ config, open, clock, log, onFatal, server: more }: ServeOptions): Promise<Served> {
  const { host, port } = config;
  const report = (error: unknown): void => log.error({ error }, 'request failed');
  const server = await createServer({ house: open.house, reader: open.reader, host, port, report, ...more });
  let timekeeper: Timekeeper | undefined;
  return {
    server,
    keepTime() {
      timekeeper ??= startTimekeeper(open.house, clock, onFatal);
    },
    async close() {
      await timekeeper?.stop();
      await server.close();
      await open.close();
    },
  };
}
