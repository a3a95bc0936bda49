/**
 * The stated bound: with so many accounts in one instrument, a tick with everything it decides takes no more than a
 * share of the time in which an exact scan revalues them all, measured on the same book in the same run.  Rule: RLM-1
 */

import { standingOfAccount } from '../../dist/core/margin/standing';
import { task } from '../task';
import { arm, createWorld, numbersFrom, tick } from './world';

export interface BoundInput {
  readonly accounts: number; // all of them hold the one instrument
  readonly ticks: number;
}

export interface BoundOutput {
  readonly accounts: number;
  readonly p50: number; // us a tick
  readonly p99: number;
  readonly scan: number; // us, to revalue everybody exactly
  readonly times: number; // scan over p99
  readonly bound: number; // what `times` may not fall below
}

/** The 99th percentile of a tick is at most a hundredth of an exact scan. */
const BOUND = 100;

task(async ({ accounts, ticks }: BoundInput): Promise<BoundOutput> => {
  const world = createWorld({ accounts, instruments: 1, seed: 5 });
  arm(world);
  const random = numbersFrom(6);
  const times = new Float64Array(ticks);
  for (let i = -ticks / 10; i < ticks; i++) {
    const now = world.ticks[0] as number;
    const to = Math.max(1, Math.round(now * (1 + random.normal() * 0.0002)));
    const began = performance.now();
    tick(world, 0, to);
    // Code that runs for the first time is not what a tick costs.
    if (i >= 0) times[Math.floor(i)] = performance.now() - began;
  }
  times.sort();
  const began = performance.now();
  let below = 0;
  for (let account = 0; account < accounts; account++)
    if (standingOfAccount(world.state, world.idOf(account)).equity < 0n) below += 1;
  const scan = 1000 * (performance.now() - began);
  if (below > accounts / 2) throw new Error('The book is not what it was made to be');
  const at = (share: number): number => 1000 * (times[Math.min(ticks - 1, Math.floor(share * ticks))] as number);
  return { accounts, p50: at(0.5), p99: at(0.99), scan, times: scan / at(0.99), bound: BOUND };
});
