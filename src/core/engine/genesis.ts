/** The house before anything happened. */

import { createDeadlines } from '../../units/deadlines';
import { duration, instant, type Seq } from '../../units/quantity';
import { createRecall } from '../../units/recall';
import { createColumnBook } from '../book/columnBook';
import { createPlainBook, type Elsewhere } from '../book/plain';
import { createPlainWatch } from '../book/plainWatch';
import { createWatch } from '../book/screen/watch';
import { curveOfListing } from '../margin/model/models';
import type { AccountId } from '../model/account';
import type { AuctionId } from '../model/auction';
import type { Book } from '../model/book';
import type { CurrencyId } from '../model/reference';
import { PART_NAMES, PARTS, type Parts, type State } from '../model/state';
import type { Watch } from '../model/watch';
import { RETENTION } from '../reference/retention';
import { BODY_WORDS } from './idempotency';
import { FIRST_RULES } from './rules';

/** A house whose book is in columns and watches prices by triggers. */
export function createState(): State {
  const book = createColumnBook();
  return stateWith(book, createWatch(book, curveOfListing));
}

/** A house of plain objects, which asks everybody at every price: small, and what the other is compared with. */
export function createPlainState(elsewhere?: Elsewhere): State {
  return stateWith(createPlainBook(elsewhere));
}

export function stateWith(book: Book, watch: Watch = createPlainWatch(book)): State {
  return {
    seq: 0,
    now: instant(0),
    ...{ by: '', termsChanged: 0 },
    ...emptyParts(),
    rules: FIRST_RULES,
    book,
    callOf: new Map(),
    liquidationOf: new Map(),
    retention: RETENTION,
    clock: { step: null, ahead: duration(0) },
    remembered: createRecall(BODY_WORDS),
    reversed: new Set(),
    trades: createRecall(0),
    backlog: new Set(),
    ...nothingDerived(),
    watch,
  };
}

const emptyParts = (): Parts => Object.fromEntries(PART_NAMES.map((part) => [part, PARTS[part]()])) as unknown as Parts;

/** What follows from the rest and is built anew where a state is read back. */
const nothingDerived = () => ({
  ordersOf: new Map(),
  liquidationOrdersOf: new Map(),
  ladderLoad: new Map(),
  auctionsOf: new Map(),
  auctionLoad: new Map(),
  auctionQueues: new Map(),
  portfolioOf: new Map(),
  deadlines: createDeadlines(),
  madeUp: new Map<AccountId, Seq>(),
  due: new Set<AccountId>(),
  auctionsMoved: new Set<AuctionId>(),
  recoveriesMoved: false,
  capacityMoved: new Set<CurrencyId>(),
});
