/**
 * Loss containment: what bankrupt accounts leave goes down the layers of the currency's loss policy. Each case keeps a
 * readable ledger of its layers and a claim for everyone who paid.  Rules: B3-1 to B3-3, SL-1 to SL-4; Ruling 7
 */

import { assert, known } from '../../../units/failure';
import {
  type Cash,
  type Count,
  cash,
  greatest,
  later,
  least,
  NO_CASH,
  negate,
  plus,
  total,
} from '../../../units/quantity';
import { accountName, onTransfers } from '../../ledger/transfers';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import type { LedgerName, Transfer } from '../../message/ledger';
import type { AccountId } from '../../model/account';
import type { LayerUse } from '../../model/liquidation';
import type { LossPolicy } from '../../model/policy';
import type { CurrencyId, InstrumentId } from '../../model/reference';
import type { State } from '../../model/state';
import type { CaseId, LossCase, LossClaim } from '../../model/waterfall';
import { takeOfGains } from '../../position/recentGain';
import type { LostBy } from '../deleveraging/layer';
import { onInventoryPaid } from '../tally/draws';
import { gainOf } from '../tally/gains';
import { backstopAfter, onBackstop } from './backstop';
import { type Bearing, bear, type CaseBook, groupsOf, layerUse, startBearing, transferOf } from './bear';
import { issueAssessments } from './fundCalls';
import { convertWhatWasPaid } from './sources';
import { hasTraded } from './weights';

/** A loss to be borne: whose default it is, and which account has to be made whole. */
export interface Loss {
  readonly account: AccountId;
  readonly beneficiary: AccountId;
  readonly amount: Cash; // what is missing
  readonly instrument?: InstrumentId | null; // whose pool bears
  readonly positions?: readonly LostBy[]; // of the beneficiary, by which it came about: what deleveraging closes
  readonly margin?: Cash; // the account's own collateral that was used before anything was missing
}

/** A loss at the head of its way down. */
export function bookOf({ layers }: LossPolicy, loss: Loss): CaseBook {
  const margin = loss.margin ?? cash(0n);
  return {
    defaulter: { account: loss.account, instrument: loss.instrument ?? null },
    receiver: accountName(loss.beneficiary),
    closable: { account: loss.beneficiary, positions: loss.positions ?? [] },
    left: loss.amount,
    waits: false,
    layers: layers.includes('DEFAULTER_MARGIN') ? [layerUse('DEFAULTER_MARGIN', margin, margin)] : [],
    claims: [],
    asked: [],
  };
}

/** Allocates losses of one currency, in the order given. */
export function allocateLosses(desk: Desk, currency: CurrencyId, losses: readonly Loss[]): void {
  const policy = known(desk.view.lossPolicies.get(currency), 'Loss policy', currency);
  const books = losses.map((loss) => bookOf(policy, loss));
  const bearing = startBearing(desk.view, policy, books, desk);
  bear(bearing, groupsOf(policy));
  const cases = books.map((book): LossCase => {
    const unallocated = book.left;
    if (unallocated > 0n || book.waits) standOpen(bearing, book, book.receiver);
    return caseOf(desk.newId('case'), currency, policy.version, book, unallocated);
  });
  for (const { layers, loss } of cases)
    assert(total(layers.map(({ used }) => used)) === loss, 'The layers of a case sum to its loss', { loss });
  desk.emit({
    type: 'LossAllocated',
    currency,
    base: policy.base,
    policyVersion: policy.version,
    cases,
    shares: bearing.shares,
    backstop: backstopAfter(desk.view, currency, bearing.transfers),
    transfers: bearing.transfers,
  });
  const ownPayers = cases.flatMap(({ claims }) => claims.filter(({ layer }) => layer === 'OWNER_COLLATERAL'));
  // Who claims what this layer paid is the ledger account that paid it.
  convertWhatWasPaid(desk, [
    ...ownPayers.map(({ claimant }) => claimant as LedgerName),
    ...closedPayers(desk, bearing),
  ]);
  for (const [i, { asked }] of books.entries())
    if (asked.length > 0) issueAssessments(desk, currency, known(cases[i], 'Case', ''), asked);
}

