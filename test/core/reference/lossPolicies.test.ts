import type { CommandOf } from '../../../src/core/message/command';
import { instant } from '../../../src/units/quantity';
import { onePerpetual } from '../../support/given';

const DAY = 86_400_000;
const lossPolicy = (fields: Partial<CommandOf<'SetLossPolicy'>>): CommandOf<'SetLossPolicy'> => ({
  type: 'SetLossPolicy',
  currency: 'USD',
  layers: ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
  base: 'GAINS',
  period: DAY,
  fundTarget: '0',
  ...fields,
});

describe('SL-1 socialized loss is the last layer, if it is one at all', () => {
  test.each([
    [['INSURANCE_FUND', 'SOCIALIZED_LOSS'], undefined],
    [['HOUSE_CAPITAL', 'INSURANCE_FUND'], undefined],
    [['SOCIALIZED_LOSS'], undefined],
    [['SOCIALIZED_LOSS', 'INSURANCE_FUND'], 'LAYERS_INVALID'],
    [['INSURANCE_FUND', 'SOCIALIZED_LOSS', 'HOUSE_CAPITAL'], 'LAYERS_INVALID'],
    [['INSURANCE_FUND', 'INSURANCE_FUND'], 'LAYERS_INVALID'],
    [[], 'LAYERS_INVALID'],
  ] as [CommandOf<'SetLossPolicy'>['layers'], string | undefined][])('SL-1 %s: %s', (layers, code) => {
    const outcome = onePerpetual().try(lossPolicy({ layers }));
    expect('rejection' in outcome ? outcome.rejection.code : undefined).toBe(code);
  });
});

test.each([
  [{ fundTarget: '-0.01' }, 'VALUE_OUT_OF_RANGE'],
  [{ fundTarget: '0.001' }, 'TOO_MANY_DIGITS'],
  [{ period: 59_999 }, 'VALUE_OUT_OF_RANGE'],
  [{ currency: 'NOWHERE' }, 'CURRENCY_NOT_FOUND'],
])('SL-1 a loss policy with %o is refused', (fields, code) => {
  expect(onePerpetual().refusal(lossPolicy(fields))).toBe(code);
});

test('SL-2 loss periods end at whole multiples of their length since the epoch', () => {
  const house = onePerpetual();
  house.send(lossPolicy({ period: DAY }));
  expect(house.state.lossPeriods.get('USD')).toBe(instant(Date.parse('2025-10-11T00:00:00Z')));
  house.pass('12h');
  expect(house.state.lossPeriods.get('USD')).toBe(instant(Date.parse('2025-10-12T00:00:00Z')));
});

const disposal = (fields: Partial<CommandOf<'SetDisposalPolicy'>>): CommandOf<'SetDisposalPolicy'> => ({
  type: 'SetDisposalPolicy',
  currency: 'USD',
  interval: 10_000,
  fraction: '0.5',
  fullBelow: '0',
  maximumShareOfDepth: '0.01',
  slippage: '0.05',
  ...fields,
});

test.each([
  [{ fraction: '0' }, 'VALUE_OUT_OF_RANGE'],
  [{ fraction: '1.1' }, 'VALUE_OUT_OF_RANGE'],
  [{ maximumShareOfDepth: '0' }, 'VALUE_OUT_OF_RANGE'],
  [{ fullBelow: '-1' }, 'VALUE_OUT_OF_RANGE'],
  [{ interval: 999 }, 'VALUE_OUT_OF_RANGE'],
  [{ slippage: '-0.1' }, 'VALUE_OUT_OF_RANGE'],
])('VEGA-LIQ-03 a disposal policy with %o is refused', (fields, code) => {
  expect(onePerpetual().refusal(disposal(fields))).toBe(code);
});
