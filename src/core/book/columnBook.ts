/**
 * The book in columns: a position takes 26 bytes, eight more for each of what it has gained since the loss period
 * began, was settled, and realised since it was opened, once positions have any of it. It behaves as the plain book
 * does; what it is made of is open to the rest of this folder only, which watches prices by it.
 */

import { assert } from '../../units/failure';
import type { Cash, Size } from '../../units/quantity';
import type { Account, AccountId, AccountStatus, Position } from '../model/account';
import type { Book } from '../model/book';
import type { InstrumentId } from '../model/reference';
import { type AccountRows, createAccountRows, type Profile, type SavedAccounts } from './accountRows';
import { type BookNames, bytesOfNames, createBookNames, type SavedNames, savedNames } from './bookNames';
import { type AccountColumns, NONE, type PositionColumns } from './columns';
import { isEmpty } from './exposure';
import type { Names } from './names';
import { createOwnerRows, type OwnerRows } from './ownerRows';
import { createPositionRows, type PositionRows, type RowListener, type SavedPositions } from './positionRows';
import { createWrites, type Writes } from './writes';

/** The whole book as plain data: shares nothing with the book it was taken from. */
export interface SavedColumns {
  readonly names: SavedNames;
  readonly accounts: SavedAccounts;
  readonly positions: SavedPositions;
}

export interface ColumnBook extends Book {
  /** Their arrays are replaced when they grow: always reach through these objects. */
  readonly columns: { readonly accounts: AccountColumns; readonly positions: PositionColumns };
  readonly accountNames: Names; // an account's number is its row
  readonly instrumentNames: Names;
  /** What the account has in common with many others. */
  profileOf(account: number): Profile;
  statusOf(account: number): AccountStatus;
  /** Lots the position can reach, as the nearest float; for almost all rows the size without sign. */
  lotsOf(position: number): number;
  /** Of the cost of a position the part of a unit, in 1e-12. */
  fractionOf(position: number): bigint;
  /** What all accounts of its owner reach in its instrument, as the nearest float. */
  ownerLotsOf(position: number): number;
  /** The other currencies an account holds; none for almost all. */
  collateralOf(account: number): Iterable<readonly [currency: string, amount: Cash]>;
  /** The account and all others of its owner. */
  siblingsOf(account: number): readonly number[];
  /** Tells of an account before its money, its positions or its state are written; returns how to listen no longer. */
  beforeWrites(listener: (account: number) => void): () => void;
  /** Tells of every position that is taken or given back. */
  onRows(listener: RowListener): void;
  saveColumns(): SavedColumns;
  /** Bytes in memory, with rows not used yet; names are with the accounts. */
  memory(): { readonly accounts: number; readonly positions: number };
}

export const isColumnBook = (book: Book): book is ColumnBook => 'saveColumns' in book;

export function createColumnBook(): ColumnBook {
  return columnBook();
}

export function restoreColumns(saved: SavedColumns): ColumnBook {
  return columnBook(saved);
}

/** What the book is made of. */
interface Parts {
  readonly names: BookNames;
  readonly accounts: AccountRows;
  readonly positions: PositionRows;
  readonly owners: OwnerRows;
  readonly writes: Writes;
}

function columnBook(saved?: SavedColumns): ColumnBook {
  const names = createBookNames(saved?.names);
  const accounts = createAccountRows(names, saved?.accounts);
  const positions = createPositionRows(accounts, saved?.positions);
  const owners = createOwnerRows(names, accounts, positions);
  const writes = createWrites();
  const parts: Parts = { names, accounts, positions, owners, writes };
  return {
    ...accountsOfBook(parts),
    ...positionsOfBook(parts),
    get accountCount() {
      return accounts.columns.count;
    },
    columns: { accounts: accounts.columns, positions: positions.columns },
    accountNames: names.accounts,
    instrumentNames: names.instruments,
    profileOf: accounts.profileOf,
    statusOf: accounts.statusOf,
    lotsOf: positions.lots,
    fractionOf: positions.fraction,
    ownerLotsOf: owners.lots,
    collateralOf: accounts.collateralOf,
    siblingsOf: owners.around,
    beforeWrites: writes.before,
    onRows: positions.onRows,
    saveColumns: () => ({ names: savedNames(names), accounts: accounts.save(), positions: positions.save() }),
    memory: () => ({ accounts: accounts.bytes() + owners.bytes() + bytesOfNames(names), positions: positions.bytes() }),
  };
}

