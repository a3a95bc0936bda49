/** Auctions of whole portfolios: their policies, what is known of each, and what was taken.  Rule: CA-5 */

import { readerOf } from '../../../core/kind/json';
import type { EventOf } from '../../../core/message/event';
import { PORTFOLIO_AUCTION, PORTFOLIO_POLICY } from '../../../core/model/portfolio';
import type { State } from '../../../core/model/state';
import type { Queries } from '../../../store/client';
import { formatScaled } from '../../../units/decimal';
import type { Batch, Moment } from '../../rows/batch';
import { cashText, timeText } from '../../rows/decimals';
import { jsonOf } from '../../rows/parts';
import { type Row, select } from '../../rows/rows';

const readPortfolioAuction = readerOf(PORTFOLIO_AUCTION);
const readPortfolioPolicy = readerOf(PORTFOLIO_POLICY);

/** Shares have 18 digits after the point. */
const shareText = (share: bigint): string => formatScaled(share, 18);

/** Policies in force, and auctions that have not ended. */
export async function loadPortfolios(
  sql: Queries,
  state: Pick<State, 'portfolios' | 'portfolioPolicies'>,
): Promise<void> {
  const policies = await select<{ terms: unknown }>(
    sql,
    'SELECT DISTINCT ON ("currency") "terms" FROM "PortfolioPolicy" ORDER BY "currency", "version" DESC',
  );
  for (const { terms } of policies) {
    const policy = readPortfolioPolicy(terms);
    state.portfolioPolicies.set(policy.currency, policy);
  }
  const running = await select<{ live: unknown }>(
    sql,
    'SELECT "live" FROM "PortfolioAuction" WHERE "endedAt" IS NULL ORDER BY "id"',
  );
  for (const { live } of running) {
    const auction = readPortfolioAuction(live);
    state.portfolios.set(auction.id, auction);
  }
}

export function onPortfolioPolicySet({ rows }: Batch, event: EventOf<'PortfolioPolicySet'>, { seq }: Moment): void {
  const { currency, version } = event.terms;
  rows.insert('PortfolioPolicy', { currency, version, terms: jsonOf(event.terms), setSeq: seq });
}

type Moving = EventOf<
  'PortfolioAuctionStarted' | 'PortfolioAuctionChanged' | 'PortfolioTaken' | 'PortfolioAuctionEnded'
>;

/** What changes about an auction while it runs. */
function movedOf(
  { state }: Batch,
  event: Moving,
): Pick<Row<'PortfolioAuction'>, 'id'> & Partial<Row<'PortfolioAuction'>> {
  const { id, status, currency, sold, takes, proceeds, fairValue, fund, version, startedAt, deadline, timeLeft } =
    event.portfolio;
  return {
    ...{ id, status, takes, version, pausedFor: timeLeft, sold: shareText(sold) },
    ...{ startedAt: timeText(startedAt), deadline: timeText(deadline) },
    proceeds: cashText(state, currency, proceeds),
    fairValue: cashText(state, currency, fairValue),
    fund: cashText(state, currency, fund),
    live: jsonOf(event.portfolio),
  };
}

export function onPortfolioAuctionStarted(
  batch: Batch,
  event: EventOf<'PortfolioAuctionStarted'>,
  { seq }: Moment,
): void {
  const { account, liquidation, currency, mode, terms } = event.portfolio;
  batch.rows.insert('PortfolioAuction', {
    ...(movedOf(batch, event) as Row<'PortfolioAuction'>),
    accountId: account,
    liquidationId: liquidation,
    currency,
    mode,
    policyVersion: terms.version,
    openedSeq: seq,
    endedAt: null,
  });
}

export const onPortfolioAuctionMoved = (batch: Batch, event: Moving): void =>
  batch.rows.update('PortfolioAuction', movedOf(batch, event));

export function onPortfolioTaken(batch: Batch, event: EventOf<'PortfolioTaken'>, { seq, at, place }: Moment): void {
  const { auction, taker, share, value, price, premium, portfolio } = event;
  onPortfolioAuctionMoved(batch, event);
  const money = (amount: typeof value): string => cashText(batch.state, portfolio.currency, amount);
  batch.rows.insert('PortfolioTake', {
    ...{ seq, place, at: timeText(at), auctionId: auction, takerId: taker, share: shareText(share) },
    ...{ value: money(value), price: money(price), premium: money(premium) },
  });
}

export function onPortfolioAuctionEnded(batch: Batch, event: EventOf<'PortfolioAuctionEnded'>, { at }: Moment): void {
  batch.rows.update('PortfolioAuction', {
    ...movedOf(batch, event),
    status: event.outcome,
    live: null,
    endedAt: timeText(at),
  });
}
