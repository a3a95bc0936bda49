/** Every kind of contract: exact gains, and one settlement or many come to the same.  QC-1, QC-2, NE-3, LCS-3 */

import fc from 'fast-check';
import { EMPTY_POSITION } from '../../../src/core/book/exposure';
import type { ContractKind, Instrument } from '../../../src/core/model/reference';
import { worthAt } from '../../../src/core/position/value';
import { productOf } from '../../../src/core/product/products';
import { cash, type Price, price, size } from '../../../src/units/quantity';
import { mark, trade } from '../../support/given';
import { ofType, START, type TestHouse } from '../../support/house';
import { inverseHouse, openCoins } from '../../support/inverse';
import { defineOnIndex } from '../../support/prices';
import { expectReplays } from '../../support/twin';

const KINDS: readonly ContractKind[] = ['LINEAR', 'INVERSE', 'QUANTO'];

const TERMS = {
  LINEAR: { quote: 'USD', settlement: 'USD', tick: '0.5', lot: '1', multiplier: '0.02' },
  INVERSE: { quote: 'USD', settlement: 'BTC', tick: '0.5', lot: '1', multiplier: '1' },
  QUANTO: { base: 'ETH', quote: 'USD', settlement: 'BTC', tick: '0.05', lot: '1', multiplier: '0.00001' },
} as const;

function houseWith(contract: ContractKind, fields: Parameters<typeof defineOnIndex>[1] = {}): TestHouse {
  const house = inverseHouse();
  house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
  const terms = { index: null, markBand: null, heartbeat: 604_800_000, ...TERMS[contract] };
  defineOnIndex(house, { instrument: 'X', contract, ...terms, ...fields });
  return house;
}

const instrumentOf = (contract: ContractKind): Instrument => {
  const listing = houseWith(contract).state.listings.get('X');
  if (!listing) throw new Error('No listing');
  return listing.instrument;
};

/** What has been posted to a position after settlements at some prices, and what it comes to when it is closed. */
function posted(of: Instrument, lots: bigint, from: Price, on: readonly Price[], to: Price): bigint {
  const product = productOf(of);
  let { position } = product.fill(EMPTY_POSITION, size(lots), worthAt(of, size(lots), from));
  let sum = 0n;
  for (const at of [...on, to]) {
    const due = product.due(position, worthAt(of, position.size, at));
    position = product.settled(position, due);
    sum += due;
  }
  return sum;
}

describe('QC-2 gains of every kind of contract, in its settlement currency', () => {
  test.each<[ContractKind, bigint, string, string, bigint, bigint]>([
    // 300 contracts of a fiftieth: 6 x 150.
    ['LINEAR', 300n, '2000', '2150', 90_000n, -90_000n],
    // 50,000 x (1/10,000 - 1/11,000) = 0.4545454545...
    ['INVERSE', 50_000n, '10000', '11000', 45_454_545n, -45_454_546n],
    // 3 x 0.00001 x 150 = 0.0045, whatever a bitcoin is worth in dollars.
    ['QUANTO', 3n, '2000', '2150', 450_000n, -450_000n],
    ['QUANTO', 7n, '2150', '2000.05', -1_049_650n, 1_049_650n],
  ])('QC-2 %s: %i contracts from %s to %s', (contract, lots, from, to, long, short) => {
    const of = instrumentOf(contract);
    const ticks = (text: string): Price =>
      price(BigInt(Math.round(Number(text) * 100)) / BigInt(Math.round(Number(of.tick) * 100)));
    expect(posted(of, lots, ticks(from), [], ticks(to))).toBe(long);
    expect(posted(of, -lots, ticks(from), [], ticks(to))).toBe(short);
  });

  test.each(KINDS)(
    'QC-2 %s: settled once or at every price on the way, the total is the same to the unit',
    (contract) => {
      const of = instrumentOf(contract);
      const ticks = fc.bigInt({ min: 1n, max: 10n ** 9n }).map((n) => price(n));
      fc.assert(
        fc.property(
          fc.bigInt({ min: -(10n ** 9n), max: 10n ** 9n }),
          ticks,
          fc.array(ticks, { maxLength: 50 }),
          ticks,
          (lots, from, on, to) => posted(of, lots, from, on, to) === posted(of, lots, from, [], to),
        ),
      );
    },
  );
});

test('QC-1 a quanto is settled in any currency but its quote currency, a linear contract in that one only', () => {
  expect(() => houseWith('QUANTO', { settlement: 'USD' })).toThrow('CURRENCY_MISMATCH');
  expect(() => houseWith('LINEAR', { settlement: 'BTC' })).toThrow('CURRENCY_MISMATCH');
  expect(() => houseWith('INVERSE', { settlement: 'USD' })).toThrow('CURRENCY_MISMATCH');
  expect(houseWith('QUANTO').state.listings.get('X')?.instrument).toMatchObject({ settlement: 'BTC', tickValue: 50n });
});

test('QC-2 a quanto lives as every contract: traded, settled, called, expired, to the unit', () => {
  const house = houseWith('QUANTO', { kind: 'FUTURE', expiry: START + 5_400_000, variationInterval: 3_600_000 });
  mark(house, '2000.00', 'X');
  openCoins(house, 'alice', '0.01');
  openCoins(house, 'bob', '1');
  trade(house, 'alice', 'bob', '3', '2000.00', 'X');
  mark(house, '2150.00', 'X');
  expect(ofType(house.pass('1h'), 'VariationSettled')).toMatchObject([
    {
      currency: 'BTC',
      lines: [
        { account: 'alice', amount: cash(450_000n) },
        { account: 'bob', amount: cash(-450_000n) },
      ],
    },
  ]);
  mark(house, '2149.95', 'X');
  expect(ofType(house.pass('30m'), 'InstrumentExpired')).toMatchObject([
    { lines: [{ amount: -150n }, { amount: 150n }] },
  ]);
  expect([house.balance('alice', 'BTC'), house.balance('bob', 'BTC')]).toEqual(['0.01449850', '0.99550150']);
  expectReplays(house.state, house.entries);
});
