/**
 * One commit of the projections: entries in a row are applied to what the rows say about everything they touch, and
 * what came of them is written set by set, in one transaction with the checkpoint.
 */

import { setImmediate as breathe } from 'node:timers/promises';

import { applyEntry } from '../../core/engine/execute';
import { RULES } from '../../core/engine/rules';
import { type Entry, eventsOf } from '../../core/message/envelope';
import type { AccountId } from '../../core/model/account';
import { closeOutAccountFor } from '../../core/reference/accounts';
import type { Queries } from '../../store/client';
import { writeKeys } from '../control/control';
import { loadFunds, writeFunds } from '../ledger/funds';
import { loadLedger, writeLedger } from '../ledger/transfers';
import { loadFormerTerms, writeFormerTerms } from '../margin/former';
import { loadMarginPolicies, writeMarginPolicies } from '../margin/policies';
import { loadCalls, moveCalls, writeCalls } from '../margincall/calls';
import { loadOrders, loadPositions, startLossPeriods, writePositions } from '../position/positions';
import { loadVenues, writeVenues } from '../position/venues';
import { loadIndices, writeIndices, writeMarks } from '../price/prices';
import { loadAccounts, loadBalances, writeAccounts } from '../reference/accounts';
import { loadCurrencies } from '../reference/currencies';
import { writeFundings } from '../reference/funding';
import { loadInstruments, writeInstruments } from '../reference/instruments';
import { loadMarketLimits, writeOpenInterest } from '../reference/marketLimits';
import { writeReviews } from '../reference/openInterest';
import { type Batch, createBatch } from '../rows/batch';
import { createMemory, forgetAccounts, holdAccount, type Memory } from '../rows/memory';
import { jsonText } from '../rows/rows';
import { loadAuctions } from '../settlement/auction/auctions';
import { loadLiquidationOrders, loadLiquidations, writeLiquidations } from '../settlement/closing/liquidations';
import { loadDefaults, writeDefaults } from '../settlement/default/defaults';
import {
  loadDeleveragingPolicies,
  loadInventoryDraws,
  writeInventoryDraws,
} from '../settlement/deleveraging/deleveraging';
import { loadDisposalPolicies } from '../settlement/disposal';
import { loadProviders, writeProviders } from '../settlement/ladder/ladder';
import { loadLiquidators, writeLiquidators } from '../settlement/liquidator/liquidators';
import { loadPortfolios } from '../settlement/portfolio/portfolios';
import { loadLossPolicies, writeLossPolicies } from '../settlement/waterfall/lossPolicies';
import { type Checkpoint, LAYOUT, moveCheckpoint, readCheckpoint } from './checkpoint';
import { addAccountsOf, project } from './events';

/** A committed entry of the journal with its hash in the chain. */
export interface Followed {
  readonly entry: Entry;
  readonly hash: string;
}

/** Settlement lines of one commit at most, beyond those of its first entry: they are what an entry can have many of. */
const MOST_LINES = 50_000;

/** Entries as they go together in one commit: so many at most, and fewer where they settle large positions. */
export function* partsOf(followed: readonly Followed[], limit: number): Generator<readonly Followed[]> {
  let from = 0;
  let lines = 0;
  for (const [i, { entry }] of followed.entries()) {
    const more = eventsOf(entry.outcome).reduce((sum, event) => sum + ('lines' in event ? event.lines.length : 0), 0);
    if (i > from && (i - from === limit || lines + more > MOST_LINES)) {
      yield followed.slice(from, i);
      from = i;
      lines = 0;
    }
    lines += more;
  }
  if (from < followed.length) yield followed.slice(from);
}

/**
 * Bytes of the accounts held in memory from one commit to the next, about: some 150,000 accounts of a few positions.
 */
export const MOST_BYTES = 256 * 2 ** 20;

/** What the rows say about everything that is of no one account. */
export async function loadMemory(sql: Queries): Promise<Memory> {
  const memory = createMemory();
  const { state } = memory;
  // Where rows follow a journal already, what comes next is written under the rules of the program, or names its own.
  if ((await readCheckpoint(sql)).seq > 0) state.rules = RULES;
  await loadCurrencies(sql, state);
  await loadIndices(sql, state);
  await loadInstruments(sql, state);
  await loadMarginPolicies(sql, state);
  await loadFormerTerms(sql, state);
  await loadLossPolicies(sql, state);
  await loadDisposalPolicies(sql, state);
  await loadDefaults(sql, state);
  await loadDeleveragingPolicies(sql, state);
  await loadMarketLimits(sql, state);
  await loadVenues(sql, state);
  await loadInventoryDraws(sql, memory);
  await loadAuctions(sql, state);
  await loadPortfolios(sql, state);
  await loadLedger(sql, state);
  await loadFunds(sql, memory);
  await loadLiquidators(sql, state);
  await loadProviders(sql, state);
  return memory;
}

