/**
 * Clients that move to another member: their calls are of the member that has them, whenever the call was issued.
 * Rule: LCS-2
 */

import { declare, threeMembers } from '../support/defaults';
import { mark, pay } from '../support/given';
import type { TestHouse } from '../support/house';
import { describeStores, followed, projected } from './support';

/**
 * `c1` and `m-own` cured a call each, and `c1` has another when their member is declared in default; then it alone
 * moves to `n`.
 */
function portedLife(): TestHouse {
  const house = threeMembers();
  mark(house, '41000');
  pay(house, 'c1', '3000');
  pay(house, 'm-own', '20000');
  mark(house, '39400');
  const { id } = declare(house, 'm');
  house.send({ type: 'PortClients', default: id, accounts: ['c1'], toMember: 'n' });
  const [port = ''] = house.state.portOffers.keys();
  house.send({ type: 'AcceptPort', port }, { id: 'key-n', role: 'BROKER', member: 'n' });
  return house;
}

describeStores('clients that move', (store) => {
  test.each([1, 1000])(
    'LCS-2 their calls, open and ended, go with them; calls of others stay, %i entries a commit',
    async (batchLimit) => {
      const house = portedLife();
      await (await projected(store(), followed(house.entries), { batchLimit })).close();
      const calls = await store().prisma.marginCall.findMany();
      expect(calls.map(({ accountId, status, memberId }) => [accountId, status, memberId]).sort()).toEqual([
        ['c1', 'CURED', 'n'],
        ['c1', 'OPEN', 'n'],
        ['m-own', 'CURED', 'm'],
      ]);
    },
  );
});
