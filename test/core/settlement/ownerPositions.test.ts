/**
 * Positions of a bankrupt account are closed against those that its owner holds on the other side, and how far isolated
 * accounts answer for their owner's others is policy.  X-1, ruling 17
 */

import { audit } from '../../../src/core/engine/audit';
import { digestOf } from '../../../src/core/engine/digest';
import type { LayerUse } from '../../../src/core/model/liquidation';
import type { LossLayer } from '../../../src/core/model/policy';
import { definePerpetual, flatTiers, mark, openAccount, pay, trade } from '../../support/given';
import { ofType, type TestHouse } from '../../support/house';
import { byTwo } from '../../support/ladder';
import { onlyOf } from '../../support/liquidation';
import { expectReplays, restored } from '../../support/twin';
import { fall, fallen, given, ledgerOf, lossPolicy, textOf } from '../../support/waterfall';

const priceOf = (instrument: string, price: string) => ({ instrument, price, bid: null, ask: null, observedAt: null });

const LAYERS: readonly LossLayer[] = ['DEFAULTER_MARGIN', 'OWNER_COLLATERAL', 'INSURANCE_FUND', 'SOCIALIZED_LOSS'];

describe('X-1 ruling 17 positions on the other side are closed against the bankrupt one before anybody else bears', () => {
  /**
   * `bad` is long 1 against w, `short` of the same owner, with another member, sold so many to w. At 800 `bad` lacks
   * 120.
   */
  const both = (lots: string, layers = LAYERS) => {
    const house = given({ policy: lossPolicy(layers), own: '80', fund: '1000' });
    openAccount(house, 'short', '30', { owner: 'bad', member: 'm2' });
    trade(house, 'w', 'short', lots, '1000');
    return { house, events: fallen(house, '200') };
  };
  const sizes = (house: TestHouse) =>
    ['bad', 'short', 'close-out:USD'].map((id) => house.state.book.position(id, 'BTC-PERP')?.size ?? 0n);

  test.each([
    ['as many: both are flat', '1', [0n, 0n, 0n], 'OWNER_COLLATERAL 23000 12000 11000'],
    // 0.4 short gain 80 and pay 30 + 80: the house takes over 0.6.
    ['fewer: the rest the house takes', '0.4', [0n, 0n, 6n], 'OWNER_COLLATERAL 11000 11000 0'],
    // 1.5 gain 300; 0.5 are left, for which 1 % of 400 stays.
    ['more: the rest stays', '1.5', [0n, -5n, 0n], 'OWNER_COLLATERAL 32600 12000 20600'],
  ])('%s', (_, lots, after, layer) => {
    const { house, events } = both(lots);
    expect(sizes(house)).toEqual(after);
    expect(onlyOf(events, 'DeleveragingDecided').decided).toMatchObject({
      cause: 'OWNER_POSITIONS',
      account: 'bad',
      used: 0n,
      budget: 0n,
    });
    expect(onlyOf(events, 'PositionDeleveraged')).toMatchObject({
      account: 'short',
      counterparty: 'bad',
      mark: 8000n,
      forgone: 0n,
    });
    expect(textOf(onlyOf(events, 'LossAllocated').cases[0]?.layers[1] as LayerUse)).toBe(layer);
    audit(house.state);
    expectReplays(house.state, house.entries);
    expect(digestOf(restored(house.state))).toBe(digestOf(house.state));
  });

  test('the other side up: a bankrupt short is closed against the long of its owner', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '9000', fund: '1000' });
    openAccount(house, 'low', '80', { owner: 'o' });
    openAccount(house, 'high', '30', { owner: 'o' });
    trade(house, 'high', 'low', '0.7', '1000');
    const events = mark(house, '1200'); // 140 lost, 60 missing
    expect(onlyOf(events, 'PositionDeleveraged')).toMatchObject({ account: 'high', counterparty: 'low', size: -7n });
    expect(textOf(onlyOf(events, 'LossAllocated').cases[0]?.layers[1] as LayerUse)).toBe(
      'OWNER_COLLATERAL 17000 6000 11000',
    );
    expect(house.balance('high')).toBe('110.00');
  });

  test('many accounts of the owner share by what they hold, and only the opposite side is closed', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    for (const id of ['s1', 's2', 's3']) openAccount(house, id, '100', { owner: 'bad' });
    openAccount(house, 'same', '100', { owner: 'bad' });
    trade(house, 'same', 'w', '0.2', '1000');
    trade(house, 'w', 's1', '0.5', '1000');
    trade(house, 'w', 's2', '0.3', '1000');
    trade(house, 'w', 's3', '0.8', '1000');
    const closed = ofType(fallen(house, '200'), 'PositionDeleveraged').map(({ account, size }) => [account, size]);
    // 1 over 0.5, 0.3 and 0.8: 3.125, 1.875 and 5 lots.
    expect(closed.sort()).toEqual([
      ['s1', 3n],
      ['s2', 2n],
      ['s3', 5n],
    ]);
    expect(house.state.book.position('same', 'BTC-PERP')?.size).toBe(2n);
  });

  test('what the owner has in coins pays as well: nothing is held any more, so they are converted', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    house.send({
      type: 'DefineIndex',
      base: 'BTC',
      quote: 'USD',
      tick: '0.01',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '1',
      heartbeat: 86_400_000,
    });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'BTC/USD', price: '1000', observedAt: null }],
    });
    byTwo(house, {
      type: 'SetCollateralTerms',
      currency: 'BTC',
      haircut: '0.2',
      conversionDiscount: '0.1',
      eligible: true,
    });
    openAccount(house, 'coins', '10', { owner: 'bad' });
    pay(house, 'coins', '0.2', 'BTC');
    const events = fallen(house, '250');
    // 170 missing: 10 and 160 of the coins after haircut; 0.1777... coins at 900 bring what is owed.
    expect(textOf(onlyOf(events, 'LossAllocated').cases[0]?.layers[1] as LayerUse)).toBe(
      'OWNER_COLLATERAL 17000 17000 0',
    );
    expect(onlyOf(events, 'CollateralConverted')).toMatchObject({
      account: 'coins',
      amount: 17_777_778n,
      proceeds: 16_000n,
    });
    expect(house.balance('coins')).toBe('0.00');
    audit(house.state);
  });

  test('control: where the owner does not bear, the house takes the position and the other account keeps its own', () => {
    const { house, events } = both('1', ['INSURANCE_FUND', 'SOCIALIZED_LOSS']);
    expect(sizes(house)).toEqual([0n, -10n, 10n]);
    expect([ofType(events, 'DeleveragingDecided'), ledgerOf(house, 'insurance-fund')]).toEqual([[], 88_000n]);
  });

  test('what the owner cannot pay of positions that were all closed the pool of the instrument bears', () => {
    const house = given({ policy: lossPolicy(LAYERS), own: '80', fund: '1000' });
    byTwo(house, {
      type: 'SetInsurancePool',
      pool: 'btc',
      currency: 'USD',
      instruments: ['BTC-PERP'],
      cap: null,
      thenGeneral: true,
    });
    byTwo(house, {
      type: 'TransferBetweenPools',
      from: null,
      to: 'btc',
      currency: 'USD',
      amount: '100',
      reason: 'a test',
    });
    openAccount(house, 'short', '40', { owner: 'bad' });
    definePerpetual(house, 'OTHER', { price: '1000', tiers: flatTiers('0.02', '0.01') });
    trade(house, 'w', 'short', '1', '1000');
    trade(house, 'short', 'w', '1', '1000', 'OTHER');
    // 120 missing; 40 and 200 less 150 lost on the other contract, for which 8.50 stay.
    const fallen = house.send({
      type: 'SubmitMarkPrices',
      source: 'venue',
      prices: [priceOf('OTHER', '850'), priceOf('BTC-PERP', '800')],
    });
    const [one] = onlyOf(fallen, 'LossAllocated').cases;
    expect([sizes(house), one?.layers.slice(1, 3).map(textOf)]).toEqual([
      [0n, 0n, 0n],
      ['OWNER_COLLATERAL 8150 8150 0', 'INSURANCE_FUND 100000 3850 96150'],
    ]);
    expect(ledgerOf(house, 'insurance-fund/btc')).toBe(6150n);
  });
});

