/** The two ladders, and the level at which the cure window is cut.  Rulings 1 and 2 */

import {
  classicPolicy,
  flatTiers,
  mark,
  onePerpetual,
  openAccount,
  type Perpetual,
  term,
  trade,
} from '../../support/given';
import { ofType, type TestHouse, typesOf } from '../../support/house';
import { callOf, leveragedHouse, statusOf, usd } from '../../support/ladder';

describe('the classic ladder', () => {
  test('Ruling 2 warning below initial, call below maintenance, close-out below two thirds of maintenance', () => {
    const house = leveragedHouse();
    const at = (price: string) => {
      mark(house, price);
      return statusOf(house);
    };
    expect(at('50000')).toBe('HEALTHY');
    expect(at('49999.9')).toBe('WARNING');
    expect(at('48718')).toBe('WARNING');
    expect(at('48717.9')).toBe('CALL');
    // Two thirds of 12,076.275 is 8,050.85: equity is 8,051.
    expect(at('48305.1')).toBe('CALL');
    expect(at('48305')).toBe('LIQUIDATING');
  });

  test('B1-5 under the close-out level the window is cut, long before the deadline, and the reason recorded', () => {
    const house = leveragedHouse();
    mark(house, '48600');
    const call = callOf(house);
    house.pass('1s');
    const events = mark(house, '48305');
    expect(ofType(events, 'MarginCallSuperseded')).toEqual([
      {
        type: 'MarginCallSuperseded',
        call: call.id,
        account: 'alice',
        cause: 'CLOSE_OUT_LEVEL',
        equity: usd('8050.00'),
      },
    ]);
    expect(ofType(events, 'LiquidationStarted')[0]?.started).toMatchObject({ cause: 'CLOSE_OUT_LEVEL', call: call.id });
    expect(ofType(events, 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('2h'), 'MarginCallExpired')).toEqual([]);
  });

  test('B1-5 control: with a lower close-out level the same fall leaves the window open', () => {
    const house = leveragedHouse({ policy: classicPolicy({}, { closeOut: term('MAINTENANCE', '1/2') }) });
    mark(house, '48600');
    expect(typesOf(mark(house, '48305'))).toEqual(['MarkPriceSet', 'MarginCallAmended']);
    expect(statusOf(house)).toBe('CALL');
  });

  test('Ruling 1 a gap from health through every level calls, cuts and liquidates in one entry', () => {
    const house = leveragedHouse();
    const events = mark(house, '48000');
    expect(typesOf(events)).toEqual([
      'MarkPriceSet',
      'AccountStatusChanged',
      'AccountStatusChanged',
      'MarginCallIssued',
      'MarginCallSuperseded',
      'AccountStatusChanged',
      'LiquidationStarted',
      'LiquidationOrderIssued',
    ]);
    expect(ofType(events, 'AccountStatusChanged').map(({ from, to, cause }) => [from, to, cause])).toEqual([
      ['HEALTHY', 'WARNING', 'BELOW_WARNING_LEVEL'],
      ['WARNING', 'CALL', 'BELOW_CALL_LEVEL'],
      ['CALL', 'LIQUIDATING', 'CLOSE_OUT_LEVEL'],
    ]);
  });

  test('B1-5 equity below zero is recorded as bankruptcy at the mark', () => {
    const house = leveragedHouse();
    expect(ofType(mark(house, '47499.9'), 'MarginCallSuperseded')).toMatchObject([
      { cause: 'BANKRUPT_AT_MARK', equity: usd('-1.00') },
    ]);
    const other = leveragedHouse();
    expect(ofType(mark(other, '47500'), 'MarginCallSuperseded')).toMatchObject([
      { cause: 'CLOSE_OUT_LEVEL', equity: 0n },
    ]);
  });
});

describe('the exchange ladder', () => {
  const policy = classicPolicy(
    {},
    {
      call: [...term('INITIAL', '1/2'), ...term('MAINTENANCE', '1')],
      cure: [...term('INITIAL', '1/2'), ...term('MAINTENANCE', '1')],
      closeOut: term('MAINTENANCE', '1'),
    },
  );
  /** Alice long 10 at 50,000 with `deposit`. */
  const given = (deposit: string, tiers: Perpetual['tiers']): TestHouse => {
    const house = onePerpetual(tiers ? { policy, tiers } : { policy });
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'alice', deposit);
    trade(house, 'alice', 'maker', '10', '50000');
    return house;
  };
  const at = (house: TestHouse, price: string) => {
    mark(house, price);
    return statusOf(house);
  };

  test('Ruling 2 called at half of initial margin where that is more than maintenance, closed out below maintenance', () => {
    // Initial 10 %, maintenance 2.5 %: equity is 10 P - 450,000, the call level P / 2, the close-out level P / 4.
    const house = given('50000', flatTiers('0.1', '0.025'));
    expect(at(house, '49999.9')).toBe('WARNING');
    expect(at(house, '47368.5')).toBe('WARNING');
    expect(at(house, '47368.4')).toBe('CALL');
    expect(at(house, '46153.9')).toBe('CALL');
    expect(at(house, '46153.8')).toBe('LIQUIDATING');
  });

  test('Ruling 2 called at maintenance where that is more than half of initial margin, and cut in the same entry', () => {
    // Initial 6 %, maintenance 4 %: equity is 10 P - 470,000, maintenance 2 P / 5.
    const house = given('30000', flatTiers('0.06', '0.04'));
    expect(at(house, '48958.4')).toBe('WARNING');
    const events = mark(house, '48958.3');
    expect(ofType(events, 'MarginCallIssued')).toHaveLength(1);
    expect(ofType(events, 'MarginCallSuperseded')).toMatchObject([{ cause: 'CLOSE_OUT_LEVEL' }]);
    expect(statusOf(house)).toBe('LIQUIDATING');
  });

  test('B1-4 its call too gives the whole window where the fall stops above maintenance', () => {
    const house = given('50000', flatTiers('0.1', '0.025'));
    mark(house, '47000');
    expect(ofType(house.pass('59m59.999s'), 'MarginCallExpired')).toEqual([]);
    expect(ofType(house.pass('0.001s'), 'MarginCallExpired')).toHaveLength(1);
  });
});

test('RLM-2 an account restored to a target below its call level is called at once', () => {
  const liquidation = { slippage: '0' };
  const house = leveragedHouse({ policy: classicPolicy(liquidation, { target: term('MAINTENANCE', '3/4') }) });
  mark(house, '48305');
  expect(statusOf(house)).toBe('LIQUIDATING');
  const [order] = house.state.liquidationOrders.values();
  const size = order && Number(-order.size) / 10;
  const events = house.send({
    type: 'ReportLiquidationFill',
    order: order?.id ?? '',
    trade: 'f',
    counterparty: 'maker',
    price: '48305',
    size: String(size),
  });
  expect(ofType(events, 'LiquidationEnded')).toMatchObject([{ outcome: 'RESTORED' }]);
  expect(ofType(events, 'MarginCallIssued')).toHaveLength(1);
  expect(statusOf(house)).toBe('CALL');
});
