/**
 * The default fund: sized by the two largest members under stress, topped up by calls, measured every day; and pools of
 * instruments.
 */

import { businessDaysLater } from '../../../src/core/settlement/waterfall/fundPolicy';
import { instant } from '../../../src/units/quantity';
import { classicPolicy, definePerpetual, flatTiers, mark, openAccount, trade } from '../../support/given';
import { createTestHouse, ofType, type TestHouse } from '../../support/house';
import { onlyOf } from '../../support/liquidation';
import { FUND_POLICY, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

const STRESS = {
  ...FUND_POLICY,
  moves: [
    { instrument: 'BTC-PERP', up: '0.3', down: '0.2' },
    { instrument: 'ETH-PERP', up: '0.5', down: '0.5' },
  ],
  floor: '50',
  threshold: '0.9',
};

/** Three members long 4, 2 and 1 contracts at 1,000 with 100 for each, against `maker` of a fourth with plenty. */
function members(policy: Partial<typeof STRESS> | null = {}): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  house.send(classicPolicy({ feeRate: '0.005', feeShares: { liquidator: '0', fund: '0', house: '1' } }));
  definePerpetual(house, 'BTC-PERP', { price: '1000', tiers: flatTiers('0.05', '0.025') });
  definePerpetual(house, 'ETH-PERP', { price: '100', tiers: flatTiers('0.05', '0.025') });
  for (const member of ['broker', 'm1', 'm2', 'm3']) house.send({ type: 'AdmitMember', member, name: member });
  if (policy) house.send({ ...STRESS, ...policy });
  openAccount(house, 'maker', '900000');
  for (const [id, contracts] of Object.entries({ m1: 4, m2: 2, m3: 1 })) {
    openAccount(house, id, String(contracts * 100), { member: id });
    trade(house, id, 'maker', String(contracts), '1000');
  }
  return house;
}

const compute = (house: TestHouse) => house.send({ type: 'ComputeCoverage', currency: 'USD' });

describe('RB-2 coverage', () => {
  test(
    'RB-2 a fall of a fifth costs 400, 200 and 100 beyond collateral: cover-1 400, cover-2 600, shared by ' +
      'initial margin with a floor',
    () => {
      const house = members();
      const { coverage } = onlyOf(compute(house), 'CoverageComputed');
      expect([coverage.cover1, coverage.cover2, coverage.fund, coverage.pools, coverage.short]).toEqual([
        40_000n,
        60_000n,
        0n,
        0n,
        true,
      ]);
      // Initial margin: 350 of the maker, 200, 100 and 50; the last of them would owe 42.86.
      expect(
        coverage.members.map(({ member, initial, down, requirement }) => [member, initial, down, requirement]),
      ).toEqual([
        ['broker', 35_000n, 0n, 30_000n],
        ['m1', 20_000n, 40_000n, 17_143n],
        ['m2', 10_000n, 20_000n, 8571n],
        ['m3', 5000n, 10_000n, 5000n],
      ]);
    },
  );

  test('RB-2 it is computed every day at its time, and members that hold too little are called once', () => {
    const house = members({ computedAt: 3_600_000 });
    const events = house.pass('2d');
    const days = ofType(events, 'CoverageComputed').map(({ coverage }) => new Date(coverage.computedAt).toISOString());
    expect(days).toEqual(['2025-10-11T01:00:00.000Z', '2025-10-12T01:00:00.000Z']);
    expect(
      ofType(events, 'DefaultFundCallIssued').map(({ fundCall }) => [fundCall.member, fundCall.amount, fundCall.kind]),
    ).toEqual([
      ['broker', 30_000n, 'REPLENISHMENT'],
      ['m1', 17_143n, 'REPLENISHMENT'],
      ['m2', 8571n, 'REPLENISHMENT'],
      ['m3', 5000n, 'REPLENISHMENT'],
    ]);
    // It was short from the first day on: that is told once.
    expect(ofType(events, 'CoverageFellShort')).toHaveLength(1);
  });

  test(
    'RB-2 while coverage is short the house’s part of liquidation fees goes to the insurance fund, as far as ' +
      'the policy says',
    () => {
      /** Fees of every take-over of one liquidation: what the house and what the fund got. */
      const feesOf = (house: TestHouse): [bigint, bigint][] => {
        openAccount(house, 'small', '60');
        trade(house, 'small', 'maker', '1', '1000');
        mark(house, '963'); // equity 23 against 24.07 of maintenance margin
        return ofType(house.pass('2h'), 'PositionTakenOver').map(({ transfers }) => {
          const to = (name: string): bigint =>
            transfers.reduce(
              (sum, line) => (line.reason === 'LIQUIDATION_FEE' && line.to === name ? sum + line.amount : sum),
              0n,
            );
          return [to('house-fees'), to('insurance-fund')];
        });
      };
      const short = members({ feeShare: '0.5' });
      compute(short);
      const shared = feesOf(short);
      expect(shared.length).toBeGreaterThan(0);
      for (const [house, fund] of shared) expect([fund > 0n, fund === (house + fund) / 2n]).toEqual([true, true]);
      const enough = members({ feeShare: '0.5' });
      enough.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1000', source: 'EXTERNAL' });
      compute(enough);
      expect(feesOf(enough)).toEqual(shared.map(([house, fund]) => [house + fund, 0n]));
    },
  );

  test('RB-2 a trend: the fund grows, the ratio with it, and it is no longer short', () => {
    const house = members();
    const first = onlyOf(compute(house), 'CoverageComputed').coverage;
    house.send({ type: 'ContributeToDefaultFund', member: 'm1', currency: 'USD', amount: '300' });
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '240', source: 'EXTERNAL' });
    const second = onlyOf(compute(house), 'CoverageComputed').coverage;
    expect([first.short, second.short, second.fund + second.pools, second.cover2]).toEqual([
      true,
      false,
      54_000n,
      60_000n,
    ]);
  });
});

