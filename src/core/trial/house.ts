/** A house of its own, made of an excerpt: whatever happens in it happens nowhere else. */

import { createPlainBook, type PlainBook } from '../book/plain';
import { stateWith } from '../engine/genesis';
import { deriveIndexes } from '../engine/snapshot';
import type { State } from '../model/state';
import type { Excerpt, Parts } from './question';

export interface TrialHouse {
  readonly state: State;
  readonly book: PlainBook;
}

export function houseOf(excerpt: Excerpt): TrialHouse {
  const book = createPlainBook({
    long: excerpt.longElsewhere,
    owners: excerpt.ownersElsewhere,
    collateral: excerpt.collateralElsewhere,
  });
  for (const { account, state, balances, positions } of excerpt.accounts) {
    book.open(account);
    book.setState(account.id, state);
    for (const [currency, amount] of balances) book.addBalance(account.id, currency, amount);
    for (const [instrument, position] of positions) book.setPosition(account.id, instrument, position);
  }
  const { seq, at, rules, clock, retention } = excerpt;
  const state: State = { ...stateWith(book), ...copied(excerpt.parts), seq, now: at, rules, clock, retention };
  deriveIndexes(state);
  return { state, book };
}

/** Maps of its own: where the excerpt did not cross to another thread, a house made of it again finds it as it was. */
function copied(parts: Parts): Parts {
  const copyOf = (held: ReadonlyMap<string, unknown> | ReadonlySet<string>) =>
    held instanceof Set ? new Set(held) : new Map(held as ReadonlyMap<string, unknown>);
  return Object.fromEntries(Object.entries(parts).map(([part, held]) => [part, copyOf(held)])) as unknown as Parts;
}
