/** Measures what books take, in a process of its own: in one shared with other tests their garbage would be counted. */

import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createColumnBook } from '../../../src/core/book/columnBook';
import { createPlainBook } from '../../../src/core/book/plain';
import type { Account, Position } from '../../../src/core/model/account';
import type { Book } from '../../../src/core/model/book';
import { cash, size } from '../../../src/units/quantity';

const ACCOUNTS = 25_000;
const POSITIONS = 4 * ACCOUNTS;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What the process holds, in bytes: objects, and typed arrays with all their room. */
function held(): { heap: number; arrays: number } {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heap: heapUsed, arrays: arrayBuffers };
}

const idOf = (i: number): string => `client-${String(i).padStart(8, '0')}`;

const accountOf = (i: number): Account => ({
  id: idOf(i),
  owner: `owner-${String(i).padStart(8, '0')}`,
  member: `broker-${i % 20}`,
  kind: 'CLIENT',
  currency: 'USD',
  policy: 'classic',
  mode: 'CROSS',
  instrument: null,
  leverage: null,
});

const positionOf = (i: number, more: Partial<Position> = {}): Position => ({
  size: size(BigInt(i + 1)),
  cost: cash(BigInt(i + 1) * 6_123_400n),
  bids: size(0n),
  asks: size(0n),
  gain: cash(0n),
  ...more,
});

function openAll(book: Book): void {
  for (let i = 0; i < ACCOUNTS; i++) {
    book.open(accountOf(i));
    book.addBalance(idOf(i), 'USD', cash(1_000_000n));
  }
}

function hold(book: Book, more?: Partial<Position>): void {
  for (let i = 0; i < POSITIONS; i++) {
    const [account, turn] = [i % ACCOUNTS, Math.floor(i / ACCOUNTS)];
    book.setPosition(idOf(account), `X${(account + 7 * turn) % 300}`, positionOf(i, more));
  }
}

/** Bytes a position and an account take in the process. */
function measured(book: Book): { position: number; account: number; arrays: number } {
  const before = held();
  openAll(book);
  const opened = held();
  hold(book);
  const full = held();
  // Without this the book might be garbage by now.
  if (book.accountCount !== ACCOUNTS) throw new Error('Accounts are missing');
  return {
    position: (full.heap + full.arrays - opened.heap - opened.arrays) / POSITIONS,
    account: (opened.heap + opened.arrays - before.heap - before.arrays) / ACCOUNTS,
    arrays: full.arrays - before.arrays,
  };
}

function columnFigures(): object {
  const book = createColumnBook();
  const before = book.memory();
  const process = measured(book);
  const { accounts, positions } = book.memory();
  hold(book, { gain: cash(5n) });
  const gained = book.memory().positions;
  hold(book, { gain: cash(5n), bids: size(1n) });
  const ordered = book.memory().positions;
  const rows = book.columns.positions.count;
  return { ...process, rows, accounts, positions, before: before.accounts + before.positions, gained, ordered };
}

console.log(JSON.stringify({ positionCount: POSITIONS, column: columnFigures(), plain: measured(createPlainBook()) }));