/** Who has closed what it held while the debt was open, and has paid all the same.  Ruling 14 */
const closedPayers = ({ view }: Desk, { shares }: Bearing): LedgerName[] =>
  shares.flatMap(({ account, actedSince }) =>
    actedSince !== undefined && hasTraded(view, account) ? [accountName(account)] : [],
  );

/** Nobody could bear it, or nobody has yet: it stands open, on an account of its own, until money is found. */
function standOpen({ transfers, policy }: Bearing, { layers, left }: CaseBook, receiver: LedgerName): void {
  layers.push(layerUse('UNALLOCATED', left, left));
  if (left > 0n && receiver !== 'unallocated-loss')
    transfers.push(transferOf('unallocated-loss', receiver, policy.currency, left, 'SHORTFALL'));
}

const caseOf = (
  id: CaseId,
  currency: CurrencyId,
  policyVersion: Count,
  book: CaseBook,
  unallocated: Cash,
): LossCase => ({
  id,
  account: book.defaulter.account,
  currency,
  instrument: book.defaulter.instrument,
  loss: total(book.layers.map(({ used }) => used)),
  layers: book.layers,
  claims: book.claims,
  unallocated,
  status: book.waits ? 'AWAITING_ASSESSMENTS' : unallocated > 0n ? 'UNALLOCATED' : 'BORNE',
  policyVersion,
});

/**
 * All called members have paid or run out of time: what is still missing goes to those that bear beside the
 * assessments, as far as they can, then to the layers behind.
 */
export function closeAssessments(desk: Desk, id: CaseId): void {
  const open = known(desk.view.lossCases.get(id), 'Case', id);
  const policy = known(desk.view.lossPolicies.get(open.currency), 'Loss policy', open.currency);
  const paid = total(open.claims.filter(({ layer }) => layer === 'ASSESSMENTS').map(({ amount }) => amount));
  const before = open.layers
    .filter(({ layer }) => layer !== 'UNALLOCATED')
    .map((use) => (use.layer === 'ASSESSMENTS' ? layerUse(use.layer, greatest(use.available, paid), paid) : use));
  const book: CaseBook = {
    defaulter: open,
    receiver: 'unallocated-loss',
    closable: null,
    left: open.unallocated,
    waits: false,
    layers: [],
    claims: [],
    asked: [],
  };
  const bearing = startBearing(desk.view, policy, [book], desk);
  const groups = groupsOf(policy);
  const at = groups.findIndex((group) => group.includes('ASSESSMENTS'));
  const beside = (groups[at] ?? []).filter((layer) => layer !== 'ASSESSMENTS');
  bear(bearing, [...(beside.length > 0 ? [beside] : []), ...groups.slice(at + 1)]);
  const unallocated = book.left;
  standOpen(bearing, book, 'unallocated-loss');
  const whole = { ...book, layers: joinedUses(before, book.layers), claims: joinedClaims(open.claims, book.claims) };
  const closed = caseOf(id, open.currency, open.policyVersion, whole, unallocated);
  assert(closed.loss === open.loss, 'The layers of a case sum to its loss', { loss: open.loss });
  desk.emit({
    type: 'AssessmentsClosed',
    currency: open.currency,
    case: closed,
    shares: bearing.shares,
    backstop: backstopAfter(desk.view, open.currency, bearing.transfers),
    transfers: bearing.transfers,
  });
  convertWhatWasPaid(desk, closedPayers(desk, bearing));
}

/** A layer that bore twice has one line: what it gave in all, and what it has left now. */
function joinedUses(before: readonly LayerUse[], after: readonly LayerUse[]): LayerUse[] {
  const again = new Map(after.map((use) => [use.layer, use]));
  const first = before.map((use) => {
    const more = again.get(use.layer);
    again.delete(use.layer);
    return more ? layerUse(use.layer, plus(use.used, more.available), plus(use.used, more.used)) : use;
  });
  return [...first, ...after.filter(({ layer }) => again.has(layer))];
}

