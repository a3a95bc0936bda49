/** Margin accounts: what is fixed about them, and where they stand on the ladder. A broker sees those of its member. */

import { Ctx, FieldResolver, ObjectType, Resolver } from 'type-graphql';
import type { AccountKind as Kind, AccountStatus as Status } from '../../core/model/account';
import { MARGIN_MODE } from '../../core/model/account';
import type { Account as AccountRow } from '../../store/generated/client';
import { ACCOUNT_READERS, Reached } from '../access/policy';
import { accountsInSight, seesAccount } from '../access/sight';
import type { Amounts } from '../reading/amounts';
import { AsOf, asOf } from '../reading/asOf';
import { rowById } from '../reading/byId';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { byId, byOneOf, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { DateTime } from '../scalar/time';
import { enumOf, shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, SeqNo, Share, When, Whole } from '../schema/fields';

export const AccountKind = enumOf<Kind>('AccountKind', 'The kind of an account.', {
  CLIENT: 'A client of a member.',
  HOUSE: "A member's own account.",
  CLOSE_OUT: 'An account of the clearinghouse, for what it took over from liquidated accounts.',
});

export const MarginMode = shownAs(MARGIN_MODE);

export const AccountStatus = enumOf<Status>('AccountStatus', 'The status of an account.', {
  HEALTHY: 'Above every level.',
  WARNING: 'Below a warning level. The holder is told, and nothing else happens.',
  CALL: 'Called. Until the call is met nothing may leave and no risk may be added.',
  LIQUIDATING: 'Its positions are being closed.',
  RESTORED: 'A liquidation has reached its target. The status changes again at once.',
  BANKRUPT: 'A liquidation left less than nothing. The status changes again at once.',
  CLOSED: 'Closed after a bankruptcy. A deposit reinstates it.',
});

@Reached()
@ObjectType({ description: 'A margin account.', implements: Node })
export class Account {
  @Id('The account.')
  id!: string;

  @Ref('Member', 'The member of the account.')
  memberId!: string;

  @Id('The beneficial owner. All accounts of one person have the same, and their positions add up for margin tiers.')
  owner!: string;

  @Of(() => AccountKind, 'The kind of an account.')
  kind!: string;

  @Id('The currency of its margin and settlement.')
  currency!: string;

  @Id('The margin policy of the account.')
  policyId!: string;

  @Of(() => MarginMode, 'How far its collateral reaches.')
  mode!: string;

  @Ref('Instrument', 'For an isolated account: its one instrument.', OPTIONAL)
  instrumentId!: string | null;

  @Share('The highest leverage that its holder wants. Null means what the tiers allow.', OPTIONAL)
  leverage!: string | null;

  @Of(() => AccountStatus, 'The status of the account.')
  status!: string;

  @Whole('Number of warning levels that were notified and not withdrawn.')
  warned!: number;

  @Flag('Whether an officer waived its call and it has not recovered since.')
  waived!: boolean;

  @Of(() => [DateTime], 'When it was last liquidated, if that still raises the penalty.')
  liquidatedAt!: number[];

  @Amount(
    'What it paid of socialized losses in the present loss period, less what others bore for it, in the currency ' +
      'of the account.',
  )
  levied!: string;

  @When('When it was opened.')
  openedAt!: Date;

  @SeqNo('The journal entry that opened it.')
  openedSeq!: bigint;
}

export const accountOf = (row: AccountRow, amounts: Amounts): Account => ({
  ...row,
  liquidatedAt: row.liquidations.map(Number),
  levied: amounts.money(row.levied, row.currency),
});

/**
 * An account as far as the caller may know of it. The row is read either way, so that the time it takes tells nothing.
 */
export async function readAccount(context: Context, id: string): Promise<Account | null> {
  const reading = await context.read();
  const row = await rowById(reading, 'Account', id, (ids) =>
    reading.db.account.findMany({ where: { id: { in: ids } } }),
  );
  const { directory, amounts } = context.services;
  return row && seesAccount(context.sight, directory, id) ? accountOf(row, amounts) : null;
}

resolversOf(
  one({
    name: 'account',
    key: ({ id }) => id,
    description: 'An account. Null if it does not exist or the caller may not see it.',
    of: Account,
    id: 'The account.',
    access: ACCOUNT_READERS,
    read: readAccount,
  }),
  list({
    name: 'accounts',
    description: 'Accounts by id. Only those that the caller may see.',
    of: connectionOf('Account', Account, 'accounts'),
    access: ACCOUNT_READERS,
    table: 'Account',
    order: BY_ID,
    filters: {
      status: byOneOf(AccountStatus, 'Only calls with one of these statuses.'),
      member: byId('Only accounts of this member.', 'memberId'),
      owner: byId('Only accounts of this beneficial owner.'),
    },
    sight: ({ sight }) => accountsInSight(sight),
    node: (row, { services }) => accountOf(row, services.amounts),
  }),
);

@Resolver(() => Account)
export class AccountFields {
  @FieldResolver(() => AsOf, { description: 'The journal entry it is as of.' })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }
}
