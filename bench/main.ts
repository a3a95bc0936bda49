/**
 * `npm run bench`: measures the house against rivals in one run, prints tables, and writes `bench/results.json`.
 *   --smoke           a short run that shows that everything works; writes nothing
 *   --soak MINUTES    a steady mixed load for so long, and what it does to the memory; writes nothing
 *   --keys COUNT      what it takes to remember so many idempotency keys a day, beside a Map; writes nothing
 *   --reads ACCOUNTS  the usual questions to a house of so many accounts and five lines of the ledger each; writes
 * `bench/reads.json`
 *   --profile DIR     CPU profiles of the embedded house, for whoever looks for what is slow
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type BookEffort, measureBook } from './book';
import { bookReportOf } from './bookReport';
import { type CallEffort, measureCalls } from './calls';
import { serverVersion, withDatabase } from './database';
import { type FairnessEffort, measureFairness } from './fairness';
import type { Percentiles } from './figures';
import type { GapInput, GapOutput } from './gap';
import type { LevyInput, LevyOutput } from './levy';
import type { Kind } from './load';
import { type Effort, measureMutations, prepare } from './mutations';
import { measureReads, type ReadEffort, type ReadResults } from './reads';
import { readReportOf } from './readsReport';
import type { RememberedInput, RememberedOutput } from './remembered';
import type { Replayed, ReplayInput } from './replay';
import { fairnessTable, reportOf } from './report';
import { commitOf, machineOf, type Results } from './results';
import type { Rival, Rivalled } from './rival';
import type { Scan } from './scan';
import { type BenchServer, type ServerOptions, startServer } from './server';
import { measureSoak } from './soak';
import { measureSubscribers, type SubscriberEffort } from './subscribers';
import { runTask } from './task';

interface Plan {
  readonly effort: Results['effort'];
  readonly mutations: Effort;
  readonly calls: CallEffort;
  readonly subscribers: SubscriberEffort;
  readonly fairness: FairnessEffort;
  readonly book: BookEffort;
  readonly gap: number; // accounts
  readonly levy: Omit<LevyInput, 'url'>;
  readonly day: { readonly day: '2025-10-10' | '2020-03-12'; readonly clients: number };
}

const FULL: Plan = {
  effort: 'FULL',
  mutations: { accounts: 10_000, connections: 50, listConnections: 4, list: 1_000, seconds: 10, warmUp: 3 },
  calls: { accounts: 10_000, prices: 500, together: 1_000, load: { connections: 50, seconds: 30, warmUp: 1 } },
  subscribers: { subscribers: 10_000, prices: 20, together: 5, seconds: 15 },
  fairness: { accounts: 1_000, payments: 500, connections: 8, seconds: 8 },
  book: {
    sizes: [10_000, 100_000, 1_000_000],
    ticks: 300_000,
    crash: 3_000_000,
    checks: 340_000_000,
    ties: 5_000,
    slowTicks: 20,
    ...{ bound: { accounts: 100_000, ticks: 20_000 }, ranked: 191_000 },
    proof: { accounts: 100_000, contracts: 60, checks: 100_000_000, ties: 500 },
  },
  gap: 10_000,
  levy: { contributors: 1_000_000, levies: 1_000 },
  day: { day: '2025-10-10', clients: 2_000 },
};

const SMOKE: Plan = {
  effort: 'SMOKE',
  mutations: { accounts: 500, connections: 10, listConnections: 2, list: 1_000, seconds: 1, warmUp: 1 },
  calls: { accounts: 500, prices: 20, together: 50, load: { connections: 5, seconds: 2, warmUp: 1 } },
  subscribers: { subscribers: 50, prices: 5, together: 5, seconds: 2 },
  fairness: { accounts: 200, payments: 50, connections: 2, seconds: 2 },
  book: {
    ...{ sizes: [500, 2_000], ticks: 20_000, crash: 20_000, checks: 1_000_000, ties: 100, slowTicks: 3 },
    ...{ bound: { accounts: 100_000, ticks: 2_000 }, ranked: 10_000 },
    proof: { accounts: 2_000, contracts: 9, checks: 400_000, ties: 100 },
  },
  gap: 500,
  levy: { contributors: 10_000, levies: 100 },
  day: { day: '2020-03-12', clients: 50 },
};

const say = (text: string): void => void process.stderr.write(`${text} …\n`);

/** Does something with a house and leaves nothing of it behind. */
async function withServer<T>(options: ServerOptions, work: (server: BenchServer) => Promise<T>): Promise<T> {
  const server = await startServer(options);
  try {
    return await work(server);
  } finally {
    await server.stop();
    await server.remove();
  }
}

/** The same facts, one row a transaction: on as many connections as the house gets one by one. */
async function rivalOf({ accounts, connections, seconds, warmUp }: Effort): Promise<Record<Kind, Rivalled>> {
  const run = (kind: Kind): Promise<Rivalled> =>
    withDatabase((url) => {
      const rival: Rival = { url, kind, accounts, connections, seconds, warmUp };
      return runTask<Rivalled>('rival', rival);
    });
  return { deposits: await run('deposits'), trades: await run('trades') };
}

