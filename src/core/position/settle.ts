/**
 * Settlement runs: every holder of an instrument is paid or charged at one price, and the payments sum to zero. A run
 * carries the hashes of its inputs and outputs and chains to the one before, so that anybody can check it alone.
 * Rules: DS-2, LCS-3
 */

import { formatScaled } from '../../units/decimal';
import { assert, known } from '../../units/failure';
import { sha256, sha256OfLines } from '../../units/hash';
import {
  type Cash,
  compare,
  type Instant,
  instant,
  later,
  marginOf,
  minus,
  NO_MARGIN,
  type Price,
  plus,
  size,
  total,
} from '../../units/quantity';
import { EMPTY_POSITION } from '../book/exposure';
import { balanceOf, onTransfers } from '../ledger/transfers';
import type { Desk } from '../message/desk';
import { type EventOf, transfersOf } from '../message/event';
import type { SettlementLine, SettlementRun } from '../message/position';
import type { Position } from '../model/account';
import type { Instrument, InstrumentId } from '../model/reference';
import type { State, View } from '../model/state';
import { priceProblem } from '../price/freshness';
import { costOf, withCost } from '../product/posting';
import { productOf } from '../product/products';
import { amendListing } from '../reference/instruments';
import { leaveBehind } from './changes';
import { endAverage, type LastPrice, type SettlementPrice } from './lastPrice';
import { clearOpenInterest } from './openInterest';
import { endReviews } from './openInterestScaling';
import { measureOf, notedChange, notedSettlement } from './recentGain';
import { unrealisedOf } from './value';

export interface Holding {
  readonly account: string;
  readonly position: Position;
}

/** Everybody with a position in the instrument, by account id. */
export function holdingsOf(view: View, instrument: InstrumentId): Holding[] {
  const holdings: Holding[] = [];
  for (const account of view.book.holders(instrument)) {
    const position = view.book.position(account, instrument);
    if (position && position.size !== 0n) holdings.push({ account, position });
  }
  return holdings.sort((a, b) => compare(a.account, b.account));
}

/**
 * Gains and losses since the last settlement change hands: each position is worth its mark afterwards, and owes
 * nothing.
 */
export function settleVariation(desk: Desk, id: InstrumentId): void {
  const { instrument, mark, lastRun, variationDue } = known(desk.view.listings.get(id), 'Instrument', id);
  const { price } = known(mark ?? undefined, 'Mark price', id);
  const holdings = holdingsOf(desk.view, id);
  const lines = settlementLines(instrument, holdings, price);
  const run = settlementRun('variation/1', instrument, holdings, lines, price, lastRun);
  desk.emit({
    type: 'VariationSettled',
    instrument: id,
    currency: instrument.settlement,
    price,
    lines,
    ...roundingIn(desk.view, instrument, lines),
    run,
    nextDue: following(instrument, variationDue, desk.at),
  });
}

/** What each holding has gained or lost against its cost; the lines sum to zero once the control account is cleared. */
const settlementLines = (instrument: Instrument, holdings: readonly Holding[], price: Price): SettlementLine[] =>
  holdings.map(({ account, position }) => ({ account, amount: unrealisedOf(instrument, position, price) }));

/**
 * What the lines leave on the control account: each was rounded down, so that a holder is never posted more than he has
 * gained.  QC-2
 */
function roundingIn(
  view: View,
  { id, settlement }: Instrument,
  lines: readonly SettlementLine[],
): { readonly rounding?: Cash } {
  const held = balanceOf(view, `variation/${id}`, settlement);
  const rounding = minus(held, total(lines.map(({ amount }) => amount)));
  return rounding === 0n ? {} : { rounding };
}

function following(instrument: Instrument, due: Instant | null, now: Instant): Instant | null {
  const interval = instrument.variationInterval;
  if (interval === null || due === null || due > now) return due;
  return later(instant(due + Math.floor((now - due) / interval) * interval), interval);
}

/**
 * The proof of a run.  Text of a line of inputs: account, size, cost (a decimal of the smallest unit where it is no
 * whole number); of outputs: account, amount; tab between, line feed after.
 */
export function settlementRun(
  rule: string,
  instrument: Instrument,
  holdings: readonly Holding[],
  lines: readonly SettlementLine[],
  price: Price,
  previous: string | null,
): SettlementRun {
  const head = `${instrument.id}\t${price}\t${instrument.tickValue}`;
  const inputs = sha256OfLines([
    head,
    ...holdings.map(({ account, position }) => `${account}\t${position.size}\t${costText(position)}`),
  ]);
  const outputs = sha256OfLines(lines.map(({ account, amount }) => `${account}\t${amount}`));
  return { inputs, outputs, previous, rule, hash: sha256(`${rule}\n${previous ?? ''}\n${inputs}\n${outputs}\n`) };
}

const costText = (position: Position): string =>
  position.fraction === undefined ? String(position.cost) : formatScaled(costOf(position), 12);

