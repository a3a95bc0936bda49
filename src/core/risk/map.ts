/** The liquidation map: what each of a list of moves would make of the whole book.  Rules: RLM-3, AH-5 */

import { type Rate, rate } from '../../units/quantity';
import type { ColumnBook } from '../book/columnBook';
import { createReview, type Review } from '../book/screen/review';
import { curveOfListing } from '../margin/model/models';
import type { InstrumentId } from '../model/reference';
import type { View } from '../model/state';
import { createImpactCount, type ImpactCount, type Subject } from './impact';
import { laddersOf } from './ladder';
import type { Band, Impact, Inquiry, MapQuestion, RiskMap } from './question';
import { shocked } from './shock';

export interface Impacts {
  readonly review: Review;
  /** Counts the account under review, at the prices of now and of every move. */
  count(subject: Subject): void;
  result(): { readonly now: Impact; readonly shocks: readonly Impact[] };
}

/**
 * Moves are gone through in each direction from the smallest to the largest, so that each knows what the one before
 * did.
 */
export function createImpacts(
  book: ColumnBook,
  view: View,
  shocks: readonly Rate[],
  only: InstrumentId | null = null,
): Impacts {
  const moves = [rate(0n), ...shocks];
  const views = moves.map((move, i) => (i === 0 ? view : shocked(view, move, only)));
  const review = createReview(book, views, curveOfListing);
  const impacts = moves.map((move, i) => createImpactCount(views[i] as View, move));
  const places = shocks.map((move, i) => ({ move, place: i + 1 }));
  const down = places.filter(({ move }) => move < 0n).sort((a, b) => (a.move > b.move ? -1 : 1));
  const up = places.filter(({ move }) => move >= 0n).sort((a, b) => (a.move < b.move ? -1 : 1));

  return {
    review,
    count(subject) {
      review.moveTo(0);
      const [now] = impacts as [ImpactCount];
      const start = now.count(review, subject, null);
      for (const side of [down, up]) {
        let before: Band = start;
        for (const { place } of side) {
          review.moveTo(place);
          before = (impacts[place] as ImpactCount).count(review, subject, before);
        }
      }
    },
    result() {
      const [now, ...rest] = impacts.map((impact) => impact.result()) as [Impact, ...Impact[]];
      return { now, shocks: rest };
    },
  };
}

export function mapInquiry(book: ColumnBook, view: View, { shocks, instrument }: MapQuestion): Inquiry<RiskMap> {
  const impacts = createImpacts(book, view, shocks, instrument);
  const ladders = laddersOf(view.policies);
  let accounts = 0;
  return {
    visit(row) {
      const { policy, currency, kind } = book.profileOf(row);
      const ladder = ladders.get(policy);
      if (!ladder || kind === 'CLOSE_OUT') return;
      accounts += 1;
      impacts.review.take(row, ladder.ownersAddUp);
      impacts.count({ id: () => book.accountNames.name(row), currency, ladder });
    },
    answer: () => ({ seq: view.seq, at: view.now, accounts, ...impacts.result() }),
  };
}
