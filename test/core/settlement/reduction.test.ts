import { standingOfAccount } from '../../../src/core/margin/standing';
import { planReductions } from '../../../src/core/settlement/closing/plan';
import { cashDown, cashUp } from '../../../src/units/rounding';
import { definePerpetual, flatTiers, mark, openAccount, trade } from '../../support/given';
import { type Fallen, fallen, fill, liquidating, openOrders, sizeOf, statusOf } from '../../support/liquidation';

const target = (base: 'INITIAL' | 'MAINTENANCE', ratio: string) => ({ target: [{ base, ratio }] });
const figuresOf = (house: Parameters<typeof sizeOf>[0]) => {
  const { equity, maintenance, initial } = standingOfAccount(house.state, 'alice');
  return { equity: cashDown(equity), maintenance: cashUp(maintenance), initial: cashUp(initial) };
};

describe('B2-1 long 10 at 50,000, maintenance 2.5 %, fee 0.5 %, equity 11,000', () => {
  test('B2-1 closes exactly 1.5, after which equity 10,625 is maintenance margin', () => {
    const { house } = liquidating();
    expect(figuresOf(house)).toMatchObject({ equity: 1_100_000n, maintenance: 1_250_000n });
    expect(openOrders(house)).toMatchObject([{ size: -15n, reason: 'RESTORES_TARGET' }]);
    fill(house, '50000', '1.5');
    expect(figuresOf(house)).toMatchObject({ equity: 1_062_500n, maintenance: 1_062_500n });
    expect([statusOf(house), sizeOf(house)]).toEqual(['WARNING', 85n]);
  });

  test('B2-1 with a buffer of 20 % closes exactly 3.2: equity 10,200 over maintenance 8,500', () => {
    const { house } = liquidating({ policy: target('MAINTENANCE', '1.2') });
    expect(openOrders(house)).toMatchObject([{ size: -32n }]);
    fill(house, '50000', '3.2');
    expect(figuresOf(house)).toMatchObject({ equity: 1_020_000n, maintenance: 850_000n });
    expect(statusOf(house)).toBe('WARNING');
  });

  test.each([
    ['0.1', '0.1', 63n],
    ['100', '0.0001', 62_223n],
    ['10', '0.001', 6223n],
  ])(
    'B2-1 to initial margin of 5 % it is 6.2222…, rounded up to the lot (tick %s, lot %s: %s lots)',
    (tick, lot, lots) => {
      const { house } = liquidating({ tick, lot, policy: target('INITIAL', '1') });
      expect(openOrders(house)).toMatchObject([{ size: -lots }]);
    },
  );

  test('B2-1 a short position is closed alike, by buying', () => {
    const { house } = liquidating({ side: 'short', entry: '48000', deposit: '31000' });
    expect(openOrders(house)).toMatchObject([{ size: 15n }]);
    fill(house, '50000', '1.5');
    expect(figuresOf(house)).toMatchObject({ equity: 1_062_500n, maintenance: 1_062_500n });
  });

  test('B2-1 slippage that is allowed for closes more: (12,500 - 11,000) / (50,000 x (0.025 - 0.005 - 0.004)) = 1.875', () => {
    const { house } = liquidating({ terms: { slippage: '0.004' } });
    expect(openOrders(house)).toMatchObject([{ size: -19n }]);
    // At a price that is worse by just that, 1.9 contracts restore.
    fill(house, '49800', '1.9');
    expect(statusOf(house)).toBe('WARNING');
  });
});

