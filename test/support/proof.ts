/**
 * The proof that the watch misses nobody: a book of linear and inverse contracts, every other one with rates that rise
 * with open interest and are reviewed on the way, whose accounts and sizes are spread by Zipf,
 * prices that creep, leap, crash and come back, acts in between, and ties planted where equity equals a level, at
 * prices where an owner's notional ends a tier as elsewhere. At every price the accounts the watch names are held
 * against those the oracle finds, and the figures of who is named against its figures.
 */

import { createState } from '../../src/core/engine/genesis';
import { standingOfAccount } from '../../src/core/margin/standing';
import type { State } from '../../src/core/model/state';
import type { Quiet, Surplus, Vigil } from '../../src/core/model/watch';
import { cash, NO_MARGIN, rate, size } from '../../src/units/quantity';
import type { Coin } from '../oracle/coins';
import {
  type Bound,
  type Contract,
  createOracle,
  type Holding,
  type Level,
  type Oracle,
  type Person,
} from '../oracle/watchOracle';
import { defineCoin, GEM, gem, setCoinPrice, WHOLE, writeCoins } from './proofCoins';
import { contractId, define, idOf, type Random, review, START, scale, setPrice, TIERS } from './proofHouse';
import { variedContract, variedTerms } from './proofVaried';
import { randomOf } from './random';

export interface Proof {
  readonly accounts: number;
  readonly contracts: number; // every third is inverse, every other one scaled by open interest
  readonly checks: number; // at least
  readonly ties: number; // at least
  readonly floats: boolean; // whether the oracle leaves out who is far from every level
  readonly seed: number;
  readonly coins?: true; // every other account has part of what it has in a coin whose price moves too
  readonly varied?: true; // every other contract, not scaled, has rates that grow with size, or figures at the entry
}

export interface Proven {
  readonly ticks: number;
  readonly checks: number;
  readonly exact: number;
  readonly ties: number;
  readonly kinks: number; // planted where a tier ends
  readonly crossings: number;
  readonly reviews: number; // of open interest, after each of which somebody's opening requirement is compared
  readonly risen: number; // of these requirements, above initial margin
  readonly named: number;
  readonly coinMoves: number;
  readonly missed: number;
  readonly wrong: number; // figures of the house that are not the oracle's
}

const PARTS = 1_000_000_000_000n;
/** Prices at which notionals can end a tier to the last unit. */
const ROUND = [6_250n, 8_000n, 10_000n, 12_500n, 16_000n, 20_000n];
const LOTS = 100n; // positions are whole multiples, so that requirements are whole numbers of units

const percent = (base: Bound['base'], hundredths: bigint): Bound => ({ base, hundredths });
const LADDER: readonly Level[] = [
  { least: percent('initial', 100n), most: null },
  { least: percent('maintenance', 100n), most: percent('initial', 102n) },
  { least: percent('maintenance', 67n), most: percent('maintenance', 110n) },
  { least: percent('maintenance', 0n), most: percent('maintenance', 120n) },
];

const surplusOver = ({ base, hundredths }: Bound): Surplus => ({
  equity: 100n,
  initial: base === 'initial' ? hundredths : 0n,
  maintenance: base === 'maintenance' ? hundredths : 0n,
  constant: NO_MARGIN,
});

const QUIET: readonly Quiet[] = LADDER.map(({ least, most }) => ({
  notBelow: [surplusOver(least)],
  below: most ? [surplusOver(most)] : [],
  ownersAddUp: true,
}));

