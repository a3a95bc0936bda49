/**
 * The backstop pool against a plain loop in exact fractions: nobody ever has more than is there, and what is there is
 * accounted for.
 */

import fc from 'fast-check';
import { balanceOf } from '../../../src/core/ledger/transfers';
import type { BackstopEntry, BackstopPool } from '../../../src/core/model/waterfall';
import { rewardDue } from '../../../src/core/settlement/liquidator/reward';
import {
  contributionOf,
  emptyPool,
  incomeOf,
  settledEntry,
  withIncome,
  withLoss,
} from '../../../src/core/settlement/waterfall/backstop';
import { cash, rate, size } from '../../../src/units/quantity';
import { openAccount } from '../../support/given';
import { offerTerms } from '../../support/rungs';
import { backstopStatementOf } from '../../support/statement';
import { fall, given, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

const WAD = 10n ** 18n;
const wad = (text: string): bigint => {
  const [whole = '0', part = ''] = text.split('.');
  return BigInt(whole) * WAD + BigInt(part.padEnd(18, '0'));
};

const HALF_PERCENT = offerTerms({ startRate: rate(5n * 10n ** 9n), maximumRate: rate(5n * 10n ** 9n) });

type Entries = Map<string, BackstopEntry>;

function contribute(pool: BackstopPool, entries: Entries, id: string, amount: bigint): BackstopPool {
  const entry = settledEntry(pool, entries.get(id), id);
  entries.set(id, { ...entry, contribution: cash(entry.contribution + amount) });
  return { ...pool, total: cash(pool.total + amount) };
}

describe(
  'cases of a stability pool: a liquidation takes its debt from all deposits and brings its collateral ' +
    'less half a percent',
  () => {
    test.each([
      [
        'A37',
        { A: '10000', B: '10000', C: '10000' },
        [['10000', '100']],
        { A: '6666.666666666666666666', B: '6666.666666666666666666', C: '6666.666666666666666666' },
        { A: '33.166666666666666667', B: '33.166666666666666667', C: '33.166666666666666667' },
        wad('0.00000000000001'),
      ],
      [
        'A38',
        { A: '2000', B: '456000', C: '13100' },
        [
          ['207000', '2160'],
          ['5000', '50'],
          ['46700', '500'],
        ],
        { A: '901.719380174061', B: '205592.018679686', C: '5906.2619401401' },
        { A: '11.4474633835703665', B: '2610.021651454043834', C: '74.9808851623859129' },
        wad('0.0000001'),
      ],
    ])('%s', (_, deposits, liquidations, left, gains, tolerance) => {
      const entries: Entries = new Map();
      let pool = emptyPool('USD');
      for (const [id, amount] of Object.entries(deposits)) pool = contribute(pool, entries, id, wad(amount));
      for (const [debt = '', collateral = ''] of liquidations) {
        const whole = wad(collateral);
        // A41: the liquidator has half a percent of it.
        pool = withIncome(pool, cash(whole - rewardDue(HALF_PERCENT, cash(whole), size(1n), size(1n), 0)));
        pool = withLoss(pool, cash(wad(debt)));
      }
      for (const [id, entry] of entries) {
        const off = (value: bigint, expected: string): bigint =>
          value > wad(expected) ? value - wad(expected) : wad(expected) - value;
        expect(off(contributionOf(pool, entry), left[id as 'A']) <= tolerance).toBe(true);
        expect(off(incomeOf(pool, entry), gains[id as 'A']) <= tolerance).toBe(true);
      }
    });
  },
);

/** A contributor of the plain loop: exact fractions. */
interface Plain {
  n: bigint; // contribution
  d: bigint;
  incomeN: bigint;
  incomeD: bigint;
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b));
const reduce = (n: bigint, d: bigint): [bigint, bigint] => {
  const divisor = gcd(n, d) || 1n;
  return [n / divisor, d / divisor];
};

test(
  'random lives: every statement is the exact share rounded down, less at most a unit an act; together with ' +
    'the residue they are the ledger',
  () => {
    const act = fc.oneof(
      fc.record({
        kind: fc.constant('pay' as const),
        who: fc.integer({ min: 0, max: 4 }),
        amount: fc.bigInt(1n, 10n ** 12n),
      }),
      fc.record({ kind: fc.constant('lose' as const), who: fc.constant(0), amount: fc.bigInt(0n, 10_000n) }),
      fc.record({ kind: fc.constant('earn' as const), who: fc.constant(0), amount: fc.bigInt(1n, 10n ** 9n) }),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 40 }), (acts) => {
        let pool = emptyPool('USD');
        const entries: Entries = new Map();
        const plain = new Map<string, Plain>();
        let paidIn = 0n;
        for (const { kind, who, amount } of acts) {
          const id = `a${who}`;
          if (kind === 'pay') {
            pool = contribute(pool, entries, id, amount);
            const one = plain.get(id) ?? { n: 0n, d: 1n, incomeN: 0n, incomeD: 1n };
            plain.set(id, { ...one, n: one.n + amount * one.d });
          } else if (kind === 'lose') {
            const loss = amount === 10_000n ? pool.total : cash((pool.total * amount) / 10_000n);
            const [n, d] = [pool.total - loss, pool.total || 1n];
            pool = withLoss(pool, loss);
            for (const [name, one] of plain) {
              const [num, den] = reduce(one.n * n, one.d * d);
              plain.set(name, { ...one, n: num, d: den });
            }
          } else if (pool.total > 0n) {
            for (const [name, one] of plain) {
              const [num, den] = reduce(
                one.incomeN * one.d * pool.total + amount * one.n * one.incomeD,
                one.incomeD * one.d * pool.total,
              );
              plain.set(name, { ...one, incomeN: num, incomeD: den });
            }
            pool = withIncome(pool, cash(amount));
            paidIn += amount;
          }
        }
        let [contributions, income] = [0n, 0n];
        const slack = BigInt(acts.length + 2); // a unit is lost whenever a share is settled
        for (const [id, entry] of entries) {
          const one = plain.get(id) as Plain;
          const [has, earned] = [contributionOf(pool, entry), incomeOf(pool, entry)];
          contributions += has;
          income += earned;
          expect(has * one.d * 10n ** 12n <= one.n * 10n ** 12n + one.d).toBe(true);
          expect(has + slack >= one.n / one.d).toBe(true);
          expect(earned + slack * 2n >= one.incomeN / one.incomeD).toBe(true);
        }
        expect(contributions <= pool.total).toBe(true);
        expect(income <= paidIn).toBe(true);
      }),
      { numRuns: 300 },
    );
  },
);

