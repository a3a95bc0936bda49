/**
 * The digest of a state: one hash of everything the house knows, in an order of its own, so that two houses that have
 * lived through the same journal have the same digest, whatever machine, runtime or book they use.  Rules: DS-1, X-3
 */

import { sha256OfBytes, sha256OfLines } from '../../units/hash';
import { compare } from '../../units/quantity';
import { canonicalText } from '../message/command';
import type { AccountId, Position } from '../model/account';
import { PART_NAMES, type View } from '../model/state';

export const digestOf = (view: View): string => sha256OfLines(linesOf(view));

/** The state as text, a line a thing, sorted. Derived parts (deadlines, indexes, accounts to look at) are not in it. */
export function* linesOf(view: View): Generator<string> {
  yield `house\t${view.seq}\t${view.now}`;
  for (const part of PART_NAMES) yield* mapLines(part, view[part]);
  yield `clock\t${textOf(view.clock)}`;
  yield `retention\t${textOf(view.retention)}`;
  for (const part of RECALLS) yield `${part}\t${view[part].size}\t${sha256OfBytes(view[part].content())}`;
  if (view.backlog.size > 0) yield `backlog\t${[...view.backlog].join('\t')}`;
  for (const reversed of [...view.reversed].sort()) yield `reversed\t${reversed}`;
  for (const id of [...view.book.accountIds()].sort()) yield* accountLines(view, id);
}

/** What is kept of things seen, as prints in the order in which they came. */
export const RECALLS = ['remembered', 'trades'] as const satisfies readonly (keyof View)[];

function* mapLines(part: string, map: ReadonlyMap<string, unknown>): Generator<string> {
  for (const [key, value] of [...map].sort(([a], [b]) => compare(a, b))) yield `${part}\t${key}\t${textOf(value)}`;
}

/** Rules that know what was posted since a position was opened: journals of earlier ones keep their digest. */
const SINCE_OPENED = 4;

function knownTo({ rules }: View, position: Position): Position {
  if (rules >= SINCE_OPENED || position.sinceOpened === undefined) return position;
  const { sinceOpened: _, ...known } = position;
  return known;
}

function* accountLines(view: View, id: AccountId): Generator<string> {
  const { book } = view;
  yield `account\t${textOf(book.account(id))}\t${textOf(book.stateOf(id))}`;
  for (const [currency, amount] of [...book.balances(id)].sort(([a], [b]) => compare(a, b)))
    yield `balance\t${id}\t${currency}\t${amount}`;
  for (const [instrument, position] of [...book.positions(id)].sort(([a], [b]) => compare(a, b)))
    yield `position\t${id}\t${instrument}\t${textOf(knownTo(view, position))}`;
}

/** Canonical text; a map inside a value is written as its sorted pairs. */
const textOf = (value: unknown): string => canonicalText(plain(value));

/** A map is known by what it calls itself: one that was read back from a snapshot may be of another realm's class. */
const isMap = (value: unknown): value is ReadonlyMap<unknown, unknown> =>
  Object.prototype.toString.call(value) === '[object Map]';

function plain(value: unknown): unknown {
  if (isMap(value))
    return [...value].sort(([a], [b]) => compare(String(a), String(b))).map(([key, held]) => [key, plain(held)]);
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, plain(field)]));
}
