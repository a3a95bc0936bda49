/**
 * Terms that are replaced as a whole: whatever else an act changes, it needs a second person exactly where one of its
 * fields would need one if it were the only one to change.  S03
 */

import fc from 'fast-check';
import { loosensCollateral, loosensLimits, lowersPolicy } from '../../../src/core/control/looser';
import type { CollateralTerms } from '../../../src/core/model/collateral';
import type { MarketLimits } from '../../../src/core/model/deleveraging';
import type { LiquidationTerms, MarginLevel, MarginPolicy } from '../../../src/core/model/policy';
import { cash, duration, instant, type Rate, rate, size } from '../../../src/units/quantity';
import { ratio } from '../../../src/units/ratio';

/** A value of few, so that fields often stay as they are. */
const few = fc.integer({ min: 1, max: 4 });
const rates = few.map((n) => rate(BigInt(n)));
const share = fc.oneof(fc.constant(null), rates);
const spans = few.map(duration);
const level = fc
  .tuple(fc.constantFrom('INITIAL', 'MAINTENANCE'), few)
  .map(([base, n]) => [{ base, ratio: ratio(BigInt(n)) }] as MarginLevel);

const collateral: fc.Arbitrary<CollateralTerms> = fc.record(
  {
    currency: fc.constant('COIN'),
    version: few,
    haircut: rates,
    conversionDiscount: rates,
    eligible: fc.boolean(),
    runOffDate: few.map(instant),
    openingHaircut: fc.integer({ min: 4, max: 6 }).map((n) => rate(BigInt(n))),
    brackets: fc
      .tuple(few, few)
      .map(([above, n]) => [{ above: cash(BigInt(above)), haircut: rate(BigInt(4 + n)), openingHaircut: rate(9n) }]),
    accountLimit: few.map((n) => cash(BigInt(4 + n))),
    houseLimit: few.map((n) => cash(BigInt(n))),
    wrongWayHaircut: rates,
  },
  { requiredKeys: ['currency', 'version', 'haircut', 'conversionDiscount', 'eligible'] },
);

const limits: fc.Arbitrary<MarketLimits> = fc.record({
  instrument: fc.constant('X'),
  version: few,
  float: few.map(BigInt),
  openInterestShare: share,
  positionShare: share,
  openInterest: few.map((n) => size(BigInt(n))),
});

const liquidation: fc.Arbitrary<LiquidationTerms> = fc.record({
  feeRate: rates,
  feeShares: rates.map((fund) => ({ liquidator: 0n as Rate, fund, house: 0n as Rate })),
  penaltyTiers: rates.map((penalty) => [{ floor: cash(0n), rate: penalty }]),
  repeatSurcharge: fc.constant(0n as Rate), // with the maximum it is one curve, tried by name in `proposal.test.ts`
  repeatMaximum: few,
  repeatWindow: spans,
  slippage: rates,
  venueWindow: spans,
  maximumStepNotional: fc.oneof(
    fc.constant(null),
    few.map((n) => cash(BigInt(n))),
  ),
  ...{ maximumStepShare: rates, fundRate: rates, fundShare: rates },
  maximumShareOfDepth: share,
  minimumRemainder: few.map((n) => cash(BigInt(n))),
  disputeWindow: spans,
});

const policy: fc.Arbitrary<MarginPolicy> = fc.record({
  id: fc.constant('classic'),
  version: few,
  effectiveAt: few.map(instant),
  currency: fc.constant('USD'),
  warnings: fc.array(level, { maxLength: 2 }),
  call: level,
  closeOut: level,
  cure: level,
  target: level,
  hysteresis: few.map((n) => ratio(BigInt(n))),
  cureWindow: spans,
  finalNotice: fc.oneof(fc.constant(null), spans),
  amendStep: few.map((n) => ratio(BigInt(n))),
  aggregation: fc.constantFrom('OWNER', 'ACCOUNT'),
  liquidation,
});

/** Every act that changes a single field from before to after, those of nested terms each on their own. */
function singleFields<Terms extends object>(
  before: Terms,
  after: Terms,
  nested: readonly (keyof Terms)[] = [],
): Terms[] {
  return ([...new Set([...Object.keys(before), ...Object.keys(after)])] as (keyof Terms)[]).flatMap((field): Terms[] =>
    nested.includes(field)
      ? singleFields(before[field] as object, after[field] as object).map((inside) => ({ ...before, [field]: inside }))
      : [{ ...before, [field]: after[field] }],
  );
}

const RUNS = { numRuns: 2_000, seed: 12 };

test('S03 what collateral counts: two persons exactly where one field alone would need them', () => {
  fc.assert(
    fc.property(collateral, collateral, (before, after) => {
      const alone = singleFields(before, after).some((act) => loosensCollateral(before, act));
      expect(loosensCollateral(before, after)).toBe(alone);
      // Struck off or not, a haircut that falls is one that falls.
      if (after.haircut < before.haircut) expect(loosensCollateral(before, after)).toBe(true);
      if (before.houseLimit !== undefined && after.houseLimit === undefined)
        expect(loosensCollateral(before, after)).toBe(true);
    }),
    RUNS,
  );
});

test('S03 market limits: two persons exactly where one field alone would need them', () => {
  fc.assert(
    fc.property(limits, limits, (before, after) => {
      const alone = singleFields(before, after).some((act) => loosensLimits(before, act));
      expect(loosensLimits(before, after)).toBe(alone);
      if (before.positionShare !== null && after.positionShare === null)
        expect(loosensLimits(before, after)).toBe(true);
    }),
    RUNS,
  );
});

test('S03 a margin policy: two persons exactly where one field alone would need them', () => {
  fc.assert(
    fc.property(policy, policy, (before, after) => {
      const alone = singleFields(before, after, ['liquidation']).some((act) => lowersPolicy(before, act));
      expect(lowersPolicy(before, after)).toBe(alone);
      if (after.finalNotice === null && before.finalNotice !== null) expect(lowersPolicy(before, after)).toBe(true);
      if (after.liquidation.slippage < before.liquidation.slippage) expect(lowersPolicy(before, after)).toBe(true);
    }),
    RUNS,
  );
});
