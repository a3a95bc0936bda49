import { type ColumnBook, createColumnBook, restoreColumns } from '../../../src/core/book/columnBook';
import { NONE } from '../../../src/core/book/columns';
import { exposureOf } from '../../../src/core/book/exposure';
import { createPlainBook } from '../../../src/core/book/plain';
import type { Position } from '../../../src/core/model/account';
import { cash, instant, margin, size } from '../../../src/units/quantity';
import { randomOf } from '../../support/random';
import { anyAccount, CURRENCIES, INSTRUMENTS, lifeOf, told } from './support';

/** Rows in use, with whom and what they belong to. */
function rowsOf({ columns: { positions }, accountNames, instrumentNames }: ColumnBook) {
  const rows: { row: number; id: string; instrument: string }[] = [];
  for (let row = 0; row < positions.count; row++) {
    const account = positions.account[row] as number;
    if (account === NONE) continue;
    rows.push({
      row,
      id: accountNames.name(account),
      instrument: instrumentNames.name(positions.instrument[row] as number),
    });
  }
  return rows;
}

/** A book after so many random steps, and the plain one that lived the same. */
function lived(seed: number, owners: number, steps: number) {
  const [plain, columns] = [createPlainBook(), createColumnBook()];
  const life = lifeOf(randomOf(seed), [plain, columns], owners);
  for (let step = 0; step < steps; step++) life.step();
  return { plain, columns, life };
}

const simple = (lots: bigint): Position => ({
  size: size(lots),
  cost: cash(lots),
  bids: size(0n),
  asks: size(0n),
  gain: cash(0n),
});

describe('DS-1 a book in columns tells what the plain book tells', () => {
  // From owners with many accounts each to owners with one.
  test.each([
    [1, 2],
    [2, 12],
    [3, 60],
    [4, 100_000],
  ])('in life %s, with %s owners', (seed, owners) => {
    const [plain, columns] = [createPlainBook(), createColumnBook()];
    const life = lifeOf(randomOf(seed), [plain, columns], owners);
    const asked = Math.min(owners, 100);
    let taken = 0;
    columns.onRows({ taken: () => void taken++ });
    for (let step = 1; step <= 5000; step++) {
      life.step();
      if (step % 250 === 0) expect(told(columns, asked)).toEqual(told(plain, asked));
    }
    // It was a life in which rows came back and integers outgrew floats.
    const rows = rowsOf(columns);
    expect(rows.length).toBeGreaterThan(100);
    expect(columns.columns.positions.count).toBeLessThan(taken - 100);
    expect(rows.some(({ row }) => Math.abs(columns.columns.positions.size[row] as number) > 2 ** 53)).toBe(true);
  });

  test('while its columns grow and rows copied ahead are written again', () => {
    const random = randomOf(5);
    const [plain, columns] = [createPlainBook(), createColumnBook()];
    let room = 0;
    let growths = 0;
    for (let i = 0; i < 9000; i++) {
      const opened = anyAccount(random, `client-${i}`, `o${random.below(i + 1)}`);
      for (const book of [plain, columns]) book.open(opened);
      for (let write = 0; write < 3; write++) {
        const id = `client-${random.below(i + 1)}`;
        const instrument = random.pick(INSTRUMENTS);
        const position = random.chance(20) ? undefined : simple(random.signed(30));
        const [payer, amount] = [`client-${random.below(i + 1)}`, random.signed(30)];
        const [called, warned] = [`client-${random.below(i + 1)}`, random.below(9)];
        for (const book of [plain, columns]) {
          book.setPosition(id, instrument, position);
          book.addBalance(payer, 'USD', cash(amount));
          book.setState(called, { ...book.stateOf(called), status: 'WARNING', warned });
        }
      }
      const now = columns.columns.positions.size.length;
      if (now !== room) growths += 1;
      room = now;
    }
    expect(growths).toBeGreaterThan(4);
    expect(told(columns, 100)).toEqual(told(plain, 100));
  });

  test('with more names than the narrowest column can number', () => {
    const books = [createPlainBook(), createColumnBook()] as const;
    for (let i = 0; i < 700; i++) {
      for (const book of books) {
        book.open({
          ...anyAccount(randomOf(i), `client-${i}`, `o${i}`),
          policy: `p${i}`,
          member: `m${i}`,
          currency: `C${i}`,
        });
        book.addBalance(`client-${i}`, `C${i}`, cash(7n));
        // The first account holds every currency there is.
        book.addBalance('client-0', `C${i}`, cash(1n));
      }
    }
    expect(told(books[1], 700)).toEqual(told(books[0], 700));
    expect([...books[1].balances('client-0')]).toHaveLength(700);
  });

  test('with more instruments than two bytes can number', () => {
    const book = createColumnBook();
    for (let i = 0; i < 66_000; i++) {
      if (i % 1000 === 0) book.open(anyAccount(randomOf(i), `client-${i}`, 'o'));
      book.setPosition(`client-${i - (i % 1000)}`, `X${i}`, simple(BigInt(i + 1)));
    }
    expect([...book.holders('X463')]).toEqual(['client-0']);
    expect([...book.holders('X65999')]).toEqual(['client-65000']);
    expect(book.position('client-65000', 'X65999')?.size).toBe(66_000n);
    expect(book.position('client-0', 'X463')?.size).toBe(464n);
  });
});

