/**
 * Gains that one makes of oneself: unrealised profit leaves nobody's account, and two sides of one trade never gain
 * from the fund.  Rules: S11, X-1
 */

import fc from 'fast-check';
import { deleveragingHouse, ledgerOf } from '../../../support/deleveraging';
import { flatTiers, mark, openAccount, trade } from '../../../support/given';
import type { TestHouse } from '../../../support/house';

/**
 * S11 at a thousandth: 483,000 coins long and short between accounts of one owner at 0.038, the price at 0.91.
 * `interval` says whether gains are settled at every mark, which turns them into cash; `terms` those of the stable
 * price.
 */
function mango(interval: number | null, share: string | null, terms: { stableWindow?: number } = {}): TestHouse {
  const house = deleveragingHouse({
    price: '0.038',
    tick: '0.001',
    lot: '10',
    tiers: flatTiers('0.2', '0.1'),
    interval,
    ...terms,
  });
  if (share)
    house.send({
      type: 'SetMarketLimits',
      instrument: 'BTC-PERP',
      float: '1000000',
      openInterestShare: null,
      positionShare: share,
    });
  openAccount(house, 'long', '5000', { owner: 'eisenberg' });
  openAccount(house, 'short', '5000', { owner: 'eisenberg' });
  house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '900000', source: 'EXTERNAL' });
  return house;
}

const deal = (size: string) =>
  ({
    type: 'SubmitTrade',
    trade: `mango-${size}`,
    instrument: 'BTC-PERP',
    buyer: 'long',
    seller: 'short',
    price: '0.038',
    size,
    taker: null,
    buyOrder: null,
    sellOrder: null,
  }) as const;

/** Takes out of both accounts whatever may leave, to the cent. Returns the sum. */
function withdrawAll(house: TestHouse): bigint {
  let taken = 0n;
  for (const account of ['long', 'short']) {
    let [low, high] = [0n, 100_000_000_00n];
    while (low < high) {
      const middle = (low + high + 1n) / 2n;
      const amount = `${middle / 100n}.${String(middle % 100n).padStart(2, '0')}`;
      const before = house.state.book.balance(account, 'USD');
      house.try({ type: 'WithdrawCollateral', account, currency: 'USD', amount });
      if (house.state.book.balance(account, 'USD') === before) high = middle - 1n;
      else {
        taken += middle;
        high -= middle;
      }
    }
  }
  return taken;
}

test('S11 a position above 10 % of the float is refused, both accounts of the owner counted together', () => {
  const house = mango(365 * 86_400_000, '0.1');
  expect(house.refusal(deal('483000'))).toBe('POSITION_ABOVE_FLOAT');
  expect(house.refusal(deal('50010'))).toBe('POSITION_ABOVE_FLOAT');
  house.send(deal('50000'));
});

test(
  'S11 where the position is let in, 421,176 of unrealised profit leave no account: withdrawals are at most ' +
    'the deposits of 10,000',
  () => {
    const house = mango(365 * 86_400_000, null);
    house.send(deal('483000'));
    mark(house, '0.91');
    expect(withdrawAll(house) <= 1_000_000n).toBe(true);
  },
);

const HOUR = 3_600_000;

/** Takes out whatever may leave while the price stands at 0.91, and after it has come back. */
function driven(interval: number | null, wait: string, terms: { stableWindow?: number } = {}): bigint {
  const house = mango(interval, null, terms);
  house.send(deal('483000'));
  house.pass('20m');
  mark(house, '0.91');
  let taken = withdrawAll(house);
  house.pass(wait);
  taken += withdrawAll(house);
  mark(house, '0.038');
  taken += withdrawAll(house);
  house.pass('2h');
  return taken + withdrawAll(house);
}

describe.each([
  ['every mark', null, '3h'],
  ['every hour', HOUR, '3h'],
  ['every day', 24 * HOUR, '12h'],
])('S11 ruling 18 gains that are settled at %s', (_says, interval, wait) => {
  test('leave no more than the deposits of 10,000 within the window', () => {
    expect(driven(interval, wait) <= 1_000_000n).toBe(true);
  });

  test('control: where nothing holds them back they leave, and the fund pays', () => {
    expect(driven(interval, wait, { stableWindow: 0 }) > 10_000_000n).toBe(true);
  });
});

test(
  'X-1 self-dealing: at whatever prices two accounts of one owner deal with each other, together they have no ' +
    'more than before, and the fund no less',
  () => {
    let cleared = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            buys: fc.boolean(),
            contracts: fc.integer({ min: 1, max: 40 }).map((tenths) => String(tenths / 10)),
            off: fc.integer({ min: -20_000, max: 20_000 }),
            wait: fc.constantFrom('1s', '2m', '2h'),
            takes: fc.boolean(),
          }),
          { minLength: 1, maxLength: 8 },
        ),
        fc.integer({ min: 3000, max: 30_000 }),
        fc.integer({ min: 3000, max: 30_000 }),
        fc.constantFrom(null, 365 * 86_400_000),
        (deals, first, second, interval) => {
          const house = deleveragingHouse({ tiers: flatTiers('0.05', '0.025'), fund: '100000', interval });
          openAccount(house, 'long', String(first), { owner: 'x' });
          openAccount(house, 'short', String(second), { owner: 'x' });
          openAccount(house, 'maker', '9000000');
          openAccount(house, 'taker', '9000000');
          trade(house, 'maker', 'taker', '5', '50000');
          let taken = 0n;
          for (const [i, { buys, contracts, off, wait, takes }] of deals.entries()) {
            const [buyer, seller] = buys ? (['long', 'short'] as const) : (['short', 'long'] as const);
            const outcome = house.try({
              ...deal(contracts),
              trade: `d${i}`,
              buyer,
              seller,
              price: String(50_000 + off),
            });
            if ('rejection' in outcome) refused += 1;
            else cleared += 1;
            mark(house, '50000');
            house.pass(wait);
            if (takes) taken += withdrawAll(house);
          }
          const worth = (id: string): bigint => {
            const position = house.state.book.position(id, 'BTC-PERP');
            const perTick = house.state.listings.get('BTC-PERP')?.instrument.tickValue ?? 0n;
            return (
              house.state.book.balance(id, 'USD') + (position?.size ?? 0n) * 500_000n * perTick - (position?.cost ?? 0n)
            );
          };
          expect(taken + worth('long') + worth('short') <= BigInt(first + second) * 100n).toBe(true);
          expect(ledgerOf(house, 'insurance-fund') >= 10_000_000n).toBe(true);
        },
      ),
      { numRuns: 80 },
    );
    expect(Math.min(cleared, refused)).toBeGreaterThan(40);
  },
);
