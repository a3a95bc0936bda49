/**
 * Rows turned back into a state: whatever the core says of an account on it is what it says on the house itself, to the
 * last digit, at any time of its life.  X-4, AH-1, RMR-3, PV-1, MT-3
 */

import { createPlainState } from '../../src/core/engine/genesis';
import { explainAccount } from '../../src/core/margin/explain';
import { healthOf } from '../../src/core/margin/health';
import type { View } from '../../src/core/model/state';
import { NOTHING, readCheckpoint } from '../../src/projections/commit/checkpoint';
import { commitEntries, loadMemory } from '../../src/projections/commit/commit';
import { hydrate } from '../../src/projections/reading/hydrate';
import { queriesOf, type Store } from '../../src/store/client';
import { sumOf } from '../support/explained';
import { classicPolicy, mark, onePerpetual, openAccount, pay, trade } from '../support/given';
import { defineIndex, quote } from '../support/prices';
import { randomOf } from '../support/random';
import { applyText } from '../support/twin';
import { TIERS } from '../support/walkHouse';
import { livedWorlds, type World } from '../support/world';
import { lifeOf, SEEDS } from './stories';
import { describeStores, followed, projected } from './support';

const INSTRUMENTS = ['BTC-PERP', 'ETH-PERP', 'BTC-FUT'];

const viewOf = (
  store: Store,
  live: Pick<View, 'seq' | 'now'>,
  ids: readonly string[],
  instruments?: readonly string[],
) => hydrate(queriesOf(store.prisma), { seq: live.seq, at: live.now }, ids, instruments);

/** Everything the core says of an account. */
const saidOf = (view: View, account: string) => ({
  health: healthOf(view, account),
  explanation: explainAccount(view, account),
});

