/**
 * The proof that no crossing is missed: at every tick, the accounts that changed level by the watch are compared with
 * those that an exact scan of everybody finds. The scan knows nothing of zones: it adds each account up anew, in floats
 * with an error bound of its own, and in integers where that leaves a doubt. Prices creep, leap, crash and come back;
 * trades and deposits go on; ties, where equity equals a level to the last unit, are planted on the way.
 */

import type { ColumnBook } from '../../dist/core/book/columnBook';
import { standingOfAccount } from '../../dist/core/margin/standing';
import type { Surplus } from '../../dist/core/model/watch';
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
    if (ticks % 20 === 0) reviveBankrupt(world, random);
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
    // What a closed position has come to is money, as it is in the house.
    const closed = held === 0n;
    if (closed && paid !== 0n) book.addBalance(id, 'USD', cash(-paid));
    book.setPosition(id, `I-${instrument}`, {
      ...{ size: size(held), cost: closed ? cash(0n) : paid },
      ...{ bids: size(0n), asks: size(0n), gain: cash(0n) },
    });
  }
  watch.disturb(id);
  resettle(world, account);
}

/**
 * Who has nothing left is paid in for and begins again: a check of somebody nobody watches any more would say nothing.
 */
function reviveBankrupt(world: World, random: Numbers): void {
  const { book, watch } = world.state;
  for (let account = 0; account < world.accounts; account++) {
    if (world.levels[account] !== LEVELS) continue;
    const id = world.idOf(account);
    const { equity, initial } = standingOfAccount(world.state, id);
    const wanted = (initial * BigInt(100 + random.below(900))) / 100n;
    book.addBalance(id, 'USD', cash((wanted - equity) / MARGIN_PER_CASH + 1n));
    world.levels[account] = 0;
    watch.disturb(id);
    resettle(world, account);
  }
}

/** What an account's own act does to its level is known at once; the watch is to tell of prices. */
function resettle(world: World, account: number): void {
  const { levels, state } = world;
  for (let next = world.nextLevel(account); next !== levels[account]; next = world.nextLevel(account))
    levels[account] = next;
  state.watch.settle(state, world.vigilOf);
}

/**
 * Sets the cash of an account so that at the next price of one of its instruments its equity equals a level, to the
 * last unit.
 */
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

/** A condition in floats: equity - initial x `initial` - maintenance x `maintenance`, compared with zero. */
interface Line {
  readonly initial: number;
  readonly maintenance: number;
}

function createScan(world: World): ExactScan {
  const { state, levels } = world;
  const { columns, accountNames, instrumentNames } = state.book as ColumnBook;
  const rows = Int32Array.from({ length: world.accounts }, (_, account) => accountNames.find(world.idOf(account)));
  // Instruments of the book are numbered in the order in which it met them.
  const numbers = Int32Array.from({ length: world.instruments }, (_, instrument) =>
    instrumentNames.find(`I-${instrument}`),
  );
  const prices = new Float64Array(world.instruments + 1);
  const tiers = [...state.listings.values()][0]?.tiers;
  if (!tiers) throw new Error('No tiers');
  const share = (numerator: bigint): number => Number(numerator) / Number(tiers.denominator);
  const caps = Float64Array.from(tiers.tiers, ({ cap }) => (cap === null ? Number.POSITIVE_INFINITY : Number(cap)));
  const initialRate = Float64Array.from(tiers.tiers, (tier) => share(tier.initialRate));
  const initialOff = Float64Array.from(tiers.tiers, (tier) => share(tier.initialDeduction));
  const maintenanceRate = Float64Array.from(tiers.tiers, (tier) => share(tier.maintenanceRate));
  const maintenanceOff = Float64Array.from(tiers.tiers, (tier) => share(tier.maintenanceDeduction));
  const lineOf = ({ equity, initial, maintenance }: Surplus): Line => ({
    initial: Number(initial) / Number(equity),
    maintenance: Number(maintenance) / Number(equity),
  });
  const ladder = Array.from({ length: LEVELS }, (_, level) => ({
    notBelow: (world.quietOf(level)?.notBelow ?? []).map(lineOf),
    below: (world.quietOf(level)?.below ?? []).map(lineOf),
  }));
  const counts = { checks: 0, exact: 0, ties: 0 };

  /** Whether floats cannot say beyond doubt that the account stays on its level. */
  function doubtful(account: number): boolean {
    const level = ladder[levels[account] as number];
    if (!level) return false; // bankrupt: nobody watches it
    counts.checks += 1;
    const place = rows[account] as number;
    let equity = columns.accounts.cash[place] as number;
    let initial = 0;
    let maintenance = 0;
    let scale = Math.abs(equity);
    for (let row = columns.accounts.first[place] as number; row >= 0; row = columns.positions.next[row] as number) {
      const value =
        (columns.positions.size[row] as number) * (prices[columns.positions.instrument[row] as number] as number);
      const cost = columns.positions.cost[row] as number;
      const notional = Math.abs(value);
      let tier = 0;
      while (notional > (caps[tier] as number)) tier += 1;
      equity += value - cost;
      initial += notional * (initialRate[tier] as number) - (initialOff[tier] as number);
      maintenance += notional * (maintenanceRate[tier] as number) - (maintenanceOff[tier] as number);
      scale += 3 * notional + Math.abs(cost);
    }
    for (const line of level.notBelow)
      if (!(equity - line.initial * initial - line.maintenance * maintenance > DOUBT * scale)) return true;
    if (level.below.length === 0) return false;
    for (const line of level.below)
      if (equity - line.initial * initial - line.maintenance * maintenance < -DOUBT * scale) return false;
    return true;
  }

  /** Prices by the number an instrument has in the book, which a trade may have given it since. */
  function readPrices(): void {
    for (let instrument = 0; instrument < world.instruments; instrument++) {
      let number = numbers[instrument] as number;
      if (number < 0) number = numbers[instrument] = instrumentNames.find(`I-${instrument}`);
      if (number >= 0) prices[number] = world.ticks[instrument] as number;
    }
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
      readPrices();
      const crossed: number[] = [];
      for (let account = 0; account < world.accounts; account++) {
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
