/**
 * Worked cases of perpetual venues, each mapped to a configuration of this house. Sources:
 * dydxprotocol/v4-chain@84d4664, drift-labs/protocol-v2@0ae3e3b, freqtrade@c9ae5e1 with its Binance table of
 * 2024-10-24, the documents of Hyperliquid (margin tiers, liquidations), help.crypto.com article 4894442, and the
 * parameters of Aave v4.
 */

import { explainAccount } from '../../src/core/margin/explain';
import { healthOf } from '../../src/core/margin/health';
import { closingLimitWorthOf } from '../../src/core/margin/solve';
import { compareRisk, type Standing, standingOfAccount } from '../../src/core/margin/standing';
import type { TierSchedule } from '../../src/core/model/tiers';
import { maximumLeverageOf, tierAt } from '../../src/core/reference/tiers';
import { size } from '../../src/units/quantity';
import { formatRatio } from '../../src/units/ratio';
import { cashDown } from '../../src/units/rounding';
import { deductionOf } from '../support/deduction';
import type { TestHouse } from '../support/house';
import { onlyOf, openOrders } from '../support/liquidation';
import { Exact } from '../support/oracle';
import { type CaseInstrument, caseHouse, deal, markAt, tier } from './house';

const money = (text: string, scale = 2): bigint => BigInt(new Exact(text).times(new Exact(10).pow(scale)).toFixed(0));

/** Cash less what the position was entered at: what dYdX calls the collateral of a subaccount. */
const netCollateral = (house: TestHouse, account: string, instrument: string): bigint =>
  house.state.book.balance(account, 'USD') - (house.state.book.position(account, instrument)?.cost ?? 0n);

