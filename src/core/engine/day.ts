/**
 * The order of the day: what follows from any command, as one list read from top to bottom. Each stage sees what the
 * stage before left, and none may refuse. Accounts touched on the way are looked at again, until nobody is left to look
 * at.
 */

import { assert, known } from '../../units/failure';
import { type Count, negate } from '../../units/quantity';
import { cashDown } from '../../units/rounding';
import { accountName } from '../ledger/transfers';
import { isAtCloseOut } from '../margin/former';
import { isBelow } from '../margin/level';
import { compareRisk, type Standing, standingOfAccount } from '../margin/standing';
import { MOST_AN_ENTRY, queueAccounts } from '../margincall/backlog';
import {
  amendMarginCall,
  cureMarginCall,
  isExpired,
  isMet,
  issueMarginCall,
  openCallOf,
  supersedeMarginCall,
} from '../margincall/call';
import { keepClock } from '../margincall/clock';
import { changeStatus } from '../margincall/status';
import { moveWarnings } from '../margincall/warning';
import type { Desk } from '../message/desk';
import type { Event } from '../message/event';
import type { AccountId } from '../model/account';
import type { IndexId, InstrumentId } from '../model/reference';
import type { State } from '../model/state';
import { lastPriceOf, sampleIndices } from '../position/lastPrice';
import { resumeReviews } from '../position/openInterestScaling';
import { settleExpiry, settleVariation, variationIsDue } from '../position/settle';
import { cappedCloseOutIdOf } from '../reference/accounts';
import { haltIsOver, liftHalt } from '../reference/instrumentStatus';
import { awaitsCloseOut, defaultBehind } from '../reference/memberDefaults';
import { tendAuctions } from '../settlement/auction/course';
import { inventoryParts, keepToCap, lessBorne } from '../settlement/deleveraging/inventory';
import { surplusOf, sweepSurplus } from '../settlement/disposal';
import { continueLiquidation, liquidationOfAccount, startLiquidation } from '../settlement/liquidate';
import { repayFromSurplus } from '../settlement/waterfall/claims';
import { allocateLosses, type Loss } from '../settlement/waterfall/loss';
import { sellKept } from '../settlement/waterfall/recoveries';
import { keepWeights, releaseWeights } from '../settlement/waterfall/weights';
import { mustAct } from './quiet';

export interface Day {
  readonly desk: Desk;
  readonly state: State;
  /** Instruments whose settlement may be due: newly marked, or their time has come. */
  readonly instruments: Map<InstrumentId, { readonly marked: boolean }>;
  /** Indices that were looked at. */
  readonly indices: Set<IndexId>;
  /** Accounts looked at in this round, riskiest first. */
  standings: Standing[];
  losses: Loss[];
  /** Accounts that have waited for this entry, and how many more it may act on. */
  readonly turn: ReadonlySet<AccountId>;
  room: Count;
}

export type Stage = (day: Day) => void;

export const ORDER_OF_THE_DAY: readonly Stage[] = [
  liftHalts, // halts by one person whose time is over, on a live price
  resumeReviewsOfMarked, // reviews of open interest that waited for a live price
  sampleForLastPrices, // contracts in their last window, whose index has moved
  settleVariations, // gains and losses since the last settlement change hands, sum zero
  settleExpiries, // dated contracts whose last price is in
  lookAtAccounts, // everybody touched since the last look, riskiest first
  cureMarginCalls, // calls whose accounts are back at the cure level
  issueMarginCalls, // warnings, new calls, worsened calls
  keepClocks, // clocks of calls that stand in a halt, or go on after it
  // calls expired, or cut because equity fell to the close-out level; clients of a defaulter that did not move
  startLiquidations,
  continueLiquidations, // the next step of every liquidation, new or running
  keepInventoryCaps, // inventory whose loss has reached its cap is deleveraged at the price of the cap
  tendAuctions, // auctions whose price went or came, whose debt is paid, that there is room for
  sellRecoveries, // what was kept for those who bore a loss, and has a price again
  bearLosses, // what bankrupt accounts left, down the layers
  keepCloseOutAccounts, // the house's own inventory: its loss is a loss, its surplus goes to the fund
];

/** More rounds than this mean the stages feed each other without end, which none of them may. */
const MOST_ROUNDS = 64;

