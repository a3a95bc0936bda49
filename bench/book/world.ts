/**
 * A book of any size for the benchmark: accounts with positions in three hundred instruments, written straight into the
 * book, and a ladder of four levels that an account can go down and up. Seeded: the same size gives the same book.
 */

import { execute } from '../../dist/core/engine/execute';
import { createState } from '../../dist/core/engine/genesis';
import { isKept } from '../../dist/core/engine/quiet';
import { type Standing, standingOfAccount } from '../../dist/core/margin/standing';
import type { Command } from '../../dist/core/message/command';
import { SYSTEM } from '../../dist/core/model/actor';
import type { State } from '../../dist/core/model/state';
import type { Quiet, Surplus, Vigil } from '../../dist/core/model/watch';
import { cash, instant, NO_MARGIN, price, size } from '../../dist/units/quantity';

export const POSITIONS = 4; // an account
export const START = 10_000; // ticks, of every instrument
/**
 * Positions are whole multiples of this many lots, so that requirements are whole numbers of units: ties can be
 * planted.
 */
export const LOTS = 100n;

/** Whole numbers, the same on every run. */
export interface Numbers {
  below(limit: number): number;
  /** About normal, mean zero, variance one. */
  normal(): number;
}

export function numbersFrom(seed: number): Numbers {
  let state = seed >>> 0;
  const below = (limit: number): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let z = state;
    z = Math.imul(z ^ (z >>> 15), z | 1);
    z ^= z + Math.imul(z ^ (z >>> 7), z | 61);
    return ((z ^ (z >>> 14)) >>> 0) % limit;
  };
  return {
    below,
    normal() {
      let sum = 0;
      for (let i = 0; i < 12; i++) sum += below(1_000_000) / 1_000_000;
      return sum - 6;
    },
  };
}

const over = (initial: bigint, maintenance: bigint): Surplus => ({
  equity: 100n,
  initial,
  maintenance,
  constant: NO_MARGIN,
});

/** Level by level: what must hold for the account to stay on it. Hysteresis of 2 % on the way up. */
const LADDER: readonly Quiet[] = [
  { notBelow: [over(100n, 0n)], below: [], ownersAddUp: true }, // healthy: at or above initial margin
  { notBelow: [over(0n, 100n)], below: [over(102n, 0n)], ownersAddUp: true }, // warned: above maintenance margin
  { notBelow: [over(0n, 67n)], below: [over(0n, 110n)], ownersAddUp: true }, // called: above two thirds of it
  { notBelow: [over(0n, 0n)], below: [over(0n, 120n)], ownersAddUp: true }, // closed out: above nothing
];
export const LEVELS = LADDER.length;

export interface World {
  readonly state: State;
  readonly accounts: number;
  readonly instruments: number;
  readonly ticks: number[]; // price of each instrument now
  readonly levels: Uint8Array; // of each account; LEVELS: bankrupt, and no longer watched
  idOf(account: number): string;
  vigilOf(id: string): Vigil;
  quietOf(level: number): Quiet | undefined;
  /** Where the account belongs by its exact margin: one level further, or where it is. */
  nextLevel(account: number, standing?: Standing): number;
  setPrice(instrument: number, ticks: number): void;
}

export interface WorldSize {
  readonly accounts: number;
  readonly instruments: number;
  readonly seed: number;
}

export function createWorld({ accounts, instruments, seed }: WorldSize): World {
  const state = createState();
  define(state, instruments);
  const random = numbersFrom(seed);
  const { listings } = state;
  const levels = new Uint8Array(accounts);
  for (let account = 0; account < accounts; account++) openAccount(state, account, instruments, random);
  const numberOf = (id: string): number => Number(id.slice(2));
  const ticks = new Array<number>(instruments).fill(START);
  return {
    state,
    accounts,
    instruments,
    ticks,
    levels,
    idOf: (account) => `a-${account}`,
    vigilOf: (id) => LADDER[levels[numberOf(id)] as number] ?? 'ASLEEP',
    quietOf: (level) => LADDER[level],
    nextLevel(account, standing = standingOfAccount(state, `a-${account}`)) {
      const level = levels[account] as number;
      const quiet = LADDER[level];
      if (!quiet || isKept(quiet, standing)) return level;
      const below = quiet.notBelow.some((one) => surplusIn(one, standing) < 0n);
      return below ? level + 1 : level - 1;
    },
    setPrice(instrument, at) {
      ticks[instrument] = at;
      const id = `I-${instrument}`;
      const listing = listings.get(id);
      if (!listing?.mark) throw new Error(`No mark of ${id}`);
      listings.set(id, { ...listing, mark: { ...listing.mark, price: price(BigInt(at)) } });
    },
  };
}

