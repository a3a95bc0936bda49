/**
 * Values given numbers, of which there are few different ones: what accounts have in common, leverages people choose.
 */

export interface Kinds<Value> {
  readonly all: readonly Value[];
  /** Its number, given now if it has none. */
  number(value: Value): number;
  of(number: number): Value;
}

export function createKinds<Value>(saved: readonly Value[], textOf: (value: Value) => string): Kinds<Value> {
  const all = [...saved];
  const numbers = new Map(all.map((value, number) => [textOf(value), number]));
  return {
    all,
    number(value) {
      const text = textOf(value);
      const known = numbers.get(text);
      if (known !== undefined) return known;
      numbers.set(text, all.length);
      return all.push(value) - 1;
    },
    of: (number) => all[number] as Value,
  };
}
