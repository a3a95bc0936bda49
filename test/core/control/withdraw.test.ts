/**
 * What may leave: never what holds initial margin, never an unrealised gain, nothing while a call is open.  IM-5 (CFTC
 * 1.44), S11, S14
 */

import fc from 'fast-check';
import { spareOf } from '../../../src/core/margin/equity';
import { pictureOf } from '../../../src/core/margin/picture';
import { requirementOf } from '../../../src/core/margin/requirement';
import { formatScaled } from '../../../src/units/decimal';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { START, type TestHouse } from '../../support/house';
import { broker, byTwo, leveragedHouse } from '../../support/ladder';
import { defineIndex, defineOnIndex, quote } from '../../support/prices';

const take = (house: TestHouse, amount: string, currency = 'USD', account = 'alice'): string => {
  const outcome = house.try({ type: 'WithdrawCollateral', account, currency, amount });
  return 'rejection' in outcome ? outcome.rejection.code : 'taken';
};

/** The most that leaves: one unit more is refused, and it leaves. */
function expectMost(house: TestHouse, amount: string, currency = 'USD'): void {
  const scale = house.state.currencies.get(currency)?.scale ?? 0;
  const units = BigInt(amount.replace('.', ''));
  expect(take(house, formatScaled(units + 1n, scale), currency)).toBe('COLLATERAL_ENCUMBERED');
  if (units > 0n) expect(take(house, amount, currency)).toBe('taken');
}

/** Alice long 10 at 50,000 with `cash`, and BTC at 50,000 counted at 90 %. */
function given(cash: string, btc?: string, haircut = '0.1'): TestHouse {
  const house = onePerpetual();
  defineIndex(house, { sources: ['a'], minimumSources: 1, heartbeat: 7 * 86_400_000 });
  house.send({ type: 'SetCollateralTerms', currency: 'BTC', haircut, conversionDiscount: '0', eligible: true });
  quote(house, 'a', '50000');
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', cash);
  if (btc) pay(house, 'alice', btc, 'BTC');
  trade(house, 'alice', 'maker', '10', '50000');
  return house;
}

describe("in the account's own currency", () => {
  test('IM-5 all above initial margin may leave, to the last unit', () => expectMost(given('26000.01'), '1000.01'));

  test('IM-5 a withdrawal that leaves equity at initial margin exactly leaves nothing more', () => {
    const house = given('26000');
    expect(take(house, '1000')).toBe('taken');
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
  });

  test('IM-5 an unrealised loss stays behind, as does what it has to', () => {
    const house = given('30000');
    mark(house, '49900');
    // 30,000 less 1,000 lost less 24,950 of initial margin.
    expectMost(house, '4050.00');
  });

  test('IM-5 S11 an unrealised gain does not leave; settled at a price that is stable, it does', () => {
    const house = given('26000');
    mark(house, '60000');
    // 100,000 gained count for margin, but only 26,000 are there, less 30,000 of initial margin.
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
    // A fifth more than 50,000 at a half a day.
    house.pass('10h');
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
    trade(house, 'maker', 'alice', '10', '60000');
    expectMost(house, '126000.00');
  });

  test('IM-5 below initial margin nothing leaves, a waiver notwithstanding', () => {
    const house = given('25000');
    mark(house, '49999.9');
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
  });

  test('IM-5 no more than is there, though collateral covers it', () => expectMost(given('1000', '1'), '1000.00'));

  test('S06 nothing is free of 22,000,000 under 306,400,000 of notional at 20 %; control: at 2 % it is 15,872,000', () => {
    const house = onePerpetual({ price: '1915', tiers: flatTiers('0.02', '0.01') });
    openAccount(house, 'maker', '1000000000');
    openAccount(house, 'alice', '22000000');
    trade(house, 'alice', 'maker', '160000', '1915');
    const steep = [{ floor: '0', cap: null, initialRate: '0.2', maintenanceRate: '0.01', deduction: null }];
    expect(take(house, '15872000.01')).toBe('COLLATERAL_ENCUMBERED');
    house.send({ type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers: steep, effectiveAt: null });
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
    byTwo(house, {
      type: 'SetTierSchedule',
      instrument: 'BTC-PERP',
      tiers: flatTiers('0.02', '0.01'),
      effectiveAt: null,
    });
    expect(take(house, '15872000.00')).toBe('taken');
  });
});

