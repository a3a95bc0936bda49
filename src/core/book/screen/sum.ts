/**
 * Sums of whole numbers that stand in floats: exact, because what a float cannot hold any more goes over into an
 * integer.
 */

/** Up to here every whole number has a float of its own. */
export const LARGEST_EXACT = Number.MAX_SAFE_INTEGER;

export interface Sum {
  /** A whole number up to 2^53, whatever its sign. */
  addFloat(whole: number): void;
  add(integer: bigint): void;
  readonly total: bigint;
}

export function createSum(): Sum {
  let float = 0;
  let integer = 0n;
  return {
    addFloat(whole) {
      const sum = float + whole;
      if (sum <= LARGEST_EXACT && sum >= -LARGEST_EXACT) {
        float = sum;
        return;
      }
      integer += BigInt(float) + BigInt(whole);
      float = 0;
    },
    add(more) {
      integer += more;
    },
    get total() {
      return integer + BigInt(float);
    },
  };
}
