/**
 * Properties of deleveraging over random books: the budget to the unit, nobody below maintenance by it, nothing made or
 * lost.  Rules: SL-5, S09, X-1
 */

import fc from 'fast-check';
import { audit } from '../../../../src/core/engine/audit';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import { standardDeleveragingPolicy } from '../../../../src/core/reference/deleveragingPolicies';
import { type Closing, deleverage, opposite } from '../../../../src/core/settlement/deleveraging/deleverage';
import { availableOf } from '../../../../src/core/settlement/deleveraging/share';
import { cash, size } from '../../../../src/units/quantity';
import { compareRatios } from '../../../../src/units/ratio';
import { deleveragingHouse, ledgerOf } from '../../../support/deleveraging';
import { deskOf } from '../../../support/desk';
import { flatTiers, mark, openAccount } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';

const holders = fc.array(
  fc.record({
    contracts: fc.integer({ min: 1, max: 200 }).map((tenths) => String(tenths / 10)),
    deposit: fc.integer({ min: 15_000, max: 400_000 }).map(String),
    entry: fc.integer({ min: 47_500, max: 50_500 }),
  }),
  { minLength: 1, maxLength: 8 },
);
const closings = fc.record({
  method: fc.constantFrom('QUEUE', 'PRO_RATA', 'LEVERAGE_WEIGHTED', 'OPEN_INTEREST'),
  bound: fc.constantFrom('PROFIT', 'MAINTENANCE'),
  basis: fc.constantFrom('UNREALISED', 'PERIOD'),
  score: fc.constantFrom('PROFIT_LEVERAGE', 'PRICE_RATIO'),
  part: fc.integer({ min: 1, max: 1000 }),
  budget: fc.bigInt({ min: 0n, max: 60_000_000n }),
  last: fc.integer({ min: 46_500, max: 51_000 }),
});

/** `big` buys from every holder, each at a price of its own, and the mark ends somewhere. */
function book(given: readonly { contracts: string; deposit: string; entry: number }[], last: number): TestHouse {
  const house = deleveragingHouse({ tiers: flatTiers('0.02', '0.01') });
  openAccount(house, 'big', '90000000');
  for (const [i, { contracts, deposit, entry }] of given.entries()) {
    mark(house, String(entry));
    openAccount(house, `h${i}`, deposit);
    house.try({
      type: 'PlaceOrder',
      order: `o${i}`,
      account: `h${i}`,
      instrument: 'BTC-PERP',
      side: 'BUY',
      size: contracts,
      price: '40000',
    });
    house.try({ ...tradeOf(`h${i}`, contracts, entry, i) });
  }
  mark(house, String(last));
  return house;
}

const tradeOf = (seller: string, contracts: string, entry: number, i: number) =>
  ({
    type: 'SubmitTrade',
    trade: `x${i}`,
    instrument: 'BTC-PERP',
    buyer: 'big',
    seller,
    price: String(entry),
    size: contracts,
    taker: null,
    buyOrder: null,
    sellOrder: null,
  }) as const;

const isSafe = (house: TestHouse, account: string): boolean => {
  const { equity, maintenance } = standingOfAccount(house.state, account);
  return equity >= maintenance;
};

