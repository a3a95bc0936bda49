/**
 * The usual questions of a broker and of an officer to a house that is full; how soon it is served after its read
 * models are lost, how fast they are made again and how they keep up with lists, and what it takes while nothing
 * happens.
 */

import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Api, ask, eachOf, mutate } from './client';
import { type Percentiles, percentilesOf } from './figures';
import type { Filled, FillInput } from './fill';
import { type BenchServer, startServer } from './server';
import { accountOf, defineHouse, INSTRUMENT, issueKeys } from './setup';
import { runTask } from './task';

export interface ReadEffort {
  readonly accounts: number;
  readonly members: number;
  readonly lines: number; // of the ledger
  readonly asks: number; // of each question
  readonly idleSeconds: number;
  readonly listSeconds: number;
}

export interface Read {
  readonly who: 'BROKER' | 'OFFICER';
  readonly question: string;
  readonly times: Percentiles; // ms
}

export interface ReadResults {
  readonly store: 'EMBEDDED' | 'POSTGRES';
  readonly accounts: number;
  readonly entries: number;
  readonly served: number; // s from the start of the process to the first command that is durable
  readonly rows: number; // s until the read models were there, from nothing in the embedded house
  readonly reads: readonly Read[];
  readonly idleShare: number; // of a core
  readonly megabytes: number; // resident then
  readonly lists: { readonly perSecond: number; readonly rowsPerSecond: number }; // payments in, and in the rows
}

/** The bar: no question takes longer at the median. */
export const MOST_MS = 50;

type Ask = (n: number) => string;

const some = (n: number, accounts: number): string => accountOf((n * 7919) % accounts);

const questionsOf = (
  accounts: number,
): readonly { who: Read['who']; question: string; query: Ask; deep?: string }[] => [
  {
    who: 'BROKER',
    question: 'statement of an account',
    query: (n) =>
      `{ account(id: "${some(n * 20, accounts)}") { transfers(first: 50) { nodes { seq amount reason } } } }`,
  },
  {
    who: 'BROKER',
    question: 'an account with health',
    query: (n) => `{ account(id: "${some(n * 20, accounts)}") { health { equity maintenance } balances { amount } } }`,
  },
  {
    who: 'BROKER',
    question: 'its positions',
    query: () => '{ positions(first: 50) { nodes { size instrument { id } } } }',
  },
  { who: 'BROKER', question: 'its trades', query: () => '{ trades(first: 50) { nodes { id price size } } }' },
  {
    who: 'BROKER',
    question: 'its trades in an instrument',
    query: () => `{ trades(first: 50, instrument: "${INSTRUMENT}") { nodes { id price size } } }`,
  },
  {
    who: 'BROKER',
    question: 'its open margin calls',
    query: () => '{ marginCalls(status: [OPEN], last: 50) { nodes { id amount } } }',
  },
  { who: 'BROKER', question: 'its accounts', query: () => '{ accounts(first: 50) { nodes { id status } } }' },
  {
    who: 'OFFICER',
    question: 'the ledger, newest first',
    query: () => '{ ledgerTransfers(first: 50) { nodes { seq amount } } }',
  },
  {
    who: 'OFFICER',
    question: 'the ledger, deep within',
    query: (n) => `{ ledgerTransfers(first: 50, after: "$deep${n}") { nodes { seq amount } } }`,
    deep: '{ ledgerTransfers(last: 1) { pageInfo { startCursor } } }',
  },
  {
    who: 'OFFICER',
    question: 'the ledger of one account',
    query: (n) => `{ ledgerTransfers(name: "account/${some(n, accounts)}", first: 50) { nodes { seq amount } } }`,
  },
  { who: 'OFFICER', question: 'all margin calls, the last', query: () => '{ marginCalls(last: 50) { nodes { id } } }' },
  { who: 'OFFICER', question: 'the last of the journal', query: () => '{ journal(last: 50) { nodes { seq } } }' },
  {
    who: 'OFFICER',
    question: 'accounts that are called',
    query: () => '{ accounts(status: [CALL], first: 50) { nodes { id } } }',
  },
  { who: 'OFFICER', question: 'the risk of the house', query: () => '{ houseRisk { statuses { status accounts } } }' },
];