describe('LCS-4 contributions', () => {
  test('LCS-4 only what is above the requirement leaves, and a replenishment brings a contribution up to it', () => {
    const house = members();
    compute(house);
    const [call] = [...house.state.fundCalls.values()].filter(({ member }) => member === 'm1');
    house.send({ type: 'PayDefaultFundCall', call: call?.id ?? '', amount: '71.43' });
    house.send({ type: 'PayDefaultFundCall', call: call?.id ?? '', amount: '100' });
    expect(ledgerOf(house, 'default-fund/m1')).toBe(17_143n);
    expect(house.state.fundCalls.has(call?.id ?? '')).toBe(false);
    const take = (amount: string) =>
      ({ type: 'WithdrawFromDefaultFund', member: 'm1', currency: 'USD', amount }) as const;
    expect(house.refusal(take('0.01'))).toBe('BELOW_REQUIREMENT');
    house.send({ type: 'ContributeToDefaultFund', member: 'm1', currency: 'USD', amount: '10' });
    expect(house.refusal(take('10.01'))).toBe('BELOW_REQUIREMENT');
    house.send(take('10'));
    expect(house.refusal(take('1000'))).toBe('INSUFFICIENT_FUNDS');
  });

  test('LCS-4 a replenishment that is not paid in time expires, which is an event', () => {
    const house = members();
    compute(house);
    expect(ofType(house.pass('3d'), 'DefaultFundCallExpired').length).toBeGreaterThanOrEqual(4);
  });

  test('a foreign member, nothing, and a currency that is not there are refused', () => {
    const house = members();
    const move = { type: 'ContributeToDefaultFund', member: 'm1', currency: 'USD', amount: '1' } as const;
    expect(house.refusal(move, { id: 'b', role: 'BROKER', member: 'm2' })).toBe('MEMBER_NOT_FOUND');
    expect(house.refusal({ ...move, member: 'nobody' })).toBe('MEMBER_NOT_FOUND');
    expect(house.refusal({ ...move, amount: '0' })).toBe('AMOUNT_NOT_POSITIVE');
    expect(house.refusal({ ...move, currency: 'EUR' })).toBe('CURRENCY_NOT_FOUND');
    expect(house.refusal({ ...move, amount: '0.001' })).toBe('TOO_MANY_DIGITS');
    expect(house.refusal({ type: 'RecordJuniors', member: 'm1', juniors: ['nobody'] })).toBe('MEMBER_NOT_FOUND');
    expect(house.refusal({ type: 'RecordRecovery', case: 'none', amount: '1' })).toBe('CASE_NOT_FOUND');
    expect(members(null).refusal({ type: 'ComputeCoverage', currency: 'USD' })).toBe('POLICY_NOT_FOUND');
  });

  test.each<[string, object, string]>([
    ['a fall of more than all', { moves: [{ instrument: 'BTC-PERP', up: '0', down: '1.1' }] }, 'VALUE_OUT_OF_RANGE'],
    ['a move twice', { moves: [STRESS.moves[0], STRESS.moves[0]] }, 'ALREADY_EXISTS'],
    ['an instrument that is not there', { moves: [{ instrument: 'X', up: '0', down: '0' }] }, 'INSTRUMENT_NOT_FOUND'],
    ['a floor below nothing', { floor: '-1' }, 'VALUE_OUT_OF_RANGE'],
    [
      'no business day',
      { weekend: ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] },
      'CALENDAR_INVALID',
    ],
    ['the 30th of February', { holidays: ['2026-02-30'] }, 'CALENDAR_INVALID'],
    ['no date', { holidays: ['Christmas'] }, 'CALENDAR_INVALID'],
    ['no day to pay', { within: 0 }, 'VALUE_OUT_OF_RANGE'],
    ['a share of fees above one', { feeShare: '2' }, 'VALUE_OUT_OF_RANGE'],
  ])('a policy with %s is refused', (_, fields, code) => {
    const house = members(null);
    expect(house.refusal({ ...STRESS, ...fields } as typeof STRESS)).toBe(code);
  });

  test.each([
    ['2025-12-24T10:00:00.000Z', 1, '2025-12-29T10:00:00.000Z'], // Thursday and Friday are holidays, then the weekend
    ['2025-12-22T10:00:00.000Z', 2, '2025-12-24T10:00:00.000Z'],
    ['2025-12-27T10:00:00.000Z', 1, '2025-12-29T10:00:00.000Z'],
  ])('business days: from %s, %d on, is %s', (from, within, expected) => {
    const calendar = { weekend: ['SATURDAY', 'SUNDAY'] as const, holidays: ['2025-12-25', '2025-12-26'] };
    expect(new Date(businessDaysLater(calendar, instant(Date.parse(from)), within)).toISOString()).toBe(expected);
  });
});