describeStores('a state from rows', (store) => {
  test.each(SEEDS.slice(1, 2))(
    'X-4 AH-1 RMR-3 PV-1 story %i: health and explanation of every account, all along',
    async (seed) => {
      const random = randomOf(seed);
      const { entries } = lifeOf(seed, 200);
      const live = createPlainState();
      let memory = await store().transaction(loadMemory);
      let checkpoint = NOTHING;
      let positions = 0;
      const all = followed(entries);
      for (let from = 30; from < all.length; ) {
        const part = all.slice(checkpoint.seq, from);
        ({ checkpoint, memory } = await store().transaction((sql) => commitEntries(sql, memory, checkpoint, part)));
        for (const { entry } of part) applyText(live, entry);
        const ids = [...live.book.accountIds()];
        const together = await viewOf(store(), live, ids, INSTRUMENTS);
        for (const id of ids) {
          const truth = saidOf(live, id);
          expect(saidOf(together, id)).toEqual(truth);
          expect(saidOf(await viewOf(store(), live, [id], INSTRUMENTS), id)).toEqual(truth);
          positions += truth.health.positions.length;
          const { equity, equityLines, initial, initialLines, maintenance, maintenanceLines } = truth.explanation;
          expect([sumOf(equityLines), sumOf(initialLines), sumOf(maintenanceLines)]).toEqual([
            equity,
            initial,
            maintenance,
          ]);
        }
        from += random.between(60, 110);
      }
      expect(positions).toBeGreaterThan(8);
    },
  );

  test.each([1])(
    'X-4 AH-1 RMR-3 PV-1 a random world of fractions, orders and mixed collateral, seed %i',
    async (seed) => {
      const [{ house, clients }] = livedWorlds(1, seed, { orders: true, collateral: true, clients: 8 }) as [World];
      await (await projected(store(), followed(house.entries))).close();
      const view = await viewOf(store(), house.state, clients, ['SOL-PERP']);
      for (const account of clients) expect(saidOf(view, account)).toEqual(saidOf(house.state, account));
      const held = clients.flatMap((id) => [...house.state.book.positions(id)]);
      expect(held.length).toBeGreaterThan(10);
      expect(held.some(([, { bids, asks }]) => bids + asks > 0n)).toBe(true);
      expect(clients.flatMap((id) => [...house.state.book.balances(id)]).some(([currency]) => currency === 'EUR')).toBe(
        true,
      );
    },
  );

  test('MT-3 the owner’s other accounts count although nobody asked for them', async () => {
    const house = onePerpetual({ tiers: TIERS });
    openAccount(house, 'maker', '900000000');
    openAccount(house, 'one', '900000', { owner: 'ann' });
    openAccount(house, 'other', '900000', { owner: 'ann' });
    trade(house, 'one', 'maker', '18', '50000');
    const alone = healthOf(house.state, 'one').maintenance;
    trade(house, 'other', 'maker', '40', '50000');
    await (await projected(store(), followed(house.entries))).close();
    const { maintenance } = healthOf(await viewOf(store(), house.state, ['one']), 'one');
    expect(maintenance).toBe(healthOf(house.state, 'one').maintenance);
    expect(maintenance).toBeGreaterThan(alone);
  });

  test('RB-4 what others hold counts towards the limit of the house although nobody asked for them', async () => {
    const house = onePerpetual();
    defineIndex(house, { sources: ['a'], minimumSources: 1, heartbeat: 86_400_000 });
    const haircuts = { haircut: '0.1', conversionDiscount: '0.05', openingHaircut: '0.2', accountLimit: '3' };
    const bracket = { above: '1', haircut: '0.3', openingHaircut: '0.4' };
    house.send({
      ...{ type: 'SetCollateralTerms', currency: 'BTC', eligible: true, ...haircuts, brackets: [bracket] },
      ...{ houseLimit: '5', wrongWayHaircut: '0.5' },
    });
    quote(house, 'a', '50000');
    openAccount(house, 'maker', '900000000');
    openAccount(house, 'one');
    openAccount(house, 'other');
    pay(house, 'one', '4', 'BTC');
    pay(house, 'other', '6', 'BTC');
    trade(house, 'one', 'maker', '0.5', '50000');
    await (await projected(store(), followed(house.entries))).close();
    const view = await viewOf(store(), house.state, ['one']);
    expect(saidOf(view, 'one')).toEqual(saidOf(house.state, 'one'));
    expect(healthOf(view, 'one').collateral).toMatchObject([{ within: 200_000_000n, wrongWay: 50_000_000n }]);
  });

  test('ruling 18 what is held back, and at which stable price, comes with the account', async () => {
    const house = onePerpetual({ tiers: TIERS, interval: null });
    house.send({
      type: 'SetLossPolicy',
      currency: 'USD',
      layers: ['SOCIALIZED_LOSS'],
      base: 'GAINS',
      period: 86_400_000,
      fundTarget: '0',
      stableBand: '0.3',
    });
    openAccount(house, 'maker', '900000000');
    openAccount(house, 'one', '900000');
    trade(house, 'one', 'maker', '18', '50000');
    house.pass('10h');
    mark(house, '60000');
    trade(house, 'maker', 'one', '7', '60000');
    // A loss period begins in which nobody is touched, and another one by which all of it is forgotten.
    for (const span of ['1h', '4h', '9h', '24h', '24h']) {
      house.pass(span);
      house.send({ type: 'AdvanceTime' });
      const truth = saidOf(house.state, 'one');
      await store().transaction(async (sql) => {
        const all = followed(house.entries);
        const { seq } = await readCheckpoint(sql);
        await commitEntries(sql, await loadMemory(sql), await readCheckpoint(sql), all.slice(seq));
      });
      expect(saidOf(await viewOf(store(), house.state, ['one']), 'one')).toEqual(truth);
      expect(truth.health.heldBack > 0n).toBe(span !== '24h');
    }
  });

  test('AH-1 levels, calls and a chosen leverage come with the account', async () => {
    const house = onePerpetual({
      policy: classicPolicy({ feeRate: '0.005', penaltyTiers: [{ floor: '0', rate: '0.001' }] }),
    });
    openAccount(house, 'maker', '900000000');
    house.send({
      type: 'OpenAccount',
      account: 'ann',
      member: 'broker',
      owner: 'ann',
      kind: 'CLIENT',
      currency: 'USD',
      policy: 'classic',
      ...{ mode: 'CROSS', instrument: null, leverage: '7/2' },
    });
    house.send({ type: 'DepositCollateral', account: 'ann', currency: 'USD', amount: '150000' });
    trade(house, 'ann', 'maker', '10', '50000');
    mark(house, '35800');
    await (await projected(store(), followed(house.entries))).close();
    const health = healthOf(await viewOf(store(), house.state, ['ann']), 'ann');
    expect(health).toEqual(healthOf(house.state, 'ann'));
    expect(health).toMatchObject({
      status: 'CALL',
      openCall: house.state.callOf.get('ann'),
      feePreview: 179000n,
      penaltyPreview: 35800n,
    });
    expect(health.initial).toBe((35_800_000n * 2n + 6n) / 7n);
    expect([health.warningLevel, health.callLevel, health.closeOutLevel].every((level) => level !== null)).toBe(true);
  });

  test('X-4 what is not asked for is not there, and who is not there is left out', async () => {
    const { entries, state } = lifeOf(30, 100);
    await (await projected(store(), followed(entries))).close();
    const view = await viewOf(store(), state, ['ann', 'nobody']);
    expect([...view.book.accountIds()].sort()).toEqual(['ann', 'ann-2']);
    const held = new Set(
      ['ann', 'ann-2'].flatMap((id) => [...state.book.positions(id)].map(([instrument]) => instrument)),
    );
    expect(new Set(view.listings.keys())).toEqual(held);
    expect(new Set((await viewOf(store(), state, ['ann'], ['BTC-FUT'])).listings.keys())).toEqual(
      new Set([...held, 'BTC-FUT']),
    );
    expect((await viewOf(store(), state, [])).book.accountCount).toBe(0);
    expect([view.seq, view.now]).toEqual([state.seq, state.now]);
  });
});
