/** Venues that number their trades. */

import { kind, type RecordOf } from '../kind/kind';

export type VenueId = string;

export const VENUE = kind.record({
  id: kind.id<VenueId>(),
  name: kind.text(),
  highest: kind.integer(), // number of the last trade that was cleared; 0: none
});
export type Venue = RecordOf<typeof VENUE>;
