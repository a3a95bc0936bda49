/** What if: what is shown beforehand is what then happens, and the question leaves no trace.  Rule: RMR-4 */

import fc from 'fast-check';
import { digestOf } from '../../../src/core/engine/digest';
import { healthOf } from '../../../src/core/margin/health';
import type { Command } from '../../../src/core/message/command';
import { eventsOf } from '../../../src/core/message/envelope';
import type { WhatIf } from '../../../src/core/trial/question';
import { formatCount } from '../../../src/units/decimal';
import { carriedOut, said } from '../../support/carriedOut';
import { mark, onePerpetual, openAccount, pay, trade, tradeOf } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { Exact } from '../../support/oracle';
import { rejectionOf } from '../../support/outcome';
import type { Random } from '../../support/random';
import { houseOf as lifeHouseOf, live, waterfallLife } from '../../support/waterfallLife';
import { whatIf } from '../../support/whatIf';
import { livedWorlds, MARKETS, randomTiers } from '../../support/world';

/** Asks, sees that nothing is left of the question, does it, and compares. */
function expectComesTrue(house: TestHouse, question: WhatIf, command: Command): 'DONE' | 'REFUSED' {
  const { state } = house;
  // Asked at the very instant at which it is done.
  house.send({ type: 'AdvanceTime' });
  const before = digestOf(state);
  const health = healthOf(state, question.account);
  const supposed = whatIf(state, question);
  expect(digestOf(state)).toBe(before);
  expect(supposed.before).toEqual(health);
  expect(supposed.truncated).toBe(false);
  const outcome = carriedOut(house, command);
  const rejection = rejectionOf(outcome);
  expect(supposed.refused?.rejection ?? null).toEqual(rejection ?? null);
  if (rejection) {
    expect(supposed).toMatchObject({ after: null, events: [] });
    return 'REFUSED';
  }
  const approved = eventsOf(outcome).filter(({ type }) => type !== 'ProposalApproved');
  const named = said(approved).map((text) =>
    'trade' in command ? text.replaceAll(`"${command.trade}"`, '"t"') : text,
  );
  // Of a proposal the entry is a later one, and so are the ids it gives.
  if (approved.length === eventsOf(outcome).length) expect(said(supposed.events)).toEqual(named);
  else expect(supposed.events.map(({ type }) => type)).toEqual(approved.map(({ type }) => type));
  const { openCall, ...after } = healthOf(state, question.account);
  expect(withoutEntry(supposed.after)).toEqual(withoutEntry({ ...after, openCall }));
  return 'DONE';
}

/** The entry that set a price, and the call that it named, may be one later where two persons had to act. */
const withoutEntry = (health: ReturnType<typeof healthOf> | null) =>
  health && {
    ...health,
    openCall: health.openCall !== null,
    positions: health.positions.map(({ markSeq: _, ...position }) => position),
    collateral: health.collateral.map(({ priceSeq: _, ...item }) => item),
  };