export function prove({ accounts, contracts: many, checks, ties, floats, seed, varied, coins }: Proof): Proven {
  const random = randomOf(seed);
  const state = createState();
  const coin = coins && gem();
  const contracts = Array.from(
    { length: many },
    (_, i): Contract => ({
      inverse: i % 3 === 2,
      unit: i % 3 === 2 ? 100_000_000_000n : 1_000n,
      ...(varied ? variedContract(i) : { tiers: TIERS }),
      // Of every third more than 2 % and 1 % below 7,500 and 8,000.
      least:
        i % 3 === 1 && !(varied && i % 2 === 0)
          ? { initial: 150_000n, maintenance: 80_000n }
          : { initial: 0n, maintenance: 0n },
      ramp: null,
      price: START,
      open: 0n,
    }),
  );
  define(state, contracts, variedTerms);
  if (coin) defineCoin(state, coin);
  const people = Array.from({ length: accounts }, (_, i) => personOf(i, accounts, contracts, random));
  for (const [i, person] of people.entries()) if (coin && i % 2 === 0) exchange(person, coin);
  const oracle = createOracle(contracts, people, LADDER, floats, coin);
  for (const [i, { owner }] of people.entries()) {
    const fixed = {
      member: 'm',
      kind: 'CLIENT',
      currency: 'BTC',
      policy: 'p',
      mode: 'CROSS',
      instrument: null,
      leverage: null,
    } as const;
    state.book.open({ id: idOf(i), owner: idOf(owner), ...fixed });
    write(state, oracle, i);
  }
  for (let i = 1; i < many; i += 2) scale(state, oracle, i);
  for (let i = 0; i < accounts; i++) (people[i] as Person).level = oracle.levelOf(i);
  const vigilOf = (id: string): Vigil => QUIET[people[Number(id.slice(2))]?.level ?? QUIET.length] ?? 'ASLEEP';
  state.watch.disarm();
  state.watch.arm(state, vigilOf);

  const counts = {
    ticks: 0,
    kinks: 0,
    crossings: 0,
    reviews: 0,
    risen: 0,
    named: 0,
    missed: 0,
    wrong: 0,
    coinMoves: 0,
  };
  const family = new Map<number, number[]>();
  for (const [i, { owner }] of people.entries()) family.set(owner, [...(family.get(owner) ?? []), i]);
  const changed = (person: number): void => {
    write(state, oracle, person);
    for (const i of family.get((people[person] as Person).owner) ?? []) {
      state.watch.disturb(idOf(i));
      (people[i] as Person).level = oracle.levelOf(i);
    }
    state.watch.settle(state, vigilOf);
  };
  const look = (named: Iterable<string>, expected: Set<number>): void => {
    const all = [...named].map((id) => Number(id.slice(2)));
    counts.named += all.length;
    for (const person of all) {
      expected.delete(person);
      const before = (people[person] as Person).level;
      const level = oracle.levelOf(person);
      (people[person] as Person).level = level;
      if (level !== before) counts.crossings += 1;
      if (!agrees(state, oracle, person)) counts.wrong += 1;
    }
    counts.missed += expected.size;
    if (all.length > 0) state.watch.settle(state, vigilOf);
  };
  const alone = (person: number): boolean => family.get((people[person] as Person).owner)?.length === 1;
  while (oracle.checks < checks || oracle.ties < ties) {
    counts.ticks += 1;
    if (counts.ticks % 7 === 0) act(oracle, random, changed);
    if (counts.ticks % 40 === 0) revive(oracle, random, changed);
    if (counts.ticks % 20 === 0) review(state, oracle, random, counts);
    if (coin && counts.ticks % 3 === 0) {
      const price = plantCoin(oracle, coin, random, changed) ?? nextPrice(coin.price, random, counts.ticks);
      const crossing = new Set(oracle.crossingCoin(price));
      setCoinPrice(state, coin, price);
      counts.coinMoves += 1;
      look(state.watch.indexMoved(state, GEM), crossing);
      continue;
    }
    const planted = counts.ticks % 4 === 0 ? plant(oracle, random, changed, alone, counts) : undefined;
    const contract = planted?.contract ?? zipf(random, many);
    const to = planted?.price ?? nextPrice((contracts[contract] as Contract).price, random, counts.ticks);
    const expected = new Set(oracle.crossing(contract, to));
    setPrice(state, contracts, contract, to);
    look(state.watch.markMoved(state, contractId(contract)), expected);
  }
  return { ...counts, checks: oracle.checks, exact: oracle.exact, ties: oracle.ties };
}

