/**
 * What closing a part of a position rounds: the cost that is released towards zero, the gain that is realised down, and
 * what does not divide stays with the position until the last of it goes.  Rules: NE-3, QC-2, PV-2
 */

import fc from 'fast-check';
import { EMPTY_POSITION } from '../../../src/core/book/exposure';
import type { Command } from '../../../src/core/message/command';
import type { Position } from '../../../src/core/model/account';
import type { Instrument } from '../../../src/core/model/reference';
import { fill, worthAt } from '../../../src/core/position/value';
import { costOf, withCost } from '../../../src/core/product/posting';
import { type Margin, margin, price, size } from '../../../src/units/quantity';
import { onePerpetual, openAccount, trade } from '../../support/given';
import { amended, type TestHouse } from '../../support/house';
import { INVERSE, inverseHouse } from '../../support/inverse';

const ONE = 10n ** 12n; // parts of the smallest unit

const termsOf = (house: TestHouse, id: string): Instrument => {
  const listing = house.state.listings.get(id);
  if (!listing) throw new Error(`No ${id}`);
  return listing.instrument;
};
const linear = (): Instrument => termsOf(onePerpetual(), 'BTC-PERP');
const inverse = (): Instrument => termsOf(inverseHouse(), INVERSE);

type Fill = readonly [lots: bigint, ticks: bigint];

/** Cost in parts of a unit, realised and gain so far, after each fill. */
function course(of: Instrument, fills: readonly Fill[]): { cost: bigint; realised: bigint; gain: bigint }[] {
  let position: Position = EMPTY_POSITION;
  return fills.map(([lots, ticks]) => {
    const filled = fill(of, position, size(lots), worthAt(of, size(lots), price(ticks)));
    position = filled.position;
    return { cost: costOf(position), realised: filled.realised, gain: position.gain };
  });
}

const sided = (sign: bigint, fills: readonly Fill[]): Fill[] => fills.map(([lots, ticks]) => [sign * lots, ticks]);

describe('NE-3 a part of a linear position', () => {
  // One lot at 5,000.00 and two at 5,000.01: 15,000.02 for three. A third is 5,000.00666..., of what is left a half is
  // 5,000.01.
  const FILLS: Fill[] = [
    [1n, 500_000n],
    [2n, 500_001n],
    [-1n, 500_001n],
    [-1n, 500_003n],
    [-1n, 499_990n],
  ];

  test('NE-3 of 15,000.02 a third that is closed releases 5,000.00, not 5,000.01: the odd part stays', () => {
    expect(course(linear(), FILLS).map(({ cost, realised, gain }) => [cost / ONE, realised, gain])).toEqual([
      [500_000n, 0n, 0n],
      [1_500_002n, 0n, 0n],
      [1_000_002n, 1n, 1n], // 500,001 - 500,000
      [500_001n, 2n, 3n], // 500,003 - 500,001
      [0n, -11n, -8n], // 499,990 - 500,001; in all 1,499,994 - 1,500,002
    ]);
  });

  test('NE-3 of a short it is the same with the other sign, so that what one side pays the other receives', () => {
    expect(course(linear(), sided(-1n, FILLS)).map(({ cost, realised, gain }) => [cost / ONE, realised, gain])).toEqual(
      [
        [-500_000n, 0n, 0n],
        [-1_500_002n, 0n, 0n],
        [-1_000_002n, -1n, -1n],
        [-500_001n, -2n, -3n],
        [0n, 11n, 8n],
      ],
    );
  });

  // Five lots for 12, closed one by one at 2: 2.4, 2.5, 2.67, 3 and 3 are released as 2, 2, 2, 3, 3. To the nearest it
  // would be 2, 2, 3, 2, 3.
  test.each([
    [1n, [2n, 2n, 2n, 3n, 3n]],
    [-1n, [-2n, -2n, -2n, -3n, -3n]],
  ])('NE-3 side %i: each step by itself rounds towards zero, and the last takes what is left', (sign, released) => {
    const of = { ...linear(), tickValue: 1n as Instrument['tickValue'] };
    const opened: Fill[] = [
      [3n, 2n],
      [2n, 3n],
    ];
    const steps = course(of, sided(sign, [...opened, ...Array.from({ length: 5 }, (): Fill => [-1n, 2n])])).slice(2);
    expect(steps.map(({ realised }) => sign * 2n - realised)).toEqual(released);
    expect(steps.at(-1)).toEqual({ cost: 0n, realised: -sign, gain: -2n * sign });
  });

  test(
    'NE-3 through zero: what closes the old position takes its part of the worth towards zero, the rest opens ' +
      'the new one',
    () => {
      // Two lots for 10, then seven sold for 21: two of seven are 6, the short has cost 15. Sold for 20: 5.71 are 5,
      // and
      // 15.
      const of = { ...linear(), tickValue: 1n as Instrument['tickValue'] };
      const turned = (sign: bigint, worth: bigint) => {
        const before = fill(of, EMPTY_POSITION, size(2n * sign), margin(10n * ONE * sign)).position;
        const { position, realised } = fill(of, before, size(-7n * sign), margin(-worth * ONE * sign));
        return [position.size, costOf(position) / ONE, realised];
      };
      expect([turned(1n, 21n), turned(1n, 20n)]).toEqual([
        [-5n, -15n, -4n],
        [-5n, -15n, -5n],
      ]);
      expect([turned(-1n, 21n), turned(-1n, 20n)]).toEqual([
        [5n, 15n, 4n],
        [5n, 15n, 5n],
      ]);
    },
  );
});

