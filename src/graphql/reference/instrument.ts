/** Cleared contracts with their mark, its age, their tiers and the depth their venue states.  Rule: QC-1 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { readerOf } from '../../core/kind/json';
import { BASIS_TERMS_INPUT } from '../../core/message/priceTermsInput';
import { BASIS_DIGITS } from '../../core/model/price';
import type { InstrumentStatus as Status } from '../../core/model/reference';
import {
  BASIS_OF,
  BASIS_TERMS,
  CONTRACT_KIND,
  DELISTING,
  INSTRUMENT_KIND,
  MARK_METHOD,
} from '../../core/model/reference';
import { averagePrice } from '../../core/position/lastPrice';
import { basisAt } from '../../core/price/basis';
import { stableAt } from '../../core/price/stablePrice';
import { countedUpTo } from '../../core/product/end';
import { finePriceText, priceText } from '../../projections/rows/decimals';
import type { Instrument as InstrumentRow } from '../../store/generated/client';
import { formatShortest, shortestText } from '../../units/decimal';
import { known } from '../../units/failure';
import { Reached, ROLES } from '../access/policy';
import { TermsType, termsOf } from '../mutation/terms';
import { type Amounts, shortest } from '../reading/amounts';
import { rowById } from '../reading/byId';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { enumOf, shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Text, When } from '../schema/fields';
import { TIERS_INCLUDE, TierSchedule, tierScheduleOf } from './tierSchedule';

export const InstrumentKind = shownAs(INSTRUMENT_KIND);

export const ContractKind = shownAs(CONTRACT_KIND);

export const MarkMethod = shownAs(MARK_METHOD);

export const BasisOf = shownAs(BASIS_OF);

export const InstrumentStatus = enumOf<Status>('InstrumentStatus', 'The status of an instrument.', {
  ACTIVE: 'All trades.',
  REDUCE_ONLY: 'Only trades that reduce positions.',
  HALTED: 'No trades. Liquidations pause. Calls are still issued, and deposits and cancels work.',
  EXPIRED: 'No trades any more: it was settled.',
});

@Reached()
@ObjectType({ description: 'The mark price: the one price at which positions are valued, called and liquidated.' })
export class Mark {
  @Amount('The price, in the quote currency.')
  price!: string;

  @When('When it was observed.')
  at!: Date;

  @SeqNo('The journal entry that set the price. It is the id of the price.')
  seq!: bigint;

  @Text('The source that published it.')
  source!: string;

  @Flag('Whether it is older than the heartbeat. Nothing is decided on a stale price.')
  stale!: boolean;
}

@Reached()
@ObjectType({ description: 'The depth at a venue: what can be traded near the mark.' })
export class Depth {
  @Amount('Contracts that are bid.')
  bids!: string;

  @Amount('Contracts that are offered.')
  asks!: string;
}

@Reached()
@ObjectType({ description: 'The end of a contract, as it was announced.' })
export class Delisting {
  @When('When it was announced.')
  announcedAt!: Date;

  @When('The time from which only reducing trades are taken.')
  reduceOnlyAt!: Date;

  @When('The time at which everybody is paid out.')
  endsAt!: Date;

  @Span('The time before the end over which the index is averaged. Null settles at the mark.', OPTIONAL)
  settlementWindow!: number | null;

  @Text('The reason.')
  reason!: string;
}

@Reached()
@ObjectType({ description: 'The average of index prices that a contract will end at, as far as it has come.' })
export class LastPriceAverage {
  @When('Start of the window.')
  from!: Date;

  @When('End of the window. The average waits longer where less than half of it had a live price.')
  until!: Date;

  @When('The time up to which prices are counted in `live` and `average`.')
  countedUpTo!: Date;

  @Span('How long the index had a live price.')
  live!: number;

  @Amount('The average so far in the quote currency, to the nearest tick. Null before there was a price.', OPTIONAL)
  average!: string | null;
}

@TermsType('How the basis of a mark follows from a venue.')
export class BasisTerms extends termsOf(BASIS_TERMS_INPUT.fields) {}

@Reached()
@ObjectType({
  description: 'A cleared contract: gain = size x price move x multiplier, in the settlement currency.',
  implements: Node,
})
export class Instrument {
  @Id('The code, such as `BTC-PERP`.')
  id!: string;

  @Of(() => InstrumentKind, 'The kind of contract.')
  kind!: string;

  @Of(() => ContractKind, 'How the gain of the contract follows from its price.')
  contract!: string;

  @Id('The currency that is bought and sold.')
  base!: string;

  @Id('The currency of the price.')
  quote!: string;

  @Id('The currency in which gains and losses are paid.')
  settlement!: string;

  @Amount('The tick: the price step, in the quote currency.')
  tick!: string;

  @Amount('The lot: the quantity step, in contracts.')
  lot!: string;

  @Amount(
    'Units of base per contract. For an inverse contract: units of the quote currency. For a quanto: units of the ' +
      'settlement currency for one of the price.',
  )
  multiplier!: string;

  @Amount(
    'The gain of one lot per tick, in the settlement currency. For an inverse contract: the ' +
      'value of one lot at a price of one tick.',
  )
  tickValue!: string;

  @Ref('PriceIndex', 'The index that bounds its mark. Null if there is none.', OPTIONAL)
  indexId!: string | null;

  @Of(() => MarkMethod, 'The source of its mark.')
  markMethod!: string;

  @Rate("The band around the index, as a share. A venue's mark is limited to it.", OPTIONAL)
  markBand!: string | null;

  @Of(() => BasisTerms, 'How its basis is damped. Null if its mark is not made of it.', OPTIONAL)
  basis!: BasisTerms | null;

  @Rate('The share of the mark beyond which a price or a trade is refused.', OPTIONAL)
  priceBand!: string | null;

  @Span('The price is stale when no mark arrived for longer than this.')
  heartbeat!: number;

  @Flag('Whether prices of zero and below are possible.')
  allowsNonPositivePrice!: boolean;

  @When('Expiry of a future.', OPTIONAL)
  expiry!: Date | null;

  @Span('The time before its expiry over which its index is averaged to its last price.', OPTIONAL)
  settlementWindow!: number | null;

  @Of(() => Delisting, 'Its end, where it was announced and not called off.', OPTIONAL)
  delisting!: Delisting | null;

  @Span('The time between two settlements of variation margin. Null settles at every mark.', OPTIONAL)
  variationInterval!: number | null;

  @When('The next settlement of variation margin.', OPTIONAL)
  variationDue!: Date | null;

  @Rate('The fee of the maker as a share of notional. Below zero it is a rebate.')
  makerFee!: string;

  @Rate('The fee of the taker as a share of notional.')
  takerFee!: string;

  @Of(() => InstrumentStatus, 'The status of the instrument.')
  status!: string;

  @When(
    'The time at which a halt by one person lifts by itself, on a live price. Null for a lasting halt or none.',
    OPTIONAL,
  )
  haltedUntil!: Date | null;

  @Of(() => Mark, 'The mark price. Null before the first.', OPTIONAL)
  mark!: Mark | null;

  @Of(() => Depth, 'The depth that its venue reports near the mark.', OPTIONAL)
  depth!: Depth | null;

  @Text('Hash of its last settlement run. The next run chains to it.', OPTIONAL)
  lastRun!: string | null;
}

export function instrumentOf(row: InstrumentRow, amounts: Amounts): Instrument {
  const { mark, markAt, markSeq, markSource, depthBids, depthAsks } = row;
  const marked = mark && markAt && markSeq !== null && markSource !== null;
  return {
    ...row,
    tick: row.tick.toFixed(),
    lot: row.lot.toFixed(),
    multiplier: row.multiplier.toFixed(),
    tickValue: amounts.money(row.tickValue, row.settlement),
    markBand: row.markBand && shortest(row.markBand),
    basis: row.basisTerms === null ? null : readBasisTerms(JSON.parse(row.basisTerms)),
    priceBand: row.priceBand && shortest(row.priceBand),
    heartbeat: Number(row.heartbeatMs),
    settlementWindow: row.settlementWindowMs === null ? null : Number(row.settlementWindowMs),
    delisting: delistingOf(row.delisting),
    variationInterval: row.variationIntervalMs === null ? null : Number(row.variationIntervalMs),
    makerFee: shortest(row.makerFee),
    takerFee: shortest(row.takerFee),
    mark: marked
      ? { price: amounts.price(mark, row.id), at: markAt, seq: markSeq, source: markSource, stale: row.markStale }
      : null,
    depth: depthBids && depthAsks && { bids: amounts.size(depthBids, row.id), asks: amounts.size(depthAsks, row.id) },
  };
}

const readDelisting = readerOf(DELISTING);
const readBasisTerms = readerOf(BASIS_TERMS);

function delistingOf(json: string | null): Delisting | null {
  if (json === null) return null;
  const { announcedAt, reduceOnlyAt, endsAt, window, reason } = readDelisting(JSON.parse(json));
  return {
    announcedAt: new Date(announcedAt),
    reduceOnlyAt: new Date(reduceOnlyAt),
    endsAt: new Date(endsAt),
    settlementWindow: window,
    reason,
  };
}

/** An instrument by id, for fields that lead to one. */
export async function readInstrument(context: Context, id: string): Promise<Instrument | null> {
  const reading = await context.read();
  const row = await rowById(reading, 'Instrument', id, (ids) =>
    reading.db.instrument.findMany({ where: { id: { in: ids } } }),
  );
  return row ? instrumentOf(row, context.services.amounts) : null;
}

