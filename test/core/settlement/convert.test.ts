import { standingOfAccount } from '../../../src/core/margin/standing';
import { convertCollateral } from '../../../src/core/settlement/closing/convert';
import { auctionIn, inDebt } from '../../support/auction';
import { classicPolicy, flatTiers, mark, onePerpetual, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf, openOrders, sizeOf, statusOf } from '../../support/liquidation';

const WEEK = 7 * 86_400_000;

interface Collateral {
  readonly haircut?: string;
  readonly discount?: string;
  readonly heartbeat?: number;
}

/** `alice` is long one contract at 50,000 with dollars and coins; BTC is at 50,000, EUR at 1.25. */
function mixed(
  usd: string,
  btc: string | null,
  eur: string | null,
  { haircut = '0.1', discount = '0.05', heartbeat = WEEK }: Collateral = {},
): TestHouse {
  const house = onePerpetual({
    tiers: flatTiers('0.02', '0.01'),
    policy: classicPolicy({ feeRate: '0.001', slippage: '0.03' }),
  });
  house.send({ type: 'DefineCurrency', currency: 'EUR', scale: 2 });
  for (const [currency, price] of [
    ['BTC', '50000'],
    ['EUR', '1.25'],
  ] as const) {
    house.send({
      type: 'DefineIndex',
      base: currency,
      quote: 'USD',
      tick: '0.0001',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '0.5',
      heartbeat,
    });
    house.send({ type: 'SetCollateralTerms', currency, haircut, conversionDiscount: discount, eligible: true });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: `${currency}/USD`, price, observedAt: null }],
    });
  }
  openAccount(house, 'maker', '9000000');
  openAccount(house, 'alice', usd);
  if (btc) pay(house, 'alice', btc, 'BTC');
  if (eur) pay(house, 'alice', eur, 'EUR');
  trade(house, 'alice', 'maker', '1', '50000');
  return house;
}

const held = (house: TestHouse): string[] => ['USD', 'BTC', 'EUR'].map((currency) => house.balance('alice', currency));

describe('collateral that has to become money', () => {
  test('B3 of a bankrupt account all of it goes towards the debt, at the index less the discount', () => {
    const house = mixed('1000', '0.02', null); // 900 after haircut, 950 when converted
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '100', source: 'EXTERNAL' });
    const events = mark(house, '48000'); // 2,000 lost
    expect(onlyOf(events, 'CollateralConverted')).toMatchObject({
      currency: 'BTC',
      amount: 2_000_000n,
      proceeds: 95_000n,
      price: 500_000_000n,
    });
    expect(onlyOf(events, 'LossAllocated').cases).toMatchObject([{ loss: 5000n }]);
    expect(held(house)).toEqual(['0.00', '0.00000000', '0.00']);
  });

  test('B3 where it fetches more than it was counted for, the account may live: nobody else pays', () => {
    const house = mixed('1000', '0.02', '100'); // 900 + 112.50 after haircut, 950 + 118.75 converted
    const events = mark(house, '47950'); // 2,050 lost: 37.50 below nothing before, above it after
    expect(ofType(events, 'CollateralConverted').map(({ currency, proceeds }) => [currency, proceeds])).toEqual([
      ['BTC', 95_000n],
      ['EUR', 10_001n], // 100 are missing: 84.22 at 1.1875
    ]);
    expect(ofType(events, 'LossAllocated')).toEqual([]);
    expect(statusOf(house)).toBe('LIQUIDATING');
    expect(openOrders(house)).toMatchObject([{ size: -10n }]);
  });

  test('B3 a flat account pays its debt out of as little as raises it: one unit less would not', () => {
    const house = mixed('1000', '0.5', null, { haircut: '0.95' }); // 1,250 after haircut
    mark(house, '48000');
    const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    const events = house.send({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: 'x',
      counterparty: 'maker',
      price: '48000',
      size: '1',
    });
    // 1,000 and 48 of fee are missing: 1,048 / (50,000 x 0.95) = 0.0220631578.. rounded up.
    expect(onlyOf(events, 'CollateralConverted')).toMatchObject({ amount: 2_206_316n, proceeds: 104_800n });
    expect(held(house)).toEqual(['0.00', '0.47793684', '0.00']);
    expect([statusOf(house), sizeOf(house)]).toEqual(['HEALTHY', 0n]);
    // A satoshi less would have been a cent short.
    expect((2_206_315n * 50_000n * 95n) / 10n ** 8n).toBe(104_799n);
  });

  test('B3 in the order of the currencies, each no further than needed; what is not needed stays', () => {
    const house = mixed('1000', '0.01', '5000', { haircut: '0.5' }); // 250 + 3,125
    // 4,100 lost, equity 275: below two thirds of 459.
    mark(house, '45900');
    const [order] = openOrders(house) as [NonNullable<ReturnType<typeof openOrders>[number]>];
    const events = house.send({
      type: 'ReportLiquidationFill',
      order: order.id,
      trade: 'x',
      counterparty: 'maker',
      price: '45900',
      size: '1',
    });
    expect(
      ofType(events, 'CollateralConverted').map(({ currency, amount, proceeds }) => [currency, amount, proceeds]),
    ).toEqual([
      ['BTC', 1_000_000n, 47_500n], // all of it
      ['EUR', 224_918n, 267_090n], // 3,145.90 - 475 = 2,670.90 at 1.1875, rounded up to the cent
    ]);
    expect(held(house)).toEqual(['0.00', '0.00000000', '2750.82']);
  });

  test('B3 coins of a huge price or a tiny amount: what is raised is never short and never a unit too much', () => {
    const house = mixed('100000', '3', '90000');
    for (const needed of [1n, 2n, 99n, 12_345n, 999_999n, 14_000_000n]) {
      const rows: [string, bigint, bigint][] = [];
      // A desk that only listens: nothing is changed.
      const desk = {
        view: house.state,
        emit: (event: { type: string; currency?: string; amount?: bigint; proceeds?: bigint }) =>
          rows.push([event.currency as string, event.amount as bigint, event.proceeds as bigint]),
      } as unknown as Parameters<typeof convertCollateral>[0];
      convertCollateral(desk, 'alice', needed as Parameters<typeof convertCollateral>[2]);
      const [[currency, amount, proceeds]] = rows as [[string, bigint, bigint]];
      expect([currency, rows.length]).toEqual(['BTC', 1]);
      const worth = (units: bigint): bigint => (units * 5_000_000n * 95n) / (10n ** 8n * 100n);
      expect(proceeds).toBe(worth(amount));
      expect(proceeds >= needed && worth(amount - 1n) < needed).toBe(true);
    }
  });

  test('QC-4 a coin that loses its peg goes through equity into the call and the liquidation', () => {
    const house = mixed('0.01', null, '1000'); // 1,125 after haircut against 1,000 of initial margin
    const quote = (price: string) =>
      house.send({ type: 'SubmitIndexPrices', source: 'a', prices: [{ index: 'EUR/USD', price, observedAt: null }] });
    quote('1.1625'); // - 7 %: 1,046.25
    expect(statusOf(house)).toBe('HEALTHY');
    quote('1.05'); // 945
    expect(statusOf(house)).toBe('WARNING');
    quote('0.555'); // 499.51, below 500
    expect(statusOf(house)).toBe('CALL');
    quote('0.36'); // 324.01, below two thirds
    expect(statusOf(house)).toBe('LIQUIDATING');
    expect(standingOfAccount(house.state, 'alice').equity / 10n ** 12n).toBe(32_401n);
  });
});

