/**
 * S01 A self-clearing trader whose spread moves far beyond its margin: loss, layers, and who of the survivors pays.
 * Loss 220.00 = own margin 100.00 + own fund share 6.00 + house capital 7.00 + survivors 107.00 of 160.00.
 */

import type { CommandOf } from '../../../../src/core/message/command';
import { admit, declare, openDefault, openHouse, sumsOf, takenBy } from '../../../support/defaults';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { byTwo } from '../../../support/ladder';
import { fill, onlyOf } from '../../../support/liquidation';

const CONTRIBUTIONS = { a: '64', b: '48', c: '32', d: '16' } as const;

const LAYERS: CommandOf<'SetLossPolicy'>['layers'] = [
  'DEFAULTER_MARGIN',
  'DEFAULTER_FUND',
  'HOUSE_CAPITAL',
  'DEFAULT_FUND',
];
const FUND_POLICY = {
  type: 'SetDefaultFundPolicy' as const,
  currency: 'USD',
  moves: [],
  floor: '0',
  threshold: '0',
  feeShare: '0',
  multiple: '0',
  cappedWindow: 1000,
  coolingOffWindow: 0,
  within: 2,
  weekend: ['SATURDAY', 'SUNDAY'] as const,
  holidays: [],
  computedAt: 0,
};

/** `aas` of the member of that name holds one contract with 100.00 of margin; 220.00 are lost when it is closed. */
function nordic(layers: CommandOf<'SetLossPolicy'>['layers'] = LAYERS, { capital = '7', floor = '0' } = {}): TestHouse {
  const house = onePerpetual({
    price: '1000',
    lot: '1',
    tick: '1',
    tiers: flatTiers('0.05', '0.025'),
    policy: classicPolicy(),
  });
  admit(house, 'aas', ...Object.keys(CONTRIBUTIONS));
  house.send({ ...FUND_POLICY, floor });
  house.send({ type: 'SetLossPolicy', currency: 'USD', layers, base: 'GAINS', period: 86_400_000, fundTarget: '0' });
  house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: capital });
  for (const [member, amount] of [['aas', '6'], ...Object.entries(CONTRIBUTIONS)] as const)
    house.send({ type: 'ContributeToDefaultFund', member, currency: 'USD', amount });
  openHouse(house, 'einar', 'aas', '100');
  openAccount(house, 'maker', '100000', { member: 'a' });
  trade(house, 'einar', 'maker', '1', '1000');
  return house;
}

/** Declared at a loss that its margin does not cover, closed at the venue at 780: 220 below where it was entered. */
function settled(house: TestHouse): TestHouse {
  mark(house, '905');
  declare(house, 'aas');
  mark(house, '790');
  byTwo(house, {
    type: 'CloseDefaultPosition',
    default: openDefault(house, 'aas').id,
    instrument: 'BTC-PERP',
    side: 'SELL',
    size: '1',
    limit: null,
  });
  fill(house, '780', '1', takenBy(openDefault(house, 'aas')));
  byTwo(house, { type: 'SettleDefault', default: openDefault(house, 'aas').id, currency: 'USD' });
  return house;
}

const paidBy = (house: TestHouse): bigint[] =>
  (Object.keys(CONTRIBUTIONS) as (keyof typeof CONTRIBUTIONS)[]).map(
    (member) => BigInt(CONTRIBUTIONS[member]) * 100n - (house.state.ledger.get(`default-fund/${member} USD`) ?? 0n),
  );

const caseIn = (house: TestHouse) =>
  onlyOf(
    house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
    'LossAllocated',
  ).cases[0];

test('S01 B3-1 loss 220.00: margin 100.00, own share 6.00, house 7.00, survivors 107.00 of 160.00, in this order', () => {
  const house = settled(nordic());
  expect(caseIn(house)?.layers).toMatchObject([
    { layer: 'DEFAULTER_MARGIN', available: 10_000n, used: 10_000n, left: 0n },
    { layer: 'DEFAULTER_FUND', available: 600n, used: 600n, left: 0n },
    { layer: 'HOUSE_CAPITAL', available: 700n, used: 700n, left: 0n },
    { layer: 'DEFAULT_FUND', available: 16_000n, used: 10_700n, left: 5_300n },
  ]);
  expect(caseIn(house)).toMatchObject({ account: 'einar', loss: 22_000n });
  expect(sumsOf(house, 'aas')).toEqual([
    'SEIZED 10000 USD',
    'PORTFOLIO -9500 USD',
    'CLOSING -12500 USD',
    'LAYER 12000 USD',
  ]);
});

test('S01 (a) all bid: 42.80, 32.10, 21.40 and 10.70, each 66.875 % of what it put in', () => {
  expect(paidBy(settled(nordic()))).toEqual([4280n, 3210n, 2140n, 1070n]);
});

test('S01 (b) A and C did not bid: they pay all they have before B and D share the rest as 8.25 and 2.75', () => {
  const house = nordic();
  house.send({ type: 'RecordJuniors', member: 'aas', juniors: ['a', 'c'] });
  expect(paidBy(settled(house))).toEqual([6400n, 825n, 3200n, 275n]);
});

test('S01 the fund is called to be filled again within two business days', () => {
  // A floor of what each had: on Friday the deadline is Tuesday.
  const house = settled(nordic(LAYERS, { floor: '16' }));
  const calls = ofType(house.send({ type: 'ComputeCoverage', currency: 'USD' }), 'DefaultFundCallIssued');
  const called = calls.map(({ fundCall }) => [
    fundCall.member,
    fundCall.kind,
    new Date(fundCall.deadline).toISOString().slice(0, 10),
  ]);
  expect(called).toContainEqual(['d', 'REPLENISHMENT', '2025-10-14']);
});

test('S01 Control, without house capital before the fund and without juniors the survivors pay more', () => {
  const protectedBy = paidBy(settled(nordic())).reduce((sum, paid) => sum + paid, 0n);
  const bare = paidBy(settled(nordic(['DEFAULTER_MARGIN', 'DEFAULT_FUND']))).reduce((sum, paid) => sum + paid, 0n);
  expect([protectedBy, bare]).toEqual([10_700n, 12_000n]);
});
