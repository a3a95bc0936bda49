/**
 * The basis of a contract: how far its venue trades from the index, as a share of it, damped. What a venue shows counts
 * by the time that it stands, and not before: a spike that is gone after three seconds of a window of a minute moves
 * the basis by three parts of 63.  Ruling 6; PS-4, S21
 */

import { known } from '../../units/failure';
import { type Duration, duration, type Instant, instant, later, RATE_ONE, type Rate, rate } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import { divHalfEven } from '../../units/rounding';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { BASIS_DIGITS } from '../model/price';
import type { BasisTerms, InstrumentId, SourceId } from '../model/reference';
import type { Listing, State } from '../model/state';
import { amendListing } from '../reference/instruments';
import { ticksPerIndexTick } from './indexTicks';

const ONE = 10n ** BigInt(BASIS_DIGITS);
const PARTS_PER_RATE = ONE / RATE_ONE;

/**
 * A basis that something else has stood beside for a time: it follows by time / (window + time) of the gap, half to
 * even.
 */
function followed(from: bigint, to: bigint, { window }: BasisTerms, time: Duration): bigint {
  if (time <= 0) return from;
  return from + divHalfEven((to - from) * BigInt(time), BigInt(window + time));
}

/**
 * The damped basis at an instant, 1e-24 of the index. It depends on what was shown, not on how often it is asked for.
 */
export function basisAt({ instrument, basis }: Pick<Listing, 'instrument' | 'basis'>, now: Instant): bigint {
  if (!basis || !instrument.basis) return 0n;
  const { damped, since, seen, until } = basis;
  const silent = instant(Math.max(since, Math.min(now, until)));
  const shown = followed(damped, seen * PARTS_PER_RATE, instrument.basis, duration(silent - since));
  return followed(shown, 0n, instrument.basis, duration(now - silent));
}

/** An index with the basis, in ticks of the contract: to the nearest, half to even. */
export const withBasis = (ticks: bigint, partsPerTick: bigint, basis: bigint): bigint =>
  divHalfEven(ticks * (ONE + basis), partsPerTick * ONE);

export interface Shown {
  readonly source: SourceId;
  readonly price: Ratio; // ticks
  readonly at: Instant;
}

/** What a venue shows now is held within the band, and counts from now on. */
export function observeBasis(desk: Desk, id: InstrumentId, { source, price, at }: Shown): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const { instrument } = listing;
  const index = instrument.index === null ? undefined : desk.view.indices.get(instrument.index);
  // Beside an index that is not live there is nothing to compare it with.
  if (!instrument.basis || !index || index.state.price === null || index.state.stale) return;
  const [ticks, perTick] = ticksPerIndexTick(instrument, index.index.tick);
  const seen = shareOver(price, index.state.price * ticks, perTick);
  desk.emit({
    type: 'BasisObserved',
    instrument: id,
    source,
    basis: {
      damped: basisAt(listing, desk.at),
      since: desk.at,
      seen: within(seen, instrument.markBand),
      at,
      until: later(at, instrument.basis.heartbeat),
    },
  });
}

/** A price over an index, as a share of the index: 1e-12, half to even. */
const shareOver = ({ numerator, denominator }: Ratio, index: bigint, partsPerTick: bigint): bigint =>
  divHalfEven((numerator * partsPerTick - index * denominator) * RATE_ONE, index * denominator);

function within(seen: bigint, band: Rate | null): Rate {
  if (band === null) return rate(seen);
  return rate(seen > band ? band : seen < -band ? -band : seen);
}

export const onBasisObserved = (state: State, { instrument, basis }: EventOf<'BasisObserved'>): void =>
  amendListing(state, instrument, { basis });
