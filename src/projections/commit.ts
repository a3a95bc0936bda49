/**
 * One commit of the projections: entries in a row are applied to what the rows say about everything they touch, and what
 * came of them is written set by set, in one transaction with the checkpoint.
 */

import { applyEntry } from '../core/engine/execute';
import { type Entry, eventsOf } from '../core/message/envelope';
import type { AccountId } from '../core/model/account';
import { closeOutIdOf } from '../core/reference/accounts';
import type { Db } from '../store/client';
import { loadAccounts, loadBalances, writeAccounts } from './accounts';
import { type Batch, createBatch, createMemory, type Memory } from './batch';
import { type Checkpoint, LAYOUT, moveCheckpoint } from './checkpoint';
import { writeKeys } from './control';
import { addAccountsOf, project } from './events';
import { loadFunds, writeFunds } from './funds';
import { loadInstruments, writeInstruments } from './instruments';
import { loadLedger, writeLedger } from './ledger';
import { loadLiquidationOrders, loadLiquidations, writeLiquidations } from './liquidations';
import { loadCalls, writeCalls } from './margincalls';
import { loadHousePolicies, loadMarginPolicies, writePolicies } from './policies';
import { loadOrders, loadPositions, startLossPeriods, writePositions } from './positions';
import { loadIndices, writeIndices, writeMarks } from './prices';
import { loadCurrencies } from './reference';
import { jsonText } from './rows';

/** A committed entry of the journal with its hash in the chain. */
export interface Followed {
  readonly entry: Entry;
  readonly hash: string;
}

/** What is of no one account, as the rows say. */
export async function loadMemory(db: Db): Promise<Memory> {
  const memory = createMemory();
  const { shared } = memory;
  await loadCurrencies(db, shared);
  await loadIndices(db, shared);
  await loadInstruments(db, shared);
  await loadMarginPolicies(db, shared);
  await loadHousePolicies(db, shared);
  await loadLedger(db, shared);
  await loadFunds(db, memory);
  return memory;
}

/** Brings the rows from a checkpoint to the last of the entries, which follow it without a gap. Returns where they are now. */
export async function commitEntries(db: Db, memory: Memory, from: Checkpoint, followed: readonly Followed[]): Promise<Checkpoint> {
  const last = followed.at(-1);
  if (!last) return from;
  const to: Checkpoint = { seq: last.entry.seq, at: last.entry.at, hash: last.hash, layout: LAYOUT };
  await moveCheckpoint(db, from.seq, to);
  const batch = createBatch(memory, from.seq, from.at);
  await loadTouched(db, batch, followed);
  for (const { entry } of followed) applyTo(batch, entry);
  await startLossPeriods(db, batch);
  gather(batch);
  await batch.rows.write(db);
  return to;
}

async function loadTouched(db: Db, batch: Batch, followed: readonly Followed[]): Promise<void> {
  const ids = new Set<AccountId>();
  for (const { entry } of followed) for (const event of eventsOf(entry.outcome)) addAccountsOf(event, ids);
  // The house's inventory decides when it is next disposed of, whoever else the entries are about.
  for (const { instrument, disposalDue } of batch.state.listings.values()) {
    if (disposalDue !== null) ids.add(closeOutIdOf(instrument.settlement));
  }
  if (ids.size > 0) await loadInto(db, batch, jsonText([...ids]));
}

async function loadInto(db: Db, batch: Batch, ids: string): Promise<void> {
  const { state, accounts, orders, calls, liquidations, liquidationOrders } = batch;
  for (const [id, account] of await loadAccounts(db, state, ids)) accounts.set(id, account);
  if (accounts.size === 0) return;
  await loadBalances(db, state, accounts, ids);
  await loadPositions(db, state, accounts, ids);
  await loadOrders(db, state, orders, ids);
  for (const [id, record] of await loadCalls(db, state, ids)) calls.set(id, record);
  for (const [id, record] of await loadLiquidations(db, state, ids)) liquidations.set(id, record);
  for (const [id, record] of await loadLiquidationOrders(db, state, ids)) liquidationOrders.set(id, record);
}

function applyTo(batch: Batch, entry: Entry): void {
  const moment = { seq: entry.seq, at: entry.at, actor: entry.actor.id, place: 0, transfers: 0 };
  applyEntry(batch.state, entry, (event, place) => {
    moment.place = place;
    project(batch, event, moment);
  });
}

/** What the state says otherwise than before. */
function gather(batch: Batch): void {
  writeInstruments(batch);
  writeIndices(batch);
  writeMarks(batch);
  writePolicies(batch);
  writeAccounts(batch);
  writePositions(batch);
  writeCalls(batch);
  writeLiquidations(batch);
  writeLedger(batch);
  writeFunds(batch);
  writeKeys(batch);
}
