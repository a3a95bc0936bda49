/**
 * What a flood of one key does to a single payment of another: its median beside the quiet one, for each kind of flood
 * and for all of them at once. The bar is three times the quiet median.
 */

import { ask } from './client';
import { type Percentiles, percentilesOf } from './figures';
import type { Flood, Flooded } from './flood';
import type { BenchServer } from './server';
import { accountOf, brokerKeys, defineHouse, deposit, issueKeys, openAccounts } from './setup';
import { runTask } from './task';

export const FLOODS = ['payments', 'lists', 'queries', 'documents', 'bodies', 'strangers'] as const;
export type FloodKind = (typeof FLOODS)[number];

export interface FairnessEffort {
  readonly accounts: number;
  readonly payments: number; // that are timed when all is quiet
  readonly connections: number; // of each kind of flood
  readonly seconds: number; // of each flood
}

export interface Fair extends Flooded {
  readonly flood: FloodKind | 'all of them';
  readonly payments: Percentiles; // ms, of the other key
  readonly times: number; // as long as when all is quiet, at the median
}

export interface Fairness {
  readonly quiet: Percentiles;
  readonly floods: readonly Fair[];
}

/** Times as long as when all is quiet that a payment of another may take, at the median. */
export const FAIR = 3;

const PAYMENT = 'mutation ($input: DepositCollateralInput!) { depositCollateral(input: $input) { outcome seq } }';
const PAUSE_MS = 5;

export async function measureFairness(
  server: BenchServer,
  { accounts, payments, connections, seconds }: FairnessEffort,
): Promise<Fairness> {
  const { admin } = server;
  const keys = await issueKeys(admin, 1);
  await defineHouse(admin, { url: admin.url, secret: keys.feed[0] as string });
  const [flooder = '', other = ''] = await brokerKeys(admin, 2);
  const names = Array.from({ length: accounts }, (_, i) => accountOf(i));
  await openAccounts(admin, names);
  await deposit(
    admin,
    names.map((name) => [name, '1000']),
  );
  await server.caughtUp();

  let sent = 0;
  async function pay(): Promise<number> {
    const began = performance.now();
    const input = {
      account: accountOf(sent % accounts),
      currency: 'USD',
      amount: '0.01',
      idempotencyKey: `fair/${sent++}`,
    };
    await ask({ url: admin.url, secret: other }, PAYMENT, { input });
    const took = performance.now() - began;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    return took;
  }
  async function payWhile(more: (count: number) => boolean): Promise<Percentiles> {
    const took: number[] = [];
    while (more(took.length)) took.push(await pay());
    return percentilesOf(took);
  }

  await payWhile((count) => count < payments); // warming up
  const quiet = await payWhile((count) => count < payments);
  async function under(flood: Fair['flood'], kinds: readonly FloodKind[]): Promise<Fair> {
    let flooding = true;
    const given: Flood = { url: admin.url, secret: flooder, kinds, accounts, connections, seconds };
    const flooded = runTask<Flooded>('flood', given).finally(() => {
      flooding = false;
    });
    await new Promise((resolve) => setTimeout(resolve, 700)); // until it has begun
    const timed = await payWhile(() => flooding);
    return { flood, payments: timed, times: timed.p50 / quiet.p50, ...(await flooded) };
  }
  const floods: Fair[] = [];
  for (const kind of FLOODS) floods.push(await under(kind, [kind]));
  floods.push(await under('all of them', FLOODS));
  return { quiet, floods };
}
