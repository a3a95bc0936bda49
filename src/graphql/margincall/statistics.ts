/** How margin calls went: how many a day, how many were met and how fast, what followed on the others.  Rule: MCM-5 */

import { Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { Prisma } from '../../store/generated/client';
import { approximate } from '../../units/ratio';
import { ACCOUNT_READERS, Access, Reached } from '../access/policy';
import { badInput } from '../error/problem';
import type { Numeric } from '../reading/amounts';
import { AsOf, asOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { equals } from '../reading/scoped';
import { DateTime } from '../scalar/time';
import { Amount, Id, MayTake, Of, OPTIONAL, Rate, Span, Takes, Text, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'Margin calls issued on one day.' })
export class MarginCallDay {
  @Text('The day in UTC, such as `2025-10-10`.')
  day!: string;

  @Whole('Number of calls issued on it.')
  issued!: number;
}

@Reached()
@ObjectType({ description: 'Amounts of margin calls in one currency.' })
export class MarginCallAmount {
  @Id('The currency.')
  currency!: string;

  @Amount('The sum of the amounts called, as last amended.')
  called!: string;

  @Amount('The sum paid towards them, at collateral value.')
  paid!: string;
}

@Reached()
@ObjectType({ description: 'Statistics of the margin calls issued within a period.' })
export class MarginCallStatistics {
  @Whole('Number of calls issued.')
  issued!: number;

  @Whole('Number of these that are still open.')
  open!: number;

  @Whole('Number of these that were cured.')
  cured!: number;

  @Whole('Number of these that were followed by liquidation: expired or superseded.')
  liquidated!: number;

  @Whole('Number of these that an officer waived.')
  waived!: number;

  @Rate('Share of ended calls that were cured, to 12 digits. Null if none has ended.', OPTIONAL)
  cureRate!: string | null;

  @Rate('Share of ended calls that were followed by liquidation, to 12 digits. Null if none has ended.', OPTIONAL)
  liquidationRate!: string | null;

  @Span('Mean time from issue to cure in whole milliseconds. Null if none was cured.', OPTIONAL)
  meanTimeToCure!: number | null;

  @Of(() => [MarginCallDay], 'Calls by day, for days that had any.')
  days!: MarginCallDay[];

  @Of(() => [MarginCallAmount], 'Amounts called and paid, by currency.')
  amounts!: MarginCallAmount[];

  @Of(() => AsOf, 'The journal entry it is as of.')
  asOf!: AsOf;
}

const LONGEST_PERIOD = 366 * 86_400_000;

interface StatusCount {
  readonly status: string;
  readonly count: bigint;
  readonly took: Numeric | null; // mean milliseconds from issue to end
}

@Resolver()
export class MarginCallStatisticsQueries {
  @Access(...ACCOUNT_READERS)
  @Query(() => MarginCallStatistics, {
    complexity: 100,
    description:
      'Statistics of the margin calls issued within a period. Only calls that the caller may see are counted.',
  })
  async marginCallStatistics(
    @Takes('from', () => DateTime, 'Only calls issued at this instant or later.') from: number,
    @Takes('to', () => DateTime, 'Only calls issued before this instant, at most 366 days after the start.') to: number,
    @MayTake('member', () => ID, "Only calls of this member's accounts.") member: string | null,
    @Ctx() context: Context,
  ): Promise<MarginCallStatistics> {
    if (to <= from || to - from > LONGEST_PERIOD)
      throw badInput('A period ends after it begins, and spans at most 366 days.');
    const reading = await context.read();
    const { sight, services } = context;
    const own = sight.accounts === 'MEMBER' ? sight.member : null;
    const which = Prisma.sql`"issuedAt" >= ${new Date(from)} AND "issuedAt" < ${new Date(to)} AND ${equals('memberId', member)} AND ${equals('memberId', own)}`;
    const statuses = await reading.db.$queryRaw<StatusCount[]>`
      SELECT "status", count(*) AS "count", avg(extract(epoch FROM "endedAt" - "issuedAt") * 1000) AS "took"
      FROM "MarginCall" WHERE ${which} GROUP BY "status"`;
    const days = await reading.db.$queryRaw<{ day: string; issued: bigint }[]>`
      SELECT to_char("issuedAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "day", count(*) AS "issued"
      FROM "MarginCall" WHERE ${which} GROUP BY 1 ORDER BY 1`;
    const amounts = await reading.db.$queryRaw<{ currency: string; called: Numeric; paid: Numeric }[]>`
      SELECT "currency", sum("amount") AS "called", sum("paid") AS "paid" FROM "MarginCall" WHERE ${which} GROUP BY 1
      ORDER BY 1`;
    return {
      ...summaryOf(statuses),
      days: days.map(({ day, issued }) => ({ day, issued: Number(issued) })),
      amounts: amounts.map(({ currency, called, paid }) => ({
        currency,
        called: services.amounts.money(called, currency),
        paid: services.amounts.money(paid, currency),
      })),
      asOf: asOf(reading),
    };
  }
}

function summaryOf(statuses: readonly StatusCount[]): Omit<MarginCallStatistics, 'days' | 'amounts' | 'asOf'> {
  const count = (...names: readonly string[]): number =>
    statuses.filter(({ status }) => names.includes(status)).reduce((sum, line) => sum + Number(line.count), 0);
  const [open, cured, liquidated, waived] = [
    count('OPEN'),
    count('CURED'),
    count('EXPIRED', 'SUPERSEDED'),
    count('WAIVED'),
  ];
  const ended = cured + liquidated + waived;
  const share = (part: number): string | null => (ended === 0 ? null : approximate(BigInt(part), BigInt(ended), 12));
  const took = statuses.find(({ status }) => status === 'CURED')?.took;
  return {
    ...{ issued: open + ended, open, cured, liquidated, waived },
    cureRate: share(cured),
    liquidationRate: share(liquidated),
    meanTimeToCure: took ? Number(took.toFixed(0)) : null,
  };
}