test(
  'SL-5 S09 the budget is given up to the unit as far as limits go, nobody falls below maintenance by it, ' +
    'money is conserved',
  () => {
    let closed = 0;
    fc.assert(
      fc.property(holders, closings, (given, { method, bound, basis, score, part, budget, last }) => {
        const house = book(given, last);
        const held = house.state.book.position('big', 'BTC-PERP')?.size ?? 0n;
        if (held <= 0n) return;
        const policy = {
          ...standardDeleveragingPolicy('USD'),
          method: method === 'OPEN_INTEREST' ? 'PRO_RATA' : method,
          bound,
          basis,
          score,
        } as const;
        const lots = size((held * BigInt(part)) / 1000n + 1n);
        const parties = { account: 'big', instrument: 'BTC-PERP', policy, without: new Set<string>() };
        const { desk, events } = deskOf(house);
        const ranked = opposite(desk, parties);
        const safe = ranked.map(({ account }) => account).filter((account) => isSafe(house, account));
        const sizes = new Map(ranked.map(({ account, lots: own }) => [account, own]));
        const sum = (): bigint =>
          [...house.state.book.accountIds()].reduce((all, id) => all + house.state.book.balance(id, 'USD'), 0n) +
          ledgerOf(house, 'variation/BTC-PERP');
        const before = sum();
        const closing: Closing = { ...parties, lots, budget: cash(budget), cause: 'LOSS_LAYER', method };
        const done = deleverage(desk, closing, ranked);

        const available = availableOf(ranked);
        const pairs = ofType(events, 'PositionDeleveraged');
        // Exactly the budget, or everything that could be asked.
        expect(done.used).toBe(budget < available ? budget : available);
        expect(pairs.reduce((all, { forgone }) => all + forgone, 0n)).toBe(done.used);
        // No more lots than asked for, and as many as the ranked hold.
        const theirs = [...sizes.values()].reduce((all, own) => all + own, 0n);
        const most = [lots, held, theirs].reduce((least, each) => (each < least ? each : least)) as bigint;
        expect(done.lots).toBe(most);
        for (const { account, size: traded, forgone } of pairs) {
          const holder = ranked.find((each) => each.account === account);
          if (!holder) throw new Error(`${account} was not ranked`);
          expect(traded >= 0n && traded <= holder.lots).toBe(true);
          expect(forgone <= holder.cap).toBe(true);
          if (bound === 'PROFIT' && forgone > 0n) expect(forgone <= holder.profit).toBe(true);
        }
        for (const account of safe) expect(isSafe(house, account)).toBe(true);
        expect(sum()).toBe(before);
        for (const [i, holder] of ranked.entries())
          if (i > 0)
            expect(compareRatios(ranked[i - 1]?.score ?? holder.score, holder.score)).toBeGreaterThanOrEqual(0);
        for (const event of ofType(events, 'DeleveragingDecided')) expect(event.decided.overshoot).toBe(0n);
        house.state.due.clear();
        audit(house.state);
        closed += pairs.length;
      }),
      { numRuns: 250 },
    );
    expect(closed).toBeGreaterThan(200);
  },
);

test('S09 a loss is shared over layers whatever the book: no layer is used while one before has room, and the case sums', () => {
  let deleveraged = 0;
  fc.assert(
    fc.property(
      holders,
      fc.constantFrom('QUEUE', 'PRO_RATA', 'LEVERAGE_WEIGHTED'),
      fc.constantFrom(
        ['INSURANCE_FUND', 'DELEVERAGING', 'SOCIALIZED_LOSS'],
        ['DELEVERAGING', 'INSURANCE_FUND', 'TEAR_UP'],
        ['INSURANCE_FUND', 'HOUSE_CAPITAL', 'TEAR_UP', 'SOCIALIZED_LOSS'],
        ['HOUSE_CAPITAL', 'DELEVERAGING', 'TEAR_UP', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'],
      ),
      fc.integer({ min: 0, max: 30_000 }),
      fc.integer({ min: 20_000, max: 70_000 }),
      fc.integer({ min: 44_000, max: 46_500 }),
      (given, method, layers, fund, deposit, last) => {
        const house = deleveragingHouse({
          tiers: flatTiers('0.02', '0.01'),
          deleveraging: { method },
          layers: layers as never,
          fund: String(fund + 1),
          capital: '500',
        });
        openAccount(house, 'big', String(deposit));
        for (const [i, { contracts, entry, deposit: paid }] of given.entries()) {
          mark(house, String(50_000 + (entry % 100)));
          openAccount(house, `h${i}`, paid);
          house.try(tradeOf(`h${i}`, contracts, 50_000 + (entry % 100), i));
        }
        const events = mark(house, String(last));
        for (const { cases } of ofType(events, 'LossAllocated')) {
          for (const { loss, layers: used } of cases) {
            expect(used.reduce((all, layer) => all + layer.used, 0n)).toBe(loss);
            used.forEach((layer, at) => {
              if (layer.used > 0n && layer.layer !== 'UNALLOCATED')
                expect(used.slice(0, at).every(({ left }) => left === 0n)).toBe(true);
            });
          }
        }
        const together = ofType(events, 'PositionDeleveraged').reduce((all, { forgone }) => all + forgone, 0n);
        const inLayers = ofType(events, 'LossAllocated')
          .flatMap(({ cases }) => cases.flatMap(({ layers: used }) => used))
          .filter(({ layer }) => layer === 'DELEVERAGING' || layer === 'TEAR_UP')
          .reduce((all, { used }) => all + used, 0n);
        expect(together).toBe(inLayers);
        expect(ledgerOf(house, 'insurance-fund') >= 0n && ledgerOf(house, 'house-capital') >= 0n).toBe(true);
        if (together > 0n) deleveraged += 1;
      },
    ),
    { numRuns: 200 },
  );
  expect(deleveraged).toBeGreaterThan(30);
});
