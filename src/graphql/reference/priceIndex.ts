/** Price indices: the median of several sources, and what each of them last said.  Rules: PS-4, FC-2 */

import { ObjectType } from 'type-graphql';
import type { PriceIndex as IndexRow, IndexQuote as QuoteRow } from '../../store/generated/client';
import { Reached, ROLES } from '../access/policy';
import { type Amounts, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { BY_ID } from '../reading/page';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Text, When, Whole } from '../schema/fields';

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

type Row = IndexRow & { readonly quotes: readonly QuoteRow[] };

export const priceIndexOf = (row: Row, amounts: Amounts): PriceIndex => ({
  ...row,
  tick: row.tick.toFixed(),
  maximumDeviation: shortest(row.maximumDeviation),
  heartbeat: Number(row.heartbeatMs),
  price: row.price && amounts.indexPrice(row.price, row.id),
  sources: row.quotes.map((quote) => ({ ...quote, price: quote.price && amounts.indexPrice(quote.price, row.id) })),
});

export const INDEX_INCLUDE = { quotes: { orderBy: { source: 'asc' } } } as const;

async function readPriceIndex(context: Context, id: string): Promise<PriceIndex | null> {
  const row = await (await context.read()).db.priceIndex.findUnique({ where: { id }, include: INDEX_INCLUDE });
  return row && priceIndexOf(row, context.services.amounts);
}

export const PriceIndexQueries = resolversOf(
  one({
    name: 'priceIndex',
    description: 'A price index; null where there is none by this id.',
    of: PriceIndex,
    id: 'Its id: base/quote.',
    access: ROLES,
    read: readPriceIndex,
  }),
  list({
    name: 'priceIndices',
    description: 'Price indices by id.',
    of: connectionOf('PriceIndex', PriceIndex, 'price indices'),
    access: ROLES,
    table: 'PriceIndex',
    order: BY_ID,
    include: INDEX_INCLUDE,
    node: (row: Row, { services }) => priceIndexOf(row, services.amounts),
  }),
);