/** A place in a list of which each is half as likely as one of half its number. */
const zipf = (random: Random, length: number): number =>
  Math.min(length - 1, Math.floor(length ** (random.below(1_000_000) / 1_000_000)) - 1);

function personOf(person: number, accounts: number, contracts: readonly Contract[], random: Random): Person {
  const holdings: Holding[] = [];
  // The first of the list are large and hold much of everything, the last are small.
  const weight = Math.max(1, Math.floor((accounts / (person + 1)) ** 0.5));
  for (let n = 0; n < Math.min(contracts.length, 1 + Math.floor(weight / 8) + random.below(3)); n++) {
    const contract = zipf(random, contracts.length);
    if (holdings.some((held) => held.contract === contract)) continue;
    const lots = BigInt(weight * (1 + random.below(20))) * LOTS * (random.chance(60) ? 1n : -1n);
    holdings.push({ contract, lots, cost: costAt(contracts[contract] as Contract, lots, START) });
  }
  const notional = holdings.reduce((sum, { cost }) => sum + (cost < 0n ? -cost : cost) / PARTS, 0n);
  const owner = person % 10 === 9 ? person - 1 - random.below(3) : person;
  return { cash: (notional * BigInt(21 + random.below(400))) / 1000n, level: 0, owner: Math.max(0, owner), holdings };
}

const costAt = ({ inverse, unit }: Contract, lots: bigint, at: bigint): bigint =>
  inverse ? (-lots * unit * PARTS) / at : lots * unit * at * PARTS;

/** Puts a person into the book as the oracle has him. */
function write({ book }: State, oracle: Oracle, person: number): void {
  const id = idOf(person);
  const { cash: money, holdings, coins } = oracle.people[person] as Person;
  book.addBalance(id, 'BTC', cash(money - book.balance(id, 'BTC')));
  if (coins !== undefined) writeCoins(book, id, coins);
  for (const { contract, lots, cost } of holdings) {
    const whole = cost >= 0n ? cost / PARTS : -((-cost + PARTS - 1n) / PARTS);
    const fraction = rate(cost - whole * PARTS);
    const position = { size: size(lots), cost: cash(whole), bids: size(0n), asks: size(0n), gain: cash(0n) };
    book.setPosition(
      id,
      contractId(contract),
      lots === 0n ? undefined : fraction === 0n ? position : { ...position, fraction },
    );
  }
  oracle.touch(person);
}

function agrees(state: State, oracle: Oracle, person: number): boolean {
  const { equity, initial, maintenance } = standingOfAccount(state, idOf(person));
  const own = oracle.figuresOf(person);
  return equity === own.equity && initial === own.initial && maintenance === own.maintenance;
}

/** Creeps, leaps, and for a while crashes; turns where prices have become very low or high. */
function nextPrice(now: bigint, random: Random, tick: number): bigint {
  const at = Number(now);
  if (at < 2_500) return now * 2n;
  if (at > 60_000) return now / 3n;
  const [reach, drift] = tick % 400 < 300 ? [0.0006, 0] : tick % 400 < 370 ? [0.01, -0.002] : [0.04, 0.01];
  return BigInt(
    Math.max(
      1,
      Math.round(at * (1 + random.between(-1_000_000, 1_000_000) * 1e-6 * reach + drift)) + random.below(3) - 1,
    ),
  );
}

/** A deposit, a withdrawal or a trade at the mark. */
function act({ people, contracts }: Oracle, random: Random, changed: (person: number) => void): void {
  const person = random.below(people.length);
  const who = people[person] as Person;
  const { holdings } = who;
  const holding = holdings[random.below(Math.max(1, holdings.length))];
  if (who.coins !== undefined && random.chance(50)) {
    const after = who.coins + BigInt(random.between(-300, 600)) * WHOLE;
    who.coins = after < 0n ? 0n : after;
  } else if (!holding || random.chance(50)) who.cash += BigInt(random.between(-1_000_000_000, 2_000_000_000));
  else {
    const lots = BigInt(random.between(-20, 20)) * LOTS;
    const of = contracts[holding.contract] as Contract;
    holding.lots += lots;
    holding.cost += costAt(of, lots, of.price);
    // What a closed position has come to is money, as it is in the house.
    if (holding.lots === 0n) {
      who.cash -= holding.cost / PARTS;
      holding.cost = 0n;
    }
  }
  changed(person);
}

