/**
 * Rounds in which the lots of a default are offered: what is offered and how it ended is for everybody, bids for
 * nobody.  Rule: CA-2
 */

import { Ctx, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import type { Context } from '../../reading/context';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, When, Whole } from '../../schema/fields';
import { DefaultLot, MemberDefault } from './memberDefault';

export const DefaultAuctionStatus = enumOf<'OPEN' | 'SOLD' | 'FAILED'>(
  'DefaultAuctionStatus',
  'The status of a round of bids.',
  {
    OPEN: 'It takes bids.',
    SOLD: 'Every lot was sold.',
    FAILED: 'At least one lot was not sold.',
  },
);

@Reached()
@ObjectType({ description: 'A lot that was sold. Amounts are in the currency of the default that was auctioned.' })
export class LotAward {
  @Whole('Number of the lot.')
  ordinal!: number;

  @Id('The account that took it. Null if the caller may not see it.', OPTIONAL)
  account!: string | null;

  @Amount('The amount paid beside the mark. Below zero it was received.')
  amount!: string;
}

@Reached()
@ObjectType({
  description: 'A round in which lots of a default are offered by sealed bids. Nobody sees the bids, not even staff.',
})
export class DefaultAuction {
  @Id('The round.')
  id!: string;

  @Id('Currency of the bids.')
  currency!: string;

  @Whole('The number of the round: 1, or 2 after a first round that failed.')
  round!: number;

  @Of(() => [ID], 'The members that may bid. Empty if everybody may.')
  invited!: string[];

  @Whole('The number of members that have to bid for the round to count.')
  minimumBidders!: number;

  @Rate('The highest share of the notional that the house pays.')
  reserve!: string;

  @Of(() => [DefaultLot], 'The lots that are offered.')
  lots!: DefaultLot[];

  @Of(() => DefaultAuctionStatus, 'The status.')
  status!: string;

  @Of(() => [LotAward], 'The lots that were sold.')
  awards!: LotAward[];

  @Of(() => [ID], 'The members that were asked and did not bid. They bear a loss before the others.')
  juniors!: string[];

  @When('When it was opened.')
  startedAt!: Date;

  @When('The deadline for bids.')
  endsAt!: Date;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;
}

@Resolver(() => MemberDefault)
export class DefaultAuctionFields {
  @FieldResolver(() => [DefaultAuction], {
    complexity: 5,
    description: 'The rounds in which its lots were or are offered, by time. Everybody may see them.',
  })
  async auctions(@Root() { id }: MemberDefault, @Ctx() context: Context): Promise<DefaultAuction[]> {
    const rows = await (await context.read()).db.defaultAuction.findMany({
      where: { defaultId: id },
      orderBy: [{ startedAt: 'asc' }, { round: 'asc' }],
    });
    return rows.map(({ reserve, lots, awards, ...row }) => ({
      ...row,
      reserve: reserve.toFixed(),
      lots: lots as unknown as DefaultLot[],
      awards: (awards as unknown as LotAward[]).map((award) => ({
        ...award,
        account: shownAccount(context, award.account ?? ''),
      })),
    }));
  }
}
