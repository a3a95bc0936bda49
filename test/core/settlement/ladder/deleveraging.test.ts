/**
 * Deleveraging as a rung: at the mark while there is equity, at the bankruptcy price where there is none, and never
 * more than is needed.  Rules: SL-5, S07, S09, LE-4, LI-4
 */

import { linesOf } from '../../../../src/core/engine/digest';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import { ledgerOf } from '../../../support/deleveraging';
import { type Given, given, sound } from '../../../support/deleveragingRung';
import { mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse, typesOf } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fill, onlyOf, openOrders, sizeOf, statusOf, linesOf as textOf } from '../../../support/liquidation';
import { movesOf, rungOf } from '../../../support/rungs';

/** Called at 50,000, and an hour later closed out. */
function solvent(terms: Given): { house: TestHouse; events: ReturnType<TestHouse['send']> } {
  const house = given(terms);
  mark(house, '50000');
  return { house, events: house.pass('1h') };
}

const equityOf = (house: TestHouse, account = 'alice'): bigint =>
  standingOfAccount(house.state, account).equity / 10n ** 12n;

describe('SL-5 while equity stands behind the lots', () => {
  test('SL-5 only the fewest lots that restore are closed, at the mark, and nobody gives anything up', () => {
    const { house, events } = solvent({ rungs: [rungOf('DELEVERAGING')] });
    const { decided, charges } = onlyOf(events, 'DeleveragingDecided');
    expect(decided).toMatchObject({
      ...{ cause: 'LADDER', account: 'alice', size: -15n, budget: 0n, used: 0n, overshoot: 0n },
      holders: 1,
      affected: 1,
      liquidation: [...house.entries].flatMap(({ outcome }) =>
        'events' in outcome ? ofType(outcome.events, 'LiquidationStarted') : [],
      )[0]?.started.id,
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
