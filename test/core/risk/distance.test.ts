/**
 * Distance to a level: solved in fractions, put back into the figures it was made of; ranked, paged, filtered.  Rules:
 * RLM-3, AH-1
 */

import { exposureOf } from '../../../src/core/book/exposure';
import { healthOf } from '../../../src/core/margin/health';
import { type Picture, pictureOf } from '../../../src/core/margin/picture';
import type { MarginLevel } from '../../../src/core/model/policy';
import type { View } from '../../../src/core/model/state';
import { distanceOf } from '../../../src/core/risk/distance';
import type { DistancePlace, NearAccount, Rung } from '../../../src/core/risk/question';
import { compareRatios, type Ratio } from '../../../src/units/ratio';
import { onePerpetual, openAccount, trade } from '../../support/given';
import { Exact } from '../../support/oracle';
import { randomOf } from '../../support/random';
import { createWorld, type World } from '../../support/world';
import { ask } from './support';

const exact = (value: bigint): Exact => new Exact(value.toString());
const share = ({ numerator, denominator }: Ratio): Exact => exact(numerator).div(exact(denominator));

/**
 * What equity has over a level, in cash, with every price a share worse for its holder: by another library, without
 * rounding.
 */
function surplusAt({ cash, collateral, holdings }: Picture, level: MarginLevel, moved: Exact): Exact {
  let equity = exact(cash);
  const required = { INITIAL: new Exact(0), MAINTENANCE: new Exact(0) };
  for (const { value } of collateral) equity = equity.plus(exact(value).div(1e12).times(new Exact(1).minus(moved)));
  for (const { position, mark, instrument, terms, otherLots, leverage } of holdings) {
    const price = exact(mark).times(position.size > 0n ? new Exact(1).minus(moved) : new Exact(1).plus(moved));
    equity = equity.plus(exact(position.size * instrument.tickValue).times(price)).minus(exact(position.cost));
    const lots = exact(exposureOf(position));
    const owner = lots.plus(exact(otherLots));
    if (lots.isZero()) continue;
    const notional = price.abs().times(exact(instrument.tickValue)).times(owner);
    const tiers = terms.schedule;
    const tier = tiers.tiers.find(({ cap }) => cap === null || notional.lte(exact(cap))) ?? tiers.tiers.at(-1);
    const asked = (rate = 0n, off = 0n): Exact =>
      notional.times(exact(rate)).minus(exact(off)).div(exact(tiers.denominator)).times(lots).div(owner);
    const own = price.abs().times(exact(instrument.tickValue)).times(lots);
    const chosen = leverage ? own.div(share(leverage)) : new Exact(0);
    const least = (perContract = 0n): Exact => exact(perContract).times(instrument.lot).times(lots);
    required.INITIAL = required.INITIAL.plus(
      Exact.max(asked(tier?.initialRate, tier?.initialDeduction), least(tiers.initialPerContract), chosen),
    );
    required.MAINTENANCE = required.MAINTENANCE.plus(
      Exact.max(asked(tier?.maintenanceRate, tier?.maintenanceDeduction), least(tiers.maintenancePerContract)),
    );
  }
  return Exact.min(...level.map(({ base, ratio }) => equity.minus(required[base].times(share(ratio)))));
}

function worlds(count: number, seed: number): World[] {
  return Array.from({ length: count }, (_, i) => {
    const aggregation = i % 2 === 0 ? ('OWNER' as const) : ('ACCOUNT' as const);
    const world = createWorld(randomOf(seed + i), {
      policy: { aggregation },
      clients: 14,
      owners: 8,
      orders: true,
      wealth: 80_000,
    });
    world.live(60);
    world.drain();
    world.live(4);
    return world;
  });
}

const policyOf = (view: View) => view.policies.get('classic') as NonNullable<ReturnType<View['policies']['get']>>;
const levelOf = (view: View, rung: Rung): MarginLevel => {
  const { warnings, call, closeOut } = policyOf(view);
  return { WARNING: [...warnings.flat(), ...call], CALL: call, CLOSE_OUT: closeOut }[rung];
};

/** Distances of all clients, the nearest first. */
function ranking(view: View, clients: readonly string[], rung: Rung): DistancePlace[] {
  const measured = clients.flatMap((account) => {
    const found = distanceOf(pictureOf(view, account), levelOf(view, rung));
    return found ? [{ account, share: found }] : [];
  });
  return measured.sort((a, b) => compareRatios(a.share, b.share) || (a.account < b.account ? -1 : 1));
}