describe('QC-2 a part of an inverse position', () => {
  // A dollar a contract: one at 30,000.5 and two at 30,006.5, closed at 30,006.5, 29,999.5 and 35,000.5, in 1e-12 of a
  // satoshi.
  const FILLS: Fill[] = [
    [1n, 60_001n],
    [2n, 60_013n],
    [-1n, 60_013n],
    [-1n, 59_999n],
    [-1n, 70_001n],
  ];

  test('QC-2 NE-3 the gain is realised in whole satoshi, rounded down, and what is less than one stays in the cost', () => {
    expect(course(inverse(), FILLS).slice(1)).toEqual([
      { cost: -9_998_500_313_821_079n, realised: 0n, gain: 0n },
      { cost: -6_665_889_046_262_384n, realised: 0n, gain: 0n }, // 3,332.83 - 3,332.61 = 0.22
      { cost: -3_333_500_156_447_554n, realised: -1n, gain: -1n }, // 3,332.94 - 3,333.39 = -0.44
      { cost: -398_115_048_146n, realised: 476n, gain: 475n }, // 3,333.50 - 2,857.10 = 476.40
    ]);
  });

  test('QC-2 NE-3 of a short down is down as well: both sides lose the part of a satoshi, to the house', () => {
    expect(course(inverse(), sided(-1n, FILLS)).slice(1)).toEqual([
      { cost: 9_998_500_313_821_079n, realised: 0n, gain: 0n },
      { cost: 6_664_889_046_262_384n, realised: -1n, gain: -1n },
      { cost: 3_331_500_156_447_554n, realised: 0n, gain: -1n },
      { cost: -601_884_951_854n, realised: -475n, gain: -476n },
    ]);
  });

  // What a third of a cost is matters only where the gain is within a part of a whole satoshi: there it decides a whole
  // one.
  test.each([
    ['long', -10_000n, 3_333n, 5n * ONE, 5n], // -3,333.33 is -3,333: exactly 5
    ['long, a part less', -10_000n, 3_333n, 5n * ONE - 1n, 4n], // up to -3,334 it would be 5
    ['short', 10_001n, -3_333n, 5n * ONE, 5n], // 3,333.67 is 3,333; at 3,334 it would be 4
    ['short, a part less', 10_001n, -3_333n, 5n * ONE - 1n, 4n],
  ])('NE-3 the released cost of a %s is cut at 1e-12 towards zero', (side, cost, released, gain, realised) => {
    const lots = side.startsWith('long') ? 3n : -3n;
    const held = withCost({ ...EMPTY_POSITION, size: size(lots) }, margin(cost));
    const worth = margin(released - gain) as Margin;
    expect(fill(inverse(), held, size(-lots / 3n), worth).realised).toBe(realised);
  });
});

