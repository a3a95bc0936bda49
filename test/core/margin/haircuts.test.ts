/** What collateral counts for: by amount, for calls and for new risk, within limits, and beside long positions.  RB-4 */

import fc from 'fast-check';
import { explainAccount } from '../../../src/core/margin/explain';
import { healthOf } from '../../../src/core/margin/health';
import type { CommandOf } from '../../../src/core/message/command';
import { type CollateralTerms, openingWeightOf, weightOf } from '../../../src/core/model/collateral';
import { cash, rate } from '../../../src/units/quantity';
import { definePerpetual, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo, callOf, statusOf, usd } from '../../support/ladder';
import { defineIndex, quote } from '../../support/prices';

type Terms = CommandOf<'SetCollateralTerms'>;

const FLAT: Terms = {
  ...{ type: 'SetCollateralTerms', currency: 'BTC', haircut: '0.1', conversionDiscount: '0.05', eligible: true },
};
/** The first coin at 10 and 20 %, the second at 30 and 40 %, the third at 50 and 60 %, more of them at nothing. */
const STEPS: Terms = {
  ...FLAT,
  openingHaircut: '0.2',
  brackets: [
    { above: '1', haircut: '0.3', openingHaircut: '0.4' },
    { above: '2', haircut: '0.5', openingHaircut: '0.6' },
  ],
  accountLimit: '3',
};

/** A coin is worth 50,000, and so is a contract, which needs 2,500 and 1,250. */
function accepting(terms: Terms): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { sources: ['a'], minimumSources: 1, heartbeat: 7 * 86_400_000 });
  house.send(terms);
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice');
  openAccount(house, 'bob');
  quote(house, 'a', '50000');
  return house;
}

const coinsOf = (house: TestHouse, account = 'alice') => {
  const [coins] = healthOf(house.state, account).collateral;
  if (!coins) throw new Error('No collateral');
  return coins;
};
const inCents = (text: string): bigint => usd(text) * 10n ** 12n;