/**
 * Brings the rows from a checkpoint to the last of the entries, which follow it without a gap. Returns where they are
 * now and the memory to go on with; if the transaction fails, neither counts and the old memory is spoiled.
 */
export async function commitEntries(
  sql: Queries,
  memory: Memory,
  from: Checkpoint,
  followed: readonly Followed[],
  mostBytes: number = MOST_BYTES,
): Promise<{ checkpoint: Checkpoint; memory: Memory }> {
  const last = followed.at(-1);
  if (!last) return { checkpoint: from, memory };
  const checkpoint: Checkpoint = { seq: last.entry.seq, at: last.entry.at, hash: last.hash, layout: LAYOUT };
  await moveCheckpoint(sql, from.seq, checkpoint);
  await loadTouched(sql, memory, followed);
  const batch = createBatch(memory, from.seq, from.at);
  await applyAll(batch, followed);
  await startLossPeriods(sql, batch);
  gather(batch);
  await batch.rows.write(sql);
  await moveCalls(sql, batch);
  hold(batch);
  forgetAccounts(memory, mostBytes);
  return { checkpoint, memory };
}

async function loadTouched(sql: Queries, memory: Memory, followed: readonly Followed[]): Promise<void> {
  const ids = new Set<AccountId>();
  for (const { entry } of followed) for (const event of eventsOf(entry.outcome)) addAccountsOf(event, ids);
  // The house's inventory decides when it is next disposed of, whoever else the entries are about.
  for (const { instrument, disposalDue } of memory.state.listings.values()) {
    if (disposalDue !== null) ids.add(closeOutAccountFor(memory.state, instrument));
  }
  // A new loss period counts draws from zero but for inventory that is held.
  for (const id of memory.state.inventoryDraws.keys()) ids.add(id);
  const missing = [...ids].filter((id) => !memory.accounts.has(id));
  if (missing.length === 0) return;
  const { state } = memory;
  const found = await loadAccounts(sql, state, jsonText(missing));
  if (found.length === 0) return;
  const those = jsonText(found);
  await loadBalances(sql, state, those);
  await loadPositions(sql, state, those);
  await loadOrders(sql, state, those, memory.orders);
  await loadCalls(sql, memory, those);
  await loadLiquidations(sql, memory, those);
  await loadLiquidationOrders(sql, memory, those);
  for (const id of found) holdAccount(memory, id);
  memory.touched.clear();
}

/** What was written is what the rows say from here on. */
function hold({ memory, orders, state }: Batch): void {
  for (const id of memory.touched) holdAccount(memory, id);
  memory.touched.clear();
  memory.state.rules = state.rules;
  for (const id of orders.keys()) {
    if (memory.state.orders.has(id)) memory.orders.add(id);
    else memory.orders.delete(id);
  }
  for (const [id, { status }] of memory.calls) if (status !== 'OPEN') memory.calls.delete(id);
  for (const [id, { outcome }] of memory.liquidations) if (outcome !== null) memory.liquidations.delete(id);
  for (const [id, { status }] of memory.liquidationOrders) if (status !== 'OPEN') memory.liquidationOrders.delete(id);
}

/**
 * Entries are applied for so long in one go, in ms: there may be thousands, and whoever shares the thread waits for no
 * more.
 */
const SPELL_MS = 3;

async function applyAll(batch: Batch, followed: readonly Followed[]): Promise<void> {
  let ends = performance.now() + SPELL_MS;
  for (const { entry } of followed) {
    applyTo(batch, entry);
    if (performance.now() < ends) continue;
    await breathe();
    ends = performance.now() + SPELL_MS;
  }
}

function applyTo(batch: Batch, entry: Entry): void {
  const moment = { seq: entry.seq, at: entry.at, actor: entry.actor, place: 0, transfers: 0 };
  // Idempotency keys are for who checks commands, and costly to keep.
  applyEntry(batch.state, { ...entry, key: null }, (event, place) => {
    moment.place = place;
    project(batch, event, moment);
  });
}

/** What the state says otherwise than before. */
function gather(batch: Batch): void {
  writeInstruments(batch);
  writeReviews(batch);
  writeFundings(batch);
  writeIndices(batch);
  writeMarks(batch);
  writeMarginPolicies(batch);
  writeFormerTerms(batch);
  writeLossPolicies(batch);
  writeDefaults(batch);
  writeOpenInterest(batch);
  writeVenues(batch);
  writeInventoryDraws(batch);
  writeAccounts(batch);
  writePositions(batch);
  writeCalls(batch);
  writeLiquidations(batch);
  writeLiquidators(batch);
  writeProviders(batch);
  writeLedger(batch);
  writeFunds(batch);
  writeKeys(batch);
}
