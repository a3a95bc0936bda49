/** Tiers that are more than their table: rates that grow with size, rates by side, figures at the entry.  MT-6 to MT-9 */

import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import { standingOfAccount } from '../../../src/core/margin/standing';
import type { CommandOf } from '../../../src/core/message/command';
import { type CaseHouse, type CaseInstrument, caseHouse, deal, markAt, tier } from '../../cases/house';
import type { TestHouse } from '../../support/house';
import { openOrders } from '../../support/liquidation';
import { Exact } from '../../support/oracle';

type Besides = Partial<CommandOf<'SetTierSchedule'>>;

const coin = (besides: Besides, given: Partial<CaseInstrument> = {}): CaseInstrument => ({
  ...{ price: '100', tiers: [tier('0', null, '0.05', '0.03')] },
  ...given,
  besides,
});

const houseOf = (besides: Besides, given: Partial<CaseInstrument> = {}, rest: Partial<CaseHouse> = {}): TestHouse =>
  caseHouse({ instruments: { X: coin(besides, given) }, deposits: { a: '9000000', b: '9000000' }, ...rest });

const required = (house: TestHouse, account = 'a'): (bigint | undefined)[] => {
  const { initial, maintenance } = standingOfAccount(house.state, account);
  return [initial / 10n ** 12n, maintenance / 10n ** 12n];
};

type Growth = NonNullable<Besides['growth']>;
const linear: Growth = {
  ...{ shape: 'LINEAR' as const, keptShare: '1', step: null },
  ...{ initialFactor: '0.0005', maintenanceFactor: '0.0002' },
};
const root: Growth = {
  ...{ shape: 'SQUARE_ROOT' as const, keptShare: '0.8', step: '0.0001' },
  ...{ initialFactor: '0.001', maintenanceFactor: '0.001' },
};

describe('MT-6 rates that grow with size', () => {
  test('MT-6 with the size: 5 % + 200 x 0.05 % of 20,000 are 3,000, and as much of each half', () => {
    const house = houseOf({ growth: linear });
    deal(house, 'X', 'a', 'b', '200', '100');
    expect(required(house)).toEqual([300_000n, 140_000n]);
    expect(explainAccount(house.state, 'a').initialLines).toMatchObject([{ rate: '0.15', base: 2_000_000n }]);
    // What closing half frees is more than half: 100 need 10 %.
    deal(house, 'X', 'b', 'a', '100', '100');
    expect(required(house)).toEqual([100_000n, 50_000n]);
  });

  test('MT-6 with the root: 80 % of 5 %, and 0.1 % x the root of 10,001 in whole steps, are 14 %', () => {
    const house = houseOf({ growth: root }, { tiers: [tier('0', null, '0.05', '0.05')] });
    deal(house, 'X', 'a', 'b', '10001', '100');
    expect(required(house)).toEqual([14_001_400n, 14_001_400n]);
  });

  test('MT-6 a rate is never below that of the table, and without a step a root has twelve digits', () => {
    const house = houseOf({ growth: { ...root, step: null } });
    deal(house, 'X', 'a', 'b', '2', '100');
    expect(explainAccount(house.state, 'a').initialLines).toMatchObject([{ rate: '0.05' }]);
    deal(house, 'X', 'a', 'b', '198', '100'); // 0.04 + 0.001 x 14.142135623730
    expect(explainAccount(house.state, 'a').initialLines).toMatchObject([{ rate: '0.054142135623' }]);
  });

  test('MT-6 MT-3 the size is that of all accounts of the owner', () => {
    const house = houseOf({ growth: linear }, {}, { policy: { aggregation: 'OWNER' } });
    house.send({
      ...{ type: 'OpenAccount', account: 'a2', member: 'broker', owner: 'a', kind: 'CLIENT', currency: 'USD' },
      ...{ policy: 'classic', mode: 'CROSS', instrument: null },
    });
    house.send({ type: 'DepositCollateral', account: 'a2', currency: 'USD', amount: '9000000' });
    deal(house, 'X', 'a', 'b', '100', '100');
    expect(required(house)).toEqual([100_000n, 50_000n]);
    deal(house, 'X', 'b', 'a2', '100', '100');
    expect([required(house), required(house, 'a2')]).toEqual([
      [150_000n, 70_000n],
      [150_000n, 70_000n],
    ]);
  });

  test('MT-6 B2-3 a liquidation closes the fewest lots after which the smaller size is covered', () => {
    const house = houseOf({ growth: linear }, {}, { deposits: { a: '4300', b: '9000000' } });
    deal(house, 'X', 'a', 'b', '200', '101');
    markAt(house, 'X', '84'); // 900 against 16,800 at 7 %
    house.pass('1h');
    const [order] = openOrders(house, 'a');
    const lots = -(order?.size ?? 0n);
    const restores = (left: bigint): boolean => 900n * 10_000_000n >= left * 84n * (300_000n + 2_000n * left);
    expect([order?.reason, restores(200n - lots), restores(201n - lots)]).toEqual(['RESTORES_TARGET', true, false]);
  });

  test('MT-6 AH-2 at the liquidation price equity is what the size requires there', () => {
    const house = houseOf({ growth: linear }, {}, { deposits: { a: '4300', b: '9000000' } });
    deal(house, 'X', 'a', 'b', '200', '101');
    // 4,300 + 200 x (p - 101) = 200 x p x 7 %
    const price = healthOf(house.state, 'a').positions[0]?.liquidationPrice ?? '0';
    expect(new Exact(price).minus(new Exact(15_900).div(186)).abs().lt('0.0000001')).toBe(true);
  });
});

