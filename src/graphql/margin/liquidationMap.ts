/** The liquidation map: what moves of prices would make of the accounts.  Rules: RLM-3, AH-5 */

import { Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { marginText } from '../../core/margin/health';
import {
  BANDS,
  type Band,
  type Tally as Counted,
  type CurrencyImpact,
  type Impact,
  type RiskMap,
} from '../../core/risk/question';
import { Access, Reached, STAFF } from '../access/policy';
import { rateText } from '../reading/amounts';
import type { Context, Services } from '../reading/context';
import { Ratio } from '../scalar/ratio';
import { enumOf } from '../schema/enums';
import { Amount, Id, MayTake, Of, Rate, SeqNo, Takes, When, Whole } from '../schema/fields';
import { readShocks } from './shocks';

export const RiskBand = enumOf<Band>('RiskBand', 'The deepest level that the equity of an account is below.', {
  ABOVE: 'Below no level.',
  WARNING: 'Below the first warning.',
  CALL: 'Below the level of the margin call.',
  CLOSE_OUT: 'Below the close-out level, but not below zero.',
  NEGATIVE: 'Below zero.',
});

@Reached()
@ObjectType({ description: 'A number of accounts.' })
export class AccountTally {
  @Whole('Number of accounts.')
  accounts!: number;

  @Amount('Their gross notional at the prices in question, in their currency.')
  grossNotional!: string;
}

@Reached()
@ObjectType({ description: 'Accounts by the deepest level they are below.' })
export class BandTally {
  @Of(() => RiskBand, 'The band.')
  band!: string;

  @Of(() => AccountTally, 'Number of accounts in this band. Each account is in one band, so the bands add up to all.')
  within!: AccountTally;

  @Of(() => AccountTally, 'Number of accounts in this band or a deeper one.')
  cumulative!: AccountTally;
}

@Reached()
@ObjectType({
  description: 'The effect of a move on the margin accounts of one currency. Amounts are in that currency.',
})
export class CurrencyShock {
  @Id('The currency.')
  currency!: string;

  @Of(() => AccountTally, 'All accounts.')
  all!: AccountTally;

  @Of(() => [BandTally], 'The bands, the highest first.')
  bands!: BandTally[];

  @Of(
    () => AccountTally,
    'Accounts below the close-out level that are not below it under the next smaller move in the same direction.',
  )
  newlyBelowCloseOut!: AccountTally;

  @Of(
    () => AccountTally,
    'Accounts not below the close-out level that are below it under the next smaller move in the same direction.',
  )
  recovered!: AccountTally;

  @Rate('Sum of equity, signed, exact.')
  equity!: string;

  @Rate('Sum of what equity lacks to zero, over the accounts below zero, exact.')
  shortfall!: string;
}

@Reached()
@ObjectType({ description: 'One move and its effect on the accounts.' })
export class PriceShock {
  @Rate('The move of every price, as a share of the price.')
  move!: string;

  @Of(() => [CurrencyShock], 'By currency of the accounts.')
  currencies!: CurrencyShock[];
}

@Reached()
@ObjectType({ description: 'The effect of each of several moves on the whole book, as of one journal entry.' })
export class LiquidationMap {
  @SeqNo('The journal entry of the engine that it is as of.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Whole('Number of margin accounts.')
  accounts!: number;

  @Of(() => PriceShock, 'The accounts without a move.')
  now!: PriceShock;

  @Of(() => [PriceShock], 'The moves, in the order of the question.')
  shocks!: PriceShock[];
}

export function tallyShown({ accounts, notional }: Counted, currency: string, { amounts }: Services): AccountTally {
  return { accounts, grossNotional: amounts.cash(notional, currency) };
}

function currencyShown(impact: CurrencyImpact, services: Services): CurrencyShock {
  const { currency, bands } = impact;
  const tally = (of: Counted): AccountTally => tallyShown(of, currency, services);
  const deeper = (from: number): Counted => {
    const some = BANDS.slice(from).map((band) => bands[band]);
    const sum = some.reduce((all, { notional }) => all + notional, 0n);
    return { accounts: some.reduce((all, { accounts }) => all + accounts, 0), notional: sum as Counted['notional'] };
  };
  const scale = services.directory.scaleOf(currency);
  return {
    currency,
    all: tally(impact.all),
    bands: BANDS.map((band, i) => ({ band, within: tally(bands[band]), cumulative: tally(deeper(i)) })),
    newlyBelowCloseOut: tally(impact.newlyBelow),
    recovered: tally(impact.recovered),
    equity: marginText(impact.equity, scale),
    shortfall: marginText(impact.shortfall, scale),
  };
}

const shockShown = ({ move, currencies }: Impact, services: Services): PriceShock => ({
  move: rateText(move),
  currencies: currencies.map((impact) => currencyShown(impact, services)),
});

export const mapShown = ({ seq, at, accounts, now, shocks }: RiskMap, services: Services): LiquidationMap => ({
  ...{ seq, at, accounts },
  now: shockShown(now, services),
  shocks: shocks.map((shock) => shockShown(shock, services)),
});

@Resolver()
export class LiquidationMapQueries {
  @Access(...STAFF)
  @Query(() => LiquidationMap, {
    nullable: true,
    complexity: 500,
    description:
      'The effect of each of several price moves on all margin accounts: how many fall below each ' +
      'level, with what notional, and how much they would lack. Each move is taken alone. It moves ' +
      'every mark and every index to the nearest tick, or the mark of one instrument only. The ' +
      'functions that call and liquidate decide. Null if the instrument does not exist.',
  })
  async liquidationMap(
    @Takes('shocks', () => [Ratio], 'The moves, 1 to 20, such as `"-0.05"`.') texts: string[],
    @MayTake('instrument', () => ID, 'The one instrument that moves. Null moves every price.') instrument:
      | string
      | null,
    @Ctx() context: Context,
  ): Promise<LiquidationMap | null> {
    const shocks = readShocks(texts);
    const { db } = await context.read();
    if (instrument !== null && !(await db.instrument.findUnique({ where: { id: instrument }, select: { id: true } })))
      return null;
    return mapShown(await context.services.house.risk({ type: 'MAP', shocks, instrument }), context.services);
  }
}
