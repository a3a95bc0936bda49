/**
 * What may leave, held against a plain reckoning of it: a list of everything that was gained, each with its time and
 * price, and a stable price made anew from all marks, over random lives.  Ruling 18
 */

import { freeIn } from '../../../src/core/control/withdraw';
import { healthOf } from '../../../src/core/margin/health';
import { eventsOf } from '../../../src/core/message/envelope';
import type { Event } from '../../../src/core/message/event';
import { formatScaled } from '../../../src/units/decimal';
import { definePerpetual, flatTiers, mark, onePerpetual, openAccount, pay, tradeOf } from '../../support/given';
import type { TestHouse } from '../../support/house';
import { rejectionOf } from '../../support/outcome';
import { type Random, randomOf } from '../../support/random';
import { expectReplays } from '../../support/twin';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const FINE = 10n ** 12n;

/** A lot of 0.1 is worth one cent a tick of 0.1, in both. */
const INSTRUMENTS = ['BTC-PERP', 'ETH-PERP'] as const;
const ACCOUNTS = ['a', 'b', 'c'] as const;

interface Terms {
  readonly window: number;
  readonly band: bigint; // in hundredths
}

interface Gain {
  readonly window: number;
  readonly gained: bigint;
  readonly closed: bigint;
  readonly worth: bigint; // in 1e-12 cents
  readonly ahead: bigint;
}

interface Held {
  size: bigint;
  cost: bigint; // in 1e-12 cents
  gains: Gain[];
}

const most = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const fewest = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const sum = (parts: readonly bigint[]): bigint => parts.reduce((so, part) => so + part, 0n);
const down = (amount: bigint): bigint => (amount >= 0n ? amount / FINE : -((-amount + FINE - 1n) / FINE));
const up = (amount: bigint): bigint => -down(-amount);

/** The house as it can be told from its events alone. */
class Reckoning {
  private readonly marks = new Map<string, { at: number; price: bigint }[]>();
  private readonly held = new Map<string, Held>();
  constructor(private readonly terms: Terms) {}

  private heldBy(account: string, instrument: string): Held {
    const key = `${account} ${instrument}`;
    const held = this.held.get(key) ?? { size: 0n, cost: 0n, gains: [] };
    this.held.set(key, held);
    return held;
  }

  /** In 1e-12 of a tick. */
  stable(instrument: string, now: number): bigint {
    const marks = this.marks.get(instrument) ?? [];
    const [first] = marks;
    if (!first) throw new Error('no mark');
    let stands = first.price * FINE;
    for (const [i, { at, price }] of marks.entries()) {
      const goal = price * FINE;
      const for_ = BigInt((marks[i + 1]?.at ?? now) - at);
      if (this.terms.window === 0) stands = (marks[i + 1]?.price ?? price) * FINE;
      else {
        const reach = (most(stands, FINE) * this.terms.band * for_) / (100n * BigInt(this.terms.window));
        stands = goal > stands ? fewest(goal, stands + reach) : most(goal, stands - reach);
      }
    }
    return stands;
  }

  /** What lots are worth at the stable price, against who holds them. */
  private atStable(instrument: string, lots: bigint, now: number): bigint {
    const stable = this.stable(instrument, now);
    return lots * (lots > 0n ? down(stable) : up(stable)) * FINE;
  }

  private markOf = (instrument: string): bigint => this.marks.get(instrument)?.at(-1)?.price ?? 0n;

  private remembered({ gains }: Held, now: number): Gain[] {
    if (this.terms.window === 0) return [];
    const kept = gains.filter(({ window }) => window >= Math.floor(now / this.terms.window) - 1);
    const gained = sum(kept.map((gain) => gain.gained));
    if (gained <= 0n && sum(kept.map(({ ahead }) => ahead)) <= 0n) return [];
    // Losses beyond the gains are those of another day.
    const window = Math.floor(now / this.terms.window);
    return gained < 0n ? [...kept, { window, gained: -gained, closed: 0n, worth: 0n, ahead: 0n }] : kept;
  }

  private gain(held: Held, now: number, gain: Omit<Gain, 'window'>, beyond: boolean): void {
    held.gains = this.remembered(held, now);
    if (held.gains.length === 0 && !(beyond && gain.gained > 0n) && gain.ahead <= 0n) return;
    held.gains.push({ window: Math.floor(now / this.terms.window), ...gain });
    held.gains = this.remembered(held, now);
  }