describe('in another currency', () => {
  test('IM-5 what remains still covers initial margin after haircut, to the last unit', () => {
    // 0.6 BTC count 27,000: 2,000 may go, 0.0444.. BTC.
    const house = given('0.01', '0.6');
    expectMost(house, '0.04444466', 'BTC');
  });

  test('IM-5 own currency and other share one margin: what left in one is gone for the other', () => {
    const house = given('10000', '0.6');
    expect(take(house, '10000')).toBe('taken');
    expectMost(house, '0.04444444', 'BTC');
    expect(take(house, '0.01')).toBe('COLLATERAL_ENCUMBERED');
  });

  test('IM-5 with cash for the whole margin every bit of it may leave', () =>
    expectMost(given('25000', '0.6'), '0.60000000', 'BTC'));

  test('IM-5 what counts for nothing may leave an account that covers its margin, and not one that does not', () => {
    const covered = given('25000', '0.5', '1');
    expect(take(covered, '0.5', 'BTC')).toBe('taken');
    const uncovered = given('25000', '0.5', '1');
    mark(uncovered, '49999.9');
    expect(take(uncovered, '0.00000001', 'BTC')).toBe('COLLATERAL_ENCUMBERED');
  });

  test('IM-5 a unit of a currency that is worth next to nothing is worked out, not counted down to', () => {
    const house = onePerpetual();
    house.send({ type: 'DefineCurrency', currency: 'DUST', scale: 12 });
    house.send({
      type: 'DefineIndex',
      base: 'DUST',
      quote: 'USD',
      tick: '0.000000000001',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: 86_400_000,
    });
    house.send({
      type: 'SetCollateralTerms',
      currency: 'DUST',
      haircut: '0.5',
      conversionDiscount: '0',
      eligible: true,
    });
    quote(house, 'a', '0.000001', null, 'DUST/USD');
    openAccount(house, 'maker', '100000000');
    openAccount(house, 'alice', '25000');
    pay(house, 'alice', '1000000', 'DUST');
    mark(house, '50000');
    trade(house, 'alice', 'maker', '10', '50000');
    mark(house, '49999.9');
    // Half a dollar of dust against a deficit of 0.95: not a unit leaves. With 0.50 more cash 100,000 of it may, worth
    // 0.05.
    expect(take(house, '0.000000000001', 'DUST')).toBe('COLLATERAL_ENCUMBERED');
    pay(house, 'alice', '0.50');
    expectMost(house, '100000.000000000000', 'DUST');
  });

  test('IM-5 whatever leaves, in whichever currency and order, leaves initial margin behind', () => {
    const leave = fc.record({ btc: fc.boolean(), perMille: fc.integer({ min: 1, max: 1200 }) });
    fc.assert(
      fc.property(
        fc.array(leave, { maxLength: 8 }),
        fc.integer({ min: -40, max: 100 }),
        fc.integer({ min: 1_000_000, max: 9_999_999 }),
        (leaves, move, index) => {
          const house = given('20000', '0.4');
          quote(house, 'a', formatScaled(BigInt(index), 2));
          if (house.state.callOf.size > 0) return;
          mark(house, String(50_000 + move * 10));
          for (const { btc, perMille } of leaves) {
            const held = house.state.book.balance('alice', btc ? 'BTC' : 'USD');
            const amount = (held * BigInt(perMille)) / 1000n;
            if (amount <= 0n) continue;
            if (take(house, formatScaled(amount, btc ? 8 : 2), btc ? 'BTC' : 'USD') !== 'taken') continue;
            const picture = pictureOf(house.state, 'alice');
            expect(spareOf(picture, requirementOf(picture).initial)).toBeGreaterThanOrEqual(0n);
          }
        },
      ),
      { numRuns: 60, seed: 3 },
    );
  });
});

