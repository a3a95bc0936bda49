/**
 * Notices of deleveraging as they happen: which position was closed, at which rank, and what its holder gave up.
 * Rules: SL-5, X-7
 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { EventOf } from '../../../core/message/event';
import { formatRatio } from '../../../units/ratio';
import { ACCOUNT_READERS, Access, Reached } from '../../access/policy';
import { seesAccount } from '../../access/sight';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { Amount, MayTake, OPTIONAL, Share, Whole } from '../../schema/fields';
import type { Delivery } from '../../subscription/delivery';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { openStream } from '../../subscription/open';

@Reached()
@ObjectType({
  description:
    'A position that was deleveraged. Amounts are in the settlement currency of its instrument. ' +
    'All fields are null in messages that are not events.',
  implements: StreamMessage,
})
export class DeleveragedPositionMessage extends StreamMessage {
  @Ref('Account', 'The holder.', OPTIONAL)
  accountId!: string | null;

  @Ref('Instrument', 'The instrument.', OPTIONAL)
  instrumentId!: string | null;

  @Ref('Deleveraging', 'The decision.', OPTIONAL)
  deleveragingId!: string | null;

  @Whole('The rank among the holders on its side: 1 is the first.', OPTIONAL)
  rank!: number | null;

  @Whole('Number of holders that were ranked.', OPTIONAL)
  holders!: number | null;

  @Share('The score of its rank.', OPTIONAL)
  score!: string | null;

  @Amount('Contracts that the holder traded, signed: above zero is a buy.', OPTIONAL)
  size!: string | null;

  @Amount('The amount that the holder paid, above zero, or received.', OPTIONAL)
  value!: string | null;

  @Amount('The amount that the holder gave up against the mark.', OPTIONAL)
  forgone!: string | null;
}

type Item = Pick<
  DeleveragedPositionMessage,
  'accountId' | 'instrumentId' | 'deleveragingId' | 'rank' | 'holders' | 'score' | 'size' | 'value' | 'forgone'
>;

function itemOf(event: EventOf<'PositionDeleveraged'>, { services }: Context): Item {
  const { amounts, directory } = services;
  const { settlement } = directory.instrument(event.instrument);
  const { account: accountId, instrument: instrumentId, deleveraging: deleveragingId, rank, holders } = event;
  return {
    ...{ accountId, instrumentId, deleveragingId, rank, holders },
    score: formatRatio(event.score),
    size: amounts.lots(event.size, instrumentId),
    value: amounts.cash(event.value, settlement),
    forgone: amounts.cash(event.forgone, settlement),
  };
}

function streamPositions(
  context: Context,
  args: StreamArgs & { account: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { account } = args;
  const { sight, services } = context;
  return openStream<Item>(context, args, {
    name: 'deleveragedPositions',
    filter: { account },
    pick(event) {
      if (event.type !== 'PositionDeleveraged' || (account !== null && event.account !== account)) return undefined;
      return seesAccount(sight, services.directory, event.account) ? () => itemOf(event, context) : undefined;
    },
    // Notices are things that happened: there is no state of them to begin with.
    state: () => Promise.resolve([]),
  });
}

@Resolver(() => DeleveragedPositionMessage)
export class DeleveragedPositionStream {
  @Access(...ACCOUNT_READERS)
  @Subscription(() => DeleveragedPositionMessage, {
    subscribe: ({ args, context }) => streamPositions(context, args),
    description: 'The deleveraged positions whose holders the caller may see.',
  })
  deleveragedPositions(
    @MayTake('account', () => ID, 'Only events of this account.') _account: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: DeleveragedPositionMessage,
  ): DeleveragedPositionMessage {
    return message;
  }
}
