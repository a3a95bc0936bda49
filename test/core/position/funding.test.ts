/** Funding: longs pay shorts or the other way, the house keeps nothing.  PS-1, PS-2, PS-3 */

import fc from 'fast-check';
import type { Instrument } from '../../../src/core/model/reference';
import { fundingLines } from '../../../src/core/position/funding';
import type { Holding } from '../../../src/core/position/settle';
import { cash, price, RATE_ONE, size, total } from '../../../src/units/quantity';
import { ratio } from '../../../src/units/ratio';
import { mark, onePerpetual, openAccount, trade } from '../../support/given';
import { ofType, START, type TestHouse, typesOf } from '../../support/house';
import { leveragedHouse, statusOf, usd } from '../../support/ladder';
import { defineOnIndex } from '../../support/prices';

const fund = (house: TestHouse, text: string, instrument = 'BTC-PERP') =>
  house.send({ type: 'SubmitFundingRate', instrument, rate: text });

/** Alice long 2 at 50,000, a notional of 100,000; bob and cy short 1.5 and 0.5. */
function holders(): TestHouse {
  const house = onePerpetual();
  for (const id of ['alice', 'bob', 'cy']) openAccount(house, id, '100000');
  trade(house, 'alice', 'bob', '1.5', '50000');
  trade(house, 'alice', 'cy', '0.5', '50000');
  return house;
}

test('PS-1 a long of 100,000 pays 50 at 0.05 %, split among the shorts by size', () => {
  const house = holders();
  const [settled] = ofType(fund(house, '0.0005'), 'FundingSettled');
  expect(settled).toMatchObject({
    rate: 500_000_000n,
    price: 500_000n,
    lines: [
      { account: 'alice', amount: usd('-50.00') },
      { account: 'bob', amount: usd('37.50') },
      { account: 'cy', amount: usd('12.50') },
    ],
  });
  expect([house.balance('alice'), house.balance('bob'), house.balance('cy')]).toEqual([
    '99950.00',
    '100037.50',
    '100012.50',
  ]);
});

test('PS-1 below zero the shorts pay; at zero nobody does', () => {
  const house = holders();
  fund(house, '-0.0005');
  expect([house.balance('alice'), house.balance('bob'), house.balance('cy')]).toEqual([
    '100050.00',
    '99962.50',
    '99987.50',
  ]);
  expect(ofType(fund(house, '0'), 'FundingSettled')).toMatchObject([{ lines: [] }]);
});

test('PS-1 funding is due on the mark of its moment, and only from positions open then', () => {
  const house = holders();
  mark(house, '60000');
  trade(house, 'cy', 'alice', '0.5', '60000');
  const [settled] = ofType(fund(house, '0.0005'), 'FundingSettled');
  expect(settled?.lines).toEqual([
    { account: 'alice', amount: usd('-45.00') },
    { account: 'bob', amount: usd('45.00') },
  ]);
});

test("PS-2 a payer's part rounds up, what was paid is handed on whole: the residue goes by largest remainder, then id", () => {
  const house = onePerpetual({ lot: '0.1' });
  for (const id of ['a', 'b', 'c', 'long']) openAccount(house, id, '100000');
  for (const id of ['a', 'b', 'c']) trade(house, 'long', id, '0.1', '50000');
  // 15,000 x 0.000666666667 = 10.000000005: 10.01 paid, three equal shares of it.
  const [settled] = ofType(fund(house, '0.000666666667'), 'FundingSettled');
  expect(settled?.lines).toEqual([
    { account: 'a', amount: usd('3.34') },
    { account: 'b', amount: usd('3.34') },
    { account: 'c', amount: usd('3.33') },
    { account: 'long', amount: usd('-10.01') },
  ]);
});

