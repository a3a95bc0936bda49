/** How far accounts are from a level, and which place each takes among all.  Rule: RLM-3 */

import type { Count } from '../../units/quantity';
import type { Ratio } from '../../units/ratio';
import type { ColumnBook } from '../book/columnBook';
import { pictureOf } from '../margin/picture';
import type { View } from '../model/state';
import { distanceOf } from './distance';
import { laddersOf } from './ladder';
import { createMeasure, isBefore, type Measured } from './nearest';
import type { DistancePlace, Distances, DistancesQuestion, Inquiry } from './question';

interface Place extends DistancePlace {
  before: Count; // accounts that come before it and not before the place before it
}

/** The accounts asked about are measured when the question is begun; everybody is then told apart by them. */
export function distancesInquiry(
  book: ColumnBook,
  view: View,
  { rung, accounts, member }: DistancesQuestion,
): Inquiry<Distances> {
  const ladders = laddersOf(view.policies);
  const measure = createMeasure(book, view, rung);
  const shares = new Map<string, Ratio | null>();
  for (const id of accounts) {
    const account = view.book.account(id);
    const ladder = account && ladders.get(account.policy);
    if (ladder) shares.set(id, distanceOf(pictureOf(view, id), ladder.levels[rung]));
  }
  const places: Place[] = [...shares].flatMap(([account, share]) => (share ? [{ account, share, before: 0 }] : []));
  places.sort((a, b) => (isBefore(a, b) ? -1 : 1));
  let all = 0;

  /** The first place that comes after the account: they are in order, so halves of them need not be asked. */
  function firstBehind(measured: Measured): Place | undefined {
    let [from, to] = [0, places.length];
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (measured.isBefore(places[middle] as Place)) to = middle;
      else from = middle + 1;
    }
    return places[from];
  }

  return {
    visit(row) {
      const profile = book.profileOf(row);
      const ladder = ladders.get(profile.policy);
      if (!ladder || profile.kind === 'CLOSE_OUT' || (member !== null && profile.member !== member)) return;
      all += 1;
      const measured = measure(row, ladder);
      const place = firstBehind(measured);
      if (place) place.before += 1;
    },
    answer() {
      const ranks = new Map<string, number>();
      let before = 0;
      for (const place of places) {
        before += place.before;
        ranks.set(place.account, before + 1);
      }
      return {
        ...{ seq: view.seq, at: view.now, accounts: all },
        list: [...shares].map(([account, share]) => ({ account, share, rank: ranks.get(account) ?? null })),
      };
    },
  };
}
