/**
 * Splitting an amount into parts that sum to it, exactly and in one way only: largest remainder, ties by id.
 * The one place where money is ever divided among several.
 */

import { assert } from './failure';
import { compare, total } from './quantity';

export interface Claim<Q extends bigint> {
  readonly id: string;
  readonly weight: bigint; // never negative
  readonly cap?: Q; // at most this much, where a limit applies
}

/**
 * Shares of `amount` in proportion to the weights, in the order of the claims.  Rule: SL-2, LF-2, DS-5.
 * Each share is its exact proportion rounded down, plus at most one unit; units left over go to the largest remainders,
 * ties to the smaller id. With no weight at all nothing can be split, which is a bug of the caller.
 */
export function allocate<Q extends bigint>(amount: Q, claims: readonly Claim<Q>[]): Q[] {
  assert(amount >= 0n, 'Only amounts of zero or more are allocated', { amount });
  const weights = total(claims.map((claim) => claim.weight));
  if (amount === 0n) return claims.map(() => 0n as Q);
  assert(weights > 0n, 'Nothing to allocate to', { amount });

  const shares = claims.map((claim) => (amount * claim.weight) / weights);
  const rest = claims.map((claim, i) => amount * claim.weight - (shares[i] as bigint) * weights);
  let left = amount - total(shares);
  for (const i of byLargestRemainder(claims, rest)) {
    if (left === 0n) break;
    shares[i] = (shares[i] as bigint) + 1n;
    left -= 1n;
  }
  return shares as Q[];
}

/**
 * As `allocate`, but nobody gets more than their cap: what a capped claim cannot take is spread again over the others,
 * until everything is placed or every cap is reached. Returns the shares and what nobody could take.  Rule: SL-2, SL-3.
 */
export function allocateCapped<Q extends bigint>(amount: Q, claims: readonly Claim<Q>[]): { shares: Q[]; left: Q } {
  const shares = claims.map(() => 0n as Q);
  const room = (i: number): bigint => {
    const cap = claims[i]?.cap;
    return cap === undefined ? amount : cap - (shares[i] as bigint);
  };
  let left: bigint = amount;
  let open = claims.map((_, i) => i).filter((i) => (claims[i]?.weight ?? 0n) > 0n && room(i) > 0n);
  while (left > 0n && open.length > 0) {
    const round = allocate(
      left as Q,
      open.map((i) => claims[i] as Claim<Q>),
    );
    const full = new Set(open.filter((i, n) => (round[n] as bigint) >= room(i)));
    // Capped claims are filled first and leave; only when none is capped does the round stand as it is.
    open.forEach((i, n) => {
      const part = full.has(i) ? room(i) : full.size > 0 ? 0n : (round[n] as bigint);
      shares[i] = ((shares[i] as bigint) + part) as Q;
      left -= part;
    });
    open = full.size > 0 ? open.filter((i) => !full.has(i)) : [];
  }
  return { shares, left: left as Q };
}

function byLargestRemainder(claims: readonly Claim<bigint>[], rest: readonly bigint[]): number[] {
  const order = claims.map((_, i) => i).filter((i) => (rest[i] as bigint) > 0n);
  return order.sort(
    (a, b) => compare(rest[b] as bigint, rest[a] as bigint) || compare(idOf(claims, a), idOf(claims, b)),
  );
}

const idOf = (claims: readonly Claim<bigint>[], i: number): string => claims[i]?.id ?? '';
