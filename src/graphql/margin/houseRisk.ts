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
@ObjectType({ description: 'Accounts whose equity over maintenance margin lies in one range.' })
export class HealthRange {
  @Share('From this ratio, itself included; null: without end.', OPTIONAL)
  from!: string | null;

  @Share('Up to this ratio, itself not included; null: without end.', OPTIONAL)
  below!: string | null;

  @Of(() => AccountTally, 'The accounts in it.')
  tally!: AccountTally;
}

@Reached()
@ObjectType({ description: 'How healthy the margin accounts of one currency are.' })
export class HealthDistribution {
  @Id('The currency.')
  currency!: string;

  @Of(() => AccountTally, 'All of them.')
  all!: AccountTally;

  @Of(() => [HealthRange], 'Ranges, the lowest first; with `unmargined` they add up to all.')
  ranges!: HealthRange[];

  @Of(() => AccountTally, 'Accounts of which nothing is required.')
  unmargined!: AccountTally;
}

@Reached()
@ObjectType({ description: 'One of the largest holders of an instrument.' })
export class LargestHolder {
  @Id('The account.')
  account!: string;

  @Amount('Contracts, long above zero.')
  size!: string;

  @Rate('Its part of its side of the open interest, to 12 digits.')
  share!: string;
}

@Reached()
@ObjectType({ description: "Who holds an instrument. The house's own close-out accounts are among the holders: both sides are equal." })
export class InstrumentConcentration {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts held long, added up.')
  long!: string;

  @Amount('Contracts held short, added up without sign.')
  short!: string;

  @Amount('One side at the mark, in the settlement currency.')
  notional!: string;

  @Whole('Accounts with a position.')
  holders!: number;

  @Of(() => [LargestHolder], 'The largest positions, the largest first.')
  largest!: LargestHolder[];
}

@ObjectType({ description: 'The risk of the house as of one journal entry. Every figure adds up to the accounts.' })
@Reached()
export class HouseRiskView {
  @Of(() => LiquidationMap, 'What moves of all prices would make of the accounts, with the entry that everything here is as of.')
  map!: LiquidationMap;

  @Of(() => [StatusCount], 'How many margin accounts stand where on the ladder.')
  statuses!: StatusCount[];

  @Of(() => [HealthDistribution], 'How healthy they are, by currency.')
  health!: HealthDistribution[];

  @Of(() => [InstrumentConcentration], 'Who holds what, by instrument.')
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
      'The risk of the house as a whole, answered by the engine itself as of one journal entry. Who asks the same within a second is ' +
      'given the same answer, with the entry it is as of; `atLeast` asks for a later one.',
  })
  async houseRisk(
    @Arg('shocks', () => [Ratio], { description: 'Moves of all prices, 1 to 20.', defaultValue: STANDARD_SHOCKS }) texts: string[],
    @Arg('largest', () => Int, { description: 'Holders named per instrument, 0 to 20.', defaultValue: 5 }) largest: number,
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