describe('NE-3 any closings that sum to the whole', () => {
  const lots = fc.bigInt({ min: 1n, max: 40n });
  const openings = fc.array(fc.record({ n: lots, ticks: fc.bigInt({ min: 2_000n, max: 9_000n }) }), {
    minLength: 1,
    maxLength: 4,
  });
  const cuts = fc.array(fc.record({ n: lots, ticks: fc.bigInt({ min: 2_000n, max: 9_000n }) }), { maxLength: 12 });

  /** The same in fractions: nothing is rounded but what is released and what is realised. */
  const cut = (numerator: bigint, denominator: bigint): bigint => numerator / denominator; // of bigints towards zero
  const floor = (parts: bigint): bigint => (parts >= 0n ? parts / ONE : -((-parts + ONE - 1n) / ONE));

  test.each([
    ['linear', linear, ONE],
    ['inverse', inverse, 1n],
  ])('NE-3 QC-2 %s: each step is the plain formula, and in the end nothing is lost', (kind, make, grain) => {
    const of = make();
    fc.assert(
      fc.property(fc.constantFrom(1n, -1n), openings, cuts, (sign, opened, closed) => {
        let [position, held, cost, paid] = [EMPTY_POSITION, 0n, 0n, 0n];
        for (const { n, ticks } of opened) {
          const worth = worthAt(of, size(sign * n), price(ticks));
          position = fill(of, position, size(sign * n), worth).position;
          [held, cost, paid] = [held + n, cost + worth, paid + worth];
        }
        let total = 0n;
        for (const { n, ticks } of [...closed, { n: held, ticks: 5_000n }]) {
          const closing = n < held ? n : held;
          if (closing === 0n) break;
          const worth = worthAt(of, size(-sign * closing), price(ticks));
          const filled = fill(of, position, size(-sign * closing), worth);
          position = filled.position;
          const gain = floor(-(worth + cut(cost * closing, held * grain) * grain));
          expect(filled.realised).toBe(gain);
          [held, cost, paid, total] = [held - closing, cost + worth + gain * ONE, paid + worth, total + gain];
          expect([position.size, costOf(position)]).toEqual([sign * held, cost]);
        }
        // All that came in less all that went out, to the unit; of an inverse contract less than one a closing is left
        // to the house.
        expect([position.size, position.gain]).toEqual([0n, total]);
        expect(-paid - total * ONE).toBe(-costOf(position));
        if (kind === 'linear') expect(costOf(position)).toBe(0n);
        else expect(costOf(position) <= 0n && costOf(position) > -ONE * BigInt(closed.length + 1)).toBe(true);
      }),
    );
  });
});

// The same three lots at three scales: whole units, cents, and eight digits.
describe.each([
  [0, '1', '1', ['500000', '500001', '500003', '499990'], '999992'],
  [2, '0.1', '0.1', ['50000.0', '50000.1', '50000.3', '49999.0'], '999999.92'],
  [8, '0.0001', '0.0001', ['50.0000', '50.0001', '50.0003', '49.9990'], '999999.99999992'],
] as const)('NE-3 X-1 on the ledger, %i digits', (scale, tick, lot, [low, entry, high, last], end) => {
  const scaled = (command: Command): Command =>
    command.type === 'DefineCurrency' && command.currency === 'USD' ? { ...command, scale } : command;

  test.each(['long', 'short'] as const)(
    'NE-3 a %s closed in three steps has paid what it bought and sold for, and nothing is left over',
    (side) => {
      const house = amended(scaled, () => onePerpetual({ tick, lot, price: entry }));
      for (const id of ['alice', 'bob', 'carl']) openAccount(house, id, '1000000');
      const deal = (opens: boolean, size: string, price: string): void => {
        const other = opens ? 'bob' : 'carl';
        const [buyer, seller] = (side === 'long') === opens ? ['alice', other] : [other, 'alice'];
        trade(house, buyer as string, seller as string, size, price);
      };
      deal(true, lot, low);
      deal(true, String(Number(lot) * 2), entry);
      const before = house.state.book.balance('alice', 'USD');
      const realised = [entry, high, last].map((at) => {
        const was = house.state.book.balance('alice', 'USD');
        deal(false, lot, at);
        return house.state.book.balance('alice', 'USD') - was;
      });
      expect(realised).toEqual(side === 'long' ? [1n, 2n, -11n] : [-1n, -2n, 11n]);
      expect(house.state.book.balance('alice', 'USD') - before).toBe(side === 'long' ? -8n : 8n);
      if (side === 'long') expect(house.balance('alice')).toBe(end);
      // Bob and Carl still hold three against each other; what the control account keeps is what they have not been
      // posted.
      expect(house.state.ledger.get('variation/BTC-PERP USD')).toBe(side === 'long' ? 8n : -8n);
    },
  );
});
