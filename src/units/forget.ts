/** Forgetting what a map has held longest, at a cost that does not grow with how much was forgotten before. */

/** The entry at the front of a map, and what comes behind it. */
interface Front {
  readonly rest: Iterator<[string, unknown], undefined>;
  oldest: IteratorResult<[string, unknown], undefined>;
}

const fronts = new WeakMap<ReadonlyMap<string, unknown>, Front>();

/**
 * Deletes entries in the order in which they were put in, as long as they may go. Nobody else may delete from the map.
 *
 * The place reached is kept from one call to the next: to begin at the front anew would lead over every place that has
 * been emptied since the map last grew, and a map that forgets as much as it learns would be slower with every entry.
 */
export function forgetOldest<Value>(map: Map<string, Value>, mayGo: (value: Value) => boolean): void {
  const front = fronts.get(map) ?? begin(map);
  while (!front.oldest.done) {
    const [key, value] = front.oldest.value as [string, Value];
    if (!mayGo(value)) return;
    map.delete(key);
    front.oldest = front.rest.next();
  }
  fronts.delete(map);
}

function begin(map: ReadonlyMap<string, unknown>): Front {
  const rest = map.entries();
  const front = { rest, oldest: rest.next() };
  fronts.set(map, front);
  return front;
}
