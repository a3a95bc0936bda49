/** Who wants to know of an account before something about it is written. Mostly nobody does. */

export interface Writes {
  /** Something about the account of this row is about to be written. */
  about(row: number): void;
  /** Returns how to listen no longer. */
  before(listener: (row: number) => void): () => void;
}

export function createWrites(): Writes {
  const listeners = new Set<(row: number) => void>();
  return {
    about(row) {
      if (listeners.size > 0) for (const listener of listeners) listener(row);
    },
    before(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
