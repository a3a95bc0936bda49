/** The state as plain data and back: everything but what is derived, which is built anew. */

import type { Cash } from '../../units/quantity';
import type { Account, AccountId, AccountState, Position } from '../model/account';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { State } from '../model/state';
import { createState } from './genesis';
import { setDeadlines } from './time';

interface SavedAccount {
  readonly account: Account;
  readonly state: AccountState;
  readonly balances: readonly (readonly [CurrencyId, Cash])[];
  readonly positions: readonly (readonly [InstrumentId, Position])[];
}

const PARTS = [
  'currencies',
  'collateral',
  'indices',
  'listings',
  'policies',
  'pendingPolicies',
  'lossPolicies',
  'disposalPolicies',
  'lossPeriods',
  'members',
  'apiKeys',
  'ledger',
  'orders',
  'calls',
  'callOf',
  'liquidations',
  'liquidationOf',
  'liquidationOrders',
  'proposals',
  'remembered',
  'trades',
  'backlog',
] as const;

type Part = (typeof PARTS)[number];

export interface SavedState {
  readonly seq: number;
  readonly now: number;
  readonly parts: { readonly [P in Part]: State[P] };
  readonly reversed: State['reversed'];
  readonly accounts: readonly SavedAccount[];
}

export function saveState(state: State): SavedState {
  const { book } = state;
  const accounts: SavedAccount[] = [];
  for (const id of book.accountIds()) {
    accounts.push({
      account: book.account(id) as Account,
      state: book.stateOf(id),
      balances: [...book.balances(id)],
      positions: [...book.positions(id)],
    });
  }
  const parts = Object.fromEntries(PARTS.map((part) => [part, state[part]])) as unknown as SavedState['parts'];
  return { seq: state.seq, now: state.now, parts, reversed: state.reversed, accounts };
}

export function restoreState(saved: SavedState): State {
  const empty = createState();
  const { book } = empty;
  for (const { account, state, balances, positions } of saved.accounts) {
    book.open(account);
    book.setState(account.id, state);
    for (const [currency, amount] of balances) book.addBalance(account.id, currency, amount);
    for (const [instrument, position] of positions) book.setPosition(account.id, instrument, position);
  }
  const state: State = { ...empty, ...saved.parts, reversed: saved.reversed, seq: saved.seq, now: saved.now as State['now'] };
  for (const { id, account } of state.orders.values()) {
    state.ordersOf.set(account, (state.ordersOf.get(account) ?? new Set<AccountId>()).add(id));
  }
  for (const { id, account } of state.liquidationOrders.values()) {
    state.liquidationOrdersOf.set(account, (state.liquidationOrdersOf.get(account) ?? new Set<AccountId>()).add(id));
  }
  setDeadlines(state);
  return state;
}
