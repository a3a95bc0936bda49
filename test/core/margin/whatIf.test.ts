/** What if: what is shown beforehand is what comes, and the question leaves no trace.  Rule: RMR-4 */

import { digestOf } from '../../../src/core/engine/digest';
import { healthOf } from '../../../src/core/margin/health';
import { whatIf } from '../../../src/core/margin/whatIf';
import { SYSTEM } from '../../../src/core/model/actor';
import { Exact } from '../../support/oracle';
import type { Random } from '../../support/random';
import { livedWorlds, MARKETS, putInForce, randomTiers, type World } from '../../support/world';

describe('RMR-4 what if', () => {
  /** What the question is about; what only says when and by which price is left out. */
  const figuresOf = ({
    equity,
    initial,
    maintenance,
    buffer,
    healthRatio,
    leverage,
    callLevel,
    closeOutLevel,
    feePreview,
    positions,
  }: ReturnType<typeof healthOf>) => ({
    ...{ equity, initial, maintenance, buffer, healthRatio, leverage, callLevel, closeOutLevel, feePreview },
    positions: positions.map(({ instrument, size, mark, value, liquidationPrice, bankruptcyPrice }) => ({
      instrument,
      size,
      mark,
      value,
      liquidationPrice,
      bankruptcyPrice,
    })),
  });

  const ask = (world: World, question: Parameters<typeof whatIf>[1]) => {
    const before = digestOf(world.house.state);
    const answer = whatIf(world.house.state, question, SYSTEM);
    expect(digestOf(world.house.state)).toBe(before);
    if (answer.rejection) throw new Error(answer.rejection.code);
    expect(figuresOf(answer.ok.before)).toEqual(figuresOf(healthOf(world.house.state, question.account)));
    return answer.ok;
  };

  const asked = (random: Random, world: World) => {
    const [account, other] = [world.clients[0] as string, world.clients[1] as string];
    const market = MARKETS[1] as (typeof MARKETS)[number]; // without a fee
    const size = new Exact(random.between(1, 30)).times(market.lot).toFixed();
    return { account, other, instrument: market.id, size, price: (world.oracle.instruments.get(market.id) as { mark: string }).mark };
  };

  test('RMR-4 a trade shown beforehand is the trade as it turns out, and the answer leaves no trace', () => {
    let done = 0;
    for (const world of livedWorlds(14, 1200, { owners: 6 })) {
      const { account, other, instrument, size, price } = asked(world.random, world);
      const side = world.random.pick(['BUY', 'SELL'] as const);
      const { after, meetsInitialMargin } = ask(world, { account, trades: [{ instrument, side, size, price: null }] });
      const [buyer, seller] = side === 'BUY' ? [account, other] : [other, account];
      if (!world.trade(buyer, seller, instrument, size, price)) continue;
      done += 1;
      expect(figuresOf(healthOf(world.house.state, account))).toEqual(figuresOf(after));
      expect(meetsInitialMargin).toBe(true);
    }
    expect(done).toBeGreaterThan(6);
  });

  test('RMR-4 prices, a payment and other tiers shown beforehand are what comes', () => {
    for (const world of livedWorlds(6, 1300)) {
      const account = world.clients[0] as string;
      const prices = MARKETS.map(({ id, tick }) => ({
        instrument: id,
        price: new Exact((world.oracle.instruments.get(id) as { mark: string }).mark).plus(new Exact(tick).times(7)).toFixed(),
      }));
      const tiers = [{ instrument: 'BTC-PERP', tiers: randomTiers(world.random, 0.03) }];
      const { after } = ask(world, { account, prices, payments: [{ currency: 'USD', amount: '123.45' }], tiers });
      world.house.send({ type: 'DepositCollateral', account, currency: 'USD', amount: '123.45' });
      for (const quote of prices)
        world.house.send({ type: 'SubmitMarkPrices', source: 'venue', prices: [{ ...quote, bid: null, ask: null, observedAt: null }] });
      putInForce(world, { type: 'SetTierSchedule', instrument: 'BTC-PERP', tiers: tiers[0]?.tiers ?? [], effectiveAt: null });
      expect(figuresOf(healthOf(world.house.state, account))).toEqual(figuresOf(after));
    }
  });

  test('RMR-4 a shock moves every mark by the same share', () => {
    const [world] = livedWorlds(1, 1400);
    const { before, after } = ask(world as World, { account: 'c0', shock: '-0.1' });
    expect(before.positions.length).toBeGreaterThan(0);
    before.positions.forEach(({ mark }, i) => {
      expect(new Exact((after.positions[i]?.mark ?? 0n).toString()).minus(new Exact(mark.toString()).times('0.9')).abs().lte('0.5')).toBe(
        true,
      );
    });
  });

  test('RMR-4 what cannot be asked is refused with the reason the live command has', () => {
    const [world] = livedWorlds(1, 1500) as [World];
    const refusal = (question: Parameters<typeof whatIf>[1]) => whatIf(world.house.state, question, SYSTEM).rejection?.code;
    const trades = [{ instrument: 'BTC-PERP', side: 'BUY' as const, size: '1', price: null }];
    expect(refusal({ account: 'nobody', trades })).toBe('ACCOUNT_NOT_FOUND');
    expect(refusal({ account: 'c0', trades: [{ instrument: 'X', side: 'BUY', size: '1', price: null }] })).toBe('INSTRUMENT_NOT_FOUND');
    expect(refusal({ account: 'c0', trades: [{ instrument: 'BTC-PERP', side: 'BUY', size: '0.05', price: null }] })).toBe('SIZE_OFF_LOT');
    expect(refusal({ account: 'c0', payments: [{ currency: 'BTC', amount: '1' }] })).toBe('CURRENCY_MISMATCH');
    expect(refusal({ account: 'c0', shock: '-1.1' })).toBe('VALUE_OUT_OF_RANGE');
    world.house.send({
      type: 'OpenAccount',
      account: 'iso',
      member: 'broker',
      owner: 'iso',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      mode: 'ISOLATED',
      instrument: 'ETH-PERP',
    });
    expect(refusal({ account: 'iso', trades })).toBe('ACCOUNT_ISOLATED');
  });
});