async function timed(api: Api, query: string): Promise<number> {
  const began = performance.now();
  await ask(api, query);
  return performance.now() - began;
}

async function readAll(broker: Api, officer: Api, { accounts, asks }: ReadEffort): Promise<Read[]> {
  const reads: Read[] = [];
  for (const { who, question, query, deep } of questionsOf(accounts)) {
    const api = who === 'BROKER' ? broker : officer;
    const cursor =
      deep &&
      (await ask<{ ledgerTransfers: { pageInfo: { startCursor: string } } }>(api, deep)).ledgerTransfers.pageInfo
        .startCursor;
    const times: number[] = [];
    for (let n = 0; n < asks; n++) times.push(await timed(api, query(n).replace(/\$deep\d+/, cursor ?? '')));
    reads.push({ who, question, times: percentilesOf(times) });
  }
  return reads;
}

const HERTZ = 100; // of the system's count of time

/** Share of a core that a process takes while nobody asks anything, and what it has in memory. */
async function idle(pid: number, seconds: number): Promise<{ idleShare: number; megabytes: number }> {
  const ticks = (): number => {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]);
  };
  const [before, began] = [ticks(), performance.now()];
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  const idleShare = (ticks() - before) / HERTZ / ((performance.now() - began) / 1_000);
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return { idleShare, megabytes: Number(kilobytes) / 1_024 };
}

async function lists(server: BenchServer, accounts: number, seconds: number): Promise<ReadResults['lists']> {
  const began = performance.now();
  let items = 0;
  await eachOf(Array.from({ length: 4 }), 4, async () => {
    while (performance.now() - began < seconds * 1_000) {
      const deposits = Array.from({ length: 1_000 }, (_, i) => ({
        account: some(items + i, accounts),
        currency: 'USD',
        amount: '1.25',
      }));
      await mutate(server.admin, 'depositCollateralBatch', { deposits });
      items += deposits.length;
    }
  });
  const took = (performance.now() - began) / 1_000;
  const caughtUp = await server.caughtUp();
  return { perSecond: items / took, rowsPerSecond: items / (took + caughtUp) };
}

export async function measureReads(effort: ReadEffort, databaseUrl?: string): Promise<ReadResults> {
  const { accounts, members, lines } = effort;
  const where = databaseUrl === undefined ? {} : { databaseUrl };
  const first = await startServer(where);
  const keys = await issueKeys(first.admin, 1);
  await defineHouse(first.admin, { url: first.admin.url, secret: keys.feed[0] as string });
  await first.stop();
  const secret = `nvk_${randomBytes(32).toString('base64url')}`;
  const input: FillInput = { data: first.data, url: databaseUrl ?? null, accounts, members, lines, secret };
  const { entries } = await runTask<Filled>('fill', input);
  await rm(join(first.data, 'projections'), { recursive: true, force: true });
  const began = performance.now();
  const server = await startServer({ ...where, opened: first });
  try {
    await mutate(server.admin, 'depositCollateral', { account: accountOf(0), currency: 'USD', amount: '1' });
    const served = (performance.now() - began) / 1_000;
    await server.caughtUp();
    const rows = (performance.now() - began) / 1_000;
    const reads = await readAll({ url: server.admin.url, secret }, server.admin, effort);
    const resting = await idle(server.pid, effort.idleSeconds);
    const kept = await lists(server, accounts, effort.listSeconds);
    return {
      store: databaseUrl === undefined ? 'EMBEDDED' : 'POSTGRES',
      accounts,
      entries,
      served,
      rows,
      reads,
      ...resting,
      lists: kept,
    };
  } finally {
    await server.stop();
    await server.remove();
  }
}
