/** The figures of the fast book as tables for a terminal. */

import type { BookResults } from './book';
import type { TickTimes } from './book/ticks';
import { tableOf, times, whole } from './report';

const us = (value: number): string => (value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : whole(value));
const seconds = (value: number): string => `${value.toFixed(2)} s`;

export function bookReportOf({
  empty,
  sizes,
  exponent,
  rivals,
  exactness,
  proof,
  bound,
  ranking,
}: BookResults): string {
  const row = (name: string, { ticks, mean, p50, p99, p999, looks, moved }: TickTimes): string[] => [
    name,
    whole(ticks),
    us(mean),
    us(p50),
    us(p99),
    us(p999),
    (looks / ticks).toFixed(2),
    whole(moved),
    whole(1_000_000 / mean),
  ];
  const largest = sizes.at(-1);
  const mean = largest?.normal.mean ?? 1;
  const rival = (name: string, time: number | null): string[][] =>
    time === null ? [] : [[name, us(time), times(time / mean)]];
  return [
    'A tick over the book: everybody it moves to another level is decided exactly',
    tableOf(
      ['', 'ticks', 'mean us', 'p50', 'p99', 'p99.9', 'looks a tick', 'moved', 'ticks/s'],
      [
        row('nobody', empty),
        ...sizes.map(({ accounts, normal }) => row(`${whole(accounts)} accounts`, normal)),
        ...(largest?.crash ? [row(`${whole(largest.accounts)} accounts, prices halve`, largest.crash)] : []),
      ],
    ),
    `Time grows with the number of accounts to the power of ${exponent.toFixed(2)}.`,
    '',
    `Rivals on the same book of ${whole(rivals.accounts)} accounts`,
    tableOf(
      ['', 'us a tick', 'against the house'],
      [
        ...rival('a query over indexed numeric rows', rivals.query),
        ...rival('decimal.js objects, holders by an index', rivals.decimals),
        ...rival('typed arrays, holders by an index', rivals.arrays),
        ['the house', us(mean), '1'],
      ],
    ),
    '',
    'Crossings by triggers against an exact scan of everybody at every tick',
    tableOf(
      ['', 'ticks', 'account checks', 'in integers', 'ties', 'crossings', 'differences'],
      exactness.map(({ path, ticks, checks, exact, ties, crossings, differences }) => [
        path.toLowerCase(),
        ...[ticks, checks, exact, ties, crossings, differences].map(whole),
      ]),
    ),
    `An oracle that shares nothing with the house, ${whole(proof.accounts)} accounts in linear and inverse ` +
      `contracts, half of them with rates that rise with open interest: ${whole(proof.checks)} checks at ` +
      `${whole(proof.ticks)} prices, ${whole(proof.ties)} ties, ${whole(proof.kinks)} at the end of a tier, ` +
      `${whole(proof.crossings)} crossings, ${whole(proof.reviews)} reviews of open interest, ` +
      `${whole(proof.missed)} missed.`,
    `${whole(bound.accounts)} accounts in one instrument: a tick in ${us(bound.p50)} us, 99 of 100 in ` +
      `${us(bound.p99)} us; an exact scan takes ${whole(bound.scan)} us, ${times(bound.times)} as long (stated: ` +
      `at least ${bound.bound}).`,
    `Ranking ${whole(ranking.holders)} holders for deleveraging: ${whole(ranking.whole)} ms, of which ` +
      `${whole(ranking.sort)} ms sorting; by exact fractions alone the sort takes ${whole(ranking.plain)} ms, ` +
      `${times(ranking.times)} as long.`,
    ...(largest
      ? [
          `${largest.bytesAPosition.toFixed(1)} bytes a position with its triggers, ` +
            `${largest.bytesAnAccount.toFixed(0)} an account; everybody's quiet proven in ${seconds(largest.armed)}.`,
        ]
      : []),
    ...(largest?.snapshot
      ? [
          `A snapshot of ${whole(largest.snapshot.bytes)} bytes: the house stands still for ` +
            `${seconds(largest.snapshot.stoodStill)}, written after ${seconds(largest.snapshot.written)}, read in ` +
            `${seconds(largest.snapshot.read)}.`,
        ]
      : []),
  ].join('\n');
}