  hears(event: Event, now: number): void {
    if (event.type === 'MarkPriceSet') {
      const marks = this.marks.get(event.instrument) ?? [];
      this.marks.set(event.instrument, [...marks, { at: now, price: event.price }]);
    }
    if (event.type === 'VariationSettled')
      for (const { account, amount } of event.lines) {
        const held = this.heldBy(account, event.instrument);
        held.cost += amount * FINE;
        const stable = this.stable(event.instrument, now);
        const beyond = held.size > 0n ? event.price > down(stable) : event.price < up(stable);
        this.gain(held, now, { gained: amount, closed: 0n, worth: 0n, ahead: 0n }, beyond);
      }
    const transfers = 'transfers' in event && Array.isArray(event.transfers) ? event.transfers : [];
    if ('positions' in event)
      for (const { account, instrument, size, cost, fraction = 0n } of event.positions) {
        const name = `account/${account}`;
        const of = transfers.filter(({ reason }) => reason === 'REALISED');
        const gained = sum(of.map(({ from, to, amount }) => (to === name ? amount : from === name ? -amount : 0n)));
        const after = { instrument, size, cost: cost * FINE + fraction, gained, agreed: event.type === 'TradeCleared' };
        this.closes(this.heldBy(account, instrument), after, now);
      }
    for (const { from, amount, reason } of transfers) {
      if (!['SHORTFALL', 'SOCIALIZED_LOSS', 'GAINS_HAIRCUT'].includes(reason) || !from.startsWith('account/')) continue;
      if (event.type === 'LossAllocated') this.bears(from.slice('account/'.length), amount, now);
    }
  }

  private closes(
    held: Held,
    after: { instrument: string; size: bigint; cost: bigint; gained: bigint; agreed: boolean },
    now: number,
  ): void {
    const turned = after.size === 0n || (held.size !== 0n && after.size > 0n !== held.size > 0n);
    const closed =
      turned || held.size === 0n
        ? held.size
        : held.size > 0n
          ? most(held.size - after.size, 0n)
          : fewest(held.size - after.size, 0n);
    const brought = closed === 0n ? 0n : (turned ? held.cost : held.cost - after.cost) + after.gained * FINE;
    const atMark = (lots: bigint): bigint => lots * this.markOf(after.instrument) * FINE;
    const worth = after.agreed ? fewest(brought, atMark(closed)) : brought;
    const paid = after.cost - held.cost - after.gained * FINE;
    const ahead = after.agreed ? down(atMark(after.size - held.size) - paid) : 0n;
    const beyond = worth > this.atStable(after.instrument, closed, now);
    this.gain(held, now, { gained: after.gained, closed, worth, ahead }, closed !== 0n && beyond);
    held.size = after.size;
    held.cost = after.size === 0n ? 0n : after.cost;
  }

  private bears(account: string, amount: bigint, now: number): void {
    let left = amount;
    for (const instrument of INSTRUMENTS) {
      const held = this.heldBy(account, instrument);
      const kept = this.remembered(held, now);
      const taken = fewest(left, sum(kept.map(({ gained }) => gained)));
      if (taken === 0n) continue;
      left -= taken;
      held.gains = [
        ...kept,
        { window: Math.floor(now / this.terms.window), gained: -taken, closed: 0n, worth: 0n, ahead: 0n },
      ];
      held.gains = this.remembered(held, now);
    }
  }

  /** By how much less may leave than cash less losses. */
  stays(account: string, now: number): { losses: bigint; stays: bigint } {
    const parts = INSTRUMENTS.map((instrument) => {
      const held = this.heldBy(account, instrument);
      const gained = down(held.size * this.markOf(instrument) * FINE - held.cost);
      const there = down(this.atStable(instrument, held.size, now) - held.cost);
      const kept = this.remembered(held, now);
      const part = (of: Exclude<keyof Gain, 'window'>): bigint => sum(kept.map((gain) => gain[of]));
      const open = most(held.cost - this.atStable(instrument, held.size, now), 0n);
      const closed = most(part('worth') - this.atStable(instrument, part('closed'), now), 0n);
      const driven = fewest(part('gained'), most(part('ahead'), 0n) + up(open + closed));
      return {
        counted: gained > 0n ? fewest(gained, most(there, 0n)) : gained,
        driven,
        lost: fewest(driven, most(-gained, 0n)),
      };
    });
    const losses = most(-sum(parts.map(({ counted }) => counted)), 0n);
    const stays = sum(parts.map(({ driven }) => driven)) - fewest(sum(parts.map(({ lost }) => lost)), losses);
    return { losses, stays };
  }
}