describe('B3-1 pools of instruments', () => {
  const pooled = (pool: { cap?: string; thenGeneral?: boolean } = {}): TestHouse => {
    const house = members(null);
    house.send({ ...lossPolicy(['INSURANCE_FUND', 'HOUSE_CAPITAL']) });
    return approve(house, {
      type: 'SetInsurancePool',
      pool: 'btc',
      currency: 'USD',
      instruments: ['BTC-PERP'],
      cap: pool.cap ?? null,
      thenGeneral: pool.thenGeneral ?? true,
    });
  };
  const approve = (house: TestHouse, command: Parameters<TestHouse['send']>[0]): TestHouse => {
    house.send(command);
    for (const { id, hash } of [...house.state.proposals.values()])
      house.send({ type: 'ApproveProposal', proposal: id, hash }, { id: 'second', role: 'RISK_OFFICER', member: null });
    return house;
  };
  const fund = (house: TestHouse, general: string, pool: string): TestHouse => {
    house.send({
      type: 'ContributeToInsuranceFund',
      currency: 'USD',
      amount: String(Number(general) + Number(pool)),
      source: 'EXTERNAL',
    });
    return approve(house, {
      type: 'TransferBetweenPools',
      from: null,
      to: 'btc',
      currency: 'USD',
      amount: pool,
      reason: 'to begin with',
    });
  };
  const caseOf = (house: TestHouse) => {
    openAccount(house, 'bad', '60');
    trade(house, 'bad', 'maker', '1', '1000');
    const { cases } = onlyOf(mark(house, '920'), 'LossAllocated'); // 20 missing
    return cases[0];
  };

  test('a loss draws on the pool of its instrument first, then on the general fund', () => {
    const house = fund(pooled(), '100', '15');
    const one = caseOf(house);
    expect(one?.layers.map(textOf)).toEqual(['INSURANCE_FUND 11500 2000 9500', 'HOUSE_CAPITAL 0 0 0']);
    expect([ledgerOf(house, 'insurance-fund/btc'), ledgerOf(house, 'insurance-fund')]).toEqual([0n, 9500n]);
  });

  test('within its cap, and alone where the pool says so: the rest goes to the next layer', () => {
    const house = fund(pooled({ cap: '5', thenGeneral: false }), '100', '15');
    house.send({ type: 'ContributeHouseCapital', currency: 'USD', amount: '100' });
    expect(caseOf(house)?.layers.map(textOf)).toEqual(['INSURANCE_FUND 500 500 0', 'HOUSE_CAPITAL 10000 1500 8500']);
    expect([ledgerOf(house, 'insurance-fund/btc'), ledgerOf(house, 'insurance-fund')]).toEqual([1000n, 10_000n]);
  });

  test('a transfer between pools needs a second person, and no more moves than is there', () => {
    const house = fund(pooled(), '100', '15');
    const move = {
      type: 'TransferBetweenPools',
      from: 'btc',
      to: null,
      currency: 'USD',
      amount: '15.01',
      reason: 'x',
    } as const;
    expect(house.refusal(move)).toBe('INSUFFICIENT_FUNDS');
    expect(house.refusal({ ...move, to: 'eth' })).toBe('POOL_NOT_FOUND');
    expect(house.refusal({ ...move, to: 'btc' })).toBe('SAME_ACCOUNT');
    expect(house.send({ ...move, amount: '15' }).map(({ type }) => type)).toEqual(['ProposalCreated']);
    expect(ledgerOf(house, 'insurance-fund/btc')).toBe(1500n);
  });

  test('an instrument of another pool, of another currency or of none is refused', () => {
    const house = pooled();
    const pool = {
      type: 'SetInsurancePool',
      pool: 'two',
      currency: 'USD',
      instruments: ['BTC-PERP'],
      cap: null,
      thenGeneral: true,
    } as const;
    expect(house.refusal(pool)).toBe('POOLS_OVERLAP');
    expect(house.refusal({ ...pool, instruments: ['ETH-PERP', 'ETH-PERP'] })).toBe('POOLS_OVERLAP');
    expect(house.refusal({ ...pool, instruments: ['X'] })).toBe('INSTRUMENT_NOT_FOUND');
    expect(house.refusal({ ...pool, currency: 'BTC', instruments: ['ETH-PERP'] })).toBe('CURRENCY_MISMATCH');
    expect(house.refusal({ ...pool, instruments: ['ETH-PERP'], cap: '-1' })).toBe('VALUE_OUT_OF_RANGE');
    expect(house.refusal({ ...pool, pool: '' })).toBe('ID_INVALID');
  });
});
