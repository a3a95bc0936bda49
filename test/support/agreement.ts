/**
 * What must be true of every account at every moment, worked out anew from its standing: nothing here trusts that the
 * house looked at an account when it should have.
 */

import { equityOf } from '../../src/core/margin/equity';
import { isBelow } from '../../src/core/margin/level';
import { pictureOf, withoutStaleCollateral } from '../../src/core/margin/picture';
import { partOf } from '../../src/core/margin/requirement';
import { type Standing, standingOfAccount } from '../../src/core/margin/standing';
import { isMet } from '../../src/core/margincall/call';
import { mayLead, type StatusCause } from '../../src/core/margincall/status';
import { warnedRungs } from '../../src/core/margincall/warning';
import type { Event } from '../../src/core/message/event';
import type { AccountId, AccountStatus } from '../../src/core/model/account';
import type { MarginPolicy } from '../../src/core/model/policy';
import type { InstrumentId } from '../../src/core/model/reference';
import type { State } from '../../src/core/model/state';
import { MARGIN_PER_CASH, margin, RATE_ONE } from '../../src/units/quantity';

/** Whether nothing may be closed in an instrument: it is halted, or its price is stale.  Ruling 13 */
function isStill({ listings }: State, instrument: InstrumentId): boolean {
  const listing = listings.get(instrument);
  return listing?.status === 'HALTED' || listing?.mark?.stale !== false;
}

/** What an account holds, apart by whether it stands still. */
function heldBy(state: State, account: AccountId): { readonly still: InstrumentId[]; readonly live: InstrumentId[] } {
  const held = [...state.book.positions(account)].filter(([, { size }]) => size !== 0n).map(([id]) => id);
  return { still: held.filter((id) => isStill(state, id)), live: held.filter((id) => !isStill(state, id)) };
}

/**
 * Whether what stands still carries the share of maintenance margin for which the clock of a call stands.  Ruling 13
 */
function isHeldUp(state: State, { picture, maintenance }: Standing, { frozenShare }: MarginPolicy): boolean {
  const { still } = heldBy(state, picture.account.id);
  const carried = picture.holdings
    .filter(({ instrument }) => still.includes(instrument.id))
    .reduce((sum, holding) => sum + partOf(picture, holding).maintenance, 0n);
  return still.length > 0 && carried * RATE_ONE >= maintenance * (frozenShare ?? RATE_ONE / 2n);
}

/** Whether an account without positions owes what only collateral of a stale price could cover. */
function waitsForCollateral(state: State, account: AccountId): boolean {
  if ([...state.book.positions(account)].some(([, { size }]) => size !== 0n)) return false;
  const picture = pictureOf(state, account);
  return picture.collateral.some(({ stale }) => stale) && equityOf(withoutStaleCollateral(picture)) < 0n;
}

/** Why the status of an account is not what its standing and policy say; nothing where it is.  LE-1, LE-5, RLM-2 */
export function disagreementOf(state: State, account: AccountId): string | undefined {
  const standing = standingOfAccount(state, account);
  const { policy } = standing.picture;
  const { status, warned, waived } = state.book.stateOf(account);
  if (!policy) return undefined;
  const belowCall = isBelow(standing.equity, policy.call, standing);
  const rungs = warnedRungs(standing, warned);
  switch (status) {
    case 'HEALTHY':
      return warned !== 0 || rungs !== 0 || belowCall ? 'HEALTHY below a level' : undefined;
    case 'WARNING':
      if (rungs !== warned) return `WARNING with ${warned} rungs notified and ${rungs} breached`;
      if (warned === 0 && !(waived && belowCall)) return 'WARNING above every level';
      if (isBelow(standing.equity, policy.closeOut, standing)) return 'WARNING below the close-out level';
      return belowCall && !waived ? 'WARNING below the call level' : undefined;
    case 'CALL':
      return disagreementOfCall(state, standing, policy);
    case 'LIQUIDATING':
      return disagreementOfLiquidation(state, standing, policy);
    case 'CLOSED':
      return standing.equity > 0n ? 'CLOSED with equity' : undefined;
    default:
      return `${status} outlived its command`;
  }
}

