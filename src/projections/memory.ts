/**
 * What the projector keeps from one commit to the next: a state of the core with everything that is of no one account, and
 * the accounts that were touched lately. It is as the rows are; after a commit that failed it is made anew from them.
 */

import { createPlainBook } from '../core/book/plain';
import { stateWith } from '../core/engine/genesis';
import type { AccountId, AccountState, MemberId, OrderId, Position } from '../core/model/account';
import type { Book } from '../core/model/book';
import type { MarginCall, MarginCallId } from '../core/model/call';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from '../core/model/liquidation';
import type { CurrencyId, InstrumentId } from '../core/model/reference';
import type { State } from '../core/model/state';
import type { Cash, Instant } from '../units/quantity';

/** The parts of the state that are of no one account: few, and needed by nearly every entry. */
export const SHARED = [
  'currencies',
  'collateral',
  'indices',
  'listings',
  'policies',
  'pendingPolicies',
  'lossPolicies',
  'disposalPolicies',
  'deleveragingPolicies',
  'inventoryDraws',
  'marketLimits',
  'lossPeriods',
  'memberStatuses',
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

export const sharedOf = (state: State): Shared => Object.fromEntries(SHARED.map((part) => [part, state[part]])) as unknown as Shared;

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
  readonly funds: Map<CurrencyId, Fund>;
  readonly accounts: Map<AccountId, HeldAccount>;
  readonly touched: Set<AccountId>; // written to since they were last held against their rows
  readonly orders: Set<OrderId>; // that have a row
  readonly calls: Map<MarginCallId, CallRecord>; // open ones, as the next two
  readonly liquidations: Map<LiquidationId, LiquidationRecord>;
  readonly liquidationOrders: Map<LiquidationOrderId, LiquidationOrderRecord>;
}

export function createMemory(shared?: Shared, funds: Memory['funds'] = new Map()): Memory {
  const touched = new Set<AccountId>();
  return {
    state: { ...stateWith(recording(createPlainBook(), touched)), ...shared },
    funds,
    accounts: new Map(),
    touched,
    orders: new Set(),
    calls: new Map(),
    liquidations: new Map(),
    liquidationOrders: new Map(),
  };
}

const nobody = (): readonly AccountId[] => [];

/** The same without any account: they are read again when they are touched. */
export const withoutAccounts = ({ state, funds }: Memory): Memory => createMemory(sharedOf(state), funds);

/**
 * A book that notes which accounts are written to, whoever writes. It names nobody by what they hold: it has not everybody,
 * and whom the house has to look at next is nothing that a row tells.
 */
function recording(book: Book, touched: Set<AccountId>): Book {
  return Object.assign(Object.create(book) as Book, {
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
  } satisfies Partial<Book>);
}
