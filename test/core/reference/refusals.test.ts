/**
 * The order in which definitions are refused. Each table begins with a command that breaks every rule there is; each
 * row names the code it is refused with and mends what that code is about, and nothing else. The last row is taken.
 */

import type { Command } from '../../../src/core/message/command';
import type { Actor } from '../../../src/core/model/actor';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, term } from '../../support/given';
import { createTestHouse, START, type TestHouse } from '../../support/house';
import { broker } from '../../support/ladder';
import { defineIndex, defineOnIndex } from '../../support/prices';

type Fields = Readonly<Record<string, unknown>>;
type Row = readonly [code: string, mended: Fields];

/**
 * Peels a command rule by rule. A code may stand in several rows: a rule that several fields break one after the other.
 */
function peel(house: TestHouse, worst: Fields, rows: readonly Row[], actor?: Actor): void {
  let command: Fields = worst;
  for (const [code, mended] of rows) {
    const outcome = house.try(command as unknown as Command, actor);
    expect([code, 'rejection' in outcome ? outcome.rejection.code : 'taken']).toEqual([code, code]);
    command = { ...command, ...mended };
  }
  const outcome = house.try(command as unknown as Command, actor);
  expect('rejection' in outcome ? outcome.rejection : 'taken').toBe('taken');
}

test('QC-1 a currency', () => {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  peel(house, { type: 'DefineCurrency', currency: ' ', scale: 13 }, [
    ['ID_INVALID', { currency: 'USD' }],
    ['ALREADY_EXISTS', { currency: 'EUR' }],
    ['VALUE_OUT_OF_RANGE', { scale: 1.5 }],
    ['VALUE_OUT_OF_RANGE', { scale: -1 }],
    ['VALUE_OUT_OF_RANGE', { scale: 12 }],
  ]);
});

test('RB-4 terms of collateral', () => {
  peel(
    onePerpetual(),
    {
      type: 'SetCollateralTerms',
      currency: 'X',
      haircut: '0.0000000000001',
      conversionDiscount: '0.0000000000001',
      eligible: true,
    },
    [
      ['CURRENCY_NOT_FOUND', { currency: 'BTC' }],
      ['TOO_MANY_DIGITS', { haircut: '1.1' }],
      ['VALUE_OUT_OF_RANGE', { haircut: '-0.1' }],
      ['VALUE_OUT_OF_RANGE', { haircut: '0.1' }],
      ['TOO_MANY_DIGITS', { conversionDiscount: '0.100000000001' }],
      // Above the haircut, taking it over could leave less than it was counted for.
      ['VALUE_OUT_OF_RANGE', { conversionDiscount: '0.1' }],
    ],
  );
});

test('FC-2 an index', () => {
  const house = onePerpetual();
  defineIndex(house, { base: 'BTC', quote: 'USD' });
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  const worst = {
    type: 'DefineIndex',
    base: 'X',
    quote: 'Y',
    tick: '0',
    sources: ['a', 'a', ' '],
    minimumSources: 4,
    maximumDeviation: '1.0000000000001',
    heartbeat: 0,
  };
  peel(house, worst, [
    ['CURRENCY_NOT_FOUND', { base: 'USD' }],
    ['CURRENCY_NOT_FOUND', { quote: 'USD' }],
    ['CURRENCY_MISMATCH', { base: 'BTC' }],
    ['ALREADY_EXISTS', { base: 'EUR' }],
    ['VALUE_OUT_OF_RANGE', { tick: '0.01' }],
    ['ID_INVALID', { sources: ['a', 'a'] }],
    ['VALUE_OUT_OF_RANGE', { sources: ['a', 'b'] }],
    ['VALUE_OUT_OF_RANGE', { minimumSources: 0 }],
    ['VALUE_OUT_OF_RANGE', { minimumSources: 2 }],
    ['TOO_MANY_DIGITS', { maximumDeviation: '1.1' }],
    ['VALUE_OUT_OF_RANGE', { maximumDeviation: '0.02' }],
    ['VALUE_OUT_OF_RANGE', { heartbeat: 7 * 86_400_000 + 1 }],
    ['VALUE_OUT_OF_RANGE', { heartbeat: 7 * 86_400_000 }],
  ]);
});

