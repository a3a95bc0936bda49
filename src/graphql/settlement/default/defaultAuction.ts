/** Rounds in which the lots of a default are offered: what is offered and how it ended is for everybody, bids for nobody.  Rule: CA-2 */

import { Ctx, FieldResolver, ID, ObjectType, Resolver, Root } from 'type-graphql';
import { Reached } from '../../access/policy';
import { shownAccount } from '../../position/trade';
import type { Context } from '../../reading/context';
import { enumOf } from '../../schema/enums';
import { Amount, Id, Of, OPTIONAL, Rate, When, Whole } from '../../schema/fields';
import { DefaultLot, MemberDefault } from './memberDefault';

export const DefaultAuctionStatus = enumOf<'OPEN' | 'SOLD' | 'FAILED'>('DefaultAuctionStatus', 'How a round of bids stands.', {
  OPEN: 'Bids are taken.',
  SOLD: 'Every lot was sold.',
  FAILED: 'A lot or more was not sold.',
});

@Reached()
@ObjectType({ description: 'A lot that was sold. Amounts are in the currency of the default that was auctioned.' })
export class LotAward {
  @Whole('Number of the lot.')
  ordinal!: number;

  @Id('Who took it; null where the caller may not see the account.', OPTIONAL)
  account!: string | null;

  @Amount('Paid beside the mark; below zero: received.')
  amount!: string;
}

@Reached()
@ObjectType({ description: 'A round in which lots of a default are offered by sealed bids. Bids are not shown, not even to staff.' })
export class DefaultAuction {
  @Id('The round.')
  id!: string;

  @Id('Currency of the bids.')
  currency!: string;

  @Whole('1, or 2 after a first one that failed.')
  round!: number;

  @Of(() => [ID], 'Members that may bid; empty where everybody may.')
  invited!: string[];

  @Whole('Members that have to bid for the round to count.')
  minimumBidders!: number;

  @Rate('Share of the notional that the house pays at most.')
  reserve!: string;

  @Of(() => [DefaultLot], 'What is offered.')
  lots!: DefaultLot[];

  @Of(() => DefaultAuctionStatus, 'How it stands.')
  status!: string;

  @Of(() => [LotAward], 'What was sold.')
  awards!: LotAward[];

  @Of(() => [ID], 'Members that were asked and did not bid: they bear a loss before the others.')
  juniors!: string[];

  @When('When it was opened.')
  startedAt!: Date;

  @When('When bids have to be there.')
  endsAt!: Date;

  @When('When it ended.', OPTIONAL)
  endedAt!: Date | null;
}

@Resolver(() => MemberDefault)
export class DefaultAuctionFields {
  @FieldResolver(() => [DefaultAuction], {
    complexity: 5,
    description: 'Rounds in which its lots were or are offered, by time: for everybody.',
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
      awards: (awards as unknown as LotAward[]).map((award) => ({ ...award, account: shownAccount(context, award.account ?? '') })),
    }));
  }
}
