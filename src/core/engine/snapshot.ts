/** The state as plain data and back: everything but what is derived, which is built anew. */

import type { Reached } from '../../units/deadlines';
import { assert } from '../../units/failure';
import type { Count, Milliseconds } from '../../units/quantity';
import { restoreRecall, type SavedRecall } from '../../units/recall';
import { isColumnBook, restoreColumns, type SavedColumns } from '../book/columnBook';
import { createWatch } from '../book/screen/watch';
import { curveOfListing } from '../margin/model/models';
import type { AccountId } from '../model/account';
import { PART_NAMES, type State } from '../model/state';
import { countAuction } from '../settlement/auction/capacity';
import { addLoad } from '../settlement/tally/load';
import { RECALLS } from './digest';
import { stateWith } from './genesis';
import { setDeadlines } from './time';

const PARTS = [...PART_NAMES, 'callOf', 'liquidationOf', 'backlog'] as const;

type Part = (typeof PARTS)[number];

export interface SavedState {
  readonly seq: Count;
  readonly now: Milliseconds;
  readonly rules: Count;
  readonly parts: { readonly [P in Part]: State[P] };
  readonly retention: State['retention'];
  readonly clock: State['clock'];
  readonly recalls: { readonly [P in (typeof RECALLS)[number]]: SavedRecall };
  readonly reversed: State['reversed'];
  readonly book: SavedColumns;
  readonly reached?: readonly Reached[]; // deadlines still to be met; not in snapshots of before it was said
}

/** Everything as it is now: columns are copied whole, which a million accounts take a fraction of a second for. */
export function saveState(state: State): SavedState {
  assert(isColumnBook(state.book), 'A book in columns is saved, and no other');
  const parts = Object.fromEntries(PARTS.map((part) => [part, state[part]])) as unknown as SavedState['parts'];
  const recalls = Object.fromEntries(
    RECALLS.map((part) => [part, state[part].save()]),
  ) as unknown as SavedState['recalls'];
  const { seq, now, rules, retention, clock } = state;
  return {
    seq,
    now,
    rules,
    retention,
    clock,
    parts,
    recalls,
    reversed: state.reversed,
    book: state.book.saveColumns(),
    reached: state.deadlines.reached(state.now),
  };
}

export function restoreState(saved: SavedState): State {
  const book = restoreColumns(saved.book);
  const state: State = {
    ...stateWith(book, createWatch(book, curveOfListing)),
    ...saved.parts,
    retention: saved.retention,
    clock: saved.clock,
    remembered: restoreRecall(saved.recalls.remembered),
    trades: restoreRecall(saved.recalls.trades),
    reversed: saved.reversed,
    seq: saved.seq,
    now: saved.now as State['now'],
    rules: saved.rules,
  };
  deriveIndexes(state);
  setDeadlines(state, saved.reached ?? []);
  return state;
}

/** Builds anew what is found by account, and what stands on ladders and in auctions. */
export function deriveIndexes(state: State): void {
  for (const { id, account } of state.orders.values()) {
    state.ordersOf.set(account, (state.ordersOf.get(account) ?? new Set<AccountId>()).add(id));
  }
  for (const { id, account } of state.liquidationOrders.values()) {
    state.liquidationOrdersOf.set(account, (state.liquidationOrdersOf.get(account) ?? new Set<AccountId>()).add(id));
  }
  for (const order of state.liquidationOrders.values()) addLoad(state, order, 1n);
  for (const auction of state.auctions.values()) {
    const { id, account } = auction;
    state.auctionsOf.set(account, (state.auctionsOf.get(account) ?? new Set<AccountId>()).add(id));
    countAuction(state, auction, 1n);
  }
  for (const { id, account } of state.portfolios.values()) state.portfolioOf.set(account, id);
}