function disagreementOfCall(state: State, standing: Standing, policy: MarginPolicy): string | undefined {
  const call = state.calls.get(state.callOf.get(standing.picture.account.id) ?? '');
  if (!call) return 'CALL without a call';
  if (isBelow(standing.equity, policy.closeOut, standing)) return 'CALL below the close-out level';
  if (isMet(call, standing)) return 'CALL although it is met';
  const stands = call.pausedAt !== undefined;
  if (stands !== isHeldUp(state, standing, policy) && (stands || call.deadline > state.now))
    return 'CALL whose clock stands for nothing, or runs';
  return call.deadline <= state.now && !call.clockStopped && !stands ? 'CALL past its deadline' : undefined;
}

function disagreementOfLiquidation(
  state: State,
  { picture, equity, ...required }: Standing,
  policy: MarginPolicy,
): string | undefined {
  const { id } = picture.account;
  const liquidation = state.liquidations.get(state.liquidationOf.get(id) ?? '');
  if (!liquidation) return 'LIQUIDATING without a liquidation';
  const orders = [...state.liquidationOrders.values()].filter((order) => order.account === id);
  if (orders.some((order) => order.liquidation !== liquidation.id)) return 'An order of another liquidation';
  const { still, live } = heldBy(state, id);
  const nothingToClose = still.length > 0 && live.length === 0;
  if (liquidation.paused !== (nothingToClose || waitsForCollateral(state, id)) && !state.auctionsOf.has(id))
    return 'LIQUIDATING paused although something can be closed, or the other way';
  if (orders.some(({ instrument }) => still.includes(instrument))) return 'An order in what stands still';
  if (equity < 0n && still.length > 0 && live.length > 0 && !state.auctionsOf.has(id))
    return 'LIQUIDATING below nothing with something live';
  if (liquidation.paused) return orders.length > 0 ? 'Orders of a paused liquidation' : undefined;
  // What liquidators are due is paid out of what is there, and not there any more.
  const due = (state.heldRewards.get(liquidation.id) ?? []).reduce((sum, held) => sum + held.due, 0n);
  const left = margin(equity - due * MARGIN_PER_CASH);
  if (!isBelow(left, policy.target, { ...required })) return 'LIQUIDATING at its target';
  return orders.length === 0 && !state.portfolioOf.has(id) ? 'LIQUIDATING and doing nothing' : undefined;
}

/** The ledger and the book as a second bookkeeper would read them. */
export function expectSoundBooks(state: State): void {
  const sums = new Map<string, bigint>();
  for (const id of state.book.accountIds()) {
    const account = state.book.account(id);
    const positions = [...state.book.positions(id)];
    for (const [instrument, { size }] of positions) sums.set(instrument, (sums.get(instrument) ?? 0n) + size);
    for (const [currency, amount] of state.book.balances(id)) {
      if (currency !== account?.currency) expect(amount).toBeGreaterThan(0n);
    }
    if (account?.kind === 'CLOSE_OUT' || positions.some(([, { size }]) => size !== 0n)) continue;
    // Flat, an account owes nothing but what its other collateral covers.
    const { equity, picture } = standingOfAccount(state, id);
    if (picture.cash < 0n && !waitsForCollateral(state, id)) expect(equity).toBeGreaterThanOrEqual(0n);
    if (picture.collateral.length === 0) expect(picture.cash).toBeGreaterThanOrEqual(0n);
  }
  for (const [instrument, sum] of sums) expect([instrument, sum]).toEqual([instrument, 0n]);
  expect(new Set([...state.calls.values()].map(({ account }) => account)).size).toBe(state.calls.size);
  expect(state.callOf.size).toBe(state.calls.size);
}

/**
 * Follows the statuses of accounts through events: each transition is one of the table, from where the account was.
 * LE-1
 */
export function createStatusWatch(): (events: readonly Event[]) => void {
  const statuses = new Map<AccountId, AccountStatus>();
  return (events) => {
    for (const event of events) {
      if (event.type !== 'AccountStatusChanged') continue;
      const { account, from, to, cause } = event;
      expect([account, from]).toEqual([account, statuses.get(account) ?? 'HEALTHY']);
      expect([from, to, mayLead(from, to, cause as StatusCause)]).toEqual([from, to, true]);
      expect(cause).not.toBe('');
      statuses.set(account, to);
    }
  };
}

/** Nobody else bears a loss while the account that made it has anything left.  B3-1, B3-2 */
export function expectNothingKept(state: State, events: readonly Event[]): void {
  for (const event of events) {
    if (event.type !== 'LossAllocated') continue;
    for (const { account } of event.cases) {
      if (state.book.account(account)?.kind === 'CLOSE_OUT') continue;
      expect([account, ...state.book.balances(account)]).toEqual([account]);
    }
  }
}
