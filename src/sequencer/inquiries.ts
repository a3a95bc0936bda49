/**
 * Questions about the whole book, one after the other: each is as of the entry at which its turn came, and is worked off a
 * few milliseconds at a time between commands, so that neither a price nor a call waits for it.  Rules: RLM-3, AH-5
 */

import type { View } from '../core/model/state';
import { beginInquiry } from '../core/risk/inquiry';
import type { AnswerTo, RiskQuestion } from '../core/risk/question';
import { breathe, createSpell } from './spell';

export interface Inquiries {
  ask<Question extends RiskQuestion>(question: Question): Promise<AnswerTo<Question>>;
}

/** Accounts between two looks at the clock. */
const SOME = 200;

/** `check` throws where no more answers are given. */
export function createInquiries(state: View, check: () => void): Inquiries {
  let last: Promise<unknown> = Promise.resolve();

  async function answer<Question extends RiskQuestion>(question: Question): Promise<AnswerTo<Question>> {
    check();
    const inquiry = beginInquiry(state, question);
    try {
      for (let spell = createSpell(); inquiry.step(SOME); ) {
        if (!spell.over()) continue;
        await breathe();
        check();
        spell = createSpell();
      }
      return inquiry.answer();
    } finally {
      inquiry.end();
    }
  }

  return {
    ask(question) {
      const mine = last.then(() => answer(question));
      last = mine.catch(() => undefined);
      return mine;
    },
  };
}
