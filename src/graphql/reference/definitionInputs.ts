/** Inputs of the mutations that define what is cleared: currencies, collateral, indices, instruments, tiers. */

import { InputType } from 'type-graphql';
import type { ContractKind as Contract, InstrumentKind as Kind, MarkMethod as Method } from '../../core/model/reference';
import { Keyed } from '../mutation/keyed';
import { enumOf } from '../schema/enums';
import { ABSENT, Amount, Flag, Id, Of, Rate, Span, Text, Texts, When, Whole } from '../schema/fields';
import { ContractKind, InstrumentKind, MarkMethod } from './instrument';
import { TierInput } from './tierInput';

export const SetStatus = enumOf<'ACTIVE' | 'REDUCE_ONLY' | 'HALTED'>('SetStatus', 'What is to be allowed in an instrument.', {
  ACTIVE: 'Everything.',
  REDUCE_ONLY: 'Only what makes positions smaller.',
  HALTED: 'Nothing.',
});

@InputType({ description: 'A currency to be defined.' })
export class DefineCurrencyInput extends Keyed {
  @Id('Its code, such as `USDT`.')
  currency!: string;

  @Whole('Digits after the point of its smallest unit, 0 to 12.')
  scale!: number;
}

@InputType({ description: 'Terms on which a currency counts as collateral.' })
export class SetCollateralTermsInput extends Keyed {
  @Id('The currency.')
  currency!: string;

  @Rate('Share taken off its index value, 0 to 1.')
  haircut!: string;

  @Rate('Share below the index at which the house takes it over to cover a debt, never above the haircut.')
  conversionDiscount!: string;

  @Flag('Whether it may be deposited.')
  eligible!: boolean;
}

@InputType({ description: 'A price index to be defined.' })
export class DefineIndexInput extends Keyed {
  @Id('Currency priced.')
  base!: string;

  @Id('Currency of the price.')
  quote!: string;

  @Amount('Price step, in the quote currency.')
  tick!: string;

  @Texts('Who may publish prices of it.')
  sources!: string[];

  @Whole('Fewer live sources make it stale.')
  minimumSources!: number;

  @Rate('A source further than this share from the median is put aside.')
  maximumDeviation!: string;

  @Span('A source silent for so long is not live.')
  heartbeat!: number;
}

@InputType({ description: 'A contract to be defined. Its terms never change afterwards.' })
export class DefineInstrumentInput extends Keyed {
  @Id('Its code, such as `BTC-PERP`.')
  instrument!: string;

  @Of(() => InstrumentKind, 'What kind of contract it is.')
  kind!: Kind;

  @Of(() => ContractKind, 'How its gain follows from its price.', { defaultValue: 'LINEAR' })
  contract!: Contract;

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

  @Id('Index its mark is held to.', ABSENT)
  index!: string | null;

  @Of(() => MarkMethod, 'Where its mark comes from.')
  markMethod!: Method;

  @Rate("Share around the index within which a venue's mark is held.", ABSENT)
  markBand!: string | null;

  @Rate('Share of the mark beyond which a price or a trade is refused.', ABSENT)
  priceBand!: string | null;

  @Span('Without a mark for so long the price is stale.')
  heartbeat!: number;

  @Flag('Whether prices of zero and below are possible.', { defaultValue: false })
  allowsNonPositivePrice!: boolean;

  @When('Expiry of a future.', ABSENT)
  expiry!: number | null;

  @Span('Between two settlements of variation margin; null: at every mark.', ABSENT)
  variationInterval!: number | null;

  @Rate('Fee of the maker as a share of notional; below zero a rebate.', { defaultValue: '0' })
  makerFee!: string;

  @Rate('Fee of the taker as a share of notional.', { defaultValue: '0' })
  takerFee!: string;
}

@InputType({ description: 'What may be done in an instrument from now on.' })
export class SetInstrumentStatusInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Of(() => SetStatus, 'The status. To loosen needs a second person.')
  status!: 'ACTIVE' | 'REDUCE_ONLY' | 'HALTED';

  @Text('Why.')
  reason!: string;
}

@InputType({ description: 'A version of margin tiers.' })
export class SetTierScheduleInput extends Keyed {
  @Id('The instrument.')
  instrument!: string;

  @Of(() => [TierInput], 'Its brackets, the lowest first, 1 to 64.')
  tiers!: TierInput[];

  @When('From when it holds; null: at once.', ABSENT)
  effectiveAt!: number | null;
}