export function runDay(
  state: State,
  desk: Desk,
  events: readonly Event[],
  instruments: Iterable<InstrumentId> = [],
  turn: ReadonlySet<AccountId> = new Set(),
): void {
  const day: Day = {
    desk,
    state,
    turn,
    instruments: new Map(),
    indices: new Set(),
    standings: [],
    losses: [],
    room: MOST_AN_ENTRY,
  };
  for (const instrument of instruments) day.instruments.set(instrument, { marked: false });
  for (const event of events)
    if (event.type === 'MarkPriceSet') day.instruments.set(event.instrument, { marked: true });
    else if (event.type === 'IndexPriceSet') day.indices.add(event.index);
  keepWeights(desk, events);
  const before = events.length;
  let rounds = 0;
  do {
    for (const stage of ORDER_OF_THE_DAY) stage(day);
    rounds += 1;
    assert(rounds <= MOST_ROUNDS, 'The order of the day does not come to an end', { rounds });
  } while (state.due.size + state.auctionsMoved.size + state.capacityMoved.size > 0 || state.recoveriesMoved);
  // Bids that came back meanwhile.
  keepWeights(desk, events.slice(before));
  releaseWeights(desk);
}

function liftHalts({ desk, instruments }: Day): void {
  for (const [id] of sorted(instruments)) if (haltIsOver(desk.view, id)) liftHalt(desk, id);
}

function resumeReviewsOfMarked({ desk, instruments }: Day): void {
  for (const [id, { marked }] of sorted(instruments)) if (marked) resumeReviews(desk, id);
}

function sampleForLastPrices({ desk, indices }: Day): void {
  if (indices.size > 0) sampleIndices(desk, indices);
  indices.clear();
}

function settleVariations({ desk, instruments }: Day): void {
  for (const [id, { marked }] of sorted(instruments))
    if (variationIsDue(desk.view, id, marked)) settleVariation(desk, id);
}

function settleExpiries({ desk, instruments }: Day): void {
  for (const [id] of sorted(instruments)) {
    const last = lastPriceOf(desk.view, id);
    if (last) settleExpiry(desk, id, last);
  }
  instruments.clear();
}

const sorted = <V>(map: ReadonlyMap<string, V>): [string, V][] => [...map].sort(([a], [b]) => (a < b ? -1 : 1));

function lookAtAccounts(day: Day): void {
  const { desk, state } = day;
  day.standings = [];
  for (const id of state.due) {
    state.watch.disturb(id);
    for (const auction of state.auctionsOf.get(id) ?? []) state.auctionsMoved.add(auction);
    day.standings.push(standingOfAccount(desk.view, id));
  }
  state.due.clear();
  day.standings.sort(compareRisk);
  keepToRoom(day);
}

/**
 * Of those there is something to do about, the least risky wait when there are more than one entry may act on.  LE-3
 */
function keepToRoom(day: Day): void {
  const { desk, turn } = day;
  const acting = day.standings.filter(
    (standing) => !turn.has(standing.picture.account.id) && mustAct(desk.view, standing),
  );
  const waiting = new Set(acting.slice(day.room));
  day.room -= acting.length - waiting.size;
  if (waiting.size === 0) return;
  queueAccounts(
    desk,
    [...waiting].map(({ picture }) => picture.account.id),
  );
  day.standings = day.standings.filter((standing) => !waiting.has(standing));
}

const statusOf = ({ desk }: Day, { picture }: Standing) => desk.view.book.stateOf(picture.account.id).status;
const onLadder = ({ picture }: Standing): boolean => picture.account.kind !== 'CLOSE_OUT';

function cureMarginCalls(day: Day): void {
  for (const standing of day.standings.filter(onLadder)) {
    const call = openCallOf(day.desk.view, standing.picture.account.id);
    if (call && isMet(call, standing)) cureMarginCall(day.desk, call, standing);
    // A closed account that is paid into is a healthy one again.
    if (statusOf(day, standing) === 'CLOSED' && standing.equity > 0n)
      changeStatus(day.desk, standing.picture.account.id, 'HEALTHY', 'REINSTATED', standing);
  }
}

