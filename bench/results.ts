/** What the benchmark found, as it is written to `results.json`, and the machine it was found on. */

import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import type { BookResults } from './book';
import type { CallTimes } from './calls';
import type { Fairness } from './fairness';
import type { Percentiles } from './figures';
import type { GapOutput } from './gap';
import type { LevyOutput } from './levy';
import type { Throughput } from './mutations';
import type { Replayed } from './replay';
import type { Rivalled } from './rival';
import type { SubscriberTimes } from './subscribers';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGiB: number;
  readonly node: string;
  readonly postgres: string | null;
  readonly busyBefore: number; // load average of the minute before: what else was going on
}

export interface Results {
  readonly commit: string;
  readonly machine: Machine;
  readonly effort: 'FULL' | 'SMOKE';
  readonly mutations: {
    readonly rival: { readonly deposits: Rivalled; readonly trades: Rivalled } | null; // one row a transaction
    readonly embedded: readonly Throughput[];
    readonly postgres: readonly Throughput[] | null;
    readonly acknowledged: number; // by the embedded house, before it was killed
    readonly journaled: number; // found in its journal afterwards
  };
  readonly calls: CallTimes & { readonly rival: Percentiles | null };
  readonly subscribers: SubscriberTimes;
  readonly fairness: Fairness;
  readonly book: BookResults;
  readonly gaps: readonly GapOutput[]; // without a ladder, and on one
  readonly levy: LevyOutput;
  readonly replay: readonly (Replayed & { readonly journal: string })[];
}

export const machineOf = (postgres: string | undefined): Machine => ({
  cores: cpus().length,
  processor: cpus()[0]?.model ?? 'unknown',
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.versions.node,
  postgres: postgres ?? null,
  busyBefore: loadavg()[0] ?? 0,
});

/** The commit that was measured, marked where the tree differs from it. */
export function commitOf(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty', '--exclude', '*'], {
      cwd: __dirname,
      encoding: 'utf8',
    }).trim();
  } catch {
    return 'unknown';
  }
}
