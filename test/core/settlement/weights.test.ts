/**
 * By what accounts share in a loss that was open while they acted: by what they would have had without that.  Ruling
 * 14, decision 24
 */

import { digestOf } from '../../../src/core/engine/digest';
import { eventsOf } from '../../../src/core/message/envelope';
import { mark, openAccount, pay, tradeOf } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf } from '../../support/liquidation';
import { portfolioIn, portfolioPolicy, shareOf } from '../../support/portfolio';
import { rungOf, setLadder } from '../../support/rungs';
import { restored } from '../../support/twin';
import { owing, status, withdraw } from '../../support/weights';

/** Trading goes on, and the loss is borne: by what each shared, what it paid, and whether it had acted. */
function borne(house: TestHouse): string[] {
  byTwo(house, status('ACTIVE'));
  mark(house, '840');
  const { shares } = onlyOf(
    house.entries.flatMap(({ outcome }) => eventsOf(outcome)),
    'LossAllocated',
  );
  return shares.map(
    ({ account, weight, amount, actedSince }) => `${account} ${weight} ${amount}${actedSince ? ' acted' : ''}`,
  );
}

test('Ruling 14 by open interest: who closes while a debt is open shares as if it still held', () => {
  const still = owing('OPEN_INTEREST');
  expect(borne(still)).toEqual(['c 100000 2113', 'v 16800 355', 'w 167200 3532']);
  const house = owing('OPEN_INTEREST');
  house.send(tradeOf('c', 'w', '10', '100', 'OTHER'));
  expect(house.state.book.position('w', 'OTHER')?.size ?? 0n).toBe(0n);
  expect(borne(house)).toEqual(['c 100000 2113 acted', 'v 16800 355', 'w 167200 3532 acted']);
});

/** `p` is short 40 of OTHER, and all of it is at auction while `bad` owes. */
function offering(): TestHouse {
  const house = owing('OPEN_INTEREST');
  openAccount(house, 'p', '100');
  house.send(tradeOf('c', 'p', '40', '100', 'OTHER'));
  byTwo(house, portfolioPolicy());
  setLadder(house, [rungOf('AUCTION'), rungOf('HOUSE')]);
  mark(house, '102', 'OTHER');
  house.pass('1h');
  return house;
}

test('Ruling 14 by open interest: who takes positions at auction that close its own shares as if it still held', () => {
  const shareOfW = (taker: 'v' | 'w'): string | undefined => {
    const house = offering();
    house.send(shareOf(portfolioIn(house, 'p'), '0.2', '100', taker));
    const left =
      100n -
      onlyOf(
        house.entries.flatMap(({ outcome }) => eventsOf(outcome)),
        'PortfolioPositionTaken',
      ).size;
    expect(house.state.book.position('w', 'OTHER')?.size).toBe(taker === 'w' ? left : 100n);
    return borne(house).find((line) => line.startsWith('w '));
  };
  expect(shareOfW('w')).toBe(`${shareOfW('v')} acted`);
});

test('Ruling 14 by open interest what is opened while a debt is open is not counted', () => {
  const house = owing('OPEN_INTEREST');
  house.send(tradeOf('w', 'v', '5', '100', 'OTHER'));
  expect(borne(house)).toEqual(['c 100000 2113', 'v 16800 355 acted', 'w 167200 3532 acted']);
});

test('Ruling 14 by equity: who takes out while a debt is open shares as if it had stayed, and nobody pays in to pay more', () => {
  const still = owing('EQUITY');
  expect(borne(still)).toEqual(['c 9000000 1999', 'v 9003200 1999', 'w 9012800 2002']);
  const house = owing('EQUITY');
  house.send(withdraw('w', '45000'));
  pay(house, 'v', '1000');
  expect(borne(house)).toEqual(['c 9000000 1999', 'v 9003200 1999 acted', 'w 9012800 2002 acted']);
});

// The story of ruling 14 by open interest, with an auction, is open-debts-bases.yaml.
test('Ruling 14 what was done is forgotten when no debt is open any more; until then it is in the snapshot', () => {
  const house = owing('EQUITY');
  house.send(withdraw('w', '45000'));
  house.send(withdraw('w', '1000'));
  expect([...house.state.keptWeights.values()]).toEqual([
    { account: 'w', since: house.now, left: 4_600_000n, traded: [] },
  ]);
  const again = restored(house.state);
  expect(digestOf(again)).toBe(digestOf(house.state));
  expect(again.keptWeights).toEqual(house.state.keptWeights);
  borne(house);
  expect(house.state.keptWeights.size).toBe(0);
  house.send(withdraw('w', '1000'));
  expect(house.state.keptWeights.size).toBe(0);
});

test('Ruling 14 by gains nothing is kept', () => {
  const house = owing('GAINS');
  house.send(withdraw('w', '45000'));
  expect(house.state.keptWeights.size).toBe(0);
});