test.each([-1n, 1n])('an integer keeps its last digit about 2^53 and its float is the nearest, times %s', (sign) => {
  const book = createColumnBook();
  book.open({ ...anyAccount(randomOf(1), 'a', 'o'), currency: 'USD' });
  for (const place of [53n, 60n, 2000n]) {
    for (let by = -3n; by <= 3n; by++) {
      const value = sign * (2n ** place + by);
      const position = { ...simple(value), gain: cash(value) };
      book.setPosition('a', 'X', position);
      book.addBalance('a', 'USD', cash(value));
      expect(book.position('a', 'X')).toEqual(position);
      expect(book.balance('a', 'USD')).toBe(value);
      const { accounts, positions } = book.columns;
      expect([positions.size[0], positions.cost[0], accounts.cash[0]]).toEqual(Array(3).fill(Number(value)));
      expect(book.lotsOf(0)).toBe(Math.abs(Number(value)));
      book.addBalance('a', 'USD', cash(-value));
      expect(book.balance('a', 'USD')).toBe(0n);
      // What stood beside the column is gone with it.
      book.setPosition('a', 'X', simple(7n));
      expect(book.position('a', 'X')).toEqual(simple(7n));
    }
  }
});

const CENT = { gained: cash(1n), closed: size(0n), worth: margin(0n), ahead: cash(0n) };
const RECENT = { since: instant(0), now: CENT, before: CENT };

test('of positions that are gone nothing stays beside the columns', () => {
  const book = createColumnBook();
  book.open(anyAccount(randomOf(1), 'a', 'o'));
  const all = Array.from({ length: 200 }, (_, i) => `X${i}`);
  const huge = 2n ** 70n;
  const full = { size: size(huge), cost: cash(huge), bids: size(1n), asks: size(1n), gain: cash(0n), recent: RECENT };
  const before = book.memory().positions;
  for (const instrument of all) book.setPosition('a', instrument, full);
  expect(book.memory().positions).toBeGreaterThan(before + 200 * 100);
  for (const instrument of all) book.setPosition('a', instrument, undefined);
  expect(book.memory().positions).toBe(before);
});

