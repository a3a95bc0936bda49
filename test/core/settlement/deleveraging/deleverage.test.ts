/** Deleveraging as a layer of a loss: by rank, by profit, by leverage, exact to the unit.  Rules: SL-5, S09, B3-1 */

import { standingOfAccount } from '../../../../src/core/margin/standing';
import type { Holder } from '../../../../src/core/risk/deleveragingRank';
import { effectiveLeverageOf, profitOf, scoreOf } from '../../../../src/core/risk/deleveragingScore';
import { shareOut } from '../../../../src/core/settlement/deleveraging/share';
import { closeWholePositions } from '../../../../src/core/settlement/deleveraging/wholePositions';
import { cash, size } from '../../../../src/units/quantity';
import { formatRatio, type Ratio, ratio } from '../../../../src/units/ratio';
import { deleveragingHouse, deleveragingPolicy, forgoneBy, ledgerOf } from '../../../support/deleveraging';
import { definePerpetual, flatTiers, mark, onePerpetual, openAccount, trade } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { onlyOf, sizeOf, statusOf } from '../../../support/liquidation';

function ranked(house: TestHouse, account: string, score: 'PROFIT_LEVERAGE' | 'PRICE_RATIO' = 'PROFIT_LEVERAGE') {
  const standing = standingOfAccount(house.state, account);
  const [holding] = standing.picture.holdings;
  if (!holding) throw new Error('No holding');
  return {
    score: formatRatio(scoreOf(standing, holding, score, 'UNREALISED')),
    leverage: formatRatio(effectiveLeverageOf(standing, holding)),
    profit: profitOf(holding, 'UNREALISED'),
  };
}

describe('SL-5 the score', () => {
  test('SL-5 mark value 60,000, bankruptcy value 45,000, entry 50,000: leverage 4, profit 20 %, score 0.8', () => {
    const house = onePerpetual();
    openAccount(house, 'holder', '5000');
    openAccount(house, 'maker', '900000');
    trade(house, 'holder', 'maker', '1', '50000');
    mark(house, '60000');
    // Its one position has all of its equity of 15,000 behind it: bankrupt at 45,000.
    expect(ranked(house, 'holder')).toEqual({ leverage: '4', profit: 1_000_000n, score: '0.8' });
    // The maker has lost 20 % of its entry: its loss is divided by its leverage of 60,000 / 890,000.
    expect(ranked(house, 'maker')).toMatchObject({ score: formatRatio(ratio(-1n * 890_000n, 5n * 60_000n)) });
  });

  test('HL-A1 price over entry x notional over equity ranks 4.8 before 2', () => {
    const house = onePerpetual({ price: '60' });
    openAccount(house, 'maker', '900000');
    openAccount(house, 'b', '3000'); // 50 contracts at 60, then 120: 6,000 against 6,000
    trade(house, 'b', 'maker', '50', '60');
    mark(house, '100');
    openAccount(house, 'a', '1000'); // 100 contracts at 100, then 120: 12,000 against 3,000
    trade(house, 'a', 'maker', '100', '100');
    mark(house, '120');
    expect(ranked(house, 'a', 'PRICE_RATIO').score).toBe('4.8');
    expect(ranked(house, 'b', 'PRICE_RATIO').score).toBe('2');
  });
});

const holder = (account: string, lots: bigint, score: Ratio, cap = 1_000_000n): Holder => ({
  account,
  score,
  lots: size(lots),
  profit: cash(cap),
  cap: cash(cap),
  weight: cap,
});

