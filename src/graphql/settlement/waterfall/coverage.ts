/** Coverage over time: the default fund and the pools against the stress of the largest members.  Rules: LCS-4, RB-2 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { written } from '../../../core/kind/write';
import { COVERAGE } from '../../../core/model/waterfall';
import type { FundCoverage as CoverageRow } from '../../../store/generated/client';
import { Reached, ROLES } from '../../access/policy';
import { seesMember } from '../../access/sight';
import { connectionOf } from '../../reading/connection';
import type { Context } from '../../reading/context';
import { Ref } from '../../reading/link';
import { byId, list, one, resolversOf } from '../../reading/list';
import { NEWEST_FIRST } from '../../reading/page';
import { Amount, Flag, Id, OPTIONAL, Rate, SeqNo, When, Whole } from '../../schema/fields';

@Reached()
@ObjectType({ description: "A member's figures under stress. Amounts are in the currency of the coverage." })
export class MemberStress {
  @Ref('Member', 'The member.')
  memberId!: string;

  @Amount('Initial margin of its accounts.')
  initial!: string;

  @Amount('Losses beyond collateral if all prices rise.')
  up!: string;

  @Amount('Losses beyond collateral if all prices fall.')
  down!: string;

  @Amount('The contribution that is required.')
  requirement!: string;

  @Amount('The contribution at that time.')
  contribution!: string;
}

@Reached()
@ObjectType({ description: 'The funds and pools against stress. Amounts are in the currency.' })
export class Coverage {
  @Id('The currency.')
  currency!: string;

  @SeqNo('Journal entry that computed it.')
  seq!: bigint;

  @When('House time at which it happened.')
  at!: Date;

  @Whole('The version of the default fund policy.')
  policyVersion!: number;

  @Amount('Cover-1: the loss of the largest member beyond its collateral.')
  cover1!: string;

  @Amount('Cover-2: the loss of the two largest members beyond their collateral.')
  cover2!: string;

  @Amount('The default fund.')
  fund!: string;

  @Amount('The insurance fund and its pools.')
  pools!: string;

  @Rate('(fund + pools) / cover1, rounded down. Null if nothing would be lost.', OPTIONAL)
  ratio1!: string | null;

  @Rate('(fund + pools) / cover2, rounded down. Null if nothing would be lost.', OPTIONAL)
  ratio2!: string | null;

  @Flag("Whether coverage is below the threshold. Then a part of the house's fees goes to the insurance fund.")
  short!: boolean;

  /** Not shown: the members of it, as the journal has them. */
  rows!: unknown;
}

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

export async function readCoverage(context: Context, currency: string): Promise<Coverage | null> {
  const { db } = await context.read();
  const row = await db.fundCoverage.findFirst({ where: { currency }, orderBy: [{ seq: 'desc' }, { place: 'desc' }] });
  return row && coverageOf(row, context);
}

resolversOf(
  one({
    name: 'coverage',
    description: 'The last coverage of a currency. Null if none was computed.',
    of: Coverage,
    argument: 'currency',
    id: 'The currency.',
    access: ROLES,
    read: readCoverage,
  }),
  list({
    name: 'coverages',
    description: 'The coverage of a currency over time, the newest first.',
    of: connectionOf('Coverage', Coverage, 'coverages'),
    access: ROLES,
    table: 'FundCoverage',
    order: NEWEST_FIRST,
    filters: { currency: { ...byId('The currency.'), required: true } },
    node: coverageOf,
  }),
);

export function stressOf({ rows, currency }: Coverage, { services }: Context): MemberStress[] {
  const scale = services.directory.scaleOf(currency);
  return written(COVERAGE.fields.members, rows, scale).map(({ member, ...stress }) => ({
    memberId: member,
    ...stress,
  }));
}

@Resolver(() => Coverage)
export class CoverageFields {
  @FieldResolver(() => [MemberStress], {
    complexity: 5,
    description: 'Members by id. Only those that the caller may see.',
  })
  members(@Root() coverage: Coverage, @Ctx() context: Context): MemberStress[] {
    return stressOf(coverage, context).filter(({ memberId }) => seesMember(context.sight, memberId));
  }
}
