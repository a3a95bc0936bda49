/** What an account takes on moves the tier of its owner's others, and none of them is called for it.  MT-3 */

import fc from 'fast-check';
import type { TierInput } from '../../../src/core/message/tierInputs';
import { classicPolicy, onePerpetual, openAccount, trade, tradeOf } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { expectReplays } from '../../support/twin';

/** 2.5 % up to 15,000, 5 % above. */
const TWO: TierInput[] = [
  { floor: '0', cap: '15000', initialRate: '0.03', maintenanceRate: '0.025', deduction: null },
  { floor: '15000', cap: null, initialRate: '0.06', maintenanceRate: '0.05', deduction: null },
];

function owners(aggregation: 'OWNER' | 'ACCOUNT' = 'OWNER', cash = '300'): TestHouse {
  const house = onePerpetual({ price: '1000', lot: '1', tiers: TWO, policy: classicPolicy({}, { aggregation }) });
  openAccount(house, 'deep', '900000');
  openAccount(house, 'a', cash, { owner: 'o' });
  openAccount(house, 'b', '5000', { owner: 'o' });
  trade(house, 'a', 'deep', '10', '1000');
  return house;
}

test('MT-3 control: where accounts stand alone, or the other can bear it, the same trade is taken', () => {
  expect(owners().refusal(tradeOf('b', 'deep', '10', '1000'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  expect(ofType(trade(owners('ACCOUNT'), 'b', 'deep', '10', '1000'), 'MarginCallIssued')).toEqual([]);
  expect(ofType(trade(owners('OWNER', '312.5'), 'b', 'deep', '10', '1000'), 'MarginCallIssued')).toEqual([]);
});

test('MT-3 an account that is called already is not put deeper into its call, and closing is never refused for it', () => {
  const house = owners('OWNER', '300');
  trade(house, 'b', 'deep', '8', '1000');
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [{ instrument: 'BTC-PERP', price: '995', bid: null, ask: null, observedAt: null }],
  });
  expect(house.state.book.stateOf('a').status).toBe('CALL');
  expect(house.refusal(tradeOf('b', 'deep', '1', '995'))).toBe('INSUFFICIENT_INITIAL_MARGIN');
  trade(house, 'deep', 'b', '2', '995');
});

test('MT-3 random owners: no trade or order of one account ever calls another of its owner', () => {
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 100, max: 900 }), { minLength: 4, maxLength: 4 }),
      fc.array(
        fc.record({ buyer: fc.nat(4), seller: fc.nat(4), lots: fc.integer({ min: 1, max: 9 }), order: fc.boolean() }),
        {
          maxLength: 25,
        },
      ),
      (cash, acts) => {
        const house = onePerpetual({ price: '1000', lot: '1', tiers: TWO });
        openAccount(house, 'deep', '900000');
        const own = cash.map((amount, i) => {
          openAccount(house, `s${i}`, String(amount), { owner: 'o' });
          return `s${i}`;
        });
        const names = [...own, 'deep'];
        for (const [i, { buyer, seller, lots, order }] of acts.entries()) {
          const [buys, sells] = [names[buyer] ?? '', names[seller] ?? ''];
          const outcome = house.try(
            order
              ? {
                  type: 'PlaceOrder',
                  order: `o${i}`,
                  account: buys,
                  instrument: 'BTC-PERP',
                  side: lots % 2 ? 'BUY' : 'SELL',
                  size: String(lots),
                  price: '1000',
                }
              : tradeOf(buys, sells, String(lots), '1000'),
          );
          if ('rejection' in outcome) refused += 1;
          else expect(ofType(outcome.events, 'MarginCallIssued')).toEqual([]);
        }
        expectReplays(house.state, house.entries);
      },
    ),
    { numRuns: 100 },
  );
  expect(refused).toBeGreaterThan(50);
});