describe('dYdX v4', () => {
  const btc: CaseInstrument = { price: '50000', tick: '1', lot: '0.01', tiers: [tier('0', null, '0.2', '0.1')] };

  test('DY-M1 initial margin of 20 % on 500,000 is 100,000', () => {
    const house = caseHouse({ instruments: { BTC: btc }, deposits: { a: '500000', b: '500000' } });
    deal(house, 'BTC', 'a', 'b', '10', '50000');
    expect(healthOf(house.state, 'a')).toMatchObject({ grossNotional: money('500000'), initial: money('100000') });
  });

  test('DY-M4 20 % that rise between 25 and 60 millions of open interest are 27.1393 % at 28.1, and 135,697 of 500,000', () => {
    // A quantum is a millionth of a dollar, and here a lot.
    const coin: CaseInstrument = { price: '1', lot: '0.000001', tiers: [tier('0', null, '0.2', '0.1')] };
    const house = caseHouse({
      scale: 6,
      instruments: { COIN: coin },
      deposits: { long: '30000000', short: '30000000', a: '0.135697' },
    });
    deal(house, 'COIN', 'long', 'short', '28123456.789123', '1');
    const ramp = { lowerCap: '25000000', upperCap: '60000000', interval: 3_600_000 };
    house.send({ type: 'SetOpenInterestScaling', instrument: 'COIN', ramp });
    deal(house, 'COIN', 'a', 'long', '0.5', '1');
    expect(healthOf(house.state, 'a')).toMatchObject({
      grossNotional: 500_000n,
      opening: 135_697n,
      initial: 100_000n,
      freeCollateral: 0n,
    });
    // The rate is a whole millionth, rounded down; what it asks for is rounded up.
    expect(explainAccount(house.state, 'a').openingLines).toMatchObject([
      { rate: '0.271393', amount: 135_696_500_000_000_000n },
    ]);
  });

  test('DY-M8 of two accounts the riskier comes first: by equity over maintenance, of equals the larger maintenance', () => {
    const pairs: [[bigint, bigint], [bigint, bigint], number][] = [
      [[100n, 50n], [100n, 100n], -1],
      [[100n, 50n], [-100n, 100n], -1],
      [[-100n, 150n], [-100n, 100n], -1],
      [[100n, 150n], [100n, 100n], 1],
      [[-100n, 50n], [-100n, 100n], 1],
      [[100n, 0n], [100n, 100n], -1],
      [[100n, 100n], [100n, 0n], 1],
      [[100n, 50n], [200n, 100n], -1],
      [[100n, 100n], [100n, 100n], 0],
    ];
    const standing = ([equity, maintenance]: [bigint, bigint]) =>
      ({ equity, maintenance, picture: { account: { id: 'x' } } }) as unknown as Standing;
    // The source says 1 where the first is riskier; here the riskier sorts first.
    for (const [a, b, riskier] of pairs)
      expect(Math.sign(compareRisk(standing(a), standing(b))) + 0).toBe(-riskier + 0);
  });

  test('DY-B1 0.1 long at 50,000 with -4,501 in cash is closed at 4,501', () => {
    const house = caseHouse({ instruments: { BTC: { ...btc, price: '60000' } }, deposits: { a: '1499', b: '90000' } });
    deal(house, 'BTC', 'a', 'b', '0.1', '60000');
    markAt(house, 'BTC', '50000');
    expect(netCollateral(house, 'a', 'BTC')).toBe(money('-4501'));
    const standing = standingOfAccount(house.state, 'a');
    const [holding] = standing.picture.holdings as [Standing['picture']['holdings'][number]];
    expect(cashDown(closingLimitWorthOf(standing, holding, size(10n)))).toBe(money('4501'));
    expect(healthOf(house.state, 'a').positions).toMatchObject([{ bankruptcyPrice: '45010' }]);
  });

  test('DY-B4 0.1 short at 50,000 with 4,900 in cash is under water: bought back for 4,900, less than the mark', () => {
    const house = caseHouse({
      instruments: { BTC: { ...btc, price: '40000' } },
      fund: '100',
      deposits: { a: '900', b: '90000' },
    });
    deal(house, 'BTC', 'b', 'a', '0.1', '40000');
    expect(netCollateral(house, 'a', 'BTC')).toBe(money('4900'));
    const taken = onlyOf(markAt(house, 'BTC', '50000'), 'PositionTakenOver');
    expect(taken).toMatchObject({ size: 10n, value: money('4900'), slippage: { bankruptcy: 0n, mark: money('-100') } });
  });

  test.each([
    ['DY-D1', '50000', '49999'],
    ['DY-D5', '50500', '50499'],
  ])('%s one short at %s with %s in cash is taken over for just that, and left with nothing', (_, mark, cash) => {
    // Short at 40,000: what was paid in is the rest.
    const deposit = new Exact(cash).minus(40_000).toFixed();
    const house = caseHouse({
      instruments: { BTC: { ...btc, price: '40000' } },
      fund: '10',
      deposits: { a: deposit, b: '90000' },
    });
    deal(house, 'BTC', 'b', 'a', '1', '40000');
    expect(netCollateral(house, 'a', 'BTC')).toBe(money(cash));
    const taken = onlyOf(markAt(house, 'BTC', mark), 'PositionTakenOver');
    expect([taken.value, netCollateral(house, 'a', 'BTC')]).toEqual([money(cash), 0n]);
    // the fund made up the 1 it was short of
    expect(netCollateral(house, taken.receiver, 'BTC')).toBe(money(cash) + money('1'));
  });

  test('DY-P1 at most 25,000 of a notional of 50,000 goes out at once', () => {
    const house = caseHouse({
      instruments: { BTC: { ...btc, price: '60000' } },
      terms: { maximumStepShare: '0.5' },
      deposits: { a: '12000', b: '90000' },
    });
    deal(house, 'BTC', 'a', 'b', '1', '60000');
    markAt(house, 'BTC', '50000'); // equity 2,000 against 5,000: 0.6 are too many
    expect(openOrders(house, 'a')).toMatchObject([{ size: -50n, mark: 50_000n, reason: 'STAGED' }]);
  });

  test('DY-P3 one short at 50,000 with 50,499: a tenth is closed, the fee is the lesser of 25 and the 49.90 behind it', () => {
    const house = caseHouse({
      instruments: { BTC: { ...btc, price: '40000' } },
      terms: { feeRate: '0.005', maximumStepShare: '0.1' },
      deposits: { a: '10499', b: '900000' },
    });
    deal(house, 'BTC', 'b', 'a', '1', '40000');
    expect(netCollateral(house, 'a', 'BTC')).toBe(money('50499'));
    markAt(house, 'BTC', '50000');
    expect(openOrders(house, 'a')).toMatchObject([{ size: 10n, reason: 'STAGED' }]);
    house.send({
      type: 'ReportLiquidationFill',
      order: openOrders(house, 'a')[0]?.id ?? '',
      trade: 'p3',
      counterparty: 'b',
      price: '50000',
      size: '0.1',
    });
    expect(netCollateral(house, 'a', 'BTC')).toBe(money('45474'));
    expect(house.state.book.position('a', 'BTC')?.size).toBe(-90n);
    expect(house.state.ledger.get('insurance-fund USD')).toBe(money('25'));

    // With less behind it the fee is what is there: a dollar of equity leaves ten cents for the tenth.
    const thin = caseHouse({
      instruments: { BTC: { ...btc, price: '40000' } },
      terms: { feeRate: '0.005', maximumStepShare: '0.1' },
      deposits: { a: '10001', b: '900000' },
    });
    deal(thin, 'BTC', 'b', 'a', '1', '40000');
    markAt(thin, 'BTC', '50000');
    thin.send({
      type: 'ReportLiquidationFill',
      order: openOrders(thin, 'a')[0]?.id ?? '',
      trade: 'p3',
      counterparty: 'b',
      price: '50000',
      size: '0.1',
    });
    expect(thin.state.ledger.get('insurance-fund USD')).toBe(money('0.1'));
  });
});

