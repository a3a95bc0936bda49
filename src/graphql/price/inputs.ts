/** Inputs of the mutations that publish prices, depth and funding rates. */

import { InputType } from 'type-graphql';
import { Keyed } from '../mutation/keyed';
import { ABSENT, Amount, Id, Of, Rate, Text, When } from '../schema/fields';

@InputType({ description: 'What a source says about an index.' })
export class IndexPriceInput {
  @Id('The index: base/quote.')
  index!: string;

  @Amount('The price, in the quote currency, a whole number of ticks.')
  price!: string;

  @When('When the source saw it; null: now.', ABSENT)
  observedAt!: number | null;
}

@InputType({ description: 'What one source says about indices. Accounts see all of them at once.' })
export class SubmitIndexPricesInput extends Keyed {
  @Text('The source.')
  source!: string;

  @Of(() => [IndexPriceInput], 'The prices, 1 to 1,000.')
  prices!: IndexPriceInput[];
}

@InputType({ description: 'What a venue says the mark of an instrument is.' })
export class MarkPriceInput {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The price, in the quote currency, a whole number of ticks.')
  price!: string;

  @Amount('Best bid, in the quote currency: a price outside bid and ask is refused.', ABSENT)
  bid!: string | null;

  @Amount('Best ask, in the quote currency.', ABSENT)
  ask!: string | null;

  @When('When it was observed; null: now.', ABSENT)
  observedAt!: number | null;
}

@InputType({ description: 'Marks published together. Accounts see all of them at once.' })
export class SubmitMarkPricesInput extends Keyed {
  @Text('Who publishes them.')
  source!: string;

  @Of(() => [MarkPriceInput], 'The prices, 1 to 1,000.')
  prices!: MarkPriceInput[];
}

@InputType({ description: 'A mark set by hand, past the band.' })
export class SetMarkPriceInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('The price, in the quote currency, a whole number of ticks.')
  price!: string;

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'What a venue says can be traded near the mark.' })
export class ReportDepthInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Amount('Contracts bid.')
  bids!: string;

  @Amount('Contracts offered.')
  asks!: string;
}

@InputType({ description: 'The funding rate of the interval that ends now.' })
export class SubmitFundingRateInput extends Keyed {
  @Id('The perpetual.')
  instrument!: string;

  @Rate('The rate: longs pay shorts when it is above zero.')
  rate!: string;
}
