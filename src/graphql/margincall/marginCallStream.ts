/** Everything that happens to margin calls, as it happens: the holder's line to the house.  Rules: B1-2, X-7 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Entry } from '../../core/message/envelope';
import type { Event } from '../../core/message/event';
import { actedBy, type CallEvent, MARGIN_CALL_EVENTS } from '../../core/message/margincall';
import type { AccountId } from '../../core/model/account';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { seesAccount } from '../access/sight';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { Amount, Flag, MayTake, Of, OPTIONAL, Text, When, Whole } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { MarginCallEventType } from './marginCall';

@Reached()
@ObjectType({
  description:
    'An event of a margin call. The type decides which fields are set. Amounts are in the ' +
    'currency of the account.',
  implements: StreamMessage,
})
export class MarginCallMessage extends StreamMessage {
  @Of(() => MarginCallEventType, 'What happened. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('MarginCall', 'The call.', OPTIONAL)
  callId!: string | null;

  @Ref('Account', 'The account that is called.', OPTIONAL)
  accountId!: string | null;

  @Whole('The revision, if the call was issued or amended.', OPTIONAL)
  revision!: number | null;

  @Amount(
    'The amount. For a call that was issued or amended: the amount called. For a payment: the ' +
      'amount paid. For a final notice: the amount still to pay.',
    OPTIONAL,
  )
  amount!: string | null;

  @Amount('For a payment: the total paid since the call was issued.', OPTIONAL)
  paid!: string | null;

  @Amount('Equity at that time, signed.', OPTIONAL)
  equity!: string | null;

  @Amount(
    'The initial margin that open orders added, if the call was issued or amended. Cancelling ' +
      'all of them would have reduced the amount called by as much. Null if they added none.',
    OPTIONAL,
  )
  ordersInitial!: string | null;

  @Amount(
    'The maintenance margin that open orders added, if the call was issued or amended. Null if they added none.',
    OPTIONAL,
  )
  ordersMaintenance!: string | null;

  @When('The deadline, if it was set or named.', OPTIONAL)
  deadline!: number | null;

  @Text('What cured the call, or why its window was cut.', OPTIONAL)
  cause!: string | null;

  @Text('The key of the person who acted. Null if no person did.', OPTIONAL)
  by!: string | null;

  @Text('The reason for an act of an officer, or for a dispute.', OPTIONAL)
  reason!: string | null;

  @Flag('For a ruling: whether the clock stops.', OPTIONAL)
  clockStopped!: boolean | null;
}

interface Item {
  readonly type: string | null;
  readonly callId: string;
  readonly accountId: AccountId;
}

const isCallEvent = (event: Event): event is CallEvent => event.type in MARGIN_CALL_EVENTS;

function itemOf(event: CallEvent, { actor }: Entry, { services }: Context): Item {
  const notice =
    event.type === 'MarginCallIssued' ? event.issued : event.type === 'MarginCallAmended' ? event.amended : undefined;
  const accountId = 'account' in event ? event.account : (notice?.account ?? '');
  const callId = 'call' in event ? event.call : (notice?.id ?? '');
  const currency = services.directory.account(accountId)?.currency ?? '';
  const facts: Readonly<Record<string, unknown>> = { ...event, ...notice };
  const money = (field: string): string | null => {
    const value = facts[field];
    return typeof value === 'bigint' ? services.amounts.cash(value as never, currency) : null;
  };
  const other = <T>(field: string): T | null => (facts[field] ?? null) as T | null;
  const shown = {
    revision: other<number>('revision'),
    amount: money('amount'),
    paid: money('paid'),
    equity: money('equity'),
    ordersInitial: notice?.orders ? services.amounts.cash(notice.orders.initial, currency) : null,
    ordersMaintenance: notice?.orders ? services.amounts.cash(notice.orders.maintenance, currency) : null,
    deadline: other<number>('deadline'),
    cause: other<string>('cause'),
    by: actedBy(event, actor),
    reason: other<string>('reason'),
    clockStopped: event.type === 'MarginCallDisputeRuled' ? event.clockStopped : null,
  };
  return { type: event.type, callId, accountId, ...shown };
}

const accountOf = (event: CallEvent): AccountId =>
  event.type === 'MarginCallIssued'
    ? event.issued.account
    : event.type === 'MarginCallAmended'
      ? event.amended.account
      : event.account;

function streamCalls(
  context: Context,
  args: StreamArgs & { account: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { sight, services } = context;
  const { account } = args;
  const wanted = (id: AccountId): boolean =>
    (account === null || id === account) && seesAccount(sight, services.directory, id);
  return openStream<Item>(context, args, {
    name: 'marginCalls',
    filter: { account },
    pick: (event, entry) =>
      isCallEvent(event) && wanted(accountOf(event)) ? () => itemOf(event, entry, context) : undefined,
    async state({ db }) {
      const open = await db.marginCall.findMany({
        where: { status: 'OPEN', ...(account === null ? {} : { accountId: account }) },
        orderBy: [{ deadline: 'asc' }, { id: 'asc' }],
        select: { id: true, accountId: true },
      });
      return open
        .filter((call) => wanted(call.accountId))
        .map(({ id, accountId }) => ({ type: null, callId: id, accountId }));
    },
  });
}

@Resolver(() => MarginCallMessage)
export class MarginCallStream {
  @Access(...ACCOUNT_READERS)
  @Subscription(() => MarginCallMessage, {
    subscribe: ({ args, context }) => streamCalls(context, args),
    description: 'The events of margin calls of accounts that the caller may see, in order.',
  })
  marginCalls(
    @MayTake('account', () => ID, 'Only events of this account.') _account: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: MarginCallMessage,
  ): MarginCallMessage {
    return message;
  }
}