export const surplusIn = ({ equity, initial, maintenance, constant }: Surplus, standing: Standing): bigint =>
  standing.equity * equity - standing.initial * initial - standing.maintenance * maintenance + constant;

function openAccount(state: State, account: number, instruments: number, random: Numbers): void {
  const id = `a-${account}`;
  const { book } = state;
  const fixed = {
    member: 'm',
    kind: 'CLIENT',
    currency: 'USD',
    policy: 'p',
    mode: 'CROSS',
    instrument: null,
    leverage: null,
  } as const;
  book.open({ id, owner: id, ...fixed });
  let notional = 0;
  for (let n = 0; n < POSITIONS; n++) {
    const lots = 1 + random.below(200);
    const side = random.below(100) < 65 ? 1n : -1n;
    notional += lots * Number(LOTS) * START;
    const held = size(side * BigInt(lots) * LOTS);
    const instrument = `I-${(account * 7 + n * 31 + random.below(instruments)) % instruments}`;
    if (book.position(id, instrument)) continue;
    book.setPosition(id, instrument, {
      size: held,
      cost: cash(held * BigInt(START)),
      bids: size(0n),
      asks: size(0n),
      gain: cash(0n),
    });
  }
  // From just above initial margin to a third of the notional.
  book.addBalance(id, 'USD', cash(BigInt(Math.floor((notional * (23 + random.below(310))) / 1000))));
}

function define(state: State, instruments: number): void {
  const send = (command: Command): void => {
    const outcome = execute(state, {
      seq: state.seq + 1,
      at: instant(1_760_000_000_000),
      actor: SYSTEM,
      key: null,
      command,
    });
    if ('rejection' in outcome) throw new Error(`${command.type}: ${outcome.rejection.code}`);
  };
  send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  send({ type: 'DefineCurrency', currency: 'XYZ', scale: 8 });
  send({ type: 'AdmitMember', member: 'm', name: 'A member' });
  const tiers = Array.from({ length: 8 }, (_, i) => ({
    floor: String(i === 0 ? 0 : 2_500_000 * 2 ** i),
    cap: i === 7 ? null : String(2_500_000 * 2 ** (i + 1)),
    initialRate: `${i + 1}/50`,
    maintenanceRate: `${i + 1}/100`,
    deduction: null,
  }));
  const week = 7 * 86_400_000;
  for (let i = 0; i < instruments; i++) {
    const instrument = `I-${i}`;
    send({
      type: 'DefineInstrument',
      instrument,
      kind: 'PERPETUAL',
      base: 'XYZ',
      quote: 'USD',
      settlement: 'USD',
      tick: '0.01',
      lot: '1',
      multiplier: '1',
      index: null,
      markMethod: 'VENUE',
      markBand: null,
      priceBand: null,
      heartbeat: week,
      allowsNonPositivePrice: false,
      expiry: null,
      variationInterval: week,
      makerFee: '0',
      takerFee: '0',
    });
    send({ type: 'SetTierSchedule', instrument, tiers, effectiveAt: null });
    send({
      type: 'SubmitMarkPrices',
      source: 'v',
      prices: [{ instrument, price: '100', bid: null, ask: null, observedAt: null }],
    });
  }
}

/** Brings every account to the level where it belongs, and begins to watch. */
export function arm(world: World): void {
  const { state, accounts, levels } = world;
  for (let account = 0; account < accounts; account++) {
    for (let next = world.nextLevel(account); next !== levels[account]; next = world.nextLevel(account))
      levels[account] = next;
  }
  state.watch.disarm();
  state.watch.arm(state, world.vigilOf);
}

/**
 * One tick: who the watch names is decided with integers, and moves level by level to where he belongs. Returns the
 * accounts that moved; most ticks move nobody.
 */
export function tick(world: World, instrument: number, at: number): number[] {
  const { state, levels } = world;
  world.setPrice(instrument, at);
  const moved: number[] = [];
  let named = 0;
  for (const id of state.watch.markMoved(state, `I-${instrument}`)) {
    named += 1;
    const account = Number(id.slice(2));
    const standing = standingOfAccount(state, id);
    const before = levels[account] as number;
    for (
      let next = world.nextLevel(account, standing);
      next !== levels[account];
      next = world.nextLevel(account, standing)
    )
      levels[account] = next;
    if (levels[account] !== before) moved.push(account);
  }
  if (named > 0) state.watch.settle(state, world.vigilOf);
  return moved;
}