test('RLM-3 AH-1 ruling 18 at the distance equity meets the level, before it is above, beyond it below', () => {
  const met = { never: 0, now: 0, later: 0 };
  for (const { house, clients } of worlds(16, 40)) {
    for (const rung of ['WARNING', 'CALL', 'CLOSE_OUT'] as const) {
      for (const account of clients) {
        const [picture, level] = [pictureOf(house.state, account), levelOf(house.state, rung)];
        const found = distanceOf(picture, level);
        const at = (moved: Exact): Exact => surplusAt(picture, level, moved);
        if (!found) {
          met.never += 1;
          for (const moved of [0, 0.3, 0.7, 1]) expect(at(new Exact(moved)).gte(0)).toBe(true);
        } else if (found.numerator === 0n) {
          met.now += 1;
          expect(at(new Exact(0)).lte(0)).toBe(true);
        } else {
          met.later += 1;
          const moved = share(found);
          expect(at(moved).abs().lt('1e-30')).toBe(true);
          // Who stands at the level by what a contract needs at least, and holds orders alone, stands at it for a
          // while.
          expect(at(moved.times(1 - 1e-9)).gt(0) || at(new Exact(0)).isZero()).toBe(true);
          expect(at(moved.times(1 + 1e-9)).lt(0)).toBe(true);
        }
      }
    }
  }
  expect(Math.min(met.never, met.now, met.later)).toBeGreaterThan(10);
}, 60_000);

test('RLM-3 AH-1 a single position is as far from its call as its mark is from its liquidation price', () => {
  const house = onePerpetual({ lot: '0.1' });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'long', '25000');
  openAccount(house, 'short', '25000');
  trade(house, 'long', 'maker', '10', '50000');
  trade(house, 'maker', 'short', '10', '50000');
  const { list } = ask(house.state, {
    type: 'DISTANCES',
    rung: 'CALL',
    accounts: ['long', 'short', 'maker', 'nobody'],
    member: null,
  });
  // 25,000 - 500,000 s = 12,500 (1 - s): s = 1/39; short 12,500 (1 + s): 1/41.
  expect(list).toEqual([
    { account: 'long', share: { numerator: 1n, denominator: 39n }, rank: 2 },
    { account: 'short', share: { numerator: 1n, denominator: 41n }, rank: 1 },
    { account: 'maker', share: null, rank: null },
  ]);
  expect(healthOf(house.state, 'long').positions[0]?.distance).toBe('-0.025641025641');
  expect(healthOf(house.state, 'short').positions[0]?.distance).toBe('0.024390243902');
});

test.each(['WARNING', 'CALL', 'CLOSE_OUT'] as const)(
  'RLM-3 lists the nearest to %s first, page by page, and nobody twice',
  (rung) => {
    for (const { house, clients } of worlds(6, 80)) {
      const expected = ranking(house.state, clients, rung);
      const found: NearAccount[] = [];
      for (let more = true; more; ) {
        const after = found.at(-1) ?? null;
        const page = ask(house.state, { type: 'NEAREST', rung, within: null, member: null, first: 3, after });
        found.push(...page.list);
        expect(page.within).toBeNull();
        expect(page.accounts).toBe(clients.length);
        expect(page.list.length).toBe(page.more ? 3 : page.list.length);
        ({ more } = page);
      }
      expect(found.map(({ account, share }) => ({ account, share }))).toEqual(expected);
      expect(found.map(({ rank }) => rank)).toEqual(expected.map((_, i) => i + 1));
      for (const { equity, level, buffer, account } of found) {
        expect(buffer).toBe(equity - level);
        expect(equity).toBe(
          ask(house.state, { type: 'NEAREST', rung, within: null, member: null, first: 50, after: null }).list.find(
            (one) => one.account === account,
          )?.equity,
        );
      }
    }
  },
  60_000,
);

test('RLM-3 counts and lists who is within a share, the share included', () => {
  for (const { house, clients } of worlds(6, 120)) {
    const all = ranking(house.state, clients, 'CLOSE_OUT');
    const [edge] = all.slice(Math.floor(all.length / 2));
    for (const within of [
      edge?.share as Ratio,
      { numerator: 1n, denominator: 20n },
      { numerator: 0n, denominator: 1n },
    ]) {
      const answer = ask(house.state, {
        type: 'NEAREST',
        rung: 'CLOSE_OUT',
        within,
        member: null,
        first: 100,
        after: null,
      });
      const inside = all.filter((place) => compareRatios(place.share, within) <= 0);
      expect(answer.within).toBe(inside.length);
      expect(answer.list.map(({ account }) => account)).toEqual(inside.map(({ account }) => account));
    }
  }
}, 60_000);

test('RLM-3 ranks accounts among all, or among those of a member', () => {
  for (const { house, clients } of worlds(6, 160)) {
    const expected = ranking(house.state, clients, 'CLOSE_OUT');
    const question = { type: 'DISTANCES', rung: 'CLOSE_OUT', accounts: clients } as const;
    const { list, accounts } = ask(house.state, { ...question, member: 'broker' });
    expect(accounts).toBe(clients.length);
    for (const { account, share, rank } of list) {
      const place = expected.findIndex((one) => one.account === account);
      expect([share, rank]).toEqual(place < 0 ? [null, null] : [expected[place]?.share, place + 1]);
    }
    const elsewhere = ask(house.state, { ...question, member: 'nobody' });
    expect(elsewhere.accounts).toBe(0);
    expect(
      ask(house.state, { type: 'NEAREST', rung: 'CALL', within: null, member: 'nobody', first: 9, after: null }).list,
    ).toEqual([]);
  }
}, 60_000);
