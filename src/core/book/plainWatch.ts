/**
 * The watch that trusts nobody: a price concerns everybody who depends on it. What faster watches are compared with.
 */

import type { Book } from '../model/book';
import type { Watch } from '../model/watch';

export function createPlainWatch(book: Book): Watch {
  let armed = false;
  return {
    get armed() {
      return armed;
    },
    arm() {
      armed = true;
    },
    disarm() {
      armed = false;
    },
    disturb: () => undefined,
    settle: () => undefined,
    markMoved: (_priced, instrument) => (armed ? book.holders(instrument) : []),
    indexMoved(priced, id) {
      const listing = priced.indices.get(id);
      if (!armed || !listing) return [];
      const { base, quote } = listing.index;
      return [...book.collateralHolders(base)].filter((account) => book.account(account)?.currency === quote);
    },
    survey: (_priced, from, most) => {
      const all = [...book.accountIds()];
      return { doubtful: all.slice(from, from + most), next: Math.min(all.length, from + most) };
    },
    counts: { looks: 0, named: 0 },
  };
}
