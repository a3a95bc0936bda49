/** Random numbers for tests, the same on every run: a 32-bit generator (mulberry32) from a seed. */

export interface Random {
  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number;
  /** A whole number between the two, both included. */
  between(least: number, most: number): number;
  /** A non-negative integer of at most `bits` bits. */
  bits(bits: number): bigint;
  /** The same with either sign. */
  signed(bits: number): bigint;
  chance(percent: number): boolean;
  pick<T>(items: readonly T[]): T;
}

export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return (z ^ (z >>> 14)) >>> 0;
  };
  const random: Random = {
    below: (limit) => next() % limit,
    between: (least, most) => least + random.below(most - least + 1),
    bits(bits) {
      let value = 0n;
      for (let have = 0; have < bits; have += 32) value = (value << 32n) | BigInt(next());
      return value & ((1n << BigInt(bits)) - 1n);
    },
    signed: (bits) => (random.below(2) === 0 ? random.bits(bits) : -random.bits(bits)),
    chance: (percent) => random.below(100) < percent,
    pick: (items) => items[random.below(items.length)] as (typeof items)[number],
  };
  return random;
}
