/**
 * Margin calls on their way to thousands of live subscribers of one broker. They all ask the same, so the house makes
 * what it says once for all of them; the rival is the same house with as many subscribers that each ask in words of
 * their own.
 */

import type { Percentiles } from './figures';
import type { BenchServer } from './server';
import {
  accountOf,
  brokerKeys,
  buyOneEach,
  collateralAt,
  defineHouse,
  deposit,
  issueKeys,
  openAccounts,
  PROVIDER,
  setMark,
} from './setup';
import type { Calling, Manner, SocketsInput, SocketsOutput } from './sockets';
import { runTask } from './task';

export interface SubscriberEffort {
  readonly subscribers: number;
  readonly prices: number; // that cause a call each
  readonly together: number; // accounts that one price calls at once
  readonly seconds: number; // after which no more prices are sent
}

export interface Reached {
  readonly opening: number; // seconds, for all sockets
  readonly prices: number; // that caused a call each
  readonly messages: Percentiles; // ms from sending a price to the arrival of each message it caused
  readonly together: number; // calls of one price, for the rate
  readonly perSecond: number; // messages
  readonly perExecution: number; // messages
}

export interface SubscriberTimes {
  readonly asked: number; // subscribers that were to be
  readonly subscribers: number; // for whom there were files
  readonly shared: Reached;
  readonly alone: Reached; // one execution for each
  readonly own: Reached; // each follows an account of its own: a call reaches one of them
}

/** Marks fall by this much from one price to the next: all of them together amend no call. */
const STEP = 2;
const FIRST = 50_600;
const WARM_UPS = 2;
const KEYS = 20;
/** Files a process has open besides its sockets. */
const OTHER_FILES = 500;

export async function measureSubscribers(server: BenchServer, effort: SubscriberEffort): Promise<SubscriberTimes> {
  const { admin } = server;
  const subscribers = Math.min(effort.subscribers, filesAllowed() - OTHER_FILES);
  if (subscribers < effort.subscribers)
    process.stderr.write(`A process may open ${filesAllowed()} files here (ulimit -n): ${subscribers} subscribers.\n`);
  const keys = await issueKeys(admin, 1);
  const feed = { url: admin.url, secret: keys.feed[0] as string };
  await defineHouse(admin, feed);
  const secrets = await brokerKeys(admin, KEYS);
  const callings = [callingsOf(effort, 0), callingsOf(effort, 1), callingsOf(effort, 2)] as const;
  const levels = callings.flat().flatMap(({ price, calls }) => Array<number>(calls).fill(Number(price) + STEP / 2));
  const names = levels.map((_, i) => accountOf(i));
  const silent = Array.from({ length: Math.max(subscribers - names.length, 0) }, (_, i) => accountOf(names.length + i));
  await openAccounts(admin, [...names, ...silent, PROVIDER]);
  await deposit(admin, [
    [PROVIDER, '400000000'],
    ...names.map((name, i) => [name, collateralAt(levels[i] as number)] as const),
  ]);
  await buyOneEach(feed, names);
  await setMark(feed, String(FIRST + STEP));
  await server.caughtUp();
  const follow = async (manner: Manner, [first, ...rest]: Calling[], left: number): Promise<Reached> => {
    // The first price also calls whom the round before it has not come to.
    const callings = [{ ...(first as Calling), calls: (first as Calling).calls + left }, ...rest];
    const [warmUp, [burst, ...series]] = [callings.slice(0, WARM_UPS), callings.slice(WARM_UPS)];
    const input: SocketsInput = {
      ...{ url: admin.url, feed, secrets, subscribers, manner, seconds: effort.seconds },
      ...{ warmUp, burst: burst as Calling, series },
    };
    const before = await server.metric('novate_stream_executions');
    const { received, ...times } = await runTask<SocketsOutput>('sockets', input);
    const executions = (await server.metric('novate_stream_executions')) - before;
    if (manner === 'SHARED' ? executions > received / 2 : executions < received)
      throw new Error(`${received} messages to ${subscribers} subscribers took ${executions} executions`);
    return { ...times, together: effort.together, perExecution: received / executions };
  };
  const shared = await follow('SHARED', callings[0], 0);
  const alone = await follow('ALONE', callings[1], effort.prices - shared.prices);
  const own = await follow('OWN', callings[2], effort.prices - alone.prices);
  return { asked: effort.subscribers, subscribers, shared, alone, own };
}

/**
 * The prices of a round, each below all prices before it: some that warm up, one that calls many, those that call one.
 */
function callingsOf({ prices, together }: SubscriberEffort, round: number): Calling[] {
  const calls = [...Array<number>(WARM_UPS).fill(1), together, ...Array<number>(prices).fill(1)];
  return calls.map((count, i) => ({ price: String(FIRST - STEP * (round * calls.length + i)), calls: count }));
}

interface Limited {
  readonly userLimits?: { readonly open_files?: { readonly soft: number | 'unlimited' } };
}

/** How many files a process may have open, sockets among them. */
function filesAllowed(): number {
  const { userLimits } = process.report.getReport() as Limited;
  const soft = userLimits?.open_files?.soft;
  return typeof soft === 'number' ? soft : Number.POSITIVE_INFINITY;
}
