/** Marks that are made of an index, alone or with the basis of a venue: they follow it.  Ruling 6; PS-4, S21 */

import { MOST_PRICE, within } from '../../units/bounds';
import { known } from '../../units/failure';
import { abs, type Price, price, RATE_ONE } from '../../units/quantity';
import { divDown, divUp } from '../../units/rounding';
import type { Desk } from '../message/desk';
import type { IndexId, Instrument, InstrumentId, SourceId } from '../model/reference';
import type { View } from '../model/state';
import { basisAt, observeBasis, type Shown, withBasis } from './basis';
import { judgeIndex } from './guards';
import { type IndexQuotes, refreshIndex, submitIndexPrices } from './indexPrice';
import { ticksPerIndexTick } from './indexTicks';
import { lastHeardOf } from './priceAverage';

/** The venue's price held within the band around a live index; the border rounds inwards.  Rule: S21 */
export function clampToIndex(view: View, instrument: Instrument, quoted: Price): Price {
  const listing = instrument.index === null ? undefined : view.indices.get(instrument.index);
  if (!listing || listing.state.price === null || listing.state.stale || instrument.markBand === null) return quoted;
  const [ticks, perTick] = ticksPerIndexTick(instrument, listing.index.tick);
  const centre = listing.state.price * ticks;
  const width = abs(centre as Price) * instrument.markBand;
  const lowest = divUp(centre * RATE_ONE - width, perTick * RATE_ONE);
  const highest = divDown(centre * RATE_ONE + width, perTick * RATE_ONE);
  return price(quoted < lowest ? lowest : quoted > highest ? highest : quoted);
}

const INDEX_SOURCE: SourceId = 'index';
const BASIS_SOURCE: SourceId = 'basis';

/** Takes prices of a source for its indices; the marks that are made of them follow. */
export function takeIndexPrices(desk: Desk, taken: IndexQuotes): void {
  submitIndexPrices(desk, taken);
  for (const index of new Set(taken.quotes.map((quote) => quote.index))) {
    judgeIndex(desk, index);
    followIndex(desk, index);
  }
}

/** A source has fallen silent: the index is looked at again, and the marks that are made of it. */
export function recheckIndex(desk: Desk, index: IndexId): void {
  refreshIndex(desk, index);
  judgeIndex(desk, index);
  followIndex(desk, index);
}

/** Marks that are made of an index, after it changed. */
function followIndex(desk: Desk, index: IndexId): void {
  const followers = [...desk.view.listings.values()]
    .map(({ instrument }) => instrument)
    .filter((instrument) => instrument.index === index && instrument.markMethod !== 'VENUE')
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  for (const { id } of followers) makeMark(desk, id);
}

/** A venue shows at what a contract trades: its basis moves, and the mark that is made of it. */
export function showPrice(desk: Desk, instrument: InstrumentId, shown: Shown): void {
  observeBasis(desk, instrument, shown);
  makeMark(desk, instrument);
}

/** The mark that index and basis make now: nearest tick, half to even, held within the band. */
function makeMark(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const { instrument } = listing;
  const { state, index: terms } = known(desk.view.indices.get(instrument.index ?? ''), 'Index', id);
  if (listing.status === 'EXPIRED' || state.price === null) return;
  const [ticks, perTick] = ticksPerIndexTick(instrument, terms.tick);
  const made = price(withBasis(state.price * ticks, perTick, basisAt(listing, desk.at)));
  const followed = instrument.basis ? clampToIndex(desk.view, instrument, made) : made;
  const at = lastHeardOf(state);
  // An index below half a tick of the contract makes no price it could be valued at, nor does one beyond all prices.
  const unusable = (followed <= 0n && !instrument.allowsNonPositivePrice) || !within(followed, MOST_PRICE);
  if (state.stale || unusable || desk.at - at >= instrument.heartbeat) markWentStale(desk, id);
  else
    desk.emit({
      type: 'MarkPriceSet',
      instrument: id,
      price: followed,
      at,
      source: instrument.basis ? BASIS_SOURCE : INDEX_SOURCE,
      clamped: followed !== made,
    });
}

export function markWentStale(desk: Desk, instrument: InstrumentId): void {
  const mark = desk.view.listings.get(instrument)?.mark;
  if (mark && !mark.stale) desk.emit({ type: 'MarkPriceWentStale', instrument });
}