test('QC-1 an instrument', () => {
  const house = onePerpetual();
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  defineIndex(house);
  defineIndex(house, { base: 'BTC', quote: 'EUR' });
  const worst = {
    type: 'DefineInstrument',
    instrument: '',
    kind: 'FUTURE',
    base: 'X',
    quote: 'EUR',
    settlement: 'Y',
    tick: '0',
    lot: '-1',
    multiplier: '0',
    index: 'none',
    markMethod: 'INDEX',
    markBand: '0',
    priceBand: '0.0000000000001',
    heartbeat: 0,
    allowsNonPositivePrice: false,
    expiry: START,
    variationInterval: 999,
    makerFee: '-2',
    takerFee: '1.0000000000001',
  };
  peel(house, worst, [
    ['ID_INVALID', { instrument: 'BTC-PERP' }],
    ['ALREADY_EXISTS', { instrument: 'BTC-FUT' }],
    ['CURRENCY_NOT_FOUND', { base: 'BTC' }],
    ['CURRENCY_NOT_FOUND', { settlement: 'USD' }],
    ['CURRENCY_MISMATCH', { quote: 'USD' }],
    ['VALUE_OUT_OF_RANGE', { tick: '0.1' }],
    ['VALUE_OUT_OF_RANGE', { lot: '0.01' }],
    ['VALUE_OUT_OF_RANGE', { multiplier: '1' }],
    // A tenth of a tenth of a cent is no whole cent.
    ['INSTRUMENT_VALUE_NOT_WHOLE', { lot: '0.1' }],
    ['INDEX_NOT_FOUND', { index: null }],
    ['INDEX_NOT_FOUND', { index: 'BTC/EUR' }],
    ['CURRENCY_MISMATCH', { index: 'BTC/USD' }],
    ['VALUE_OUT_OF_RANGE', { heartbeat: 1 }],
    ['VALUE_OUT_OF_RANGE', { expiry: null }],
    ['VALUE_OUT_OF_RANGE', { expiry: START + 1 }],
    ['VALUE_OUT_OF_RANGE', { variationInterval: 1000 }],
    ['TOO_MANY_DIGITS', { takerFee: '1.1' }],
    ['VALUE_OUT_OF_RANGE', { takerFee: '0.001' }],
    // A rebate above the taker's fee would be paid out of nobody's pocket.
    ['VALUE_OUT_OF_RANGE', { makerFee: '-0.001000000001' }],
    ['VALUE_OUT_OF_RANGE', { makerFee: '-0.001' }],
    ['VALUE_OUT_OF_RANGE', { markBand: '0.000000000001' }],
    ['TOO_MANY_DIGITS', { priceBand: '1000.1' }],
    ['VALUE_OUT_OF_RANGE', { priceBand: '1000' }],
  ]);
  const perpetual = {
    ...worst,
    instrument: 'P',
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
    index: 'BTC/USD',
    heartbeat: 1,
  };
  peel(
    house,
    {
      ...perpetual,
      expiry: START + 1,
      variationInterval: null,
      takerFee: '0',
      makerFee: '0',
      markBand: null,
      priceBand: null,
    },
    [['VALUE_OUT_OF_RANGE', { expiry: null }]],
  );
});

test('FC-1 the status of an instrument', () => {
  const house = onePerpetual();
  defineOnIndex(house, { instrument: 'DATED', kind: 'FUTURE', index: null, markBand: null, expiry: START + 1000 });
  mark(house, '1', 'DATED');
  house.pass('1s');
  peel(house, { type: 'SetInstrumentStatus', instrument: 'none', status: 'HALTED', reason: '' }, [
    ['INSTRUMENT_NOT_FOUND', { instrument: 'DATED' }],
    ['INSTRUMENT_NOT_TRADING', { instrument: 'BTC-PERP' }],
  ]);
});

test('MT-2 LP-4 tiers', () => {
  const house = onePerpetual({ policy: classicPolicy({ feeRate: '0.01' }), tiers: flatTiers('0.05', '0.025') });
  const tier = (
    floor: string,
    cap: string | null,
    initialRate: string,
    maintenanceRate: string,
    deduction: string | null = null,
  ) => ({
    floor,
    cap,
    initialRate,
    maintenanceRate,
    deduction,
  });
  peel(
    house,
    { type: 'SetTierSchedule', instrument: 'none', tiers: [tier('0.001', '1', '2', '3')], effectiveAt: START - 1 },
    [
      ['INSTRUMENT_NOT_FOUND', { instrument: 'BTC-PERP' }],
      ['TOO_MANY_DIGITS', { tiers: [] }],
      ['TIERS_NOT_CONTIGUOUS', { tiers: [tier('1', null, '2', '3')] }],
      ['TIERS_NOT_CONTIGUOUS', { tiers: [tier('0', '100', '2', '3'), tier('101', null, '1', '1')] }],
      ['TIERS_NOT_CONTIGUOUS', { tiers: [tier('0', '100', '2', '3'), tier('100', '100', '1', '1')] }],
      ['TIERS_NOT_CONTIGUOUS', { tiers: [tier('0', null, '2', '3'), tier('100', null, '1', '1')] }],
      ['TIERS_NOT_CONTIGUOUS', { tiers: [tier('0', '100', '2', '0.5'), tier('100', null, '0.5', '0.4', '5')] }],
      ['TIERS_RATE_INVALID', { tiers: [tier('0', '100', '0.01', '0.02'), tier('100', null, '0.005', '0.002', '5')] }],
      ['TIERS_RATE_INVALID', { tiers: [tier('0', '100', '0.01', '0'), tier('100', null, '0.005', '0.002', '5')] }],
      ['TIERS_RATE_INVALID', { tiers: [tier('0', '100', '0.01', '0.01'), tier('100', null, '0.005', '0.002', '5')] }],
      ['TIERS_NOT_RISING', { tiers: [tier('0', '100', '0.01', '0.01'), tier('100', null, '0.01', '0.005', '5')] }],
      ['TIERS_NOT_RISING', { tiers: [tier('0', '100', '0.01', '0.01'), tier('100', null, '0.02', '0.02', '5')] }],
      ['TIERS_NOT_CONTINUOUS', { tiers: [tier('0', '100', '0.01', '0.01'), tier('100', null, '0.02', '0.02', '1')] }],
      ['VALUE_OUT_OF_RANGE', { effectiveAt: START }],
      [
        'FEE_ABOVE_MAINTENANCE',
        { tiers: [tier('0', '100', '0.02', '0.011'), tier('100', null, '0.02', '0.02', '0.90')] },
      ],
    ],
  );
});

