/** Who holds what of every instrument: both sides added up exactly, and the largest holders. */

import type { ColumnBook } from '../columnBook';
import type { Review } from './review';
import { createSum, LARGEST_EXACT, type Sum } from './sum';

export interface Holder {
  readonly name: string;
  readonly size: number; // lots, the nearest float
  readonly exact: bigint; // lots
}

export interface Interest {
  readonly instrument: string;
  readonly long: bigint; // lots
  readonly short: bigint; // lots, without sign
  readonly holders: number;
  readonly largest: readonly Holder[]; // the largest first; of equals the one whose name comes first
}

export interface InterestCount {
  /** Adds the positions of the account under review. */
  count(review: Review, row: number): void;
  result(): Interest[];
}

interface Open {
  readonly long: Sum;
  readonly short: Sum;
  holders: number;
  readonly largest: Holder[];
}

/** `keep`: so many of the largest holders of each. `sizeOf`: the exact size where a float cannot say it. */
export function createInterestCount(
  book: ColumnBook,
  keep: number,
  sizeOf: (account: string, instrument: string) => bigint,
): InterestCount {
  const open: (Open | undefined)[] = []; // by instrument

  function openOf(instrument: number): Open {
    const known = open[instrument];
    if (known) return known;
    const made = { long: createSum(), short: createSum(), holders: 0, largest: [] };
    open[instrument] = made;
    return made;
  }

  function addSize({ long, short }: Open, size: number, row: number, instrument: number): void {
    if (Math.abs(size) <= LARGEST_EXACT) {
      if (size > 0) long.addFloat(size);
      else short.addFloat(-size);
      return;
    }
    const exact = sizeOf(book.accountNames.name(row), book.instrumentNames.name(instrument));
    if (exact > 0n) long.add(exact);
    else short.add(-exact);
  }

  function compete(largest: Holder[], row: number, size: number, instrument: number): void {
    const last = largest.length < keep ? undefined : largest[keep - 1];
    if (keep === 0 || (last && Math.abs(size) < Math.abs(last.size))) return;
    const name = book.accountNames.name(row);
    if (last && !isLarger({ name, size }, last)) return;
    // Written down at once: by the end of the pass it may hold another.
    const holder = { name, size, exact: sizeOf(name, book.instrumentNames.name(instrument)) };
    let at = largest.length;
    while (at > 0 && isLarger(holder, largest[at - 1] as Holder)) at -= 1;
    largest.splice(at, 0, holder);
    if (largest.length > keep) largest.pop();
  }

  return {
    count(review, row) {
      review.eachPosition((instrument, size) => {
        const tally = openOf(instrument);
        tally.holders += 1;
        addSize(tally, size, row, instrument);
        compete(tally.largest, row, size, instrument);
      });
    },
    result: () =>
      open.flatMap((tally, instrument) => {
        if (!tally) return [];
        const { long, short, holders, largest } = tally;
        return [
          { instrument: book.instrumentNames.name(instrument), long: long.total, short: short.total, holders, largest },
        ];
      }),
  };
}

function isLarger(a: Pick<Holder, 'name' | 'size'>, b: Pick<Holder, 'name' | 'size'>): boolean {
  const [sizeOfA, sizeOfB] = [Math.abs(a.size), Math.abs(b.size)];
  return sizeOfA > sizeOfB || (sizeOfA === sizeOfB && a.name < b.name);
}
