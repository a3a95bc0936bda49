/** Coverage over time: the default fund and the pools against the stress of the largest members.  Rules: LCS-4, RB-2 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { COVERAGE } from '../../../core/model/waterfall';
import type { FundCoverage as CoverageRow } from '../../../store/generated/client';
import { Access, Reached, ROLES } from '../../access/policy';
import { seesMember } from '../../access/sight';
import { type Connection, connectionOf, PageArgs } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { type KeyColumn, pageOf } from '../../reading/page';
import { Amount, Flag, Id, OPTIONAL, Rate, SeqNo, Takes, When, Whole } from '../../schema/fields';

@Reached()
@ObjectType({ description: "A member's figures under stress. Amounts are in the currency of the coverage." })
export class MemberStress {
  @Id('The member.')
  memberId!: string;

  @Amount('Initial margin of its accounts.')
  initial!: string;

  @Amount('Losses beyond collateral when all prices rise.')
  up!: string;

  @Amount('Losses beyond collateral when all prices fall.')
  down!: string;

  @Amount('What it has to contribute.')
  requirement!: string;

  @Amount('What it had contributed then.')
  contribution!: string;
}

@Reached()
@ObjectType({ description: 'Funds and pools against stress. Amounts are in the currency.' })
export class Coverage {
  @Id('The currency.')
  currency!: string;

  @SeqNo('Journal entry that computed it.')
  seq!: bigint;

  @When('When.')
  at!: Date;

  @Whole('Version of the default fund policy.')
  policyVersion!: number;

  @Amount('Loss of the largest member beyond its collateral.')
  cover1!: string;

  @Amount('Loss of the two largest.')
  cover2!: string;

  @Amount('The default fund.')
  fund!: string;

  @Amount('The insurance fund and its pools.')
  pools!: string;

  @Rate('(fund + pools) / cover1, rounded down; null where nothing would be lost.', OPTIONAL)
  ratio1!: string | null;

  @Rate('(fund + pools) / cover2, rounded down; null where nothing would be lost.', OPTIONAL)
  ratio2!: string | null;

  @Flag("Whether it is below the threshold: part of the house's fees goes to the insurance fund then.")
  short!: boolean;

  /** Not shown: the members of it, as the journal has them. */
  rows!: unknown;
}

export const CoverageConnection = connectionOf('Coverage', Coverage, 'coverages');

function coverageOf(row: CoverageRow, { services }: Context): Coverage {
  const { money } = services.amounts;
  const { currency, seq, at, policyVersion, short, members: rows } = row;
  const funds = row.fund.add(row.pools);
  const ratio = (cover: CoverageRow['cover1']): string | null =>
    cover.isZero() ? null : funds.div(cover).toDecimalPlaces(12, 1).toFixed();
  return {
    ...{ currency, seq, at, policyVersion, short, rows },
    cover1: money(row.cover1, currency),
    cover2: money(row.cover2, currency),
    fund: money(row.fund, currency),
    pools: money(row.pools, currency),
    ratio1: ratio(row.cover1),
    ratio2: ratio(row.cover2),
  };
}

const COVERAGES: readonly KeyColumn[] = [
  { field: 'seq', type: 'bigint', descending: true },
  { field: 'place', type: 'int', descending: true },
];

export async function readCoverage(context: Context, currency: string): Promise<Coverage | null> {
  const { db } = await context.read();
  const row = await db.fundCoverage.findFirst({ where: { currency }, orderBy: [{ seq: 'desc' }, { place: 'desc' }] });
  return row && coverageOf(row, context);
}

@Resolver()
export class CoverageQueries {
  @Access(...ROLES)
  @Query(() => Coverage, { nullable: true, description: 'The last coverage of a currency; null where none was computed.' })
  coverage(@Takes('currency', () => ID, 'The currency.') currency: string, @Ctx() context: Context): Promise<Coverage | null> {
    return readCoverage(context, currency);
  }

  @Access(...ROLES)
  @Query(() => CoverageConnection, { description: 'Coverage of a currency over time, the newest first: its trend.' })
  async coverages(
    @Takes('currency', () => ID, 'The currency.') currency: string,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Coverage>> {
    const reading = await context.read();
    const node = (row: CoverageRow): Coverage => coverageOf(row, context);
    return pageOf(reading, args, { table: reading.db.fundCoverage, order: COVERAGES, where: { currency }, node });
  }
}

export function stressOf({ rows, currency }: Coverage, { services }: Context): MemberStress[] {
  const scale = services.directory.scaleOf(currency);
  return written(COVERAGE.fields.members, rows, scale).map(({ member, ...stress }) => ({ memberId: member, ...stress }));
}

@Resolver(() => Coverage)
export class CoverageFields {
  @FieldResolver(() => [MemberStress], { complexity: 5, description: 'Members by id, as far as the caller may see them.' })
  members(@Root() coverage: Coverage, @Ctx() context: Context): MemberStress[] {
    return stressOf(coverage, context).filter(({ memberId }) => seesMember(context.sight, memberId));
  }
}