/** Who has nothing left is paid in for and begins again. */
function revive(oracle: Oracle, random: Random, changed: (person: number) => void): void {
  for (const [i, person] of oracle.people.entries()) {
    if (person.level !== LADDER.length) continue;
    const { equity, initial } = oracle.figuresOf(i);
    person.cash += (initial * BigInt(100 + random.below(900)) - equity * 100n) / (100n * PARTS) + 1n;
    person.level = 0;
    changed(i);
  }
}

/**
 * Makes equity of somebody equal a bound of his level to the last part at the next price of what he holds, or miss it
 * by one; every other time at a price and with a size at which his owner's notional ends a tier.
 */
function plant(
  oracle: Oracle,
  random: Random,
  changed: (person: number) => void,
  alone: (person: number) => boolean,
  counts: { kinks: number },
): { readonly contract: number; readonly price: bigint } | undefined {
  const { people, contracts } = oracle;
  const person = random.below(people.length);
  const who = people[person] as Person;
  const holding = who.holdings[random.below(Math.max(1, who.holdings.length))];
  if (!holding || holding.lots === 0n || who.level >= LADDER.length) return undefined;
  const of = contracts[holding.contract] as Contract;
  const now = of.price;
  let to = now + BigInt(random.between(-3, 3));
  if (random.chance(50) && alone(person)) {
    to = random.pick(ROUND);
    const { cap } = random.pick(TIERS.slice(0, -1));
    const lots = of.inverse ? ((cap ?? 0n) * to) / of.unit : (cap ?? 0n) / (of.unit * to);
    const paid = costAt(of, lots - (holding.lots < 0n ? -holding.lots : holding.lots), now);
    holding.cost += holding.lots < 0n ? -paid : paid;
    holding.lots = holding.lots < 0n ? -lots : lots;
    oracle.touch(person);
    counts.kinks += 1;
  }
  of.price = to;
  const spare = oracle.spareOf(person);
  of.price = now;
  spend(holding, of, spare, random);
  changed(person);
  return { contract: holding.contract, price: to };
}

/** So that nothing is to spare, or not enough by one. */
function spend(holding: Holding, { inverse }: Contract, spare: bigint, random: Random): void {
  const grain = inverse ? 1n : PARTS;
  const short = random.chance(50) ? 0n : 1n;
  // Two thirds of a requirement are rarely whole: nobody's equity can meet that.
  if (spare % (100n * grain) === 0n) holding.cost += spare / 100n + short * grain;
}

/** The same at the next price of the coin, for somebody who has some. */
function plantCoin(oracle: Oracle, coin: Coin, random: Random, changed: (person: number) => void): bigint | undefined {
  const person = random.below(oracle.people.length);
  const { coins = 0n, holdings, level } = oracle.people[person] as Person;
  const holding = holdings[random.below(Math.max(1, holdings.length))];
  if (!holding || holding.lots === 0n || coins === 0n || level >= LADDER.length) return undefined;
  const now = coin.price;
  coin.price = now + BigInt(random.between(-3, 3));
  const to = coin.price;
  const spare = oracle.spareOf(person);
  coin.price = now;
  spend(holding, oracle.contracts[holding.contract] as Contract, spare, random);
  changed(person);
  return to;
}

/** Has three quarters of its money in coins, at their whole price. */
function exchange(person: Person, { perTick, price }: Coin): void {
  const units = (((person.cash * PARTS * 3n) / 4n / (perTick * price) + WHOLE - 1n) / WHOLE) * WHOLE;
  person.cash -= (person.cash * 3n) / 4n;
  person.coins = units;
}
