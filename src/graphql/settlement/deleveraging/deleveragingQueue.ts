/**
 * In which order holders would be deleveraged: the whole queue for officers, its place for every holder.  Rule: SL-5
 */

import { Ctx, FieldResolver, ID, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { DeleveragingPlace, DeleveragingQueue as Queue } from '../../../core/risk/question';
import type { House } from '../../../sequencer/house';
import { approximate, formatRatio } from '../../../units/ratio';
import { Access, Reached, STAFF } from '../../access/policy';
import { badInput } from '../../error/problem';
import { Position } from '../../position/position';
import { batched } from '../../reading/batch';
import type { Context, Services } from '../../reading/context';
import { Ref } from '../../reading/link';
import { LARGEST_PAGE } from '../../reading/page';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, Rate, SeqNo, Share, Takes, When, Whole } from '../../schema/fields';

export const PositionSide = enumOf<'LONG' | 'SHORT'>('PositionSide', 'A side of the open interest.', {
  LONG: 'Holders that are long.',
  SHORT: 'Holders that are short.',
});

const DIGITS = 12;
const QUANTILES = 5;

@Reached()
@ObjectType({ description: 'A holder and its rank in the deleveraging queue. Amounts are in the settlement currency.' })
export class DeleveragingQueuePlace {
  @Id('The holder.')
  account!: string;

  @Ref('Member', 'The member of the account.')
  memberId!: string;

  @Whole('The rank: 1 is deleveraged first.')
  rank!: number;

  @Share('The score, by the formula of the policy.')
  score!: string;

  @Rate('Effective leverage: the mark value over the equity behind the position, to 12 digits.')
  leverage!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;

  @Amount('The profit by the basis of the policy, signed.')
  profit!: string;

  @Amount('The most that it could be asked to give up now.')
  bound!: string;
}

@Reached()
@ObjectType({ description: 'The order in which holders on one side would be deleveraged, from one rank on.' })
export class DeleveragingQueue {
  @SeqNo('The journal entry of the engine that it is as of.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Whole('The version of the deleveraging policy. 0 is the standard policy.')
  policyVersion!: number;

  @Whole('Number of holders on the side.')
  holders!: number;

  @Of(() => [DeleveragingQueuePlace], 'The holders asked for, by rank.')
  places!: DeleveragingQueuePlace[];
}

@Reached()
@ObjectType({
  description:
    "A position's rank in the deleveraging queue of its side. Amounts are in the settlement " +
    'currency of the instrument.',
})
export class DeleveragingRank {
  @SeqNo('The journal entry of the engine that it is as of. It may be later than that of the rest of the answer.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Whole('The rank: 1 is deleveraged first.')
  rank!: number;

  @Whole('Number of holders on its side.')
  of!: number;

  @Whole('The fifth of the side that it is in: 1 is deleveraged first, 5 last.')
  quantile!: number;

  @Share('The score, by the formula of the policy.')
  score!: string;

  @Rate('Effective leverage: the mark value over the equity behind the position, to 12 digits.')
  leverage!: string;
}

function shownPlace(
  place: DeleveragingPlace,
  instrument: string,
  { amounts, directory }: Services,
): DeleveragingQueuePlace {
  const { settlement } = directory.instrument(instrument);
  return {
    account: place.account,
    memberId: place.member,
    rank: place.rank,
    score: formatRatio(place.score),
    leverage: approximate(place.leverage.numerator, place.leverage.denominator, DIGITS),
    size: amounts.lots(place.size, instrument),
    profit: amounts.cash(place.profit, settlement),
    bound: amounts.cash(place.cap, settlement),
  };
}

const rankOf = ({ seq, at, holders }: Queue, { rank, score, leverage }: DeleveragingPlace): DeleveragingRank => ({
  ...{ seq, at, rank, of: holders, score: formatRatio(score) },
  quantile: Math.ceil((QUANTILES * rank) / holders),
  leverage: approximate(leverage.numerator, leverage.denominator, DIGITS),
});

@Resolver()
export class DeleveragingQueueQueries {
  @Access(...STAFF)
  @Query(() => DeleveragingQueue, {
    nullable: true,
    complexity: 200,
    description:
      'The order in which holders of an instrument would be deleveraged, as of one entry. Null if ' +
      'the instrument does not exist or has no price yet.',
  })
  async deleveragingQueue(
    @Takes('instrument', () => ID, 'The instrument.') instrument: string,
    @Takes('side', () => PositionSide, 'The side.') side: 'LONG' | 'SHORT',
    @Takes('first', () => Int, 'How many ranks to list, 1 to 100.') first: number,
    @Takes('offset', () => Int, 'How many ranks to skip. 0 starts at the head of the queue.') offset: number,
    @Ctx() { services }: Context,
  ): Promise<DeleveragingQueue | null> {
    if (first < 1 || first > LARGEST_PAGE) throw badInput(`A page has 1 to ${LARGEST_PAGE} items.`);
    if (offset < 0) throw badInput('`offset` is zero or more.');
    if (!services.directory.hasInstrument(instrument)) return null;
    const queue = await services.house.risk({
      type: 'DELEVERAGING',
      instrument,
      long: side === 'LONG',
      accounts: [],
      offset,
      first,
    });
    const { seq, at, policyVersion, holders, list } = queue;
    return { seq, at, policyVersion, holders, places: list.map((place) => shownPlace(place, instrument, services)) };
  }
}

type Asked = (account: string) => Promise<DeleveragingRank | null>;

/** What is asked at the same time about one side of an instrument is one question to the house. */
const askers = new WeakMap<House, Map<string, Asked>>();

function askerOf(house: House, instrument: string, long: boolean): Asked {
  const known = askers.get(house) ?? new Map<string, Asked>();
  askers.set(house, known);
  const key = `${long} ${instrument}`;
  const asked =
    known.get(key) ?? batched<string, DeleveragingRank | null>((ids) => ranksOf(house, instrument, long, ids));
  known.set(key, asked);
  return asked;
}

async function ranksOf(
  house: House,
  instrument: string,
  long: boolean,
  ids: readonly string[],
): Promise<(DeleveragingRank | null)[]> {
  const queue = await house.risk({
    type: 'DELEVERAGING',
    instrument,
    long,
    accounts: [...new Set(ids)],
    offset: 0,
    first: 0,
  });
  const places = new Map(queue.places.map((place) => [place.account, rankOf(queue, place)]));
  return ids.map((id) => places.get(id) ?? null);
}

@Resolver(() => Position)
export class PositionDeleveragingField {
  @FieldResolver(() => DeleveragingRank, {
    nullable: true,
    complexity: 50,
    description:
      'Its rank in the deleveraging queue of its side, by the policy in force. Null if nothing is ' +
      'held or the account has nothing left.',
  })
  deleveraging(
    @Root() { accountId, instrumentId, size }: Position,
    @Ctx() { services }: Context,
  ): Promise<DeleveragingRank | null> | null {
    if (/^-?0(\.0+)?$/.test(size)) return null;
    return askerOf(services.house, instrumentId, !size.startsWith('-'))(accountId);
  }
}
