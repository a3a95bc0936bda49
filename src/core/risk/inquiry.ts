/**
 * A question about the whole book at work: as of the entry at which it was begun, worked off a few accounts at a time
 * while the house goes on.  Rules: RLM-3, AH-5
 */

import { assert } from '../../units/failure';
import { isColumnBook } from '../book/columnBook';
import { createPass, type Pass } from '../book/pass';
import type { View } from '../model/state';
import { deleveragingInquiry } from './deleveragingQueue';
import { distancesInquiry } from './distances';
import { houseInquiry } from './houseRisk';
import { mapInquiry } from './map';
import { nearestInquiry } from './nearest';
import type { AnswerTo, Inquiry, RiskQuestion } from './question';
import { frozen } from './shock';

export interface RunningInquiry<Answer> extends Pass {
  /** Once no step is left. */
  answer(): Answer;
}

export function beginInquiry<Question extends RiskQuestion>(
  view: View,
  question: Question,
): RunningInquiry<AnswerTo<Question>> {
  const { book } = view;
  assert(isColumnBook(book), 'A book in columns is asked, and no other');
  const still = frozen(view);
  const inquiry = ((): Inquiry<unknown> => {
    switch (question.type) {
      case 'NEAREST':
        return nearestInquiry(book, still, question);
      case 'DISTANCES':
        return distancesInquiry(book, still, question);
      case 'MAP':
        return mapInquiry(book, still, question);
      case 'HOUSE':
        return houseInquiry(book, still, question);
      case 'DELEVERAGING':
        return deleveragingInquiry(book, still, question);
    }
  })() as Inquiry<AnswerTo<Question>>;
  return { ...createPass(book, inquiry.visit), answer: inquiry.answer };
}