describe('what the watch over prices reads', () => {
  test.each([2, 12, 100_000])('floats are the nearest to what the book tells, with %s owners', (owners) => {
    const { columns: book } = lived(11, owners, 4000);
    for (const { row, id, instrument } of rowsOf(book)) {
      const position = book.position(id, instrument) as Position;
      expect(book.columns.positions.size[row]).toBe(Number(position.size));
      expect(book.columns.positions.cost[row]).toBe(Number(position.cost));
      expect(book.lotsOf(row)).toBe(Number(exposureOf(position)));
      expect(book.ownerLotsOf(row)).toBe(Number(book.ownerExposure(book.account(id)?.owner ?? '', instrument)));
    }
    let others = 0;
    for (const id of book.accountIds()) {
      const { currency = '' } = book.account(id) ?? {};
      const row = book.accountNames.find(id);
      const { accounts } = book.columns;
      expect(book.account(id)).toMatchObject(book.profileOf(row));
      expect(accounts.cash[row]).toBe(Number(book.balance(id, currency)));
      const foreign = CURRENCIES.filter((each) => each !== currency).map(
        (each) => [each, book.balance(id, each)] as const,
      );
      const held = foreign.filter(([, amount]) => amount !== 0n);
      expect(new Map(book.collateralOf(row))).toEqual(new Map(held));
      expect(accounts.others[row]).toBe(held.length);
      others += held.length;
    }
    expect(others).toBeGreaterThan(10);
  });

  test('rows are told of when they are taken and before they are given back', () => {
    const book = createColumnBook();
    const seen = new Map<number, string>();
    let freed = 0;
    const whose = (row: number): string => {
      const { positions } = book.columns;
      const account = book.accountNames.name(positions.account[row] as number);
      return `${account} ${book.instrumentNames.name(positions.instrument[row] as number)} ${positions.size[row]}`;
    };
    book.onRows({
      taken(row) {
        expect(seen.has(row)).toBe(false);
        seen.set(row, whose(row).split(' ').slice(0, 2).join(' '));
      },
      freed(row) {
        expect(whose(row).startsWith(`${seen.get(row)} `)).toBe(true);
        seen.delete(row);
        freed += 1;
      },
    });
    book.onRows({}); // one who is not interested
    const life = lifeOf(randomOf(13), [book], 10);
    for (let step = 0; step < 3000; step++) life.step();
    expect(freed).toBeGreaterThan(100);
    expect([...seen].sort()).toEqual(
      rowsOf(book)
        .map(({ row, id, instrument }) => [row, `${id} ${instrument}`])
        .sort(),
    );
  });
});

describe('DS-2 a book saved and restored', () => {
  test.each([2, 12, 100_000])('is the same, row by row, and lives on the same way, with %s owners', (owners) => {
    const { columns: book, life } = lived(17, owners, 3000);
    // Rows are free when it is saved, and are used again in the same order.
    for (const { id, instrument } of rowsOf(book).slice(0, 50)) book.setPosition(id, instrument, undefined);
    const restored = restoreColumns(structuredClone(book.saveColumns()));
    const asked = Math.min(owners, 100);
    expect(told(restored, asked)).toEqual(told(book, asked));

    const on = lifeOf(randomOf(18), [book, restored], owners, life.ids);
    for (let step = 0; step < 2000; step++) on.step();
    expect(told(restored, asked)).toEqual(told(book, asked));
    expect(rowsOf(restored)).toEqual(rowsOf(book));
    expect([...restored.accountIds()]).toEqual([...book.accountIds()]);
    for (const owner of ['o0', 'o1']) expect([...restored.accountsOf(owner)]).toEqual([...book.accountsOf(owner)]);
  });

  test('shares nothing with the book it was taken from, nor with another restored from it', () => {
    const { columns: book, plain, life } = lived(19, 5, 1500);
    const saved = book.saveColumns();
    const before = told(book, 5);
    const one = restoreColumns(saved);
    for (const each of [book, one]) {
      const on = lifeOf(randomOf(20), [each], 5, [...life.ids]);
      for (let step = 0; step < 1500; step++) on.step();
    }
    expect(told(book, 5)).not.toEqual(before);
    expect(told(restoreColumns(saved), 5)).toEqual(before);
    expect(told(plain, 5)).toEqual(before);
  });

  test('of a book without anybody opens an account as any other', () => {
    const book = restoreColumns(createColumnBook().saveColumns());
    book.open(anyAccount(randomOf(1), 'a', 'o'));
    book.setPosition('a', 'X', simple(3n));
    expect(book.position('a', 'X')).toEqual(simple(3n));
    expect([...book.holders('X')]).toEqual(['a']);
  });
});

test('an account is opened once, and one that is not there is a contradiction', () => {
  const book = createColumnBook();
  book.open(anyAccount(randomOf(1), 'a', 'o'));
  expect(() => book.open(anyAccount(randomOf(1), 'a', 'o'))).toThrow('Account is there already');
  expect(() => book.balance('b', 'USD')).toThrow('Account is missing');
  expect(book.account('b')).toBeUndefined();
  expect(book.position('a', 'X')).toBeUndefined();
});
