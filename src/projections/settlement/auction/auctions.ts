/** Auctions: their policies, what is known of each, takes and bids.  Rules: CA-1 to CA-5 */

import { readerOf } from '../../../core/kind/json';
import type { EventOf } from '../../../core/message/event';
import { AUCTION, AUCTION_POLICY } from '../../../core/model/auction';
import type { State } from '../../../core/model/state';
import type { Queries } from '../../../store/client';
import { formatScaled } from '../../../units/decimal';
import type { Cash } from '../../../units/quantity';
import type { Batch, Moment } from '../../rows/batch';
import { cashText, orNull, rateText, timeText } from '../../rows/decimals';
import { jsonOf } from '../../rows/parts';
import { type Row, select } from '../../rows/rows';

const readAuction = readerOf(AUCTION);
const readAuctionPolicy = readerOf(AUCTION_POLICY);

/** Prices of auctions have 27 digits after the point. */
const priceText = (price: bigint): string => formatScaled(price, 27);

/** Policies in force, and auctions that have not ended. */
export async function loadAuctions(sql: Queries, state: Pick<State, 'auctions' | 'auctionPolicies'>): Promise<void> {
  const policies = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "AuctionPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of policies) {
    const policy = readAuctionPolicy(terms);
    state.auctionPolicies.set(policy.currency, policy);
  }
  const auctions = await select<{ live: unknown }>(
    sql,
    'SELECT "live" FROM "Auction" WHERE "endedAt" IS NULL ORDER BY "id"',
  );
  for (const { live } of auctions) {
    const auction = readAuction(live);
    state.auctions.set(auction.id, auction);
  }
}

export function onAuctionPolicySet({ rows }: Batch, event: EventOf<'AuctionPolicySet'>, { seq }: Moment): void {
  const { currency, version, breaker } = event.terms;
  rows.insert('AuctionPolicy', { currency, version, breaker, terms: jsonOf(event.terms), setSeq: seq });
}

type Moving = EventOf<'AuctionStarted' | 'AuctionChanged' | 'AuctionTaken' | 'AuctionBidPlaced' | 'AuctionEnded'>;

/** What changes about an auction while it runs. */
function movedOf({ state }: Batch, event: Moving): Pick<Row<'Auction'>, 'id'> & Partial<Row<'Auction'>> {
  const { auctioned } = event;
  const money = (amount: Cash): string => cashText(state, auctioned.currency, amount);
  const lot = (amount: Cash): string => cashText(state, auctioned.lotCurrency, amount);
  const { id, status, round, version, startedAt, deadline, timeLeft } = auctioned;
  return {
    ...{ id, status, round, version },
    quantity: lot(auctioned.quantity),
    debt: money(auctioned.debt),
    target: money(auctioned.target),
    proceeds: money(auctioned.proceeds),
    sold: lot(auctioned.sold),
    fairValue: money(auctioned.fairValue),
    top: priceText(auctioned.top),
    reserve: priceText(auctioned.reserve),
    startedAt: timeText(startedAt),
    deadline: timeText(deadline),
    pausedFor: timeLeft,
    live: jsonOf(event.auctioned),
  };
}

export function onAuctionStarted(batch: Batch, event: EventOf<'AuctionStarted'>, { seq }: Moment): void {
  const { auctioned } = event;
  const { form, account, liquidation, currency, lotCurrency, terms } = auctioned;
  batch.rows.insert('Auction', {
    ...(movedOf(batch, event) as Row<'Auction'>),
    ...{ form, currency, lotCurrency },
    accountId: account,
    liquidationId: liquidation,
    policyVersion: terms.version,
    openedSeq: seq,
    endedAt: null,
    unsold: null,
    winnerId: null,
    recovery: null,
    juniors: [],
  });
}

export const onAuctionMoved = (batch: Batch, event: Moving): void =>
  batch.rows.update('Auction', movedOf(batch, event));

export function onAuctionTaken(batch: Batch, event: EventOf<'AuctionTaken'>, { seq, at, place }: Moment): void {
  const { auction, bidder, quantity, paid, top, auctioned } = event;
  onAuctionMoved(batch, event);
  batch.rows.insert('AuctionTake', {
    ...{ seq, place, auctionId: auction, bidderId: bidder },
    quantity: cashText(batch.state, auctioned.lotCurrency, quantity),
    paid: cashText(batch.state, auctioned.currency, paid),
    price: priceText(top),
    at: timeText(at),
  });
}

export function onAuctionBidPlaced(batch: Batch, event: EventOf<'AuctionBidPlaced'>): void {
  const { placed, outbid, auctioned, auction } = event;
  onAuctionMoved(batch, event);
  if (outbid !== null) batch.rows.update('AuctionBid', { id: outbid, status: 'OUTBID' });
  batch.rows.insert('AuctionBid', {
    ...{ id: placed.id, auctionId: auction, bidderId: placed.account, status: 'OPEN' },
    amount: cashText(batch.state, auctioned.currency, placed.amount),
    quantity: cashText(batch.state, auctioned.lotCurrency, placed.quantity),
    at: timeText(placed.at),
  });
}

export function onAuctionEnded(batch: Batch, event: EventOf<'AuctionEnded'>, { at }: Moment): void {
  const { outcome, unsold, winner, recovery, juniors } = event;
  const { rows } = batch;
  for (const { id, account } of event.auctioned.bids)
    rows.update('AuctionBid', { id, status: account === winner ? 'WON' : 'LOST' });
  rows.update('Auction', {
    ...movedOf(batch, event),
    ...{ id: event.auction, status: outcome, unsold, winnerId: winner, juniors: [...juniors], live: null },
    recovery: orNull(recovery, rateText),
    endedAt: timeText(at),
  });
}