describe('RB-4 haircuts by amount', () => {
  test('RB-4 each part of an amount counts at the haircut of its bracket, and nothing above the limit', () => {
    const house = accepting(STEPS);
    pay(house, 'alice', '4', 'BTC');
    expect(coinsOf(house)).toMatchObject({
      value: inCents('105000'), // 0.9 + 0.7 + 0.5
      openingValue: inCents('90000'), // 0.8 + 0.6 + 0.4
      haircut: rate(475_000_000_000n), // 1 - 2.1 / 4
    });
    expect(healthOf(house.state, 'alice')).toMatchObject({ equity: usd('105000'), collateralValue: usd('105000') });
    pay(house, 'alice', '100', 'BTC');
    expect(coinsOf(house)).toMatchObject({ value: inCents('105000'), openingValue: inCents('90000') });
  });

  test('RB-4 RMR-3 a line for each bracket, which sum to the value', () => {
    const house = accepting(STEPS);
    pay(house, 'alice', '3.33333333', 'BTC');
    const lines = explainAccount(house.state, 'alice').equityLines.filter(({ kind }) => kind === 'COLLATERAL');
    expect(lines.map(({ tier, rate: share, amount }) => [tier, share, amount])).toEqual([
      [1, '0.1', inCents('45000')],
      [2, '0.3', inCents('35000')],
      [3, '0.5', inCents('25000')],
      [4, '1', 0n],
    ]);
  });

  test('RB-4 new risk and withdrawals go by their own haircuts, calls by the others', () => {
    const house = accepting({ ...FLAT, openingHaircut: '0.5' });
    pay(house, 'alice', '0.1', 'BTC');
    // 2,500 of backing for one contract, 4,500 of equity.
    expect(() => trade(house, 'alice', 'maker', '1.1', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
    trade(house, 'alice', 'maker', '1', '50000');
    const refused = { type: 'WithdrawCollateral', account: 'alice', currency: 'BTC', amount: '0.00000001' } as const;
    expect(house.refusal(refused)).toBe('COLLATERAL_ENCUMBERED');
    expect(healthOf(house.state, 'alice')).toMatchObject({ equity: usd('4500'), freeCollateral: 0n });
    // 4,500 less what is lost against 2.5 %.
    expect(ofType(mark(house, '46800'), 'MarginCallIssued')).toEqual([]);
    expect(ofType(mark(house, '46600'), 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('1100') } }]);
  });

  test('RB-4 what may leave is the most whose rest is enough, to the last unit, through the brackets', () => {
    const house = accepting(STEPS);
    pay(house, 'alice', '2.5', 'BTC');
    trade(house, 'alice', 'maker', '20', '50000');
    // 50,000 are needed: 0.8 of the first coin and 0.2 / 0.6 of the second.
    const withdrawal = { type: 'WithdrawCollateral', account: 'alice', currency: 'BTC' } as const;
    expect(house.refusal({ ...withdrawal, amount: '1.16666667' })).toBe('COLLATERAL_ENCUMBERED');
    house.send({ ...withdrawal, amount: '1.16666666' });
    expect(coinsOf(house).openingValue >= inCents('50000')).toBe(true);
  });

  test('RB-4 a call names what is taken off the next unit of each currency', () => {
    const house = accepting(STEPS);
    pay(house, 'alice', '1', 'BTC');
    trade(house, 'alice', 'maker', '16', '50000');
    mark(house, '48000');
    expect(statusOf(house)).toBe('CALL');
    expect(callOf(house).eligible).toMatchObject([{ currency: 'USD' }, { currency: 'BTC', haircut: 300_000_000_000n }]);
    // 0.7 of a coin at 50,000.
    expect(ofType(pay(house, 'alice', '0.2', 'BTC'), 'MarginCallPaid')).toMatchObject([{ amount: usd('7000') }]);
  });

  test('RB-4 ruling 12 lower brackets are a change of terms: the call has its window', () => {
    const house = accepting(STEPS);
    pay(house, 'alice', '2', 'BTC');
    trade(house, 'alice', 'maker', '28', '50000'); // 70,000 and 35,000 against 80,000
    mark(house, '48500'); // 38,000 left of 33,950
    const events = house.send({ ...STEPS, brackets: [{ above: '1', haircut: '0.9', openingHaircut: null }] });
    expect(ofType(events, 'MarginCallIssued')).toMatchObject([{ issued: { equity: usd('8000') } }]);
    expect(ofType(events, 'LiquidationStarted')).toEqual([]);
  });
});