describe('Binance', () => {
  const rows = [
    ['0', '50000', '0.004', '0', '125'],
    ['50000', '600000', '0.005', '50', '100'],
    ['600000', '3000000', '0.0065', '950', '75'],
    ['3000000', '12000000', '0.01', '11450', '50'],
    ['12000000', '70000000', '0.02', '131450', '25'],
    ['70000000', '100000000', '0.025', '481450', '20'],
    ['100000000', '230000000', '0.05', '2981450', '10'],
    ['230000000', '480000000', '0.1', '14481450', '5'],
    ['480000000', '600000000', '0.125', '26481450', '4'],
    ['600000000', '800000000', '0.15', '41481450', '3'],
    ['800000000', '1200000000', '0.25', '121481450', '2'],
    ['1200000000', '1800000000', '0.5', '421481450', '1'],
  ] as const;
  const btc: CaseInstrument = {
    price: '50000',
    tick: '0.1',
    lot: '0.1',
    tiers: rows.map(([floor, cap, rate, deduction, leverage]) => tier(floor, cap, `1/${leverage}`, rate, deduction)),
  };

  test.each([
    ['BN-T1', '0.8', '40000', '160', 1, '125'],
    ['BN-T4', '500', '25000000', '368550', 5, '25'],
  ])('%s %s BTC worth %s need %s, tier %s, leverage %s', (_, contracts, notional, maintenance, ordinal, leverage) => {
    const house = caseHouse({ instruments: { BTC: btc }, deposits: { a: '90000000', b: '90000000' } });
    deal(house, 'BTC', 'a', 'b', contracts, '50000');
    expect(healthOf(house.state, 'a')).toMatchObject({
      grossNotional: money(notional),
      maintenance: money(maintenance),
    });
    const schedule = house.state.listings.get('BTC')?.tiers as TierSchedule;
    const found = tierAt(schedule, money(notional));
    expect([schedule.tiers.indexOf(found) + 1, formatRatio(maximumLeverageOf(schedule, found))]).toEqual([
      ordinal,
      leverage,
    ]);
  });

  // One bracket below, so that the one in force has the maintenance amount of the case.
  const eth: CaseInstrument = {
    price: '1456.84',
    tick: '0.01',
    lot: '0.001',
    tiers: [tier('0', '2707300', '0.05', '0.05'), tier('2707300', null, '0.1', '0.1', '135365')],
  };
  const wbtc: CaseInstrument = {
    price: '32481.98',
    tick: '0.01',
    lot: '0.001',
    tiers: [tier('0', '1304000', '0.0125', '0.0125'), tier('1304000', null, '0.025', '0.025', '16300')],
  };
  const priceOf = (house: TestHouse, instrument: string): Exact =>
    new Exact(
      healthOf(house.state, 'a').positions.find((position) => position.instrument === instrument)?.liquidationPrice ??
        '0',
    );

  test('BN-L1 3,683.979 ETH at 1,456.84 over a wallet of 1,535,443.01 are liquidated at 1,114.78', () => {
    const house = caseHouse({ scale: 8, instruments: { ETH: eth }, deposits: { a: '1535443.01', b: '90000000' } });
    deal(house, 'ETH', 'a', 'b', '3683.979', '1456.84');
    expect(priceOf(house, 'ETH').minus('1114.78').abs().lt('0.005')).toBe(true);
  });

  test('BN-L4 109.488 BTC beside them, ETH marked at 1,335.18: 26,316.89', () => {
    const house = caseHouse({
      scale: 8,
      instruments: { ETH: eth, BTC: wbtc },
      deposits: { a: '1535443.01', b: '90000000' },
    });
    deal(house, 'ETH', 'a', 'b', '3683.979', '1456.84');
    deal(house, 'BTC', 'a', 'b', '109.488', '32481.98');
    markAt(house, 'ETH', '1335.18');
    expect(priceOf(house, 'BTC').minus('26316.89').abs().lt('0.005')).toBe(true);
  });
});

