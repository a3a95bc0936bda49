/** How accounts move on the ladder, warnings included.  Rules: LE-1, AH-4 */

import { Args, ID, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { Event, EventOf } from '../../core/message/event';
import { ACCOUNT_STATUS_EVENTS } from '../../core/message/margincall';
import type { AccountId } from '../../core/model/account';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { accountsInSight, seesAccount } from '../access/sight';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { eventEnumOf } from '../schema/enums';
import { Amount, MayTake, Of, OPTIONAL, Text, Whole } from '../schema/fields';
import type { Delivery } from '../subscription/delivery';
import { StreamArgs, StreamMessage } from '../subscription/message';
import { openStream } from '../subscription/open';
import { AccountStatus } from './account';

type ChangeType = keyof typeof ACCOUNT_STATUS_EVENTS;

export const AccountChangeType = eventEnumOf(
  'AccountChangeType',
  'A kind of change of an account.',
  Object.keys(ACCOUNT_STATUS_EVENTS) as ChangeType[],
);

@Reached()
@ObjectType({
  description:
    'A change of an account. The type decides which fields are set. Amounts are in the currency of the account.',
  implements: StreamMessage,
})
export class AccountStatusMessage extends StreamMessage {
  @Of(() => AccountChangeType, 'What changed. Null in messages that are not events.', OPTIONAL)
  type!: string | null;

  @Ref('Account', 'The account.', OPTIONAL)
  accountId!: string | null;

  @Of(() => AccountStatus, 'The status before.', OPTIONAL)
  from!: string | null;

  @Of(() => AccountStatus, 'The status after. In a STATE message: the present status.', OPTIONAL)
  to!: string | null;

  @Text('Why the status changed.', OPTIONAL)
  cause!: string | null;

  @Whole('The level of the warning, 1 is the earliest.', OPTIONAL)
  rung!: number | null;

  @Amount('The warning level: equity below it warns, rounded up.', OPTIONAL)
  level!: string | null;

  @Amount('Equity at that time, rounded down.', OPTIONAL)
  equity!: string | null;

  @Amount('Initial margin at that time, rounded up.', OPTIONAL)
  initial!: string | null;

  @Amount('Maintenance margin at that time, rounded up.', OPTIONAL)
  maintenance!: string | null;

  @Amount(
    'For a warning: the initial margin that open orders add. Cancelling all of them would free ' +
      'it. Null if they add none.',
    OPTIONAL,
  )
  ordersInitial!: string | null;

  @Amount('For a warning: the maintenance margin that open orders add. Null if they add none.', OPTIONAL)
  ordersMaintenance!: string | null;
}

interface Item {
  readonly type: ChangeType | null;
  readonly accountId: AccountId;
  readonly to?: string;
}

type Change = EventOf<ChangeType>;

const isChange = (event: Event): event is Change => event.type in ACCOUNT_STATUS_EVENTS;

function itemOf(event: Change, { services }: Context): Item {
  const currencyOf = (account: AccountId): string => services.directory.account(account)?.currency ?? '';
  const { cash } = services.amounts;
  switch (event.type) {
    case 'AccountStatusChanged': {
      const { type, account: accountId, from, to, cause, equity, initial, maintenance } = event;
      const currency = currencyOf(accountId);
      const amounts = {
        equity: cash(equity, currency),
        initial: cash(initial, currency),
        maintenance: cash(maintenance, currency),
      };
      return { type, accountId, ...{ from, to, cause }, ...amounts } as Item;
    }
    case 'MarginWarningIssued': {
      const { type, account: accountId, currency, rung, level, equity, orders } = event;
      const part = orders
        ? { ordersInitial: cash(orders.initial, currency), ordersMaintenance: cash(orders.maintenance, currency) }
        : {};
      return {
        type,
        accountId,
        ...{ rung, level: cash(level, currency), equity: cash(equity, currency) },
        ...part,
      } as Item;
    }
    case 'MarginWarningWithdrawn':
      return { type: event.type, accountId: event.account, ...{ rung: event.rung } } as Item;
  }
}

function streamStatus(
  context: Context,
  args: StreamArgs & { account: string | null },
): Promise<AsyncIterable<Delivery>> {
  const { sight, services } = context;
  const { account } = args;
  const wanted = (id: AccountId): boolean =>
    (account === null || id === account) && seesAccount(sight, services.directory, id);
  return openStream<Item>(context, args, {
    name: 'accountStatus',
    filter: { account },
    pick: (event) => (isChange(event) && wanted(event.account) ? () => itemOf(event, context) : undefined),
    async state({ db }) {
      const own = {
        AND: [accountsInSight(sight), account === null ? { status: { not: 'HEALTHY' } } : { id: account }],
      };
      const rows = await db.account.findMany({
        where: own,
        orderBy: { id: 'asc' },
        select: { id: true, status: true },
      });
      return rows.map(({ id, status }) => ({ type: null, accountId: id, to: status }));
    },
  });
}

@Resolver(() => AccountStatusMessage)
export class AccountStatusStream {
  @Access(...ACCOUNT_READERS)
  @Subscription(() => AccountStatusMessage, {
    subscribe: ({ args, context }) => streamStatus(context, args),
    description:
      'Changes of accounts that the caller may see. The first snapshot leaves healthy accounts ' +
      'out, unless one is named.',
  })
  accountStatus(
    @MayTake('account', () => ID, 'Only events of this account.') _account: string | null,
    @Args(() => StreamArgs) _args: StreamArgs,
    @Root() message: AccountStatusMessage,
  ): AccountStatusMessage {
    return message;
  }
}