test('BX-A1 20 contracts are closed against the two first in rank, whole; nobody else is touched', () => {
  const rank = (
    [
      ['1', 3n],
      ['2', 6n],
      ['3', 1n],
      ['4', 4n],
      ['5', 5n],
      ['6', 2n],
    ] as const
  )
    .map(([id, score]) => holder(id, { 1: 10n, 2: 10n, 3: 20n, 4: 30n, 5: 20n, 6: 10n }[id] as bigint, ratio(score)))
    .sort((a, b) => Number(b.score.numerator - a.score.numerator));
  const parts = shareOut('QUEUE', rank, size(20n), cash(0n));
  expect(parts.map(({ holder: { account }, lots, rank: place }) => [account, lots, place])).toEqual([
    ['2', 10n, 1],
    ['5', 10n, 2],
  ]);
});

/**
 * `bad` is long 1 contract a thousand dollars against each winner and falls short; nothing stands before deleveraging.
 */
function short(given: {
  deposit: string;
  winners: Readonly<Record<string, readonly [contracts: string, deposit: string]>>;
  entry?: string;
  deleveraging?: Parameters<typeof deleveragingPolicy>[0];
  fund?: string;
  layers?: Parameters<typeof deleveragingHouse>[0] extends infer H
    ? H extends { layers?: infer L }
      ? L
      : never
    : never;
}): TestHouse {
  const house = deleveragingHouse({
    tiers: flatTiers('0.01', '0.005'),
    ...(given.deleveraging ? { deleveraging: given.deleveraging } : {}),
    ...(given.fund ? { fund: given.fund } : {}),
    ...(given.layers ? { layers: given.layers } : {}),
  });
  openAccount(house, 'bad', given.deposit);
  for (const [id, [contracts, deposit]] of Object.entries(given.winners)) {
    openAccount(house, id, deposit);
    trade(house, 'bad', id, contracts, given.entry ?? '50000');
  }
  return house;
}

describe('DY-D1 DY-D5 at the bankruptcy price', () => {
  const tiers = flatTiers('0.1', '0.1');
  /** The liquidated account is short 1 at so much collateral that at the mark it lacks 1. */
  function pair(entry: string, at: string, deposit: string, other: string): TestHouse {
    const house = deleveragingHouse({ price: entry, tiers, deleveraging: { bound: 'MAINTENANCE' } });
    openAccount(house, 'liquidated', deposit);
    openAccount(house, 'offsetting', other);
    trade(house, 'offsetting', 'liquidated', '1', entry);
    mark(house, at);
    return house;
  }
  const all = (house: TestHouse, account: string): bigint =>
    house.state.book.balance(account, 'USD') - (house.state.book.position(account, 'BTC-PERP')?.cost ?? 0n);

  test(
    'DY-D1 short 1 with 49,999 at a mark of 50,000 is closed for 49,999: the offsetting account has 99,999, ' +
      'the other nothing',
    () => {
      // Sold at 40,000 with 9,999 paid in: 49,999 and a short of 1. Bought with 90,000: 50,000 and a long of 1.
      const house = pair('40000', '50000', '9999', '90000');
      expect([all(house, 'liquidated'), sizeOf(house, 'liquidated')]).toEqual([0n, 0n]);
      expect([all(house, 'offsetting'), sizeOf(house, 'offsetting')]).toEqual([9_999_900n, 0n]);
      expect([house.balance('liquidated'), house.balance('offsetting')]).toEqual(['0.00', '99999.00']);
      const [event] = ofType(
        house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : [])),
        'PositionDeleveraged',
      );
      expect(event).toMatchObject({
        account: 'offsetting',
        counterparty: 'close-out:USD',
        size: -10n,
        value: -4_999_900n,
        forgone: 100n,
        rank: 1,
      });
    },
  );

  test('DY-D5 short 1 with 50,499 at a mark of 50,500 is closed for 50,499: 100,499 and nothing', () => {
    const house = pair('40000', '50500', '10499', '90000');
    expect([house.balance('liquidated'), house.balance('offsetting')]).toEqual(['0.00', '100499.00']);
    expect([sizeOf(house, 'liquidated'), sizeOf(house, 'offsetting'), sizeOf(house, 'close-out:USD')]).toEqual([
      0n,
      0n,
      0n,
    ]);
  });
});