describe('ruling 17 how far isolated accounts answer is policy', () => {
  const RECOURSES = ['NONE', 'SAME_UNDERLYING', 'ALL'] as const;
  const paidBy = (house: TestHouse, by: string): bigint[] =>
    fall(house, by).event.cases.map(
      ({ layers }) => layers.find(({ layer }) => layer === 'OWNER_COLLATERAL')?.used ?? -1n,
    );

  /** A bankrupt account of a whale, long 0.5 at 1,000 with 40, and 500 in another account. At 860 30 are missing. */
  const whale = (
    isolatedRecourse: (typeof RECOURSES)[number] | undefined,
    bound: string | undefined,
    other: string | undefined,
    traded = false,
  ) => {
    const house = given({
      policy: lossPolicy(LAYERS, isolatedRecourse ? { isolatedRecourse } : {}),
      own: '9000',
      fund: '1000',
      winners: { w: '0.5' },
    });
    house.send({ type: 'DefineCurrency', currency: 'ETH', scale: 8 });
    definePerpetual(house, 'ETH-PERP', { price: '3000', base: 'ETH' });
    openAccount(house, 'lost', '40', { owner: 'whale', ...(bound && { instrument: bound }) });
    openAccount(house, 'rich', '500', { owner: 'whale', ...(other && { instrument: other }) });
    if (traded) {
      trade(house, 'w', 'rich', '0.1', '1001');
      trade(house, 'rich', 'w', '0.1', '1000');
    }
    trade(house, 'lost', 'w', '0.5', '1000');
    return paidBy(house, '140');
  };

  test.each([
    ['a cross account that never traded it', 'BTC-PERP', undefined, false, [0n, 0n, 3000n]],
    ['a cross account that traded it in the loss period', 'BTC-PERP', undefined, true, [0n, 3000n, 3000n]],
    ['an isolated account of another underlying', 'BTC-PERP', 'ETH-PERP', false, [0n, 0n, 3000n]],
    ['an isolated account of the same underlying', 'BTC-PERP', 'BTC-PERP', false, [0n, 3000n, 3000n]],
    ['of a cross account: an isolated one of what it lost by', undefined, 'BTC-PERP', false, [0n, 3000n, 3000n]],
    ['of a cross account: an isolated one of something else', undefined, 'ETH-PERP', false, [0n, 0n, 3000n]],
    ['of a cross account: another one always', undefined, undefined, false, [3000n, 3000n, 3000n]],
  ])('%s pays by NONE, SAME_UNDERLYING and ALL', (_, bound, other, traded, expected) => {
    expect(RECOURSES.flatMap((recourse) => whale(recourse, bound, other, traded))).toEqual(expected);
    expect(whale(undefined, bound, other, traded)).toEqual([expected[1]]);
  });
});
