/** How long a price takes to be durable, at rest and under a flood of queries. */

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SYSTEM } from '../../../src/core/model/actor';
import { hashOfSecret } from '../../../src/graphql/access/keys';
import { readConfig } from '../../../src/main/config';
import { createDayClock } from '../../../src/main/dayClock';
import { silentLog } from '../../../src/main/logger';
import { type OpenHouse, openHouse } from '../../../src/main/openHouse';
import { serve } from '../../../src/main/serve';
import { startThread } from '../../../src/thread/thread';
import { runTypeScript } from '../../support/child';
import { onePerpetual, openAccount, trade } from '../../support/given';
import { START } from '../../support/house';
import { rowsFollow } from '../../support/ready';
import type { FeedCalls } from './feed';

export interface FloodOptions {
  readonly engine: 'THREAD' | 'INLINE';
  readonly forMs: number; // at rest, and again under the flood
  readonly connections: number;
  readonly databaseUrl?: string;
}

export interface Latencies {
  readonly prices: number;
  readonly p50: number; // ms
  readonly p99: number;
  readonly worst: number;
}

export interface Flooded {
  readonly rest: Latencies;
  readonly flood: Latencies;
  readonly queries: string; // what became of them
}

const EVERY_MS = 20;
const ACCOUNTS = 150;
const SECRET = 'nvk_secret-of-whoever-asks-too-much';

/**
 * The health of a hundred accounts, computed anew for everybody who asks, and the whole schema: the one works in the
 * database and here, the other here alone.
 */
const QUERY = `{
  accounts(first: 100) { nodes { id owner balances { currency amount }
    health { equity initial maintenance freeCollateral callLevel positions { instrument size liquidationPrice
    bankruptcyPrice distance } } } }
}`;
const SCHEMA = `{ ${['a', 'b', 'c', 'd'].map((name) => `${name}: __schema { ...S }`).join(' ')} }
  fragment S on __Schema { types { name description fields { name description args { name description type { ...T } }
  type { ...T } }
  inputFields { name description type { ...T } } enumValues { name description } } }
  fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

const UNLIMITED = { operationCost: 1e9, budget: 1e12, budgetPerSecond: 1e12, executionMs: 60_000 };

export async function measureFlood({ engine, forMs, connections, databaseUrl }: FloodOptions): Promise<Flooded> {
  const data = await mkdtemp(join(tmpdir(), 'novate-'));
  const config = { ...readConfig({ data, port: '0' }, {}), databaseUrl: databaseUrl ?? null };
  const log = silentLog();
  const lost = (error: unknown): void => {
    throw error;
  };
  const open = await openHouse({
    config,
    clock: createDayClock(START),
    log,
    onFatal: lost,
    engine,
    storeInMemory: true,
  });
  const served = await serve({ config, open, log, server: { limits: UNLIMITED, explorer: false } });
  try {
    await prepare(open);
    // A question that comes before the read models are open is refused, and is no part of a flood.
    await rowsFollow(served.server.url);
    const feed = startThread<FeedCalls, object>(join(__dirname, 'feed'), {
      name: 'feed',
      here: {},
      kinds: {},
      onLost: lost,
    });
    const port = open.connect();
    feed.tell('join', port, [port]);
    await feed.ask('bring', { everyMs: EVERY_MS, forMs: 500 });
    const rest = latencies(await feed.ask('bring', { everyMs: EVERY_MS, forMs }));
    const clients = runTypeScript(
      join(__dirname, 'clients.ts'),
      served.server.url,
      SECRET,
      String(connections),
      SCHEMA,
      QUERY,
    );
    await clients.printed((line) => line === 'flooding');
    const flood = latencies(await feed.ask('bring', { everyMs: EVERY_MS, forMs }));
    clients.child.kill('SIGTERM');
    await clients.ended;
    await feed.end();
    return { rest, flood, queries: clients.lines.at(-1) ?? '' };
  } finally {
    await served.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** A hundred accounts and more, each with something to compute. */
async function prepare({ house }: OpenHouse): Promise<void> {
  const given = onePerpetual();
  for (let i = 0; i < ACCOUNTS; i++) openAccount(given, `account-${i}`, '100000');
  for (let i = 1; i < ACCOUNTS; i++) trade(given, `account-${i}`, 'account-0', '0.1', '50000');
  const key = {
    type: 'IssueApiKey',
    apiKey: 'asker',
    role: 'AUDITOR',
    member: null,
    hash: hashOfSecret(SECRET),
    label: 'Asks',
  } as const;
  const commands = [key, ...given.entries.map(({ command }) => command)];
  for (const answer of await house.submit(commands.map((command) => ({ actor: SYSTEM, key: null, command }))))
    if (!('outcome' in answer) || 'rejection' in answer.outcome) throw new Error(JSON.stringify(answer));
}

function latencies(took: readonly number[]): Latencies {
  const sorted = [...took].sort((a, b) => a - b);
  const at = (share: number): number =>
    Math.round(10 * (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0)) / 10;
  return { prices: took.length, p50: at(0.5), p99: at(0.99), worst: at(1) };
}
