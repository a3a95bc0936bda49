/**
 * Houses in which somebody was given time, one for each kind of it, and a step of the clock that two persons accept.
 * Ruling 23
 */

import { SYSTEM } from '../../src/core/model/actor';
import type { WindowKind } from '../../src/core/model/window';
import { auctionHouse, inDebt, longWith } from './auction';
import { declare, threeMembers } from './defaults';
import { mark } from './given';
import { type TestHouse } from './house';
import { byTwo, officer } from './ladder';
import { fallen, liquidating, openOrders } from './liquidation';
import { offered } from './portfolio';
import { liquidator, offerOf, rungOf, setLadder } from './rungs';
import { fall, given, lossPolicy } from './waterfall';

export const JUMP = 3 * 3_600_000;

function inDefault(): TestHouse {
  const house = threeMembers();
  const { id } = declare(house, 'm');
  house.send({ type: 'PortClients', default: id, accounts: null, toMember: 'n' });
  return house;
}

function lotsAtAuction(): TestHouse {
  const house = threeMembers();
  mark(house, '42000');
  const { id } = declare(house, 'm');
  const fields = { invited: null, reserve: '0.01', minimumBidders: 1, window: 3_600_000 };
  byTwo(house, { type: 'AuctionDefault', default: id, currency: 'USD', ...fields });
  return house;
}

function claimed(): TestHouse {
  const house = fallen();
  liquidator(house, 'lee');
  setLadder(house, [rungOf('LIQUIDATORS', { offer: offerOf() }), rungOf('HOUSE')]);
  house.pass('1h');
  house.send({ type: 'ClaimLiquidation', order: openOrders(house)[0]?.id ?? '', account: 'lee' });
  return house;
}

/** A debt beside coins whose price stopped half an hour ago. */
function waitingForPrice(): TestHouse {
  const house = auctionHouse({ heartbeat: 1_800_000 });
  longWith(house, 'alice', '40');
  house.pass('1h');
  mark(house, '45000');
  return house;
}

function assessed(): TestHouse {
  const layers = ['DEFAULT_FUND', 'ASSESSMENTS', 'SOCIALIZED_LOSS'] as const;
  const house = given({
    policy: lossPolicy(layers),
    own: '80',
    contributions: { m1: '100', m2: '100' },
    multiple: '1',
  });
  fall(house, '380');
  return house;
}

function proposed(): TestHouse {
  const house = inDebt();
  house.send({ type: 'DeclareDefault', member: 'broker', reason: 'it does not answer' }, officer('one'));
  return house;
}

export const HOUSES_WITH_TIME: Readonly<Record<WindowKind, () => TestHouse>> = {
  FUND_CALL: assessed,
  PORT_OFFER: inDefault,
  PORTING: inDefault,
  LOT_AUCTION: lotsAtAuction,
  AUCTION: inDebt,
  PORTFOLIO_AUCTION: offered,
  CLAIM: claimed,
  ORDER: () => liquidating().house,
  PRICE_WAIT: waitingForPrice,
  PROPOSAL: proposed,
};

/** The wall clock has stepped forward, and two persons say that it is right. */
export function acceptStep(house: TestHouse): void {
  house.send({ type: 'ReportClockStep', step: JUMP }, SYSTEM);
  byTwo(house, { type: 'AcceptClockStep', entry: house.state.clock.step?.entry ?? 0, reason: 'checked' });
}
