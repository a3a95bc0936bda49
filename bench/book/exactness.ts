/**
 * The proof that no crossing is missed: at every tick, the accounts that changed level by the watch are compared with those
 * that an exact scan of everybody finds. The scan knows nothing of zones: it adds each account up anew, in floats with an
 * error bound of its own, and in integers where that leaves a doubt. Prices creep, leap, crash and come back; trades and
 * deposits go on; ties, where equity equals a level to the last unit, are planted on the way.
 */

import type { ColumnBook } from '../../dist/core/book/columnBook';
import { standingOfAccount } from '../../dist/core/margin/standing';
import { cash, MARGIN_PER_CASH, size } from '../../dist/units/quantity';
import { task } from '../task';
import { arm, createWorld, LEVELS, LOTS, type Numbers, numbersFrom, surplusIn, tick, type World } from './world';

export interface ExactnessInput {
  readonly accounts: number;
  readonly instruments: number;
  readonly checks: number; // account checks of the scan, at least
  readonly ties: number; // ties met, at least
  readonly path: 'NORMAL' | 'WILD' | 'CRASH';
  readonly seed: number;
}

export interface ExactnessOutput {
  readonly path: ExactnessInput['path'];
  readonly ticks: number;
  readonly checks: number;
  readonly exact: number; // of these, decided in integers
  readonly ties: number; // equity equal to a level that counts, to the last unit
  readonly crossings: number;
  readonly differences: number;
}

const MOVES = { NORMAL: [0.0004, 0], WILD: [0.02, 0], CRASH: [0.0006, -0.00025] } as const;

task(async (input: ExactnessInput): Promise<ExactnessOutput> => {
  const world = createWorld(input);
  arm(world);
  const random = numbersFrom(input.seed + 1);
  const scan = createScan(world);
  const [volatility, drift] = MOVES[input.path];
  let [ticks, crossings, differences] = [0, 0, 0];
  while (scan.checks < input.checks || scan.ties < input.ties) {
    ticks += 1;
    if (ticks % 7 === 0) act(world, random, random.below(input.instruments));
    const planted = ticks % 5 === 0 ? plantTie(world, random) : undefined;
    const instrument = planted?.instrument ?? random.below(input.instruments);
    const to = planted?.price ?? nextPrice(world.ticks[instrument] as number, random, volatility, drift);
    const expected = scan.before(instrument, to);
    const moved = tick(world, instrument, to);
    crossings += moved.length;
    differences += differing(expected, moved);
  }
  return { path: input.path, ticks, checks: scan.checks, exact: scan.exact, ties: scan.ties, crossings, differences };
});

/** A crash turns when prices have come down to a quarter, and prices have room on both sides. */
function nextPrice(now: number, random: Numbers, volatility: number, drift: number): number {
  if (now < 2_500) return now + Math.floor(now * 0.9);
  if (now > 40_000) return Math.floor(now / 3);
  return Math.round(now * (1 + random.normal() * volatility + drift)) + random.below(3) - 1;
}

function differing(expected: readonly number[], moved: readonly number[]): number {
  const [a, b] = [new Set(expected), new Set(moved)];
  let count = 0;
  for (const account of a) if (!b.has(account)) count += 1;
  for (const account of b) if (!a.has(account)) count += 1;
  return count;
}

/** A deposit, a withdrawal or a trade at the mark by a random account; it may cross a level by that alone. */
function act(world: World, random: Numbers, instrument: number): void {
  const account = random.below(world.accounts);
  const id = world.idOf(account);
  const { book, watch } = world.state;
  if (random.below(2) === 0) book.addBalance(id, 'USD', cash(BigInt(random.below(200_000) - 90_000)));
  else {
    const before = book.position(id, `I-${instrument}`);
    const lots = BigInt(random.below(41) - 20) * LOTS;
    const held = (before?.size ?? 0n) + lots;
    const paid = cash((before?.cost ?? 0n) + lots * BigInt(world.ticks[instrument] as number));
    book.setPosition(id, `I-${instrument}`, { size: size(held), cost: paid, bids: size(0n), asks: size(0n), gain: cash(0n) });
  }
  watch.disturb(id);
  resettle(world, account);
}

/** What an account's own act does to its level is known at once; the watch is to tell of prices. */
function resettle(world: World, account: number): void {
  const { levels, state } = world;
  for (let next = world.nextLevel(account); next !== levels[account]; next = world.nextLevel(account)) levels[account] = next;
  state.watch.settle(state, world.vigilOf);
}

