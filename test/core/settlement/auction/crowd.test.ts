/**
 * Many auctions at once: what nothing happened to is not looked at, and what waits opens in order as room comes.
 * Rules: CA-4, LE-3
 */

import type { Auction } from '../../../../src/core/model/auction';
import { auctionHouse, longWith, quoteEth, takeOf } from '../../../support/auction';
import { definePerpetual, flatTiers, mark, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { expectTwins, restored } from '../../../support/twin';

const MANY = 150;

/** So many accounts that owe 4,000 and have 40 ETH at a reserve of 3,520: two fit at once. */
function crowd(): TestHouse {
  const house = auctionHouse({ heartbeat: 1_800_000, policy: { valueCap: '7500', lotCap: '7500' } });
  house.audited = false;
  definePerpetual(house, 'OTHER', { price: '1500', tiers: flatTiers('0.02', '0.01'), lot: '1' });
  openAccount(house, 'rich', '99000000');
  openAccount(house, 'poor', '1000');
  trade(house, 'poor', 'rich', '1', '1500', 'OTHER');
  for (let i = 0; i < MANY; i++) longWith(house, `a${String(i).padStart(3, '0')}`, '40');
  mark(house, '45000');
  house.audited = true;
  return house;
}

const withStatus = (house: TestHouse, status: Auction['status']): Auction[] =>
  [...house.state.auctions.values()]
    .filter((auction) => auction.status === status)
    .sort((a, b) => (a.id < b.id ? -1 : 1));

/** How often auctions were asked for while something was done. */
function looksAt(house: TestHouse, act: () => void): number {
  const spies = (['get', 'values', 'entries', 'forEach'] as const).map((name) =>
    jest.spyOn(house.state.auctions, name),
  );
  house.audited = false;
  act();
  house.audited = true;
  const looks = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
  for (const spy of spies) spy.mockRestore();
  return looks;
}

describe('a crowd at auction', () => {
  const house = crowd();

  test('CA-4 what fits under the caps is open, the rest waits, and a restored house knows which is next', () => {
    expect(withStatus(house, 'OPEN')).toHaveLength(2);
    expect(withStatus(house, 'QUEUED')).toHaveLength(MANY - 2);
    expectTwins(restored(house.state), house.state);
  });

  test('LE-3 a price that has nothing to do with them looks at none of them', () => {
    expect(looksAt(house, () => mark(house, '1490', 'OTHER'))).toBe(0);
  });

  test('LE-3 control: a feed that falls silent and comes back looks at all', () => {
    let changed = 0;
    const looks = looksAt(house, () => {
      changed += ofType(house.pass('31m'), 'AuctionChanged').filter(({ change }) => change === 'PAUSED').length;
      changed += ofType(quoteEth(house, '110'), 'AuctionChanged').filter(({ change }) => change === 'RESUMED').length;
    });
    expect(looks).toBeGreaterThan(MANY);
    expect(changed).toBe(4); // two were open
  });
});

test('CA-4 LE-3 a sale makes room for the next in order, at a few looks whatever waits', () => {
  const house = crowd();
  const [first] = withStatus(house, 'OPEN');
  const [next] = withStatus(house, 'QUEUED');
  const opened: string[] = [];
  const looks = looksAt(house, () => {
    const events = house.send(takeOf(first as Auction, '40', '132', 'b1'));
    opened.push(
      ...ofType(events, 'AuctionChanged').flatMap(({ change, auctioned }) =>
        change === 'OPENED' ? [auctioned.id] : [],
      ),
    );
  });
  expect(opened).toEqual([next?.id]);
  expect(looks).toBeLessThan(40);
  expectTwins(restored(house.state), house.state);
});
