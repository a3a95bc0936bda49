/**
 * The default waterfall as configuration: the order of layers, what each has, who pays in it, and claims that come
 * back.
 */

import { audit } from '../../../src/core/engine/audit';
import type { CommandOf } from '../../../src/core/message/command';

import type { LossLayer } from '../../../src/core/model/policy';
import { openAccount } from '../../support/given';
import { fillOf, onlyOf, openOrders } from '../../support/liquidation';
import { coverBefore, fall, fallen, given, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

const CCP: readonly LossLayer[] = [
  'DEFAULTER_MARGIN',
  'DEFAULTER_FUND',
  'HOUSE_CAPITAL',
  'DEFAULT_FUND',
  'ASSESSMENTS',
];

describe('LCS-4 layers of a clearing house', () => {
  test('C01 B3-1 a loss of 275: the defaulter 80 and 30, the house 25, the survivors 140 of 200, no assessment', () => {
    const house = given({
      policy: lossPolicy(CCP),
      own: '80',
      capital: '25',
      contributions: { broker: '30', m1: '150', m2: '50' },
      multiple: '0.5',
    });
    const { one } = fall(house, '275');
    expect(one.loss).toBe(27_500n);
    expect(one.layers.map(textOf)).toEqual([
      'DEFAULTER_MARGIN 8000 8000 0',
      'DEFAULTER_FUND 3000 3000 0',
      'HOUSE_CAPITAL 2500 2500 0',
      'DEFAULT_FUND 20000 14000 6000',
      'ASSESSMENTS 10000 0 10000',
    ]);
    // LCS-4 three quarters and one quarter of the 140, as they had put in.
    expect([ledgerOf(house, 'default-fund/m1'), ledgerOf(house, 'default-fund/m2')]).toEqual([4500n, 1500n]);
    expect(one.status).toBe('BORNE');
  });

  test.each([
    // pavondunbar/CCP-Clearinghouse tests/unit/test_waterfall.py TestProRataCalculation, the balances as contributions
    ['600', { m1: '1000', m2: '1000', m3: '1000' }, [20_000n, 20_000n, 20_000n], 0n],
    ['800', { m1: '3000', m2: '1000' }, [60_000n, 20_000n], 0n],
    ['500', { m1: '100', m2: '100' }, [10_000n, 10_000n], 30_000n],
  ])(
    'C03 a loss of %s over contributions %j: each pro rata and no more than it has',
    (loss, contributions, borne, left) => {
      const house = given({ policy: lossPolicy(['DEFAULT_FUND']), own: '80', contributions });
      const { one } = fall(house, String(Number(loss) + 80));
      expect(one.claims.map(({ amount }) => amount)).toEqual(borne);
      expect([one.unallocated, ledgerOf(house, 'unallocated-loss')]).toEqual([left, -left]);
    },
  );

  test(
    'C05 6,000 behind 143, the fund of 5,000 with the second 57, then assessments and 300 more, pro rata: ' +
      '776.69 and 23.30 of 800',
    () => {
      const house = given({
        scale: 4,
        price: '1000000',
        policy: lossPolicy(
          ['DEFAULTER_MARGIN', 'HOUSE_CAPITAL', 'DEFAULT_FUND', 'HOUSE_TRANCHE_2', 'ASSESSMENTS', 'HOUSE_FURTHER'],
          {
            together: [
              ['DEFAULT_FUND', 'HOUSE_TRANCHE_2'],
              ['ASSESSMENTS', 'HOUSE_FURTHER'],
            ],
          },
        ),
        own: '80000',
        capital: '143',
        tranche2: '57',
        further: '300',
        contributions: { m1: '5000' },
      });
      const { one } = fall(house, '86000');
      expect(one.layers.slice(1).map(textOf)).toEqual([
        'HOUSE_CAPITAL 1430000 1430000 0',
        'DEFAULT_FUND 50000000 50000000 0',
        'HOUSE_TRANCHE_2 570000 570000 0',
        // Asked, not there yet: 776.6990291... of it, rounded to the smallest unit.
        'ASSESSMENTS 100000000 0 100000000',
        'HOUSE_FURTHER 3000000 233010 2766990',
        'UNALLOCATED 7766990 7766990 0',
      ]);
      const [call] = [...house.state.fundCalls.values()];
      expect(call).toMatchObject({ kind: 'ASSESSMENT', member: 'm1', amount: 7_766_990n });
      house.send({ type: 'PayDefaultFundCall', call: call?.id ?? '', amount: '776.699' });
      expect([...house.state.lossCases.values()][0]).toMatchObject({ status: 'BORNE', unallocated: 0n });
      expect(ledgerOf(house, 'unallocated-loss')).toBe(0n);
    },
  );

  test('C07 gains of 60, 30 and 10 are cut by a quarter where 25 are missing: 45, 22.50 and 7.50 are paid', () => {
    const house = given({
      policy: lossPolicy(['GAINS_HAIRCUT', 'SOCIALIZED_LOSS']),
      own: '75',
      winners: { a: '0.6', b: '0.3', c: '0.1' },
    });
    const { one, event } = fall(house, '100');
    expect(one.layers.map(textOf)).toEqual(['GAINS_HAIRCUT 10000 2500 7500', 'SOCIALIZED_LOSS 0 0 0']);
    expect(one.claims.map(({ claimant, base, weight, amount }) => [claimant, base, weight, weight - amount])).toEqual([
      ['account/a', 'GAINS', 6000n, 4500n],
      ['account/b', 'GAINS', 3000n, 2250n],
      ['account/c', 'GAINS', 1000n, 750n],
    ]);
    expect(event.shares).toEqual([]);
    expect(house.state.book.stateOf('a').levied).toBe(1500n);
  });

  test('LCS-4 juniors of the default pay all they have before the others pay anything', () => {
    const house = given({
      policy: lossPolicy(['DEFAULT_FUND']),
      own: '80',
      contributions: { m1: '100', m2: '60', m3: '100' },
    });
    house.send({ type: 'RecordJuniors', member: 'broker', juniors: ['m2'] });
    const { one } = fall(house, '180');
    expect(one.claims.map(({ claimant, amount }) => [claimant, amount])).toEqual([
      ['default-fund/m2', 6000n],
      ['default-fund/m1', 2000n],
      ['default-fund/m3', 2000n],
    ]);
  });

  test(
    'LCS-2 a client’s shortfall is first its member’s: house accounts pay what they have above initial margin, ' +
      'other clients nothing',
    () => {
      const house = given({ policy: lossPolicy(['MEMBER_COLLATERAL', 'HOUSE_CAPITAL']), own: '80', capital: '1000' });
      openAccount(house, 'house-a', '70', { kind: 'HOUSE' });
      openAccount(house, 'house-of-m2', '500', { kind: 'HOUSE', member: 'm2' });
      openAccount(house, 'neighbour', '500');
      const { one } = fall(house, '180');
      expect(one.layers.map(textOf)).toEqual(['MEMBER_COLLATERAL 7000 7000 0', 'HOUSE_CAPITAL 100000 3000 97000']);
      expect(['house-a', 'house-of-m2', 'neighbour'].map((id) => house.balance(id))).toEqual([
        '0.00',
        '500.00',
        '500.00',
      ]);
    },
  );
});

describe('SL-4 running claims', () => {
  const borne = () => {
    const house = given({
      policy: lossPolicy(['HOUSE_CAPITAL', 'DEFAULT_FUND', 'SOCIALIZED_LOSS']),
      own: '80',
      capital: '50',
      contributions: { m1: '60', m2: '30' },
      winners: { a: '0.6', b: '0.4' },
    });
    return { house, one: fall(house, '330').one }; // 250 missing: 50, 90, 110 of which 66 and 44
  };

  test('money recovered repays the last layer first, pro rata inside one, exactly, and no more than was borne', () => {
    const { house, one } = borne();
    const balances = () => ['account/a', 'account/b'].map((name) => house.state.book.balance(name.slice(8), 'USD'));
    const before = balances();
    expect(house.refusal({ type: 'RecordRecovery', case: one.id, amount: '250.01' })).toBe('RECOVERY_ABOVE_CLAIMS');
    const first = onlyOf(house.send({ type: 'RecordRecovery', case: one.id, amount: '100.01' }), 'RecoveryRecorded');
    expect(first.repayments.map(({ claimant, amount }) => [claimant, amount])).toEqual([
      ['account/a', 6001n],
      ['account/b', 4000n],
    ]);
    const second = onlyOf(house.send({ type: 'RecordRecovery', case: one.id, amount: '50' }), 'RecoveryRecorded');
    expect(second.repayments.map(({ claimant, amount }) => [claimant, amount])).toEqual([
      ['account/a', 599n],
      ['account/b', 400n],
      ['default-fund/m1', 2667n],
      ['default-fund/m2', 1334n],
    ]);
    expect(balances().map((after, i) => after - (before[i] ?? 0n))).toEqual([6600n, 4400n]);
    house.send({ type: 'RecordRecovery', case: one.id, amount: '99.99' });
    expect([
      ledgerOf(house, 'default-fund/m1'),
      ledgerOf(house, 'default-fund/m2'),
      ledgerOf(house, 'house-capital'),
    ]).toEqual([6000n, 3000n, 5000n]);
    // Everything has come back: nobody holds a claim any more.
    expect(house.refusal({ type: 'RecordRecovery', case: one.id, amount: '0.01' })).toBe('CASE_NOT_FOUND');
    audit(house.state);
  });

  test('what stands unallocated is covered before anybody is repaid, and opens the gate', () => {
    const house = given({ policy: lossPolicy(['HOUSE_CAPITAL']), own: '80', capital: '50' });
    const { one } = fall(house, '180');
    expect(one.status).toBe('UNALLOCATED');
    house.send({ type: 'RecordRecovery', case: one.id, amount: '60' });
    expect([ledgerOf(house, 'unallocated-loss'), ledgerOf(house, 'house-capital')]).toEqual([0n, 1000n]);
    house.send({ type: 'WithdrawCollateral', account: 'w', currency: 'USD', amount: '1' });
  });

  test('surplus of the inventory repays claims where the policy says so', () => {
    const house = given({
      policy: lossPolicy(['HOUSE_CAPITAL'], { surplusToClaims: true }),
      own: '80',
      capital: '500',
    });
    fall(house, '180');
    fallen(house, '100'); // back up by 80: the house sells what it took over above what it cost
    const before = ledgerOf(house, 'house-capital');
    expect(before).toBe(40_000n);
    house.pass('1d');
    const [order] = openOrders(house, 'close-out:USD');
    if (order) house.send(fillOf(order, '900', '1', 'w', 'sale'));
    expect([ledgerOf(house, 'house-capital'), ledgerOf(house, 'insurance-fund')]).toEqual([48_000n, 0n]);
  });
});

describe('reachOf', () => {
  test('what the layers before a named one could bear, of a pool or none', () => {
    const house = given({
      policy: lossPolicy(['INSURANCE_FUND', 'HOUSE_CAPITAL', 'DELEVERAGING', 'DEFAULT_FUND', 'SOCIALIZED_LOSS']),
      fund: '100',
      capital: '50',
      contributions: { m1: '20' },
    });
    expect(coverBefore(house, 'INSURANCE_FUND')).toBe(0n);
    expect(coverBefore(house, 'DELEVERAGING')).toBe(15_000n);
    expect(coverBefore(house, 'SOCIALIZED_LOSS')).toBe(17_000n);
    expect(coverBefore(house, 'TEAR_UP')).toBe(17_000n);
    // Losses before it are borne first.
    expect(coverBefore(house, 'DELEVERAGING', [4_000n, 3_000n])).toBe(8_000n);
    expect(coverBefore(house, 'DELEVERAGING', [16_000n])).toBe(0n);
    expect(coverBefore(house, 'SOCIALIZED_LOSS', [16_000n])).toBe(1_000n);
  });
});

describe('policies that are refused', () => {
  const bad = (fields: Partial<CommandOf<'SetLossPolicy'>>): string =>
    given({ policy: lossPolicy(['HOUSE_CAPITAL']) }).refusal({
      ...lossPolicy(['INSURANCE_FUND', 'HOUSE_CAPITAL', 'DEFAULT_FUND']),
      ...fields,
    });
  test.each<[string, Partial<CommandOf<'SetLossPolicy'>>, string]>([
    ['no layer', { layers: [] }, 'LAYERS_INVALID'],
    ['a layer twice', { layers: ['HOUSE_CAPITAL', 'HOUSE_CAPITAL'] }, 'LAYERS_INVALID'],
    ['socialized loss not last', { layers: ['SOCIALIZED_LOSS', 'HOUSE_CAPITAL'] }, 'LAYERS_INVALID'],
    ["the defaulter's margin not first", { layers: ['HOUSE_CAPITAL', 'DEFAULTER_MARGIN'] }, 'LAYERS_INVALID'],
    ['a group of one', { together: [['HOUSE_CAPITAL']] }, 'LAYERS_INVALID'],
    ['a group of strangers', { together: [['INSURANCE_FUND', 'DEFAULT_FUND']] }, 'LAYERS_INVALID'],
    ['a group with a layer that is not there', { together: [['HOUSE_CAPITAL', 'HOUSE_FURTHER']] }, 'LAYERS_INVALID'],
    [
      'two groups that share one',
      {
        together: [
          ['INSURANCE_FUND', 'HOUSE_CAPITAL'],
          ['HOUSE_CAPITAL', 'DEFAULT_FUND'],
        ],
      },
      'LAYERS_INVALID',
    ],
    ['a share above one', { backstopShare: '1.01' }, 'VALUE_OUT_OF_RANGE'],
    ['a window below nothing', { gateWindow: -1 }, 'VALUE_OUT_OF_RANGE'],
  ])('%s', (_, fields, code) => expect(bad(fields)).toBe(code));
});
