/**
 * The middle of what sources say, each by its weight. An own venue never has more than a third of what counts.
 * Ruling 6; PS-4, FC-2, S08
 */

import { compare, type Price, price } from '../../units/quantity';
import { divHalfEven } from '../../units/rounding';
import type { PriceIndex, SourceId } from '../model/reference';

export interface Vote {
  readonly price: Price;
  readonly weight: bigint; // not below zero
}

interface Said {
  readonly source: SourceId;
  readonly price: Price;
}

/**
 * What is said, with its weight. Where others are silent and own venues would have more than a third of the rest, their
 * weights are cut in proportion until they have a third: alone they have none.
 */
export function votesOf({ weights }: PriceIndex, said: readonly Said[]): Vote[] {
  const terms = new Map((weights ?? []).map((entry) => [entry.source, entry]));
  const counted = said.map(({ source, price: quoted }) => {
    const { weight, ownVenue } = terms.get(source) ?? { weight: 1, ownVenue: false };
    return { price: quoted, weight: BigInt(weight), ownVenue };
  });
  const sumOf = (own: boolean): bigint =>
    counted.reduce((sum, { weight, ownVenue }) => (ownVenue === own ? sum + weight : sum), 0n);
  const [own, others] = [sumOf(true), sumOf(false)];
  if (own * 2n <= others) return counted;
  // All in the same parts, so that nothing is rounded: own venues together weigh half of what the others do.
  return counted.map(({ price: quoted, weight, ownVenue }) => ({
    price: quoted,
    weight: ownVenue ? weight * others : weight * own * 2n,
  }));
}

/**
 * The price at which half of the weight is reached; where it is reached exactly the mean of this one and the next, half
 * to even. With equal weights that is the plain median. Null where nothing has weight.
 */
export function medianOf(votes: readonly Vote[]): Price | null {
  const sorted = votes.filter(({ weight }) => weight > 0n).sort((a, b) => compare(a.price, b.price));
  const whole = sorted.reduce((sum, { weight }) => sum + weight, 0n);
  let reached = 0n;
  for (const [i, { price: middle, weight }] of sorted.entries()) {
    reached += weight;
    if (reached * 2n < whole) continue;
    const next = sorted[i + 1];
    return reached * 2n === whole && next ? price(divHalfEven(middle + next.price, 2n)) : middle;
  }
  return null;
}
