/**
 * A fair share for every key of what there is one of. Each key has a lane; whoever waits in it waits behind its own, and the
 * lanes are served one after the other. A key that floods waits for itself.
 */

export interface Turns {
  /** Resolves when it is the turn of the key: then it may work until it next waits for something. */
  turn(key: string): Promise<void>;
}

/**
 * Turns on this thread: one goes on, then whatever has arrived from the network is taken in, then one of the next key.
 * `later` is when that is.
 */
export function createTurns(later: (work: () => void) => void = setImmediate): Turns {
  const lanes = new Map<string, (() => void)[]>();
  let serving = false;

  function serve(): void {
    for (const [key, lane] of lanes) {
      const go = lane.shift();
      lanes.delete(key);
      if (lane.length > 0) lanes.set(key, lane); // behind the others
      go?.();
      break;
    }
    serving = lanes.size > 0;
    if (serving) later(serve);
  }

  return {
    turn(key) {
      return new Promise((resolve) => {
        const lane = lanes.get(key);
        if (lane) lane.push(resolve);
        else lanes.set(key, [resolve]);
        if (serving) return;
        serving = true;
        later(serve);
      });
    },
  };
}

export interface Places {
  /** Resolves with how to leave again, when one of the places of the key is free; undefined where too many wait already. */
  enter(key: string): Promise<() => void> | undefined;
}

interface Lane {
  taken: number;
  readonly waiting: (() => void)[];
}

/** So many places for each key, and so many of it that wait for one. */
export function createPlaces(places: number, mostWaiting = Number.POSITIVE_INFINITY): Places {
  const lanes = new Map<string, Lane>();

  function leave(key: string, lane: Lane): void {
    const next = lane.waiting.shift();
    if (next) {
      next();
      return;
    }
    lane.taken -= 1;
    if (lane.taken === 0) lanes.delete(key);
  }

  /** How to leave: once, however often it is said. */
  function leaving(key: string, lane: Lane): () => void {
    let inside = true;
    return () => {
      if (inside) leave(key, lane);
      inside = false;
    };
  }

  return {
    enter(key) {
      const lane = lanes.get(key) ?? { taken: 0, waiting: [] };
      lanes.set(key, lane);
      if (lane.taken < places) {
        lane.taken += 1;
        return Promise.resolve(leaving(key, lane));
      }
      if (lane.waiting.length >= mostWaiting) return undefined;
      return new Promise((resolve) => void lane.waiting.push(() => resolve(leaving(key, lane))));
    },
  };
}
