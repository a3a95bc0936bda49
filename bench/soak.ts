/**
 * A house under a steady mixed load, for as long as one likes: payments and trades with keys, lists, prices, questions
 * in the same and in ever new words, what is refused, sockets that come and go. What is measured is the memory it
 * keeps, and whether that grows. Resident memory tells little in minutes: it moves with garbage that nobody has
 * collected yet. So each thread says what it kept at its last full collection. A house grows by what it has to remember
 * of an entry.
 */

import { WebSocket } from 'ws';
import { type Api, ask, eachOf, mutate } from './client';
import { type BenchServer, startServer } from './server';
import {
  accountOf,
  buyOneEach,
  defineHouse,
  deposit,
  INSTRUMENT,
  issueKeys,
  openAccounts,
  PROVIDER,
  setMark,
} from './setup';

export interface SoakEffort {
  readonly accounts: number;
  readonly perSecond: number; // requests
  readonly seconds: number;
}

export interface Sample {
  readonly seconds: number; // since the load began
  readonly kept: number; // MB: what all threads keep after a full collection, and what they hold outside their heaps
  readonly threads: Readonly<Record<string, number>>; // MB: the same by thread, `engine` and `engine outside`
  readonly resident: number; // MB: with garbage, and with what the allocator does not give back
  readonly entries: number; // of the journal
}

export interface Soaked {
  readonly samples: readonly Sample[];
  readonly first: Sample; // where the house has warmed up
  readonly last: Sample;
  readonly perMinute: number; // MB kept, between these two, by the middle of what is near each
  readonly perThousand: number; // MB kept a thousand entries
  readonly byThread: Readonly<Record<string, number>>; // MB a thousand entries
  readonly requests: number;
}

const QUESTIONS = [
  (account: string) => ({
    query: `{ account(id: "${account}") { id health { equity maintenance } balances { amount } } }`,
    variables: {},
  }),
  (account: string) => ({
    query: 'query ($id: ID!) { account(id: $id) { id positions(first: 5) { nodes { instrument { id } size } } } }',
    variables: { id: account },
  }),
  () => ({ query: '{ marginCalls(first: 10) { totalCount nodes { id status amount } } }', variables: {} }),
  () => ({ query: '{ trades(first: 20) { nodes { id price size } } }', variables: {} }),
  () => ({ query: '{ conservation { holds } house { seq now } }', variables: {} }),
  // Words that were never used before: nothing may be kept of each for ever.
  (_account: string, n: number) => ({ query: `query Q${n} { a${n}: house { seq } }`, variables: {} }),
];

interface Hands {
  readonly admin: Api;
  readonly feed: Api;
  readonly accounts: readonly string[];
}

/** One request of the mixture, the n-th. */
async function act({ admin, feed, accounts }: Hands, n: number): Promise<void> {
  const account = accounts[n % accounts.length] as string;
  const other = accounts[(n + 7) % accounts.length] as string;
  const kind = n % 20;
  if (kind < 7) return mutate(admin, 'depositCollateral', { account, currency: 'USD', amount: '1.25' });
  if (kind < 11) {
    const [buyer, seller] = n % 40 < 20 ? [account, PROVIDER] : [PROVIDER, account];
    return mutate(feed, 'submitTrade', {
      trade: `soak-${n}`,
      instrument: INSTRUMENT,
      buyer,
      seller,
      price: '52000',
      size: '0.1',
    });
  }
  if (kind === 11) {
    const deposits = Array.from({ length: 20 }, (_, i) => ({
      account: accounts[(n + i) % accounts.length],
      currency: 'USD',
      amount: '0.01',
    }));
    return mutate(admin, 'depositCollateralBatch', { deposits });
  }
  if (kind === 12) return setMark(feed, (51_990 + (n % 21)).toString());
  if (kind === 13)
    return void (await mutate(admin, 'withdrawCollateral', {
      account: other,
      currency: 'USD',
      amount: '999999999',
    }).catch(() => undefined));
  if (kind === 14) return void (await ask(admin, `{ nothing${n} }`).catch(() => undefined));
  if (kind === 15) return visit(admin);
  const question = QUESTIONS[n % QUESTIONS.length]?.(account, n) as { query: string; variables: object };
  await ask(admin, question.query, { ...question.variables });
}

