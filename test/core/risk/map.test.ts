/**
 * The liquidation map and the house's view of its risk against every account revalued in integers.  Rules: RLM-3, AH-5
 */

import { createPlainState } from '../../../src/core/engine/genesis';
import type { State } from '../../../src/core/model/state';
import { HEALTH_EDGES } from '../../../src/core/risk/houseRisk';
import { beginInquiry } from '../../../src/core/risk/inquiry';
import { BANDS, type Band, type Impact, type RiskMap } from '../../../src/core/risk/question';
import { parseRate } from '../../../src/units/decimal';
import type { Rate } from '../../../src/units/quantity';
import { onePerpetual, openAccount, term, trade } from '../../support/given';
import { randomOf } from '../../support/random';
import { createWorld, type World } from '../../support/world';
import { ask, movedView, type Stand, standsIn, tallyOf } from './support';

const rates = (...texts: string[]): Rate[] => texts.map((text) => parseRate(text) as Rate);
const SHOCKS = rates('-0.05', '0.1', '-0.3', '-0.000000000001', '0', '0.02', '-0.9', '-1', '2.5');

const POLICIES = [
  {},
  {
    warnings: [term('INITIAL', '1.2'), term('INITIAL', '1')],
    call: [...term('INITIAL', '1/2'), ...term('MAINTENANCE', '1')],
    closeOut: term('MAINTENANCE', '1'),
    cure: [...term('INITIAL', '0.6'), ...term('MAINTENANCE', '1.1')],
    target: term('MAINTENANCE', '1.2'),
    aggregation: 'ACCOUNT' as const,
  },
];

/** Houses with little money, many of whose accounts are near a level. */
function worlds(count: number, seed: number): World[] {
  return Array.from({ length: count }, (_, i) => {
    const world = createWorld(randomOf(seed + i), {
      policy: POLICIES[i % 2] ?? {},
      clients: 12,
      owners: 7,
      orders: true,
      wealth: 60_000,
    });
    world.live(60);
    world.drain();
    world.live(3);
    return world;
  });
}

const isLost = ({ band }: Stand): boolean => band === 'CLOSE_OUT' || band === 'NEGATIVE';

/** What the map should say of a move, of which `before` is the next smaller one in its direction. */
function expectImpact(impact: Impact, stands: readonly Stand[], before: readonly Stand[] | null): void {
  const bands = Object.fromEntries(BANDS.map((band) => [band, tallyOf(stands.filter((stand) => stand.band === band))]));
  const wasLost = (id: string): boolean => isLost(before?.find((stand) => stand.id === id) as Stand);
  const equities = stands.map(({ standing }): bigint => standing.equity);
  expect(impact.currencies).toEqual([
    {
      currency: 'USD',
      all: tallyOf(stands),
      bands,
      newlyBelow: tallyOf(before ? stands.filter((stand) => isLost(stand) && !wasLost(stand.id)) : []),
      recovered: tallyOf(before ? stands.filter((stand) => !isLost(stand) && wasLost(stand.id)) : []),
      equity: equities.reduce((sum, equity) => sum + equity, 0n),
      shortfall: equities.reduce((sum, equity) => sum + (equity < 0n ? -equity : 0n), 0n),
    },
  ]);
}

function expectMap(state: State, map: RiskMap, only: string | null = null): Band[] {
  const standsAt = (move: Rate): Stand[] => standsIn(movedView(state, move, only));
  expect([map.seq, map.at, map.accounts]).toEqual([state.seq, state.now, standsIn(state).length]);
  expectImpact(map.now, standsIn(state), null);
  expect(map.shocks.map(({ move }) => move)).toEqual(SHOCKS);
  for (const impact of map.shocks) {
    const { move } = impact;
    const smaller = SHOCKS.filter((other) => (move < 0n ? other < 0n && other > move : other >= 0n && other < move));
    const [before] = smaller.sort((a, b) => ((move < 0n ? a < b : a > b) ? -1 : 1));
    expectImpact(impact, standsAt(move), before === undefined ? standsIn(state) : standsAt(before));
  }
  return map.shocks.flatMap(({ currencies: [one] }) => BANDS.filter((band) => (one?.bands[band].accounts ?? 0) > 0));
}

test('RLM-3 AH-5 says of every move what revaluing every account says, and adds up', () => {
  const met = new Set<Band>();
  for (const { house } of worlds(12, 500)) {
    const map = ask(house.state, { type: 'MAP', shocks: SHOCKS, instrument: null });
    for (const band of expectMap(house.state, map)) met.add(band);
  }
  // Worlds in which everybody stood in the same place would prove little.
  expect([...met].sort()).toEqual([...BANDS].sort());
}, 60_000);

