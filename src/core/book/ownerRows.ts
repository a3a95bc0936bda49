/**
 * Accounts by owner. Those of one owner are linked to a list; what they reach together in an instrument is added up on
 * demand while they are few, and kept as a sum when they are many. An owner with one account takes no more than a
 * number.
 */

import type { AccountRows } from './accountRows';
import type { BookNames } from './bookNames';
import { bytesOfColumns, bytesOfMap, INTEGER } from './bytes';
import { floatOf, grown, NONE } from './columns';
import { createGrowth } from './growth';
import type { PositionRows } from './positionRows';

export interface OwnerRows {
  /** A new account joins those of its owner. */
  join(account: number): void;
  accountsOf(owner: string): number[];
  /** The account and all others of its owner. */
  around(account: number): number[];
  /** What the owner's accounts reach in the instrument, added up. */
  exposure(owner: number, instrument: number): bigint;
  /** The same as a float, of the owner of a position. */
  lots(position: number): number;
  /** Whether what an account reaches has to be told when it changes. */
  isMany(account: number): boolean;
  /** What an account reaches in an instrument has changed. */
  move(account: number, instrument: number, by: bigint): void;
  bytes(): number;
}

/** More accounts than this are many. */
const FEW = 4;

export function createOwnerRows(
  names: BookNames,
  { columns: accounts, growth: accountGrowth }: AccountRows,
  positions: PositionRows,
): OwnerRows {
  const columns = { count: 0, first: new Int32Array(grown(0)) }; // the first account of every owner
  const growth = createGrowth(columns);
  const sums = new Map<number, Map<number, bigint>>(); // of owners with many accounts, by instrument

  const around = (account: number): number[] => {
    const rows = [account];
    for (let row = accounts.sibling[account] as number; row !== account; row = accounts.sibling[row] as number)
      rows.push(row);
    return rows;
  };

  const add = (sum: Map<number, bigint>, instrument: number, by: bigint): void => {
    const after = (sum.get(instrument) ?? 0n) + by;
    if (after === 0n) sum.delete(instrument);
    else sum.set(instrument, after);
  };

  const addAccount = (sum: Map<number, bigint>, account: number): void => {
    for (const row of positions.rowsOf(account))
      add(sum, positions.columns.instrument[row] as number, positions.exposure(row));
  };

  const exposure = (owner: number, instrument: number): bigint => {
    const sum = sums.size === 0 ? undefined : sums.get(owner);
    if (sum) return sum.get(instrument) ?? 0n;
    let all = 0n;
    for (const account of around(columns.first[owner] as number)) {
      const row = positions.find(account, instrument);
      if (row !== NONE) all += positions.exposure(row);
    }
    return all;
  };

  const join = (account: number): void => {
    const owner = accounts.owner[account] as number;
    if (owner === columns.count) {
      growth.prepare();
      columns.first[owner] = account;
      columns.count += 1;
    }
    const first = columns.first[owner] as number;
    if (first !== account) {
      accounts.sibling[account] = accounts.sibling[first] as number;
      accounts.sibling[first] = account;
      accountGrowth.wrote(first);
    }
    const sum = sums.get(owner);
    if (sum) {
      addAccount(sum, account);
      return;
    }
    const rows = around(account);
    if (rows.length <= FEW) return;
    const made = new Map<number, bigint>();
    for (const row of rows) addAccount(made, row);
    sums.set(owner, made);
  };

  // Restored, the accounts know their siblings: who is first, and the sums, are found again.
  for (let account = 0; account < accounts.count; account++) {
    accounts.sibling[account] = account;
    join(account);
  }

  return {
    join,
    around,
    accountsOf(owner) {
      const number = names.owners.find(owner);
      return number === NONE ? [] : around(columns.first[number] as number);
    },
    exposure,
    lots(position) {
      const account = positions.columns.account[position] as number;
      if (accounts.sibling[account] === account) return positions.lots(position);
      return floatOf(exposure(accounts.owner[account] as number, positions.columns.instrument[position] as number));
    },
    isMany: (account) => sums.size > 0 && sums.has(accounts.owner[account] as number),
    move(account, instrument, by) {
      const sum = sums.get(accounts.owner[account] as number);
      if (sum && by !== 0n) add(sum, instrument, by);
    },
    bytes() {
      let bytes = bytesOfColumns(columns) + growth.bytes() + bytesOfMap(sums, 0);
      for (const sum of sums.values()) bytes += bytesOfMap(sum, INTEGER);
      return bytes;
    },
  };
}
