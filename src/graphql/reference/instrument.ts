/** Cleared contracts with their mark, its age, their tiers and the depth their venue states.  Rule: QC-1 */

import { Ctx, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { InstrumentStatus as Status } from '../../core/model/reference';
import { CONTRACT_KIND, INSTRUMENT_KIND, MARK_METHOD } from '../../core/model/reference';
import type { Instrument as InstrumentRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import { type Amounts, shortest } from '../reading/amounts';
import { rowById } from '../reading/byId';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { BY_ID } from '../reading/page';
import { enumOf, shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Text, When } from '../schema/fields';
import { TIERS_INCLUDE, TierSchedule, tierScheduleOf } from './tierSchedule';

export const InstrumentKind = shownAs(INSTRUMENT_KIND);

export const ContractKind = shownAs(CONTRACT_KIND);

export const MarkMethod = shownAs(MARK_METHOD);

export const InstrumentStatus = enumOf<Status>('InstrumentStatus', 'What may be done in an instrument.', {
  ACTIVE: 'Everything.',
  REDUCE_ONLY: 'Only what makes positions smaller.',
  HALTED: 'Nothing; liquidations pause, calls are still issued, deposits and cancels work.',
  EXPIRED: 'Nothing any more: it was settled.',
});

@Reached()
@ObjectType({ description: 'The mark price: the one price at which positions are valued, called and liquidated.' })
export class Mark {
  @Amount('The price, in the quote currency.')
  price!: string;

  @When('When it was observed.')
  at!: Date;

  @SeqNo('Journal entry that set it: the id of the price.')
  seq!: bigint;

  @Text('Who published it.')
  source!: string;

  @Flag('Whether it is older than the heartbeat: nothing is decided on a stale price.')
  stale!: boolean;
}

@Reached()
@ObjectType({ description: 'What a venue says can be traded near the mark.' })
export class Depth {
  @Amount('Contracts bid.')
  bids!: string;

  @Amount('Contracts offered.')
  asks!: string;
}

@Reached()
@ObjectType({ description: 'A cleared contract: gain = size x price move x multiplier, in the settlement currency.' })
export class Instrument {
  @Id('Its code, such as `BTC-PERP`.')
  id!: string;

  @Of(() => InstrumentKind, 'What kind of contract it is.')
  kind!: string;

  @Of(() => ContractKind, 'How its gain follows from its price.')
  contract!: string;

  @Id('Currency bought and sold.')
  base!: string;

  @Id('Currency of the price.')
  quote!: string;

  @Id('Currency gains and losses are paid in.')
  settlement!: string;

  @Amount('Price step, in the quote currency.')
  tick!: string;

  @Amount('Quantity step, in contracts.')
  lot!: string;

  @Amount('Units of base per contract; of an inverse contract units of the quote currency.')
  multiplier!: string;

  @Amount('Gain of one lot per tick, in the settlement currency; of an inverse contract what one lot is worth at a price of one tick.')
  tickValue!: string;

  @Id('Index its mark is held to; null where there is none.', OPTIONAL)
  indexId!: string | null;

  @Of(() => MarkMethod, 'Where its mark comes from.')
  markMethod!: string;

  @Rate("Share around the index within which a venue's mark is held.", OPTIONAL)
  markBand!: string | null;

  @Rate('Share of the mark beyond which a price or a trade is refused.', OPTIONAL)
  priceBand!: string | null;

  @Span('Without a mark for so long the price is stale.')
  heartbeat!: number;

  @Flag('Whether prices of zero and below are possible.')
  allowsNonPositivePrice!: boolean;

  @When('Expiry of a future.', OPTIONAL)
  expiry!: Date | null;

  @Span('Between two settlements of variation margin; null: at every mark.', OPTIONAL)
  variationInterval!: number | null;

  @When('Next settlement of variation margin.', OPTIONAL)
  variationDue!: Date | null;

  @Rate('Fee of the maker as a share of notional; below zero a rebate.')
  makerFee!: string;

  @Rate('Fee of the taker as a share of notional.')
  takerFee!: string;

  @Of(() => InstrumentStatus, 'What may be done in it.')
  status!: string;

  @Of(() => Mark, 'Its mark price; null before the first.', OPTIONAL)
  mark!: Mark | null;

  @Of(() => Depth, 'What its venue says can be traded near the mark.', OPTIONAL)
  depth!: Depth | null;

  @Text('Hash of its last settlement run: the next one chains to it.', OPTIONAL)
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
    priceBand: row.priceBand && shortest(row.priceBand),
    heartbeat: Number(row.heartbeatMs),
    variationInterval: row.variationIntervalMs === null ? null : Number(row.variationIntervalMs),
    makerFee: shortest(row.makerFee),
    takerFee: shortest(row.takerFee),
    mark: marked ? { price: amounts.price(mark, row.id), at: markAt, seq: markSeq, source: markSource, stale: row.markStale } : null,
    depth: depthBids && depthAsks && { bids: amounts.size(depthBids, row.id), asks: amounts.size(depthAsks, row.id) },
  };
}

/** An instrument by id, for fields that lead to one. */
export async function readInstrument(context: Context, id: string): Promise<Instrument | null> {
  const reading = await context.read();
  const row = await rowById(reading, 'Instrument', id, (ids) => reading.db.instrument.findMany({ where: { id: { in: ids } } }));
  return row ? instrumentOf(row, context.services.amounts) : null;
}

export const InstrumentQueries = resolversOf(
  one({
    name: 'instrument',
    description: 'A contract by its code; null where there is none.',
    of: Instrument,
    id: 'Its code.',
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
    filters: { status: { type: () => InstrumentStatus, description: 'In this status only.' } },
    node: (row, { services }) => instrumentOf(row, services.amounts),
  }),
);

@Resolver(() => Instrument)
export class InstrumentFields {
  @FieldResolver(() => TierSchedule, { nullable: true, complexity: 5, description: 'Its margin tiers in force; null before any were set.' })
  async tiers(@Root() { id }: Instrument, @Ctx() context: Context): Promise<TierSchedule | null> {
    const { db } = await context.read();
    const row = await db.tierSchedule.findFirst({ where: { instrumentId: id, active: true }, include: TIERS_INCLUDE });
    return row && tierScheduleOf(row, context.services.amounts, context.services.directory);
  }
}
