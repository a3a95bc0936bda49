/**
 * What one commit of the projections works on. The entries are applied to the state by the core's own functions, and
 * what differs afterwards is written, so that a row and the house cannot come to mean different things by an event.
 */

import type { AccountId, OrderId } from '../../core/model/account';
import type { Actor, ApiKeyId } from '../../core/model/actor';
import type { AuctionId } from '../../core/model/auction';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { State } from '../../core/model/state';
import { createDeadlines } from '../../units/deadlines';
import type { Instant, Seq } from '../../units/quantity';
import { createRecall } from '../../units/recall';
import {
  type CallRecord,
  type Fund,
  type LiquidationOrderRecord,
  type LiquidationRecord,
  type Memory,
  SHARED,
  type Shared,
} from './memory';
import { createRows, type Row, type Rows } from './rows';

/** Where something happened, as rows tell it. */
export interface Moment {
  readonly seq: Seq;
  readonly at: Instant;
  readonly actor: Actor;
  place: number; // of the event in its entry
  transfers: number; // of the entry so far
}

/** What the position of an account that is not in memory gains is counted from when a loss period begins. */
export interface MarkedInstrument {
  readonly instrument: InstrumentId;
  readonly lot: string;
  readonly above: string | null; // worth of a lot at the mark in 1e-12 of a unit, over
  readonly below: string | null; // this
}

/** What a loss period begins with. */
export interface PeriodStart {
  readonly marked: readonly MarkedInstrument[];
  readonly oldest: Instant; // start of the oldest window whose gains are remembered
}

export interface Batch {
  readonly memory: Memory;
  readonly state: State;
  readonly rows: Rows;
  readonly before: Shared; // as the rows say
  readonly fundsBefore: ReadonlyMap<CurrencyId, Fund>;
  readonly opened: Map<AccountId, Pick<Moment, 'seq' | 'at'>>;
  readonly orders: Map<OrderId, Instant | null>; // placed, filled or cancelled; when placed, if it was here
  readonly calls: Set<CallRecord>; // to which something happened, as the next two
  readonly liquidations: Set<LiquidationRecord>;
  readonly liquidationOrders: Set<LiquidationOrderRecord>;
  readonly ledger: Set<string>; // ledger accounts of the house that money moved through
  readonly keys: Map<ApiKeyId, Pick<Row<'ApiKey'>, 'id'> & Partial<Row<'ApiKey'>>>;
  readonly marks: Map<InstrumentId, Row<'MarkPrice'>>; // the last of each instrument
  readonly periods: Map<CurrencyId, PeriodStart>; // loss periods that began
  readonly ported: Set<AccountId>; // to another member
}

export function createBatch(memory: Memory, seq: Seq, at: Instant): Batch {
  const before = Object.fromEntries(
    SHARED.map((part) => [part, new Map<string, unknown>(memory.state[part])]),
  ) as unknown as Shared;
  // What is remembered for the checking of commands is of no use here: the commands were checked.
  const forgotten = {
    remembered: createRecall(0),
    trades: createRecall(0),
    reversed: new Set<string>(),
    ...nothingMoved(),
  };
  const forOthers = { runningCharges: new Map(), endedCharges: new Map(), disputes: new Map(), ladderLoad: new Map() };
  const ofNoRow = {
    ...waterfallOfNoRow(),
    ...forOthers,
    members: new Map(),
    apiKeys: new Map(),
    proposals: new Map(),
    deadlines: createDeadlines(),
  };
  return {
    memory,
    state: { ...memory.state, ...forgotten, ...ofNoRow, seq, now: at },
    rows: createRows(),
    before,
    fundsBefore: new Map(memory.funds),
    opened: new Map(),
    orders: new Map(),
    calls: new Set(),
    liquidations: new Set(),
    liquidationOrders: new Set(),
    ledger: new Set(),
    keys: new Map(),
    marks: new Map(),
    periods: new Map(),
    ported: new Set(),
  };
}

const nothingMoved = () => ({
  due: new Set<AccountId>(),
  auctionsMoved: new Set<AuctionId>(),
  capacityMoved: new Set<CurrencyId>(),
});

/**
 * The rows of the default waterfall are made of its events alone, which say all that becomes of what they are about.
 */
const waterfallOfNoRow = () => ({
  ...{ lossCases: new Map(), juniors: new Map(), gates: new Map(), assessed: new Map(), insurancePools: new Map() },
  fundPolicies: new Map(),
  fundCalls: new Map(),
  coverages: new Map(),
  coverageRuns: new Map(),
  backstops: new Map(),
  backstopEntries: new Map(),
  keptWeights: new Map(),
});

/** Keys whose value is another one than before: values are replaced, never changed. */
export function* changed<Value>(
  before: ReadonlyMap<string, Value>,
  after: ReadonlyMap<string, Value>,
): Generator<[string, Value]> {
  for (const [key, value] of after) if (before.get(key) !== value) yield [key, value];
}
