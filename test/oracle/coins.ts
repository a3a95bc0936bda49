/** What the oracle knows of collateral in another currency (RB-4), from its definition alone. */

/** What a unit above an amount counts for, in hundredths, up to the next step. */
export interface Step {
  readonly above: bigint; // units of the coin
  readonly counts: bigint;
}

export interface Coin {
  readonly perTick: bigint; // parts of cash that a unit is worth at a price of one tick
  readonly steps: readonly Step[]; // the first from nothing on
  price: bigint; // ticks
}

/** What so many units count for, step by step, rounded down to a part. */
export function coinsWorth({ perTick, steps, price }: Coin, units: bigint): bigint {
  let hundredths = 0n;
  for (const [i, { above, counts }] of steps.entries()) {
    const end = steps[i + 1]?.above ?? units;
    const upTo = units < end ? units : end;
    if (upTo > above) hundredths += (upTo - above) * counts;
  }
  return (hundredths * perTick * price) / 100n;
}
