/**
 * The addresses of the server, and what is served at each: all at one, or GraphiQL and figures at addresses of their
 * own.
 */

import type { Place } from './options';

export interface Layout {
  readonly place: Place;
  api: boolean;
  health: boolean;
  explorer: boolean;
  metrics: boolean;
}

export interface Wishes {
  readonly place: Place;
  readonly explorer: boolean;
  readonly explorerAddress: Place | null; // null: where the API is
  readonly metricsAddress: Place | null;
}

/** The address of the API comes first. */
export function layoutOf({ place, explorer, explorerAddress, metricsAddress }: Wishes): [Layout, ...Layout[]] {
  const all: [Layout, ...Layout[]] = [{ place, api: true, health: true, explorer: false, metrics: false }];
  const at = (wished: Place | null): Layout => {
    if (wished === null) return all[0];
    const known = all.find((layout) => isSame(layout.place, wished));
    if (known) return known;
    const made = { place: wished, api: false, health: false, explorer: false, metrics: false };
    all.push(made);
    return made;
  };
  // GraphiQL asks where it comes from, so the API is beside it.
  if (explorer) Object.assign(at(explorerAddress), { explorer: true, api: true });
  at(metricsAddress).metrics = true;
  return all;
}

/** Port 0 is another one each time. */
const isSame = (one: Place, other: Place): boolean =>
  one.host === other.host && one.port === other.port && one.port !== 0;
