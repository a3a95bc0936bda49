/**
 * Answers that several readers are sent, made once. They are kept for those who come a little later, the newest of them
 * up to a bound: who comes later still has it made again.
 */

import type { Template } from '../scalar/slot';

export interface Made {
  readonly template: Template;
  readonly keep: boolean; // an answer with a failure in it is made anew for the next
}

export interface SharedAnswers {
  /** The answer under this name; `make` is called where there is none. */
  get(name: string, make: () => Promise<Made>): Promise<Template>;
}

interface Held {
  readonly answer: Promise<Template>;
  size: number;
}

export function createSharedAnswers(mostCharacters: number): SharedAnswers {
  const held = new Map<string, Held>();
  let size = 0;

  function forget(name: string, answer: Held): void {
    if (held.get(name) !== answer) return;
    held.delete(name);
    size -= answer.size;
  }

  function settle(name: string, answer: Held, { template }: Made): void {
    if (held.get(name) !== answer) return;
    answer.size = template.reduce((sum, text) => sum + text.length, 0);
    size += answer.size;
    for (const [oldest, other] of held) {
      if (size <= mostCharacters) break;
      forget(oldest, other);
    }
  }

  return {
    get(name, make) {
      const known = held.get(name);
      if (known) return known.answer;
      const making = make();
      const answer: Held = { answer: making.then(({ template }) => template), size: 0 };
      held.set(name, answer);
      making.then(
        (made) => (made.keep ? settle(name, answer, made) : forget(name, answer)),
        () => forget(name, answer),
      );
      return answer.answer;
    },
  };
}
