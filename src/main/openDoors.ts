/** A house as whoever starts it gets it: open, its development keys known to it, and served. */

import { duration, later } from '../units/quantity';
import type { DayClock } from './dayClock';
import { type DevelopmentKey, developmentKeys, issueHouseKeys } from './developmentKeys';
import type { Example } from './exampleFile';
import { type OpenHouse, type OpenOptions, openHouse } from './openHouse';
import { MEMBERS } from './playDay';
import { type Served, serve } from './serve';

export interface Doors {
  readonly open: OpenHouse;
  readonly served: Served; // closing it closes the house
  // of an embedded house: those that the folder holds, whether they work or not
  readonly keys: readonly DevelopmentKey[];
}

export interface DoorsOptions extends OpenOptions {
  readonly clock: DayClock;
  readonly plan: Example | undefined; // the example day the folder holds, or is to hold
}

export async function openDoors({ plan, ...options }: DoorsOptions): Promise<Doors> {
  const { config, clock, log } = options;
  const open = await openHouse(options);
  try {
    // Time stood still in the example's house while nobody had it open.
    if (plan?.finished) clock.run(later(open.house.status().now, duration(config.clockAhead)));
    const keys = config.databaseUrl === null ? developmentKeys(config.data, plan ? MEMBERS : []) : [];
    await issueHouseKeys(open.house, keys);
    return { open, served: await serve({ config, open, log }), keys };
  } catch (error) {
    await open.close();
    throw error;
  }
}