/** A reader that opens a socket, follows, and is gone without a word. */
function visit({ url, secret }: Api): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { perMessageDeflate: false });
    socket.once('open', () => {
      socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${secret}` } }));
      socket.send(
        JSON.stringify({
          id: '1',
          type: 'subscribe',
          payload: { query: 'subscription { markPrices { kind cursor } }' },
        }),
      );
      setTimeout(() => {
        socket.terminate();
        resolve();
      }, 300);
    });
    socket.once('error', reject);
  });
}

async function prepared(server: BenchServer, accounts: number): Promise<Hands> {
  const keys = await issueKeys(server.admin, 1);
  const [admin, feed] = [keys.admin[0], keys.feed[0]].map((secret) => ({
    url: server.admin.url,
    secret: secret as string,
  })) as [Api, Api];
  await defineHouse(admin, feed);
  const names = Array.from({ length: accounts }, (_, i) => accountOf(i));
  await openAccounts(admin, [...names, PROVIDER]);
  await deposit(admin, [...names.map((name) => [name, '20000.00'] as const), [PROVIDER, '100000000.00']]);
  await buyOneEach(feed, names);
  // Commands are taken before the read models can be asked.
  while (!(await fetch(new URL('/readyz', server.admin.url))).ok)
    await new Promise((resolve) => setTimeout(resolve, 100));
  return { admin, feed, accounts: names };
}

async function sampled(server: BenchServer, seconds: number): Promise<Sample> {
  const [resident, entries, live, outside] = await Promise.all([
    server.metric('process_resident_memory_bytes'),
    server.metric('novate_journal_seq'),
    server.threads('novate_thread_live_bytes'),
    server.threads('novate_thread_external_bytes'),
  ]);
  const outsideHeaps = Object.entries(outside).map(([thread, bytes]) => [`${thread} outside`, bytes] as const);
  const figures = [...Object.entries(live), ...outsideHeaps].map(([thread, bytes]) => [thread, bytes / 1e6] as const);
  const kept = figures.reduce((sum, [, megabytes]) => sum + megabytes, 0);
  return { seconds, kept, threads: Object.fromEntries(figures), resident: resident / 1e6, entries };
}

const middleOf = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

export async function measureSoak(
  { accounts, perSecond, seconds }: SoakEffort,
  tell: (sample: Sample) => void = () => undefined,
): Promise<Soaked> {
  // Nobody collects garbage that is not in the way: with little room for it, what grows is what is kept.
  const server = await startServer({ heapMegabytes: 256 });
  try {
    const hands = await prepared(server, accounts);
    const began = performance.now();
    const samples: Sample[] = [];
    const sample = async (): Promise<void> => {
      samples.push(await sampled(server, (performance.now() - began) / 1000));
      tell(samples.at(-1) as Sample);
    };
    const every = Math.max(1, seconds / 120);
    let next = 0;
    let requests = 0;
    while (performance.now() - began < seconds * 1000) {
      const tick = performance.now();
      const batch = Array.from({ length: perSecond }, (_, i) => requests + i);
      requests += perSecond;
      await eachOf(batch, 16, (n) => act(hands, n));
      if (tick - began >= next * every * 1000) {
        next += 1;
        await sample();
      }
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 1000 - (performance.now() - tick))));
    }
    await sample();
    return { ...growthOf(samples), samples, requests };
  } finally {
    await server.stop();
    await server.remove();
  }
}

/** From the second fifth to the last: what is there before is the house warming up. */
function growthOf(
  samples: readonly Sample[],
): Pick<Soaked, 'first' | 'last' | 'perMinute' | 'perThousand' | 'byThread'> {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  const of = (some: readonly Sample[]): Sample => {
    const middle = (figure: (sample: Sample) => number): number => middleOf(some.map(figure));
    const names = Object.keys(some.at(-1)?.threads ?? {});
    return {
      seconds: middle(({ seconds }) => seconds),
      kept: middle(({ kept }) => kept),
      threads: Object.fromEntries(names.map((name) => [name, middle(({ threads }) => threads[name] ?? 0)])),
      resident: middle(({ resident }) => resident),
      entries: middle(({ entries }) => entries),
    };
  };
  const [first, last] = [of(samples.slice(fifth, 2 * fifth)), of(samples.slice(-fifth))];
  const thousands = Math.max(1e-9, (last.entries - first.entries) / 1000);
  const grown = (thread: string): number => (last.threads[thread] ?? 0) - (first.threads[thread] ?? 0);
  return {
    ...{ first, last },
    perMinute: (last.kept - first.kept) / Math.max(1e-9, (last.seconds - first.seconds) / 60),
    perThousand: (last.kept - first.kept) / thousands,
    byThread: Object.fromEntries(Object.keys(last.threads).map((thread) => [thread, grown(thread) / thousands])),
  };
}
