/**
 * Assessments of members, and whom the layers of a loss do not ask: members in default, accounts without live prices.
 */

import { freeIn } from '../../../src/core/control/withdraw';
import { askedOf } from '../../../src/core/settlement/waterfall/gate';
import { openDebtsOf } from '../../../src/core/settlement/waterfall/openDebts';
import { formatScaled } from '../../../src/units/decimal';
import { known } from '../../../src/units/failure';
import { cash } from '../../../src/units/quantity';
import { definePerpetual, flatTiers, mark, openAccount, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf } from '../../support/liquidation';
import { expectReplays } from '../../support/twin';
import { coverBefore, fall, given, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

describe('LCS-4 assessments', () => {
  const asked = () => {
    const house = given({
      // A period as long as the wait: gains that are shared by have to be there still.
      policy: lossPolicy(['DEFAULT_FUND', 'ASSESSMENTS', 'HOUSE_CAPITAL', 'SOCIALIZED_LOSS'], {
        period: 7 * 86_400_000,
      }),
      own: '80',
      capital: '50',
      contributions: { m1: '100', m2: '100' },
      multiple: '1',
    });
    const { one } = fall(house, '380'); // 300 missing: 200 from the fund, 50 asked of each
    return { house, one, calls: [...house.state.fundCalls.values()] };
  };

  test(
    'ruling 14 what is asked stands unallocated, who could be asked behind it leaves that, and what is paid ' +
      'goes to it',
    () => {
      const { house, one, calls } = asked();
      expect([one.status, one.unallocated, ledgerOf(house, 'unallocated-loss')]).toEqual([
        'AWAITING_ASSESSMENTS',
        10_000n,
        -10_000n,
      ]);
      expect(calls.map(({ member, amount, kind }) => [member, amount, kind])).toEqual([
        ['m1', 5000n, 'ASSESSMENT'],
        ['m2', 5000n, 'ASSESSMENT'],
      ]);
      // A Friday: one business day on is Monday at the same time.
      expect(new Date(calls[0]?.deadline ?? 0).toISOString()).toBe('2025-10-13T12:00:00.000Z');
      expect(openDebtsOf(house.state, 'USD').map(({ cause, amount }) => [cause, amount])).toEqual([
        ['ASSESSMENTS_AWAITED', 10_000n],
      ]);
      const w = known(house.state.book.account('w'), 'Account', 'w');
      // Of 100 called for 50 are behind the capital of 50; w gained more than that.
      expect(askedOf(house.state, w)).toBe(5_000n);
      const free = freeIn(house.state, w, 'USD');
      const withdraw = {
        type: 'WithdrawCollateral',
        account: 'w',
        currency: 'USD',
        amount: formatScaled(cash(free - 4_999n), 2),
      } as const;
      expect(house.refusal(withdraw)).toBe('WITHDRAWALS_GATED');
      house.send({ type: 'DepositCollateral', account: 'w', currency: 'USD', amount: '1' });
      house.send({ type: 'PayDefaultFundCall', call: calls[0]?.id ?? '', amount: '50' });
      expect([...house.state.lossCases.values()][0]).toMatchObject({
        status: 'AWAITING_ASSESSMENTS',
        unallocated: 5000n,
      });
      house.send({ type: 'PayDefaultFundCall', call: calls[1]?.id ?? '', amount: '50' });
      const [after] = [...house.state.lossCases.values()];
      expect(after).toMatchObject({ status: 'BORNE', unallocated: 0n, loss: 30_000n });
      expect(after?.layers.map(textOf)).toEqual([
        'DEFAULT_FUND 20000 20000 0',
        'ASSESSMENTS 20000 10000 10000',
        'HOUSE_CAPITAL 5000 0 5000',
        'SOCIALIZED_LOSS 0 0 0',
        'UNALLOCATED 0 0 0',
      ]);
      house.send(withdraw);
    },
  );

  test('what is not paid by the deadline goes to the layers behind', () => {
    const { house, calls } = asked();
    house.send({ type: 'PayDefaultFundCall', call: calls[0]?.id ?? '', amount: '30' });
    const events = house.pass('3d');
    expect(events.filter(({ type }) => type === 'DefaultFundCallExpired')).toHaveLength(2);
    const { case: one } = onlyOf(events, 'AssessmentsClosed');
    expect(one.layers.map(textOf)).toEqual([
      'DEFAULT_FUND 20000 20000 0',
      'ASSESSMENTS 20000 3000 17000',
      'HOUSE_CAPITAL 5000 5000 0',
      'SOCIALIZED_LOSS 38000 2000 36000',
      'UNALLOCATED 0 0 0',
    ]);
    expect(one.layers.reduce((sum, { used }) => sum + used, 0n)).toBe(one.loss);
    expect(ledgerOf(house, 'unallocated-loss')).toBe(0n);
  });

  test('a payment above what is left, a call that is not there, a foreign call and a recovery meanwhile are refused', () => {
    const { house, one, calls } = asked();
    const call = calls[0]?.id ?? '';
    expect(house.refusal({ type: 'PayDefaultFundCall', call, amount: '50.01' })).toBe('PAYMENT_ABOVE_CALL');
    expect(house.refusal({ type: 'PayDefaultFundCall', call: 'none', amount: '1' })).toBe('FUND_CALL_NOT_FOUND');
    expect(
      house.refusal({ type: 'PayDefaultFundCall', call, amount: '1' }, { id: 'x', role: 'BROKER', member: 'm2' }),
    ).toBe('FUND_CALL_NOT_FOUND');
    expect(house.refusal({ type: 'PayDefaultFundCall', call, amount: '0' })).toBe('AMOUNT_NOT_POSITIVE');
    expect(house.refusal({ type: 'RecordRecovery', case: one.id, amount: '1' })).toBe('CASE_AWAITS_ASSESSMENTS');
  });

  test('the cap is for a whole capped period, and a member assessed up to it cools off', () => {
    const house = given({
      policy: lossPolicy(['ASSESSMENTS']),
      own: '80',
      contributions: { m1: '100' },
      multiple: '1',
    });
    const first = fall(house, '240'); // 160 missing, 100 may be asked
    expect(first.one.layers.map(textOf)).toEqual(['ASSESSMENTS 10000 0 10000', 'UNALLOCATED 16000 16000 0']);
    const room = (): bigint => coverBefore(house, 'SOCIALIZED_LOSS');
    expect(room()).toBe(0n);
    house.pass('6d'); // the capped period of five days is over, ten days of cooling off are not
    expect(room()).toBe(0n);
    house.pass('5d');
    expect(room()).toBe(10_000n);
  });
});

describe('LCS-4 who is assessed, and when it cools off', () => {
  /**
   * 150 missing: m1 has 100 in the fund, and 50 of the 200 that it may be asked are. It pays, and brings its
   * contribution up again.
   */
  const asked = (missing: string): TestHouse => {
    const house = given({
      policy: lossPolicy(['DEFAULT_FUND', 'ASSESSMENTS']),
      own: '80',
      contributions: { m1: '100' },
    });
    fall(house, missing);
    for (const { id, amount } of [...house.state.fundCalls.values()])
      house.send({ type: 'PayDefaultFundCall', call: id, amount: String(amount / 100n) });
    house.send({ type: 'ContributeToDefaultFund', member: 'm1', currency: 'USD', amount: '100' });
    return house;
  };

  test('a member whose contribution was used up and which was asked for a part may be asked for the rest', () => {
    const house = asked('230');
    // 100 of the fund, and 150 of assessments.
    expect(coverBefore(house, 'SOCIALIZED_LOSS')).toBe(25_000n);
    expectReplays(house.state, house.entries);
  });

  test('control: asked for all of the 200, it cools off', () => {
    expect(coverBefore(asked('380'), 'SOCIALIZED_LOSS')).toBe(10_000n);
  });

  test('a member in default itself is asked for nothing: who survives bears its part at once', () => {
    const house = given({
      policy: lossPolicy(['ASSESSMENTS', 'HOUSE_CAPITAL']),
      own: '80',
      capital: '500',
      contributions: { m1: '50', m2: '50' },
    });
    const shares = () => [...house.state.fundCalls.values()].map(({ member, amount }) => [member, amount]);
    byTwo(house, { type: 'DeclareDefault', member: 'm2', reason: 'a call was not met' });
    fall(house, '160');
    expect(shares()).toEqual([['m1', 8000n]]);
  });

  test('control: where none is, they share', () => {
    const house = given({
      policy: lossPolicy(['ASSESSMENTS', 'HOUSE_CAPITAL']),
      own: '80',
      capital: '500',
      contributions: { m1: '50', m2: '50' },
    });
    fall(house, '160');
    expect([...house.state.fundCalls.values()].map(({ member, amount }) => [member, amount])).toEqual([
      ['m1', 4000n],
      ['m2', 4000n],
    ]);
  });
});

describe('LCS-4 what a member in default has put in', () => {
  const shared = (inDefault: boolean): string[] => {
    const house = given({
      policy: lossPolicy(['DEFAULT_FUND', 'SOCIALIZED_LOSS']),
      own: '80',
      contributions: { m1: '50', m2: '50' },
    });
    if (inDefault) byTwo(house, { type: 'DeclareDefault', member: 'm2', reason: 'a call was not met' });
    return fall(house, '160').one.claims.map(({ claimant, amount }) => `${claimant} ${amount}`);
  };

  test('is kept for its own default: who survives bears the loss of another', () => {
    expect(shared(true)).toEqual(['default-fund/m1 5000', 'account/w 3000']);
  });

  test('control: where it is not in default, it bears its part', () => {
    expect(shared(false)).toEqual(['default-fund/m1 4000', 'default-fund/m2 4000']);
  });
});

describe('ruling 13 SL-3 who holds what has no live price', () => {
  /**
   * `v` and `w` have half a contract each; `w` holds another contract too, whose price falls silent before the fall.
   */
  const asked = (layer: 'SOCIALIZED_LOSS' | 'DELEVERAGING', silent: boolean): [string, bigint][] => {
    const house = given({ policy: lossPolicy([layer]), own: '80', winners: { v: '0.5', w: '0.5' } });
    definePerpetual(house, 'OTHER', { price: '100', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'x', '90000');
    trade(house, 'w', 'x', '1', '100', 'OTHER');
    // Without a price for a week a mark is stale.
    house.pass('4d');
    mark(house, '1000');
    if (!silent) mark(house, '100', 'OTHER');
    house.pass('4d');
    return fall(house, '160')
      .one.claims.map(({ claimant, amount }): [string, bigint] => [claimant, amount])
      .sort();
  };

  test.each(['SOCIALIZED_LOSS', 'DELEVERAGING'] as const)('%s asks it as everybody else', (layer) => {
    expect(asked(layer, true)).toEqual([
      ['account/v', 4_000n],
      ['account/w', 4_000n],
    ]);
  });

  test.each(['SOCIALIZED_LOSS', 'DELEVERAGING'] as const)('control: %s asks it where the price is alive', (layer) => {
    expect(asked(layer, false)).toEqual([
      ['account/v', 4_000n],
      ['account/w', 4_000n],
    ]);
  });
});

describe('DY-G1 the gate after a loss', () => {
  test('withdrawals wait exactly so long as the policy says; deposits never do', () => {
    const house = given({ policy: lossPolicy(['HOUSE_CAPITAL'], { gateWindow: 50_000 }), own: '80', capital: '500' });
    fall(house, '180');
    const withdraw = { type: 'WithdrawCollateral', account: 'w', currency: 'USD', amount: '1' } as const;
    expect(house.refusal(withdraw)).toBe('WITHDRAWALS_GATED');
    house.pass('49s');
    expect(house.refusal(withdraw)).toBe('WITHDRAWALS_GATED');
    house.send({ type: 'DepositCollateral', account: 'w', currency: 'USD', amount: '1' });
    house.pass('1s');
    house.send(withdraw);
  });
});

test('DY-G1 the gate is shut again when assessments close and the layers behind them bear', () => {
  const house = given({
    policy: lossPolicy(['ASSESSMENTS', 'SOCIALIZED_LOSS'], { gateWindow: 3_600_000, period: 30 * 86_400_000 }),
    ...{ own: '80', contributions: { m1: '50' } },
  });
  fall(house, '160');
  const [call] = [...house.state.fundCalls.values()];
  const withdraw = { type: 'WithdrawCollateral', account: 'w', currency: 'USD', amount: '1' } as const;
  house.now = call?.deadline ?? house.now;
  const [closed] = ofType(house.pass('1s'), 'AssessmentsClosed');
  expect(closed?.shares.map(({ account, amount }) => [account, amount])).toEqual([['w', 8_000n]]);
  house.pass('59m');
  expect(house.refusal(withdraw)).toBe('WITHDRAWALS_GATED');
  house.pass('1m');
  house.send(withdraw);
});
