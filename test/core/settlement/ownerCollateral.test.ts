/**
 * What a bankrupt account leaves is first its owner's: other accounts of the owner pay, down to their call level, and
 * nobody else's.  X-1, SL-1, LCS-2, ruling 17
 */

import { audit } from '../../../src/core/engine/audit';
import { digestOf } from '../../../src/core/engine/digest';
import type { LossLayer } from '../../../src/core/model/policy';
import { priceProblem } from '../../../src/core/price/freshness';
import { classicPolicy, definePerpetual, flatTiers, mark, openAccount, term, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { expectReplays, restored } from '../../support/twin';
import { fall, given, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

const LAYERS: readonly LossLayer[] = ['DEFAULTER_MARGIN', 'OWNER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'];
const balances = (house: TestHouse, ...ids: string[]): string[] => ids.map((id) => house.balance(id));

describe('SL-1 X-1 ruling 17 the owner pays before anybody else', () => {
  test('a loss of 100 behind 80 of its own: 20 of the 50 another account of the owner has, and the fund pays nothing', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    openAccount(house, 'other', '50', { owner: 'bad' });
    const { one } = fall(house, '100');
    expect(one.layers.map(textOf)).toEqual([
      'DEFAULTER_MARGIN 8000 8000 0',
      'OWNER_COLLATERAL 5000 2000 3000',
      'INSURANCE_FUND 100000 0 100000',
      'SOCIALIZED_LOSS 0 0 0',
    ]);
    expect(one.claims).toEqual([
      expect.objectContaining({
        layer: 'OWNER_COLLATERAL',
        claimant: 'account/other',
        base: 'SPARE_COLLATERAL',
        amount: 2000n,
      }),
    ]);
    expect([house.balance('other'), ledgerOf(house, 'insurance-fund')]).toEqual(['30.00', 100_000n]);
  });

  test('several accounts of the owner pay by what each can spare, to the unit; what they have not the fund pays', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    openAccount(house, 'a', '30', { owner: 'bad' });
    openAccount(house, 'b', '20.01', { owner: 'bad' });
    openAccount(house, 'c', '50', { owner: 'bad', instrument: 'BTC-PERP' });
    const { one } = fall(house, '130.1'); // 50.10 are missing of the 100.01 they have
    expect(one.claims.map(({ claimant, amount }) => [claimant, amount])).toEqual([
      // 15.0285, 10.0240 and 25.0475: the cent that is left goes to the largest remainder.
      ['account/a', 1503n],
      ['account/b', 1002n],
      ['account/c', 2505n],
    ]);
    const more = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    openAccount(more, 'a', '30', { owner: 'bad' });
    openAccount(more, 'b', '20', { owner: 'bad' });
    expect(fall(more, '230').one.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 5000 5000 0',
      'INSURANCE_FUND 100000 10000 90000',
    ]);
    expect(balances(more, 'a', 'b')).toEqual(['0.00', '0.00']);
  });

  test('an account with positions pays down to its call level and not below, its gains at the mark included', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    // Short one of another contract that falls as well: it gains the 200 that `bad` loses, and keeps 1 % of 800.
    definePerpetual(house, 'OTHER', { price: '1000', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'short', '50', { owner: 'bad' });
    trade(house, 'w', 'short', '1', '1000', 'OTHER');
    mark(house, '800', 'OTHER');
    const { one } = fall(house, '200');
    expect(one.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 24200 12000 12200',
      'INSURANCE_FUND 100000 0 100000',
    ]);
    const large = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    definePerpetual(large, 'OTHER', { price: '1000', tiers: flatTiers('0.02', '0.01') });
    openAccount(large, 'short', '12', { owner: 'bad' });
    trade(large, 'w', 'short', '0.5', '1000', 'OTHER');
    mark(large, '700', 'OTHER');
    const { one: second } = fall(large, '300'); // 220 missing; 12 + 150 less 1 % of 350
    expect(second.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 15850 15850 0',
      'INSURANCE_FUND 100000 6150 93850',
    ]);
    // It stands exactly at its call level: a call, if there is one, is the ordinary ladder's.
    expect(large.state.book.stateOf('short').status).toBe('WARNING');
    mark(large, '700.1', 'OTHER');
    expect(large.state.book.stateOf('short').status).toBe('CALL');
  });

  test('ruling 17 with a call level above maintenance margin nobody is called because another account of the owner lost', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    house.send({
      ...classicPolicy({}, { call: term('INITIAL', '1'), cure: term('INITIAL', '1'), target: term('INITIAL', '1') }),
      policy: 'early',
    });
    definePerpetual(house, 'OTHER', { price: '1000', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'short', '50', { owner: 'bad', policy: 'early' });
    trade(house, 'w', 'short', '1', '1000', 'OTHER');
    // 100 missing; of 50 the 20 stay by which it is called.
    expect(fall(house, '180').one.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 3000 3000 0',
      'INSURANCE_FUND 100000 7000 93000',
    ]);
    expect([house.balance('short'), house.state.book.stateOf('short').status]).toEqual(['20.00', 'HEALTHY']);
  });

  test('two bankrupt accounts of one owner in one entry: what the first took the second cannot take again', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000', winners: { w: '1' } });
    openAccount(house, 'bad2', '80', { owner: 'bad' });
    trade(house, 'bad2', 'w', '1', '1000');
    openAccount(house, 'purse', '50', { owner: 'bad' });
    const { event } = fall(house, '120');
    expect(event.cases.map(({ account, layers }) => [account, ...layers.slice(1, 3).map(textOf)])).toEqual([
      ['bad', 'OWNER_COLLATERAL 5000 4000 1000', 'INSURANCE_FUND 100000 0 100000'],
      ['bad2', 'OWNER_COLLATERAL 1000 1000 0', 'INSURANCE_FUND 100000 3000 97000'],
    ]);
    expect(house.balance('purse')).toBe('0.00');
  });
});

