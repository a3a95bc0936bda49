/** Where two mechanisms meet at one account, one ledger or one auction: what the earlier one took is not there for the later. */

import { auctionIn, inDebt, longWith, quoteEth, takeOf } from '../../support/auction';
import { type TestHouse } from '../../support/house';

describe('CA-4 lots that wait for room under the caps', () => {
  /** Two lots of 40 ETH, each 3,520 at the reserve of 88, under a cap with room for one. */
  const two = (): TestHouse => inDebt({ policy: { lotCap: '3600' } }, (house) => longWith(house, 'bob', '40'));
  const statusesOf = (house: TestHouse) => ['alice', 'bob'].map((account) => auctionIn(house, account).status);

  test('CA-4 one that grew beyond the cap while it waited opens alone, once nothing else is for sale', () => {
    const house = two();
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    // At 120 the reserve is 96: 40 ETH are 3,840 by now.
    quoteEth(house, '120');
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    house.send(takeOf(auctionIn(house), '40', '132'));
    expect(auctionIn(house, 'bob')).toMatchObject({ status: 'OPEN', quantity: 4_000_000_000n });
  });

  test('CA-4 control: within the cap it opens then as well, and never beside the other', () => {
    const house = two();
    house.send(takeOf(auctionIn(house), '10', '132'));
    // 30 ETH are 2,640 at the reserve: 3,520 do not fit beside them.
    expect(statusesOf(house)).toEqual(['OPEN', 'QUEUED']);
    house.send(takeOf(auctionIn(house), '30', '132'));
    expect(auctionIn(house, 'bob').status).toBe('OPEN');
  });
});
