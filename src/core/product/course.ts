/** When something happens to a contract that settles at intervals and may end on a day. */

import { type Instant, nextMultiple } from '../../units/quantity';
import type { Instrument } from '../model/reference';
import type { Course } from './product';

export const courseOf = (instrument: Instrument, from: Instant): Course => ({
  variation: variationAfter(instrument, from),
  expiry: instrument.expiry,
});

/** Settlements fall on whole multiples of the interval since the epoch: 8 h means 00:00, 08:00 and 16:00 UTC. */
function variationAfter({ variationInterval: interval }: Instrument, from: Instant): Instant | null {
  return interval === null ? null : nextMultiple(from, interval);
}
