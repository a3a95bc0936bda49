/**
 * The oracle of the watch: it adds accounts up anew at every price, in plain integers of its own, and says who has to
 * change level. It imports nothing of the house: contracts, tiers and levels are told to it in numbers, and it knows
 * what a contract is worth, what tiers ask for, and how rates rise with open interest from their definitions alone
 * (QC-2, MT-1, MT-3, MT-6 to MT-8, ruling 25, S13), and what collateral counts for (RB-4). Where very many checks are
 * wanted, floats with a bound of a thousand times their error leave out who is far from every level.
 */

import { type Coin, coinsWorth } from './coins';
import { ONE, RATES, type Varied, variedRate } from './varied';

const PARTS = 1_000_000_000_000n; // of a unit of cash

export interface Tier {
  readonly floor: bigint; // cash
  readonly cap: bigint | null;
  readonly initial: bigint; // rates over RATES
  readonly maintenance: bigint;
}

export interface Contract {
  readonly inverse: boolean;
  readonly unit: bigint; // cash a lot is worth at a price of one tick
  readonly tiers: readonly Tier[];
  readonly least: { readonly initial: bigint; readonly maintenance: bigint }; // cash of a lot, whatever its price
  readonly varied?: Varied; // then there is one tier, unless figures are taken at the entry
  ramp: { readonly lower: bigint; readonly upper: bigint } | null; // of open notional, in cash
  price: bigint; // ticks
  open: bigint; // notional at the last review, cash
}

export interface Holding {
  readonly contract: number;
  lots: bigint; // above zero: long
  cost: bigint; // parts
}

export interface Person {
  cash: bigint;
  level: number;
  readonly owner: number;
  readonly holdings: Holding[];
  coins?: bigint; // units of the coin that is collateral
}

/** A share of a requirement, in hundredths. */
export interface Bound {
  readonly base: 'initial' | 'maintenance';
  readonly hundredths: bigint;
}

/** One level down the ladder where equity is below `least`, one up where it is not below `most`. */
export interface Level {
  readonly least: Bound;
  readonly most: Bound | null;
}

export interface Figures {
  readonly equity: bigint; // parts
  readonly initial: bigint;
  readonly maintenance: bigint;
}

export interface Oracle {
  readonly people: readonly Person[];
  readonly contracts: readonly Contract[];
  readonly checks: number;
  readonly exact: number; // of these, in integers
  readonly ties: number; // of these, equity exactly at a bound
  figuresOf(person: number): Figures;
  /** What new risk and withdrawals of a person have to leave covered, by the last reviews. Unit: parts. */
  openingOf(person: number): bigint;
  /** Counts what is open of a contract and sets its rates by it. */
  review(contract: number): void;
  /** Equity above the bound of the level below, in hundredths of a part. */
  spareOf(person: number): bigint;
  /** Where a person belongs, level by level, from the one he is on. */
  levelOf(person: number): number;
  /** Everybody with lots of the contract who would change level at a price. */
  crossing(contract: number, price: bigint): number[];
  /** Everybody with coins who would change level at a price of the coin. */
  crossingCoin(price: bigint): number[];
  /** Something about a person has changed. */
  touch(person: number): void;
}

const sizeOf = (lots: bigint): bigint => (lots < 0n ? -lots : lots);
const up = (above: bigint, below: bigint): bigint => (above + below - 1n) / below; // both above zero

/**
 * Gains are differences of worths: of an inverse contract a long position gains when the reciprocal of the price falls.
 */
const worthOf = ({ inverse, unit, price }: Contract, lots: bigint): bigint =>
  inverse ? (-lots * unit * PARTS) / price : lots * unit * price * PARTS;

type RateOf = (tier: Tier) => readonly [above: bigint, below: bigint];

const atRate =
  (base: Bound['base']): RateOf =>
  (tier) => [tier[base], RATES];

/**
 * The initial rate r that has risen to r + (1 - r) x rise, in millionths rounded down; where nothing has risen r
 * itself.
 */
const atRisenRate =
  ({ ramp, open }: Contract): RateOf =>
  ({ initial }) => {
    if (ramp === null || open <= ramp.lower) return [initial, RATES];
    const [over, width] = [
      open >= ramp.upper ? 1n : open - ramp.lower,
      open >= ramp.upper ? 1n : ramp.upper - ramp.lower,
    ];
    const risen = ((initial * width + (RATES - initial) * over) * 1_000_000n) / (RATES * width);
    return risen * RATES > initial * 1_000_000n ? [risen, 1_000_000n] : [initial, RATES];
  };

/**
 * What so many lots out of all that the owner has require: each slice of his notional at its own rate, and of that the
 * share of the lots.
 */
function required({ inverse, unit, tiers, price }: Contract, lots: bigint, owned: bigint, rateOf: RateOf): bigint {
  if (lots === 0n) return 0n;
  const [notional, over] = inverse ? [owned * unit, price] : [owned * unit * price, 1n];
  const common = RATES * 1_000_000n;
  let sum = 0n;
  for (const tier of tiers) {
    const from = tier.floor * over;
    const to = tier.cap === null || notional < tier.cap * over ? notional : tier.cap * over;
    const [above, below] = rateOf(tier);
    if (to > from) sum += (to - from) * above * (common / below);
  }
  return up(sum * lots * PARTS, common * over * owned);
}

