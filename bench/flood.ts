/** A flood of one key, or of nobody's, from a process of its own: as fast as it is answered, refused or not. */

import autocannon = require('autocannon');

import type { FloodKind } from './fairness';
import { accountOf } from './setup';
import { task } from './task';

export interface Flood {
  readonly url: string;
  readonly secret: string;
  readonly kinds: readonly FloodKind[];
  readonly accounts: number;
  readonly connections: number; // of each kind
  readonly seconds: number;
}

export interface Flooded {
  readonly answered: number; // with what was asked for
  readonly refused: number;
}

let made = 0;

const payment = (accounts: number) => ({ account: accountOf(made++ % accounts), currency: 'USD', amount: '0.01' });

const LIST =
  'mutation ($input: DepositCollateralBatchInput!) { depositCollateralBatch(input: $input) { outcome items { ' +
  'outcome seq account { id status } } } }';
const SINGLE = 'mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { outcome seq } }';
const QUERY = `{ accounts(first: 100) { totalCount nodes { id owner status health { equity initial maintenance freeMargin }
  balances { currency amount } positions(first: 1) { nodes { size gain cost } } } } }`;

const BODIES: Readonly<Record<FloodKind, (accounts: number) => object>> = {
  payments: (accounts) => ({
    query: SINGLE,
    variables: { input: { idempotencyKey: `flood/${made}`, ...payment(accounts) } },
  }),
  lists: (accounts) => ({
    query: LIST,
    variables: {
      input: { idempotencyKey: `floods/${made}`, deposits: Array.from({ length: 1_000 }, () => payment(accounts)) },
    },
  }),
  queries: () => ({ query: QUERY }),
  // Each of them another one, as large as a document may be, and wrong at its end.
  documents: () => ({
    query: `{ ${Array.from({ length: 25 }, (_, i) => `f${i}_${made++}: viewer { id role }`).join(' ')} wrong }`,
  }),
  bodies: () => ({
    query: '{ __typename }',
    variables: { waste: Array.from({ length: 900 }, () => 'x'.repeat(1_000)) },
  }),
  strangers: () => ({
    query: '{ __typename }',
    variables: { waste: Array.from({ length: 900 }, () => 'x'.repeat(1_000)) },
  }),
};

/** Made beforehand where they are all the same: what sends should not be slower than what answers. */
const SAME: Partial<Record<FloodKind, string>> = {};

function bodyOf(kind: FloodKind, accounts: number): string {
  if (kind === 'payments' || kind === 'lists' || kind === 'documents') return JSON.stringify(BODIES[kind](accounts));
  SAME[kind] ??= JSON.stringify(BODIES[kind](accounts));
  return SAME[kind];
}

async function fire({ url, secret, accounts, connections, seconds }: Flood, kind: FloodKind): Promise<Flooded> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    timeout: 60,
    setupClient(each) {
      const key = kind === 'strangers' ? {} : { authorization: `Bearer ${secret}` };
      each.setHeaders({ 'content-type': 'application/json', ...key });
    },
    requests: [
      {
        method: 'POST',
        setupRequest(request) {
          request.body = bodyOf(kind, accounts);
          return request;
        },
      },
    ],
    verifyBody: () => true,
  });
  return { answered: result['2xx'], refused: result.non2xx + result.errors };
}

task(async (flood: Flood): Promise<Flooded> => {
  const all = await Promise.all(flood.kinds.map((kind) => fire(flood, kind)));
  return {
    answered: all.reduce((sum, { answered }) => sum + answered, 0),
    refused: all.reduce((sum, { refused }) => sum + refused, 0),
  };
});