describe('S09 the deficit and not a unit more', () => {
  test('S09 profits of 50, 30, 15 and 5 bear a deficit of 10 as 5.0, 3.0, 1.5 and 0.5', () => {
    const winners = { w1: ['50', '100000'], w2: ['30', '100000'], w3: ['15', '100000'], w4: ['5', '100000'] } as const;
    // 100 contracts lose 1,000 each; 90,000 of the 100,000 are there.
    const house = short({ deposit: '90000', winners });
    openAccount(house, 'idle', '777');
    const events = mark(house, '49000');
    expect(forgoneBy(events).sort()).toEqual(['w1 500 500000', 'w2 300 300000', 'w3 150 150000', 'w4 50 50000']);
    const { decided } = onlyOf(events, 'DeleveragingDecided');
    expect(decided).toMatchObject({
      budget: 1_000_000n,
      used: 1_000_000n,
      overshoot: 0n,
      affected: 4,
      holders: 4,
      profit: 10_000_000n,
    });
    // 0.25 + 0.09 + 0.0225 + 0.0025
    expect(formatRatio(decided.concentration)).toBe('0.365');
    expect([
      house.balance('w1'),
      house.balance('w2'),
      house.balance('w3'),
      house.balance('w4'),
      house.balance('idle'),
    ]).toEqual(['145000.00', '127000.00', '113500.00', '104500.00', '777.00']);
    expect([statusOf(house, 'bad'), sizeOf(house, 'close-out:USD')]).toEqual(['CLOSED', 0n]);
  });

  test('S09 the case tells it as a layer: after the fund, before socialized loss, with what the other side had', () => {
    const house = short({ deposit: '9000', winners: { w1: ['10', '100000'] }, fund: '400' });
    const events = mark(house, '49000');
    // 1,000 are missing, 400 of them in the fund: the least lots whose part reaches 600 are 6 contracts.
    expect(forgoneBy(events)).toEqual(['w1 60 60000']);
    const [book] = onlyOf(events, 'LossAllocated').cases;
    expect(book?.layers.map(({ layer, available, used, left }) => `${layer} ${available} ${used} ${left}`)).toEqual([
      'INSURANCE_FUND 40000 40000 0',
      'DELEVERAGING 100000 60000 40000',
      'SOCIALIZED_LOSS 0 0 0',
    ]);
    expect([sizeOf(house, 'w1'), sizeOf(house, 'close-out:USD'), ledgerOf(house, 'insurance-fund')]).toEqual([
      -40n,
      40n,
      0n,
    ]);
  });

  test('S09 a fund that suffices leaves every position where it is', () => {
    const house = short({ deposit: '9000', winners: { w1: ['10', '100000'] }, fund: '1000' });
    expect(ofType(mark(house, '49000'), 'PositionDeleveraged')).toEqual([]);
    expect(sizeOf(house, 'w1')).toBe(-100n);
  });
});

