/** Puts what is asked for one by one in the same turn together into one question. */

/** `load` answers in the order of the keys; a failure is everybody's. */
export function batched<Key, Value>(
  load: (keys: readonly Key[]) => Promise<readonly Value[]>,
): (key: Key) => Promise<Value> {
  let waiting: { key: Key; resolve: (value: Value) => void; reject: (error: unknown) => void }[] = [];
  const run = async (): Promise<void> => {
    const asked = waiting;
    waiting = [];
    try {
      const values = await load(asked.map(({ key }) => key));
      for (const [i, { resolve }] of asked.entries()) resolve(values[i] as Value);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  };
  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      // Resolvers of one level run in one turn; the promises among them settle before a macrotask begins.
      if (waiting.length === 1) setImmediate(() => void run());
    });
}
