/** Mutations that define what is cleared: currencies, collateral, indices, instruments, tiers. */

import { Ctx } from 'type-graphql';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { CollateralTerms, Currency } from './currency';
import { Instrument, readInstrument } from './instrument';
import { PriceIndex } from './priceIndex';
import { TierSchedule } from './tierSchedule';

@PayloadType('The result of a command about a currency.')
export class CurrencyPayload extends Payload {
  @Made('Currency', 'The currency after the command.', 'CurrencyDefined', ({ definition }) => [definition.id])
  currency!: Currency | null;
}

@PayloadType('The result of setting terms of collateral.')
export class CollateralTermsPayload extends Payload {
  @Made('CollateralTerms', 'The version that was set.', 'CollateralTermsSet', ({ terms }) => [
    terms.currency,
    terms.version,
  ])
  terms!: CollateralTerms | null;
}

@PayloadType('The result of defining a price index.')
export class PriceIndexPayload extends Payload {
  @Made('PriceIndex', 'The index after the command.', 'IndexDefined', ({ definition }) => [definition.id])
  index!: PriceIndex | null;
}

@PayloadType('The result of a command about an instrument.')
export class InstrumentPayload extends Payload {
  @Of(() => Instrument, 'The instrument after the command.', OPTIONAL)
  instrument(@Ctx() context: Context): Promise<Instrument | null> | null {
    return 'instrument' in this.command && this.command.instrument
      ? readInstrument(context, this.command.instrument)
      : null;
  }
}

@PayloadType('The result of setting margin tiers.')
export class TierSchedulePayload extends Payload {
  @Made('TierSchedule', 'The version that was set.', 'TierScheduleSet', ({ schedule }) => [
    schedule.instrument,
    schedule.version,
  ])
  schedule!: TierSchedule | null;
}

mutations({
  DefineCurrency: CurrencyPayload,
  SetCollateralTerms: CollateralTermsPayload,
  DefineIndex: PriceIndexPayload,
  DefineInstrument: InstrumentPayload,
  SetInstrumentStatus: InstrumentPayload,
  DelistInstrument: InstrumentPayload,
  CancelDelisting: InstrumentPayload,
  SetTierSchedule: TierSchedulePayload,
});
