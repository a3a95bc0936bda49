/**
 * Questions about the whole book, one after the other: each is as of the entry at which its turn came, and is worked
 * off a few milliseconds at a time between commands, so that neither a price nor a call waits for it.  Rules: RLM-3,
 * AH-5
 */

import type { View } from '../core/model/state';
import { beginInquiry } from '../core/risk/inquiry';
import type { AnswerTo, HouseRisk, HouseRiskQuestion, RiskQuestion } from '../core/risk/question';
import { breathe, createSpell } from './spell';

export interface Inquiries {
  ask<Question extends RiskQuestion>(question: Question): Promise<AnswerTo<Question>>;
}

/** Accounts between two looks at the clock. */
const SOME = 200;

/** How long after its end a pass over the house is an answer: what it says is as of its entry. */
const SHARED_MS = 1_000;

/** `check` throws where no more answers are given. */
export function createInquiries(state: View, check: () => void): Inquiries {
  let last: Promise<unknown> = Promise.resolve();
  const passes = new Map<string, Promise<HouseRisk>>(); // over the house, under way or just ended

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

  function inTurn<Question extends RiskQuestion>(question: Question): Promise<AnswerTo<Question>> {
    const mine = last.then(() => answer(question));
    last = mine.catch(() => undefined);
    return mine;
  }

  /**
   * The house as a whole is asked by many who look at the same screen: one pass answers all of them until it is too
   * old.
   */
  async function askHouse(question: HouseRiskQuestion): Promise<HouseRisk> {
    check();
    const key = [question.largest, ...question.shocks].join();
    const shared = passes.get(key);
    if (shared) {
      const known = await shared.catch(() => undefined);
      if (known && known.seq >= question.atLeast) return known;
    }
    // Whoever waited for the same one has begun the next already.
    const next = passes.get(key);
    if (next && next !== shared) return next;
    const mine = inTurn(question);
    passes.set(key, mine);
    const forget = (): void => void (passes.get(key) === mine && passes.delete(key));
    mine.then(() => setTimeout(forget, SHARED_MS).unref(), forget);
    return mine;
  }

  return {
    ask: (question) => (question.type === 'HOUSE' ? askHouse(question) : inTurn(question)) as never,
  };
}
