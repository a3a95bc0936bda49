/** Margin accounts: what is fixed about them, and where they stand on the ladder. A broker sees those of its member. */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
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
import { byId, byOneOf, list, one, resolversOf } from '../reading/list';
import { BY_ID } from '../reading/page';
import { DateTime } from '../scalar/time';
import { enumOf, shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, SeqNo, Share, When, Whole } from '../schema/fields';
import { Instrument, readInstrument } from './instrument';
import { Member, readMember } from './member';

export const AccountKind = enumOf<Kind>('AccountKind', 'Whose account it is.', {
  CLIENT: 'A client of a member.',
  HOUSE: 'A member itself.',
  CLOSE_OUT: 'The clearinghouse: what it took over from liquidated accounts.',
});

export const MarginMode = shownAs(MARGIN_MODE);

export const AccountStatus = enumOf<Status>('AccountStatus', 'Where an account stands on the ladder.', {
  HEALTHY: 'Above every level.',
  WARNING: 'Below a warning level: told so, nothing else.',
  CALL: 'Called: nothing may leave and no risk be added until the call is met.',
  LIQUIDATING: 'Its positions are being closed.',
  RESTORED: 'A liquidation has reached its target; passed through at once.',
  BANKRUPT: 'A liquidation left less than nothing; passed through at once.',
  CLOSED: 'Closed after a bankruptcy; a deposit reinstates it.',
});

@Reached()
@ObjectType({ description: 'A margin account.' })
export class Account {
  @Id('The account.')
  id!: string;

  @Id('Member it belongs to.')
  memberId!: string;

  @Id('Its beneficial owner: the same for all accounts of one person, whose positions add up for margin tiers.')
  owner!: string;

  @Of(() => AccountKind, 'Whose account it is.')
  kind!: string;

  @Id('Currency it is margined and settled in.')
  currency!: string;

  @Id('Margin policy it is under.')
  policyId!: string;

  @Of(() => MarginMode, 'How far its collateral answers.')
  mode!: string;

  @Id('The one instrument of an isolated account.', OPTIONAL)
  instrumentId!: string | null;

  @Share('The most leverage its holder wants; null: what the tiers allow.', OPTIONAL)
  leverage!: string | null;

  @Of(() => AccountStatus, 'Where it stands on the ladder.')
  status!: string;

  @Whole('How many rungs of the warning ladder were notified and not withdrawn.')
  warned!: number;

  @Flag('Whether an officer waived its call and it has not recovered since.')
  waived!: boolean;

  @Of(() => [DateTime], 'When it was liquidated, within the window in which that raises the penalty.')
  liquidatedAt!: number[];

  @Amount('Taken as socialized loss in the present loss period, in the currency of the account.')
  levied!: string;

  @When('When it was opened.')
  openedAt!: Date;

  @SeqNo('Journal entry that opened it.')
  openedSeq!: bigint;
}

export const accountOf = (row: AccountRow, amounts: Amounts): Account => ({
  ...row,
  liquidatedAt: row.liquidations.map(Number),
  levied: amounts.money(row.levied, row.currency),
});

/** An account as far as the caller may know of it. The row is read either way, so that the time it takes tells nothing. */
export async function readAccount(context: Context, id: string): Promise<Account | null> {
  const reading = await context.read();
  const row = await rowById(reading, 'Account', id, (ids) => reading.db.account.findMany({ where: { id: { in: ids } } }));
  const { directory, amounts } = context.services;
  return row && seesAccount(context.sight, directory, id) ? accountOf(row, amounts) : null;
}

export const AccountQueries = resolversOf(
  one({
    name: 'account',
    description: 'An account; null where there is none that the caller may see.',
    of: Account,
    id: 'The account.',
    access: ACCOUNT_READERS,
    read: readAccount,
  }),
  list({
    name: 'accounts',
    description: 'Accounts by id, as far as the caller may see them.',
    of: connectionOf('Account', Account, 'accounts'),
    access: ACCOUNT_READERS,
    table: 'Account',
    order: BY_ID,
    filters: {
      status: byOneOf(AccountStatus, 'In one of these statuses only.'),
      member: byId('Of this member only.', 'memberId'),
      owner: byId('Of this beneficial owner only.'),
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

  @FieldResolver(() => Member, { nullable: true, complexity: 2, description: 'Member it belongs to; null for the clearinghouse itself.' })
  member(@Root() { memberId }: Account, @Ctx() context: Context): Promise<Member | null> {
    return readMember(context, memberId);
  }

  @FieldResolver(() => Instrument, { nullable: true, complexity: 2, description: 'The one instrument of an isolated account.' })
  instrument(@Root() { instrumentId }: Account, @Ctx() context: Context): Promise<Instrument | null> | null {
    return instrumentId === null ? null : readInstrument(context, instrumentId);
  }
}
