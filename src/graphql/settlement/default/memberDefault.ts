/**
 * Defaults of members: that there is one is for everybody to see; what it holds and what became of it for staff and the
 * member.  Rules: LCS-2, B3-1, NE-5
 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { DefaultLineKind as Kind } from '../../../core/model/memberDefault';
import type { MemberDefaultBook as BookRow, MemberDefault as DefaultRow } from '../../../store/generated/client';
import { Reached, ROLES } from '../../access/policy';
import { seesMember } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byOneOf, list, listField, one, resolversOf } from '../../reading/list';
import { Node } from '../../reading/node';
import { ascending, descending } from '../../reading/page';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../../schema/fields';

export const MemberDefaultStatus = enumOf<'OPEN' | 'TERMINATED' | 'REINSTATED'>(
  'MemberDefaultStatus',
  'The status of a default.',
  {
    OPEN: 'It is being managed.',
    TERMINATED: 'It is closed, and the member has left.',
    REINSTATED: 'It is closed, and the member goes on.',
  },
);

export const DefaultPhase = enumOf<'PORTING' | 'CLOSING' | 'SETTLED'>('DefaultPhase', 'The phase of a default.', {
  PORTING: 'Clients may still move to another member.',
  CLOSING: 'Clients who did not move are closed out.',
  SETTLED: 'Every currency is settled.',
});

export const DefaultLineKind = enumOf<Kind>('DefaultLineKind', 'What moved money in the ledger of a default.', {
  SEIZED: 'The collateral of the defaulter.',
  PORTFOLIO: 'The gain or loss of its positions up to the mark at which they were taken.',
  VARIATION: 'Variation margin and funding of positions while the default held them.',
  HEDGE: 'The gain or loss of hedging trades.',
  CLOSING: 'The gain or loss of closing trades at a venue.',
  AUCTION: 'Payments for lots, in both directions.',
  CONVERSION: 'Collateral of other currencies that was converted to cash.',
  COST: 'A cost of managing the default.',
  LAYER: 'A loss that a layer of the waterfall bore.',
  RETURNED: 'The surplus that was returned to the defaulter.',
  REVERSAL: 'A booking that was reversed.',
  OTHER: 'Anything else.',
});

@Reached()
@ObjectType({
  description: 'The default of a member. Callers who are neither staff nor of the member see null in its details.',
  implements: Node,
})
export class MemberDefault {
  @Id('The default.')
  id!: string;

  @Ref('Member', 'The member.')
  memberId!: string;

  @Of(() => MemberDefaultStatus, 'The status.')
  status!: string;

  @Of(() => DefaultPhase, 'The phase.')
  phase!: string;

  @Text('Why it was declared. Null if the caller may not see it.', OPTIONAL)
  reason!: string | null;

  @When('When it was declared.')
  declaredAt!: Date;

  @SeqNo('Journal entry that declared it.')
  declaredSeq!: bigint;

  @When('The deadline for clients to move. After it they are closed out.')
  portingUntil!: Date;

  @When('When clients who had not moved began to be closed out.', OPTIONAL)
  closingAt!: Date | null;

  @When('When every currency was settled.', OPTIONAL)
  settledAt!: Date | null;

  @When('When it was closed.', OPTIONAL)
  closedAt!: Date | null;

  @Text('Why it was closed in this way. Null if the caller may not see it.', OPTIONAL)
  closedReason!: string | null;
}

@Reached()
@ObjectType({ description: 'What one account of the defaulter added to the net amount, in the currency of the book.' })
export class NettedAccount {
  @Id('The account.')
  account!: string;

  @Amount('Its cash, signed.')
  collateral!: string;

  @Amount('The gain or loss of its positions up to the mark.')
  result!: string;
}

@Reached()
@ObjectType({ description: 'The net position of the defaulter in an instrument.' })
export class NettedPosition {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;

  @Amount('The mark at which it was taken, in the quote currency.')
  mark!: string;

  @Amount('The size at the mark, signed, in the currency of the book.')
  value!: string;
}

@Reached()
@ObjectType({ description: 'Contracts of one instrument in a lot.' })
export class DefaultLotPosition {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts as the default holds them, signed: above zero is long.')
  size!: string;
}

@Reached()
@ObjectType({ description: 'A part of the portfolio of a default that is offered as one.' })
export class DefaultLot {
  @Whole('The number of the lot, from 1.')
  ordinal!: number;

  @Rate('The share of the whole. Null if its positions were listed.', OPTIONAL)
  share!: string | null;

  @Of(() => [DefaultLotPosition], 'The positions in it.')
  positions!: DefaultLotPosition[];
}

@Reached()
@ObjectType({ description: 'The sum of the lines of one kind.' })
export class DefaultSum {
  @Of(() => DefaultLineKind, 'The kind of the lines.')
  kind!: string;

  @Id('Currency of the amount.')
  currency!: string;

  @Amount('The amount: above zero was received, below zero was paid.')
  amount!: string;
}

@Reached()
@ObjectType({ description: 'A movement of money in the ledger of a default.' })
export class DefaultLine {
  @SeqNo('Journal entry.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Of(() => DefaultLineKind, 'The kind of the lines.')
  kind!: string;

  @Id('Currency of the amount.')
  currency!: string;

  @Amount('The amount: above zero was received, below zero was paid.')
  amount!: string;

  @Text('The order, case, instrument or reason that it is about.', OPTIONAL)
  about!: string | null;
}

@Reached()
@ObjectType({
  description:
    'One currency of a default. Once it is settled, result + seized + borne = returned, and the ' +
    'lines of its ledger sum to zero. Amounts are in that currency.',
})
export class MemberDefaultBook {
  @Ref('MemberDefault', 'The default.', { link: 'memberDefault' })
  defaultId!: string;

  @Id('The currency.')
  currency!: string;

  @Ref('Account', 'The close-out account of the default. It holds what the default holds now.')
  accountId!: string;

  @Ref('Account', "The defaulter's own account, to which a surplus is returned.")
  ownId!: string;

  @Whole('The version of the default policy.')
  policyVersion!: number;

  @Amount('The net of all obligations. Above zero the member had something left.')
  netted!: string;

  @Of(() => [NettedAccount], 'What each account of the member added.', { complexity: 2 })
  accounts!: NettedAccount[];

  @Of(() => [NettedPosition], 'The net position in each instrument.', { complexity: 2 })
  positions!: NettedPosition[];

  @Of(() => [DefaultLot], 'The lots into which the portfolio was last split.', { complexity: 2 })
  lots!: DefaultLot[];

  @Amount(
    'The gain or loss of portfolio, hedges, auctions and costs, once settled. Below zero it is the gross loss.',
    OPTIONAL,
  )
  result!: string | null;

  @Amount('The margin of the defaulter, with what its other collateral was converted to, once settled.', OPTIONAL)
  seized!: string | null;

  @Amount('The amount that layers of the waterfall bore beyond it, once settled.', OPTIONAL)
  borne!: string | null;

  @Amount('The amount returned to the defaulter, once settled.', OPTIONAL)
  returned!: string | null;

  @SeqNo('Journal entry that settled it.', OPTIONAL)
  settledSeq!: bigint | null;
}

function defaultOf({ terms: _, ...row }: DefaultRow, context: Context): MemberDefault {
  const inside = seesMember(context.sight, row.memberId);
  return { ...row, reason: inside ? row.reason : null, closedReason: inside ? row.closedReason : null };
}

export async function readMemberDefault(context: Context, id: string): Promise<MemberDefault | null> {
  const row = await (await context.read()).db.memberDefault.findUnique({ where: { id } });
  return row && defaultOf(row, context);
}

function bookOf(row: BookRow, { services }: Context): MemberDefaultBook {
  const { currency } = row;
  const money = (amount: BookRow['result']): string | null => amount && services.amounts.money(amount, currency);
  return {
    ...row,
    netted: services.amounts.money(row.netted, currency),
    accounts: row.accounts as unknown as NettedAccount[],
    positions: row.positions as unknown as NettedPosition[],
    lots: row.lots as unknown as DefaultLot[],
    result: money(row.result),
    seized: money(row.seized),
    borne: money(row.borne),
    returned: money(row.returned),
  };
}

resolversOf(
  one({
    name: 'memberDefault',
    key: ({ id }) => id,
    description: 'A default of a member. Null if it does not exist.',
    of: MemberDefault,
    id: 'The default.',
    access: ROLES,
    read: readMemberDefault,
  }),
  list({
    name: 'memberDefaults',
    description: 'Defaults of members, the newest first. Everybody may know that there is one.',
    of: connectionOf('MemberDefault', MemberDefault, 'defaults of members'),
    access: ROLES,
    table: 'MemberDefault',
    order: descending({ declaredSeq: 'bigint', id: 'text' }),
    filters: { status: byOneOf(MemberDefaultStatus, 'Only calls with one of these statuses.') },
    node: defaultOf,
  }),
);

@Resolver(() => MemberDefault)
export class MemberDefaultFields {
  @FieldResolver(() => [MemberDefaultBook], {
    nullable: true,
    complexity: 5,
    description: 'The assets taken and their fate, by currency. Null if the caller may not see it.',
  })
  async books(@Root() { id, memberId }: MemberDefault, @Ctx() context: Context): Promise<MemberDefaultBook[] | null> {
    if (!seesMember(context.sight, memberId)) return null;
    const rows = await (await context.read()).db.memberDefaultBook.findMany({
      where: { defaultId: id },
      orderBy: { currency: 'asc' },
    });
    return rows.map((row) => bookOf(row, context));
  }
}

@Resolver(() => MemberDefaultBook)
@listField({
  name: 'lines',
  description: 'Every movement of money, in order.',
  of: connectionOf('DefaultLine', DefaultLine, 'lines'),
  table: 'MemberDefaultLine',
  order: ascending({ seq: 'bigint', place: 'int', ordinal: 'int' }),
  within: ({ defaultId, currency }: MemberDefaultBook) => ({ defaultId, book: currency }),
  node: (row, { services }): DefaultLine => ({ ...row, amount: services.amounts.money(row.amount, row.currency) }),
})
export class MemberDefaultBookFields {
  @FieldResolver(() => [DefaultSum], {
    complexity: 5,
    description:
      'The ledger, summed by kind. The sums add up to what the close-out account holds, which is ' +
      'zero once it is settled.',
  })
  async sums(@Root() { defaultId, currency: book }: MemberDefaultBook, @Ctx() context: Context): Promise<DefaultSum[]> {
    const groups = await (await context.read()).db.memberDefaultLine.groupBy({
      by: ['kind', 'currency'],
      where: { defaultId, book },
      _sum: { amount: true },
      orderBy: [{ currency: 'asc' }, { kind: 'asc' }],
    });
    const { money } = context.services.amounts;
    return groups.flatMap(({ kind, currency, _sum: { amount } }) =>
      amount ? [{ kind, currency, amount: money(amount, currency) }] : [],
    );
  }
}