describe('MT-7 rates by side', () => {
  const short = { initialRate: '0.1', maintenanceRate: '0.08' };

  test('MT-7 100 long need 5 % and 3 %, 100 short 10 % and 8 %', () => {
    const house = houseOf({ short });
    deal(house, 'X', 'a', 'b', '100', '100');
    expect([required(house), required(house, 'b')]).toEqual([
      [50_000n, 30_000n],
      [100_000n, 80_000n],
    ]);
  });

  test('MT-7 IM-1 of orders that may leave an account on either side the dearer counts', () => {
    const house = houseOf({ short });
    deal(house, 'X', 'a', 'b', '100', '100');
    house.send({
      ...{ type: 'PlaceOrder', order: 'o', account: 'a', instrument: 'X', side: 'SELL', size: '170', price: '100' },
    });
    // 100 long or 70 short: 7,000 at 10 % are 700, 10,000 at 5 % are 500.
    expect(required(house)).toEqual([70_000n, 56_000n]);
  });

  test('MT-7 both grow with size', () => {
    const house = houseOf({ short, growth: linear });
    deal(house, 'X', 'a', 'b', '100', '100');
    expect([required(house), required(house, 'b')]).toEqual([
      [100_000n, 50_000n],
      [150_000n, 100_000n],
    ]);
  });
});

describe('MT-8 figures at the entry', () => {
  test('MT-8 maintenance stands still when the mark moves, initial margin follows it', () => {
    const house = houseOf({ maintenanceAt: 'ENTRY' });
    deal(house, 'X', 'a', 'b', '100', '100');
    markAt(house, 'X', '140');
    expect(required(house)).toEqual([70_000n, 30_000n]);
    expect(required(house, 'b')).toEqual([70_000n, 30_000n]);
    const lines = explainAccount(house.state, 'a').maintenanceLines;
    expect(lines).toMatchObject([{ base: 1_000_000n, rate: '0.03', input: null, amount: 30_000n * 10n ** 12n }]);
  });

  test('MT-8 tiers lie over the value at entry, and closing a part frees its part', () => {
    const house = houseOf(
      { maintenanceAt: 'ENTRY', initialAt: 'ENTRY' },
      { tiers: [tier('0', '5000', '0.05', '0.03'), tier('5000', null, '0.1', '0.05')] },
    );
    deal(house, 'X', 'a', 'b', '80', '100');
    expect(required(house)).toEqual([55_000n, 30_000n]); // 250 + 300, 150 + 150
    markAt(house, 'X', '50');
    expect(required(house)).toEqual([55_000n, 30_000n]);
    deal(house, 'X', 'b', 'a', '40', '50');
    expect(required(house)).toEqual([20_000n, 12_000n]); // 4,000 are left
  });

  test('MT-8 AH-2 the liquidation price is where what is lost leaves the maintenance of the entry', () => {
    const house = houseOf({ maintenanceAt: 'ENTRY' }, {}, { deposits: { a: '1000', b: '9000000' } });
    deal(house, 'X', 'a', 'b', '100', '100');
    expect(healthOf(house.state, 'a').positions).toMatchObject([{ liquidationPrice: '93' }]);
    markAt(house, 'X', '93');
    expect(healthOf(house.state, 'a').status).toBe('WARNING');
    markAt(house, 'X', '92');
    expect(healthOf(house.state, 'a').status).toBe('CALL');
  });
});

