/** Which terms of a liquidation one person may change, and which take two. */

import type { LiquidationTermsInput } from '../../../src/core/message/liquidationTermsInput';
import { classicPolicy, onePerpetual, openAccount } from '../../support/given';
import { needsTwo } from '../../support/persons';

const GRADED: Partial<LiquidationTermsInput> = {
  feeRate: '0.003',
  feeShares: { liquidator: '0.2', fund: '0.5', house: '0.3' },
  slippage: '0.002',
  venueWindow: 30_000,
  penaltyTiers: [
    { floor: '0', rate: '0.001' },
    { floor: '100000', rate: '0.002' },
  ],
  severityTiers: [
    { below: '0.9', rate: '0.001' },
    { below: '0.5', rate: '0.003' },
  ],
  ...{ repeatSurcharge: '0.001', repeatMaximum: 3, repeatWindow: 86_400_000 },
  maximumStepNotional: '200000',
  maximumStepShare: '0.5',
  maximumShareOfDepth: '0.1',
  minimumRemainder: '1000',
  disputeWindow: 86_400_000,
};
const penalty = (first: string, floor: string, rate: string) => ({
  penaltyTiers: [
    { floor: '0', rate: first },
    { floor, rate },
  ],
});
const severity = (below: string, rate: string, last = '0.003') => ({
  severityTiers: [
    { below, rate },
    { below: '0.5', rate: last },
  ],
});

describe('LP-2 LP-5 LE-4 the terms of a liquidation', () => {
  test.each<[string, 'two' | 'one', Partial<LiquidationTermsInput>]>([
    ['leave them', 'one', {}],
    ['raise the fee', 'one', { feeRate: '0.0031' }],
    ['lower the fee', 'two', { feeRate: '0.0029' }],
    ['give the fund more of it', 'one', { feeShares: { liquidator: '0.2', fund: '0.6', house: '0.2' } }],
    ['give the fund less of it', 'two', { feeShares: { liquidator: '0.2', fund: '0.4', house: '0.4' } }],
    ['share the rest otherwise', 'one', { feeShares: { liquidator: '0.3', fund: '0.5', house: '0.2' } }],
    ['begin the dear penalty earlier', 'one', penalty('0.001', '90000', '0.002')],
    ['begin the dear penalty later', 'two', penalty('0.001', '100000.01', '0.002')],
    ['lower the first penalty', 'two', penalty('0.0009', '100000', '0.002')],
    ['lower the last penalty', 'two', penalty('0.001', '100000', '0.0019')],
    ['drop the penalty', 'two', { penaltyTiers: [] }],
    ['raise every penalty', 'one', { penaltyTiers: [{ floor: '0', rate: '0.002' }] }],
    ['begin severity sooner', 'one', severity('0.95', '0.001')],
    ['begin severity later', 'two', severity('0.89', '0.001')],
    ['lower the mild tier', 'two', severity('0.9', '0.0009')],
    ['lower the severe tier', 'two', severity('0.9', '0.001', '0.0029')],
    ['raise the mild tier to the severe one', 'one', severity('0.9', '0.003')],
    ['drop severity', 'two', { severityTiers: null }],
    ['lower the surcharge', 'two', { repeatSurcharge: '0.0009' }],
    ['lower the surcharge and count more', 'two', { repeatSurcharge: '0.0009', repeatMaximum: 9 }],
    ['raise the surcharge', 'one', { repeatSurcharge: '0.0011' }],
    [
      'raise the surcharge and count fewer, so that many cost less',
      'two',
      { repeatSurcharge: '0.0012', repeatMaximum: 2 },
    ],
    [
      'raise the surcharge and count fewer, so that none costs less',
      'one',
      { repeatSurcharge: '0.0015', repeatMaximum: 2 },
    ],
    ['count fewer', 'two', { repeatMaximum: 2 }],
    ['count more', 'one', { repeatMaximum: 4 }],
    ['forget sooner', 'two', { repeatWindow: 86_399_999 }],
    ['forget later', 'one', { repeatWindow: 86_400_001 }],
    ['give more time to object', 'two', { disputeWindow: 86_400_001 }],
    ['give less time to object', 'one', { disputeWindow: 86_399_999 }],
    ['give the usual time to object, which is longer', 'two', { disputeWindow: null }],
    ['allow for less slippage', 'two', { slippage: '0.0019' }],
    ['allow for more slippage', 'one', { slippage: '0.0021' }],
    ['let an order stand longer', 'two', { venueWindow: 30_001 }],
    ['let an order stand shorter', 'one', { venueWindow: 29_999 }],
    ['close in smaller steps', 'two', { maximumStepNotional: '199999.99' }],
    ['close in larger steps', 'one', { maximumStepNotional: '200000.01' }],
    ['close in one step', 'one', { maximumStepNotional: null, maximumShareOfDepth: null }],
    ['close in smaller parts of what is held', 'two', { maximumStepShare: '0.49' }],
    ['close in larger parts of it', 'one', { maximumStepShare: '0.51' }],
    ['close all of it at once', 'one', { maximumStepShare: null }],
    ['take less of the depth', 'two', { maximumShareOfDepth: '0.09' }],
    ['leave smaller positions', 'two', { minimumRemainder: '999.99' }],
    ['close more of them whole', 'one', { minimumRemainder: '1000.01' }],
  ])('S03 to %s takes %s', (_, persons, terms) => {
    const house = onePerpetual({ policy: classicPolicy(GRADED) });
    openAccount(house, 'alice', '100');
    expect(needsTwo(house, classicPolicy({ ...GRADED, ...terms })) ? 'two' : 'one').toBe(persons);
  });

  test('S03 terms without steps and without severity: to bring in a step takes two, to bring in severity one', () => {
    const house = onePerpetual();
    openAccount(house, 'alice', '100');
    expect(needsTwo(house, classicPolicy({ severityTiers: [{ below: '0.9', rate: '0.001' }] }))).toBe(false);
    expect(
      needsTwo(house, classicPolicy({ severityTiers: [{ below: '0.9', rate: '0.001' }], maximumShareOfDepth: '1' })),
    ).toBe(true);
  });

  test('S03 to amend a call later takes two', () => {
    const house = onePerpetual({ policy: classicPolicy({}, { amendStep: '0.1' }) });
    openAccount(house, 'alice', '100');
    expect(needsTwo(house, classicPolicy({}, { amendStep: '0.11' }))).toBe(true);
    expect(needsTwo(house, classicPolicy({}, { amendStep: '0.09' }))).toBe(false);
  });
});