test('Ruling 2 a margin policy', () => {
  const house = onePerpetual();
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  const liquidation = {
    feeRate: '1.1',
    feeShares: { liquidator: '0.5', fund: '0.5', house: '0.5' },
    penaltyTiers: [{ floor: '0.001', rate: '0' }],
    repeatSurcharge: '0',
    repeatMaximum: 101,
    repeatWindow: 0,
    slippage: '0',
    venueWindow: 0,
    maximumStepNotional: '0.001',
    maximumShareOfDepth: '0',
    maximumStepShare: '0',
    minimumRemainder: '0.001',
  };
  const worst = {
    ...classicPolicy(),
    policy: 'clearinghouse',
    currency: 'X',
    warnings: [[], ...Array.from({ length: 8 }, () => term('INITIAL', '-1'))],
    closeOut: term('MAINTENANCE', '2'),
    cure: term('MAINTENANCE', '1/2'),
    target: term('MAINTENANCE', '1/2'),
    hysteresis: '1.1',
    cureWindow: -1,
    finalNotice: 0,
    amendStep: '-1',
    effectiveAt: START - 1,
    liquidation,
  };
  let mended: Fields = liquidation;
  const terms = (fields: Fields): Fields => {
    mended = { ...mended, ...fields };
    return { liquidation: mended };
  };
  peel(house, worst, [
    ['ID_INVALID', { policy: 'classic' }],
    ['CURRENCY_NOT_FOUND', { currency: 'EUR' }],
    ['CURRENCY_MISMATCH', { currency: 'USD' }],
    ['VALUE_OUT_OF_RANGE', { warnings: Array.from({ length: 9 }, () => term('INITIAL', '-1')) }],
    ['VALUE_OUT_OF_RANGE', { warnings: [term('INITIAL', '-1')] }],
    ['VALUE_OUT_OF_RANGE', { warnings: [term('MAINTENANCE', '1')] }],
    ['LADDER_NOT_ORDERED', { closeOut: term('INITIAL', '1/2') }],
    ['LADDER_NOT_ORDERED', { closeOut: term('MAINTENANCE', '1') }],
    ['LADDER_NOT_ORDERED', { cure: term('MAINTENANCE', '1') }],
    ['LADDER_NOT_ORDERED', { target: term('INITIAL', '1') }],
    ['VALUE_OUT_OF_RANGE', { cureWindow: 1000 }],
    ['VALUE_OUT_OF_RANGE', { finalNotice: 1001 }],
    ['VALUE_OUT_OF_RANGE', { finalNotice: 1000 }],
    ['VALUE_OUT_OF_RANGE', { hysteresis: '1' }],
    ['VALUE_OUT_OF_RANGE', { amendStep: '0' }],
    ['VALUE_OUT_OF_RANGE', { effectiveAt: START }],
    ['VALUE_OUT_OF_RANGE', terms({ feeRate: '0.025' })],
    ['SHARES_NOT_ONE', terms({ feeShares: { liquidator: '0', fund: '0.5', house: '0.5' } })],
    ['TOO_MANY_DIGITS', terms({ penaltyTiers: [{ floor: '1', rate: '0' }] })],
    ['TIERS_NOT_CONTIGUOUS', terms({ penaltyTiers: [{ floor: '0', rate: '0' }] })],
    ['TOO_MANY_DIGITS', terms({ maximumStepNotional: '-1' })],
    ['VALUE_OUT_OF_RANGE', terms({ maximumStepNotional: '1' })],
    ['VALUE_OUT_OF_RANGE', terms({ maximumShareOfDepth: '1' })],
    ['VALUE_OUT_OF_RANGE', terms({ maximumStepShare: '1' })],
    ['TOO_MANY_DIGITS', terms({ minimumRemainder: '0.01' })],
    ['VALUE_OUT_OF_RANGE', terms({ repeatMaximum: 100 })],
    ['FEE_ABOVE_MAINTENANCE', terms({ feeRate: '0.024' })],
  ]);
});