type OfPositions = 'position' | 'positions' | 'setPosition' | 'holders' | 'longLots' | 'ownerExposure';

/** The row of an account that must be there. */
function rowIn(names: BookNames, id: AccountId): number {
  const row = names.accounts.find(id);
  assert(row !== NONE, 'Account is missing', { id });
  return row;
}

/**
 * Accounts shown last that are kept: what an account is hardly ever changes, and an entry asks for the same few again
 * and again.
 */
const SHOWN = 64;

function accountsOfBook({ names, accounts, owners, writes }: Parts): Omit<Book, OfPositions | 'accountCount'> {
  const shown: (Account | undefined)[] = new Array<Account | undefined>(SHOWN).fill(undefined);
  const rowOf = (id: AccountId): number => rowIn(names, id);
  const toWrite = (id: AccountId): number => {
    const row = rowOf(id);
    writes.about(row);
    return row;
  };
  return {
    open(account) {
      assert(names.accounts.find(account.id) === NONE, 'Account is there already', { id: account.id });
      names.accounts.number(account.id);
      owners.join(accounts.open(account));
    },
    amendMember(id, member) {
      const row = toWrite(id);
      accounts.amendMember(row, member);
      shown[row % SHOWN] = undefined;
    },
    account(id) {
      const row = names.accounts.find(id);
      if (row === NONE) return undefined;
      const known = shown[row % SHOWN];
      if (known?.id === id) return known;
      const account = accounts.get(row, id);
      shown[row % SHOWN] = account;
      return account;
    },
    *accountIds() {
      for (let row = 0; row < accounts.columns.count; row++) yield names.accounts.name(row);
    },
    accountsFrom(first, most) {
      const until = Math.min(accounts.columns.count, first + most);
      return Array.from({ length: Math.max(until - first, 0) }, (_, i) => names.accounts.name(first + i));
    },
    stateOf: (id) => accounts.stateOf(rowOf(id)),
    setState: (id, state) => accounts.setState(toWrite(id), state),
    balance: (id, currency) => accounts.balance(rowOf(id), currency),
    balances: (id) => accounts.balances(rowOf(id)),
    addBalance: (id, currency, amount) => accounts.addBalance(toWrite(id), currency, amount),
    collateralHolders: (currency) => Array.from(accounts.collateralHolders(currency), names.accounts.name),
    collateralHeld: accounts.collateralHeld,
    accountsOf: (owner) => owners.accountsOf(owner).map(names.accounts.name),
  };
}

function positionsOfBook({ names, positions, owners, writes }: Parts): Pick<Book, OfPositions> {
  const find = (account: number, instrument: InstrumentId): number => {
    const number = names.instruments.find(instrument);
    return number === NONE ? NONE : positions.find(account, number);
  };
  const write = (account: number, row: number, instrument: InstrumentId, position: Position | undefined): void => {
    if (position && !isEmpty(position)) {
      if (row === NONE) positions.take(account, names.instruments.number(instrument), position);
      else positions.set(row, position);
    } else if (row !== NONE) positions.free(row);
  };
  return {
    position(id, instrument) {
      const row = find(rowIn(names, id), instrument);
      return row === NONE ? undefined : positions.get(row);
    },
    positions: (id) =>
      positions
        .rowsOf(rowIn(names, id))
        .map((row) => [names.instruments.name(positions.columns.instrument[row] as number), positions.get(row)]),
    setPosition(id, instrument, position) {
      const account = rowIn(names, id);
      writes.about(account);
      const row = find(account, instrument);
      if (!owners.isMany(account)) {
        write(account, row, instrument, position);
        return;
      }
      const before = row === NONE ? 0n : positions.exposure(row);
      write(account, row, instrument, position);
      const now = find(account, instrument);
      owners.move(account, names.instruments.find(instrument), (now === NONE ? 0n : positions.exposure(now)) - before);
    },
    holders(instrument) {
      const number = names.instruments.find(instrument);
      return number === NONE
        ? []
        : positions.holding(number).map((row) => names.accounts.name(positions.columns.account[row] as number));
    },
    longLots(instrument) {
      const number = names.instruments.find(instrument);
      return number === NONE ? (0n as Size) : positions.long(number);
    },
    ownerExposure(owner, instrument) {
      const [number, of] = [names.owners.find(owner), names.instruments.find(instrument)];
      return (number === NONE || of === NONE ? 0n : owners.exposure(number, of)) as Size;
    },
  };
}