/** Who paid twice in a layer holds one claim. */
function joinedClaims(before: readonly LossClaim[], after: readonly LossClaim[]): LossClaim[] {
  const same = (a: LossClaim, b: LossClaim): boolean => a.layer === b.layer && a.claimant === b.claimant;
  const grown = before.map((claim) => {
    const more = after.find((other) => same(claim, other));
    return more ? { ...claim, cap: plus(claim.amount, more.cap), amount: plus(claim.amount, more.amount) } : claim;
  });
  return [...grown, ...after.filter((claim) => !before.some((other) => same(claim, other)))];
}

export function onLossAllocated(state: State, event: EventOf<'LossAllocated'>): void {
  onTransfers(state, event.transfers);
  onInventoryPaid(state, event.transfers);
  onBackstop(state, event.backstop);
  noteLevies(state, event.transfers);
  for (const one of event.cases) {
    endGain(state, one.account);
    keepCase(state, one);
  }
  shutGate(state, event.currency);
}

export function onAssessmentsClosed(state: State, event: EventOf<'AssessmentsClosed'>): void {
  onTransfers(state, event.transfers);
  onBackstop(state, event.backstop);
  noteLevies(state, event.transfers);
  keepCase(state, event.case);
  state.recoveriesMoved = true;
  shutGate(state, event.currency);
}

/** Others have just borne a loss: withdrawals wait as long as the policy says. */
function shutGate(state: State, currency: CurrencyId): void {
  const wait = state.lossPolicies.get(currency)?.gateAfter;
  if (wait !== undefined) state.gates.set(currency, later(state.now, wait));
}

/** A case is kept while somebody holds a claim against it or a part of it stands open. */
function keepCase(state: State, one: LossCase): void {
  if (one.claims.length > 0 || one.unallocated > 0n) state.lossCases.set(one.id, one);
}

/**
 * What was taken from accounts by their gains counts against what they may be asked again; what others bore for one is
 * no loss of its owner.  SL-2 Whatever of a loss an account bears, it bears of its gains first: so much less of them
 * stays behind.  Ruling 18
 */
function noteLevies(state: State, transfers: readonly Transfer[]): void {
  for (const { from, to, amount, reason } of transfers) {
    const [payer, debtor] = [ownerOf(state, from), ownerOf(state, to)];
    if (payer !== undefined) takeOfGains(state, idOf(from), amount);
    const byGain = payer !== undefined && (reason === 'SOCIALIZED_LOSS' || reason === 'GAINS_HAIRCUT');
    if (byGain) addLevy(state, from, amount);
    // No more than it lost in this period: what it owed from before is no gain of it now.
    const lost = debtor === undefined ? NO_CASH : greatest(negate(gainOf(state, idOf(to))), NO_CASH);
    if (lost > 0n && (byGain || debtor !== payer)) addLevy(state, to, negate(least(amount, lost)));
  }
}

/**
 * Taken over at the price at which nothing is left, an account may seem to have gained what others bear: that is no
 * gain of it.
 */
function endGain(state: State, account: AccountId): void {
  const gain = state.book.account(account)?.kind === 'CLOSE_OUT' ? NO_CASH : gainOf(state, account);
  if (gain > 0n) addLevy(state, accountName(account), gain);
}

const ACCOUNT = accountName('');
const idOf = (name: LedgerName): AccountId => name.slice(ACCOUNT.length);

/** Whose margin account it is. */
function ownerOf(state: State, name: LedgerName): string | undefined {
  const account = name.startsWith(ACCOUNT) ? state.book.account(idOf(name)) : undefined;
  return account?.kind === 'CLOSE_OUT' ? undefined : account?.owner;
}

function addLevy(state: State, name: LedgerName, amount: Cash): void {
  const before = state.book.stateOf(idOf(name));
  state.book.setState(idOf(name), { ...before, levied: plus(before.levied, amount) });
}
