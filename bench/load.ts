/**
 * Load on a house from a process of its own: so many connections, each with a key, one mutation after the other on
 * each.
 */

import autocannon = require('autocannon');

import { accountOf, INSTRUMENT, MARK } from './setup';
import { task } from './task';

export type Kind = 'deposits' | 'trades';

export interface Load {
  readonly url: string;
  readonly secrets: readonly string[];
  readonly kind: Kind;
  readonly items: number; // of a list; 1: without a list
  readonly accounts: { readonly first: number; readonly count: number };
  readonly connections: number;
  readonly seconds: number;
  readonly warmUp: number; // seconds that are not counted
  readonly run: string; // makes keys and ids of this run its own
}

export interface Loaded {
  readonly mutations: number; // accepted while it was counted
  readonly accepted: number; // warming up included
  readonly perSecond: number;
  readonly p50: number; // ms a request
  readonly p99: number;
}

const ANSWER = 'outcome items { outcome seq rejections { code } }';

const DOCUMENTS: Readonly<Record<Kind, readonly [single: string, list: string]>> = {
  deposits: [
    'mutation ($input: DepositCollateralInput!) { answer: depositCollateral(input: $input) { outcome seq ' +
      'rejections { code } } }',
    `mutation ($input: DepositCollateralBatchInput!) { answer: depositCollateralBatch(input: $input) { ${ANSWER} } }`,
  ],
  trades: [
    'mutation ($input: SubmitTradeInput!) { answer: submitTrade(input: $input) { outcome seq rejections { code } } }',
    `mutation ($input: SubmitTradesInput!) { answer: submitTrades(input: $input) { ${ANSWER} } }`,
  ],
};

let made = 0;

/**
 * The next payment or trade. Round and round every account buys as much as it sells, so that none runs out of margin.
 */
function nextItem({ kind, accounts, run }: Load): object {
  const n = made++;
  const account = accountOf(accounts.first + (n % accounts.count));
  if (kind === 'deposits') return { account, currency: 'USD', amount: '1.25' };
  const seller = accountOf(accounts.first + ((n + 1) % accounts.count));
  return { trade: `${run}-${n}`, instrument: INSTRUMENT, buyer: account, seller, price: MARK, size: '0.1' };
}

function nextBody(load: Load): string {
  const { kind, items, run } = load;
  const idempotencyKey = `${run}/${made}`;
  const [single, list] = DOCUMENTS[kind];
  if (items === 1)
    return JSON.stringify({ query: single, variables: { input: { idempotencyKey, ...nextItem(load) } } });
  const field = kind === 'deposits' ? 'deposits' : 'trades';
  const given = Array.from({ length: items }, () => nextItem(load));
  return JSON.stringify({ query: list, variables: { input: { idempotencyKey, [field]: given } } });
}

/** The answer begins with whether all of it was accepted. */
const accepted = (body: string): boolean => body.startsWith('{"data":{"answer":{"outcome":"DONE"');

async function fire(load: Load, seconds: number) {
  let client = 0;
  const result = await autocannon({
    url: load.url,
    connections: load.connections,
    duration: seconds,
    timeout: 60,
    setupClient(each) {
      const secret = load.secrets[client++ % load.secrets.length] as string;
      each.setHeaders({ 'content-type': 'application/json', authorization: `Bearer ${secret}` });
    },
    requests: [
      {
        method: 'POST',
        setupRequest(request) {
          request.body = nextBody(load);
          return request;
        },
      },
    ],
    verifyBody: accepted,
  });
  const bad = result.non2xx + result.mismatches + result.errors;
  if (bad > 0) throw new Error(`${bad} of ${result['2xx'] + bad} requests were not accepted`);
  return result;
}

task(async (load: Load): Promise<Loaded> => {
  const before = await fire(load, load.warmUp);
  const result = await fire(load, load.seconds);
  const mutations = result['2xx'] * load.items;
  return {
    mutations,
    accepted: mutations + before['2xx'] * load.items,
    perSecond: mutations / result.duration,
    p50: result.latency.p50,
    p99: result.latency.p99,
  };
});
