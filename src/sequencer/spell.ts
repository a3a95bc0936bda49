/** Long work beside commands: a spell of a few milliseconds, then whoever waits has its turn. */

/** A command that comes in between waits so long at most, and so does a price. */
const SPELL_MS = 3;

export interface Spell {
  /** Whether it is time to let others have their turn. */
  over(): boolean;
}

export function createSpell(): Spell {
  const ends = performance.now() + SPELL_MS;
  return { over: () => performance.now() >= ends };
}

/** Lets everything that waits have its turn. */
export const breathe = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));
