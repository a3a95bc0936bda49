/** Position-size margin tiers, every version of them.  Rules: MT-1, MT-2, MT-4 */

import { ObjectType } from 'type-graphql';
import type { TierSchedule as ScheduleRow, MarginTier as TierRow } from '../../store/generated/client';
import { formatShortest } from '../../units/decimal';
import { divUp } from '../../units/rounding';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { type Amounts, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import { byId, list, resolversOf } from '../reading/list';
import { versionsBy } from '../reading/page';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Share, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'One bracket of a tier schedule: margin = notional x rate - deduction.' })
export class MarginTier {
  @Whole('1 for the lowest bracket.')
  ordinal!: number;

  @Amount('From this notional, in the settlement currency.')
  floor!: string;

  @Amount('Up to this notional, in the settlement currency; null in the last bracket where there is no limit.', OPTIONAL)
  cap!: string | null;

  @Share('Initial margin as a share of notional.')
  initialRate!: string;

  @Share('Maintenance margin as a share of notional.')
  maintenanceRate!: string;

  @Rate(
    'Taken off initial margin so that the table is continuous, in the settlement currency; exact, or rounded up at its 12th digit past the smallest unit.',
  )
  initialDeduction!: string;

  @Rate(
    'Taken off maintenance margin so that the table is continuous, in the settlement currency; exact, or rounded up at its 12th digit past the smallest unit.',
  )
  maintenanceDeduction!: string;

  @Rate('Highest leverage the bracket allows: one over its initial rate.')
  maximumLeverage!: string;
}

@Reached()
@ObjectType({ description: "A version of an instrument's margin tiers. Every version is kept." })
export class TierSchedule {
  @Id('The instrument.')
  instrumentId!: string;

  @Whole('1, 2, 3 in the order they were set.')
  version!: number;

  @When('From when it holds.')
  effectiveAt!: Date;

  @Flag('Whether it is the one in force.')
  active!: boolean;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Id('Currency of its amounts: the settlement currency of the instrument.')
  currency!: string;

  @Of(() => [MarginTier], 'Its brackets, the lowest first.')
  tiers!: MarginTier[];
}

export type ScheduleWithTiers = ScheduleRow & { readonly tiers: readonly TierRow[] };

export function tierScheduleOf(row: ScheduleWithTiers, amounts: Amounts, directory: Directory): TierSchedule {
  const currency = directory.instrument(row.instrumentId).settlement;
  const scale = directory.scaleOf(currency) + 12;
  const deduction = (times: { toFixed(): string }): string =>
    formatShortest(divUp(BigInt(times.toFixed()) * 10n ** 12n, BigInt(row.denominator.toFixed())), scale);
  const tiers = row.tiers.map((tier) => ({
    ordinal: tier.ordinal,
    floor: amounts.money(tier.floor, currency),
    cap: tier.cap && amounts.money(tier.cap, currency),
    initialRate: tier.initialRate,
    maintenanceRate: tier.maintenanceRate,
    initialDeduction: deduction(tier.initialDeduction),
    maintenanceDeduction: deduction(tier.maintenanceDeduction),
    maximumLeverage: shortest(tier.maximumLeverage),
  }));
  return { ...row, currency, tiers };
}

export const TIERS_INCLUDE = { tiers: { orderBy: { ordinal: 'asc' } } } as const;

export const TierScheduleQueries = resolversOf(
  list({
    name: 'tierSchedules',
    description: 'Tier schedules, every version, by instrument.',
    of: connectionOf('TierSchedule', TierSchedule, 'tier schedules'),
    access: ROLES,
    table: 'TierSchedule',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Of this instrument only.', 'instrumentId') },
    include: TIERS_INCLUDE,
    node: (row: ScheduleWithTiers, { services }) => tierScheduleOf(row, services.amounts, services.directory),
  }),
);