describe('MT-9 rates as they are stated', () => {
  const set = (tiers: CommandOf<'SetTierSchedule'>['tiers'], besides: Besides = {}): CommandOf<'SetTierSchedule'> => ({
    ...{ type: 'SetTierSchedule', instrument: 'X', tiers, ...besides, effectiveAt: null },
  });
  const left = (initialRate: string | null, maintenanceRate: string | null) => ({
    ...{ floor: '0', cap: null, initialRate, maintenanceRate, deduction: null },
  });

  test('MT-9 a rate that is left out is its share of the other', () => {
    const house = houseOf({});
    house.send(set([left('1/15', null)], { maintenancePerInitial: '0.5' }));
    deal(house, 'X', 'a', 'b', '3', '100');
    expect(required(house)).toEqual([2_000n, 1_000n]);
    house.send(
      set([left(null, '0.1')], { initialPerMaintenance: '1.2', short: { initialRate: null, maintenanceRate: '0.2' } }),
    );
    expect([required(house), required(house, 'b')]).toEqual([
      [3_600n, 3_000n],
      [7_200n, 6_000n],
    ]);
    expect(house.refusal(set([left(null, '0.1')]))).toBe('TIERS_RATE_INVALID');
  });

  test('MT-9 a rate above the whole notional has to be meant', () => {
    const house = houseOf({});
    expect(house.refusal(set([left('1.5', '1')]))).toBe('TIERS_RATE_INVALID');
    expect(house.refusal(set([left('2.1', '1')], { mostRate: '2' }))).toBe('TIERS_RATE_INVALID');
    expect(house.refusal(set([left('2', '1')], { mostRate: '101' }))).toBe('VALUE_OUT_OF_RANGE');
    house.send(set([left('2', '1')], { mostRate: '2' }));
    deal(house, 'X', 'a', 'b', '3', '100');
    expect(required(house)).toEqual([60_000n, 30_000n]);
  });

  test('MT-6 MT-7 MT-8 what does not go together is refused', () => {
    const house = houseOf({});
    const two = [tier('0', '5000', '0.05', '0.03'), tier('5000', null, '0.1', '0.05')];
    const one = [left('0.1', '0.05')];
    const short = { initialRate: '0.1', maintenanceRate: '0.05' };
    for (const command of [
      set(two, { growth: linear }),
      set(two, { short }),
      set(one, { growth: linear, maintenanceAt: 'ENTRY' }),
      set(one, { growth: { ...linear, maintenanceFactor: '0.0006' } }),
      set(one, { growth: { ...linear, maintenanceFactor: '-0.1' } }),
      set(one, { growth: { ...linear, keptShare: '1.1' } }),
      set(one, { growth: { ...linear, step: '0' } }),
    ])
      expect(house.refusal(command)).toBe('VALUE_OUT_OF_RANGE');
    expect(house.refusal(set(one, { short: { initialRate: '0.1', maintenanceRate: '0.2' } }))).toBe(
      'TIERS_RATE_INVALID',
    );
    house.send(set(one, { growth: linear }));
    const ramp = { lowerCap: '1', upperCap: '2', interval: 3_600_000 };
    expect(house.refusal({ type: 'SetOpenInterestScaling', instrument: 'X', ramp })).toBe('VALUE_OUT_OF_RANGE');
  });
});
