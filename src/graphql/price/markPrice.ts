/** The history of mark prices: every figure of the house was computed at one of these.  Rule: RMR-3 */

import { Args, Ctx, FieldResolver, ID, ObjectType, Query, Resolver, Root } from 'type-graphql';
import type { MarkPrice as MarkRow } from '../../store/generated/client';
import { Access, Reached, ROLES } from '../access/policy';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { Ref } from '../reading/link';
import { descending, pageOf } from '../reading/page';
import { Instrument } from '../reference/instrument';
import { DateTime } from '../scalar/time';
import { Amount, Flag, MayTake, SeqNo, Takes, Text, When } from '../schema/fields';

@Reached()
@ObjectType({
  description:
    'A mark price as it was set. Of several marks within a moment only the last is kept here. ' +
    'The journal has all.',
})
export class MarkPrice {
  @Ref('Instrument', 'The instrument.')
  instrumentId!: string;

  @SeqNo('The journal entry that set the price. It is the id of the price.')
  seq!: bigint;

  @Amount('The price, in the quote currency.')
  price!: string;

  @When('When it was observed.')
  at!: Date;

  @Text('The source that published it.')
  source!: string;

  @Flag('Whether the band around the index limited it.')
  clamped!: boolean;
}

export const MarkPriceConnection = connectionOf('MarkPrice', MarkPrice, 'mark prices');

/** House time never goes back, so this is the order of their entries, and a period is a part of it. */
const NEWEST_FIRST = descending({ at: 'date', seq: 'bigint' });

async function readMarkPrices(
  context: Context,
  args: PageArgs,
  { instrument, from, to }: { instrument: string; from: number | null; to: number | null },
): Promise<Connection<MarkPrice>> {
  const reading = await context.read();
  const between = { ...(from === null ? {} : { gte: new Date(from) }), ...(to === null ? {} : { lt: new Date(to) }) };
  const node = (row: MarkRow): MarkPrice => ({
    ...row,
    price: context.services.amounts.price(row.price, row.instrumentId),
  });
  const where = { instrumentId: instrument, at: between };
  return pageOf(reading, args, { table: reading.db.markPrice, order: NEWEST_FIRST, where, node });
}

@Resolver()
export class MarkPriceQueries {
  @Access(...ROLES)
  @Query(() => MarkPriceConnection, { description: 'Mark prices of an instrument, the newest first.' })
  markPrices(
    @Takes('instrument', () => ID, 'The instrument.') instrument: string,
    @MayTake('from', () => DateTime, 'Only marks observed at this instant or later.') from: number | null,
    @MayTake('to', () => DateTime, 'Only marks observed before this instant.') to: number | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<MarkPrice>> {
    return readMarkPrices(context, args, { instrument, from, to });
  }
}

@Resolver(() => Instrument)
export class InstrumentPriceFields {
  @FieldResolver(() => MarkPriceConnection, { description: 'Its mark prices, the newest first.' })
  markPrices(
    @Root() { id }: Instrument,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<MarkPrice>> {
    return readMarkPrices(context, args, { instrument: id, from: null, to: null });
  }
}
