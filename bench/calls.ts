/**
 * From a mark price to the margin call it causes: from the moment the feed sends the price over HTTP to the moment the
 * message is in the hands of a subscriber on a WebSocket, both outside the house. Every account holds the instrument,
 * so every price concerns all of them; each price puts one account, known beforehand, below its call level.
 */

import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import type { Api } from './client';
import { type Percentiles, percentilesOf } from './figures';
import type { Load, Loaded } from './load';
import type { BenchServer } from './server';
import {
  accountOf,
  buyOneEach,
  collateralAt,
  defineHouse,
  deposit,
  issueKeys,
  type Keys,
  openAccounts,
  PROVIDER,
  setMark,
} from './setup';
import { runTask } from './task';

export interface CallEffort {
  readonly accounts: number;
  readonly prices: number; // that cause a call each
  readonly together: number; // accounts that one price calls at once
  readonly load: { readonly connections: number; readonly seconds: number; readonly warmUp: number };
}

export interface CallTimes {
  readonly accounts: number;
  readonly quiet: Percentiles; // ms, nothing else going on
  readonly loaded: Percentiles; // ms, while payments come in on many connections
  readonly beside: number; // payments a second, meanwhile
  // ms, one price that calls many
  readonly together: { readonly calls: number; readonly first: number; readonly last: number };
}

/** Marks fall by this much from one price to the next. */
const STEP = 4;
const FIRST = 50_600;

const priceOf = (i: number): number => FIRST - STEP * i;

/**
 * Collateral with which an account that bought one contract at the first mark falls below maintenance between two
 * prices.
 */
const depositFor = (i: number): string => collateralAt(priceOf(i) + STEP / 2);

export async function measureCalls(server: BenchServer, effort: CallEffort): Promise<CallTimes> {
  const { accounts, prices, together, load } = effort;
  const { admin } = server;
  const keys = await issueKeys(admin, load.connections);
  const feed = { url: admin.url, secret: keys.feed[0] as string };
  await defineHouse(admin, feed);
  const names = Array.from({ length: accounts }, (_, i) => accountOf(i));
  await openAccounts(admin, [...names, PROVIDER]);
  // Two accounts that will be called for every price measured, then those that one price calls together, then the rest.
  const fallsAt = (i: number): string =>
    i < 2 * prices ? depositFor(i) : i < 2 * prices + together ? depositFor(2 * prices) : '40000';
  await deposit(admin, [[PROVIDER, '400000000'], ...names.map((name, i) => [name, fallsAt(i)] as const)]);
  await buyOneEach(feed, names);
  await setMark(feed, String(FIRST + STEP));
  await server.caughtUp();

  const listener = listenForCalls(admin);
  try {
    await listener.opened;
    const one = async (i: number): Promise<number> => {
      const took = await listener.time(1, () => setMark(feed, String(priceOf(i))), accountOf(i));
      await deposit(admin, [[accountOf(i), '40000']]); // out of the way of the prices to come
      return took.last;
    };
    const quiet: number[] = [];
    for (let i = 0; i < prices; i++) quiet.push(await one(i));
    let loading = true;
    const besides = underLoad(admin, keys, effort).finally(() => {
      loading = false;
    });
    const loaded: number[] = [];
    while (loading && loaded.length < prices) loaded.push(await one(prices + loaded.length));
    const { perSecond } = await besides;
    // Nobody is left between the last price and the one that calls many.
    await deposit(
      admin,
      names.slice(prices + loaded.length, 2 * prices).map((name) => [name, '40000']),
    );
    await server.caughtUp();
    const many = await listener.time(together, () => setMark(feed, String(priceOf(2 * prices))));
    return {
      accounts,
      quiet: percentilesOf(quiet),
      loaded: percentilesOf(loaded),
      beside: perSecond,
      together: { calls: together, ...many },
    };
  } finally {
    await listener.close();
  }
}

/** Payments, one a request, into the accounts that no price comes near. */
function underLoad({ url }: Api, keys: Keys, { accounts, load }: CallEffort): Promise<Loaded> {
  const { connections, seconds, warmUp } = load;
  const given: Load = {
    ...{ url, kind: 'deposits', items: 1, connections, seconds, warmUp, run: 'beside-calls' },
    secrets: keys.admin,
    accounts: { first: accounts >> 1, count: accounts >> 1 },
  };
  return runTask<Loaded>('load', given);
}

interface Times {
  readonly first: number; // ms
  readonly last: number;
}

interface Listener {
  readonly opened: Promise<void>;
  /** Does something and waits for so many calls: how long after its beginning they came. */
  time(calls: number, cause: () => Promise<void>, account?: string): Promise<Times>;
  close(): Promise<void>;
}

interface Message {
  readonly marginCalls: { readonly kind: string; readonly type: string | null; readonly accountId: string | null };
}

const QUERY = 'subscription { marginCalls(snapshot: true) { kind type accountId amount deadline } }';
const PATIENCE = 60_000;

function listenForCalls({ url, secret }: Api): Listener {
  const client: Client = createClient({
    url: url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${secret}` },
    retryAttempts: 0,
  });
  let heard: (account: string, at: number) => void = () => undefined;
  let failed: (error: unknown) => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    client.subscribe<Message>(
      { query: QUERY },
      {
        next({ data }) {
          const at = performance.now();
          if (!data) return failed(new Error('A message without data'));
          const { kind, type, accountId } = data.marginCalls;
          if (kind === 'HEARTBEAT')
            resolve(); // after how things stood: from here on nothing is missed
          else if (type === 'MARGIN_CALL_ISSUED' && accountId !== null) heard(accountId, at);
        },
        error: (error) => failed(error),
        complete: () => failed(new Error('The stream has ended')),
      },
    );
  });
  return {
    opened,
    time(calls, cause, account) {
      return new Promise((resolve, reject) => {
        const began = performance.now();
        const timer = setTimeout(
          () => reject(new Error(`${calls} calls did not come within ${PATIENCE} ms`)),
          PATIENCE,
        );
        failed = reject;
        let [count, first] = [0, 0];
        heard = (who, at) => {
          if (account !== undefined && who !== account)
            return reject(new Error(`${who} was called instead of ${account}`));
          if (count++ === 0) first = at - began;
          if (count < calls) return;
          clearTimeout(timer);
          heard = () => undefined;
          sent.then(() => resolve({ first, last: at - began }), reject);
        };
        const sent = cause();
        sent.catch(reject);
      });
    },
    close: async () => client.dispose(),
  };
}