resolversOf(
  one({
    name: 'instrument',
    key: ({ id }) => id,
    description: 'A contract by its code. Null if it does not exist.',
    of: Instrument,
    id: 'The code.',
    access: ROLES,
    read: readInstrument,
  }),
  list({
    name: 'instruments',
    description: 'Contracts by code.',
    of: connectionOf('Instrument', Instrument, 'instruments'),
    access: ROLES,
    table: 'Instrument',
    order: BY_ID,
    filters: { status: { type: () => InstrumentStatus, description: 'Only instruments with this status.' } },
    node: (row, { services }) => instrumentOf(row, services.amounts),
  }),
);

@Resolver(() => Instrument)
export class InstrumentFields {
  @FieldResolver(() => TierSchedule, {
    nullable: true,
    complexity: 5,
    description: 'The margin tiers in force. Null before any were set.',
  })
  async tiers(@Root() { id }: Instrument, @Ctx() context: Context): Promise<TierSchedule | null> {
    const { db } = await context.read();
    const row = await db.tierSchedule.findFirst({ where: { instrumentId: id, active: true }, include: TIERS_INCLUDE });
    return row && tierScheduleOf(row, context.services.amounts, context.services.directory);
  }

  @FieldResolver(() => String, {
    nullable: true,
    complexity: 10,
    description:
      'The stable price, which follows the mark at the speed that the loss policy states, to 12 digits past the tick. ' +
      'Gains made beyond it may not leave. Null before the first mark.',
  })
  async stablePrice(@Root() { id }: Instrument, @Ctx() context: Context): Promise<string | null> {
    const view = await (await context.read()).marketOf(id);
    const { instrument, mark, ...listing } = known(view.listings.get(id), 'Instrument', id);
    return mark && shortestText(finePriceText(instrument, stableAt(view, { ...listing, instrument, mark }).parts));
  }