export function onVariationSettled(state: State, event: EventOf<'VariationSettled'>): void {
  const listing = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  const { instrument } = listing;
  const measure = measureOf(state, listing);
  for (const { account, amount } of event.lines) {
    const position = known(state.book.position(account, instrument.id), 'Position', account);
    const settled = productOf(instrument).settled(position, amount);
    state.book.setPosition(account, instrument.id, notedSettlement(settled, amount, event.price, measure));
  }
  onTransfers(state, transfersOf(event));
  amendListing(state, instrument.id, { lastRun: event.run.hash, variationDue: event.nextDue });
  state.deadlines.set(`variation/${instrument.id}`, event.nextDue ?? undefined);
}

/**
 * Whether gains and losses of the instrument have to change hands now: at every mark, or when the interval has passed.
 */
export function variationIsDue(view: View, id: InstrumentId, marked: boolean): boolean {
  const listing = known(view.listings.get(id), 'Instrument', id);
  if (listing.status === 'EXPIRED' || priceProblem(view, id)) return false;
  return listing.variationDue === null ? marked : listing.variationDue <= view.now;
}

/** The end of a contract has come and its last price is in: everybody is paid out and nobody holds anything.  EX-1 */
export function settleExpiry(desk: Desk, id: InstrumentId, { price, priced }: LastPrice): void {
  const { instrument, lastRun } = known(desk.view.listings.get(id), 'Instrument', id);
  cancelAllOrders(desk, id, 'EXPIRY');
  const holdings = holdingsOf(desk.view, id);
  const lines = settlementLines(instrument, holdings, price);
  const run = settlementRun(priced ? RULE_OF[priced.by] : 'expiry/1', instrument, holdings, lines, price, lastRun);
  desk.emit({
    type: 'InstrumentExpired',
    instrument: id,
    currency: instrument.settlement,
    price,
    lines,
    ...roundingIn(desk.view, instrument, lines),
    run,
    ...(priced && { priced }),
  });
}

const RULE_OF = { WINDOW: 'expiry-window/1', OFFICER: 'expiry-set/1' } as const;

/** Two persons have set the price that could not be had: everybody is paid out at once.  S07 */
export function setSettlementPrice(desk: Desk, { instrument, price, reason }: SettlementPrice): void {
  const { averaging } = known(desk.view.listings.get(instrument), 'Instrument', instrument);
  desk.emit({ type: 'SettlementPriceSet', instrument, price, reason });
  const { from = null, live = null } = averaging ?? {};
  const priced = { by: 'OFFICER', from, until: averaging ? desk.at : null, live } as const;
  settleExpiry(desk, instrument, { price, priced });
}

/** All open orders of an instrument are called back, account by account. */
export function cancelAllOrders(desk: Desk, instrument: InstrumentId, cause: 'EXPIRY' | 'DELISTING'): void {
  const byAccount = new Map<string, string[]>();
  for (const order of desk.view.orders.values()) {
    if (order.instrument !== instrument) continue;
    const orders = byAccount.get(order.account);
    if (orders) orders.push(order.id);
    else byAccount.set(order.account, [order.id]);
  }
  for (const [account, orders] of [...byAccount].sort(([a], [b]) => compare(a, b))) {
    desk.emit({ type: 'OrdersCancelled', account, orders: orders.sort(), cause });
  }
}

export function onInstrumentExpired(state: State, event: EventOf<'InstrumentExpired'>): void {
  clearOpenInterest(state, event.instrument);
  const listing = known(state.listings.get(event.instrument), 'Instrument', event.instrument);
  const { instrument } = listing;
  const measure = measureOf(state, listing);
  let left = NO_MARGIN;
  for (const { account, amount } of event.lines) {
    const position = known(state.book.position(account, event.instrument), 'Position', account);
    const settled = productOf(instrument).settled(position, amount);
    left = plus(left, costOf(settled));
    const closed = withCost({ ...settled, size: size(0n) }, NO_MARGIN);
    state.book.setPosition(account, event.instrument, notedChange(position, closed, measure));
    state.due.add(account);
  }
  leaveBehind(state, event.instrument, left);
  onTransfers(state, transfersOf(event));
  amendListing(state, event.instrument, { status: 'EXPIRED', lastRun: event.run.hash, variationDue: null });
  endAverage(state, event.instrument);
  endReviews(state, event.instrument);
  for (const key of ['variation', 'window', 'expiry', 'delisting', 'premium', 'rate', 'halt', 'mark'])
    state.deadlines.set(`${key}/${event.instrument}`, undefined);
}

/**
 * Long equals short, and the control account, with what rounding has left over, carries exactly what no settlement has
 * moved yet and what closed positions have left behind.  Rules: LCS-1, QC-2
 */
export function auditInstrument(view: View, id: InstrumentId, control: Cash): void {
  const holdings = holdingsOf(view, id);
  assert(total(holdings.map(({ position }) => position.size)) === 0n, 'The house holds a net position', {
    instrument: id,
  });
  const { leftBehind = NO_MARGIN } = known(view.listings.get(id), 'Instrument', id);
  const costs = total(
    [...view.book.holders(id)].map((account) => costOf(view.book.position(account, id) ?? EMPTY_POSITION)),
  );
  assert(marginOf(control) + costs + leftBehind === 0n, 'Variation control does not match the cost of positions', {
    instrument: id,
    control,
    costs,
  });
}
