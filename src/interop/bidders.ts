/**
 * Simulated bidders: the liquidity providers take collateral and portfolios at auction, each once the price has come
 * down to what it likes.
 */

import type { Entry } from '../core/message/envelope';
import type { Event } from '../core/message/event';
import type { Actor } from '../core/model/actor';
import type { Auction } from '../core/model/auction';
import type { PortfolioAuction } from '../core/model/portfolio';
import { formatScaled } from '../units/decimal';
import { duration, later } from '../units/quantity';
import { PROVIDERS, VENUE_MEMBER } from './population';
import { createRandom } from './random';
import type { Intention } from './traders';

const COIN_SCALE = 8;
/** Above any price a coin has ever had: the bidder takes what the moment asks. */
const ANY_PRICE = '10000000';
/** An auction begins a little above the index and comes down a hundredth every half minute. */
export const AUCTION_STEP = 30_000;

const BIDDER: Actor = { id: 'example-venue-bidder', role: 'BROKER', member: VENUE_MEMBER };

/** A portfolio comes down by a tenth of its value in a minute. */
const PORTFOLIO_STEP = 10_000;

export function reactToAuctions(event: Event, entry: Entry): Intention[] {
  const portfolio = offeredBy(event);
  if (portfolio) return [takeShare(portfolio, entry)];
  const opened = openedBy(event);
  if (!opened) return [];
  const random = createRandom(entry.seq);
  const account = random.pick(PROVIDERS);
  const { id, quantity, version } = opened;
  return [
    {
      at: later(entry.at, duration(AUCTION_STEP * (3 + random.below(4)) + 1_000)),
      key: `bid/${id}/${version}`,
      actor: BIDDER,
      command: () => ({
        type: 'TakeAuction',
        auction: id,
        account,
        quantity: formatScaled(quantity, COIN_SCALE),
        limit: ANY_PRICE,
        version,
      }),
    },
  ];
}

const openedBy = (event: Event): Auction | undefined =>
  (event.type === 'AuctionStarted' || event.type === 'AuctionChanged') && event.auctioned.status === 'OPEN'
    ? event.auctioned
    : undefined;

/** As much as is for sale, at whatever the moment asks. */
function takeShare({ id, version }: PortfolioAuction, entry: Entry): Intention {
  const random = createRandom(entry.seq);
  const account = random.pick(PROVIDERS);
  return {
    at: later(entry.at, duration(PORTFOLIO_STEP * (1 + random.below(6)) + 1_000)),
    key: `take/${id}/${version}`,
    actor: BIDDER,
    command: () => ({ type: 'TakePortfolio', auction: id, account, share: null, limit: ANY_PRICE, version }),
  };
}

/** Another share is asked for as long as there is one. */
function offeredBy(event: Event): PortfolioAuction | undefined {
  if (
    event.type !== 'PortfolioAuctionStarted' &&
    event.type !== 'PortfolioAuctionChanged' &&
    event.type !== 'PortfolioTaken'
  )
    return undefined;
  return event.portfolio.status === 'OPEN' ? event.portfolio : undefined;
}
