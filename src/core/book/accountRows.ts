/** Accounts as rows of columns: what they are, how they stand, and their money. */

import { type Cash, NO_CASH, plus, total } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { Account, AccountId, AccountState, AccountStatus, MemberId } from '../model/account';
import type { CurrencyId } from '../model/reference';
import type { BookNames } from './bookNames';
import { bytesOfColumns, bytesOfMap, INTEGER } from './bytes';
import { type AccountColumns, type Beyond, grown, integerAt, NONE, putNumber, setInteger, withRows } from './columns';
import { createGrowth, type Growth } from './growth';
import { createKinds } from './kinds';

export interface SavedAccounts {
  readonly columns: AccountColumns;
  readonly beyond: Beyond;
  readonly states: Map<number, AccountState>;
  readonly others: Map<CurrencyId, Map<number, Cash>>;
  readonly profiles: readonly Profile[];
  readonly leverages: readonly Ratio[];
}

/** What an account has in common with many others. */
export type Profile = Pick<Account, 'member' | 'kind' | 'currency' | 'policy' | 'mode'>;

export interface AccountRows {
  readonly columns: AccountColumns;
  readonly growth: Growth;
  /** Takes the next row. */
  open(account: Account): number;
  amendMember(row: number, member: MemberId): void;
  get(row: number, id: AccountId): Account;
  profileOf(row: number): Profile;
  stateOf(row: number): AccountState;
  statusOf(row: number): AccountStatus;
  setState(row: number, state: AccountState): void;
  balance(row: number, currency: CurrencyId): Cash;
  balances(row: number): [CurrencyId, Cash][];
  addBalance(row: number, currency: CurrencyId, amount: Cash): void;
  /** Amounts of other currencies than its own, as floats. */
  collateralOf(row: number): readonly (readonly [CurrencyId, Cash])[];
  /** Rows that hold the currency as another one than their own. */
  collateralHolders(currency: CurrencyId): Iterable<number>;
  /** What all of them hold of it. */
  collateralHeld(currency: CurrencyId): Cash;
  save(): SavedAccounts;
  bytes(): number;
}

const STATUSES = [
  'HEALTHY',
  'WARNING',
  'CALL',
  'LIQUIDATING',
  'RESTORED',
  'BANKRUPT',
  'CLOSED',
] as const satisfies readonly AccountStatus[];

const ROWS = grown(0);
const WARNED_MOST = 255;
const NOTHING: readonly never[] = [];

const noAccounts = (): SavedAccounts => ({
  columns: {
    count: 0,
    cash: new Float64Array(ROWS),
    first: new Int32Array(ROWS),
    owner: new Int32Array(ROWS),
    sibling: new Int32Array(ROWS),
    profile: new Uint8Array(ROWS),
    instrument: new Uint8Array(ROWS),
    leverage: new Uint8Array(ROWS),
    status: new Uint8Array(ROWS),
    warned: new Uint8Array(ROWS),
    waived: new Uint8Array(ROWS),
    others: new Uint8Array(ROWS),
  },
  beyond: new Map(),
  states: new Map(),
  others: new Map(),
  profiles: [],
  leverages: [],
});

const copyOf = (saved: SavedAccounts, rows: number): SavedAccounts => ({
  columns: withRows(saved.columns, rows),
  beyond: new Map(saved.beyond),
  states: new Map(saved.states),
  others: new Map([...saved.others].map(([currency, amounts]) => [currency, new Map(amounts)])),
  profiles: [...saved.profiles],
  leverages: [...saved.leverages],
});

