/**
 * Deleveraging as a rung: at the mark while there is equity, at the bankruptcy price where there is none, and never
 * more than is needed.  Rules: SL-5, S07, S09, LE-4, LI-4
 */

import fc from 'fast-check';
import { linesOf } from '../../../../src/core/engine/digest';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import type { RungInput } from '../../../../src/core/message/ladderCommands';

import type { LossLayer } from '../../../../src/core/model/policy';
import { expectNothingKept, expectSoundBooks } from '../../../support/agreement';
import { type DeleveragingHouse, deleveragingHouse, forgoneBy, ledgerOf } from '../../../support/deleveraging';
import { classicPolicy, flatTiers, mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse, typesOf } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fill, onlyOf, openOrders, sizeOf, statusOf, linesOf as textOf } from '../../../support/liquidation';
import { movesOf, rungOf, setLadder } from '../../../support/rungs';
import { expectReplays, expectTwins, restored } from '../../../support/twin';

interface Given extends DeleveragingHouse {
  readonly rungs: readonly RungInput[];
  readonly shorts?: Readonly<Record<string, readonly [contracts: string, deposit: string]>>;
  readonly owner?: string;
}

/**
 * `alice` buys at 52,000 from those who are short, with 31,000: at 50,000 she has 11,000 against 12,500 if she holds
 * ten.
 */
function given({ rungs, shorts = { bob: ['10', '900000'] }, owner = 'alice', ...house }: Given): TestHouse {
  const made = deleveragingHouse({
    price: '52000',
    tiers: flatTiers('0.05', '0.025'),
    policy: classicPolicy({ feeRate: '0.005' }),
    ...house,
  });
  openAccount(made, 'maker', '900000000');
  openAccount(made, 'idle', '777');
  openAccount(made, 'alice', '31000', { owner });
  for (const [id, [contracts, deposit]] of Object.entries(shorts)) {
    openAccount(made, id, deposit, id.startsWith('alice') ? { owner } : {});
    trade(made, 'alice', id, contracts, '52000');
  }
  setLadder(made, rungs);
  return made;
}

/** Called at 50,000, and an hour later closed out. */
function solvent(terms: Given): { house: TestHouse; events: ReturnType<TestHouse['send']> } {
  const house = given(terms);
  mark(house, '50000');
  return { house, events: house.pass('1h') };
}

const equityOf = (house: TestHouse, account = 'alice'): bigint =>
  standingOfAccount(house.state, account).equity / 10n ** 12n;
const sound = (house: TestHouse): void => {
  expectSoundBooks(house.state);
  expectReplays(house.state, house.entries);
  expectTwins(restored(house.state), house.state);
};

