/**
 * The fast book: what a tick costs at three sizes, beside rivals on the same book, and the proof that nothing is
 * missed.
 */

import type { BoundInput, BoundOutput } from './book/bound';
import type { ExactnessInput, ExactnessOutput } from './book/exactness';
import type { RankingInput, RankingOutput } from './book/ranking';
import type { RivalsInput, RivalsOutput } from './book/rivals';
import type { TicksInput, TicksOutput } from './book/ticks';
import { withDatabase } from './database';
import { type ProofEffort, type ProofResult, proveByOracle } from './proof';
import { runTask } from './task';

export interface BookEffort {
  readonly sizes: readonly number[]; // accounts, ascending
  readonly ticks: number;
  readonly crash: number; // ticks of a crash, at the largest size
  readonly checks: number; // of each path
  readonly ties: number; // of each path
  readonly proof: ProofEffort;
  readonly slowTicks: number; // of slow rivals
  readonly bound: BoundInput;
  readonly ranked: number; // accounts, of which one side in one instrument is ranked
}

export interface BookResults {
  readonly empty: TicksOutput['normal']; // the same engine with nobody in the book
  readonly sizes: readonly TicksOutput[];
  readonly exponent: number; // of the mean time of a tick in the number of accounts
  readonly rivals: RivalsOutput & { readonly accounts: number };
  readonly exactness: readonly ExactnessOutput[];
  readonly proof: ProofResult;
  readonly bound: BoundOutput;
  readonly ranking: RankingOutput;
}

export async function measureBook(effort: BookEffort, hasDatabase: boolean): Promise<BookResults> {
  const { sizes, ticks, crash, checks, ties, slowTicks } = effort;
  const largest = sizes.at(-1) as number;
  const empty = await runTask<TicksOutput>('book/ticks', {
    accounts: 0,
    ticks,
    crash: 0,
    snapshot: false,
  } satisfies TicksInput);
  const measured: TicksOutput[] = [];
  for (const accounts of sizes) {
    const input: TicksInput = {
      accounts,
      ticks,
      crash: accounts === largest ? crash : 0,
      snapshot: accounts === largest,
    };
    measured.push(await runTask<TicksOutput>('book/ticks', input));
  }
  const rivalsOf = (url: string | null): Promise<RivalsOutput> =>
    runTask<RivalsOutput>('book/rivals', { url, accounts: largest, ticks: 2_000, slowTicks } satisfies RivalsInput);
  const rivals = hasDatabase ? await withDatabase(rivalsOf) : await rivalsOf(null);
  const exactness: ExactnessOutput[] = [];
  for (const path of ['NORMAL', 'WILD', 'CRASH'] as const) {
    const input: ExactnessInput = { accounts: 500, instruments: 20, checks, ties, path, seed: 7 };
    exactness.push(await runTask<ExactnessOutput>('book/exactness', input));
  }
  const [first, last] = [measured[0], measured.at(-1)] as [TicksOutput, TicksOutput];
  const exponent = Math.log(last.normal.mean / first.normal.mean) / Math.log(last.accounts / first.accounts);
  const bound = await runTask<BoundOutput>('book/bound', effort.bound);
  if (bound.times < bound.bound)
    throw new Error(
      `A tick over ${bound.accounts} accounts takes a ${bound.times.toFixed(0)}th of a scan, not the ` +
        `${bound.bound}th that is stated`,
    );
  const ranking = await runTask<RankingOutput>('book/ranking', { accounts: effort.ranked } satisfies RankingInput);
  const proof = proveByOracle(effort.proof);
  if (exactness.some(({ differences }) => differences > 0)) throw new Error('The triggers and the scan differ');
  return {
    empty: empty.normal,
    sizes: measured,
    exponent: Number.isFinite(exponent) ? exponent : 0,
    rivals: { ...rivals, accounts: largest },
    exactness,
    proof,
    bound,
    ranking,
  };
}
