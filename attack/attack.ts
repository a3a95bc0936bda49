/**
 * What an attack is: a name, a sentence, and a bounded run against a house that can be reached. All are decided by a
 * seed.
 */

import { createRandom, type Random } from '../src/interop/random';

export interface Target {
  readonly url: string; // of the endpoint
  readonly host: string;
  readonly port: number;
  readonly secret: string; // of a key that reads everything
}

export interface Effort {
  readonly seed: number;
  readonly strikes: number; // at most
  readonly seconds: number; // after which no further strike begins
}

export interface Outcome {
  readonly strikes: number;
  readonly failures: readonly string[]; // what should not have happened; the first few
  readonly skipped?: string; // why nothing was tried
}

/**
 * Some need another house than the one they are shown, one whose machine they can spoil: they start it, and judge it
 * too.
 */
export interface Attack {
  readonly name: string;
  readonly sentence: string; // what is tried
  run(target: Target, effort: Effort): Promise<Outcome>;
}

const AT_ONCE = 16;
const MOST_FAILURES = 10;

/**
 * Strikes again and again, several at once. Each is made from a number of its own, so that one that fails can be
 * repeated.
 */
export async function strikeAll(
  effort: Effort,
  strike: (random: Random, nth: number) => Promise<string | undefined>,
): Promise<Outcome> {
  const { seed, strikes, seconds } = effort;
  const until = performance.now() + seconds * 1_000;
  const failures: string[] = [];
  let begun = 0;
  async function work(): Promise<void> {
    while (begun < strikes && performance.now() < until) {
      const nth = begun++;
      const failure = await strike(createRandom(seed * 1_000_003 + nth), nth);
      if (failure !== undefined && failures.length < MOST_FAILURES)
        failures.push(`strike ${nth} of seed ${seed}: ${failure}`);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { strikes: begun, failures };
}
