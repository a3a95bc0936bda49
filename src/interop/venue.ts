/**
 * A simulated venue: it fills liquidation orders against its liquidity providers, at the mark less the impact their
 * size has on a book whose depth shrinks when prices run. What the limit does not allow it leaves unfilled.
 * Deterministic: integers only, and nothing but the committed events to go by.
 */

import type { Command } from '../core/message/command';
import type { Entry } from '../core/message/envelope';
import type { Event } from '../core/message/event';
import type { LiquidationOrder } from '../core/model/liquidation';
import type { InstrumentId } from '../core/model/reference';
import { notionalOf } from '../core/position/value';
import { duration, type Instant, later, type Price, size } from '../units/quantity';
import { COIN_PERPETUAL, coinAccountOf } from './exampleContracts';
import type { Mirror } from './mirror';
import { PROVIDERS } from './population';
import { createRandom } from './random';
import { FEED, type Intention } from './traders';

const LATENCY = 3_000; // ms from the order to its first fill
const BETWEEN = 3_000; // ms between fills of one order
const FILLS = 3; // an order is worked in so many parts
const MEMORY = 900_000; // ms over which a run of prices thins the book

/** Notional, in the settlement currency, that moves the price by one part in a hundred on a calm day. */
const CALM_DEPTH: Readonly<Record<string, bigint>> = {
  BTC: 60_000_000n,
  ETH: 35_000_000n,
  SOL: 10_000_000n,
  XRP: 8_000_000n,
  BNB: 8_000_000n,
  DOGE: 5_000_000n,
  [COIN_PERPETUAL]: 300n, // bitcoin
};
const THIN_DEPTH = 2_000_000n;

interface Seen {
  readonly at: Instant;
  readonly price: Price;
}

export interface Venue {
  /** What the venue says can be traded near the mark now, in contracts. */
  depthOf(instrument: InstrumentId): Command;
  react(event: Event, entry: Entry): Intention[];
}

export function createVenue(mirror: Mirror): Venue {
  const history = new Map<InstrumentId, Seen[]>();

  const remember = (instrument: InstrumentId, at: Instant, price: Price): void => {
    const seen = (history.get(instrument) ?? []).filter((past) => past.at > at - MEMORY);
    history.set(instrument, [...seen, { at, price }]);
  };

  /** How far the price has run within memory, in hundredths of it. */
  const runOf = (instrument: InstrumentId): bigint => {
    const prices = (history.get(instrument) ?? []).map((past) => past.price);
    const [low, high] = [prices.reduce((a, b) => (b < a ? b : a)), prices.reduce((a, b) => (b > a ? b : a))];
    return ((high - low) * 100n) / high;
  };

  /**
   * Notional that moves the price by one part in a hundred: every few hundredths the price has run leave less of the
   * book.
   */
  const depthNow = (instrument: InstrumentId): bigint => {
    const { base, settlement } = mirror.instrument(instrument);
    const calm = CALM_DEPTH[instrument] ?? CALM_DEPTH[base] ?? THIN_DEPTH;
    return (calm * 10n ** BigInt(mirror.scale(settlement)) * 5n) / (5n + runOf(instrument));
  };

  /** The price a part of an order gets: the mark moved against it by its share of the depth. */
  const priceFor = (order: LiquidationOrder, lots: bigint): Price => {
    const mark = mirror.mark(order.instrument);
    const depth = depthNow(order.instrument);
    const notional = notionalOf(mirror.instrument(order.instrument), size(lots), mark);
    const impact = (mark * notional) / (depth * 100n) + 1n;
    return (order.size > 0n ? mark + impact : mark - impact) as Price;
  };

  const partOf = (order: LiquidationOrder, part: number): bigint => {
    const total = order.size < 0n ? -order.size : order.size;
    return part < FILLS - 1 ? total / BigInt(FILLS) : total - (total / BigInt(FILLS)) * BigInt(FILLS - 1);
  };

  const intend = (order: LiquidationOrder, part: number, provider: string, now: Instant): Intention => ({
    at: later(now, duration(LATENCY + part * BETWEEN)),
    key: `fill/${order.id}/${part}`,
    actor: FEED,
    command: () => {
      const lots = partOf(order, part);
      const price = priceFor(order, lots);
      return {
        type: 'ReportLiquidationFill',
        order: order.id,
        trade: `liq-${order.id}-${part}`,
        counterparty: provider,
        price: mirror.priceText(order.instrument, price),
        size: mirror.sizeText(order.instrument, lots),
      };
    },
  });

  return {
    depthOf(instrument) {
      const lots = depthNow(instrument) / notionalOf(mirror.instrument(instrument), size(1n), mirror.mark(instrument));
      const contracts = mirror.sizeText(instrument, lots);
      return { type: 'ReportDepth', instrument, bids: contracts, asks: contracts };
    },
    react(event, entry) {
      if (event.type === 'MarkPriceSet') remember(event.instrument, entry.at, event.price);
      if (event.type !== 'LiquidationOrderIssued') return [];
      const order = event.issued;
      if (order.stand && order.stand.method !== 'VENUE') return [];
      const random = createRandom(entry.seq);
      const picked = random.pick(PROVIDERS);
      const provider = order.instrument === COIN_PERPETUAL ? coinAccountOf(picked) : picked;
      const parts = Array.from({ length: FILLS }, (_, part) => part).filter((part) => partOf(order, part) > 0n);
      return parts.map((part) => intend(order, part, provider, entry.at));
    },
  };
}