function begin(random: Random, terms: Terms): TestHouse {
  const tiers = flatTiers('0.1', '0.05');
  const intervals = [null, HOUR, DAY, 365 * DAY];
  const house = onePerpetual({ price: '100', tiers, interval: random.pick(intervals) });
  definePerpetual(house, 'ETH-PERP', { price: '100', tiers, interval: random.pick(intervals) });
  const period = random.pick([HOUR, DAY, 30 * DAY]);
  const band = formatScaled(terms.band, 2);
  house.send({
    ...{ type: 'SetLossPolicy', currency: 'USD', layers: ['INSURANCE_FUND', 'SOCIALIZED_LOSS'], base: 'GAINS', period },
    ...{ fundTarget: '0', effectiveAt: null, stableWindow: terms.window, stableBand: band },
  });
  for (const account of ACCOUNTS) openAccount(house, account, String(random.between(200, 5000)));
  return house;
}

const SPANS = ['1m', '20m', '1h', '5h', '11h', '24h', '30h'];

function step(random: Random, house: TestHouse): void {
  const [one, other] = [random.pick(ACCOUNTS), random.pick(ACCOUNTS)];
  const instrument = random.pick(INSTRUMENTS);
  const price = Number(house.state.listings.get(instrument)?.mark?.price ?? 0n) / 10;
  const near = (percent: number): string =>
    Math.max(0.1, (price * random.between(100 - percent, 100 + percent)) / 100).toFixed(1);
  const does = random.below(10);
  if (does < 4 && one !== other)
    house.try(tradeOf(one, other, (random.between(1, 200) / 10).toFixed(1), near(5), instrument));
  else if (does < 7) mark(house, near(random.pick([5, 60])), instrument);
  else if (does < 9) house.pass(random.pick(SPANS));
  else if (house.state.book.stateOf(one).status === 'HEALTHY') pay(house, one, String(random.between(1, 500)));
}

/** As much as may leave does, and not a cent more. */
function expectLeaves(house: TestHouse, account: string, free: bigint): void {
  const { status } = house.state.book.stateOf(account);
  if (status !== 'HEALTHY' && status !== 'WARNING') return;
  const leaving = (amount: bigint) =>
    house.try({ type: 'WithdrawCollateral', account, currency: 'USD', amount: formatScaled(amount, 2) });
  expect(leaving(free + 1n)).toMatchObject({ rejection: { code: 'COLLATERAL_ENCUMBERED' } });
  // What stands open of losses may hold it back as well.
  if (free > 0n) expect([undefined, 'WITHDRAWALS_GATED']).toContain(rejectionOf(leaving(free))?.code);
}

test('Ruling 18 what may leave is what a plain reckoning of all gains and marks says, to the cent', () => {
  let held = 0;
  for (let seed = 1; seed <= 60; seed++) {
    const random = randomOf(seed);
    const terms = { window: random.pick([0, HOUR, DAY, DAY, 7 * DAY]), band: random.pick([0n, 10n, 50n, 100n]) };
    const house = begin(random, terms);
    const reckoning = new Reckoning(terms);
    let heard = 0;
    for (let i = 0; i < 60; i++) {
      step(random, house);
      house.send({ type: 'AdvanceTime' });
      for (; heard < house.entries.length; heard++) {
        const entry = house.entries[heard];
        if (entry) for (const event of eventsOf(entry.outcome)) reckoning.hears(event, entry.at);
      }
      for (const id of ACCOUNTS) {
        const account = house.state.book.account(id);
        const { losses, stays } = reckoning.stays(id, house.state.now);
        const { opening, freeCollateral, heldBack } = healthOf(house.state, id);
        const cash = house.state.book.balance(id, 'USD');
        const free = most(cash - stays - losses - opening, 0n);
        expect({ seed, i, id, free: freeCollateral }).toEqual({ seed, i, id, free });
        expect(account && freeIn(house.state, account, 'USD')).toBe(fewest(free, most(cash, 0n)));
        if (heldBack > 0n) held += 1;
      }
      if (random.chance(15)) {
        const id = random.pick(ACCOUNTS);
        expectLeaves(house, id, healthOf(house.state, id).freeCollateral);
      }
    }
    if (seed % 10 === 0) expectReplays(house.state, house.entries);
  }
  expect(held).toBeGreaterThan(500);
});
