/**
 * What the projector keeps from one commit to the next: a state of the core with everything that is of no one account,
 * and the accounts that were touched lately. It is as the rows are; after a commit that failed it is made anew from
 * them.
 */

import { createPlainBook, type PlainBook } from '../../core/book/plain';
import { stateWith } from '../../core/engine/genesis';
import type { AccountId, AccountState, MemberId, OrderId, Position } from '../../core/model/account';
import type { MarginCall, MarginCallId } from '../../core/model/call';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from '../../core/model/liquidation';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { State } from '../../core/model/state';
import { known } from '../../units/failure';
import type { Cash, Instant } from '../../units/quantity';

/** The parts of the state that are of no one account: few, and needed by nearly every entry. */
export const SHARED = [
  'currencies',
  'collateral',
  'indices',
  'listings',
  'policies',
  'formerTerms',
  'pendingPolicies',
  'lossPolicies',
  'disposalPolicies',
  'deleveragingPolicies',
  'inventoryDraws',
  'marketLimits',
  'lossPeriods',
  'memberStatuses',
  'venues',
  'defaultPolicies',
  'memberDefaults',
  'portOffers',
  'auctionPolicies',
  'auctions',
  'portfolioPolicies',
  'portfolios',
  'ledger',
  'liquidators',
  'providers',
] as const satisfies readonly (keyof State)[];

export type Shared = Pick<State, (typeof SHARED)[number]>;

/** Sums of an insurance fund, by what moved it. */
export interface Fund {
  readonly balance: Cash;
  readonly target: Cash;
  readonly contributed: Cash;
  readonly fees: Cash;
  readonly penalties: Cash;
  readonly surplus: Cash;
  readonly paid: Cash;
  readonly withdrawn: Cash;
  readonly reversed: Cash;
}

/** An account as its rows say: what is written is what differs from it. */
export interface HeldAccount {
  readonly member: MemberId;
  readonly state: AccountState;
  readonly balances: ReadonlyMap<CurrencyId, Cash>;
  readonly positions: ReadonlyMap<InstrumentId, Position>;
  bytes: number; // that it takes, about
}

/** A margin call with what its row holds besides it. */
export interface CallRecord {
  call: MarginCall;
  status: 'OPEN' | 'CURED' | 'EXPIRED' | 'SUPERSEDED' | 'WAIVED';
  readonly reason: string | null;
  ordinal: number; // of its last event
  ended: { readonly at: Instant; readonly by: string | null; readonly equity: Cash | null } | null;
}

/** A liquidation with what its row holds besides it. */
export interface LiquidationRecord {
  liquidation: Liquidation;
  outcome: 'RESTORED' | 'BANKRUPT' | 'CLOSED_OUT' | 'SEIZED' | null;
  readonly equityAtStart: Cash;
  readonly maintenanceAtStart: Cash;
  closed: Cash;
  fee: Cash;
  penalty: Cash;
  slippage: Cash;
  ended: { readonly at: Instant; readonly equity: Cash } | null;
}

export interface LiquidationOrderRecord {
  order: LiquidationOrder;
  status: 'OPEN' | 'FILLED' | 'EXPIRED' | 'CANCELLED';
  endedAt: Instant | null;
}

export interface Memory {
  readonly state: State;
  readonly book: PlainBook; // of that state
  bytes: number; // that the accounts take, about
  readonly funds: Map<CurrencyId, Fund>;
  readonly accounts: Map<AccountId, HeldAccount>; // those that were written to longest ago first
  readonly touched: Set<AccountId>; // written to since they were last held against their rows
  readonly orders: Set<OrderId>; // that have a row
  readonly calls: Map<MarginCallId, CallRecord>; // open ones, as the next two
  readonly liquidations: Map<LiquidationId, LiquidationRecord>;
  readonly liquidationOrders: Map<LiquidationOrderId, LiquidationOrderRecord>;
}

export function createMemory(): Memory {
  const touched = new Set<AccountId>();
  const book = createPlainBook();
  return {
    state: stateWith(recording(book, touched)),
    ...{ funds: new Map(), book, bytes: 0 },
    accounts: new Map(),
    touched,
    orders: new Set(),
    calls: new Map(),
    liquidations: new Map(),
    liquidationOrders: new Map(),
  };
}

const nobody = (): readonly AccountId[] => [];

/**
 * Bytes of an account in memory, about: itself, and each balance, position and open order, held here and in the book.
 */
const ACCOUNT_BYTES = 800;
const PART_BYTES = 300;

const bytesOf = (state: State, id: AccountId, { balances, positions }: HeldAccount): number =>
  ACCOUNT_BYTES + PART_BYTES * (balances.size + positions.size + (state.ordersOf.get(id)?.size ?? 0));

/** An account as the state has it is what its rows say from here on; it is the one that was written to last. */
export function holdAccount(memory: Memory, id: AccountId): void {
  const { book, accounts, state } = memory;
  letGo(memory, id);
  const held: HeldAccount = {
    member: known(book.account(id), 'Account', id).member,
    state: book.stateOf(id),
    balances: new Map(book.balances(id)),
    positions: new Map(book.positions(id)),
    bytes: 0,
  };
  held.bytes = bytesOf(state, id, held);
  memory.bytes += held.bytes;
  accounts.set(id, held);
}

function letGo(memory: Memory, id: AccountId): void {
  const held = memory.accounts.get(id);
  if (!held) return;
  memory.bytes -= held.bytes;
  memory.accounts.delete(id);
}

/**
 * Lets go of accounts that were written to longest ago until the others fit: they are read again when they are touched.
 */
export function forgetAccounts(memory: Memory, mostBytes: number): void {
  const { state, book, accounts, orders } = memory;
  for (const id of accounts.keys()) {
    if (memory.bytes <= mostBytes) return;
    letGo(memory, id);
    for (const order of state.ordersOf.get(id) ?? []) {
      state.orders.delete(order);
      orders.delete(order);
    }
    state.ordersOf.delete(id);
    book.forget(id);
  }
}

/**
 * A book that notes which accounts are written to, whoever writes. It names nobody by what they hold: it has not
 * everybody, and whom the house has to look at next is nothing that a row tells.
 */
function recording(book: PlainBook, touched: Set<AccountId>): PlainBook {
  return Object.assign(Object.create(book) as PlainBook, {
    open(account) {
      touched.add(account.id);
      book.open(account);
    },
    amendMember(id, member) {
      touched.add(id);
      book.amendMember(id, member);
    },
    setState(id, state) {
      touched.add(id);
      book.setState(id, state);
    },
    addBalance(id, currency, amount) {
      touched.add(id);
      book.addBalance(id, currency, amount);
    },
    setPosition(id, instrument, position) {
      touched.add(id);
      book.setPosition(id, instrument, position);
    },
    holders: nobody,
    collateralHolders: nobody,
    accountsOf: nobody,
  } satisfies Partial<PlainBook>);
}
