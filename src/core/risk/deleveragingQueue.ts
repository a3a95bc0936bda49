/**
 * In which order the holders of an instrument would be deleveraged, as of one entry: everybody can see its place
 * beforehand.  Rule: SL-5
 */

import { known } from '../../units/failure';
import type { ColumnBook } from '../book/columnBook';
import { standingOfAccount } from '../margin/standing';
import type { View } from '../model/state';
import { deleveragingPolicyOf } from '../reference/deleveragingPolicies';
import { type Holder, holderOf, sortByRank } from './deleveragingRank';
import { effectiveLeverageOf } from './deleveragingScore';
import type { DeleveragingPlace, DeleveragingQuestion, DeleveragingQueue, Inquiry } from './question';

type Held = Holder & Pick<DeleveragingPlace, 'member' | 'leverage' | 'size'>;

export function deleveragingInquiry(
  book: ColumnBook,
  view: View,
  question: DeleveragingQuestion,
): Inquiry<DeleveragingQueue> {
  const { instrument, long, accounts, offset, first } = question;
  const policy = deleveragingPolicyOf(view, instrument);
  const held: Held[] = [];
  return {
    visit(row) {
      const { kind, member } = book.profileOf(row);
      if (kind === 'CLOSE_OUT') return;
      const id = book.accountNames.name(row);
      const size = view.book.position(id, instrument)?.size ?? 0n;
      if (size === 0n || size > 0n !== long) return;
      const standing = standingOfAccount(view, id);
      const holder = holderOf(view, standing, instrument, policy);
      const holding = known(
        standing.picture.holdings.find((each) => each.instrument.id === instrument),
        'Holding',
        id,
      );
      if (holder)
        held.push({ ...holder, member, leverage: effectiveLeverageOf(standing, holding), size: holding.position.size });
    },
    answer() {
      const asked = new Set(accounts);
      const ranked = sortByRank(held).map(
        ({ account, member, score, leverage, size, profit, cap }, i): DeleveragingPlace => ({
          ...{ account, member, score, leverage, size, profit, cap },
          rank: i + 1,
        }),
      );
      return {
        ...{ seq: view.seq, at: view.now, policyVersion: policy.version, holders: ranked.length },
        list: ranked.slice(offset, offset + first),
        places: ranked.filter(({ account }) => asked.has(account)),
      };
    },
  };
}
