/** Defaults of members: that there is one is for everybody to see; what it holds and what became of it for staff and the member.  Rules: LCS-2, B3-1, NE-5 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { DefaultLineKind as Kind } from '../../../core/model/memberDefault';
import type { MemberDefaultBook as BookRow, MemberDefault as DefaultRow } from '../../../store/generated/client';
import { Reached, ROLES } from '../../access/policy';
import { seesMember } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { byOneOf, list, listField, one, resolversOf } from '../../reading/list';
import { ascending, descending } from '../../reading/page';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, SeqNo, Text, When, Whole } from '../../schema/fields';

export const MemberDefaultStatus = enumOf<'OPEN' | 'TERMINATED' | 'REINSTATED'>('MemberDefaultStatus', 'How a default stands.', {
  OPEN: 'It is being managed.',
  TERMINATED: 'Closed; the member has left.',
  REINSTATED: 'Closed; the member goes on.',
});

export const DefaultPhase = enumOf<'PORTING' | 'CLOSING' | 'SETTLED'>('DefaultPhase', 'How far a default is.', {
  PORTING: 'Clients may still move to another member.',
  CLOSING: 'Clients who did not move are closed out.',
  SETTLED: 'Every currency has its result.',
});

export const DefaultLineKind = enumOf<Kind>('DefaultLineKind', 'What moved money in the ledger of a default.', {
  SEIZED: 'Collateral of the defaulter.',
  PORTFOLIO: 'Gain or loss of its positions up to the mark at which they were taken.',
  VARIATION: 'Variation margin and funding of positions while the default held them.',
  HEDGE: 'Realised by hedging trades.',
  CLOSING: 'Realised by closing trades at a venue.',
  AUCTION: 'Paid and received for lots.',
  CONVERSION: 'Collateral of other currencies turned into cash.',
  COST: 'Cost of managing the default.',
  LAYER: 'Borne by a layer of the waterfall.',
  RETURNED: 'What was left, back to the defaulter.',
  REVERSAL: 'A booking that was reversed.',
  OTHER: 'Anything else.',
});

@Reached()
@ObjectType({ description: 'The default of a member. What is inside is null for whoever is neither staff nor of the member.' })
export class MemberDefault {
  @Id('The default.')
  id!: string;

  @Id('The member.')
  memberId!: string;

  @Of(() => MemberDefaultStatus, 'How it stands.')
  status!: string;

  @Of(() => DefaultPhase, 'How far it is.')
  phase!: string;

  @Text('Why it was declared; null where the caller may not see it.', OPTIONAL)
  reason!: string | null;

  @When('When it was declared.')
  declaredAt!: Date;

  @SeqNo('Journal entry that declared it.')
  declaredSeq!: bigint;

  @When('Until when clients may move before they are closed out.')
  portingUntil!: Date;

  @When('When clients who had not moved began to be closed out.', OPTIONAL)
  closingAt!: Date | null;

  @When('When every currency had its result.', OPTIONAL)
  settledAt!: Date | null;

  @When('When it was closed.', OPTIONAL)
  closedAt!: Date | null;

  @Text('Why it was closed so; null where the caller may not see it.', OPTIONAL)
  closedReason!: string | null;
}

@Reached()
@ObjectType({ description: 'What one account of the defaulter brought into the net amount, in the currency of the book.' })
export class NettedAccount {
  @Id('The account.')
  account!: string;

  @Amount('Its cash, signed.')
  collateral!: string;

  @Amount('Gain or loss of its positions up to the mark.')
  result!: string;
}

@Reached()
@ObjectType({ description: 'What was left of all positions in an instrument when long and short of the defaulter met.' })
export class NettedPosition {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts, long above zero.')
  size!: string;

  @Amount('Mark at which they were taken, in the quote currency.')
  mark!: string;

  @Amount('Size at the mark, signed, in the currency of the book.')
  value!: string;
}

@Reached()
@ObjectType({ description: 'Contracts of one instrument in a lot.' })
export class DefaultLotPosition {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts as the default holds them, long above zero.')
  size!: string;
}

@Reached()
@ObjectType({ description: 'A part of the portfolio of a default that is offered as one.' })
export class DefaultLot {
  @Whole('Its number, from 1.')
  ordinal!: number;

  @Rate('Share of the whole; null where its positions were listed.', OPTIONAL)
  share!: string | null;

  @Of(() => [DefaultLotPosition], 'What is in it.')
  positions!: DefaultLotPosition[];
}

@Reached()
@ObjectType({ description: 'Sum of the lines of one kind.' })
export class DefaultSum {
  @Of(() => DefaultLineKind, 'What moved it.')
  kind!: string;

  @Id('Currency of the amount.')
  currency!: string;

  @Amount('Received above zero, paid below.')
  amount!: string;
}

@Reached()
@ObjectType({ description: 'A movement of money in the ledger of a default.' })
export class DefaultLine {
  @SeqNo('Journal entry.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Of(() => DefaultLineKind, 'What moved it.')
  kind!: string;

  @Id('Currency of the amount.')
  currency!: string;

  @Amount('Received above zero, paid below.')
  amount!: string;

  @Text('The order, case, instrument or reason it is about.', OPTIONAL)
  about!: string | null;
}

@Reached()
@ObjectType({
  description:
    'One currency of a default. Once settled: result + seized + borne = returned, and the lines of its ledger sum to zero. Amounts are in that currency.',
})
export class MemberDefaultBook {
  @Id('The default.')
  defaultId!: string;

  @Id('The currency.')
  currency!: string;

  @Id('Close-out account of the default: what it holds now is there.')
  accountId!: string;

  @Id("The defaulter's own account, to which a surplus returns.")
  ownId!: string;

  @Whole('Version of the default policy.')
  policyVersion!: number;

  @Amount('What all obligations came to when they were netted: above zero the member had something left.')
  netted!: string;

  @Of(() => [NettedAccount], 'What each account of the member brought in.', { complexity: 2 })
  accounts!: NettedAccount[];

  @Of(() => [NettedPosition], 'What was left of each instrument.', { complexity: 2 })
  positions!: NettedPosition[];

  @Of(() => [DefaultLot], 'Lots the portfolio was last split into.', { complexity: 2 })
  lots!: DefaultLot[];

  @Amount('Gain or loss of portfolio, hedges, auctions and costs, when settled: below zero the gross loss.', OPTIONAL)
  result!: string | null;

  @Amount('Margin of the defaulter, with what its other collateral was turned into, when settled.', OPTIONAL)
  seized!: string | null;

  @Amount('Borne by layers of the waterfall beyond it, when settled.', OPTIONAL)
  borne!: string | null;

  @Amount('Returned to the defaulter, when settled.', OPTIONAL)
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

export const MemberDefaultQueries = resolversOf(
  one({
    name: 'memberDefault',
    description: 'A default of a member; null where there is none by this id.',
    of: MemberDefault,
    id: 'The default.',
    access: ROLES,
    read: readMemberDefault,
  }),
  list({
    name: 'memberDefaults',
    description: 'Defaults of members, the newest first. That there is one is no secret.',
    of: connectionOf('MemberDefault', MemberDefault, 'defaults of members'),
    access: ROLES,
    table: 'MemberDefault',
    order: descending({ declaredSeq: 'bigint', id: 'text' }),
    filters: { status: byOneOf(MemberDefaultStatus, 'In one of these statuses only.') },
    node: defaultOf,
  }),
);

@Resolver(() => MemberDefault)
export class MemberDefaultFields {
  @FieldResolver(() => [MemberDefaultBook], {
    nullable: true,
    complexity: 5,
    description: 'What was taken and what became of it, by currency; null where the caller may not see it.',
  })
  async books(@Root() { id, memberId }: MemberDefault, @Ctx() context: Context): Promise<MemberDefaultBook[] | null> {
    if (!seesMember(context.sight, memberId)) return null;
    const rows = await (await context.read()).db.memberDefaultBook.findMany({ where: { defaultId: id }, orderBy: { currency: 'asc' } });
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
    description: 'The ledger summed by kind: together what the close-out account holds, zero once it is settled.',
  })
  async sums(@Root() { defaultId, currency: book }: MemberDefaultBook, @Ctx() context: Context): Promise<DefaultSum[]> {
    const groups = await (await context.read()).db.memberDefaultLine.groupBy({
      by: ['kind', 'currency'],
      where: { defaultId, book },
      _sum: { amount: true },
      orderBy: [{ currency: 'asc' }, { kind: 'asc' }],
    });
    const { money } = context.services.amounts;
    return groups.flatMap(({ kind, currency, _sum: { amount } }) => (amount ? [{ kind, currency, amount: money(amount, currency) }] : []));
  }
}
