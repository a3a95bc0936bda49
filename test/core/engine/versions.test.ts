/**
 * Everything that decides is versioned data with a time from which it holds; every decision keeps the version it was
 * made by.  X-6
 */

import { eventsOf } from '../../../src/core/message/envelope';
import { classicPolicy, flatTiers, mark, openAccount, term, trade } from '../../support/given';
import { ofType, START, type TestHouse } from '../../support/house';
import { byTwo, callOf, leveragedHouse, statusOf } from '../../support/ladder';

const HOUR = 3_600_000;
const all = <Type extends Parameters<typeof ofType>[1]>(house: TestHouse, type: Type) =>
  ofType(
    house.entries.flatMap((entry) => eventsOf(entry.outcome)),
    type,
  );

test('X-6 a policy holds from its time, not before; versions count up, and a call keeps the one it was made by', () => {
  const house = leveragedHouse();
  house.send(classicPolicy({}, { call: term('INITIAL', '1'), cure: term('INITIAL', '1'), effectiveAt: START + HOUR }));
  expect(house.state.policies.get('classic')?.version).toBe(1);
  expect(house.state.pendingPolicies.get('classic')?.version).toBe(2);
  mark(house, '49500');
  house.pass('59m59.999s');
  expect(statusOf(house)).toBe('WARNING');
  const events = house.pass('0.001s');
  expect(ofType(events, 'MarginPolicyActivated')).toEqual([
    { type: 'MarginPolicyActivated', policy: 'classic', version: 2 },
  ]);
  expect(callOf(house).policyVersion).toBe(2);
  house.send(classicPolicy({}, { call: term('INITIAL', '1'), cure: term('INITIAL', '1'), hysteresis: '0.01' }));
  expect(house.state.policies.get('classic')?.version).toBe(3);
  // Amended under the new version, the call says so.
  expect(callOf(house).policyVersion).toBe(2);
  mark(house, '49400');
  expect(callOf(house)).toMatchObject({ policyVersion: 3, revision: 2 });
});

test('X-6 MT-4 tiers hold from their time for open positions too, and call whom they leave short', () => {
  const house = leveragedHouse();
  house.send({
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers('0.12', '0.06'),
    effectiveAt: START + HOUR,
  });
  expect(house.state.listings.get('BTC-PERP')).toMatchObject({
    tiers: { version: 1 },
    pendingTiers: { version: 2, effectiveAt: START + HOUR },
  });
  expect(ofType(house.pass('59m59.999s'), 'MarginCallIssued')).toEqual([]);
  const events = house.pass('0.001s');
  expect(ofType(events, 'TierScheduleActivated')).toEqual([
    { type: 'TierScheduleActivated', instrument: 'BTC-PERP', version: 2 },
  ]);
  expect(ofType(events, 'MarginCallIssued').map(({ issued }) => issued.account)).toEqual(['alice']);
  expect(house.state.listings.get('BTC-PERP')).toMatchObject({ tiers: { version: 2 }, pendingTiers: null });
});

test('X-6 a schedule that replaces one still to come never brings the other back', () => {
  const house = leveragedHouse();
  house.send({
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers('0.12', '0.06'),
    effectiveAt: START + HOUR,
  });
  house.send({
    type: 'SetTierSchedule',
    instrument: 'BTC-PERP',
    tiers: flatTiers('0.06', '0.03'),
    effectiveAt: START + 2 * HOUR,
  });
  house.pass('90m');
  expect(house.state.listings.get('BTC-PERP')?.tiers?.version).toBe(1);
  house.pass('30m');
  expect(house.state.listings.get('BTC-PERP')?.tiers?.version).toBe(3);
});

test('X-6 charges and losses keep the versions of the policies they were made by', () => {
  const house = leveragedHouse({ policy: classicPolicy({ feeRate: '0.001' }) });
  house.send(classicPolicy({ feeRate: '0.002' }));
  byTwo(house, {
    type: 'SetLossPolicy',
    currency: 'USD',
    layers: ['HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
    base: 'EQUITY',
    period: 86_400_000,
    fundTarget: '0',
  });
  mark(house, '48305');
  const [order] = house.state.liquidationOrders.values();
  house.send({
    type: 'ReportLiquidationFill',
    order: order?.id ?? '',
    trade: 'f',
    counterparty: 'maker',
    price: '48305',
    size: '0.1',
  });
  expect(all(house, 'LiquidationOrderFilled')[0]?.charges).toMatchObject({ policyVersion: 2 });
  mark(house, '40000');
  expect(
    all(house, 'LossAllocated').find(({ cases }) => cases.some(({ account }) => account === 'alice')),
  ).toMatchObject({
    policyVersion: 2,
    base: 'EQUITY',
  });
});

test('X-6 collateral terms count their versions', () => {
  const house = leveragedHouse();
  for (const haircut of ['0.2', '0.3']) {
    const set = {
      type: 'SetCollateralTerms',
      currency: 'BTC',
      haircut,
      conversionDiscount: '0',
      eligible: true,
    } as const;
    if (haircut === '0.2') byTwo(house, set);
    else house.send(set);
  }
  expect(house.state.collateral.get('BTC')?.version).toBe(2);
});

test('X-6 every price a decision was made at is named by the entry that set it', () => {
  const house = leveragedHouse();
  openAccount(house, 'bob', '100');
  mark(house, '48700');
  const { seq } = house.state;
  openAccount(house, 'cy', '100');
  trade(house, 'maker', 'alice', '0.1', '48700');
  expect(callOf(house).prices).toEqual([{ instrument: 'BTC-PERP', price: 487_000n, seq }]);
});
