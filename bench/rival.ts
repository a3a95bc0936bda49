/**
 * The rival: what a service would do that keeps its facts in Postgres through Prisma, one row a transaction. It is
 * spared everything else: no HTTP, no GraphQL, no check of margin, no balance to move, no entry that says why.
 */

import { openPostgres } from '../dist/store/client';
import { migrate } from '../dist/store/migrate';
import type { Kind } from './load';
import { accountOf, INSTRUMENT, MARK } from './setup';
import { task } from './task';

export interface Rival {
  readonly url: string; // of an empty database
  readonly kind: Kind;
  readonly accounts: number;
  readonly connections: number;
  readonly seconds: number;
  readonly warmUp: number;
}

export interface Rivalled {
  readonly connections: number;
  readonly rows: number;
  readonly perSecond: number;
}

task(async ({ url, kind, accounts, connections, seconds, warmUp }: Rival): Promise<Rivalled> => {
  const store = await openPostgres(url, { connections });
  try {
    await migrate(store);
    const { prisma } = store;
    let seq = kind === 'deposits' ? 0 : 1_000_000_000;
    const write = async (): Promise<void> => {
      const n = seq++;
      const common = { seq: BigInt(n), place: 0, at: new Date() };
      const account = accountOf(n % accounts);
      if (kind === 'deposits') {
        const data = {
          ...common,
          from: 'outside',
          to: `account/${account}`,
          currency: 'USD',
          amount: '1.25',
          reason: 'DEPOSIT',
        };
        await prisma.ledgerTransfer.create({ data });
      } else {
        const parties = { buyerId: account, sellerId: accountOf((n + 1) % accounts) };
        const data = {
          ...common,
          ...parties,
          id: `trade-${n}`,
          instrumentId: INSTRUMENT,
          price: MARK,
          size: '0.1',
          liquidation: false,
        };
        await prisma.trade.create({ data });
      }
    };
    await during(warmUp, connections, write);
    const rows = await during(seconds, connections, write);
    return { connections, rows, perSecond: rows / seconds };
  } finally {
    await store.close();
  }
});

/** How often the work was done within the time, so many at once. */
async function during(seconds: number, atOnce: number, work: () => Promise<void>): Promise<number> {
  const end = performance.now() + seconds * 1000;
  let done = 0;
  const hand = async (): Promise<void> => {
    for (;;) {
      await work();
      if (performance.now() > end) return;
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, hand));
  return done;
}
