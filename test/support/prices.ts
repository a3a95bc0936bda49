/** Indices and their sources, for tests of prices. */

import type { CommandOf } from '../../src/core/message/command';
import { formatCount } from '../../src/units/decimal';
import { instant } from '../../src/units/quantity';
import { flatTiers } from './given';
import { createTestHouse, type TestHouse } from './house';

export const MINUTE = 60_000;

/** An index of BTC in USD: tick 0.01, sources a to g, 3 of them needed, 2 % apart at most, silent after a minute. */
export const defineIndex = (house: TestHouse, fields: Partial<CommandOf<'DefineIndex'>> = {}) =>
  house.send({
    type: 'DefineIndex',
    base: 'BTC',
    quote: 'USD',
    tick: '0.01',
    sources: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    minimumSources: 3,
    maximumDeviation: '0.02',
    heartbeat: MINUTE,
    ...fields,
  });

export const quote = (
  house: TestHouse,
  source: string,
  price: string,
  observedAt: number | null = null,
  index = 'BTC/USD',
) => house.send({ type: 'SubmitIndexPrices', source, prices: [{ index, price, observedAt }] });

/** One price from each source, in the order of the letters. */
export const quotes = (house: TestHouse, ...prices: string[]) =>
  prices.flatMap((price, i) => quote(house, String.fromCharCode(97 + i), price));

/** The index as its price in decimals, and whether it is stale. */
export function indexOf(
  house: TestHouse,
  id = 'BTC/USD',
): { price: string | null; stale: boolean; quarantined: string[] } {
  const listing = house.state.indices.get(id);
  if (!listing) throw new Error(`No index ${id}`);
  const { price, stale, quotes: heard } = listing.state;
  const quarantined = [...heard].filter(([, { quarantined: aside }]) => aside).map(([source]) => source);
  return { price: price === null ? null : formatCount(price, listing.index.tick), stale, quarantined };
}

/** A perpetual beside the index; its mark is set by nobody yet. */
export function defineOnIndex(house: TestHouse, fields: Partial<CommandOf<'DefineInstrument'>> = {}): void {
  const instrument = fields.instrument ?? 'BTC-PERP';
  house.send({
    type: 'DefineInstrument',
    instrument,
    kind: 'PERPETUAL',
    base: 'BTC',
    quote: 'USD',
    settlement: 'USD',
    tick: '0.1',
    lot: '0.1',
    multiplier: '1',
    index: 'BTC/USD',
    markMethod: 'VENUE',
    markBand: '0.05',
    priceBand: null,
    heartbeat: MINUTE,
    allowsNonPositivePrice: false,
    expiry: null,
    variationInterval: 365 * 86_400_000,
    makerFee: '0',
    takerFee: '0',
    ...fields,
  });
  house.send({ type: 'SetTierSchedule', instrument, tiers: flatTiers('0.05', '0.025'), effectiveAt: null });
}

/** The mark in decimals and whether it is stale. */
export function markOf(house: TestHouse, id = 'BTC-PERP'): { price: string; stale: boolean; at: number } | null {
  const listing = house.state.listings.get(id);
  return listing?.mark
    ? {
        price: formatCount(listing.mark.price, listing.instrument.tick),
        stale: listing.mark.stale,
        at: listing.mark.at,
      }
    : null;
}

/** Moves the clock to an instant without letting time pass for anybody else. */
export const at = (house: TestHouse, time: number): TestHouse => {
  house.now = instant(time);
  return house;
};

/** An index by weight with an own venue, and contracts whose marks are made of it and the basis of a venue. */
export function pricedLife(): TestHouse {
  const house = createTestHouse();
  house.send({ type: 'DefineCurrency', currency: 'USD', scale: 2 });
  house.send({ type: 'DefineCurrency', currency: 'BTC', scale: 8 });
  defineIndex(house, {
    weights: [
      { source: 'a', weight: 3, ownVenue: true },
      { source: 'b', weight: 5, ownVenue: false },
    ],
  });
  for (const shown of ['VENUE', 'IMPACT'] as const)
    defineOnIndex(house, {
      ...{ instrument: `BTC-${shown}`, markMethod: 'BASIS', basis: { of: shown, window: MINUTE, heartbeat: MINUTE } },
    });
  const rails = { averageWindow: MINUTE, maximumMultiple: 5, maximumDistance: '0.5', maximumConfidence: '0.001' };
  house.send({
    type: 'SetPriceGuards',
    index: 'BTC/USD',
    terms: {
      ...rails,
      maximumAge: MINUTE / 2,
      liquidation: ['TOO_FAR'],
      margin: ['TOO_OLD'],
      newRisk: ['TOO_UNCERTAIN'],
    },
    effectiveAt: null,
  });
  quotes(house, '50000', '50010', '50020', '50030');
  const unsure = { index: 'BTC/USD', price: '50020', confidence: '177', observedAt: null };
  house.send({ type: 'SubmitIndexPrices', source: 'b', prices: [unsure] });
  const at = { instrument: 'BTC-VENUE', price: '50100', bid: null, ask: null, observedAt: null };
  house.send({ type: 'SubmitMarkPrices', source: 'venue', prices: [at, { ...at, price: '50200.1' }] });
  const impact = { instrument: 'BTC-IMPACT', bid: '49000', ask: '49000.1', observedAt: null };
  house.send({ type: 'SubmitImpactPrices', source: 'venue', prices: [impact] });
  house.pass('17s');
  quotes(house, '50000', '50010');
  house.send({ type: 'SubmitMarkPrices', source: 'venue', prices: [at] });
  house.pass('20s');
  quotes(house, '50000', '50040', '50020', '50030');
  house.send({ type: 'SubmitIndexPrices', source: 'b', prices: [{ ...unsure, price: '50050' }] });
  return house;
}
