/** Price indices: the median of several sources, and what each of them last said.  Rules: PS-4, FC-2 */

import { Args, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import type { PriceIndex as IndexRow, IndexQuote as QuoteRow } from '../../store/generated/client';
import { Access, Reached, ROLES } from '../access/policy';
import { type Amounts, shortest } from '../reading/amounts';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { pageOf } from '../reading/page';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Takes, Text, When, Whole } from '../schema/fields';

@Reached()
@ObjectType({ description: 'What one source last said about an index.' })
export class IndexQuote {
  @Text('The source.')
  source!: string;

  @Amount('Its price in the quote currency; null before it spoke.', OPTIONAL)
  price!: string | null;

  @When('When it saw that.', OPTIONAL)
  at!: Date | null;

  @Flag('Put aside for being too far from the others.')
  quarantined!: boolean;
}

@Reached()
@ObjectType({ description: 'A price index: the median of the sources that are alive and not far from the others.' })
export class PriceIndex {
  @Id('Its id: base/quote, such as `BTC/USDT`.')
  id!: string;

  @Id('Currency priced.')
  base!: string;

  @Id('Currency of the price.')
  quote!: string;

  @Amount('Price step, in the quote currency.')
  tick!: string;

  @Whole('Fewer live sources make it stale.')
  minimumSources!: number;

  @Rate('A source further than this share from the median is put aside.')
  maximumDeviation!: string;

  @Span('A source silent for so long is not live.')
  heartbeat!: number;

  @Amount('The index now, in the quote currency; null before enough sources spoke.', OPTIONAL)
  price!: string | null;

  @Flag('Whether too few sources are live: nothing is decided on a stale price.')
  stale!: boolean;

  @When('When the price was made.', OPTIONAL)
  at!: Date | null;

  @SeqNo('Journal entry that made the price: its id.', OPTIONAL)
  seq!: bigint | null;

  @Of(() => [IndexQuote], 'What each source last said.')
  sources!: IndexQuote[];
}

export const PriceIndexConnection = connectionOf('PriceIndex', PriceIndex, 'price indices');

type Row = IndexRow & { readonly quotes: readonly QuoteRow[] };

export const priceIndexOf = (row: Row, amounts: Amounts): PriceIndex => ({
  ...row,
  tick: row.tick.toFixed(),
  maximumDeviation: shortest(row.maximumDeviation),
  heartbeat: Number(row.heartbeatMs),
  price: row.price && amounts.indexPrice(row.price, row.id),
  sources: row.quotes.map((quote) => ({ ...quote, price: quote.price && amounts.indexPrice(quote.price, row.id) })),
});

const BY_ID = [{ field: 'id', type: 'text' }] as const;
export const INDEX_INCLUDE = { quotes: { orderBy: { source: 'asc' } } } as const;

@Resolver()
export class PriceIndexQueries {
  @Access(...ROLES)
  @Query(() => PriceIndex, { nullable: true, description: 'A price index; null where there is none by this id.' })
  async priceIndex(@Takes('id', () => ID, 'Its id: base/quote.') id: string, @Ctx() context: Context): Promise<PriceIndex | null> {
    const row = await (await context.read()).db.priceIndex.findUnique({ where: { id }, include: INDEX_INCLUDE });
    return row && priceIndexOf(row, context.services.amounts);
  }

  @Access(...ROLES)
  @Query(() => PriceIndexConnection, { description: 'Price indices by id.' })
  async priceIndices(@Args(() => PageArgs) args: PageArgs, @Ctx() context: Context): Promise<Connection<PriceIndex>> {
    const reading = await context.read();
    const node = (row: Row): PriceIndex => priceIndexOf(row, context.services.amounts);
    return pageOf(reading, args, { table: reading.db.priceIndex, order: BY_ID, where: {}, include: INDEX_INCLUDE, node });
  }
}
