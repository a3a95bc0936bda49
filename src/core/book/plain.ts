/** The book as plain objects and maps: simple, and the reference that faster books are compared with. */

import { known } from '../../units/failure';
import { type Cash, NO_CASH, plus, type Size, total } from '../../units/quantity';
import type { Account, AccountId, AccountState, OwnerId, Position } from '../model/account';
import type { Book } from '../model/book';
import type { CurrencyId, InstrumentId } from '../model/reference';
import { createAccountIndex } from './accountIndex';
import { EMPTY_POSITION, exposureKey, exposureOf, isEmpty } from './exposure';

interface Row {
  account: Account;
  state: AccountState;
  readonly balances: Map<CurrencyId, Cash>;
  readonly positions: Map<InstrumentId, Position>;
}

const OPENED: AccountState = { status: 'HEALTHY', warned: 0, waived: false, liquidations: [], levied: NO_CASH };

export interface PlainBook extends Book {
  /** Lets go of an account with all it holds, for who keeps only some of them. */
  forget(id: AccountId): void;
}

/** What accounts hold that are not in the book: lots held long, exposures by their key, and collateral. */
export interface Elsewhere {
  readonly long: ReadonlyMap<InstrumentId, Size>;
  readonly owners: ReadonlyMap<string, bigint>;
  readonly collateral: ReadonlyMap<CurrencyId, Cash>;
}

export function createPlainBook(elsewhere?: Elsewhere): PlainBook {
  const rows = new Map<AccountId, Row>();
  const holders = createAccountIndex<InstrumentId>();
  const collateralHolders = createAccountIndex<CurrencyId>();
  const owners = createAccountIndex<OwnerId>();
  const exposures = new Map<string, bigint>(elsewhere?.owners);

  const row = (id: AccountId): Row => known(rows.get(id), 'Account', id);
  const moveExposure = (owner: OwnerId, instrument: InstrumentId, by: bigint): void => {
    if (by === 0n) return;
    const key = exposureKey(owner, instrument);
    const sum = (exposures.get(key) ?? 0n) + by;
    if (sum === 0n) exposures.delete(key);
    else exposures.set(key, sum);
  };

  return {
    open(account) {
      rows.set(account.id, { account, state: OPENED, balances: new Map(), positions: new Map() });
      owners.add(account.owner, account.id);
    },
    forget(id) {
      const { account, balances, positions } = row(id);
      for (const [instrument, position] of positions) {
        moveExposure(account.owner, instrument, -exposureOf(position));
        holders.remove(instrument, id);
      }
      for (const currency of balances.keys()) if (currency !== account.currency) collateralHolders.remove(currency, id);
      owners.remove(account.owner, id);
      rows.delete(id);
    },
    amendMember(id, member) {
      const held = row(id);
      held.account = { ...held.account, member };
    },
    account: (id) => rows.get(id)?.account,
    accountIds: () => rows.keys(),
    accountsFrom: (first, most) => [...rows.keys()].slice(first, first + most),
    get accountCount() {
      return rows.size;
    },

    stateOf: (id) => row(id).state,
    setState(id, state) {
      row(id).state = state;
    },

    balance: (id, currency) => row(id).balances.get(currency) ?? NO_CASH,
    balances: (id) => row(id).balances,
    addBalance(id, currency, amount) {
      const { account, balances } = row(id);
      const after = ((balances.get(currency) ?? 0n) + amount) as Cash;
      if (after === 0n) balances.delete(currency);
      else balances.set(currency, after);
      if (currency === account.currency) return;
      if (after === 0n) collateralHolders.remove(currency, id);
      else collateralHolders.add(currency, id);
    },

    position: (id, instrument) => row(id).positions.get(instrument),
    positions: (id) => row(id).positions,
    setPosition(id, instrument, position) {
      const { account, positions } = row(id);
      const before = exposureOf(positions.get(instrument) ?? EMPTY_POSITION);
      const after = position ?? EMPTY_POSITION;
      moveExposure(account.owner, instrument, exposureOf(after) - before);
      if (isEmpty(after)) {
        positions.delete(instrument);
        holders.remove(instrument, id);
      } else {
        positions.set(instrument, after);
        holders.add(instrument, id);
      }
    },

    holders: (instrument) => holders.of(instrument),
    longLots(instrument) {
      let long: bigint = elsewhere?.long.get(instrument) ?? 0n;
      for (const id of holders.of(instrument)) {
        const held = row(id).positions.get(instrument)?.size ?? 0n;
        if (held > 0n) long += held;
      }
      return long as Size;
    },
    collateralHolders: (currency) => collateralHolders.of(currency),
    collateralHeld(currency) {
      const own = [...collateralHolders.of(currency)].map((id) => row(id).balances.get(currency) ?? NO_CASH);
      return plus(total(own), elsewhere?.collateral.get(currency) ?? NO_CASH);
    },
    accountsOf: (owner) => owners.of(owner),
    ownerExposure: (owner, instrument) => (exposures.get(exposureKey(owner, instrument)) ?? 0n) as Size,
  };
}
