/**
 * Lives of houses in which losses go down a whole waterfall, and collateral is auctioned: every event of theirs
 * happens.
 */

import { CHANGE_SLICE } from '../../src/core/control/counted';
import type { Command } from '../../src/core/message/command';
import { COVERAGE_SLICE } from '../../src/core/settlement/waterfall/stress';
import { auctionIn, bidOf, inDebt, takeOf } from '../support/auction';
import { crowd, houseOf, propose, proposed, rates, step, tick, two, withCall } from '../support/counted';
import { mark, openAccount } from '../support/given';
import type { TestHouse } from '../support/house';
import { leveragedHouse } from '../support/ladder';
import { offered, portfolioIn, shareOf } from '../support/portfolio';
import { FUND_POLICY, fall, given, lossPolicy } from '../support/waterfall';

/** Sends a command, and where it takes two persons the second approves. */
function byAsMany(house: TestHouse, command: Command): void {
  for (const event of house.send(command)) {
    if (event.type !== 'ProposalCreated') continue;
    const { id, hash } = event.created;
    house.send({ type: 'ApproveProposal', proposal: id, hash }, { id: 'second', role: 'RISK_OFFICER', member: null });
  }
}

/**
 * A default of 180 beyond collateral: fund, tranches, backstop pool, assessments of which one is paid and one is not.
 */
export function waterfallLife(): TestHouse {
  const house = given({
    policy: lossPolicy([
      'DEFAULTER_FUND',
      'INSURANCE_FUND',
      'BACKSTOP_POOL',
      'DEFAULT_FUND',
      'ASSESSMENTS',
      'SOCIALIZED_LOSS',
    ]),
    contributions: { broker: '5', m1: '10', m2: '20' },
    fund: '10',
    tranche2: '7',
    multiple: '1',
    own: '820',
  });
  for (const account of ['x', 'y']) openAccount(house, account, '1000', { member: 'm2' });
  house.send({ type: 'ContributeToBackstopPool', account: 'x', amount: '30' });
  house.send({ type: 'ContributeToBackstopPool', account: 'y', amount: '10' });
  house.send({ type: 'WithdrawFromBackstopPool', account: 'y', amount: '1' });
  byAsMany(house, { type: 'AddBackstopIncome', currency: 'USD', amount: '4' });
  byAsMany(house, {
    type: 'SetInsurancePool',
    pool: 'btc',
    currency: 'USD',
    instruments: ['BTC-PERP'],
    cap: null,
    thenGeneral: true,
  });
  byAsMany(house, {
    type: 'TransferBetweenPools',
    from: null,
    to: 'btc',
    currency: 'USD',
    amount: '3',
    reason: 'to begin with',
  });
  house.send({ type: 'ContributeToDefaultFund', member: 'm3', currency: 'USD', amount: '2' });
  house.send({ type: 'WithdrawFromDefaultFund', member: 'm3', currency: 'USD', amount: '1' });
  byAsMany(house, { ...FUND_POLICY, moves: [{ instrument: 'BTC-PERP', up: '0.9', down: '0.9' }] });
  byAsMany(house, { type: 'ComputeCoverage', currency: 'USD' });
  const { one } = fall(house, '990');
  const [first] = [...house.state.fundCalls.values()];
  if (first) house.send({ type: 'PayDefaultFundCall', call: first.id, amount: '1' });
  house.pass('4d');
  byAsMany(house, { type: 'RecordRecovery', case: one.id, amount: '5' });
  return house;
}

/**
 * A portfolio of which a share is taken, that is paused, becomes worth less than nothing and is taken for a premium of
 * the fund.
 */
export function portfolioLife(): TestHouse {
  const house = offered({ fund: '50000' });
  house.pass('10m');
  house.send(shareOf(portfolioIn(house), '0.05', '9000'));
  byAsMany(house, {
    type: 'SetInstrumentStatus',
    instrument: 'BTC-PERP',
    status: 'HALTED',
    reason: 'the venue is down',
  });
  byAsMany(house, { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status: 'ACTIVE', reason: 'it is back' });
  mark(house, '48000');
  house.pass('1m');
  house.send(shareOf(portfolioIn(house), '0.5', '0'));
  house.pass('10m');
  return house;
}

/** A call whose clock stands in a halt, goes on after it, and stands again. */
export function haltedLife(): TestHouse {
  const house = leveragedHouse();
  mark(house, '48600');
  for (const status of ['HALTED', 'ACTIVE', 'HALTED'] as const) {
    house.pass('10m');
    byAsMany(house, { type: 'SetInstrumentStatus', instrument: 'BTC-PERP', status, reason: 'an outage' });
  }
  return house;
}

/** A Dutch auction taken in two parts, and an English one in which somebody is outbid. */
export const auctionLives = (): TestHouse[] => {
  const dutch = inDebt();
  dutch.pass('5m');
  dutch.send(takeOf(auctionIn(dutch), '5', '200'));
  dutch.send({ type: 'PauseAuction', auction: auctionIn(dutch).id, reason: 'a look' });
  dutch.send({ type: 'ResumeAuction', auction: auctionIn(dutch).id });
  dutch.send(takeOf(auctionIn(dutch), '30', '200'));
  const english = inDebt({ policy: { form: 'ENGLISH', roundDuration: 600_000 } });
  english.send(bidOf(auctionIn(english), '3600'));
  english.send(bidOf(auctionIn(english), '3780', 'b2'));
  english.pass('11m');
  return [dutch, english];
};

/** A house with more accounts than are counted for coverage in one entry. */
export function coveredLife(): TestHouse {
  const house = given({ policy: lossPolicy(['DEFAULT_FUND']) });
  house.audited = false;
  for (let i = 0; i < COVERAGE_SLICE; i++) openAccount(house, `idle${i}`);
  byAsMany(house, { type: 'ComputeCoverage', currency: 'USD' });
  house.pass('0s');
  return house;
}

/**
 * Changes of terms in a house with more accounts than are counted in one entry: made alone, refused, and one that waits
 * with its count.
 */
export function countedLife(): TestHouse {
  const house = houseOf(crowd(3, 5), '0.3');
  for (let i = 0; i < CHANGE_SLICE; i++) openAccount(house, `idle${i}`);
  propose(house, withCall('1.01', '0.024'));
  tick(house);
  const { id, hash } = proposed(step(house, rates('0.023')));
  step(house, { type: 'ApproveProposal', proposal: id, hash }, two);
  for (const rate of ['0.03', '0.06']) {
    propose(house, rates(rate));
    house.pass('0s');
  }
  return house;
}
