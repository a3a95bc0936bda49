/**
 * What a tick costs over a book of a size: in a normal market, in a crash that halves every price, and with nobody in
 * the book; and what the book takes: bytes a position, the time to begin watching, a snapshot out and in.
 */

import { isColumnBook } from '../../dist/core/book/columnBook';
import { readSnapshot, writeSnapshot } from '../../dist/sequencer/recover';
import { task } from '../task';
import { arm, createWorld, numbersFrom, POSITIONS, tick, type World } from './world';

export interface TicksInput {
  readonly accounts: number;
  readonly ticks: number; // of a normal market
  readonly crash: number; // ticks in which prices halve; 0: no crash
  readonly snapshot: boolean;
}

export interface TickTimes {
  readonly ticks: number;
  readonly mean: number; // us
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly looks: number; // accounts revalued
  readonly moved: number; // accounts that crossed a level
}

export interface TicksOutput {
  readonly accounts: number;
  readonly normal: TickTimes;
  readonly crash: TickTimes | null;
  readonly bytesAPosition: number; // positions and triggers
  readonly bytesAnAccount: number;
  readonly armed: number; // s, to prove everybody's quiet
  readonly snapshot: {
    readonly stoodStill: number;
    readonly written: number;
    readonly read: number;
    readonly bytes: number;
  } | null; // s
}

const INSTRUMENTS = 300;

function run(world: World, ticks: number, seed: number, volatility: number, drift: number): TickTimes {
  const random = numbersFrom(seed);
  const { watch } = world.state;
  const times = new Float64Array(ticks);
  const looks = watch.counts.looks;
  let moved = 0;
  for (let i = 0; i < ticks; i++) {
    const instrument = random.below(INSTRUMENTS);
    const now = world.ticks[instrument] as number;
    const to = Math.max(1, Math.round(now * (1 + random.normal() * volatility + drift)));
    const began = performance.now();
    moved += tick(world, instrument, to).length;
    times[i] = performance.now() - began;
  }
  const mean = (1000 * times.reduce((sum, time) => sum + time, 0)) / ticks;
  times.sort();
  const at = (share: number): number => 1000 * (times[Math.min(ticks - 1, Math.floor(share * ticks))] as number);
  return { ticks, mean, p50: at(0.5), p99: at(0.99), p999: at(0.999), looks: watch.counts.looks - looks, moved };
}

task(async ({ accounts, ticks, crash, snapshot }: TicksInput): Promise<TicksOutput> => {
  const world = createWorld({ accounts, instruments: INSTRUMENTS, seed: 1 });
  const { state } = world;
  arm(world);
  const began = performance.now();
  state.watch.disarm();
  state.watch.arm(state, world.vigilOf);
  const armed = (performance.now() - began) / 1000;
  if (!isColumnBook(state.book)) throw new Error('The book is not in columns');
  const memory = state.book.memory();
  const triggers = (state.watch as { readonly bytes?: number }).bytes ?? 0;
  const saved = snapshot ? await snapshotTimes(world) : null;
  // Code that runs for the first time is not what a tick costs.
  run(world, Math.min(20_000, ticks), 2, 0.0001, 0);
  const normal = run(world, ticks, 3, 0.0001, 0);
  // Of each instrument as many ticks as it takes to come down to half.
  const drift = crash === 0 ? 0 : Math.log(0.5) / (crash / INSTRUMENTS);
  return {
    accounts,
    normal,
    crash: crash === 0 ? null : run(world, crash, 4, 0.0001, drift),
    bytesAPosition: accounts === 0 ? 0 : (memory.positions + triggers) / (accounts * POSITIONS),
    bytesAnAccount: accounts === 0 ? 0 : memory.accounts / accounts,
    armed,
    snapshot: saved,
  };
});

async function snapshotTimes({ state }: World): Promise<TicksOutput['snapshot']> {
  const began = performance.now();
  const writing = writeSnapshot(state);
  const stood = performance.now();
  const saved = await writing;
  const written = performance.now();
  if (readSnapshot(saved)?.book.accountCount !== state.book.accountCount)
    throw new Error('The snapshot did not come back whole');
  const read = performance.now();
  return {
    stoodStill: (stood - began) / 1000,
    written: (written - began) / 1000,
    read: (read - written) / 1000,
    bytes: saved.bytes.length,
  };
}
