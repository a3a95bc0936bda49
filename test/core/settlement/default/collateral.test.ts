/**
 * Collateral of a default at auction: nobody with the defaulter bids, and who was asked and did not pays first.  S01,
 * CA-2, LCS-4
 */

import { audit } from '../../../../src/core/engine/audit';
import { auctionHouse, auctionIn, bidOf, inDebt } from '../../../support/auction';
import { declare, openDefault, openHouse, takenBy } from '../../../support/defaults';
import { openAccount, pay } from '../../../support/given';
import type { TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { onlyOf } from '../../../support/liquidation';
import { expectReplays } from '../../../support/twin';

/** Member `m3`, with 20 coins of its own, in default; what was taken of it is auctioned among the others. */
function inDefault(): TestHouse {
  const house = auctionHouse({ policy: { form: 'SEALED', roundDuration: 60_000, minimumBidders: 1, rounds: 1 } });
  openHouse(house, 'own', 'm3', '500');
  pay(house, 'own', '20', 'ETH');
  openAccount(house, 'client', '100000', { member: 'm3' });
  declare(house, 'm3');
  return house;
}

const offer = (house: TestHouse, quantity: string, invited: readonly string[] | null = ['m1', 'm2']) =>
  byTwo(house, {
    type: 'StartAuction',
    account: takenBy(openDefault(house, 'm3')),
    lotCurrency: 'ETH',
    quantity,
    lots: 1,
    form: 'SEALED',
    invited,
  });
const running = (house: TestHouse) => auctionIn(house, takenBy(openDefault(house, 'm3')));

test('S01 who was invited and did not bid, or badly, is junior in the default; who was named before stays named', () => {
  const house = inDefault();
  offer(house, '10');
  house.send(bidOf(running(house), '1000'));
  onlyOf(house.pass('61s'), 'AuctionEnded');
  expect(house.state.juniors.get('m3')).toEqual(['m2']);
  offer(house, '5');
  house.send(bidOf(running(house), '500', 'b2'));
  const events = house.pass('61s');
  expect(onlyOf(events, 'AuctionEnded').juniors).toEqual(['m1']);
  expect(onlyOf(events, 'JuniorsRecorded')).toMatchObject({ member: 'm3', juniors: ['m1', 'm2'] });
  // An auction open to everybody names nobody, and takes nothing back.
  offer(house, '5', null);
  house.pass('61s');
  expect(house.state.juniors.get('m3')).toEqual(['m1', 'm2']);
  audit(house.state);
  expectReplays(house.state, house.entries);
});

test('S01 nobody with the defaulter bids, whoever is invited', () => {
  const house = inDefault();
  offer(house, '10', null);
  expect(house.refusal(bidOf(running(house), '1000', 'client'))).toBe('BIDDER_RELATED');
  house.send(bidOf(running(house), '1000', 'maker'));
});

test('LCS-4 an account whose member stands well has auctions like any other: they make nobody junior', () => {
  const invited = inDebt({ policy: { form: 'SEALED', roundDuration: 60_000, rounds: 1 } });
  const auction = auctionIn(invited);
  invited.state.auctions.set(auction.id, { ...auction, invited: ['m1', 'm2'] });
  invited.send(bidOf(auctionIn(invited), '4000'));
  expect(onlyOf(invited.pass('61s'), 'AuctionEnded').juniors).toEqual(['m2']);
  expect(invited.state.juniors.size).toBe(0);
});
