/**
 * A fair share for every key of what there is one of. Each key has a lane; whoever waits in it waits behind its own,
 * and the lanes are served one after the other. A key that floods waits for itself.
 */

export interface Turns {
  /** Resolves when it is the turn of the key: then it may work until it next waits for something. */
  turn(key: string): Promise<void>;
}

/**
 * So many times as long as its turn took does a key rest after it, while others are at work: it has a third of the
 * thread.
 */
const REST = 2;
/** Shorter turns are nobody's concern. */
const SHORT_MS = 1;
/** Others are at work when one of them had a turn so long ago at most. */
const AT_WORK_MS = 100;

export interface TurnsOptions {
  readonly later?: (work: () => void) => void; // after whatever has arrived from the network was taken in
  readonly after?: (ms: number, work: () => void) => void;
  readonly now?: () => number; // ms
}

/**
 * Turns on this thread: one goes on, then whatever has arrived from the network is taken in, then one of the next key.
 * A turn cannot be cut short, and a request has several. So a key with long turns rests between them while others are
 * at work.
 */
export function createTurns({
  later = setImmediate,
  after = restFor,
  now = () => performance.now(),
}: TurnsOptions = {}): Turns {
  const lanes = new Map<string, (() => void)[]>();
  const resting = new Map<string, number>(); // until when
  const lastTurns = new Map<string, number>(); // when each key last had one, the latest last
  let serving = false;

  function othersAtWork(key: string, at: number): boolean {
    for (const [other, last] of lastTurns) {
      if (at - last > AT_WORK_MS) lastTurns.delete(other);
      else if (other !== key) return true;
    }
    return false;
  }

  function ended(key: string, began: number): void {
    const at = now();
    const took = at - began;
    lastTurns.delete(key);
    lastTurns.set(key, at);
    if (took > SHORT_MS && othersAtWork(key, at)) resting.set(key, at + REST * took);
  }

  function isResting(key: string, at: number): boolean {
    const until = resting.get(key);
    if (until === undefined) return false;
    if (until > at) return true;
    resting.delete(key);
    return false;
  }

  function serve(): void {
    const at = now();
    const key = [...lanes.keys()].find((each) => !isResting(each, at));
    if (key === undefined) return void rest(at);
    const lane = lanes.get(key) ?? [];
    const go = lane.shift();
    lanes.delete(key);
    if (lane.length > 0) lanes.set(key, lane); // behind the others
    go?.();
    later(() => {
      ended(key, at);
      serve();
    });
  }

  /** Nobody is there, or only who rests. */
  function rest(at: number): void {
    serving = false;
    if (lanes.size === 0) return;
    const next = Math.min(...[...lanes.keys()].map((key) => resting.get(key) ?? at));
    after(next - at, begin);
  }

  function begin(): void {
    if (serving) return;
    serving = true;
    later(serve);
  }

  return {
    turn(key) {
      return new Promise((resolve) => {
        const lane = lanes.get(key);
        if (lane) lane.push(resolve);
        else lanes.set(key, [resolve]);
        begin();
      });
    },
  };
}

const restFor = (ms: number, work: () => void): void => void setTimeout(work, ms);

export interface Places {
  /**
   * Resolves with how to leave again, when one of the places of the key is free; undefined where too many wait already.
   */
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