/** The same where a rate is one of the whole, or a figure is taken at what the position was entered at. */
function variedRequired(of: Contract, { lots, cost }: Holding, owned: bigint, base: Bound['base']): bigint {
  if (lots === 0n) return 0n;
  const { inverse, unit, price, tiers } = of;
  const held = sizeOf(lots);
  if (of.varied?.atEntry.includes(base)) {
    // Of the slices of all that the owner has, had it been entered at the price of this.
    const notional = sizeOf(cost) * owned;
    const over = held * PARTS;
    let sum = 0n;
    for (const tier of tiers) {
      const to = tier.cap === null || notional < tier.cap * over ? notional : tier.cap * over;
      if (to > tier.floor * over) sum += (to - tier.floor * over) * tier[base];
    }
    return up(sum * held * PARTS, RATES * over * owned);
  }
  if (of.varied?.atEntry.length) return required(of, held, owned, atRate(base));
  const rate = variedRate(of, lots < 0n, owned, base);
  return inverse ? up(held * unit * rate * PARTS, price * ONE) : up(held * unit * price * rate * PARTS, ONE);
}

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** The same, and never less than what is stated for each lot.  S13 */
const requiredAtLeast = (of: Contract, lots: bigint, owned: bigint, rateOf: RateOf, base: Bound['base']): bigint =>
  larger(required(of, lots, owned, rateOf), of.least[base] * lots * PARTS);

export function createOracle(
  contracts: readonly Contract[],
  people: readonly Person[],
  ladder: readonly Level[],
  floats: boolean,
  coin?: Coin,
): Oracle {
  const counts = { checks: 0, exact: 0, ties: 0 };
  const owned: Map<number, bigint>[] = contracts.map(() => new Map()); // by owner
  const holders: Set<number>[] = contracts.map(() => new Set());
  const known: (readonly Holding[])[] = people.map(() => []); // as counted in the two above
  const rough = createRough(contracts, people, ladder, (contract, owner) => owned[contract]?.get(owner) ?? 0n);

  function touch(person: number): void {
    const { owner, holdings } = people[person] as Person;
    const add = ({ contract, lots }: Holding, sign: bigint): void => {
      const all = owned[contract] as Map<number, bigint>;
      all.set(owner, (all.get(owner) ?? 0n) + sign * sizeOf(lots));
    };
    for (const holding of known[person] as readonly Holding[]) {
      add(holding, -1n);
      holders[holding.contract]?.delete(person);
    }
    known[person] = holdings.map((holding) => ({ ...holding }));
    for (const holding of holdings) {
      add(holding, 1n);
      if (holding.lots !== 0n) holders[holding.contract]?.add(person);
    }
    rough.touch(person);
  }

  function figuresOf(person: number): Figures {
    const { cash, owner, holdings, coins = 0n } = people[person] as Person;
    let [equity, initial, maintenance] = [cash * PARTS + (coin ? coinsWorth(coin, coins) : 0n), 0n, 0n];
    for (const { contract, lots, cost } of holdings) {
      const of = contracts[contract] as Contract;
      const all = owned[contract]?.get(owner) ?? 0n;
      equity += worthOf(of, lots) - cost;
      if (of.varied) {
        initial += variedRequired(of, { contract, lots, cost }, all, 'initial');
        maintenance += variedRequired(of, { contract, lots, cost }, all, 'maintenance');
        continue;
      }
      initial += requiredAtLeast(of, sizeOf(lots), all, atRate('initial'), 'initial');
      maintenance += requiredAtLeast(of, sizeOf(lots), all, atRate('maintenance'), 'maintenance');
    }
    return { equity, initial, maintenance };
  }

  const over = (figures: Figures, { base, hundredths }: Bound): bigint =>
    figures.equity * 100n - figures[base] * hundredths;

  function levelOf(person: number): number {
    const figures = figuresOf(person);
    let { level } = people[person] as Person;
    for (let at = ladder[level]; at; at = ladder[level]) {
      if (over(figures, at.least) === 0n) counts.ties += 1;
      if (over(figures, at.least) < 0n) level += 1;
      else if (at.most && over(figures, at.most) >= 0n) level -= 1;
      else return level;
    }
    return level;
  }

  function crossingOf(of: { price: bigint }, price: bigint, concerned: Iterable<number>): number[] {
    const before = of.price;
    of.price = price;
    const crossed: number[] = [];
    for (const person of concerned) {
      const { level } = people[person] as Person;
      if (level === ladder.length) continue; // nobody watches who has nothing
      counts.checks += 1;
      if (floats && rough.isFar(person)) continue;
      counts.exact += 1;
      if (levelOf(person) !== level) crossed.push(person);
    }
    of.price = before;
    return crossed;
  }

  for (let person = 0; person < people.length; person++) touch(person);
  return {
    people,
    contracts,
    get checks() {
      return counts.checks;
    },
    get exact() {
      return counts.exact;
    },
    get ties() {
      return counts.ties;
    },
    figuresOf,
    levelOf,
    touch,
    openingOf(person) {
      const { owner, holdings } = people[person] as Person;
      let opening = 0n;
      for (const { contract, lots, cost } of holdings) {
        const of = contracts[contract] as Contract;
        if (of.varied) {
          opening += variedRequired(of, { contract, lots, cost }, owned[contract]?.get(owner) ?? 0n, 'initial');
          continue;
        }
        opening += requiredAtLeast(of, sizeOf(lots), owned[contract]?.get(owner) ?? 0n, atRisenRate(of), 'initial');
      }
      return opening;
    },
    review(contract) {
      const of = contracts[contract] as Contract;
      let long = 0n;
      for (const person of holders[contract] as Set<number>)
        for (const held of (people[person] as Person).holdings)
          if (held.contract === contract && held.lots > 0n) long += held.lots;
      of.open = of.inverse ? up(long * of.unit, of.price) : long * of.unit * of.price;
    },
    spareOf(person) {
      const at = ladder[people[person]?.level ?? ladder.length];
      return at ? over(figuresOf(person), at.least) : 0n;
    },
    crossing(contract, price) {
      return crossingOf(contracts[contract] as Contract, price, holders[contract] as Set<number>);
    },
    crossingCoin(price) {
      return coin
        ? crossingOf(
            coin,
            price,
            [...people.keys()].filter((person) => people[person]?.coins),
          )
        : [];
    },
  };
}

