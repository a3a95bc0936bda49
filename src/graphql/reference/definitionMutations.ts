/** Mutations that define what is cleared: currencies, collateral, indices, instruments, tiers. */

import { Ctx } from 'type-graphql';
import { eventIn, Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, OPTIONAL } from '../schema/fields';
import { CollateralTerms, Currency, collateralTermsOf } from './currency';
import { Instrument, readInstrument } from './instrument';
import { INDEX_INCLUDE, PriceIndex, priceIndexOf } from './priceIndex';
import { TIERS_INCLUDE, TierSchedule, tierScheduleOf } from './tierSchedule';

@PayloadType('The result of a command about a currency.')
export class CurrencyPayload extends Payload {
  @Of(() => Currency, 'The currency after the command.', OPTIONAL)
  async currency(@Ctx() context: Context): Promise<Currency | null> {
    const defined = eventIn(this.made, 'CurrencyDefined');
    return defined ? (await context.read()).db.currency.findUnique({ where: { id: defined.definition.id } }) : null;
  }
}

@PayloadType('The result of setting terms of collateral.')
export class CollateralTermsPayload extends Payload {
  @Of(() => CollateralTerms, 'The version that was set.', OPTIONAL)
  async terms(@Ctx() context: Context): Promise<CollateralTerms | null> {
    const set = eventIn(this.made, 'CollateralTermsSet');
    if (!set) return null;
    const { currency, version } = set.terms;
    const row = await (await context.read()).db.collateralTerms.findUnique({ where: { currency_version: { currency, version } } });
    return row && collateralTermsOf(row);
  }
}

@PayloadType('The result of defining a price index.')
export class PriceIndexPayload extends Payload {
  @Of(() => PriceIndex, 'The index after the command.', OPTIONAL)
  async index(@Ctx() context: Context): Promise<PriceIndex | null> {
    const defined = eventIn(this.made, 'IndexDefined');
    if (!defined) return null;
    const row = await (await context.read()).db.priceIndex.findUnique({ where: { id: defined.definition.id }, include: INDEX_INCLUDE });
    return row && priceIndexOf(row, context.services.amounts);
  }
}

@PayloadType('The result of a command about an instrument.')
export class InstrumentPayload extends Payload {
  @Of(() => Instrument, 'The instrument after the command.', OPTIONAL)
  instrument(@Ctx() context: Context): Promise<Instrument | null> | null {
    return 'instrument' in this.command && this.command.instrument ? readInstrument(context, this.command.instrument) : null;
  }
}

@PayloadType('The result of setting margin tiers.')
export class TierSchedulePayload extends Payload {
  @Of(() => TierSchedule, 'The version that was set.', OPTIONAL)
  async schedule(@Ctx() context: Context): Promise<TierSchedule | null> {
    const set = eventIn(this.made, 'TierScheduleSet');
    if (!set) return null;
    const { instrument: instrumentId, version } = set.schedule;
    const where = { instrumentId_version: { instrumentId, version } };
    const row = await (await context.read()).db.tierSchedule.findUnique({ where, include: TIERS_INCLUDE });
    return row && tierScheduleOf(row, context.services.amounts, context.services.directory);
  }
}

mutations({
  DefineCurrency: CurrencyPayload,
  SetCollateralTerms: CollateralTermsPayload,
  DefineIndex: PriceIndexPayload,
  DefineInstrument: InstrumentPayload,
  SetInstrumentStatus: InstrumentPayload,
  SetTierSchedule: TierSchedulePayload,
});
