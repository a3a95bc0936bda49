/** Mutations that define what is cleared: currencies, collateral, indices, instruments, tiers. */

import { Ctx, Mutation, ObjectType, Resolver } from 'type-graphql';
import { Access, OFFICERS, Reached } from '../access/policy';
import { type Answered, eventIn, Payload } from '../mutation/payload';
import { submit } from '../mutation/submit';
import type { Context } from '../reading/context';
import { Of, OPTIONAL, Takes } from '../schema/fields';
import { CollateralTerms, Currency, collateralTermsOf } from './currency';
import {
  DefineCurrencyInput,
  DefineIndexInput,
  DefineInstrumentInput,
  SetCollateralTermsInput,
  SetInstrumentStatusInput,
  SetTierScheduleInput,
} from './definitionInputs';
import { Instrument, readInstrument } from './instrument';
import { INDEX_INCLUDE, PriceIndex, priceIndexOf } from './priceIndex';
import { TIERS_INCLUDE, TierSchedule, tierScheduleOf } from './tierSchedule';

@Reached()
@ObjectType({ description: 'What came of a command about a currency.' })
export class CurrencyPayload extends Payload {
  @Of(() => Currency, 'The currency as it is now.', OPTIONAL)
  async currency(@Ctx() context: Context): Promise<Currency | null> {
    const defined = eventIn(this.made, 'CurrencyDefined');
    return defined ? (await context.read()).db.currency.findUnique({ where: { id: defined.definition.id } }) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of setting terms of collateral.' })
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

@Reached()
@ObjectType({ description: 'What came of defining a price index.' })
export class PriceIndexPayload extends Payload {
  @Of(() => PriceIndex, 'The index as it is now.', OPTIONAL)
  async index(@Ctx() context: Context): Promise<PriceIndex | null> {
    const defined = eventIn(this.made, 'IndexDefined');
    if (!defined) return null;
    const row = await (await context.read()).db.priceIndex.findUnique({ where: { id: defined.definition.id }, include: INDEX_INCLUDE });
    return row && priceIndexOf(row, context.services.amounts);
  }
}

@Reached()
@ObjectType({ description: 'What came of a command about an instrument.' })
export class InstrumentPayload extends Payload {
  @Of(() => Instrument, 'The instrument as it is now.', OPTIONAL)
  instrument(@Ctx() context: Context): Promise<Instrument | null> | null {
    return 'instrument' in this.command && this.command.instrument ? readInstrument(context, this.command.instrument) : null;
  }
}

@Reached()
@ObjectType({ description: 'What came of setting margin tiers.' })
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

@Resolver()
export class DefinitionMutations {
  @Access('ADMIN')
  @Mutation(() => CurrencyPayload, { description: 'Defines a currency.' })
  defineCurrency(
    @Takes('input', () => DefineCurrencyInput, 'The currency.') input: DefineCurrencyInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'DefineCurrency', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => CollateralTermsPayload, {
    description: 'Sets on which terms a currency counts as collateral. To make them easier needs a second person.',
  })
  setCollateralTerms(
    @Takes('input', () => SetCollateralTermsInput, 'The terms.') input: SetCollateralTermsInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetCollateralTerms', input);
  }

  @Access('ADMIN')
  @Mutation(() => PriceIndexPayload, { description: 'Defines a price index.' })
  defineIndex(@Takes('input', () => DefineIndexInput, 'The index.') input: DefineIndexInput, @Ctx() context: Context): Promise<Answered> {
    return submit(context, 'DefineIndex', input);
  }

  @Access('ADMIN')
  @Mutation(() => InstrumentPayload, { description: 'Defines a contract.' })
  defineInstrument(
    @Takes('input', () => DefineInstrumentInput, 'The contract.') input: DefineInstrumentInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'DefineInstrument', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => InstrumentPayload, {
    description: 'Halts an instrument, opens it for reducing only, or opens it again. To loosen needs a second person.',
  })
  setInstrumentStatus(
    @Takes('input', () => SetInstrumentStatusInput, 'The status.') input: SetInstrumentStatusInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetInstrumentStatus', input);
  }

  @Access(...OFFICERS)
  @Mutation(() => TierSchedulePayload, {
    description: 'Sets a version of the margin tiers of an instrument. To lower any requirement needs a second person.',
  })
  setTierSchedule(
    @Takes('input', () => SetTierScheduleInput, 'The tiers.') input: SetTierScheduleInput,
    @Ctx() context: Context,
  ): Promise<Answered> {
    return submit(context, 'SetTierSchedule', input);
  }
}
