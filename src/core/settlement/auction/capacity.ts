/**
 * The capacity of auctions under their caps: what is in auction, and what waits for capacity. Both are kept beside the
 * auctions. So the cost of finding the next auction to open does not grow with their number.  Rules: CA-4, CA-6, S04
 */

import { createDeadlines, type Deadlines } from '../../../units/deadlines';
import { type Cash, type Count, cash, least, minus, NO_CASH, RATE_ONE } from '../../../units/quantity';
import type { Auction, AuctionCapBase, AuctionId, AuctionPolicy } from '../../model/auction';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { type Part, partFor } from './sale';
import { reserveValueOf } from './terms';

/** What an auction takes up, by what the caps count. */
const MEASURES: { readonly [Base in AuctionCapBase]: (view: View, auction: Auction) => Cash } = {
  RESERVE_VALUE: reserveValueOf,
  TARGET: (view, auction) => (auction.liquidation === null ? reserveValueOf(view, auction) : auction.target),
};
const BASES = Object.keys(MEASURES) as AuctionCapBase[];

/** Under which it is counted: all lots together, then its own. */
const keysOf = (base: AuctionCapBase, { currency, lotCurrency }: Auction): readonly [string, string] => [
  `${base} ${currency}`,
  `${base} ${lotCurrency} in ${currency}`,
];

/** Counts an auction in (1) or out (-1): by each measure, or in the queue of its lot. */
export function countAuction(state: State, auction: Auction, sign: 1n | -1n): void {
  const { id, currency, lotCurrency, status, deadline } = auction;
  if (status === 'QUEUED') {
    queueOf(state, currency, lotCurrency).set(id, sign > 0n ? deadline : undefined);
    return;
  }
  for (const base of BASES) {
    const value = MEASURES[base](state, auction) * sign;
    for (const key of keysOf(base, auction)) {
      const after = (state.auctionLoad.get(key) ?? 0n) + value;
      if (after === 0n) state.auctionLoad.delete(key);
      else state.auctionLoad.set(key, cash(after));
    }
  }
}

/** Counts an auction out, as it was before it changes or ends. */
export function uncountAuction(state: State, id: AuctionId): void {
  const before = state.auctions.get(id);
  if (before) countAuction(state, before, -1n);
}

function queueOf({ auctionQueues }: State, currency: CurrencyId, lot: CurrencyId): Deadlines {
  const queues = auctionQueues.get(currency) ?? new Map<CurrencyId, Deadlines>();
  auctionQueues.set(currency, queues);
  const queue = queues.get(lot) ?? createDeadlines();
  queues.set(lot, queue);
  return queue;
}

/**
 * The first auction in the queue of each lot of a currency: the one with the earliest deadline, then the smaller id.
 */
export function firstsInQueue(view: View, currency: CurrencyId): Auction[] {
  const firsts: Auction[] = [];
  for (const queue of view.auctionQueues.get(currency)?.values() ?? []) {
    const auction = view.auctions.get(queue.first()?.key ?? '');
    if (auction) firsts.push(auction);
  }
  return firsts;
}

/**
 * What of an auction fits beside what is in auction: all of it, a part where the policy lets it be cut, or nothing. If
 * nothing is in auction, something always fits.  Rules: CA-4, CA-6
 */
export function fittingPart(view: View, auction: Auction, policy: AuctionPolicy): Part | undefined {
  const { capBase = 'RESERVE_VALUE', valueCap, lotCap, minimumDebt } = policy;
  const used = keysOf(capBase, auction).map((key) => view.auctionLoad.get(key) ?? NO_CASH);
  const [all = NO_CASH, ofLot = NO_CASH] = used;
  const fits = (cap: Cash, load: Cash): boolean => load === 0n || load + MEASURES[capBase](view, auction) <= cap;
  if (capBase === 'RESERVE_VALUE' || auction.liquidation === null)
    return fits(valueCap, all) && fits(lotCap, ofLot) ? auction : undefined;
  const room = least(minus(valueCap, all), minus(lotCap, ofLot));
  const penalty = { numerator: auction.terms.penaltyMultiplier, denominator: RATE_ONE };
  return partFor(auction, room, penalty, minimumDebt) ?? (all === 0n ? auction : undefined);
}

/** Into how many lots a sale is split beforehand so that each fits; one that can be cut is not. */
export function lotsUnder({ capBase, valueCap, lotCap }: AuctionPolicy, value: Cash, most: Count): Count {
  const cap = capBase === 'TARGET' ? value : least(valueCap, lotCap);
  let lots = 1;
  while (BigInt(lots) * cap < value && lots <= most) lots += 1;
  return lots;
}