export function createAccountRows(names: BookNames, saved?: SavedAccounts): AccountRows {
  const made = saved ? copyOf(saved, grown(saved.columns.count)) : noAccounts();
  const { columns, beyond, states, others } = made;
  const growth = createGrowth(columns);
  const profiles = createKinds(made.profiles, ({ member, kind, currency, policy, mode }) =>
    [member, kind, currency, policy, mode].join('\n'),
  );
  const leverages = createKinds(made.leverages, ({ numerator, denominator }) => `${numerator}/${denominator}`);

  const statusOf = (row: number): AccountStatus => STATUSES[columns.status[row] as number] as AccountStatus;
  const profileOf = (row: number): Profile => profiles.of(columns.profile[row] as number);

  const held = new Map<CurrencyId, Cash>([...others].map(([currency, amounts]) => [currency, total(amounts.values())]));

  const addOther = (row: number, currency: CurrencyId, amount: Cash): void => {
    held.set(currency, plus(held.get(currency) ?? NO_CASH, amount));
    const amounts = others.get(currency) ?? new Map<number, Cash>();
    others.set(currency, amounts);
    const before = amounts.get(row) ?? 0n;
    const after = (before + amount) as Cash;
    const kinds = columns.others[row] as number;
    if (after === 0n) amounts.delete(row);
    else amounts.set(row, after);
    if ((before === 0n) !== (after === 0n)) putNumber(columns, 'others', row, after === 0n ? kinds - 1 : kinds + 1);
  };

  const othersOf = (row: number): [CurrencyId, Cash][] => {
    const held: [CurrencyId, Cash][] = [];
    if (columns.others[row] === 0) return held;
    for (const [currency, amounts] of others) {
      const amount = amounts.get(row);
      if (amount !== undefined) held.push([currency, amount]);
    }
    return held;
  };

  return {
    columns,
    growth,
    open(account) {
      growth.prepare();
      const row = columns.count;
      columns.count += 1;
      columns.first[row] = NONE;
      columns.owner[row] = names.owners.number(account.owner);
      columns.sibling[row] = row;
      const { member, kind, currency, policy, mode, instrument, leverage } = account;
      putNumber(columns, 'profile', row, profiles.number({ member, kind, currency, policy, mode }));
      putNumber(columns, 'instrument', row, instrument === null ? 0 : 1 + names.instruments.number(instrument));
      putNumber(columns, 'leverage', row, leverage === null ? 0 : 1 + leverages.number(leverage));
      return row;
    },
    amendMember(row, member) {
      const { kind, currency, policy, mode } = profileOf(row);
      putNumber(columns, 'profile', row, profiles.number({ member, kind, currency, policy, mode }));
      growth.wrote(row);
    },
    get(row, id) {
      const { member, kind, currency, policy, mode } = profileOf(row);
      const instrument = columns.instrument[row] as number;
      const leverage = columns.leverage[row] as number;
      return {
        id,
        member,
        owner: names.owners.name(columns.owner[row] as number),
        kind,
        currency,
        policy,
        mode,
        instrument: instrument === 0 ? null : names.instruments.name(instrument - 1),
        leverage: leverage === 0 ? null : leverages.of(leverage - 1),
      };
    },
    profileOf,
    statusOf,
    stateOf: (row) =>
      states.get(row) ?? {
        status: statusOf(row),
        warned: columns.warned[row] as number,
        waived: columns.waived[row] === 1,
        liquidations: NOTHING,
        levied: NO_CASH,
      },
    setState(row, state) {
      columns.status[row] = STATUSES.indexOf(state.status);
      columns.warned[row] = Math.min(WARNED_MOST, state.warned);
      columns.waived[row] = state.waived ? 1 : 0;
      growth.wrote(row);
      const plain = state.liquidations.length === 0 && state.levied === 0n && state.warned <= WARNED_MOST;
      if (!plain) states.set(row, state);
      else if (states.size > 0) states.delete(row);
    },
    balance(row, currency) {
      if (currency === profileOf(row).currency) return integerAt(columns.cash, beyond, row) as Cash;
      return others.get(currency)?.get(row) ?? NO_CASH;
    },
    balances(row) {
      const cash = integerAt(columns.cash, beyond, row) as Cash;
      return cash === 0n ? othersOf(row) : [[profileOf(row).currency, cash], ...othersOf(row)];
    },
    addBalance(row, currency, amount) {
      if (currency === profileOf(row).currency)
        setInteger(columns.cash, beyond, row, integerAt(columns.cash, beyond, row) + amount);
      else addOther(row, currency, amount);
      growth.wrote(row);
    },
    collateralOf: (row) => (columns.others[row] === 0 ? NOTHING : othersOf(row)),
    collateralHolders: (currency) => others.get(currency)?.keys() ?? NOTHING,
    collateralHeld: (currency) => held.get(currency) ?? NO_CASH,
    save: () => copyOf({ ...made, profiles: profiles.all, leverages: leverages.all }, columns.count),
    bytes() {
      let bytes = bytesOfColumns(columns) + growth.bytes() + bytesOfMap(beyond, INTEGER) + bytesOfMap(states, 100);
      for (const amounts of others.values()) bytes += bytesOfMap(amounts, INTEGER);
      return bytes;
    },
  };
}
