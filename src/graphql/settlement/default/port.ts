/**
 * Offers of clients of a defaulter: seen by staff, by the member they leave and by the one that is to take them.  Rule:
 * LCS-2
 */

import { Ctx, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { ACCOUNT_READERS, Reached } from '../../access/policy';
import type { Sight } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byId, byOneOf, list, one, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { descending } from '../../reading/page';
import { equals, inSight } from '../../reading/scoped';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Text, When } from '../../schema/fields';

export const PortOfferStatus = enumOf<'OPEN' | 'ACCEPTED' | 'DECLINED' | 'EXPIRED' | 'CANCELLED'>(
  'PortOfferStatus',
  'The status of an offer of clients.',
  {
    OPEN: 'It waits for the member that it was made to.',
    ACCEPTED: 'The clients have moved.',
    DECLINED: 'The member declined the clients.',
    EXPIRED: 'The time for an answer has passed.',
    CANCELLED: 'It was withdrawn.',
  },
);

@Reached()
@ObjectType({ description: 'Contracts of an account that is offered.' })
export class OfferedPosition {
  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;
}

@Reached()
@ObjectType({ description: 'The collateral of an account that is offered.' })
export class OfferedBalance {
  @Id('The currency.')
  currency!: string;

  @Amount('The balance, signed.')
  amount!: string;
}

@Reached()
@ObjectType({ description: 'An account that is offered, as the other member sees it before it decides.' })
export class OfferedAccount {
  @Id('The account.')
  id!: string;

  @Text('Its status: HEALTHY, WARNING, CALL, LIQUIDATING or CLOSED.')
  status!: string;

  @Id('The margin policy of the account.')
  policyId!: string;

  @Of(() => [OfferedBalance], 'Its collateral.')
  balances!: OfferedBalance[];

  @Of(() => [OfferedPosition], 'Its positions.')
  positions!: OfferedPosition[];
}

@Reached()
@ObjectType({
  description: 'Clients of a member in default that are offered to another member. They move whole.',
  implements: Node,
})
export class PortOffer {
  @Id('The offer.')
  id!: string;

  @Ref('MemberDefault', 'The default.', { link: 'memberDefault' })
  defaultId!: string;

  @Id('The member in default.')
  fromMember!: string;

  @Id('The member that is asked to take them.')
  toMember!: string;

  @Of(() => [ID], 'The accounts, by id.')
  accounts!: string[];

  @Of(() => PortOfferStatus, 'The status.')
  status!: string;

  @When('When it was made.')
  offeredAt!: Date;

  @When('When it expires.')
  expiresAt!: Date;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;

  @Text('Why it was declined.', OPTIONAL)
  reason!: string | null;
}

const offersInSight = (sight: Sight): object => {
  if (sight.accounts === 'ALL') return {};
  return sight.accounts === 'MEMBER'
    ? { OR: [{ fromMember: sight.member }, { toMember: sight.member }] }
    : { id: { in: [] } };
};

export async function readPort(context: Context, id: string): Promise<PortOffer | null> {
  return (await context.read()).db.portOffer.findFirst({ where: { AND: [{ id }, offersInSight(context.sight)] } });
}

resolversOf(
  one({
    name: 'portOffer',
    key: ({ id }) => id,
    description: 'An offer of clients. Null if it does not exist or the caller may not see it.',
    of: PortOffer,
    id: 'The offer.',
    access: ACCOUNT_READERS,
    read: readPort,
  }),
  list({
    name: 'portOffers',
    description: 'The offers of clients to or from the member of the caller, the newest first.',
    of: connectionOf('PortOffer', PortOffer, 'offers of clients'),
    access: ACCOUNT_READERS,
    table: 'PortOffer',
    order: descending({ offeredAt: 'date', id: 'text' }),
    filters: {
      default: byId('Only offers of this default.', 'defaultId'),
      status: byOneOf(PortOfferStatus, 'Only calls with one of these statuses.'),
    },
    scope: ({ sight }) =>
      sight.accounts === 'MEMBER'
        ? [equals('fromMember', sight.member), equals('toMember', sight.member)]
        : [inSight(sight, 'id')],
    node: (row): PortOffer => row,
  }),
);

@Resolver(() => PortOffer)
export class PortFields {
  @FieldResolver(() => [OfferedAccount], {
    nullable: true,
    complexity: 20,
    description:
      'What the accounts hold, for the first hundred by id, so that the member can decide. Null ' +
      'once the offer has ended.',
  })
  async holdings(@Root() { accounts, status }: PortOffer, @Ctx() context: Context): Promise<OfferedAccount[] | null> {
    if (status !== 'OPEN') return null;
    const { money, size } = context.services.amounts;
    const rows = await (await context.read()).db.account.findMany({
      where: { id: { in: accounts.slice(0, MOST_SHOWN) } },
      orderBy: { id: 'asc' },
      include: { balances: { orderBy: { currency: 'asc' } }, positions: { orderBy: { instrumentId: 'asc' } } },
    });
    return rows.map(({ id, status: standing, policyId, balances, positions }) => ({
      ...{ id, status: standing, policyId },
      balances: balances.map(({ currency, amount }) => ({ currency, amount: money(amount, currency) })),
      positions: positions.map(({ instrumentId, size: lots }) => ({ instrumentId, size: size(lots, instrumentId) })),
    }));
  }
}

const MOST_SHOWN = 100;