describe('Hyperliquid', () => {
  test('HL-M1 maintenance is half of initial margin at the leverage of each tier, with its deduction', () => {
    const ladder = [
      ['0', '10000', 40],
      ['10000', '50000', 25],
      ['50000', '100000', 10],
      ['100000', '300000', 5],
      ['300000', null, 3],
    ] as const;
    const tiers = ladder.map(([floor, cap, leverage]) => tier(floor, cap, `1/${leverage}`, `1/${2 * leverage}`));
    const house = caseHouse({
      instruments: { BTC: { price: '10000', tiers } },
      deposits: { a: '9000000', b: '9000000' },
    });
    const expected: [string, string, string][] = [
      ['1', '125', '0'],
      ['4', '725', '75'],
      ['10', '3425', '1575'],
      ['25', '18425', '6575'],
      ['60', '73425', '26575'],
    ];
    let held = 0;
    for (const [contracts, maintenance, deduction] of expected) {
      deal(house, 'BTC', 'a', 'b', String(Number(contracts) - held), '10000');
      held = Number(contracts);
      expect(healthOf(house.state, 'a').maintenance).toBe(money(maintenance));
      const schedule = house.state.listings.get('BTC')?.tiers as TierSchedule;
      // At a border the lower tier holds; the case names the deduction of the tier that begins there or that it lies
      // in.
      const found = tierAt(schedule, money(String(held * 10_000)));
      if (held !== 1 && held !== 10) expect(deductionOf(schedule, found)).toBe(money(deduction));
    }
    const schedule = house.state.listings.get('BTC')?.tiers as TierSchedule;
    expect(schedule.tiers.map((each) => deductionOf(schedule, each))).toEqual(
      ['0', '75', '1575', '6575', '26575'].map((text) => money(text)),
    );
  });

  test('HL-L1 one long at 100,000 with 5,000 of margin and a maintenance leverage of 80: 96,202.531645569620', () => {
    const house = caseHouse({
      instruments: { BTC: { price: '100000', tiers: [tier('0', null, '1/40', '1/80')] } },
      deposits: { a: '5000', b: '900000' },
    });
    deal(house, 'BTC', 'a', 'b', '1', '100000');
    expect(healthOf(house.state, 'a').positions).toMatchObject([{ liquidationPrice: '96202.53164556962' }]);
  });
});

test('CR-S1 a loss of 10,000 over gains of 171,000: the published shares, less the cent by which they sum to too much', () => {
  const gains = { A: 50, B: 45, C: 30, E: 1, F: 30, G: 15 };
  const house = caseHouse({
    instruments: { BTC: { price: '50000', tiers: [tier('0', null, '0.01', '0.005')] } },
    deposits: { bad: '161000', ...Object.fromEntries(Object.keys(gains).map((id) => [id, '900000'])) },
  });
  for (const [id, contracts] of Object.entries(gains)) deal(house, 'BTC', 'bad', id, String(contracts), '50000');
  const { shares } = onlyOf(markAt(house, 'BTC', '49000'), 'LossAllocated');
  expect(Object.fromEntries(shares.map(({ account, amount }) => [account, amount]))).toEqual({
    A: money('2923.98'),
    B: money('2631.58'),
    C: money('1754.39'),
    E: money('58.48'),
    F: money('1754.38'), // printed as 1754.39: C has the same gain and the smaller id
    G: money('877.19'),
  });
  expect(shares.reduce((sum, { amount }) => sum + amount, 0n)).toBe(money('10000'));
});

test('AV-3 a loan of 17,000 on 20,000 at 82.5 %, bonus 5 %, is repaid by 7,346.938775510204 for a health of 1.05', () => {
  // As a position: 20,000 held, 3,000 of it equity; health 1 is equity of 17.5 %, health 1.05 of 3/14, or 60/49 of
  // that. What is sold is 1.05 times what is repaid, so the bonus is 1/21 of it.
  const house = caseHouse({
    scale: 12,
    instruments: { ETH: { price: '1.1', tick: '0.1', lot: '0.00000001', tiers: [tier('0', null, '0.175', '0.175')] } },
    terms: { feeRate: '0.047619047619' },
    policy: { target: [{ base: 'MAINTENANCE', ratio: '60/49' }] },
    deposits: { a: '5000', b: '900000' },
  });
  deal(house, 'ETH', 'a', 'b', '20000', '1.1');
  markAt(house, 'ETH', '1');
  expect(healthOf(house.state, 'a').equity).toBe(money('3000', 12));
  house.pass('1h');
  const [order] = openOrders(house, 'a') as [NonNullable<ReturnType<typeof openOrders>[number]>];
  const sold = new Exact((-order.size).toString()).div('100000000');
  expect(sold.div('1.05').minus('7346.938775510204').abs().lt('0.00000002')).toBe(true);
  house.send({
    type: 'ReportLiquidationFill',
    order: order.id,
    trade: 'av3',
    counterparty: 'b',
    price: '1',
    size: sold.toFixed(),
  });
  const { equity, grossNotional } = healthOf(house.state, 'a');
  const [collateral, debt] = [new Exact(grossNotional.toString()), new Exact((grossNotional - equity).toString())];
  expect(collateral.times('0.825').div(debt).minus('1.05').abs().lt('0.000000001')).toBe(true);
});