  @FieldResolver(() => String, {
    nullable: true,
    complexity: 10,
    description:
      'The damped basis now, as a share of the index. The mark is the index with it, limited to the band. Null if its ' +
      'mark is not made of it.',
  })
  async dampedBasis(@Root() { id }: Instrument, @Ctx() context: Context): Promise<string | null> {
    const view = await (await context.read()).marketOf(id);
    const listing = known(view.listings.get(id), 'Instrument', id);
    return listing.instrument.basis ? formatShortest(basisAt(listing, view.now), BASIS_DIGITS) : null;
  }

  @FieldResolver(() => LastPriceAverage, {
    nullable: true,
    complexity: 10,
    description: 'The average that it will end at, while its window runs. Null before, after, and without a window.',
  })
  async lastPriceAverage(@Root() { id }: Instrument, @Ctx() context: Context): Promise<LastPriceAverage | null> {
    const view = await (await context.read()).marketOf(id);
    const listing = known(view.listings.get(id), 'Instrument', id);
    if (!listing.averaging) return null;
    const { from, until, since, live, ...averaging } = countedUpTo(listing.averaging, view.now);
    const average = averagePrice(view, listing, { from, until, since, live, ...averaging });
    return {
      from: new Date(from),
      until: new Date(until),
      countedUpTo: new Date(since),
      live,
      average: average === undefined ? null : priceText(listing.instrument, average),
    };
  }
}
