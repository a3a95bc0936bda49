import { allocate, allocateCapped, type Claim } from '../../src/units/allocate';
import { InvariantViolation } from '../../src/units/failure';
import { type Cash, cash, total } from '../../src/units/quantity';
import { randomOf } from '../support/random';

const claims = (...weights: (bigint | [bigint, bigint])[]): Claim<Cash>[] =>
  weights.map((weight, i) => {
    const id = String.fromCharCode(97 + i);
    return typeof weight === 'bigint' ? { id, weight } : { id, weight: weight[0], cap: cash(weight[1]) };
  });

test('SL-2 deficit 60 over profits 100, 200, 300 is 10, 20, 30', () => {
  expect(allocate(cash(60n), claims(100n, 200n, 300n))).toEqual([10n, 20n, 30n]);
});

test('SL-2 deficit 100.00 over three equal profits is 33.34, 33.33, 33.33: the tie goes to the smaller id', () => {
  const three = claims(1n, 1n, 1n);
  expect(allocate(cash(10_000n), three)).toEqual([3334n, 3333n, 3333n]);
  // The place in the list decides nothing, the id does.
  expect(allocate(cash(10_000n), [...three].reverse())).toEqual([3333n, 3333n, 3334n]);
});

test('DS-5 the largest remainder gets the unit left over, before any smaller id', () => {
  // 10 over 1, 1, 2.5: exact 2.22, 2.22, 5.55.
  expect(allocate(cash(10n), claims(10n, 10n, 25n))).toEqual([2n, 2n, 6n]);
  expect(allocate(cash(11n), claims(10n, 10n, 25n))).toEqual([3n, 2n, 6n]);
});

test('CR-S1 the published shares, which sum to 10000.01 where rounded singly, sum to 10000.00', () => {
  // help.crypto.com/en/articles/4894442: loss 10,000 over profits of 171,000 in all.
  const shares = allocate(cash(1_000_000n), claims(50_000n, 45_000n, 30_000n, 30_000n, 15_000n, 1000n));
  const printed = [292_398n, 263_158n, 175_439n, 175_439n, 87_719n, 5848n];
  expect(total(printed.map(cash))).toBe(1_000_001n);
  expect(total(shares)).toBe(1_000_000n);
  // The one unit too many was on the smallest remainder that was rounded up: C and F tie at 0.596, E has 0.953.
  expect(shares).toEqual([292_398n, 263_158n, 175_439n, 175_438n, 87_719n, 5848n]);
});

test.each([
  ['600', [1000n, 1000n, 1000n], 600n, [200n, 200n, 200n], 0n],
  ['800', [3000n, 1000n], 800n, [600n, 200n], 0n],
  ['500 against 200 in all', [100n, 100n], 500n, [100n, 100n], 300n],
  ['0.003 in thousandths', [1n, 2n], 3n, [1n, 2n], 0n],
])('C03 a loss of %s is mutualised pro rata and capped at each balance', (_, balances, loss, expected, left) => {
  const capped = balances.map((balance): [bigint, bigint] => [balance, balance]);
  expect(allocateCapped(cash(loss), claims(...capped))).toEqual({ shares: expected, left });
});

test('SL-2 what a capped claim cannot take is spread again over the others, in proportion', () => {
  expect(allocateCapped(cash(90n), claims([1n, 10n], [1n, 1000n], [1n, 1000n]))).toEqual({
    shares: [10n, 40n, 40n],
    left: 0n,
  });
  // The second cap binds only after the first has.
  expect(allocateCapped(cash(90n), claims([1n, 10n], [1n, 35n], [1n, 1000n]))).toEqual({
    shares: [10n, 35n, 45n],
    left: 0n,
  });
  expect(allocateCapped(cash(90n), claims([1n, 10n], [1n, 35n], [1n, 40n]))).toEqual({
    shares: [10n, 35n, 40n],
    left: 5n,
  });
});

test('SL-2 without weight or room a claim gets nothing', () => {
  expect(allocateCapped(cash(10n), claims([0n, 100n], [5n, 0n], [5n, 100n]))).toEqual({
    shares: [0n, 0n, 10n],
    left: 0n,
  });
  expect(allocateCapped(cash(10n), claims())).toEqual({ shares: [], left: 10n });
  expect(allocateCapped(cash(0n), claims([5n, 5n]))).toEqual({ shares: [0n], left: 0n });
});

test('DS-5 splitting among nobody, or less than nothing, is a bug and not a result', () => {
  expect(() => allocate(cash(1n), claims(0n, 0n))).toThrow(InvariantViolation);
  expect(() => allocate(cash(-1n), claims(1n))).toThrow(InvariantViolation);
  expect(allocate(cash(0n), claims(0n, 0n))).toEqual([0n, 0n]);
});

test('DS-5 the sum is preserved and no share is a unit away from its proportion, in a million random cases', () => {
  const random = randomOf(5);
  let wrong = 0;
  for (let i = 0; i < 1_000_000; i++) {
    const amount = cash(BigInt(random.below(1_000_000_000)));
    const a = BigInt(random.below(1000));
    const b = BigInt(random.below(1000));
    const c = BigInt(1 + random.below(1_000_000));
    const weights = a + b + c;
    const [x, y, z] = allocate(amount, [
      { id: 'a', weight: a },
      { id: 'b', weight: b },
      { id: 'c', weight: c },
    ]) as [Cash, Cash, Cash];
    const near = (share: Cash, weight: bigint): boolean => {
      const off = share * weights - amount * weight;
      return off < weights && off > -weights;
    };
    if (x + y + z !== amount || !near(x, a) || !near(y, b) || !near(z, c)) wrong += 1;
  }
  expect(wrong).toBe(0);
});

test('SL-3 capped shares stay within their caps, sum to what was placed, and leave nothing while there is room', () => {
  const random = randomOf(6);
  for (let i = 0; i < 5000; i++) {
    const amount = cash(BigInt(random.below(10_000)));
    const given = claims(
      ...Array.from({ length: 1 + random.below(8) }, (): [bigint, bigint] => [random.bits(10), random.bits(12)]),
    );
    const { shares, left } = allocateCapped(amount, given);
    expect(total(shares) + left).toBe(amount);
    const parts = given.map(({ weight, cap = cash(0n) }, n) => ({ weight, cap, share: shares[n] as Cash }));
    const within = parts.every(
      ({ weight, cap, share }) => share >= 0n && share <= cap && (weight > 0n || share === 0n),
    );
    const room = parts.some(({ weight, cap, share }) => weight > 0n && share < cap);
    // Whoever is not at the cap has at least the proportion of everybody else, up to the one unit of rounding.
    const fair = parts.every(
      (own) =>
        own.share >= own.cap ||
        own.weight === 0n ||
        parts.every(
          (other) => other.weight === 0n || (own.share + 1n) * other.weight >= (other.share - 1n) * own.weight,
        ),
    );
    expect({ within, fair, spare: left > 0n && room }).toEqual({ within: true, fair: true, spare: false });
  }
});
