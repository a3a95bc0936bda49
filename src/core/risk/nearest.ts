/**
 * The accounts nearest to a level, a page at a time, in the order of distance, then of id. Floats leave out whoever
 * cannot come onto the page; who may is measured in fractions. What is counted is exact.  Rule: RLM-3
 */

import { type Count, margin, total } from '../../units/quantity';
import { compareRatios, type Ratio } from '../../units/ratio';
import type { ColumnBook } from '../book/columnBook';
import { createReview } from '../book/screen/review';
import { amountOfLevel } from '../margin/level';
import { curveOfListing } from '../margin/model/models';
import { pictureOf } from '../margin/picture';
import { standingOf } from '../margin/standing';
import type { View } from '../model/state';
import { notionalOf } from '../position/value';
import { distanceOf } from './distance';
import { type Ladder, laddersOf } from './ladder';
import type { DistancePlace, Inquiry, NearAccount, Nearest, NearestQuestion } from './question';

const NOUGHT: Ratio = { numerator: 0n, denominator: 1n };

/** An account under review, asked how far it is from the level without being measured where that can be helped. */
export interface Measured {
  /** Whether its distance comes before the place, in the order of distance, then of id. */
  isBefore(place: DistancePlace): boolean;
  isWithin(share: Ratio): boolean;
  readonly share: Ratio | null;
}

export const isBefore = (a: DistancePlace, b: DistancePlace): boolean => {
  const order = compareRatios(a.share, b.share);
  return order < 0 || (order === 0 && a.account < b.account);
};

export function createMeasure(book: ColumnBook, view: View, rung: NearestQuestion['rung']) {
  const review = createReview(book, [view], curveOfListing);
  return function measure(row: Count, ladder: Ladder): Measured {
    const planes = ladder.planes[rung];
    review.take(row, ladder.ownersAddUp);
    review.moveTo(0);
    const now = review.verdict(planes);
    let known: Ratio | null | undefined = now === 'FAILS' ? NOUGHT : undefined;
    const id = book.accountNames.name;

    const exact = (): Ratio | null => {
      if (known === undefined) known = distanceOf(pictureOf(view, id(row)), ladder.levels[rung]);
      return known;
    };
    /** Nearer than a share, further, or neither beyond doubt. */
    function against(share: Ratio): 'NEARER' | 'FURTHER' | 'DOUBT' {
      if (known !== undefined || now === 'DOUBT') return 'DOUBT';
      review.moveAgainst(share, 'FURTHER');
      const further = review.verdict(planes);
      if (further === 'HOLDS') return 'FURTHER';
      review.moveAgainst(share, 'NEARER');
      return review.verdict(planes) === 'FAILS' ? 'NEARER' : 'DOUBT';
    }
    return {
      isBefore(place) {
        const side = against(place.share);
        if (side !== 'DOUBT') return side === 'NEARER';
        const share = exact();
        return share !== null && isBefore({ share, account: id(row) }, place);
      },
      isWithin(share) {
        const side = against(share);
        if (side !== 'DOUBT') return side === 'NEARER';
        const mine = exact();
        return mine !== null && compareRatios(mine, share) <= 0;
      },
      get share() {
        return exact();
      },
    };
  };
}

type Ranked = Omit<NearAccount, 'rank'>;

export function nearestInquiry(book: ColumnBook, view: View, question: NearestQuestion): Inquiry<Nearest> {
  const { rung, within, member, first, after } = question;
  const measure = createMeasure(book, view, rung);
  const ladders = laddersOf(view.policies);
  const page: Ranked[] = []; // one more than asked for, to know whether the list goes on
  let [accounts, inside, before] = [0, 0, 0];

  function rankedOf(row: Count, share: Ratio, ladder: Ladder): Ranked {
    const standing = standingOf(pictureOf(view, book.accountNames.name(row)));
    const { account, holdings } = standing.picture;
    const level = amountOfLevel(ladder.levels[rung], standing);
    return {
      account: account.id,
      member: account.member,
      currency: account.currency,
      status: view.book.stateOf(account.id).status,
      share,
      equity: standing.equity,
      level,
      buffer: margin(standing.equity - level),
      notional: total(holdings.map(({ instrument, position, mark }) => notionalOf(instrument, position.size, mark))),
    };
  }

  function insert(ranked: Ranked): void {
    let at = page.length;
    while (at > 0 && isBefore(ranked, page[at - 1] as Ranked)) at -= 1;
    page.splice(at, 0, ranked);
    if (page.length > first + 1) page.pop();
  }

  return {
    visit(row) {
      const profile = book.profileOf(row);
      const ladder = ladders.get(profile.policy);
      if (!ladder || profile.kind === 'CLOSE_OUT' || (member !== null && profile.member !== member)) return;
      accounts += 1;
      const measured = measure(row, ladder);
      if (within && !measured.isWithin(within)) return;
      inside += 1;
      if (after && (measured.isBefore(after) || isAt(measured, row, after))) {
        before += 1;
        return;
      }
      const last = page.length > first ? page.at(-1) : undefined;
      if (last && !measured.isBefore(last)) return;
      const { share } = measured;
      if (share) insert(rankedOf(row, share, ladder));
    },
    answer: () => ({
      ...{ seq: view.seq, at: view.now, accounts, within: within && inside, more: page.length > first },
      list: page.slice(0, first).map((ranked, i) => ({ ...ranked, rank: before + i + 1 })),
    }),
  };

  function isAt(measured: Measured, row: Count, place: DistancePlace): boolean {
    if (book.accountNames.name(row) !== place.account) return false;
    const { share } = measured;
    return share !== null && compareRatios(share, place.share) === 0;
  }
}