test('many losses of nearly everything: the product is scaled up again and again and what is left is still exact', () => {
  const entries: Entries = new Map();
  let pool = contribute(emptyPool('USD'), entries, 'old', 10n ** 40n);
  for (let i = 0; i < 8; i++) pool = withLoss(pool, cash(pool.total - pool.total / 10_000n));
  expect([pool.power > 0n, pool.total]).toEqual([true, 10n ** 8n]);
  expect(contributionOf(pool, entries.get('old') as BackstopEntry)).toBe(10n ** 8n);
  pool = contribute(pool, entries, 'new', 10n ** 8n);
  pool = withIncome(pool, cash(10n ** 6n));
  expect([...entries.values()].map((entry) => incomeOf(pool, entry))).toEqual([500_000n, 500_000n]);
  pool = withLoss(pool, pool.total);
  expect([pool.epoch, [...entries.values()].map((entry) => contributionOf(pool, entry))]).toEqual([1n, [0n, 0n]]);
  // What was earned before everything was lost is still theirs.
  expect([...entries.values()].map((entry) => incomeOf(pool, entry))).toEqual([500_000n, 500_000n]);
});

describe('in the house', () => {
  const house = () => {
    const made = given({
      policy: lossPolicy(['BACKSTOP_POOL', 'HOUSE_CAPITAL'], { backstopShare: '0.5' }),
      own: '80',
      capital: '1000',
    });
    for (const [id, amount] of [
      ['x', '300'],
      ['y', '100'],
    ] as const) {
      openAccount(made, id, '1000');
      made.send({ type: 'ContributeToBackstopPool', account: id, amount });
    }
    return made;
  };

  test('a loss is borne by all contributors in proportion, and by nobody else', () => {
    const made = house();
    const { one } = fall(made, '180');
    expect(one.layers.map(textOf)).toEqual(['BACKSTOP_POOL 40000 10000 30000', 'HOUSE_CAPITAL 100000 0 100000']);
    expect(['x', 'y'].map((id) => backstopStatementOf(made.state, id)?.contribution)).toEqual([22_500n, 7500n]);
    expect(ledgerOf(made, 'backstop-pool')).toBe(30_000n);
  });

  test('income is shared by what each has, is safe from later losses, and is taken out first; recovered money is income', () => {
    const made = house();
    made.send({ type: 'AddBackstopIncome', currency: 'USD', amount: '40' });
    const { one } = fall(made, '180');
    expect(['x', 'y'].map((id) => backstopStatementOf(made.state, id)?.income)).toEqual([3000n, 1000n]);
    made.send({ type: 'RecordRecovery', case: one.id, amount: '40' });
    expect(ledgerOf(made, 'backstop-pool') + ledgerOf(made, 'backstop-income')).toBe(30_000n + 4000n + 4000n);
    made.send({ type: 'WithdrawFromBackstopPool', account: 'x', amount: '285' });
    expect(made.balance('x')).toBe('985.00');
    expect(backstopStatementOf(made.state, 'x')).toEqual({ account: 'x', contribution: 0n, income: 0n });
    expect(backstopStatementOf(made.state, 'y')).toEqual({ account: 'y', contribution: 7500n, income: 2000n });
    expect([balanceOf(made.state, 'backstop-pool', 'USD'), balanceOf(made.state, 'backstop-income', 'USD')]).toEqual([
      7500n,
      2000n,
    ]);
  });

  test('more than is there, less than nothing, a foreign account and a closed gate are refused', () => {
    const made = house();
    expect(made.refusal({ type: 'WithdrawFromBackstopPool', account: 'x', amount: '300.01' })).toBe(
      'INSUFFICIENT_FUNDS',
    );
    expect(made.refusal({ type: 'WithdrawFromBackstopPool', account: 'w', amount: '1' })).toBe('INSUFFICIENT_FUNDS');
    expect(made.refusal({ type: 'ContributeToBackstopPool', account: 'x', amount: '0' })).toBe('AMOUNT_NOT_POSITIVE');
    expect(made.refusal({ type: 'ContributeToBackstopPool', account: 'x', amount: '700.01' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    expect(made.refusal({ type: 'AddBackstopIncome', currency: 'EUR', amount: '1' })).toBe('CURRENCY_NOT_FOUND');
    const stranger = { id: 's', role: 'BROKER', member: 'm2' } as const;
    expect(made.refusal({ type: 'ContributeToBackstopPool', account: 'x', amount: '1' }, stranger)).toBe(
      'ACCOUNT_NOT_FOUND',
    );
    expect(made.refusal({ type: 'WithdrawFromBackstopPool', account: 'x', amount: '1' }, stranger)).toBe(
      'ACCOUNT_NOT_FOUND',
    );
  });
});