describe('RMR-4 what is shown is what then happens', () => {
  type Asked = readonly [WhatIf, Command];
  const priceOf = (house: TestHouse, instrument: string, thousandths: number): string => {
    const { mark: now, instrument: terms } = house.state.listings.get(instrument) as never as {
      mark: { price: bigint };
      instrument: { tick: string };
    };
    const moved = (now.price * BigInt(1000 + thousandths)) / 1000n;
    return formatCount(moved < 1n ? 1n : moved, terms.tick);
  };

  function askedOf(house: TestHouse, random: Random, account: string, other: string): Asked {
    const market = random.pick(MARKETS);
    const size = new Exact(random.between(1, 60)).times(market.lot).toFixed();
    const side = random.pick(['BUY', 'SELL'] as const);
    const price = priceOf(house, market.id, random.between(-5, 5));
    const traded = tradeOf(side === 'BUY' ? account : other, side === 'BUY' ? other : account, size, price, market.id);
    const most = random.pick([40, 90, 300]);
    const prices = MARKETS.map(({ id }) => ({
      instrument: id,
      price: priceOf(house, id, random.between(-most, most)),
    }));
    const amount = (random.between(1, 20_000_000) / 100).toFixed(2);
    const tiers = randomTiers(random, 0.03);
    return random.pick<Asked>([
      [
        { account, trades: [{ instrument: market.id, side, size, price, counterparty: other }] },
        { ...traded, taker: side },
      ],
      [
        { account, prices },
        { type: 'SubmitMarkPrices', source: 'venue', prices: prices.map((one) => ({ ...one, ...NO_QUOTE })) },
      ],
      [
        { account, payments: [{ currency: 'USD', amount }] },
        { type: 'DepositCollateral', account, currency: 'USD', amount },
      ],
      [
        { account, payments: [{ currency: 'USD', amount: `-${amount}` }] },
        { type: 'WithdrawCollateral', account, currency: 'USD', amount },
      ],
      [
        { account, payments: [{ currency: 'EUR', amount }] },
        { type: 'DepositCollateral', account, currency: 'EUR', amount },
      ],
      [
        { account, tiers: [{ instrument: market.id, tiers }] },
        { type: 'SetTierSchedule', instrument: market.id, tiers, effectiveAt: null },
      ],
    ]);
  }
  const NO_QUOTE = { bid: null, ask: null, observedAt: null };

  test('of random trades, payments, prices and tiers in random houses', () => {
    const seen = { DONE: 0, REFUSED: 0 };
    const followed = new Set<string>();
    for (const { house, random, clients } of livedWorlds(6, 1200, {
      owners: 4,
      orders: true,
      collateral: true,
      wealth: 120_000,
    })) {
      for (let i = 0; i < 12; i++) {
        const account = random.pick(clients);
        const other = random.pick(clients.filter((id) => id !== account));
        seen[expectComesTrue(house, ...askedOf(house, random, account, other))] += 1;
        for (const { type } of eventsOf(house.entries.at(-1)?.outcome ?? { events: [] })) followed.add(type);
      }
    }
    expect(seen.DONE).toBeGreaterThan(40);
    expect(seen.REFUSED).toBeGreaterThan(5);
    // The control: calls, liquidations and orders did follow.
    for (const type of ['MarginCallIssued', 'LiquidationStarted', 'OrdersCancelled']) expect(followed).toContain(type);
  });

  test('of losses, whoever bears them', () => {
    const followed = new Set<string>();
    fc.assert(
      fc.property(
        waterfallLife,
        fc.array(fc.tuple(fc.nat(8), fc.integer({ min: -120, max: 60 })), { maxLength: 6 }),
        (life, falls) => {
          const house = lifeHouseOf(life);
          for (const [i, [who, by]] of falls.entries()) {
            const act = life.acts[i];
            if (act) live(house, act);
            const prices = ['BTC-PERP', 'OTHER'].map((instrument) => ({
              instrument,
              price: priceOf(house, instrument, by),
            }));
            const command = {
              type: 'SubmitMarkPrices',
              source: 'venue',
              prices: prices.map((one) => ({ ...one, ...NO_QUOTE })),
            } as const;
            expectComesTrue(house, { account: `a${who}`, prices }, command);
            for (const { type } of eventsOf(house.entries.at(-1)?.outcome ?? { events: [] })) followed.add(type);
          }
        },
      ),
      { numRuns: 40, seed: 4 },
    );
    for (const type of ['LiquidationEnded', 'LossAllocated', 'PositionDeleveraged', 'PositionTakenOver'])
      expect(followed).toContain(type);
  });
});