/** Sets the cash of an account so that at the next price of one of its instruments its equity equals a level, to the last unit. */
function plantTie(world: World, random: Numbers): { readonly instrument: number; readonly price: number } | undefined {
  const account = random.below(world.accounts);
  const id = world.idOf(account);
  const { book, watch } = world.state;
  const [condition] = world.quietOf(world.levels[account] as number)?.notBelow ?? [];
  const held = [...book.positions(id)];
  const [name] = held[random.below(Math.max(1, held.length))] ?? [];
  if (!condition || name === undefined) return undefined;
  const instrument = Number(name.slice(2));
  const now = world.ticks[instrument] as number;
  const price = now + random.below(7) - 3;
  world.setPrice(instrument, price);
  const standing = standingOfAccount(world.state, id);
  world.setPrice(instrument, now);
  const missing = -surplusIn(condition, standing);
  const unit = condition.equity * MARGIN_PER_CASH;
  // Two thirds of a requirement are rarely a whole number of units: nobody's cash can meet that.
  if (missing % unit !== 0n) return undefined;
  book.addBalance(id, 'USD', cash(missing / unit));
  watch.disturb(id);
  resettle(world, account);
  return { instrument, price };
}

interface ExactScan {
  readonly checks: number;
  readonly exact: number;
  readonly ties: number;
  /** Accounts that will have changed level once the instrument has the price. */
  before(instrument: number, to: number): number[];
}

/** Relative error of a sum of up to a few hundred products, generously. */
const DOUBT = 1e-11;

function createScan(world: World): ExactScan {
  const { state, levels } = world;
  const { columns, accountNames } = state.book as ColumnBook;
  const rows = Int32Array.from({ length: world.accounts }, (_, account) => accountNames.find(world.idOf(account)));
  const tiers = [...state.listings.values()][0]?.tiers;
  if (!tiers) throw new Error('No tiers');
  const caps = tiers.tiers.map(({ cap }) => (cap === null ? Number.POSITIVE_INFINITY : Number(cap)));
  const share = (numerator: bigint): number => Number(numerator) / Number(tiers.denominator);
  const pieces = tiers.tiers.map((tier) => ({
    initial: [share(tier.initialRate), share(tier.initialDeduction)] as const,
    maintenance: [share(tier.maintenanceRate), share(tier.maintenanceDeduction)] as const,
  }));
  const instrumentOf = (state.book as ColumnBook).instrumentNames;
  const counts = { checks: 0, exact: 0, ties: 0 };

  /** How far above each level of its ladder an account is, relative to what it is made of; NaN where floats cannot say. */
  function doubtful(account: number): boolean {
    const level = levels[account] as number;
    if (level >= LEVELS) return false;
    const place = rows[account] as number;
    let equity = columns.accounts.cash[place] as number;
    let [initial, maintenance, scale] = [0, 0, Math.abs(equity)];
    for (let row = columns.accounts.first[place] as number; row >= 0; row = columns.positions.next[row] as number) {
      const at = world.ticks[Number(instrumentOf.name(columns.positions.instrument[row] as number).slice(2))] as number;
      const value = (columns.positions.size[row] as number) * at;
      const cost = columns.positions.cost[row] as number;
      const notional = Math.abs(value);
      const piece = pieces[caps.findIndex((cap) => notional <= cap)] as (typeof pieces)[number];
      equity += value - cost;
      initial += notional * piece.initial[0] - piece.initial[1];
      maintenance += notional * piece.maintenance[0] - piece.maintenance[1];
      scale += notional + Math.abs(cost) + 2 * notional;
    }
    const quiet = world.quietOf(level);
    const clear = (one: { equity: bigint; initial: bigint; maintenance: bigint }, above: boolean): boolean => {
      const surplus = equity - (Number(one.initial) * initial + Number(one.maintenance) * maintenance) / Number(one.equity);
      return above ? surplus > DOUBT * scale : surplus < -DOUBT * scale;
    };
    return !(
      quiet?.notBelow.every((one) => clear(one, true)) &&
      (quiet.below.length === 0 || quiet.below.some((one) => clear(one, false)))
    );
  }

  return {
    get checks() {
      return counts.checks;
    },
    get exact() {
      return counts.exact;
    },
    get ties() {
      return counts.ties;
    },
    before(instrument, to) {
      const now = world.ticks[instrument] as number;
      world.setPrice(instrument, to);
      const crossed: number[] = [];
      for (let account = 0; account < world.accounts; account++) {
        counts.checks += 1;
        if (!doubtful(account)) continue;
        counts.exact += 1;
        const standing = standingOfAccount(state, world.idOf(account));
        const quiet = world.quietOf(levels[account] as number);
        if (quiet?.notBelow.some((one) => surplusIn(one, standing) === 0n)) counts.ties += 1;
        if (world.nextLevel(account, standing) !== levels[account]) crossed.push(account);
      }
      world.setPrice(instrument, now);
      return crossed;
    },
  };
}
