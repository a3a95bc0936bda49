/**
 * Durable mutations per second: the house through its HTTP endpoint, one by one and in lists, against the same facts
 * written to Postgres as one row a transaction.
 */

import type { Api } from './client';
import type { Kind, Load, Loaded } from './load';
import type { BenchServer } from './server';
import { accountOf, defineHouse, deposit, issueKeys, type Keys, openAccounts } from './setup';
import { runTask } from './task';

export interface Effort {
  readonly accounts: number;
  readonly connections: number; // one mutation a request
  readonly listConnections: number; // lists
  readonly list: number; // items of a list
  readonly seconds: number;
  readonly warmUp: number;
}

export interface Throughput {
  readonly kind: Kind;
  readonly items: number;
  readonly connections: number;
  readonly perSecond: number;
  readonly p50: number; // ms a request
  readonly p99: number;
  readonly catchUp: number; // s until the read models had reached the journal, after the load
}

export interface ReadyHouse {
  readonly server: BenchServer;
  readonly keys: Keys;
  readonly feed: Api;
}

/** A house with so many funded accounts. */
export async function prepare(server: BenchServer, effort: Effort): Promise<ReadyHouse> {
  const { admin } = server;
  const keys = await issueKeys(admin, effort.connections);
  const feed = { url: admin.url, secret: keys.feed[0] as string };
  await defineHouse(admin, feed);
  const accounts = Array.from({ length: effort.accounts }, (_, i) => accountOf(i));
  await openAccounts(admin, accounts);
  await deposit(
    admin,
    accounts.map((account) => [account, '100000']),
  );
  await server.caughtUp();
  return { server, keys, feed };
}

export async function measureMutations(
  { server, keys }: ReadyHouse,
  effort: Effort,
): Promise<{ rows: Throughput[]; accepted: number }> {
  const rows: Throughput[] = [];
  let accepted = 0;
  for (const kind of ['deposits', 'trades'] as const) {
    for (const items of [1, effort.list]) {
      const connections = items === 1 ? effort.connections : effort.listConnections;
      const load: Load = {
        ...{ kind, items, connections, seconds: effort.seconds, warmUp: effort.warmUp },
        accounts: { first: 0, count: effort.accounts },
        url: server.admin.url,
        secrets: kind === 'deposits' ? keys.admin : keys.feed,
        run: `${kind}-${items}`,
      };
      const loaded = await runTask<Loaded>('load', load);
      accepted += loaded.accepted;
      const { perSecond, p50, p99 } = loaded;
      rows.push({ kind, items, connections, perSecond, p50, p99, catchUp: await server.caughtUp() });
    }
  }
  return { rows, accepted };
}
