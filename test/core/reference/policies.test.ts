import type { LiquidationTermsInput } from '../../../src/core/message/liquidationTermsInput';
import { classicPolicy, flatTiers, onePerpetual, term } from '../../support/given';
import type { TestHouse } from '../../support/house';

const codeOf = (house: TestHouse, command: Parameters<TestHouse['try']>[0]): string | undefined => {
  const outcome = house.try(command);
  return 'rejection' in outcome ? outcome.rejection.code : undefined;
};

/** Cost fee, steepest penalty and the most that repetition adds, against a lowest maintenance rate of 2.5 %. */
const CHARGES: [string, Partial<LiquidationTermsInput>, boolean][] = [
  ['a fee just below', { feeRate: '0.024999999999' }, true],
  ['a fee equal', { feeRate: '0.025' }, false],
  ['a fee above', { feeRate: '0.03' }, false],
  ['fee and penalty just below', { feeRate: '0.01', penaltyTiers: [{ floor: '0', rate: '0.014999999999' }] }, true],
  ['fee and penalty equal', { feeRate: '0.01', penaltyTiers: [{ floor: '0', rate: '0.015' }] }, false],
  [
    'the steepest penalty equal',
    {
      feeRate: '0.01',
      penaltyTiers: [
        { floor: '0', rate: '0' },
        { floor: '1000000', rate: '0.015' },
      ],
    },
    false,
  ],
  ['repetition just below', { feeRate: '0.01', repeatSurcharge: '0.005', repeatMaximum: 2 }, true],
  ['repetition equal', { feeRate: '0.01', repeatSurcharge: '0.005', repeatMaximum: 3 }, false],
];

describe('LP-4 what a liquidation can cost stays below what it frees', () => {
  test.each(CHARGES)('LP-4 a policy with %s', (_, terms, taken) => {
    const house = onePerpetual({ tiers: flatTiers('0.05', '0.025') });
    expect(codeOf(house, classicPolicy(terms, { policy: 'other' }))).toBe(taken ? undefined : 'FEE_ABOVE_MAINTENANCE');
  });

  test.each(CHARGES)('LP-4 tiers under a policy with %s', (_, terms, taken) => {
    const house = onePerpetual({ tiers: flatTiers('0.9', '0.8'), policy: classicPolicy(terms) });
    const tiers = {
      type: 'SetTierSchedule' as const,
      instrument: 'BTC-PERP',
      tiers: flatTiers('0.05', '0.025'),
      effectiveAt: null,
    };
    expect(codeOf(house, tiers)).toBe(taken ? undefined : 'FEE_ABOVE_MAINTENANCE');
  });

  test('LP-4 announced tiers and announced policies count as those in force do', () => {
    const house = onePerpetual({ tiers: flatTiers('0.2', '0.1') });
    const soon = house.now + 60_000;
    house.send({
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: flatTiers('0.05', '0.025'),
      effectiveAt: soon,
    });
    expect(codeOf(house, classicPolicy({ feeRate: '0.03' }))).toBe('FEE_ABOVE_MAINTENANCE');
    house.send(classicPolicy({ feeRate: '0.02' }, { effectiveAt: soon }));
    const lower = {
      type: 'SetTierSchedule' as const,
      instrument: 'BTC-PERP',
      tiers: flatTiers('0.05', '0.02'),
      effectiveAt: null,
    };
    expect(codeOf(house, lower)).toBe('FEE_ABOVE_MAINTENANCE');
  });
});

describe('LF-2 the shares of a fee', () => {
  const shares = (liquidator: string, fund: string, house: string) =>
    classicPolicy({ feeShares: { liquidator, fund, house } }, { policy: 'other' });
  test.each([
    ['0.3', '0.5', '0.2', undefined],
    ['1', '0', '0', undefined],
    ['0.333333333333', '0.333333333333', '0.333333333334', undefined],
    ['0.333333333333', '0.333333333333', '0.333333333333', 'SHARES_NOT_ONE'],
    ['0.5', '0.5', '0.000000000001', 'SHARES_NOT_ONE'],
    ['0', '0', '0', 'SHARES_NOT_ONE'],
    ['-0.5', '1', '0.5', 'VALUE_OUT_OF_RANGE'],
    ['0.3333333333333', '0.5', '0.2', 'TOO_MANY_DIGITS'],
  ])('LF-2 liquidator %s, fund %s, house %s: %s', (liquidator, fund, house, code) => {
    expect(codeOf(onePerpetual(), shares(liquidator, fund, house))).toBe(code);
  });
});