describe('RB-4 limits of the house and wrong way', () => {
  test('RB-4 beyond the limit of the house each counts the same share, for what is new and not for calls', () => {
    const house = accepting({ ...FLAT, houseLimit: '5' });
    pay(house, 'alice', '4', 'BTC');
    expect(coinsOf(house)).toMatchObject({ within: 400_000_000n, openingValue: inCents('180000') });
    pay(house, 'bob', '6', 'BTC');
    expect(coinsOf(house)).toMatchObject({
      within: 200_000_000n, // 4 x 5 / 10
      openingValue: inCents('90000'),
      value: inCents('180000'),
    });
    expect(() => trade(house, 'alice', 'maker', '36.1', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
    trade(house, 'alice', 'maker', '36', '50000');
    // The coins of others bring nobody down.
    pay(house, 'bob', '1000', 'BTC');
    expect([statusOf(house), healthOf(house.state, 'alice').equity]).toEqual(['HEALTHY', usd('180000')]);
    expect(house.refusal({ type: 'WithdrawCollateral', account: 'alice', currency: 'BTC', amount: '0.00000001' })).toBe(
      'COLLATERAL_ENCUMBERED',
    );
    // Not margined in another currency, its coins are no collateral.
    house.send({ type: 'WithdrawCollateral', account: 'bob', currency: 'BTC', amount: '1006' });
    expect(coinsOf(house).within).toBe(400_000_000n);
  });

  test('RB-4 what leaves makes room for the rest', () => {
    const house = accepting({ ...FLAT, houseLimit: '5' });
    pay(house, 'alice', '10', 'BTC');
    trade(house, 'alice', 'maker', '50', '50000'); // 125,000 / 45,000 = 2.78 coins within the limit
    const withdrawal = { type: 'WithdrawCollateral', account: 'alice', currency: 'BTC' } as const;
    expect(house.refusal({ ...withdrawal, amount: '7.22222223' })).toBe('COLLATERAL_ENCUMBERED');
    house.send({ ...withdrawal, amount: '7.22222222' });
  });

  test('RB-4 coins back no contract that falls with them beyond the haircut for that', () => {
    const house = accepting({ ...FLAT, wrongWayHaircut: '1' });
    pay(house, 'alice', '1', 'BTC');
    // One contract: all of the coin is wrong way. The other way it backs 18.
    expect(() => trade(house, 'alice', 'maker', '1', '50000')).toThrow('INSUFFICIENT_INITIAL_MARGIN');
    trade(house, 'alice', 'maker', '0.9', '50000'); // 0.1 coins are left, 4,500 against 2,250
    expect(coinsOf(house)).toMatchObject({ wrongWay: 90_000_000n, openingValue: inCents('4500') });
    expect(coinsOf(house).value).toBe(inCents('45000'));
    pay(house, 'bob', '1', 'BTC');
    trade(house, 'maker', 'bob', '18', '50000');
    expect(coinsOf(house, 'bob')).toMatchObject({ wrongWay: 0n, openingValue: inCents('45000') });
  });

  test('RB-4 buy orders count as filled, and contracts on something else do not count', () => {
    const house = accepting({ ...FLAT, wrongWayHaircut: '0.6' });
    house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
    definePerpetual(house, 'ETH-PERP', { base: 'ETH', price: '2000' });
    pay(house, 'alice', '1', 'BTC');
    trade(house, 'alice', 'maker', '10', '2000', 'ETH-PERP');
    expect(coinsOf(house).wrongWay).toBe(0n);
    const order = { type: 'PlaceOrder', order: 'o', account: 'alice', instrument: 'BTC-PERP', side: 'BUY' } as const;
    house.send({ ...order, price: '50000', size: '0.5' });
    // Half of it at 60 %.
    expect(coinsOf(house)).toMatchObject({ wrongWay: 50_000_000n, openingValue: inCents('32500') });
  });
});

describe('RB-4 what terms may be', () => {
  test('RB-4 a haircut covers the volatility that it is measured by', () => {
    const house = onePerpetual();
    // 2.33 x 0.8 x the root of 2/365 = 0.1379794..
    const basis = { volatility: '0.8', multiple: '2.33', horizon: 2 * 86_400_000 };
    expect(house.refusal({ ...FLAT, haircut: '0.137979', basis })).toBe('VALUE_OUT_OF_RANGE');
    house.send({ ...FLAT, haircut: '0.13798', basis });
    expect(house.state.collateral.get('BTC')?.basis).toMatchObject({ volatility: 800_000_000_000n });
  });

  test.each<[string, Partial<Terms>]>([
    ['a haircut for new risk below the other', { openingHaircut: '0.09' }],
    ['a bracket from nothing on', { brackets: [{ above: '0', haircut: '0.2', openingHaircut: null }] }],
    ['a haircut that falls', { brackets: [{ above: '1', haircut: '0.09', openingHaircut: null }] }],
    [
      'a haircut for new risk that falls',
      { openingHaircut: '0.5', brackets: [{ above: '1', haircut: '0.2', openingHaircut: '0.4' }] },
    ],
    [
      'brackets that do not rise',
      { brackets: ['2', '2'].map((above) => ({ above, haircut: '0.2', openingHaircut: null })) },
    ],
    [
      'a limit within the brackets',
      { brackets: [{ above: '2', haircut: '0.2', openingHaircut: null }], accountLimit: '2' },
    ],
    ['a limit below nothing', { houseLimit: '-1' }],
    ['more off than all', { wrongWayHaircut: '1.01' }],
    [
      'too many brackets',
      {
        brackets: Array.from({ length: 21 }, (_, i) => ({ above: `${i + 1}`, haircut: '0.2', openingHaircut: null })),
      },
    ],
  ])('RB-4 no terms: %s', (_, fields) => {
    expect(onePerpetual().refusal({ ...FLAT, ...fields })).toBe('VALUE_OUT_OF_RANGE');
  });

  test.each<[string, 'one' | 'two', Partial<Terms>]>([
    ['a lower haircut for new risk', 'two', { openingHaircut: '0.19' }],
    ['none of its own', 'two', { openingHaircut: null }],
    ['a higher one', 'one', { openingHaircut: '0.25' }],
    ['a bracket further up', 'two', { brackets: [{ above: '1.1', haircut: '0.9', openingHaircut: '0.9' }] }],
    ['a bracket further down', 'one', { brackets: [{ above: '0.5', haircut: '0.5', openingHaircut: '0.6' }] }],
    ['a higher limit', 'two', { accountLimit: '3.1' }],
    ['no limit', 'two', { accountLimit: null }],
    ['a lower limit', 'one', { accountLimit: '2.9' }],
    ['a higher limit for all', 'two', { houseLimit: '5.1' }],
    ['no limit for all', 'two', { houseLimit: null }],
    ['a lower limit for all', 'one', { houseLimit: '4.9' }],
    ['less off what goes the wrong way', 'two', { wrongWayHaircut: '0.6' }],
    ['more off it', 'one', { wrongWayHaircut: '0.8' }],
    ['a basis', 'one', { basis: { volatility: '0.1', multiple: '1', horizon: 3_600_000 } }],
  ])('RB-4 two persons where more may count: %s', (_, persons, fields) => {
    const house = accepting({ ...STEPS, houseLimit: '5', wrongWayHaircut: '0.7' });
    const change = { ...STEPS, houseLimit: '5', wrongWayHaircut: '0.7', ...fields };
    if (persons === 'two') byTwo(house, change);
    else expect(() => byTwo(house, change)).toThrow('needed no second person');
    expect(house.state.collateral.get('BTC')?.version).toBe(2);
  });
});

describe('RB-4 weights', () => {
  const haircuts = fc
    .array(fc.bigInt(0n, 10n ** 12n), { minLength: 6, maxLength: 6 })
    .map((all) => all.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).map((one) => rate(one)));
  const terms = fc
    .tuple(haircuts, fc.uniqueArray(fc.bigInt(1n, 40n), { minLength: 2, maxLength: 3 }), fc.bigInt(0n, 10n ** 12n))
    .map(([rates, borders, wrongWay]): CollateralTerms => {
      const [first, second, limit] = borders.sort((a, b) => (a < b ? -1 : 1)).map(cash);
      const of = (i: number) => rates[i] ?? rate(0n);
      return {
        ...{ currency: 'X', version: 1, eligible: true, conversionDiscount: rate(0n) },
        ...{ haircut: of(0), openingHaircut: of(1), wrongWayHaircut: rate(wrongWay) },
        brackets: [
          { above: first ?? cash(1n), haircut: of(2), openingHaircut: of(3) },
          { above: second ?? cash(2n), haircut: of(4), openingHaircut: of(5) },
        ],
        ...(limit === undefined ? {} : { accountLimit: limit }),
      };
    });

  /** Unit by unit, from the definition alone. */
  function added(of: CollateralTerms, amount: bigint, matched: bigint | null): bigint {
    let sum = 0n;
    for (let unit = 0n; unit < amount; unit++) {
      const bracket = (of.brackets ?? []).filter(({ above }) => unit >= above).at(-1);
      const [kept, opening] = [bracket?.haircut ?? of.haircut, bracket?.openingHaircut ?? of.openingHaircut ?? 0n];
      const wrongWay = matched !== null && unit < matched ? (of.wrongWayHaircut ?? 0n) : 0n;
      const over = of.accountLimit !== undefined && unit >= of.accountLimit;
      const off = over ? 10n ** 12n : matched === null ? kept : opening > wrongWay ? opening : wrongWay;
      sum += 10n ** 12n - off;
    }
    return sum;
  }

  test('RB-4 an amount counts for what its units do, each by where it stands', () => {
    fc.assert(
      fc.property(terms, fc.bigInt(0n, 60n), fc.bigInt(0n, 60n), (of, amount, matched) => {
        expect(weightOf(of, cash(amount), 'MAINTENANCE')).toBe(added(of, amount, null));
        expect(openingWeightOf(of, cash(amount), cash(matched))).toBe(added(of, amount, matched));
      }),
      { numRuns: 300 },
    );
  });
});
