import fc from 'fast-check';
import { isBelow } from '../../../../src/core/margin/level';
import { standingOfAccount } from '../../../../src/core/margin/standing';
import type { Event } from '../../../../src/core/message/event';
import type { OfferTermsInput } from '../../../../src/core/message/ladderCommands';

import { rampedRate, rewardDue } from '../../../../src/core/settlement/liquidator/reward';
import { parseRate } from '../../../../src/units/decimal';
import { cash, duration, rate, size } from '../../../../src/units/quantity';
import { mark } from '../../../support/given';
import { ofType, type TestHouse } from '../../../support/house';
import { fallen, onlyOf, openOrders, sizeOf, statusOf } from '../../../support/liquidation';
import { liquidator, offerOf, offerTerms, provider, rungOf, setLadder } from '../../../support/rungs';

const share = (text: string) => parseRate(text) ?? rate(0n);

describe('cases of venues', () => {
  test.each([
    [10, '0.02'],
    [10_000, '0.03'],
    [100_000, '0.05'],
  ])(
    'DR-L9 after %i the share is %s: it stands still for the grace, grows, and stops at its most',
    (seconds, expected) => {
      const offer = offerTerms({
        startRate: share('0.02'),
        ratePerSecond: share('0.000001'),
        maximumRate: share('0.05'),
        grace: duration(1_500_000),
      });
      expect(rampedRate(offer, seconds * 1000)).toBe(share(expected));
    },
  );

  test.each([
    ['1', null, 8932n],
    ['10000', 100_000n, 18_888n],
    ['1', 100n, 100n],
  ])('SX-L2 a cost of 8,888 with a profit of at least %s or 0.5 %%, at most %s, pays %s', (minimum, most, paid) => {
    const offer = offerTerms({
      expense: cash(3333n + 5555n),
      minimumProfit: cash(BigInt(minimum)),
      profitRate: share('0.005'),
      rewardCap: most === null ? null : cash(most),
    });
    expect(rewardDue(offer, cash(0n), size(10n), size(10n), 0)).toBe(paid);
  });

  test('A41 a share of 0.5 % of what is closed, rounded down at the last digit', () => {
    const offer = offerTerms({ startRate: share('0.005'), maximumRate: share('0.005') });
    const closed = [
      '1',
      '0.1',
      '0.000000005',
      '9.999',
      '0.055',
      '6.0923240880872358',
      '10',
      '100',
      '10.001',
      '37.5',
      '300000000',
    ];
    const expected = [
      ...[
        '0.005',
        '0.0005',
        '0.000000000025',
        '0.049995',
        '0.000275',
        '0.030461620440436179',
        '0.05',
        '0.5',
        '0.050005',
        '0.1875',
        '1500000',
      ],
    ];
    const wei = (text: string): bigint => {
      const [whole = '', part = ''] = text.split('.');
      return BigInt(whole + part.padEnd(18, '0'));
    };
    expect(closed.map((text) => rewardDue(offer, cash(wei(text)), size(1n), size(1n), 0))).toEqual(expected.map(wei));
  });
});

function offered(offer: Partial<OfferTermsInput>, given: Parameters<typeof fallen>[0] = {}): TestHouse {
  const house = fallen(given);
  liquidator(house, 'lee');
  setLadder(house, [rungOf('LIQUIDATORS', { offer: offerOf(offer) }), rungOf('HOUSE')]);
  house.pass('1h');
  return house;
}

const takeAll = (house: TestHouse, size: string | null = null): Event[] =>
  house.send({ type: 'TakeLiquidation', order: openOrders(house)[0]?.id ?? '', account: 'lee', size });