test('RLM-3 moves one instrument alone', () => {
  for (const { house } of worlds(4, 700)) {
    const map = ask(house.state, { type: 'MAP', shocks: SHOCKS, instrument: 'BTC-PERP' });
    expectMap(house.state, map, 'BTC-PERP');
  }
}, 60_000);

test('RLM-3 a level met exactly is not below it, whatever floats say', () => {
  const house = onePerpetual({ lot: '0.1' });
  openAccount(house, 'maker', '100000000');
  openAccount(house, 'alice', '25000');
  trade(house, 'alice', 'maker', '10', '50000');
  // Equity 25,000 - 500,000 y; maintenance margin 2.5 % of 500,000 (1 - y): equal at y = 1/39, at no tick; a tick apart
  // they differ.
  const bands = (move: string): readonly [number, number] => {
    const map = ask(house.state, { type: 'MAP', shocks: rates(move), instrument: null });
    const [usd] = map.shocks[0]?.currencies ?? [];
    return [usd?.bands.WARNING.accounts ?? -1, usd?.bands.CALL.accounts ?? -1];
  };
  // Initial margin 5 %: 25,000 = 5 % of 500,000 exactly now.
  expect(bands('0')).toEqual([0, 0]);
  expect(bands('-0.000002')).toEqual([1, 0]);
  expect(bands('-0.02564')).toEqual([1, 0]);
  expect(bands('-0.025644')).toEqual([0, 1]);
});

test('AH-5 the house sees its accounts by health, status and instrument, and all of it adds up', () => {
  for (const { house } of worlds(8, 900)) {
    const { state } = house;
    const risk = ask(state, { type: 'HOUSE', shocks: SHOCKS, largest: 2, atLeast: 0 });
    expectMap(state, risk);
    const stands = standsIn(state);
    const [health] = risk.health;
    const charged = stands.filter(({ standing }) => standing.maintenance !== 0n);
    const reached = ({ standing }: Stand): number =>
      HEALTH_EDGES.filter(
        ({ numerator, denominator }) => standing.equity * denominator >= standing.maintenance * numerator,
      ).length;
    expect(health?.all).toEqual(tallyOf(stands));
    expect(health?.unmargined).toEqual(tallyOf(stands.filter(({ standing }) => standing.maintenance === 0n)));
    expect(health?.buckets.map(({ accounts, notional }) => ({ accounts, notional }))).toEqual(
      [...HEALTH_EDGES, null].map((_, i) => tallyOf(charged.filter((stand) => reached(stand) === i))),
    );
    expect(risk.statuses.reduce((sum, { accounts }) => sum + accounts, 0)).toBe(stands.length);
    for (const { status, accounts } of risk.statuses)
      expect(accounts).toBe(stands.filter(({ id }) => state.book.stateOf(id).status === status).length);
    for (const { instrument, long, short, holders, largest, notional } of risk.instruments) {
      const sizes = [...state.book.accountIds()].map((id) => ({
        account: id,
        size: state.book.position(id, instrument)?.size ?? 0n,
      }));
      const sum = (sign: bigint): bigint =>
        sizes.reduce((all, { size }) => all + (size * sign > 0n ? size * sign : 0n), 0n);
      expect([long, short, holders]).toEqual([sum(1n), sum(-1n), sizes.filter(({ size }) => size !== 0n).length]);
      expect(long).toBe(short);
      const listing = state.listings.get(instrument);
      expect(notional).toBe(long * (listing?.mark?.price ?? 0n) * (listing?.instrument.tickValue ?? 0n));
      const abs = (size: bigint): bigint => (size < 0n ? -size : size);
      const order = [...sizes].sort((a, b) =>
        abs(a.size) > abs(b.size) || (abs(a.size) === abs(b.size) && a.account < b.account) ? -1 : 1,
      );
      expect(largest).toEqual(order.slice(0, Math.min(2, holders)));
    }
  }
}, 60_000);

test('AH-5 answers as of the entry at which it was asked, whatever happens before it is answered', () => {
  for (const world of worlds(6, 1100)) {
    const { state } = world.house;
    const question = { type: 'HOUSE', shocks: SHOCKS, largest: 2, atLeast: 0 } as const;
    const atOnce = ask(state, question, 1_000);
    const asked = state.seq;
    const slowly = ask(state, question, 1, () => world.live(3));
    expect(slowly).toEqual(atOnce);
    // A house in which nothing happened meanwhile would prove nothing.
    expect(state.seq).toBeGreaterThan(asked + 20);
    expect(ask(state, question, 1_000)).not.toEqual({ ...atOnce, seq: state.seq, at: state.now });
  }
}, 60_000);

test('AH-5 asks a book in columns, and no other', () => {
  expect(() => beginInquiry(createPlainState(), { type: 'MAP', shocks: [], instrument: null })).toThrow(
    'A book in columns is asked',
  );
});