describe('RMR-4 fees, calls and collateral', () => {
  const charged = (): TestHouse => {
    const house = onePerpetual({ takerFee: '0.0005', makerFee: '0.0001', priceBand: '0.5' });
    openAccount(house, 'alice', '25000');
    openAccount(house, 'bob', '9000000');
    return house;
  };
  const buy = (size: string, fields: object = {}): WhatIf => ({
    account: 'alice',
    trades: [{ instrument: 'BTC-PERP', side: 'BUY', size, price: '50000', ...fields }],
  });

  test('the fee of a taker, 0.05 % on 10 at 50,000, is more than 25,000 can spare: shown and refused alike', () => {
    const house = charged();
    const asked = whatIf(house.state, buy('10'));
    expect(asked).toMatchObject({ meetsInitialMargin: false, after: null, before: { equity: 2_500_000n } });
    expect(asked.refused?.rejection).toMatchObject({
      code: 'INSUFFICIENT_INITIAL_MARGIN',
      details: { required: '25000.00', available: '24750.00' },
    });
    expect(house.refusal({ ...tradeOf('alice', 'bob', '10', '50000'), taker: 'BUY' })).toBe(
      'INSUFFICIENT_INITIAL_MARGIN',
    );
    // 9.9 need 24,750 and cost 247.50: 24,752.50 is left.
    expect(whatIf(house.state, buy('9.9'))).toMatchObject({
      meetsInitialMargin: true,
      after: { equity: 2_475_250n, initial: 2_475_000n },
    });
    // Who rests pays the other fee: 49.50.
    expect(whatIf(house.state, buy('9.9', { taker: false }))).toMatchObject({ after: { equity: 2_495_050n } });
  });

  test('a price shows the call and the liquidation that would come of it', () => {
    const house = charged();
    trade(house, 'alice', 'bob', '10', '50000');
    const asked = whatIf(house.state, { account: 'alice', prices: [{ instrument: 'BTC-PERP', price: '48500' }] });
    expect(asked).toMatchObject({
      before: { status: 'HEALTHY', openCall: null },
      after: { status: 'CALL' },
      meetsInitialMargin: false,
    });
    mark(house, '48500');
    expect(asked.after?.openCall).toBe(house.state.callOf.get('alice'));
    const worse = whatIf(house.state, { account: 'alice', shock: '-0.02' });
    expect(worse.after).toMatchObject({ status: 'LIQUIDATING', openCall: null });
    expect(worse.events.map(({ type }) => type)).toContain('LiquidationOrderIssued');
  });

  test('an order to the venue that a price would bring is the order that it brings', () => {
    const house = charged();
    trade(house, 'alice', 'bob', '10', '50000');
    const question = { account: 'alice', prices: [{ instrument: 'BTC-PERP', price: '48200' }] };
    const quote = { instrument: 'BTC-PERP', price: '48200', bid: null, ask: null, observedAt: null };
    expect(expectComesTrue(house, question, { type: 'SubmitMarkPrices', source: 'venue', prices: [quote] })).toBe(
      'DONE',
    );
    const followed = eventsOf(house.entries.at(-1)?.outcome ?? { events: [] }).map(({ type }) => type);
    expect(followed).toContain('LiquidationOrderIssued');
  });

  test('a shock moves coin collateral with the marks', () => {
    const house = charged();
    house.send({
      type: 'DefineIndex',
      base: 'BTC',
      quote: 'USD',
      tick: '0.1',
      sources: ['a'],
      minimumSources: 1,
      maximumDeviation: '0.1',
      heartbeat: 7 * 86_400_000,
    });
    carriedOut(house, {
      type: 'SetCollateralTerms',
      currency: 'BTC',
      haircut: '0.1',
      conversionDiscount: '0.02',
      eligible: true,
    });
    house.send({
      type: 'SubmitIndexPrices',
      source: 'a',
      prices: [{ index: 'BTC/USD', price: '50000', observedAt: null }],
    });
    pay(house, 'alice', '1', 'BTC');
    const { before, after } = whatIf(house.state, { account: 'alice', shock: '-0.1' });
    expect([before.collateralValue, after?.collateralValue]).toEqual([4_500_000n, 4_050_000n]);
    expect(after?.collateral).toMatchObject([{ stale: false, price: 450_000n }]);
  });

  test('a stale price that is shocked stays stale, one that is named is live', () => {
    const house = charged();
    trade(house, 'alice', 'bob', '1', '50000');
    house.pass('8d');
    expect(whatIf(house.state, { account: 'alice', shock: '-0.1' }).after).toMatchObject({
      stale: true,
      positions: [{ mark: 450_000n }],
    });
    const named = whatIf(house.state, { account: 'alice', prices: [{ instrument: 'BTC-PERP', price: '45000' }] });
    expect(named.after).toMatchObject({ stale: false, positions: [{ mark: 450_000n }] });
  });

  test('a shock of all there is leaves one tick, and prices and shock are one move', () => {
    const house = charged();
    trade(house, 'alice', 'bob', '1', '50000');
    expect(whatIf(house.state, { account: 'bob', shock: '-1' }).after?.positions).toMatchObject([{ mark: 1n }]);
    const both = whatIf(house.state, {
      account: 'alice',
      prices: [{ instrument: 'BTC-PERP', price: '55000' }],
      shock: '-0.1',
    });
    expect(both.after).toMatchObject({ status: 'HEALTHY', positions: [{ mark: 495_000n }] });
    expect(both.events.filter(({ type }) => type === 'MarkPriceSet')).toHaveLength(1);
  });

  test('whoever is not named as the other side holds the opposite, and leaves nothing behind', () => {
    const house = charged();
    pay(house, 'alice', '900000');
    trade(house, 'alice', 'bob', '10', '50000');
    const turned = whatIf(house.state, {
      account: 'alice',
      trades: [{ instrument: 'BTC-PERP', side: 'SELL', size: '15', price: null }],
    });
    expect(turned.after?.positions).toMatchObject([{ size: -50n }]);
    expect(turned.after?.cash).toBe(turned.before.cash - 37_500n);
    const { events } = whatIf(house.state, { ...buy('1'), shock: '0.01' });
    expect(events.filter(({ type }) => type === 'TradeCleared')).toHaveLength(1);
  });
});