describe('LI-2 what is paid', () => {
  test('LI-2 the reduction is as much larger as the reward asks for, and the account stands at its target after it', () => {
    const house = offered({ startRate: '0.005', maximumRate: '0.005' });
    // 1,500 / (50,000 x (2.5 % - 0.5 % - 0.5 %)) = 2.
    expect(openOrders(house)).toMatchObject([{ size: -20n }]);
    const events = takeAll(house);
    expect(onlyOf(events, 'LiquidatorRewarded')).toMatchObject({
      restored: true,
      due: 50_000n,
      amount: 50_000n,
      liquidatorId: 'lee',
    });
    // 11,000 - 500 of fee - 500 of reward = 8 x 50,000 x 2.5 %.
    expect(onlyOf(events, 'LiquidationEnded')).toMatchObject({ outcome: 'RESTORED', equity: 1_000_000n });
    expect(house.balance('lee')).toBe('9999500.00'); // 10,000,000 less the deposit, with the reward
  });

  test('LI-2 it grows with time and is never below the cost nor above the cap', () => {
    const paidAfter = (span: string, offer: Partial<OfferTermsInput>): bigint => {
      const house = offered({ ratePerSecond: '0.0001', maximumRate: '0.005', ...offer });
      house.pass(span);
      return onlyOf(takeAll(house), 'LiquidatorRewarded').amount;
    };
    // 2.0 lots of 50,000: 0.01 % a second is 10.
    expect(['0s', '1s', '30s', '55s'].map((span) => paidAfter(span, {}))).toEqual([0n, 1_000n, 30_000n, 50_000n]);
    expect(paidAfter('10s', { grace: 20_000 })).toBe(0n);
    expect(paidAfter('0s', { expense: '40', minimumProfit: '2' })).toBe(4_200n);
    expect(paidAfter('30s', { rewardCap: '123.45' })).toBe(12_345n);
  });

  test('LI-2 a part of the reduction alone is paid nothing; what is held is paid when the rest is done', () => {
    const house = offered({ startRate: '0.005', maximumRate: '0.005' });
    const first = takeAll(house, '1');
    expect(ofType(first, 'LiquidatorRewarded')).toEqual([]);
    expect(statusOf(house)).toBe('LIQUIDATING');
    expect(house.state.heldRewards.size).toBe(1);
    expect(onlyOf(takeAll(house), 'LiquidatorRewarded')).toMatchObject({ due: 50_000n, amount: 50_000n });
    expect([statusOf(house), house.state.heldRewards.size]).toEqual(['WARNING', 0]);
  });

  test('LI-2 where the account ends with less than nothing the reward is not paid', () => {
    const house = offered({ startRate: '0.005', maximumRate: '0.005' });
    house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1000000', source: 'EXTERNAL' });
    takeAll(house, '1');
    const before = house.balance('lee');
    const events = mark(house, '47000');
    expect(onlyOf(events, 'LiquidatorRewarded')).toMatchObject({
      restored: false,
      due: 25_000n,
      amount: 0n,
      transfers: [],
    });
    expect(house.state.liquidators.get('lee')).toMatchObject({ takes: 1, completed: 0, rewards: 0n });
    expect(house.balance('lee')).toBe(before);
  });

  test('LI-2 never more than the account has left after its loss', () => {
    // So large a fixed reward that the whole position goes: 11,000 less 0.5 % of 500,000.
    const house = offered({ flat: '20000' });
    expect(openOrders(house)).toMatchObject([{ size: -100n, reason: 'CANNOT_RESTORE' }]);
    const events = takeAll(house);
    expect(onlyOf(events, 'LiquidatorRewarded')).toMatchObject({ due: 2_000_000n, amount: 850_000n });
    expect([house.balance('alice'), sizeOf(house)]).toEqual(['0.00', 0n]);
  });

  test('LI-5 rewards and fee shares sum to what is told of the liquidator', () => {
    const house = offered(
      { flat: '7', startRate: '0.001', maximumRate: '0.002', ratePerSecond: '0.00001' },
      { terms: { feeShares: { liquidator: '0.25', fund: '0.75', house: '0' } } },
    );
    takeAll(house, '0.3');
    house.pass('7s');
    takeAll(house);
    const all = house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
    const to = (reason: string): bigint =>
      all
        .flatMap((event) => ('transfers' in event ? event.transfers : []))
        .filter((transfer) => transfer.to === 'account/lee' && transfer.reason === reason)
        .reduce((sum, { amount }) => sum + amount, 0n);
    expect(house.state.liquidators.get('lee')).toMatchObject({
      feeShares: to('LIQUIDATION_FEE'),
      rewards: to('LIQUIDATOR_REWARD'),
    });
    expect(to('LIQUIDATION_FEE') * to('LIQUIDATOR_REWARD')).toBeGreaterThan(0n);
  });
});

