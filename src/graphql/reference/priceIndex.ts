/** Price indices: the median of several sources by weight, and what each of them last said.  Rules: PS-4, FC-2 */

import { ObjectType } from 'type-graphql';
import { readerOf } from '../../core/kind/json';
import { PRICE_FAULT, PRICE_GUARD } from '../../core/model/priceGuards';
import { finePriceText } from '../../projections/rows/decimals';
import type { PriceIndex as IndexRow, IndexQuote as QuoteRow } from '../../store/generated/client';
import { shortestText } from '../../units/decimal';
import { Reached, ROLES } from '../access/policy';
import { type Amounts, shortest } from '../reading/amounts';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { shownAs } from '../schema/enums';
import { Amount, Flag, Id, Of, OPTIONAL, Rate, SeqNo, Span, Text, When, Whole } from '../schema/fields';

const readGuard = readerOf(PRICE_GUARD);

export const PriceFault = shownAs(PRICE_FAULT);

@Reached()
@ObjectType({ description: 'The last price of an index from one source.' })
export class IndexQuote {
  @Text('The source.')
  source!: string;

  @Amount('The price, in the quote currency. Null before its first.', OPTIONAL)
  price!: string | null;

  @When('When the source observed it.', OPTIONAL)
  at!: Date | null;

  @Amount('How far the true price may be from it, as the source states it, in the quote currency.', OPTIONAL)
  confidence!: string | null;

  @Flag('Whether the source is left out because its price is too far from the others.')
  quarantined!: boolean;

  @Whole('Its weight. The index is the price at which half of the weight of those that count is reached.')
  weight!: number;

  @Flag('Whether it is a venue whose trades the house clears. Such venues have at most a third of the weight.')
  ownVenue!: boolean;
}

@Reached()
@ObjectType({
  description: 'A price index: the median, by weight, of the sources that are live and not far from the others.',
  implements: Node,
})
export class PriceIndex {
  @Id('The id, as base/quote, such as `BTC/USDT`.')
  id!: string;

  @Id('The currency that is priced.')
  base!: string;

  @Id('The currency of the price.')
  quote!: string;

  @Amount('The tick: the price step, in the quote currency.')
  tick!: string;

  @Whole('The least number of live sources. With fewer the index is stale.')
  minimumSources!: number;

  @Rate('A source further than this share from the median is left out.')
  maximumDeviation!: string;

  @Span('A source that is silent for longer is not live.')
  heartbeat!: number;

  @Amount('The index now, in the quote currency. Null before there are enough sources.', OPTIONAL)
  price!: string | null;

  @Flag('Whether too few sources are live. Nothing is decided on a stale price.')
  stale!: boolean;

  @When('When the price was computed.', OPTIONAL)
  at!: Date | null;

  @SeqNo('The journal entry that computed the price. It is the id of the price.', OPTIONAL)
  seq!: bigint | null;

  @Amount(
    'How far the true price may be from it, in the quote currency: the median of what its sources state. Null if none ' +
      'of them states anything.',
    OPTIONAL,
  )
  confidence!: string | null;

  @Amount('The average that its guards compare it with, as of its last price. Null if it has no guards.', OPTIONAL)
  average!: string | null;

  @Of(() => [PriceFault], 'Why it is doubted. Empty if it is not, or has no guards.')
  faults!: string[];

  @Of(() => [IndexQuote], 'The last price of each source.')
  sources!: IndexQuote[];
}

type Row = IndexRow & { readonly quotes: readonly QuoteRow[] };

export const priceIndexOf = (row: Row, amounts: Amounts): PriceIndex => ({
  ...row,
  tick: row.tick.toFixed(),
  maximumDeviation: shortest(row.maximumDeviation),
  heartbeat: Number(row.heartbeatMs),
  price: row.price && amounts.indexPrice(row.price, row.id),
  confidence: row.confidence && amounts.indexPrice(row.confidence, row.id),
  ...guardOf(row),
  sources: row.quotes.map((quote) => ({
    ...quote,
    price: quote.price && amounts.indexPrice(quote.price, row.id),
    confidence: quote.confidence && amounts.indexPrice(quote.confidence, row.id),
  })),
});

function guardOf({ guard, tick }: IndexRow): Pick<PriceIndex, 'average' | 'faults'> {
  if (guard === null) return { average: null, faults: [] };
  const { average, faults } = readGuard(JSON.parse(guard));
  return {
    average: average && shortestText(finePriceText({ tick: tick.toFixed() }, average.parts)),
    faults: [...faults],
  };
}

export const INDEX_INCLUDE = { quotes: { orderBy: { source: 'asc' } } } as const;

async function readPriceIndex(context: Context, id: string): Promise<PriceIndex | null> {
  const row = await (await context.read()).db.priceIndex.findUnique({ where: { id }, include: INDEX_INCLUDE });
  return row && priceIndexOf(row, context.services.amounts);
}

resolversOf(
  one({
    name: 'priceIndex',
    key: ({ id }) => id,
    description: 'A price index. Null if it does not exist.',
    of: PriceIndex,
    id: 'The id, as base/quote.',
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