type Embedded = Pick<Results['mutations'], 'embedded' | 'acknowledged' | 'journaled'> & { readonly replayed: Replayed };

/** The embedded house is killed in the end: what it acknowledged must be in its journal, which is then replayed. */
const embeddedOf = (effort: Effort, options: ServerOptions): Promise<Embedded> =>
  withServer(options, async (server) => {
    const house = await prepare(server, effort);
    const before = await server.metric('novate_journal_seq');
    const { rows, accepted } = await measureMutations(house, effort);
    // A process that is killed writes no profile.
    await (options.profile === undefined ? server.kill() : server.stop());
    const input: ReplayInput = { folder: join(server.data, 'journal') };
    const replayed = await runTask<Replayed>('replay', input);
    const journaled = replayed.entries - before;
    if (journaled < accepted)
      throw new Error(`${accepted} mutations were acknowledged, but the journal holds ${journaled}`);
    return { embedded: rows, acknowledged: accepted, journaled, replayed };
  });

const onPostgresOf = (effort: Effort): Promise<Embedded['embedded']> =>
  withDatabase((databaseUrl) =>
    withServer({ databaseUrl }, async (server) => (await measureMutations(await prepare(server, effort), effort)).rows),
  );

const scanOf = ({ accounts, prices }: CallEffort): Promise<Percentiles> =>
  withDatabase((url) => {
    const scan: Scan = { url, accounts, prices };
    return runTask<Percentiles>('scan', scan);
  });

const levyOf = (levy: Plan['levy'], beside: boolean): Promise<LevyOutput> => {
  const run = (url: string | null): Promise<LevyOutput> => {
    const input: LevyInput = { ...levy, url };
    return runTask<LevyOutput>('levy', input);
  };
  return beside ? withDatabase(run) : run(null);
};

async function measure(
  { effort, mutations, calls, subscribers, fairness, book, gap, levy, day }: Plan,
  options: ServerOptions,
): Promise<Results> {
  const version = await serverVersion();
  const machine = machineOf(version);
  if (version === undefined) process.stderr.write('No Postgres answers: there is nothing to compare with.\n');
  say('Deposits and trades, one Prisma row a transaction');
  const rival = version === undefined ? null : await rivalOf(mutations);
  say('Deposits and trades, the embedded house');
  const { replayed, ...embedded } = await embeddedOf(mutations, options);
  say('Deposits and trades, the house on Postgres');
  const postgres = version === undefined || effort === 'SMOKE' ? null : await onPostgresOf(mutations);
  say('Margin calls');
  const called = await withServer(options, (server) => measureCalls(server, calls));
  const scanned = version === undefined ? null : await scanOf(calls);
  say('Live subscribers');
  const reached = await withServer(options, (server) => measureSubscribers(server, subscribers));
  say('One payment beside floods of another key');
  const fair = await withServer(options, (server) => measureFairness(server, fairness));
  say('The book at every tick');
  const watched = await measureBook(book, version !== undefined);
  say('A gap that liquidates everybody');
  const gapOf = (ladder: boolean): Promise<GapOutput> =>
    runTask<GapOutput>('gap', { accounts: gap, ladder } satisfies GapInput);
  const fallen = [await gapOf(false), await gapOf(true)];
  say('A loss spread over every contributor');
  const levied = await levyOf(levy, version !== undefined);
  say(`The day ${day.day}, and its journal again`);
  const lived = await runTask<Replayed>('replay', day satisfies ReplayInput);
  return {
    commit: commitOf(),
    machine,
    effort,
    mutations: { rival, ...embedded, postgres },
    calls: { ...called, rival: scanned },
    subscribers: reached,
    fairness: fair,
    book: watched,
    gaps: fallen,
    levy: levied,
    replay: [
      { journal: 'deposits and trades', ...replayed },
      { journal: `${day.day}, ${day.clients} clients`, ...lived },
    ],
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      smoke: { type: 'boolean' },
      fairness: { type: 'boolean' },
      soak: { type: 'string' },
      keys: { type: 'string' },
      reads: { type: 'string' },
      profile: { type: 'string' },
    },
  });
  if (values.fairness) return fairnessAlone();
  if (values.soak !== undefined) return soak(Number(values.soak));
  if (values.keys !== undefined) return remember(Number(values.keys));
  if (values.reads !== undefined) return reads(Number(values.reads));
  const profile = values.profile === undefined ? {} : { profile: resolve(values.profile) };
  if (profile.profile) mkdirSync(profile.profile, { recursive: true });
  const results = await measure(values.smoke ? SMOKE : FULL, profile);
  if (values.smoke) process.stdout.write(`${(await readsOf(500, false)).map(readReportOf).join('\n\n')}\n\n`);
  process.stdout.write(`${reportOf(results)}\n\n${bookReportOf(results.book)}\n`);
  const file = join(__dirname, '..', 'bench', 'results.json');
  if (!values.smoke && !values.profile) writeFileSync(file, `${JSON.stringify(results, rounded, 2)}\n`);
}