test(
  'RLM-4 without a live price nothing is converted, and nobody else bears the loss before it can be said how ' +
    'large it is',
  () => {
    const house = mixed('1000', '0.02', null, { heartbeat: 60_000 });
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '5000', source: 'EXTERNAL' });
    house.pass('1m');
    const gap = mark(house, '47000'); // 3,000 lost, 1,000 there, coins of unknown worth
    expect(ofType(gap, 'CollateralConverted')).toEqual([]);
    expect(ofType(gap, 'LossAllocated')).toEqual([]);
    expect([sizeOf(house), house.balance('alice', 'BTC'), statusOf(house)]).toEqual([0n, '0.02000000', 'LIQUIDATING']);
    const live = house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'BTC/USD', price: '60000', observedAt: null }],
    });
    expect(onlyOf(live, 'CollateralConverted')).toMatchObject({ proceeds: 114_000n });
    expect(onlyOf(live, 'LossAllocated').cases).toMatchObject([{ account: 'alice', loss: 86_000n }]);
    expect([...held(house), statusOf(house)]).toEqual(['0.00', '0.00000000', '0.00', 'CLOSED']);
  },
);

test.each([
  ['0.4', 'ETH'],
  ['0.2', 'AAA'],
])(
  'ruling 19 of two coins the one with the smaller discount goes to auction first: ETH at 0.3, AAA at %s',
  (discount, first) => {
    const house = inDebt({}, (before) => {
      before.send({ type: 'DefineCurrency', currency: 'AAA', scale: 8 });
      const index = {
        base: 'AAA',
        quote: 'USD',
        tick: '0.01',
        sources: ['a'],
        minimumSources: 1,
        maximumDeviation: '1',
        heartbeat: 600_000_000,
      };
      before.send({ type: 'DefineIndex', ...index });
      before.send({
        type: 'SubmitIndexPrices',
        source: 'a',
        prices: [{ index: 'AAA/USD', price: '110', observedAt: null }],
      });
      byTwo(before, {
        type: 'SetCollateralTerms',
        currency: 'AAA',
        haircut: '0.4',
        conversionDiscount: discount,
        eligible: true,
      });
      pay(before, 'alice', '10', 'AAA');
    });
    expect(auctionIn(house).lotCurrency).toBe(first);
  },
);