describe('B2-3 full close where a part cannot help', () => {
  const whole = (given: Fallen) => openOrders(liquidating(given).house).map(({ size, reason }) => [size, reason]);

  test.each([
    // maintenance 2.5 %, fee 0.5 %: what closing costs against what it frees.
    // frees 2.5 %, costs 2.49 %: 300 lots would do, 100 do not
    ['0.0199', 'MAINTENANCE', '1', [[-100n, 'CANNOT_RESTORE']]],
    ['0.02', 'MAINTENANCE', '1', [[-100n, 'CANNOT_RESTORE']]], // costs exactly what it frees
    ['0.03', 'MAINTENANCE', '1', [[-100n, 'CANNOT_RESTORE']]],
    ['0.01', 'MAINTENANCE', '1', [[-30n, 'RESTORES_TARGET']]], // 1,500 / (50,000 x 1 %)
    // 3 % against 2.5 %, but 4,000 over 250 a contract is 16 contracts
    ['0.02', 'MAINTENANCE', '1.2', [[-100n, 'CANNOT_RESTORE']]],
    ['0.02', 'MAINTENANCE', '1.1', [[-100n, 'CANNOT_RESTORE']]],
    ['0.015', 'MAINTENANCE', '1.2', [[-80n, 'RESTORES_TARGET']]], // 4,000 / (50,000 x 1 %)
  ] as const)('B2-3 slippage %s to %s x %s: %j', (slippage, base, ratio, expected) => {
    expect(whole({ terms: { slippage }, policy: target(base, ratio) })).toEqual(expected);
  });

  test('B2-3 a remainder below the smallest position worth keeping is closed too, with its own reason', () => {
    // 8.5 contracts at 50,000 are 425,000.
    expect(whole({ terms: { minimumRemainder: '425000' } })).toEqual([[-15n, 'RESTORES_TARGET']]);
    expect(whole({ terms: { minimumRemainder: '425000.01' } })).toEqual([[-100n, 'REMAINDER_TOO_SMALL']]);
  });

  test('B2-3 where the lowest tier frees less than closing costs, the upper one is closed and no more', () => {
    // 0.5 % up to 250,000 and 5 % above: closing costs 3 %, so the account is restored by 2.x contracts but not by all
    // 10.
    const tiers = [
      { floor: '0', cap: '250000', initialRate: '0.02', maintenanceRate: '0.006', deduction: null },
      { floor: '250000', cap: null, initialRate: '0.06', maintenanceRate: '0.05', deduction: null },
    ];
    const { house } = liquidating({ tiers, deposit: '33000', terms: { slippage: '0.025' } });
    // Maintenance 1,500 + 12,500 = 14,000, equity 13,000: each contract frees 2,500 and costs 1,500.
    expect(figuresOf(house)).toMatchObject({ equity: 1_300_000n, maintenance: 1_400_000n });
    expect(openOrders(house)).toMatchObject([{ size: -10n, reason: 'RESTORES_TARGET' }]);
  });

  test('LE-4 a large reduction goes out in steps of the stated notional or share of the depth, at least one lot', () => {
    expect(whole({ terms: { maximumStepNotional: '49999' } })).toEqual([[-9n, 'STAGED']]);
    expect(whole({ terms: { maximumStepNotional: '1' } })).toEqual([[-1n, 'STAGED']]);
    expect(whole({ terms: { maximumStepNotional: '75000' } })).toEqual([[-15n, 'RESTORES_TARGET']]);
    // Of 100 lots held; 15 are needed.
    expect(whole({ terms: { maximumStepShare: '0.1' } })).toEqual([[-10n, 'STAGED']]);
    expect(whole({ terms: { maximumStepShare: '0.149999999999' } })).toEqual([[-14n, 'STAGED']]);
    expect(whole({ terms: { maximumStepShare: '0.15' } })).toEqual([[-15n, 'RESTORES_TARGET']]);
    expect(whole({ terms: { maximumStepShare: '0.1', maximumStepNotional: '49999' } })).toEqual([[-9n, 'STAGED']]);
    const house = fallen({ terms: { maximumShareOfDepth: '0.1' } });
    // Selling meets the bids: 5 contracts, a tenth of them.
    house.send({ type: 'ReportDepth', instrument: 'BTC-PERP', bids: '5.09', asks: '900' });
    house.pass('1h');
    expect(openOrders(house)).toMatchObject([{ size: -5n, reason: 'STAGED' }]);
    fill(house, '50000', '0.5');
    expect(openOrders(house)).toMatchObject([{ size: -5n, reason: 'STAGED' }]);
  });
});

describe('B2-3 several positions', () => {
  /** alice: 10 BTC at 2.5 %, 100 ETH at 5 %; both called at once. */
  const two = () => {
    const house = fallen({ deposit: '66000', at: '51000', terms: {}, policy: target('MAINTENANCE', '1') });
    definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.1', '0.05') });
    openAccount(house, 'other', '90000000');
    trade(house, 'alice', 'other', '100', '3000', 'ETH-PERP');
    return house;
  };

  test('B2-3 the position that frees most maintenance margin per unit of cost goes first', () => {
    const house = two();
    // Maintenance 12,750 + 15,000. At 47,900 it is 11,975 + 15,000 = 26,975 against equity 25,000.
    mark(house, '47900');
    house.pass('1h');
    // 1,975 over 3,000 x (5 % - 0.5 %) a contract is 14.6.., of the ETH alone.
    expect(openOrders(house).map(({ instrument, size, reason }) => [instrument, size, reason])).toEqual([
      ['ETH-PERP', -147n, 'RESTORES_TARGET'],
    ]);
  });

  test('B2-3 only when the first cannot do it alone is it closed whole and the next one reduced', () => {
    const house = two();
    mark(house, '46600'); // equity 12,000; 11,650 + 15,000; without ETH 10,500 against 11,650
    const plan = planReductions(house.state, standingOfAccount(house.state, 'alice'));
    expect(plan.map(({ holding, lots, reason }) => [holding.instrument.id, lots, reason])).toEqual([
      ['ETH-PERP', 1000n, 'CANNOT_RESTORE'],
      ['BTC-PERP', 13n, 'RESTORES_TARGET'], // 1,150 / (46,600 x 2 %) = 1.23..
    ]);
    // 12,000 is below two thirds of 26,650: the window was cut, and the plan has gone out.
    expect(openOrders(house).map(({ instrument, size }) => [instrument, size])).toEqual([
      ['ETH-PERP', -1000n],
      ['BTC-PERP', -13n],
    ]);
  });
});