test('IM-5 money between accounts of one owner passes the same gate', () => {
  const house = given('26000');
  openAccount(house, 'alice-2', undefined, { owner: 'alice' });
  const move = (amount: string) => ({
    type: 'TransferCollateral' as const,
    from: 'alice',
    to: 'alice-2',
    currency: 'USD',
    amount,
  });
  expect(house.refusal(move('1000.01'))).toBe('COLLATERAL_ENCUMBERED');
  house.send(move('1000'));
  expect([house.balance('alice'), house.balance('alice-2')]).toEqual(['25000.00', '1000.00']);
});

describe('refusals, each row breaking every later rule too', () => {
  const house = onePerpetual();
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'free', '10');
  openAccount(house, 'liquidated', '3000');
  trade(house, 'liquidated', 'maker', '1', '50000');
  defineOnIndex(house, { instrument: 'SLOW', index: null, markBand: null, heartbeat: 1000 });
  mark(house, '100', 'SLOW');
  for (const account of ['stale', 'called']) {
    openAccount(house, account, '10');
    trade(house, account, 'maker', '0.1', '100', 'SLOW');
  }
  house.send({ type: 'IssueMarginCall', account: 'called', amount: '1', window: null, reason: 'a test' });
  mark(house, '47700');
  house.pass('1s');
  const stranger = broker('stranger');

  test.each`
    row                         | account            | currency | amount       | by           | code
    ${'no account'}             | ${'nobody'}        | ${'X'}   | ${'-0.001'}  | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'an account of another'}  | ${'liquidated'}    | ${'X'}   | ${'-0.001'}  | ${stranger}  | ${'ACCOUNT_NOT_FOUND'}
    ${'the house itself'}       | ${'close-out:USD'} | ${'X'}   | ${'-0.001'}  | ${undefined} | ${'ACCOUNT_NOT_FOUND'}
    ${'no currency'}            | ${'liquidated'}    | ${'X'}   | ${'-0.001'}  | ${undefined} | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than cents'} | ${'liquidated'}    | ${'USD'} | ${'-0.001'}  | ${undefined} | ${'TOO_MANY_DIGITS'}
    ${'below zero'}             | ${'liquidated'}    | ${'USD'} | ${'-0.01'}   | ${undefined} | ${'AMOUNT_NOT_POSITIVE'}
    ${'zero'}                   | ${'liquidated'}    | ${'USD'} | ${'0.00'}    | ${undefined} | ${'AMOUNT_NOT_POSITIVE'}
    ${'in liquidation'}         | ${'liquidated'}    | ${'USD'} | ${'9999999'} | ${undefined} | ${'ACCOUNT_NOT_OPEN'}
    ${'called'}                 | ${'called'}        | ${'USD'} | ${'9999999'} | ${undefined} | ${'MARGIN_CALL_OPEN'}
    ${'a stale price'}          | ${'stale'}         | ${'USD'} | ${'9.51'}    | ${undefined} | ${'COLLATERAL_ENCUMBERED'}
    ${'more than is free'}      | ${'free'}          | ${'USD'} | ${'10.01'}   | ${undefined} | ${'COLLATERAL_ENCUMBERED'}
  `('IM-5 $row', ({ account, currency, amount, by, code }) => {
    expect(house.refusal({ type: 'WithdrawCollateral', account, currency, amount }, by)).toBe(code);
  });

  test.each`
    row                             | from        | to                 | currency | amount             | code
    ${'no account'}                 | ${'nobody'} | ${'nobody'}        | ${'X'}   | ${'-0.001'}        | ${'ACCOUNT_NOT_FOUND'}
    ${'no receiver'}                | ${'called'} | ${'nobody'}        | ${'X'}   | ${'-0.001'}        | ${'ACCOUNT_NOT_FOUND'}
    ${'to the house itself'}        | ${'called'} | ${'close-out:USD'} | ${'X'}   | ${'-0.001'}        | ${'ACCOUNT_NOT_FOUND'}
    ${'to itself'}                  | ${'called'} | ${'called'}        | ${'X'}   | ${'-0.001'}        | ${'SAME_ACCOUNT'}
    ${'to somebody else'}           | ${'called'} | ${'stale'}         | ${'X'}   | ${'-0.001'}        | ${'OWNER_MISMATCH'}
    ${'no currency'}                | ${'called'} | ${'called-2'}      | ${'X'}   | ${'-0.001'}        | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than cents'}     | ${'called'} | ${'called-2'}      | ${'BTC'} | ${'-0.0000000001'} | ${'TOO_MANY_DIGITS'}
    ${'below zero'}                 | ${'called'} | ${'called-2'}      | ${'BTC'} | ${'-1'}            | ${'AMOUNT_NOT_POSITIVE'}
    ${'what the other cannot hold'} | ${'called'} | ${'called-2'}      | ${'BTC'} | ${'1'}             | ${'COLLATERAL_NOT_ELIGIBLE'}
    ${'called'}                     | ${'called'} | ${'called-2'}      | ${'USD'} | ${'1'}             | ${'MARGIN_CALL_OPEN'}
  `('IM-5 transfer: $row', ({ from, to, currency, amount, code }) => {
    if (!house.state.book.account('called-2')) openAccount(house, 'called-2', undefined, { owner: 'called' });
    expect(house.refusal({ type: 'TransferCollateral', from, to, currency, amount })).toBe(code);
  });

  test('LCS-2 a transfer does not cross members, though the owner is the same', () => {
    house.send({ type: 'AdmitMember', member: 'other', name: 'Another broker' });
    openAccount(house, 'called-3', undefined, { owner: 'called', member: 'other' });
    expect(
      house.refusal({ type: 'TransferCollateral', from: 'called', to: 'called-3', currency: 'USD', amount: '1' }),
    ).toBe('OWNER_MISMATCH');
  });
});