describe('LCS-2 ruling 17 nobody else pays in its place', () => {
  test('not another owner with the member, not the house account; the same owner with another member does', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    openAccount(house, 'neighbour', '500');
    openAccount(house, 'house-a', '500', { kind: 'HOUSE' });
    openAccount(house, 'elsewhere', '70', { owner: 'bad', member: 'm2' });
    const { one } = fall(house, '180');
    expect(one.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 7000 7000 0',
      'INSURANCE_FUND 100000 3000 97000',
    ]);
    expect(balances(house, 'neighbour', 'house-a', 'elsewhere')).toEqual(['500.00', '500.00', '0.00']);
  });

  test('ruling 13 one lot whose price nobody vouches for does not keep its account from paying', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    definePerpetual(house, 'OLD-PERP', { price: '100', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'fresh', '30', { owner: 'bad' });
    openAccount(house, 'stale', '50', { owner: 'bad' });
    trade(house, 'stale', 'w', '1', '100', 'OLD-PERP');
    for (let day = 0; day < 8; day++) {
      house.pass('1d');
      mark(house, '1000');
    }
    expect(priceProblem(house.state, 'OLD-PERP')?.code).toBe('PRICE_STALE');
    // 50 less 1 of maintenance margin, at the last price.
    expect(fall(house, '180').one.layers.slice(1, 3).map(textOf)).toEqual([
      'OWNER_COLLATERAL 7900 7900 0',
      'INSURANCE_FUND 100000 2100 97900',
    ]);
    expect(house.balance('stale')).toBe('1.00');
  });

  test('control: without the layer the fund pays and the owner keeps its money', () => {
    const house = given({ policy: lossPolicy(['INSURANCE_FUND', 'SOCIALIZED_LOSS']), own: '80', fund: '1000' });
    openAccount(house, 'other', '50', { owner: 'bad' });
    fall(house, '100');
    expect([house.balance('other'), ledgerOf(house, 'insurance-fund')]).toEqual(['50.00', 98_000n]);
  });
});

test('SL-4 what is recovered comes back to the owner last', () => {
  const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '30' });
  openAccount(house, 'other', '20', { owner: 'bad' });
  const { one } = fall(house, '130');
  house.send({ type: 'RecordRecovery', case: one.id, amount: '35' });
  expect([ledgerOf(house, 'insurance-fund'), house.balance('other')]).toEqual([3000n, '5.00']);
});

test.each([
  ['after another layer', ['INSURANCE_FUND', 'OWNER_COLLATERAL']],
  ['second behind a layer that is not the own margin', ['HOUSE_CAPITAL', 'OWNER_COLLATERAL']],
  ['twice', ['OWNER_COLLATERAL', 'OWNER_COLLATERAL']],
] as const)('SL-1 refused: %s', (_, layers) => {
  expect(given({ policy: lossPolicy(['HOUSE_CAPITAL']) }).refusal(lossPolicy(layers))).toBe('LAYERS_INVALID');
});

test('SL-1 it bears together with no other layer', () => {
  const policy = lossPolicy(['OWNER_COLLATERAL', 'MEMBER_COLLATERAL'], {
    together: [['OWNER_COLLATERAL', 'MEMBER_COLLATERAL']],
  });
  expect(given({ policy: lossPolicy(['HOUSE_CAPITAL']) }).refusal(policy)).toBe('LAYERS_INVALID');
});

test(
  'X-1 sums, replay and snapshot: the ledger sums to zero, and the same state comes out of the entries and of ' +
    'a snapshot',
  () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    openAccount(house, 'a', '30', { owner: 'bad' });
    openAccount(house, 'b', '20', { owner: 'bad' });
    fall(house, '160');
    expect(
      ofType(
        house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
        'LossAllocated',
      ),
    ).toHaveLength(1);
    audit(house.state);
    expectReplays(house.state, house.entries);
    expect(digestOf(restored(house.state))).toBe(digestOf(house.state));
  },
);