describe('whatever comes', () => {
  const steps = fc.array(fc.record({ kind: fc.integer({ min: 0, max: 4 }), a: fc.integer({ min: 0, max: 40 }) }), {
    minLength: 1,
    maxLength: 10,
  });
  const offers = fc.record({
    flat: fc.integer({ min: 0, max: 300 }),
    start: fc.integer({ min: 0, max: 6 }),
    grow: fc.integer({ min: 0, max: 9 }),
  });

  test(
    'LI-2 LE-4 after a ladder the account is at its target or flat, lots by method sum to what was closed, and ' +
      'splits sum',
    () => {
      fc.assert(
        fc.property(
          steps,
          offers,
          fc.integer({ min: 30_000, max: 33_500 }),
          (asked, { flat, start, grow }, deposit) => {
            const house = fallen({
              deposit: String(deposit),
              terms: { feeShares: { liquidator: '0.3', fund: '0.5', house: '0.2' } },
            });
            house.send({ type: 'ContributeToInsuranceFund', currency: 'USD', amount: '1000000', source: 'EXTERNAL' });
            liquidator(house, 'lee');
            provider(house, 'pat', '150000', '0.002');
            const offer = offerOf({
              flat: String(flat),
              startRate: `0.00${start}`,
              ratePerSecond: `0.0000${grow}`,
              maximumRate: '0.008',
            });
            setLadder(house, [
              rungOf('VENUE', { marketCap: '60000' }),
              rungOf('LIQUIDATORS', { offer }),
              rungOf('BACKSTOP'),
              rungOf('HOUSE'),
            ]);
            house.pass('1h');
            for (const { kind, a } of asked) {
              const order = openOrders(house)[a % Math.max(1, openOrders(house).length)];
              if (kind === 0) house.pass(`${a}s`);
              else if (kind === 1) mark(house, String(50_000 + (a - 20) * 20));
              else if (order) {
                const size = kind === 2 ? null : `0.${1 + (a % 9)}`;
                house.try({ type: 'TakeLiquidation', order: order.id, account: 'lee', size });
                if (kind === 4)
                  house.try({
                    type: 'ReportLiquidationFill',
                    order: order.id,
                    trade: `p${kind}${a}`,
                    counterparty: 'maker',
                    price: '50000',
                    size: '0.1',
                  });
              }
            }
            house.pass('1h');
            const all = house.entries.flatMap(({ outcome }) => ('events' in outcome ? outcome.events : []));
            const ends = ofType(all, 'LiquidationEnded').filter(({ account }) => account === 'alice');
            for (const { outcome } of ends) expect(outcome === 'RESTORED' || outcome === 'BANKRUPT').toBe(true);
            const standing = standingOfAccount(house.state, 'alice');
            const { policy } = standing.picture;
            const settled = statusOf(house) !== 'LIQUIDATING' && statusOf(house) !== 'CALL';
            if (settled && policy)
              expect(sizeOf(house) === 0n || !isBelow(standing.equity, policy.target, standing)).toBe(true);
            const closed = [
              ...ofType(all, 'LiquidationOrderFilled'),
              ...ofType(all, 'PositionTakenOver'),
              ...ofType(all, 'BackstopAssigned'),
            ];
            expect(
              100n + closed.filter(({ account }) => account === 'alice').reduce((sum, event) => sum + event.size, 0n),
            ).toBe(sizeOf(house));
            for (const { charges, transfers, account } of closed) {
              const lines = transfers.filter(
                ({ from, reason }) => from === `account/${account}` && reason.startsWith('LIQUIDATION_'),
              );
              expect(lines.reduce((sum, { amount }) => sum + amount, 0n)).toBe(charges.fee + charges.penalty);
            }
            for (const { due, amount, restored } of ofType(all, 'LiquidatorRewarded'))
              expect(amount <= due && (restored || amount === 0n)).toBe(true);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  test('LI-2 a claim changes nothing for the account but by the reward that is stated', () => {
    const outcome = (claims: boolean): [bigint, string] => {
      const house = offered({ startRate: '0.003', maximumRate: '0.003' });
      const order = openOrders(house)[0]?.id ?? '';
      if (claims) house.send({ type: 'ClaimLiquidation', order, account: 'lee' });
      takeAll(house);
      return [sizeOf(house), house.balance('alice')];
    };
    expect(outcome(true)).toEqual(outcome(false));
  });
});
