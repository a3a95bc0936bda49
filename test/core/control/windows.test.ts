/** A step of the clock that two persons accept takes nothing of the time that somebody was given.  S22, ruling 23 */

import { openWindows } from '../../../src/core/control/windows';
import { eventsOf } from '../../../src/core/message/envelope';
import type { WindowKind } from '../../../src/core/model/window';
import { auctionIn, inDebt } from '../../support/auction';
import { type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { liquidating } from '../../support/liquidation';
import { offered, portfolioIn } from '../../support/portfolio';
import { expectReplays } from '../../support/twin';
import { acceptStep, HOUSES_WITH_TIME, JUMP } from '../../support/windows';

const windowsOf = (house: TestHouse, kind: WindowKind) =>
  openWindows(house.state).filter(({ window }) => window === kind);

describe.each(Object.entries(HOUSES_WITH_TIME) as [WindowKind, () => TestHouse][])('S22 ruling 23 %s', (kind, open) => {
  test('ends as much later as the clock steps, and not before', () => {
    const house = open();
    const before = windowsOf(house, kind);
    expect(before.length).toBeGreaterThan(0);
    acceptStep(house);
    const moved = before.map((each) => ({ ...each, until: each.until + JUMP }));
    expect(windowsOf(house, kind)).toEqual(moved);
    const [first] = moved.sort((a, b) => a.until - b.until);
    const left = (first?.until ?? 0) - house.now;
    const due = (): boolean =>
      windowsOf(house, kind).some(({ id, until }) => id === first?.id && until === first.until);
    house.pass(`${left - 1}ms`);
    expect(due()).toBe(true);
    house.pass('1ms');
    expect(due()).toBe(false);
    expectReplays(house.state, house.entries);
  });

  test('control: without the step it is over when it was to be', () => {
    const house = open();
    const [first] = windowsOf(house, kind).sort((a, b) => a.until - b.until);
    house.pass(`${(first?.until ?? 0) - house.now}ms`);
    expect(windowsOf(house, kind).some(({ id, until }) => id === first?.id && until === first.until)).toBe(false);
  });
});

test('CA-1 ruling 23 an auction stands at the same price after the step as before it', () => {
  const house = inDebt();
  house.pass('2m');
  const { startedAt, deadline, version } = auctionIn(house);
  acceptStep(house);
  expect(auctionIn(house)).toMatchObject({
    startedAt: startedAt + JUMP,
    deadline: deadline + JUMP,
    version: version + 1,
  });
});

test('ruling 23 a portfolio too', () => {
  const house = offered();
  const { startedAt, deadline } = portfolioIn(house);
  acceptStep(house);
  expect(portfolioIn(house)).toMatchObject({ startedAt: startedAt + JUMP, deadline: deadline + JUMP });
});

/** What a venue did not fill is the house's, which sells half of it every hour. */
function takenOver(): TestHouse {
  const { house } = liquidating({ at: '49000' });
  const policy = { interval: 3_600_000, fraction: '0.5', fullBelow: '0', maximumShareOfDepth: '1', slippage: '0.05' };
  byTwo(house, { type: 'SetDisposalPolicy', currency: 'USD', ...policy });
  house.pass('1m');
  expect(house.state.liquidations.size).toBe(0);
  return house;
}

test('ruling 23 what the house sells for itself goes by its interval, and is sold as before', () => {
  const sold = (stepped: boolean): readonly (readonly [at: number, size: bigint])[] => {
    const house = takenOver();
    const before = house.entries.length;
    if (stepped) acceptStep(house);
    house.pass('6h');
    const events = house.entries
      .slice(before)
      .flatMap(({ at, outcome }) => eventsOf(outcome).map((event) => ({ at, event })));
    return events.flatMap(({ at, event }) =>
      event.type === 'LiquidationOrderIssued' && event.issued.liquidation === null
        ? [[at, event.issued.size] as const]
        : [],
    );
  };
  expect(sold(true).length).toBeGreaterThan(2);
  expect(sold(true)).toEqual(sold(false));
});
