/** Notices to accounts that share in a loss: by what, how much, and the claim that runs from then on.  Rule: SL-4 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import { accountBehind } from '../../../core/ledger/transfers';
import type { Event } from '../../../core/message/event';
import type { LedgerName } from '../../../core/message/ledger';
import type { LossCase, LossClaim } from '../../../core/model/waterfall';
import { ACCOUNT_READERS, Access, Reached } from '../../access/policy';
import { seesAccount } from '../../access/sight';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { Amount, Id, MayTake, Of, OPTIONAL } from '../../schema/fields';
import type { Delivery } from '../../subscription/delivery';
import { StreamArgs, StreamMessage } from '../../subscription/message';
import { openStream } from '../../subscription/open';
import { LossCaseLayerKind } from './lossCase';
import { ClaimBase } from './lossClaim';

@Reached()
@ObjectType({ description: 'The payment of one account for a loss. Amounts are in the currency.' })
export class LossNotice {
  @Ref('LossCase', 'The case.')
  caseId!: string;

  @Ref('Account', 'The account that paid.')
  accountId!: string;

  @Of(() => LossCaseLayerKind, 'The layer in which it paid.')
  layer!: string;

  @Of(
    () => ClaimBase,
    'The base by which the loss was shared: share = loss x base / sum of bases, capped and exact. Ties go by id.',
  )
  base!: string;

  @Id('The currency.')
  currency!: string;

  @Amount('The base of the account.')
  weight!: string;

  @Amount('The most that it could be asked to pay.')
  cap!: string;

  @Amount('Its share: the amount that it paid.')
  amount!: string;

  @Amount('The claim that runs from now on.')
  outstanding!: string;
}

@Reached()
@ObjectType({
  description: 'The payments for losses by one event, of accounts that the caller may see.',
  implements: StreamMessage,
})
export class LossNoticeMessage extends StreamMessage {
  @Of(() => [LossNotice], 'The notices. Null in messages that are not events.', OPTIONAL)
  notices!: LossNotice[] | null;
}

interface Item {
  readonly notices: readonly LossNotice[];
}

const casesOf = (event: Event): readonly LossCase[] =>
  event.type === 'LossAllocated' ? event.cases : event.type === 'AssessmentsClosed' ? [event.case] : [];

function noticeOf({ id, currency }: LossCase, accountId: string, claim: LossClaim, { services }: Context): LossNotice {
  const { cash } = services.amounts;
  const { layer, base, weight, cap, amount } = claim;
  return {
    ...{ caseId: id, accountId, layer, base, currency },
    weight: cash(weight, currency),
    cap: cash(cap, currency),
    amount: cash(amount, currency),
    outstanding: cash(amount, currency),
  };
}

function streamNotices(
  context: Context,
  args: StreamArgs & { account: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { sight, services } = context;
  const { account } = args;
  const wanted = (id: string | undefined): id is string =>
    id !== undefined && (account === null || id === account) && seesAccount(sight, services.directory, id);
  return openStream<Item>(context, args, {
    name: 'lossNotices',
    filter: { account },
    pick(event) {
      // A case that closes tells again only of those who paid then.
      const settled =
        event.type === 'AssessmentsClosed' ? new Set(event.transfers.map(({ from }) => from as string)) : undefined;
      const found = casesOf(event).flatMap((one) =>
        one.claims
          .filter(({ claimant }) => wanted(accountBehind(claimant as LedgerName)) && (settled?.has(claimant) ?? true))
          .map((claim) => [one, claim] as const),
      );
      if (found.length === 0) return undefined;
      return () => ({
        notices: found.map(([one, claim]) =>
          noticeOf(one, accountBehind(claim.claimant as LedgerName) ?? '', claim, context),
        ),
      });
    },
    state: async () => [],
  });
}

@Resolver(() => LossNoticeMessage)
export class LossNoticeStream {
  @Access(...ACCOUNT_READERS)
  @Subscription(() => LossNoticeMessage, {
    subscribe: ({ args, context }) => streamNotices(context, args),
    description: 'The payments for losses of accounts that the caller may see, as they happen.',
  })
  lossNotices(
    @MayTake('account', () => ID, 'Only events of this account.') _account: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: LossNoticeMessage,
  ): LossNoticeMessage {
    return message;
  }
}
