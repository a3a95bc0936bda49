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

test('DS-1 a position takes 26 bytes and the room its columns have grown to, and the process confirms it', () => {
  const book = createColumnBook();
  const before = book.memory();
  const process = measured(book);
  const { accounts, positions } = book.memory();
  expect(book.columns.positions.count).toBe(POSITIONS);

  // 100,000 rows have room for 131,072.
  expect(positions / POSITIONS).toBeLessThan((26.5 * 131_072) / POSITIONS);
  expect(process.position).toBeLessThan(36);
  expect(process.account).toBeLessThan(140);

  // What the book says of itself is what it takes: nearly all of it typed arrays.
  expect(Math.abs(process.arrays - (accounts + positions - before.accounts - before.positions)) / process.arrays).toBeLessThan(0.02);

  // Orders and gains are counted.
  hold(book, { gain: cash(5n) });
  const gained = book.memory().positions;
  expect((gained - positions) / POSITIONS).toBeGreaterThan(8);
  expect((gained - positions) / POSITIONS).toBeLessThan(8.5);
  hold(book, { gain: cash(5n), bids: size(1n) });
  expect((book.memory().positions - gained) / POSITIONS).toBeGreaterThan(100);
});

test('DS-1 the plain book takes about ten times as much: the bounds above can be missed', () => {
  const process = measured(createPlainBook());
  expect(process.position).toBeGreaterThan(300);
  expect(process.account).toBeGreaterThan(400);
});