describe('SL-5 the queue', () => {
  const queue = { method: 'QUEUE' } as const;
  test('SL-5 the higher score goes first and is closed whole before the next is touched', () => {
    const winners = { calm: ['5', '100000'], keen: ['4', '4000'], mild: ['1', '50000'] } as const;
    const house = short({ deposit: '9500', winners, deleveraging: queue, fund: '100' });
    const events = mark(house, '49000');
    // 500 missing, 100 there: 8 of 10 contracts reach the 400.
    expect(forgoneBy(events)).toEqual(['keen 40 20000', 'calm 40 20000']);
    const pairs = ofType(events, 'PositionDeleveraged');
    expect(pairs.map(({ rank, holders }) => [rank, holders])).toEqual([
      [1, 3],
      [2, 3],
    ]);
    expect(sizeOf(house, 'mild')).toBe(-10n);
  });

  test('SL-5 nobody gives up more than its profit, and the next in rank takes the rest', () => {
    const house = deleveragingHouse({ tiers: flatTiers('0.01', '0.005'), deleveraging: queue });
    openAccount(house, 'bad', '10000');
    openAccount(house, 'late', '600');
    openAccount(house, 'early', '90000');
    trade(house, 'bad', 'early', '10', '50000');
    mark(house, '49010');
    // A late seller has gained 10 a contract where the others have gained 1,000.
    openAccount(house, 'buyer', '900000');
    trade(house, 'buyer', 'late', '1', '49010');
    const events = mark(house, '48900');
    const late = ofType(events, 'PositionDeleveraged').find(({ account }) => account === 'late');
    expect(ofType(events, 'DeleveragingDecided')[0]?.decided).toMatchObject({ budget: 100_000n, used: 100_000n });
    if (late) expect(late.forgone <= 11_000n).toBe(true);
    expect(ofType(events, 'PositionDeleveraged').reduce((sum, { forgone }) => sum + forgone, 0n)).toBe(100_000n);
  });
});

describe('SL-5 who is left out', () => {
  test('S09 neither accounts of the defaulter nor accounts without a position bear anything', () => {
    const house = deleveragingHouse({ tiers: flatTiers('0.01', '0.005') });
    openAccount(house, 'bad', '9000', { owner: 'mallory' });
    openAccount(house, 'bad-2', '90000', { owner: 'mallory' });
    openAccount(house, 'w1', '90000');
    openAccount(house, 'flat', '90000');
    trade(house, 'bad', 'bad-2', '5', '50000');
    trade(house, 'bad', 'w1', '5', '50000');
    const events = mark(house, '49000');
    expect(new Set(ofType(events, 'PositionDeleveraged').map(({ account }) => account))).toEqual(new Set(['w1']));
    expect(house.balance('flat')).toBe('90000.00');
  });

  test('SL-5 open orders of a holder in the instrument are called back before its position is closed', () => {
    const house = short({ deposit: '9000', winners: { w1: ['10', '100000'] } });
    house.send({
      type: 'PlaceOrder',
      order: 'o1',
      account: 'w1',
      instrument: 'BTC-PERP',
      side: 'BUY',
      size: '10',
      price: '40000',
    });
    const events = mark(house, '49000');
    expect(ofType(events, 'OrdersCancelled')).toMatchObject([{ account: 'w1', orders: ['o1'], cause: 'DELEVERAGING' }]);
    expect(house.state.orders.size).toBe(0);
  });

  test('SL-5 leverage-weighted: twice the leverage at the same profit gives up twice as much', () => {
    const house = short({
      deposit: '19000',
      winners: { one: ['10', '88000'], two: ['10', '39000'] }, // equity 98,000 and 49,000 at 49,000
      deleveraging: { method: 'LEVERAGE_WEIGHTED' },
    });
    const events = mark(house, '49000');
    expect(ofType(events, 'PositionDeleveraged').map(({ account, forgone }) => [account, forgone])).toEqual([
      ['two', 66_667n],
      ['one', 33_333n],
    ]);
  });
});

test('B3-1 losses of two positions are closed each in its own instrument, and the case sums to the unit', () => {
  const house = deleveragingHouse({ tiers: flatTiers('0.01', '0.005') });
  definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.01', '0.005') });
  openAccount(house, 'bad', '2000');
  for (const id of ['w1', 'w2']) openAccount(house, id, '90000');
  trade(house, 'bad', 'w1', '1', '50000');
  trade(house, 'bad', 'w2', '10', '3000', 'ETH-PERP');
  const events = [...mark(house, '49000'), ...mark(house, '2850', 'ETH-PERP')];
  const cases = ofType(events, 'LossAllocated').flatMap((event) => event.cases);
  const missing = cases.reduce((sum, { loss }) => sum + loss, 0n);
  expect(ofType(events, 'PositionDeleveraged').reduce((sum, { forgone }) => sum + forgone, 0n)).toBe(missing);
  expect(new Set(ofType(events, 'PositionDeleveraged').map(({ account }) => account))).toEqual(new Set(['w1', 'w2']));
});

