/**
 * The capacity of auctions under their caps: what is in auction, and what waits for capacity. Both are kept beside the
 * auctions. So the cost of finding the next auction to open does not grow with their number.  Rules: CA-4, S04
 */

import { createDeadlines, type Deadlines } from '../../../units/deadlines';
import { type Cash, cash, NO_CASH } from '../../../units/quantity';
import type { Auction, AuctionId, AuctionPolicy } from '../../model/auction';
import type { CurrencyId } from '../../model/reference';
import type { State, View } from '../../model/state';
import { reserveValueOf } from './terms';

const loadKey = (currency: CurrencyId, lot: CurrencyId): string => `${lot} in ${currency}`;

/** Counts an auction in (1) or out (-1): by its reserve value, or in the queue of its lot. */
export function countAuction(state: State, auction: Auction, sign: 1n | -1n): void {
  const { id, currency, lotCurrency, status, deadline } = auction;
  if (status === 'QUEUED') {
    queueOf(state, currency, lotCurrency).set(id, sign > 0n ? deadline : undefined);
    return;
  }
  const value = reserveValueOf(state, auction) * sign;
  for (const key of [currency, loadKey(currency, lotCurrency)]) {
    const after = (state.auctionLoad.get(key) ?? 0n) + value;
    if (after === 0n) state.auctionLoad.delete(key);
    else state.auctionLoad.set(key, cash(after));
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

/** Whether a lot of this reserve value fits under both caps, beside what is in auction. If nothing is, any lot fits. */
export function fitsInAuction(
  view: View,
  { currency, lotCurrency }: Auction,
  value: Cash,
  policy: AuctionPolicy,
): boolean {
  const fitsBeside = (key: string, cap: Cash): boolean => {
    const used = view.auctionLoad.get(key) ?? NO_CASH;
    return used === 0n || used + value <= cap;
  };
  return fitsBeside(currency, policy.valueCap) && fitsBeside(loadKey(currency, lotCurrency), policy.lotCap);
}
