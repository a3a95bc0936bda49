/** Square roots of integers, by Newton: exact, and the same everywhere. */

/** The largest integer whose square is not above the value, which is at or above zero. */
export function rootDown(value: bigint): bigint {
  if (value < 2n) return value;
  // From above, each step comes closer until one does not.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (let next = (root + value / root) >> 1n; next < root; next = (root + value / root) >> 1n) root = next;
  return root;
}