describe('SL-5 while equity stands behind the lots', () => {
  test('SL-5 only the fewest lots that restore are closed, at the mark, and nobody gives anything up', () => {
    const { house, events } = solvent({ rungs: [rungOf('DELEVERAGING')] });
    const { decided, charges } = onlyOf(events, 'DeleveragingDecided');
    expect(decided).toMatchObject({
      ...{ cause: 'LADDER', account: 'alice', size: -15n, budget: 0n, used: 0n, overshoot: 0n },
      ...{
        holders: 1,
        affected: 1,
        liquidation: [...house.entries].flatMap(({ outcome }) =>
          'events' in outcome ? ofType(outcome.events, 'LiquidationStarted') : [],
        )[0]?.started.id,
      },
    });
    // 1.5 contracts at 50,000 for 75,000, fee 0.5 %.
    expect(charges).toMatchObject({ closed: 7_500_000n, fee: 37_500n, feeDue: 37_500n });
    expect(textOf(onlyOf(events, 'DeleveragingDecided').transfers)).toEqual([
      'LIQUIDATION_FEE account/alice > insurance-fund 37500',
    ]);
    expect(onlyOf(events, 'PositionDeleveraged')).toMatchObject({
      account: 'bob',
      size: 15n,
      value: 7_500_000n,
      forgone: 0n,
      rank: 1,
    });
    // 15 lots of the 11,000 behind 100 are 1,650.
    expect(onlyOf(events, 'DeleveragingDecided').carried).toEqual({
      ...{ mark: 500_000n, value: -7_500_000n, slippage: { mark: 0n, trigger: 0n, bankruptcy: -165_000n } },
    });
    // 31,000 - 1.5 x 2,000 - 375, and 900,000 + 1.5 x 2,000.
    expect([house.balance('alice'), house.balance('bob'), sizeOf(house), sizeOf(house, 'bob')]).toEqual([
      '27625.00',
      '903000.00',
      85n,
      -85n,
    ]);
    // 10,625 against 8.5 x 50,000 x 2.5 %: exactly at her target.
    expect([equityOf(house), statusOf(house)]).toEqual([1_062_500n, 'WARNING']);
    sound(house);
  });

  test('SL-5 control: one lot less would not have restored her', () => {
    const { house } = solvent({ rungs: [rungOf('VENUE'), rungOf('DELEVERAGING')] });
    fill(house, '50000', '1.4');
    expect(statusOf(house)).toBe('LIQUIDATING');
  });

  test('LI-4 what the venue filled is done: only the rest of the order is closed against the other side', () => {
    const { house } = solvent({ rungs: [rungOf('VENUE'), rungOf('DELEVERAGING')] });
    fill(house, '50000', '0.9');
    expect([sizeOf(house), openOrders(house)[0]?.filled]).toEqual([91n, -9n]);
    const events = house.pass('30s');
    expect(movesOf(events)).toEqual(['VENUE > DELEVERAGING -6 WINDOW_PASSED']);
    expect(onlyOf(events, 'DeleveragingDecided').decided.size).toBe(-6n);
    expect([sizeOf(house), sizeOf(house, 'bob'), statusOf(house), openOrders(house)]).toEqual([
      85n,
      -94n,
      'WARNING',
      [],
    ]);
    sound(house);
  });

  test('LE-4 no more at once than the cap of the rung: the rest goes on, and says why', () => {
    const { house, events } = solvent({ rungs: [rungOf('DELEVERAGING', { marketCap: '20000' }), rungOf('HOUSE')] });
    expect(onlyOf(events, 'DeleveragingDecided').decided.size).toBe(-4n);
    expect(movesOf(events)).toEqual(['DELEVERAGING > HOUSE -11 CAP_REACHED']);
    expect([sizeOf(house) < 100n, sizeOf(house, 'bob')]).toEqual([true, -96n]);
    sound(house);
  });

  test('LI-4 what the house may not hold is closed against the other side', () => {
    const { house, events } = solvent({ rungs: [rungOf('HOUSE', { marketCap: '100000' }), rungOf('DELEVERAGING')] });
    expect(onlyOf(events, 'PositionTakenOver').size).toBe(-20n);
    expect(movesOf(events)).toEqual(['HOUSE > DELEVERAGING -80 CAP_REACHED']);
    // The house took its part of the equity with the lots: what is left needs a seventh or so of itself closed, not all
    // of it.
    const { decided } = onlyOf(events, 'DeleveragingDecided');
    expect([decided.size, sizeOf(house), statusOf(house)]).toEqual([-12n, 68n, 'WARNING']);
    sound(house);
  });

  test('LI-4 nobody on the other side but herself: the house is the last resort', () => {
    const shorts = { 'alice-2': ['10', '900000'] } as const;
    const { house, events } = solvent({ rungs: [rungOf('VENUE'), rungOf('DELEVERAGING')], shorts, owner: 'mallory' });
    const later = house.pass('30s');
    expect(typesOf([...events, ...later])).not.toContain('DeleveragingDecided');
    expect(onlyOf(later, 'PositionTakenOver')).toMatchObject({ receiver: 'close-out:USD', size: -15n });
    expect(sizeOf(house, 'alice-2')).toBe(-100n);
    sound(house);
  });

  test('S09 accounts without a position, and those on the same side, are what they were', () => {
    const linesAbout = (house: TestHouse, id: string): string[] =>
      [...linesOf(house.state)].filter((line) => line.includes(`"${id}"`));
    const house = given({ rungs: [rungOf('DELEVERAGING')], shorts: { bob: ['6', '900000'], carl: ['4', '900000'] } });
    openAccount(house, 'lou', '900000');
    trade(house, 'lou', 'maker', '3', '52000');
    mark(house, '51000');
    const before = ['idle', 'lou'].flatMap((id) => linesAbout(house, id));
    expect(before.length).toBeGreaterThan(0);
    const events = [...mark(house, '50000'), ...house.pass('1h')];
    const touched = new Set(ofType(events, 'PositionDeleveraged').map(({ account }) => account));
    expect([...touched].sort()).toEqual(['bob', 'carl', 'maker']);
    expect(['idle', 'lou'].flatMap((id) => linesAbout(house, id))).toEqual(before);
    sound(house);
  });

  test('LP-5 what it charged comes back where the liquidation is ruled wrong', () => {
    const { house, events } = solvent({ rungs: [rungOf('DELEVERAGING')] });
    const { liquidation } = onlyOf(events, 'LiquidationEnded');
    const { dispute } = onlyOf(
      house.send({ type: 'DisputeLiquidation', liquidation, reason: 'a bad print' }),
      'LiquidationDisputed',
    );
    byTwo(house, { type: 'RuleOnLiquidationDispute', dispute: dispute.id, upheld: true, reason: 'it was' });
    // The 375 of 27,625.
    expect([house.balance('alice'), ledgerOf(house, 'insurance-fund')]).toEqual(['28000.00', 0n]);
    sound(house);
  });

  test('SL-5 the fee shrinks to what stands behind the lots, and nobody else pays it', () => {
    const house = given({ rungs: [rungOf('DELEVERAGING')] });
    const events = mark(house, '48910'); // 100 are left
    const { charges, decided } = onlyOf(events, 'DeleveragingDecided');
    expect(charges).toMatchObject({ closed: 48_910_000n, fee: 10_000n, feeDue: 244_550n });
    expect([decided.size, decided.used, house.balance('alice'), house.balance('bob')]).toEqual([
      -100n,
      0n,
      '0.00',
      '930900.00',
    ]);
    expect(ledgerOf(house, 'insurance-fund')).toBe(10_000n);
    sound(house);
  });
});

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
