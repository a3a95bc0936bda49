/**
 * The order of deleveraging in one instrument that many hold: what ranking a whole side takes, and the sorting in it
 * beside a plain sort of the same holders by their exact fractions, in the same run.  Rule: SL-5
 */

import { deleveragingPolicyOf } from '../../dist/core/reference/deleveragingPolicies';
import { byRank, rankedHolders, sortByRank } from '../../dist/core/risk/deleveragingRank';
import { cash } from '../../dist/units/quantity';
import { task } from '../task';
import { createWorld, numbersFrom, START } from './world';

export interface RankingInput {
  readonly accounts: number; // about half of them hold the instrument long
}

export interface RankingOutput {
  readonly holders: number; // on the side that is ranked
  readonly whole: number; // ms: scores and order
  readonly sort: number; // ms, of it
  readonly plain: number; // ms, the same order by exact fractions alone
  readonly times: number; // plain over sort
}

task(async ({ accounts }: RankingInput): Promise<RankingOutput> => {
  const world = createWorld({ accounts, instruments: 3, seed: 9 });
  const instrument = 'I-0';
  for (const [i, share] of [1.0307, 0.9989, 1.0111].entries()) world.setPrice(i, Math.round(START * share));
  // Not everybody holds a round amount.
  const random = numbersFrom(10);
  for (let account = 0; account < accounts; account++)
    world.state.book.addBalance(world.idOf(account), 'USD', cash(BigInt(random.below(1_000_003))));
  const policy = deleveragingPolicyOf(world.state, instrument);
  const rank = () => rankedHolders(world.state, { instrument, long: true, without: new Set() }, policy);
  rank(); // what runs for the first time is not what it costs
  const timed = <T>(work: () => T): [T, number] => {
    const began = performance.now();
    const result = work();
    return [result, performance.now() - began];
  };
  const [holders, whole] = timed(rank);
  // From the order of the book, which both begin with.
  const unsorted = [...holders].sort((a, b) => (a.account < b.account ? -1 : 1));
  const [fast, sort] = timed(() => sortByRank(unsorted));
  const [slow, plain] = timed(() => [...unsorted].sort(byRank));
  if (fast.some(({ account }, i) => account !== slow[i]?.account))
    throw new Error('The order is not that of the exact fractions');
  return { holders: holders.length, whole, sort, plain, times: plain / sort };
});