test('Ruling 7 a loss policy', () => {
  peel(
    onePerpetual(),
    { type: 'SetLossPolicy', currency: 'X', layers: [], base: 'GAINS', period: 59_999, fundTarget: '0.001' },
    [
      ['CURRENCY_NOT_FOUND', { currency: 'USD' }],
      ['LAYERS_INVALID', { layers: ['HOUSE_CAPITAL', 'HOUSE_CAPITAL'] }],
      ['LAYERS_INVALID', { layers: ['SOCIALIZED_LOSS', 'INSURANCE_FUND'] }],
      ['LAYERS_INVALID', { layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'] }],
      ['VALUE_OUT_OF_RANGE', { period: 60_000 }],
      ['TOO_MANY_DIGITS', { fundTarget: '-1' }],
      ['VALUE_OUT_OF_RANGE', { fundTarget: '1' }],
    ],
  );
});

test('S07 a disposal policy', () => {
  peel(
    onePerpetual(),
    {
      type: 'SetDisposalPolicy',
      currency: 'X',
      interval: 999,
      fraction: '0',
      fullBelow: '0.001',
      maximumShareOfDepth: '0',
      slippage: '1.1',
    },
    [
      ['CURRENCY_NOT_FOUND', { currency: 'USD' }],
      ['VALUE_OUT_OF_RANGE', { interval: 1000 }],
      ['VALUE_OUT_OF_RANGE', { fraction: '1' }],
      ['VALUE_OUT_OF_RANGE', { maximumShareOfDepth: '1' }],
      ['VALUE_OUT_OF_RANGE', { slippage: '1' }],
      ['TOO_MANY_DIGITS', { fullBelow: '-1' }],
      ['VALUE_OUT_OF_RANGE', { fullBelow: '0' }],
    ],
  );
});

test('LCS-2 a member', () => {
  peel(onePerpetual(), { type: 'AdmitMember', member: '!', name: '' }, [
    ['ID_INVALID', { member: 'clearinghouse' }],
    ['ALREADY_EXISTS', { member: 'broker' }],
    ['ALREADY_EXISTS', { member: 'another' }],
  ]);
});

test('LCS-2 an account', () => {
  const house = onePerpetual();
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  house.send(classicPolicy({}, { policy: 'euro', currency: 'EUR' }));
  openAccount(house, 'taken');
  const worst = {
    type: 'OpenAccount',
    account: '!',
    member: 'nobody',
    owner: '!',
    kind: 'CLIENT',
    currency: 'X',
    policy: 'none',
    mode: 'ISOLATED',
    instrument: 'none',
    leverage: '0.5',
  };
  peel(house, worst, [
    ['MEMBER_NOT_FOUND', { member: 'broker' }],
    ['ID_INVALID', { account: 'taken' }],
    ['ID_INVALID', { owner: 'clearinghouse' }],
    ['ALREADY_EXISTS', { account: 'fresh' }],
    ['ID_INVALID', { owner: 'somebody' }],
    ['CURRENCY_NOT_FOUND', { currency: 'EUR' }],
    ['POLICY_NOT_FOUND', { policy: 'classic' }],
    ['CURRENCY_MISMATCH', { policy: 'euro' }],
    ['INSTRUMENT_NOT_FOUND', { instrument: null }],
    ['INSTRUMENT_NOT_FOUND', { mode: 'CROSS', instrument: 'BTC-PERP' }],
    ['INSTRUMENT_NOT_FOUND', { mode: 'ISOLATED' }],
    ['CURRENCY_MISMATCH', { currency: 'USD', policy: 'classic' }],
    ['VALUE_OUT_OF_RANGE', { leverage: '1' }],
  ]);
  // A broker opens accounts for its own clients; the member next door is as good as none.
  house.send({ type: 'AdmitMember', member: 'other', name: 'Another' });
  const open = {
    ...worst,
    account: 'third',
    member: 'broker',
    owner: 'o',
    currency: 'USD',
    policy: 'classic',
    mode: 'CROSS',
    instrument: null,
    leverage: null,
  };
  peel(house, open, [['MEMBER_NOT_FOUND', { member: 'other' }]], broker('other'));
});
