/**
 * Prices at which something has to be looked at, per source of prices and side: a grid of price buckets, each with the
 * list of nodes whose trigger lies in it, threaded through two arrays. A price that reaches no occupied bucket costs
 * one comparison. A trigger is rounded to its bucket towards being met too early: that costs a look and never misses
 * one.
 */

import { NONE } from '../columns';
import { createPages } from './pages';

export type Side = 0 | 1; // LOW: met by a price at or below it; HIGH: at or above

export const LOW: Side = 0;
export const HIGH: Side = 1;

/**
 * Buckets of a grid: from three quarters to one and a half of the price it was laid out at, at about two basis points
 * of it each.
 */
const BUCKETS = 4096;
const BELOW = 1 / 4;
const SPAN = 3 / 4;
/** Of a bucket: far more than rounding can move its edge by. */
const A_LITTLE = 2 ** -20;

interface Grid {
  readonly low: Int32Array; // first node of each bucket
  readonly high: Int32Array;
  origin: number; // price at which the first bucket begins
  width: number; // of a bucket, in price
  highestLow: number; // no low trigger lies in a bucket above it
  lowestHigh: number; // no high trigger lies in a bucket below it
  nodes: number;
}

export interface Triggers {
  /** Puts a node, which has none, on a side of a source at a price. `at` is the source's price now. */
  place(node: number, source: number, side: Side, price: number, at: number): void;
  /** Takes a node away; nothing happens where it has no trigger. */
  remove(node: number, source: number, side: Side): void;
  /** Takes away and hands over every node whose trigger the price has met. */
  meet(source: number, price: number, found: (node: number) => void): void;
  /** Takes every trigger away. */
  clear(): void;
  readonly bytes: number;
}

const FREE = -1; // of `before`: the node has no trigger
const headOf = (bucket: number): number => -2 - bucket; // of `before`: the node is the first of a bucket

export function createTriggers(): Triggers {
  const next = createPages(NONE);
  const before = createPages(FREE);
  const grids: (Grid | undefined)[] = [];

  function layOut(at: number): Grid {
    const base = at < 0 ? -at : at;
    // Around a price of nothing the buckets are a small part of a tick, and soon left.
    const width = Math.max((base * SPAN) / BUCKETS, 1 / BUCKETS);
    return {
      low: new Int32Array(BUCKETS).fill(NONE),
      high: new Int32Array(BUCKETS).fill(NONE),
      origin: base === 0 ? at - width * BUCKETS * BELOW : at - base * BELOW,
      width,
      highestLow: NONE,
      lowestHigh: BUCKETS,
      nodes: 0,
    };
  }

  const bucketOf = ({ origin, width }: Grid, price: number): number => {
    const bucket = Math.floor((price - origin) / width);
    return bucket < 0 ? 0 : bucket >= BUCKETS ? BUCKETS - 1 : bucket;
  };

  function link(grid: Grid, node: number, side: Side, bucket: number): void {
    const heads = side === LOW ? grid.low : grid.high;
    const first = heads[bucket] as number;
    next.set(node, first);
    before.set(node, headOf(bucket));
    if (first !== NONE) before.set(first, node);
    heads[bucket] = node;
    grid.nodes += 1;
    if (side === LOW) grid.highestLow = Math.max(grid.highestLow, bucket);
    else grid.lowestHigh = Math.min(grid.lowestHigh, bucket);
  }

  /**
   * Hands over a whole bucket. What is found may place triggers again, in this bucket too: they wait for the next
   * price.
   */
  function empty(grid: Grid, heads: Int32Array, bucket: number, found: number[]): void {
    for (let node = heads[bucket] as number; node !== NONE; ) {
      const following = next.get(node);
      before.set(node, FREE);
      grid.nodes -= 1;
      found.push(node);
      node = following;
    }
    heads[bucket] = NONE;
  }

  /** A grid around the price, with every trigger where its bucket began to be met: too early rather than too late. */
  function laidOutAnew(old: Grid, price: number): Grid {
    const grid = layOut(price);
    for (const side of [LOW, HIGH]) {
      for (let bucket = 0; bucket < BUCKETS; bucket++) {
        const edge = old.origin + old.width * (side === LOW ? bucket + 1 + A_LITTLE : bucket - A_LITTLE);
        empty(old, side === LOW ? old.low : old.high, bucket, moving);
        for (const node of moving.splice(0)) link(grid, node, side, bucketOf(grid, edge));
      }
    }
    return grid;
  }

  const moving: number[] = [];
  const met: number[] = [];

  return {
    place(node, source, side, price, at) {
      let grid = grids[source];
      if (!grid || grid.nodes === 0) grids[source] = grid = grid && covers(grid, at) ? grid : layOut(at);
      link(grid, node, side, bucketOf(grid, price));
    },
    remove(node, source, side) {
      const previous = before.get(node);
      if (previous === FREE) return;
      const grid = grids[source] as Grid;
      const following = next.get(node);
      if (previous >= 0) next.set(previous, following);
      else (side === LOW ? grid.low : grid.high)[-2 - previous] = following;
      if (following !== NONE) before.set(following, previous);
      before.set(node, FREE);
      grid.nodes -= 1;
    },
    meet(source, price, found) {
      const grid = grids[source];
      if (!grid || grid.nodes === 0) return;
      const bucket = bucketOf(grid, price);
      if (bucket > grid.highestLow && bucket < grid.lowestHigh) return;
      for (let i = grid.highestLow; i >= bucket; i--) empty(grid, grid.low, i, met);
      for (let i = grid.lowestHigh; i <= bucket; i++) empty(grid, grid.high, i, met);
      grid.highestLow = Math.min(grid.highestLow, bucket - 1);
      grid.lowestHigh = Math.max(grid.lowestHigh, bucket + 1);
      if (!covers(grid, price)) grids[source] = laidOutAnew(grid, price);
      const nodes = met.splice(0);
      for (const node of nodes) found(node);
    },
    clear() {
      before.clear();
      grids.length = 0;
    },
    get bytes() {
      const laidOut = grids.filter((grid) => grid !== undefined).length;
      return next.bytes + before.bytes + laidOut * 2 * BUCKETS * Int32Array.BYTES_PER_ELEMENT;
    },
  };
}

/** Whether a price lies inside the grid, away from the outermost buckets. */
const covers = ({ origin, width }: Grid, price: number): boolean =>
  price > origin + width && price < origin + width * (BUCKETS - 1);
