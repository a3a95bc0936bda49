/** The house's view of its risk: health, statuses, concentration, and what moves of prices would cost.  Rule: AH-5 */

import { Arg, Ctx, Int, ObjectType, Query, Resolver } from 'type-graphql';
import type { Concentration, CurrencyHealth, HealthBucket } from '../../core/risk/question';
import { approximate, formatRatio } from '../../units/ratio';
import { Access, Reached, STAFF } from '../access/policy';
import { badInput } from '../error/problem';
import { StatusCount } from '../journal/house';
import type { Context, Services } from '../reading/context';
import { Ratio } from '../scalar/ratio';
import { Amount, Id, Of, OPTIONAL, Rate, Share, Whole } from '../schema/fields';
import { AccountTally, LiquidationMap, mapShown, tallyShown } from './liquidationMap';
import { readShocks } from './shocks';

@Reached()
@ObjectType({ description: 'Accounts whose ratio of equity to maintenance margin lies in one range.' })
export class HealthRange {
  @Share('The lower end of the range, included. Null if it has none.', OPTIONAL)
  from!: string | null;

  @Share('The upper end of the range, not included. Null if it has none.', OPTIONAL)
  below!: string | null;

  @Of(() => AccountTally, 'The accounts in the range.')
  tally!: AccountTally;
}

@Reached()
@ObjectType({ description: 'The health of the margin accounts of one currency.' })
export class HealthDistribution {
  @Id('The currency.')
  currency!: string;

  @Of(() => AccountTally, 'All accounts.')
  all!: AccountTally;

  @Of(() => [HealthRange], 'The ranges, the lowest first. Together with `unmargined` they add up to all.')
  ranges!: HealthRange[];

  @Of(() => AccountTally, 'Accounts without a requirement.')
  unmargined!: AccountTally;
}

@Reached()
@ObjectType({ description: 'One of the largest holders of an instrument.' })
export class LargestHolder {
  @Id('The account.')
  account!: string;

  @Amount('Contracts, signed: above zero is long.')
  size!: string;

  @Rate('Its share of its side of the open interest, to 12 digits.')
  share!: string;
}

@Reached()
@ObjectType({
  description:
    "The holders of an instrument. The house's own close-out accounts are included, so both " + 'sides are equal.',
})
export class InstrumentConcentration {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Sum of the contracts held long.')
  long!: string;

  @Amount('Sum of the contracts held short, without sign.')
  short!: string;

  @Amount('The value of one side at the mark, in the settlement currency.')
  notional!: string;

  @Whole('Number of accounts with a position.')
  holders!: number;

  @Of(() => [LargestHolder], 'The largest positions, the largest first.')
  largest!: LargestHolder[];
}

@ObjectType({ description: 'The risk of the house as of one journal entry. Every figure adds up to the accounts.' })
@Reached()
export class HouseRiskView {
  @Of(
    () => LiquidationMap,
    'What moves of all prices would do to the accounts. It names the entry that everything here is as of.',
  )
  map!: LiquidationMap;

  @Of(() => [StatusCount], 'The number of margin accounts in each status.')
  statuses!: StatusCount[];

  @Of(() => [HealthDistribution], 'The health of accounts, by currency.')
  health!: HealthDistribution[];

  @Of(() => [InstrumentConcentration], 'The holders, by instrument.')
  instruments!: InstrumentConcentration[];
}

function healthShown({ currency, all, buckets, unmargined }: CurrencyHealth, services: Services): HealthDistribution {
  const tally = (of: CurrencyHealth['all']): AccountTally => tallyShown(of, currency, services);
  const edge = (of: HealthBucket['from']): string | null => of && formatRatio(of);
  return {
    currency,
    all: tally(all),
    ranges: buckets.map((bucket) => ({ from: edge(bucket.from), below: edge(bucket.below), tally: tally(bucket) })),
    unmargined: tally(unmargined),
  };
}

function concentrationShown(of: Concentration, { amounts, directory }: Services): InstrumentConcentration {
  const { instrument, long, short, holders, notional, largest } = of;
  const { settlement } = directory.instrument(instrument);
  return {
    instrument,
    holders,
    long: amounts.lots(long, instrument),
    short: amounts.lots(short, instrument),
    notional: amounts.cash(notional, settlement),
    largest: largest.map(({ account, size }) => ({
      account,
      size: amounts.lots(size, instrument),
      share: size > 0n ? approximate(size, long, 12) : approximate(-size, short, 12),
    })),
  };
}

const STANDARD_SHOCKS = ['-0.5', '-0.3', '-0.2', '-0.1', '-0.05', '0.05', '0.1', '0.2', '0.3', '0.5'];
const MOST_LARGEST = 20;

@Resolver()
export class HouseRiskQueries {
  @Access(...STAFF)
  @Query(() => HouseRiskView, {
    complexity: 1000,
    description:
      'The risk of the house as a whole. The engine itself answers, as of one journal entry. The ' +
      'same question within a second gets the same answer, with the entry that it is as of. ' +
      '`atLeast` asks for a later one.',
  })
  async houseRisk(
    @Arg('shocks', () => [Ratio], { description: 'The moves of all prices, 1 to 20.', defaultValue: STANDARD_SHOCKS })
    texts: string[],
    @Arg('largest', () => Int, {
      description: 'How many holders to name for each instrument, 0 to 20.',
      defaultValue: 5,
    })
    largest: number,
    @Ctx() { services, oldest }: Context,
  ): Promise<HouseRiskView> {
    if (largest < 0 || largest > MOST_LARGEST) throw badInput(`\`largest\` is 0 to ${MOST_LARGEST}.`);
    const risk = await services.house.risk({ type: 'HOUSE', shocks: readShocks(texts), largest, atLeast: oldest() });
    return {
      map: mapShown(risk, services),
      statuses: [...risk.statuses],
      health: risk.health.map((each) => healthShown(each, services)),
      instruments: risk.instruments.map((each) => concentrationShown(each, services)),
    };
  }
}
