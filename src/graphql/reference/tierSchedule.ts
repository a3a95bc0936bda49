/** Position-size margin tiers, every version of them.  Rules: MT-1, MT-2, MT-4 */

import { ObjectType } from 'type-graphql';
import { type Written, written } from '../../core/kind/write';
import { RATE_GROWTH_INPUT } from '../../core/message/tierInputs';
import { TIER_VARIANTS, type TierVariants, VALUED_AT, type ValuedAt as Valued } from '../../core/model/tiers';
import type { TierSchedule as ScheduleRow, MarginTier as TierRow } from '../../store/generated/client';
import { formatShortest } from '../../units/decimal';
import { divUp } from '../../units/rounding';
import { Reached, ROLES } from '../access/policy';
import type { Directory } from '../live/directory';
import { TermsType, termsOf } from '../mutation/terms';
import { type Amounts, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import { Ref } from '../reading/link';
import { byId, list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { versionsBy } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Share, When, Whole } from '../schema/fields';

const ValuedAt = shownAs(VALUED_AT);

@Reached()
@ObjectType({ description: 'One bracket of a tier schedule: margin = notional x rate - deduction.' })
export class MarginTier {
  @Whole('The bracket: 1 is the lowest.')
  ordinal!: number;

  @Amount('The lower end of the bracket, in the settlement currency.')
  floor!: string;

  @Amount(
    'The upper end of the bracket, in the settlement currency. Null in the last bracket if there is no limit.',
    OPTIONAL,
  )
  cap!: string | null;

  @Share('Initial margin as a share of notional.')
  initialRate!: string;

  @Share('Maintenance margin as a share of notional.')
  maintenanceRate!: string;

  @Rate(
    'The deduction from initial margin that makes the table continuous, in the settlement ' +
      'currency. Exact, or rounded up at the 12th digit past the smallest unit.',
  )
  initialDeduction!: string;

  @Rate(
    'The deduction from maintenance margin that makes the table continuous, in the settlement ' +
      'currency. Exact, or rounded up at the 12th digit past the smallest unit.',
  )
  maintenanceDeduction!: string;

  @Rate('The highest leverage that the bracket allows: one over its initial rate.')
  maximumLeverage!: string;
}

@TermsType('Rates that grow with the size the owner holds.')
export class RateGrowth extends termsOf(RATE_GROWTH_INPUT.fields) {}

@Reached()
@ObjectType({ description: 'Rates of what is short.' })
export class ShortRates {
  @Share('Initial margin as a share of notional.')
  initialRate!: string;

  @Share('Maintenance margin as a share of notional.')
  maintenanceRate!: string;
}

@Reached()
@ObjectType({ description: "A version of an instrument's margin tiers. Every version is kept.", implements: Node })
export class TierSchedule {
  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @Whole('The version: 1, 2, 3 in the order they were set.')
  version!: number;

  @When('When it comes into force.')
  effectiveAt!: Date;

  @Flag('Whether this version is in force.')
  active!: boolean;

  @SeqNo('Journal entry that set it.')
  setSeq!: bigint;

  @Id('Currency of its amounts: the settlement currency of the instrument.')
  currency!: string;

  @Of(() => [MarginTier], 'The brackets, the lowest first.')
  tiers!: MarginTier[];

  @Amount(
    'The least initial margin of a contract, in the settlement currency, whatever its price. Zero where none was ' +
      'stated.',
  )
  initialPerContract!: string;

  @Amount(
    'The least maintenance margin of a contract, in the settlement currency, whatever its price. Zero where none ' +
      'was stated.',
  )
  maintenancePerContract!: string;

  @Of(() => RateGrowth, 'How rates grow with size. Null if they do not.', OPTIONAL)
  growth!: RateGrowth | null;

  @Of(() => ShortRates, 'The rates of what is short. Null if they are those of what is long.', OPTIONAL)
  short!: ShortRates | null;

  @Of(() => ValuedAt, 'The price at which initial margin is taken.')
  initialAt!: Valued;

  @Of(() => ValuedAt, 'The price at which maintenance margin is taken.')
  maintenanceAt!: Valued;
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
  const [initialPerContract, maintenancePerContract] = [
    amounts.money(row.initialPerContract, currency),
    amounts.money(row.maintenancePerContract, currency),
  ];
  // Earlier versions are silent about these, and so are those that are their table alone.
  const { growth, short, initialAt, maintenanceAt }: Written<TierVariants> =
    row.variants === null ? {} : written(TIER_VARIANTS, row.variants, scale);
  return {
    ...{ ...row, currency, tiers, initialPerContract, maintenancePerContract },
    growth: growth ? { ...growth, step: growth.step ?? null } : null,
    short: short ?? null,
    initialAt: initialAt ?? 'MARK',
    maintenanceAt: maintenanceAt ?? 'MARK',
  };
}

export const TIERS_INCLUDE = { tiers: { orderBy: { ordinal: 'asc' } } } as const;

resolversOf(
  list({
    name: 'tierSchedules',
    key: { instrumentId: ({ instrumentId }) => instrumentId, version: ({ version }) => version },
    description: 'Every version of the tier schedules, by instrument.',
    of: connectionOf('TierSchedule', TierSchedule, 'tier schedules'),
    access: ROLES,
    table: 'TierSchedule',
    order: versionsBy('instrumentId'),
    filters: { instrument: byId('Only runs of this instrument.', 'instrumentId') },
    include: TIERS_INCLUDE,
    node: (row: ScheduleWithTiers, { services }) => tierScheduleOf(row, services.amounts, services.directory),
  }),
);