function issueMarginCalls(day: Day): void {
  const { desk } = day;
  for (const standing of day.standings.filter(onLadder)) {
    const { account, policy } = standing.picture;
    const status = statusOf(day, standing);
    if (status === 'CALL')
      amendMarginCall(desk, known(openCallOf(desk.view, account.id), 'Open call', account.id), standing);
    if (status !== 'HEALTHY' && status !== 'WARNING') continue;
    const { call, closeOut } = known(policy, 'Margin policy', account.policy);
    const waived = desk.view.book.stateOf(account.id).waived && !isBelow(standing.equity, closeOut, standing);
    if (isBelow(standing.equity, call, standing) && !waived) issueMarginCall(desk, standing);
    else moveWarnings(desk, standing);
  }
}

function keepClocks({ desk, standings }: Day): void {
  for (const standing of standings.filter(onLadder)) keepClock(desk, standing);
}

function startLiquidations(day: Day): void {
  const { desk } = day;
  for (const standing of day.standings.filter(onLadder)) {
    const { account } = standing.picture;
    const call = openCallOf(desk.view, account.id);
    if (awaitsCloseOut(desk.view, account.id)) {
      if (call) supersedeMarginCall(desk, call, standing, 'MEMBER_DEFAULT');
      startLiquidation(desk, standing, call?.id ?? null, 'MEMBER_DEFAULT');
    }
    if (!call || desk.view.liquidationOf.has(account.id)) continue;
    const cut = isAtCloseOut(desk.view, standing, call);
    if (!cut && !isExpired(call, desk.view)) continue;
    const cause = isExpired(call, desk.view)
      ? 'DEADLINE_PASSED'
      : standing.equity < 0n
        ? 'BANKRUPT_AT_MARK'
        : 'CLOSE_OUT_LEVEL';
    supersedeMarginCall(desk, call, standing, cause);
    startLiquidation(desk, standing, call.id, cause);
  }
}

function continueLiquidations(day: Day): void {
  const { desk } = day;
  for (const { picture } of day.standings) {
    const { id } = picture.account;
    const liquidation = liquidationOfAccount(desk.view, id);
    if (!liquidation) continue;
    const currency = currencyOf(desk, id);
    const before = (): Loss[] => day.losses.filter(({ account }) => currencyOf(desk, account) === currency);
    day.losses.push(...continueLiquidation(desk, liquidation, before));
    // Restored to a target below its call level, an account is called at once.
    if (!desk.view.liquidationOf.has(id)) day.state.due.add(id);
  }
}

function keepInventoryCaps(day: Day): void {
  const { desk } = day;
  if (desk.view.deleveragingPolicies.size === 0) return;
  for (const [, { currency, instrument, inventoryCap }] of sorted(desk.view.deleveragingPolicies)) {
    if (instrument === null || inventoryCap === null) continue;
    const account = cappedCloseOutIdOf(currency, instrument);
    day.losses = lessBorne(day.losses, account, keepToCap(desk, account));
  }
}

function sellRecoveries({ desk, state }: Day): void {
  if (!state.recoveriesMoved) return;
  state.recoveriesMoved = false;
  sellKept(desk);
}

function bearLosses(day: Day): void {
  const { desk, losses } = day;
  day.losses = [];
  const currencies = [...new Set(losses.map(({ account }) => currencyOf(desk, account)))].sort();
  for (const currency of currencies)
    allocateLosses(
      desk,
      currency,
      losses.filter(({ account }) => currencyOf(desk, account) === currency),
    );
  for (const standing of day.standings) {
    const { id } = standing.picture.account;
    if (desk.view.book.stateOf(id).status === 'BANKRUPT')
      changeStatus(desk, id, 'CLOSED', 'LOSS_ALLOCATED', standingOfAccount(desk.view, id));
  }
}

const currencyOf = ({ view }: Desk, account: AccountId) =>
  known(view.book.account(account), 'Account', account).currency;

function keepCloseOutAccounts(day: Day): void {
  const { desk } = day;
  for (const { picture } of day.standings.filter((standing) => !onLadder(standing))) {
    const { id, currency } = picture.account;
    // What a default took has its own ledger, and is settled by people.
    if (defaultBehind(desk.view, id)) continue;
    const { equity } = standingOfAccount(desk.view, id);
    const surplus = surplusOf(desk.view, id);
    const loss = negate(cashDown(equity));
    if (equity < 0n)
      allocateLosses(desk, currency, [
        { account: id, beneficiary: id, amount: loss, positions: inventoryParts(desk.view, id, loss) },
      ]);
    else if (surplus > 0n) {
      const left = repayFromSurplus(desk, currency, accountName(id), surplus);
      if (left > 0n) sweepSurplus(desk, id, left);
    }
  }
}