async function fairnessAlone(): Promise<void> {
  say('One payment beside floods of another key');
  const found = await withServer({}, (server) => measureFairness(server, FULL.fairness));
  process.stdout.write(`${fairnessTable(found)}\n`);
}

const readEffortOf = (accounts: number): ReadEffort => ({
  ...{ accounts, members: 20, lines: 5 * accounts, asks: 40 },
  ...(accounts < 10_000 ? { idleSeconds: 1, listSeconds: 1 } : { idleSeconds: 10, listSeconds: 10 }),
});

async function readsOf(accounts: number, beside: boolean): Promise<ReadResults[]> {
  const effort = readEffortOf(accounts);
  say(`Questions to a full house of ${accounts} accounts, embedded`);
  const embedded = await measureReads(effort);
  if (!beside) return [embedded];
  say(`Questions to a full house of ${accounts} accounts, on Postgres`);
  return [embedded, await withDatabase((url) => measureReads(effort, url))];
}

async function reads(accounts: number): Promise<void> {
  if (!Number.isInteger(accounts) || accounts < 100) throw new Error(`Not a number of accounts: ${accounts}`);
  const version = await serverVersion();
  const found = {
    commit: commitOf(),
    machine: machineOf(version),
    stores: await readsOf(accounts, version !== undefined),
  };
  process.stdout.write(`${found.stores.map(readReportOf).join('\n\n')}\n`);
  writeFileSync(join(__dirname, '..', 'bench', 'reads.json'), `${JSON.stringify(found, rounded, 2)}\n`);
}

/**
 * MB that a thousand entries may leave behind. A house has to remember their keys and trade ids, about 0.1 MB with what
 * a hash table keeps free; a leak of whole entries was 3.4.
 */
const MOST_KEPT_PER_THOUSAND = 0.3;
/**
 * In a few minutes what a collection happens to leave weighs more: three minutes came to 0.20 where ten came to 0.135.
 */
const MOST_KEPT_IN_SHORT = 0.5;
const SHORT_MINUTES = 10;

async function soak(minutes: number): Promise<void> {
  if (!(minutes > 0)) throw new Error(`Not a number of minutes: ${minutes}`);
  const { first, last, perMinute, perThousand, byThread, requests } = await measureSoak(
    { accounts: 500, perSecond: 150, seconds: minutes * 60 },
    ({ seconds, kept, resident, entries }) =>
      say(
        `${seconds.toFixed(0)} s: ${kept.toFixed(1)} MB kept, ${resident.toFixed(0)} MB resident, ${entries} entries`,
      ),
  );
  const grows = perThousand > (minutes < SHORT_MINUTES ? MOST_KEPT_IN_SHORT : MOST_KEPT_PER_THOUSAND);
  const threads = Object.entries(byThread).map(([thread, megabytes]) => `${thread} ${megabytes.toFixed(3)}`);
  process.stdout.write(
    `${requests} requests: ${first.kept.toFixed(1)} MB kept at ${first.entries} entries, ${last.kept.toFixed(1)} ` +
      `MB at ${last.entries}: ` +
      `${perMinute.toFixed(2)} MB a minute, ${perThousand.toFixed(3)} MB a thousand entries: ` +
      `${grows ? 'it grows' : 'flat'}\n` +
      `  by thread, a thousand entries: ${threads.join(', ')}\n` +
      `  resident: ${first.resident.toFixed(0)} MB, then ${last.resident.toFixed(0)} MB\n`,
  );
  if (grows) process.exitCode = 1;
}

/** A Map of V8 ends at 2^24 entries, and needs a larger heap long before. */
const MOST_OF_A_MAP = 2_000_000;
const A_DAY = 100_000_000;

async function remember(keys: number): Promise<void> {
  if (!(keys > 100)) throw new Error(`Not a number of keys: ${keys}`);
  for (const input of [
    { keys, kept: 'RECALL' },
    { keys: Math.min(keys, MOST_OF_A_MAP), kept: 'MAP' },
  ] satisfies RememberedInput[]) {
    const { bytes, fill, turnOver, hit, worst } = await runTask<RememberedOutput>('remembered', input);
    process.stdout.write(
      `${input.kept === 'MAP' ? 'a Map' : 'the house'}, ${input.keys} keys: ${bytes.toFixed(1)} bytes a key, ` +
        `${fill.toFixed(2)} µs to note one, ` +
        `${turnOver.toFixed(2)} µs while as many are forgotten, ${hit.toFixed(2)} µs to find one, ` +
        `${worst.toFixed(1)} ms at worst; ` +
        `at 100 million a day that would be ${((bytes * A_DAY) / 1e9).toFixed(1)} GB (not measured, but bytes a ` +
        `key do not depend on how many)\n`,
    );
  }
}

/** Figures are not better known than to a hundredth. */
const rounded = (_name: string, value: unknown): unknown =>
  typeof value === 'number' ? Math.round(value * 100) / 100 : value;

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