test(
  'PS-2 whatever the holdings, price and rate, funding sums to zero, each pays at most a unit above its part, ' +
    'and nobody on the receiving side pays',
  () => {
    const instrument = onePerpetual().state.listings.get('BTC-PERP')?.instrument as Instrument;
    const sizes = fc.array(
      fc.bigInt({ min: -1000n, max: 1000n }).filter((n) => n !== 0n),
      { minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(
        sizes,
        fc.bigInt({ min: -10_000_000n, max: 10_000_000n }),
        fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }),
        (longs, at, by) => {
          const balance = -longs.reduce((sum, n) => sum + n, 0n);
          const all = balance === 0n ? longs : [...longs, balance];
          const holdings: Holding[] = all.map((lots, i) => ({
            account: `h${i}`,
            position: { size: size(lots), cost: cash(0n), bids: size(0n), asks: size(0n), gain: cash(0n) },
          }));
          const lines = fundingLines(instrument, holdings, price(at), ratio(by, RATE_ONE));
          expect(total(lines.map(({ amount }) => amount))).toBe(0n);
          for (const { account, amount } of lines) {
            const lots = all[Number(account.slice(1))] ?? 0n;
            const pays = lots * at * by > 0n;
            expect(pays ? amount <= 0n : amount >= 0n).toBe(true);
            const exact = (lots < 0n ? -lots : lots) * (at < 0n ? -at : at) * (by < 0n ? -by : by);
            if (pays) expect(-amount * 10n ** 12n - exact).toBeLessThan(10n ** 12n);
            if (pays) expect(-amount * 10n ** 12n).toBeGreaterThanOrEqual(exact);
          }
        },
      ),
    );
  },
);

test('PS-3 funding can call, cure and close out like a price', () => {
  const house = leveragedHouse();
  mark(house, '48800');
  expect(statusOf(house)).toBe('WARNING');
  // 488,000 at 0.17 % takes 829.60 of 13,000: 12,170.40 is below 12,200.
  const [issued] = ofType(fund(house, '0.0017'), 'MarginCallIssued');
  expect(issued?.issued).toMatchObject({ equity: usd('12170.40'), maintenance: usd('12200.00') });
  expect(ofType(fund(house, '-0.0017'), 'MarginCallCured')).toMatchObject([
    { cause: 'SETTLEMENT', equity: usd('13000.00') },
  ]);
  expect(typesOf(fund(house, '0.02'))).toContain('LiquidationStarted');
});

test('DS-2 the chain of runs goes on through funding', () => {
  const house = holders();
  const [first] = ofType(fund(house, '0.0001'), 'FundingSettled');
  const [second] = ofType(fund(house, '0.0001'), 'FundingSettled');
  expect([first?.run.previous, second?.run.previous]).toEqual([null, first?.run.hash]);
  expect(second?.run.hash).not.toBe(first?.run.hash);
});

describe('refusals, each row breaking every later rule too', () => {
  const house = onePerpetual();
  defineOnIndex(house, {
    instrument: 'DATED',
    kind: 'FUTURE',
    index: null,
    markBand: null,
    expiry: START + 86_400_000,
  });
  defineOnIndex(house, { instrument: 'UNPRICED', index: null, markBand: null });
  defineOnIndex(house, { instrument: 'STALE', index: null, markBand: null });
  mark(house, '1', 'STALE');
  house.pass('1m');

  test.each`
    row                     | instrument    | rate                 | code
    ${'no instrument'}      | ${'nothing'}  | ${'1.0000000000001'} | ${'INSTRUMENT_NOT_FOUND'}
    ${'a future pays none'} | ${'DATED'}    | ${'1.0000000000001'} | ${'INSTRUMENT_NOT_TRADING'}
    ${'too many digits'}    | ${'UNPRICED'} | ${'1.0000000000001'} | ${'TOO_MANY_DIGITS'}
    ${'above one'}          | ${'UNPRICED'} | ${'1.000000000001'}  | ${'VALUE_OUT_OF_RANGE'}
    ${'below minus one'}    | ${'UNPRICED'} | ${'-1.000000000001'} | ${'VALUE_OUT_OF_RANGE'}
    ${'never priced'}       | ${'UNPRICED'} | ${'1'}               | ${'PRICE_MISSING'}
    ${'stale'}              | ${'STALE'}    | ${'1'}               | ${'PRICE_STALE'}
  `('PS-2 $row', ({ instrument, rate: text, code }) => {
    expect(house.refusal({ type: 'SubmitFundingRate', instrument, rate: text })).toBe(code);
  });
});
