/** What the oracle knows of rates that are one of a whole holding (MT-6, MT-7), from their definitions alone. */

export const RATES = 10_000n;

export type Base = 'initial' | 'maintenance';

interface Rates {
  readonly initial: bigint; // over RATES
  readonly maintenance: bigint;
}

/** A fraction. */
export type Part = readonly [above: bigint, below: bigint];

export interface Varied {
  readonly growth?: {
    readonly root: boolean; // with the root of the size, else with the size
    readonly units: bigint; // a lot is so many
    readonly factor: { readonly initial: Part; readonly maintenance: Part };
    readonly kept: Part;
    readonly step: bigint; // 1e-12
  };
  readonly short?: { readonly initial: bigint; readonly maintenance: bigint }; // over RATES
  readonly atEntry: readonly Base[];
}

const up = (above: bigint, below: bigint): bigint => (above + below - 1n) / below; // both above zero

export const ONE = 1_000_000_000_000n; // a rate of one, where rates are whole parts

/** The largest whole number whose square is not larger, by halving. */
function root(of: bigint): bigint {
  let [low, high] = [0n, of + 1n];
  while (high - low > 1n) {
    const middle = (low + high) / 2n;
    if (middle * middle <= of) low = middle;
    else high = middle;
  }
  return low;
}

/** The rate of the whole of what an owner has: it grows, and what is short has one of its own. Over `ONE`. */
export function variedRate(
  { tiers, varied }: { readonly tiers: readonly Rates[]; readonly varied?: Varied },
  isShort: boolean,
  owned: bigint,
  base: Base,
): bigint {
  const own = (isShort ? (varied?.short?.[base] ?? tiers[0]?.[base] ?? 0n) : (tiers[0]?.[base] ?? 0n)) * (ONE / RATES);
  const growth = varied?.growth;
  if (!growth) return own;
  const [above, below] = growth.factor[base];
  const units = owned * growth.units;
  const steps = growth.root
    ? root((above * above * units * ONE * ONE) / (below * below * growth.step * growth.step))
    : (above * units * ONE) / (below * growth.step);
  const kept = up(own * growth.kept[0], growth.kept[1] * growth.step);
  const grown = (kept + steps) * growth.step;
  return grown > own ? grown : own;
}