test.each([
  [
    'penalty tiers that do not begin at zero',
    { penaltyTiers: [{ floor: '1', rate: '0.001' }] },
    'TIERS_NOT_CONTIGUOUS',
  ],
  [
    'penalty tiers out of order',
    {
      penaltyTiers: [
        { floor: '0', rate: '0' },
        { floor: '0', rate: '0.001' },
      ],
    },
    'TIERS_NOT_CONTIGUOUS',
  ],
  ['a smallest remainder below zero', { minimumRemainder: '-1' }, 'VALUE_OUT_OF_RANGE'],
  ['a step below zero', { maximumStepNotional: '-1' }, 'VALUE_OUT_OF_RANGE'],
  ['steps of less than a hundredth', { maximumStepShare: '0.009999999999' }, 'VALUE_OUT_OF_RANGE'],
  ['steps of more than is held', { maximumStepShare: '1.000000000001' }, 'VALUE_OUT_OF_RANGE'],
  ['a share of the depth of zero', { maximumShareOfDepth: '0' }, 'VALUE_OUT_OF_RANGE'],
  ['a window below zero', { venueWindow: -1 }, 'VALUE_OUT_OF_RANGE'],
  ['a window of half a millisecond', { venueWindow: 0.5 }, 'VALUE_OUT_OF_RANGE'],
] as [string, Partial<LiquidationTermsInput>, string][])(
  'LP-2 liquidation terms with %s are refused',
  (_, terms, code) => {
    expect(codeOf(onePerpetual(), classicPolicy(terms, { policy: 'other' }))).toBe(code);
  },
);

describe('the ladder of ruling 2', () => {
  test.each([
    ['classic', {}, undefined],
    [
      'exchange',
      {
        call: [...term('INITIAL', '1/2'), ...term('MAINTENANCE', '1')],
        closeOut: term('MAINTENANCE', '1'),
        cure: term('INITIAL', '1'),
      },
      undefined,
    ],
    [
      'a call above its warning',
      { warnings: [term('MAINTENANCE', '1')], call: term('MAINTENANCE', '1.1'), cure: term('INITIAL', '2') },
      'LADDER_NOT_ORDERED',
    ],
    ['a close-out above its call', { closeOut: term('MAINTENANCE', '1.000001') }, 'LADDER_NOT_ORDERED'],
    [
      'a close-out of initial margin under a call of maintenance',
      { closeOut: term('INITIAL', '0.1') },
      'LADDER_NOT_ORDERED',
    ],
    ['a cure below the call', { cure: term('MAINTENANCE', '0.99') }, 'LADDER_NOT_ORDERED'],
    ['a target below the close-out', { target: term('MAINTENANCE', '0.66') }, 'LADDER_NOT_ORDERED'],
    ['a level of nothing', { call: [] }, 'VALUE_OUT_OF_RANGE'],
    ['a level of zero', { closeOut: term('MAINTENANCE', '0') }, 'VALUE_OUT_OF_RANGE'],
  ])('MCM-2 %s: %s', (_, fields, code) => {
    expect(codeOf(onePerpetual(), classicPolicy({}, { policy: 'other', ...fields }))).toBe(code);
  });
});

test('X-6 each change of a policy is a version of its own, and an announced one takes force at its instant', () => {
  const house = onePerpetual();
  const at = house.now + 1000;
  house.send(classicPolicy({ feeRate: '0.01' }, { effectiveAt: at }));
  const version = () => [
    house.state.policies.get('classic')?.version,
    house.state.policies.get('classic')?.liquidation.feeRate,
  ];
  expect(version()).toEqual([1, 0n]);
  house.pass('1s');
  expect(version()).toEqual([2, 10_000_000_000n]);
});