test('B1-3 a closed account gives nothing away', () => {
  const house = leveragedHouse({ policy: classicPolicy() });
  mark(house, '47000');
  expect(take(house, '0.01')).toBe('ACCOUNT_NOT_OPEN');
});

describe('out of the insurance fund', () => {
  const withdrawal = (amount: string, currency = 'USD') => ({
    type: 'WithdrawFromInsuranceFund' as const,
    currency,
    amount,
    reason: 'too large',
  });

  test('X-1 two persons take no more than it holds', () => {
    const house = onePerpetual();
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '10', source: 'EXTERNAL' });
    expect(house.refusal(withdrawal('10.01'))).toBe('INSUFFICIENT_FUNDS');
    byTwo(house, withdrawal('10'));
    expect(house.state.ledger.get('insurance-fund USD')).toBeUndefined();
    expect(house.state.ledger.get('external USD')).toBeUndefined();
  });

  test.each`
    row                         | currency | amount      | code
    ${'no currency'}            | ${'X'}   | ${'-0.001'} | ${'CURRENCY_NOT_FOUND'}
    ${'more digits than cents'} | ${'USD'} | ${'-0.001'} | ${'TOO_MANY_DIGITS'}
    ${'below zero'}             | ${'USD'} | ${'-0.01'}  | ${'AMOUNT_NOT_POSITIVE'}
    ${'more than there is'}     | ${'USD'} | ${'0.01'}   | ${'INSUFFICIENT_FUNDS'}
  `('X-1 refused: $row', ({ currency, amount, code }) => {
    expect(onePerpetual().refusal(withdrawal(amount, currency))).toBe(code);
  });

  test('B1-4 the withdrawal is checked again when it is approved', () => {
    const house = onePerpetual();
    house.now = START;
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '10', source: 'EXTERNAL' });
    byTwo(house, withdrawal('6'));
    house.send(withdrawal('4'), { id: 'first', role: 'RISK_OFFICER', member: null });
    const [proposal] = house.state.proposals.values();
    byTwo(house, withdrawal('3'));
    expect(house.refusal({ type: 'ApproveProposal', proposal: proposal?.id ?? '', hash: proposal?.hash ?? '' })).toBe(
      'INSUFFICIENT_FUNDS',
    );
  });
});