/**
 * `bad` is long one and ten with 1,000; `w` on the other side of both, or `v` of the second. At once 1,000 and 1,000
 * are lost.
 */
function twoPositions(second: string): TestHouse {
  const house = deleveragingHouse({ tiers: flatTiers('0.01', '0.005'), layers: ['DELEVERAGING'] });
  definePerpetual(house, 'ETH-PERP', { price: '3000', tiers: flatTiers('0.01', '0.005') });
  openAccount(house, 'bad', '1000');
  for (const id of ['w', 'v']) openAccount(house, id, '90000');
  trade(house, 'bad', 'w', '1', '50000');
  trade(house, 'bad', second, '10', '3000', 'ETH-PERP');
  const price = (instrument: string, of: string) => ({ instrument, price: of, bid: null, ask: null, observedAt: null });
  house.send({
    type: 'SubmitMarkPrices',
    source: 'venue',
    prices: [price('BTC-PERP', '49000'), price('ETH-PERP', '2900')],
  });
  return house;
}
const claimsOf = ({ state }: TestHouse) =>
  [...state.lossCases.values()].flatMap(({ claims }) =>
    claims.map(({ claimant, amount, repaid }) => [claimant, amount, repaid]),
  );

test('SL-4 who gives up in two positions of one loss holds one claim, and gets back no more than that', () => {
  const house = twoPositions('w');
  expect(claimsOf(house)).toEqual([['account/w', 100_000n, 0n]]);
  const [one] = house.state.lossCases.keys();
  house.send({ type: 'RecordRecovery', case: one ?? '', amount: '750' });
  expect(claimsOf(house)).toEqual([['account/w', 100_000n, 75_000n]]);
  expect(house.refusal({ type: 'RecordRecovery', case: one ?? '', amount: '250.01' })).toBe('RECOVERY_ABOVE_CLAIMS');
});

test('SL-4 control: two who give up in one position each hold two claims', () => {
  const house = twoPositions('v');
  const amounts = claimsOf(house).map(([, amount]) => amount as bigint);
  expect([amounts.length, amounts.reduce((sum, amount) => sum + amount, 0n)]).toEqual([2, 100_000n]);
});

test(
  'S09 control: whole positions at the bankruptcy price, whatever the fund covers, take more than is missing; ' +
    'the house does not',
  () => {
    const winners = { w1: ['50', '100000'], w2: ['30', '100000'], w3: ['15', '100000'], w4: ['5', '100000'] } as const;
    // The fund covers 4,000 of the 10,000 that are missing.
    const house = short({ deposit: '90000', winners, deleveraging: { method: 'QUEUE' }, fund: '4000' });
    const { decided } = onlyOf(mark(house, '49000'), 'DeleveragingDecided');
    expect([decided.used, decided.overshoot, decided.size]).toEqual([600_000n, 0n, -600n]);
    const ranked = [
      { account: 'w1', lots: size(500n) },
      { account: 'w2', lots: size(300n) },
      { account: 'w3', lots: size(150n) },
      { account: 'w4', lots: size(50n) },
    ];
    const whole = closeWholePositions(ranked, size(1000n), cash(1_000_000n), cash(600_000n));
    expect(whole).toMatchObject({ closed: 1000n, forgone: 1_000_000n, overshoot: 400_000n, affected: 4 });
    // 850 lots are wanted: the third is closed whole, and 100 lots more than wanted give up their part as well.
    const beyond = closeWholePositions(ranked, size(850n), cash(850_000n), cash(600_000n));
    expect([beyond.closed, beyond.forgone, beyond.overshoot]).toEqual([950n, 950_000n, 350_000n]);
  },
);