/**
 * The same in floats, for who is far from every bound of his level: a bound of 1e-10 of all terms without their signs.
 */
function createRough(
  contracts: readonly Contract[],
  people: readonly Person[],
  ladder: readonly Level[],
  ownedOf: (contract: number, owner: number) => bigint,
) {
  interface Leg {
    readonly contract: number;
    readonly gained: number;
    readonly cost: number;
    readonly notional: number; // of the owner, at a factor of one
    readonly share: number;
    readonly lots: number; // without sign
  }
  const legs: (readonly Leg[] | undefined)[] = people.map(() => undefined);
  const byOwner = new Map<number, number[]>();
  for (const [i, { owner }] of people.entries()) byOwner.set(owner, [...(byOwner.get(owner) ?? []), i]);
  const tiers = contracts.map((of) =>
    of.tiers.map(
      ({ floor, initial, maintenance }) =>
        [Number(floor), Number(initial) / Number(RATES), Number(maintenance) / Number(RATES)] as const,
    ),
  );

  function legsOf(person: number): readonly Leg[] {
    const made = legs[person];
    if (made) return made;
    const { owner, holdings } = people[person] as Person;
    const fresh = holdings
      .filter(({ lots }) => lots !== 0n)
      .map(({ contract, lots, cost }): Leg => {
        const { inverse, unit } = contracts[contract] as Contract;
        const owned = Number(ownedOf(contract, owner));
        return {
          contract,
          gained: (inverse ? -1 : 1) * Number(lots * unit),
          cost: Number(cost) / Number(PARTS),
          notional: owned * Number(unit),
          share: Math.abs(Number(lots)) / owned,
          lots: Math.abs(Number(lots)),
        };
      });
    legs[person] = fresh;
    return fresh;
  }

  return {
    touch(person: number): void {
      for (const each of byOwner.get((people[person] as Person).owner) ?? []) legs[each] = undefined;
    },
    isFar(person: number): boolean {
      const { cash, level, coins } = people[person] as Person;
      if (coins) return false;
      let [equity, initial, maintenance] = [Number(cash), 0, 0];
      let size = Math.abs(equity);
      for (const { contract, gained, cost, notional, share, lots } of legsOf(person)) {
        const { inverse, price, least, varied } = contracts[contract] as Contract;
        if (varied) return false;
        const factor = inverse ? 1 / Number(price) : Number(price);
        equity += gained * factor - cost;
        size += Math.abs(gained * factor) + Math.abs(cost);
        const all = notional * factor;
        const of = tiers[contract] as (typeof tiers)[number];
        let [first, kept] = [0, 0];
        for (let i = 0; i < of.length; i++) {
          const [floor, atStart, atMaintenance] = of[i] as (typeof of)[number];
          if (all <= floor) break;
          const slice = (i + 1 < of.length ? Math.min(all, of[i + 1]?.[0] as number) : all) - floor;
          first += share * slice * atStart;
          kept += share * slice * atMaintenance;
        }
        initial += Math.max(first, Number(least.initial) * lots);
        maintenance += Math.max(kept, Number(least.maintenance) * lots);
        size += share * all + Number(least.initial) * lots;
      }
      const { least, most } = ladder[level] as Level;
      const over = ({ base, hundredths }: Bound): number =>
        equity - ((base === 'initial' ? initial : maintenance) * Number(hundredths)) / 100;
      const doubt = size * 1e-10;
      return over(least) > doubt && (most === null || over(most) < -doubt);
    },
  };
}
