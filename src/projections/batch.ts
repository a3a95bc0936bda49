/**
 * What one commit of the projections works on: a state of the core that holds what the rows say about everything the
 * entries touch. The entries are applied to it by the core's own functions; what differs afterwards is written, so that a
 * row and the house cannot come to mean different things by an event.
 */

import { createState } from '../core/engine/genesis';
import type { AccountId, AccountState, Order, OrderId, Position } from '../core/model/account';
import type { ApiKeyId } from '../core/model/actor';
import type { MarginCall, MarginCallId } from '../core/model/call';
import type { Liquidation, LiquidationId, LiquidationOrder, LiquidationOrderId } from '../core/model/liquidation';
import type { CurrencyId, InstrumentId } from '../core/model/reference';
import type { State } from '../core/model/state';
import { type Cash, type Instant, instant, type Seq } from '../units/quantity';
import { createRows, type Row, type Rows } from './rows';

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
  'lossPeriods',
  'ledger',
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

/** What is kept in memory from one commit to the next. It is as the rows are: after a commit that failed it is read anew. */
export interface Memory {
  readonly shared: Shared;
  readonly funds: Map<CurrencyId, Fund>;
}

/** Where something happened, as rows tell it. */
export interface Moment {
  readonly seq: Seq;
  readonly at: Instant;
  readonly actor: string;
  place: number; // of the event in its entry
  transfers: number; // of the entry so far
}

/** A margin call with what its row holds besides it. */
export interface CallRecord {
  call: MarginCall;
  status: 'OPEN' | 'CURED' | 'EXPIRED' | 'SUPERSEDED' | 'WAIVED';
  readonly reason: string | null;
  ordinal: number; // of its last event
  ended: { readonly at: Instant; readonly by: string | null; readonly equity: Cash | null } | null;
  touched: boolean;
}

/** A liquidation with what its row holds besides it. */
export interface LiquidationRecord {
  liquidation: Liquidation;
  outcome: 'RESTORED' | 'BANKRUPT' | null;
  readonly equityAtStart: Cash;
  readonly maintenanceAtStart: Cash;
  closed: Cash;
  fee: Cash;
  penalty: Cash;
  slippage: Cash;
  ended: { readonly at: Instant; readonly equity: Cash } | null;
  touched: boolean;
}

export interface LiquidationOrderRecord {
  order: LiquidationOrder;
  status: 'OPEN' | 'FILLED' | 'EXPIRED' | 'CANCELLED';
  endedAt: Instant | null;
  touched: boolean;
}

/** An account as its rows say: what the entries start from, and what is written is compared with. */
export interface LoadedAccount {
  readonly state: AccountState;
  readonly balances: Map<CurrencyId, Cash>;
  readonly positions: Map<InstrumentId, Position>;
}

export interface Batch {
  readonly memory: Memory;
  readonly state: State;
  readonly rows: Rows;
  readonly before: Shared; // copies
  readonly fundsBefore: ReadonlyMap<CurrencyId, Fund>;
  readonly accounts: Map<AccountId, LoadedAccount>;
  readonly orders: Map<OrderId, Order>;
  readonly calls: Map<MarginCallId, CallRecord>;
  readonly liquidations: Map<LiquidationId, LiquidationRecord>;
  readonly liquidationOrders: Map<LiquidationOrderId, LiquidationOrderRecord>;
  readonly opened: Map<AccountId, Pick<Moment, 'seq' | 'at'>>;
  readonly placed: Map<OrderId, Instant>;
  readonly ledger: Set<string>; // ledger accounts of the house that money moved through
  readonly keys: Map<ApiKeyId, Pick<Row<'ApiKey'>, 'id'> & Partial<Row<'ApiKey'>>>;
  readonly marks: Map<InstrumentId, Row<'MarkPrice'>>; // the last of each instrument
  /** Loss periods that began, with what an account that was not loaded is to be counted by: statements for the very end. */
  readonly periods: Map<CurrencyId, readonly MarkedInstrument[]>;
}

export interface MarkedInstrument {
  readonly instrument: InstrumentId;
  readonly mark: string | null;
  readonly multiplier: string;
}

export const createMemory = (): Memory => ({ shared: sharedOf(createState()), funds: new Map() });

export function createBatch(memory: Memory, seq: Seq, at: Instant): Batch {
  const { shared } = memory;
  const before = Object.fromEntries(SHARED.map((part) => [part, new Map<string, unknown>(shared[part])])) as unknown as Shared;
  return {
    memory,
    state: { ...createState(), ...shared, seq, now: at },
    rows: createRows(),
    before,
    fundsBefore: new Map(memory.funds),
    accounts: new Map(),
    orders: new Map(),
    calls: new Map(),
    liquidations: new Map(),
    liquidationOrders: new Map(),
    opened: new Map(),
    placed: new Map(),
    ledger: new Set(),
    keys: new Map(),
    marks: new Map(),
    periods: new Map(),
  };
}

const sharedOf = (state: State): Shared => Object.fromEntries(SHARED.map((part) => [part, state[part]])) as unknown as Shared;

/** Keys whose value is another one than before: values are replaced, never changed. */
export function* changed<Value>(before: ReadonlyMap<string, Value>, after: ReadonlyMap<string, Value>): Generator<[string, Value]> {
  for (const [key, value] of after) if (before.get(key) !== value) yield [key, value];
}

export const NEVER = instant(0);
