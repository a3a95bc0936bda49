/** Deleveraging as a rung where no equity stands behind the lots. */

import fc from 'fast-check';
import type { LossLayer } from '../../../../src/core/model/policy';
import { expectNothingKept } from '../../../support/agreement';
import { forgoneBy, ledgerOf } from '../../../support/deleveraging';
import { given, sound } from '../../../support/deleveragingRung';
import { mark, openAccount, trade } from '../../../support/given';
import { ofType } from '../../../support/house';
import { onlyOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { movesOf, rungOf } from '../../../support/rungs';

describe('S07 where nothing stands behind them', () => {
  const rungs = [rungOf('VENUE'), rungOf('DELEVERAGING')];

  test('SL-5 B3-1 the other side closes at the bankruptcy price as far as the layers before do not reach, to the unit', () => {
    // At 48,000 she lacks 9,000, of which 4,000 are in the fund.
    const house = given({ rungs, fund: '4000' });
    const events = mark(house, '48000');
    expect(movesOf(events)).toEqual(['VENUE > DELEVERAGING -100 NOT_FOR_INSOLVENT']);
    const { decided } = onlyOf(events, 'DeleveragingDecided');
    expect(decided).toMatchObject({
      cause: 'LADDER',
      account: 'close-out:USD',
      budget: 500_000n,
      used: 500_000n,
      overshoot: 0n,
      size: -100n,
    });
    const [book] = onlyOf(events, 'LossAllocated').cases;
    expect(book?.layers.map(({ layer, used }) => `${layer} ${used}`)).toEqual([
      'INSURANCE_FUND 400000',
      'DELEVERAGING 0',
      'SOCIALIZED_LOSS 0',
    ]);
    expect([house.balance('alice'), house.balance('bob'), ledgerOf(house, 'insurance-fund')]).toEqual([
      '0.00',
      '935000.00',
      0n,
    ]);
    expect([sizeOf(house), sizeOf(house, 'bob'), sizeOf(house, 'close-out:USD'), statusOf(house)]).toEqual([
      0n,
      0n,
      0n,
      'CLOSED',
    ]);
    sound(house);
  });

  test('SL-5 without a fund the price is the bankruptcy price itself: 48,900', () => {
    const house = given({ rungs });
    const pair = onlyOf(mark(house, '48000'), 'PositionDeleveraged');
    expect([pair.size, pair.value, pair.forgone]).toEqual([100n, 48_900_000n, 900_000n]);
    sound(house);
  });

  test('S09 a fund that suffices: everything is closed at the mark and nobody gives anything up', () => {
    const house = given({ rungs, fund: '9000' });
    const events = mark(house, '48000');
    expect(forgoneBy(events)).toEqual(['bob 100 0']);
    expect([house.balance('bob'), ledgerOf(house, 'insurance-fund')]).toEqual(['940000.00', 0n]);
    sound(house);
  });

  test.each([
    ['PRO_RATA', ['b1 60 300000', 'b2 30 150000', 'b3 10 50000']],
    ['QUEUE', ['b3 10 50000', 'b1 60 300000', 'b2 30 150000']],
  ] as const)('S09 %s: what is given up sums to the budget over all holders', (method, expected) => {
    const shorts = { b1: ['6', '100000'], b2: ['3', '100000'], b3: ['1', '4000'] } as const;
    const house = given({ rungs, fund: '4000', shorts, deleveraging: { method } });
    const events = mark(house, '48000');
    expect(new Set(forgoneBy(events))).toEqual(new Set(expected));
    expect(onlyOf(events, 'DeleveragingDecided').decided).toMatchObject({ used: 500_000n, budget: 500_000n });
    sound(house);
  });

  test('S07 the house keeps what its cap allows, and its part of the loss goes down the layers', () => {
    const house = given({ rungs: [rungOf('HOUSE', { marketCap: '144000' }), rungOf('DELEVERAGING')], fund: '4000' });
    const events = mark(house, '48000');
    expect(movesOf(events)).toEqual(['HOUSE > DELEVERAGING -70 CAP_REACHED']);
    const [rung, layer] = ofType(events, 'DeleveragingDecided').map(({ decided }) => decided);
    // All of the 5,000 is beyond the fund, and the 7 contracts lost 6,300 of the 9,000.
    expect(rung).toMatchObject({ cause: 'LADDER', size: -70n, budget: 500_000n, used: 500_000n });
    expect([layer, sizeOf(house, 'close-out:USD'), ledgerOf(house, 'insurance-fund')]).toEqual([undefined, 30n, 0n]);
    sound(house);
  });

  test('S07 the rung asks for no more than its lots lost; what is missing beyond is asked for by the layer', () => {
    const house = given({ rungs: [rungOf('HOUSE', { marketCap: '240000' }), rungOf('DELEVERAGING')] });
    const decided = ofType(mark(house, '48000'), 'DeleveragingDecided').map((event) => event.decided);
    // 5 contracts lost 4,500 of 9,000; the layer closes the least of the other 5 whose loss is the other 4,500: all of
    // them.
    expect(decided.map(({ cause, size, used }) => [cause, size, used])).toEqual([
      ['LADDER', -50n, 450_000n],
      ['LOSS_LAYER', -50n, 450_000n],
    ]);
    expect(sizeOf(house, 'close-out:USD')).toBe(0n);
    sound(house);
  });

  test('LI-4 nobody on the other side but herself: the house keeps it, and the layers bear the loss', () => {
    const shorts = { 'alice-2': ['10', '900000'] } as const;
    const house = given({
      rungs: [rungOf('DELEVERAGING', { marketCap: '200000' }), rungOf('HOUSE')],
      shorts,
      owner: 'mallory',
      fund: '10000',
    });
    const events = mark(house, '48000');
    expect(movesOf(events)).toEqual(['DELEVERAGING > HOUSE -100 NOBODY_THERE']);
    expect([sizeOf(house, 'close-out:USD'), sizeOf(house, 'alice-2'), ledgerOf(house, 'insurance-fund')]).toEqual([
      100n,
      -100n,
      100_000n,
    ]);
    sound(house);
  });

  test('S09 two that fail in one entry are covered by one fund once, and together give up what it lacks', () => {
    const house = given({ rungs, fund: '12000', shorts: { bob: ['10', '900000'] } });
    openAccount(house, 'amy', '31000');
    trade(house, 'amy', 'bob', '10', '52000');
    const events = mark(house, '48000'); // 9,000 each
    const decided = ofType(events, 'DeleveragingDecided').map((event) => event.decided);
    expect(decided.map(({ used, budget }) => [used, budget])).toEqual([
      [0n, 0n],
      [600_000n, 600_000n],
    ]);
    expect([ledgerOf(house, 'insurance-fund'), house.balance('bob')]).toEqual([0n, '974000.00']);
    expect(onlyOf(events, 'LossAllocated').cases.map(({ loss }) => loss)).toEqual([900_000n, 300_000n]);
    sound(house);
  });

  test('SL-5 B3-1 holders give up no more than their profit; what they cannot goes to the layers behind', () => {
    const house = given({ rungs });
    mark(house, '48910');
    expect([statusOf(house), openOrders(house).length]).toEqual(['LIQUIDATING', 1]);
    // bob leaves with 32,000 gained; who takes his place stands at 48,800, worse than the 48,900 at which she is
    // bankrupt.
    openAccount(house, 'late', '900000');
    trade(house, 'bob', 'late', '10', '48800');
    const events = mark(house, '48000');
    expect(onlyOf(events, 'DeleveragingDecided').decided).toMatchObject({
      budget: 900_000n,
      used: 800_000n,
      available: 800_000n,
      size: -100n,
    });
    const [book] = onlyOf(events, 'LossAllocated').cases;
    expect(book?.layers.map(({ layer, used }) => `${layer} ${used}`)).toEqual([
      'INSURANCE_FUND 0',
      'DELEVERAGING 0',
      'SOCIALIZED_LOSS 100000',
    ]);
    expect([house.balance('late'), house.balance('bob'), house.balance('alice')]).toEqual([
      '900000.00',
      '931000.00',
      '0.00',
    ]);
    sound(house);
  });
});

test(
  'X-1 B3-1 SL-5 any ladder with the rung, any layers, any fall: books sum, nothing is kept, budgets hold, ' +
    'replay agrees',
  () => {
    const LAYERS: LossLayer[][] = [
      ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
      ['DELEVERAGING', 'INSURANCE_FUND', 'TEAR_UP'],
      ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'],
      ['HOUSE_CAPITAL', 'GAINS_HAIRCUT', 'DELEVERAGING', 'INSURANCE_FUND'],
    ];
    const cap = fc.option(fc.integer({ min: 5_000, max: 300_000 }).map(String), { nil: null });
    let [rungs, insolvent] = [0, 0];
    fc.assert(
      fc.property(
        fc.record({
          layers: fc.constantFrom(...LAYERS),
          method: fc.constantFrom('QUEUE', 'PRO_RATA', 'LEVERAGE_WEIGHTED'),
          order: fc.constantFrom('V D', 'H D', 'D H', 'D', 'V H D'),
          cap,
          fund: fc.integer({ min: 1, max: 20_000 }),
          holders: fc.array(fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 20_000, max: 200_000 })), {
            minLength: 1,
            maxLength: 4,
          }),
          falls: fc.array(fc.integer({ min: 46_000, max: 52_500 }), { minLength: 1, maxLength: 4 }),
        }),
        ({ layers, method, order, fund, holders, falls, ...limits }) => {
          const names = { V: 'VENUE', D: 'DELEVERAGING', H: 'HOUSE' } as const;
          const methods = order.split(' ').map((letter) => names[letter as keyof typeof names]);
          const ladder = methods.map((name, i) =>
            rungOf(name, i === methods.length - 1 ? {} : { marketCap: limits.cap }),
          );
          const shorts = Object.fromEntries(
            holders.map(([tenths, deposit], i) => [`h${i}`, [String(tenths / 10), String(deposit)] as const]),
          );
          const house = given({
            rungs: ladder,
            layers,
            shorts: {},
            deleveraging: { method },
            fund: String(fund),
            capital: '300',
          });
          for (const [id, [contracts, deposit]] of Object.entries(shorts)) {
            openAccount(house, id, deposit);
            house.try({
              type: 'SubmitTrade',
              trade: id,
              instrument: 'BTC-PERP',
              buyer: 'alice',
              seller: id,
              price: '52000',
              size: contracts,
              taker: null,
              buyOrder: null,
              sellOrder: null,
            });
          }
          const events = falls.flatMap((price) => [...mark(house, String(price)), ...house.pass('2h')]);
          for (const { decided } of ofType(events, 'DeleveragingDecided')) {
            expect([decided.overshoot, decided.used <= decided.budget]).toEqual([0n, true]);
            if (decided.cause === 'LADDER') rungs += 1;
            if (decided.cause === 'LADDER' && decided.account === 'close-out:USD') insolvent += 1;
          }
          for (const { profit, forgone } of ofType(events, 'PositionDeleveraged'))
            if (forgone > 0n) expect(forgone <= profit).toBe(true);
          for (const { cases } of ofType(events, 'LossAllocated'))
            for (const { layers: used } of cases)
              used.forEach((layer, at) => {
                if (layer.used > 0n && layer.layer !== 'UNALLOCATED')
                  expect(used.slice(0, at).every(({ left }) => left === 0n)).toBe(true);
              });
          expect(ledgerOf(house, 'insurance-fund') >= 0n && ledgerOf(house, 'house-capital') >= 0n).toBe(true);
          expect(house.balance('idle')).toBe('777.00');
          expectNothingKept(house.state, events);
          sound(house);
        },
      ),
      { numRuns: 40 },
    );
    expect([rungs > 5, insolvent > 2]).toEqual([true, true]);
  },
);
