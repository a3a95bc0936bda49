/** Instruments: perpetuals and dated futures of every kind of contract.  Rule: QC-1 */

import { MOST_TICK_VALUE } from '../../units/bounds';
import { isChosenId } from '../../units/id';
import { formatDuration, instantText } from '../../units/instant';
import { type Cash, cash, duration, instant, type Milliseconds, RATE_ONE } from '../../units/quantity';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { Currency, Instrument } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { deadlinesOfEnd } from '../product/end';
import type { Product } from '../product/product';
import { productOf } from '../product/products';
import { LONGEST_HEARTBEAT } from './indices';
import { readRate, readSpan, readStep } from './reading';

/**
 * Errors, in order: ID_INVALID, ALREADY_EXISTS, CURRENCY_NOT_FOUND, CURRENCY_MISMATCH, VALUE_OUT_OF_RANGE,
 * INSTRUMENT_VALUE_NOT_WHOLE, INDEX_NOT_FOUND, TOO_MANY_DIGITS.
 */
export function checkDefineInstrument(view: View, command: CommandOf<'DefineInstrument'>): Checked<Instrument> {
  if (!isChosenId(command.instrument)) return refused('ID_INVALID', { instrument: command.instrument });
  if (view.listings.has(command.instrument)) return refused('ALREADY_EXISTS', { instrument: command.instrument });

  const settlement = view.currencies.get(command.settlement);
  for (const currency of [command.base, command.quote, command.settlement]) {
    if (!view.currencies.has(currency)) return refused('CURRENCY_NOT_FOUND', { currency });
  }
  const product = productOf(command);
  if (!settlement || !product.settles(command))
    return refused('CURRENCY_MISMATCH', { quote: command.quote, settlement: command.settlement });

  if (command.allowsNonPositivePrice && !product.anyPrice)
    return refused('VALUE_OUT_OF_RANGE', { field: 'allowsNonPositivePrice', value: 'true' });
  const value = tickValueOf(settlement, product, command);
  if (value.rejection) return value;
  const problem = pricingProblem(view, command);
  if (problem) return { rejection: problem };
  const schedule = readSchedule(view, command);
  if (schedule.rejection) return schedule;
  const fees = readFees(command);
  if (fees.rejection) return fees;
  const bands = readBands(command);
  if (bands.rejection) return bands;
  const basis = readBasis(command);
  if (basis.rejection) return basis;

  return ok({
    id: command.instrument,
    kind: command.kind,
    ...(command.contract === undefined || command.contract === 'LINEAR' ? {} : { contract: command.contract }),
    base: command.base,
    quote: command.quote,
    settlement: command.settlement,
    tick: command.tick,
    lot: command.lot,
    multiplier: command.multiplier,
    tickValue: value.ok,
    index: command.index,
    markMethod: command.markMethod,
    allowsNonPositivePrice: command.allowsNonPositivePrice,
    heartbeat: duration(command.heartbeat),
    ...bands.ok,
    ...basis.ok,
    ...schedule.ok,
    ...fees.ok,
  });
}

/**
 * What one lot is worth at a price of one tick. It must be whole: every figure of the contract is a multiple or a part
 * of it.
 */
function tickValueOf(
  settlement: Currency,
  { tickPower }: Product,
  command: CommandOf<'DefineInstrument'>,
): Checked<Cash> {
  let numerator = 10n ** BigInt(settlement.scale);
  let denominator = 1n;
  for (const field of ['tick', 'lot', 'multiplier'] as const) {
    const step = readStep(field, command[field]);
    if (step.rejection) return step;
    const { mantissa, scale } = step.ok;
    const turned = field === 'tick' && tickPower === -1;
    numerator *= turned ? 10n ** BigInt(scale) : mantissa;
    denominator *= turned ? mantissa : 10n ** BigInt(scale);
  }
  if (numerator % denominator !== 0n) return refused('INSTRUMENT_VALUE_NOT_WHOLE', { currency: settlement.id });
  const value = numerator / denominator;
  return value < MOST_TICK_VALUE
    ? ok(cash(value))
    : refused('VALUE_OUT_OF_RANGE', { field: 'multiplier', value: command.multiplier });
}

function pricingProblem(view: View, command: CommandOf<'DefineInstrument'>): Rejection | undefined {
  const index = command.index === null ? undefined : view.indices.get(command.index);
  if (command.index !== null && !index) return reject('INDEX_NOT_FOUND', { index: command.index });
  // A mark made of an index needs one, in the same units.
  if (command.markMethod !== 'VENUE' && !index) return reject('INDEX_NOT_FOUND', { index: '' });
  if (index && index.index.quote !== command.quote)
    return reject('CURRENCY_MISMATCH', { index: index.index.id, quote: command.quote });
  return readSpan('heartbeat', command.heartbeat, 1, LONGEST_HEARTBEAT).rejection;
}

function readSchedule(
  view: View,
  command: CommandOf<'DefineInstrument'>,
): Checked<Pick<Instrument, 'expiry' | 'settlementWindow' | 'variationInterval'>> {
  // A future ends on a day to come; a perpetual never does.
  const dated = command.expiry !== null && command.expiry > view.now;
  if ((command.kind === 'FUTURE') !== dated || (command.kind === 'PERPETUAL' && command.expiry !== null)) {
    return refused('VALUE_OUT_OF_RANGE', {
      field: 'expiry',
      value: command.expiry === null ? '' : instantText(command.expiry),
    });
  }
  if (command.variationInterval !== null) {
    const interval = readSpan('variationInterval', command.variationInterval, 1000, 366 * 86_400_000);
    if (interval.rejection) return interval;
  }
  const window = readWindow(command.settlementWindow ?? null);
  if (window.rejection) return window;
  // It lies before the end, and an index is needed to be averaged. A perpetual gets its own when it is delisted.
  if (window.ok !== null) {
    const { expiry } = command;
    if (expiry === null || command.index === null || expiry - window.ok < view.now)
      return refused('VALUE_OUT_OF_RANGE', { field: 'settlementWindow', value: formatDuration(duration(window.ok)) });
  }
  return ok({
    expiry: command.expiry === null ? null : instant(command.expiry),
    ...(window.ok === null ? {} : { settlementWindow: duration(window.ok) }),
    variationInterval: command.variationInterval === null ? null : duration(command.variationInterval),
  });
}

/** The window of a last price: from a second to a day. Errors: VALUE_OUT_OF_RANGE.  EX-1 */
export const readWindow = (window: Milliseconds | null): Checked<Milliseconds | null> =>
  window === null ? ok(null) : readSpan('settlementWindow', window, 1000, 86_400_000);

function readFees(command: CommandOf<'DefineInstrument'>): Checked<Pick<Instrument, 'makerFee' | 'takerFee'>> {
  const takerFee = readRate('takerFee', command.takerFee);
  if (takerFee.rejection) return takerFee;
  // A rebate above the taker's fee would be paid out of nobody's pocket.  Rule: ALT-1
  const makerFee = readRate('makerFee', command.makerFee, -takerFee.ok);
  return makerFee.rejection ? makerFee : ok({ makerFee: makerFee.ok, takerFee: takerFee.ok });
}

function readBands(command: CommandOf<'DefineInstrument'>): Checked<Pick<Instrument, 'markBand' | 'priceBand'>> {
  const bands: { markBand: Instrument['markBand']; priceBand: Instrument['priceBand'] } = {
    markBand: null,
    priceBand: null,
  };
  for (const field of ['markBand', 'priceBand'] as const) {
    const text = command[field];
    if (text === null) continue;
    const band = readRate(field, text, 1n, 1000n * RATE_ONE);
    if (band.rejection) return band;
    bands[field] = band.ok;
  }
  return ok(bands);
}

/** A basis without a band could run away from the index. Errors: VALUE_OUT_OF_RANGE.  Ruling 6 */
function readBasis({ markMethod, markBand, basis }: CommandOf<'DefineInstrument'>): Checked<Pick<Instrument, 'basis'>> {
  const wanted = markMethod === 'BASIS';
  if (wanted !== (basis !== undefined && basis !== null)) return refused('VALUE_OUT_OF_RANGE', { field: 'basis' });
  if (!basis) return ok({});
  if (markBand === null) return refused('VALUE_OUT_OF_RANGE', { field: 'markBand' });
  const window = readSpan('window', basis.window, 1000, 86_400_000);
  if (window.rejection) return window;
  const heartbeat = readSpan('heartbeat', basis.heartbeat, 1, LONGEST_HEARTBEAT);
  if (heartbeat.rejection) return heartbeat;
  return ok({ basis: { of: basis.of, window: duration(window.ok), heartbeat: duration(heartbeat.ok) } });
}

export const defineInstrument = (desk: Desk, definition: Instrument): void =>
  desk.emit({ type: 'InstrumentDefined', definition });

export function onInstrumentDefined(state: State, event: EventOf<'InstrumentDefined'>): void {
  const instrument = event.definition;
  const course = productOf(instrument).course(instrument, state.now);
  const listing: Listing = {
    instrument,
    status: 'ACTIVE',
    mark: null,
    tiers: null,
    pendingTiers: null,
    depth: null,
    variationDue: course.variation,
    disposalDue: null,
    lastRun: null,
  };
  state.listings.set(instrument.id, listing);
  state.deadlines.set(`variation/${instrument.id}`, course.variation ?? undefined);
  const end = deadlinesOfEnd(listing);
  state.deadlines.set(`window/${instrument.id}`, end.window);
  state.deadlines.set(`expiry/${instrument.id}`, end.expiry);
}

/** Replaces some fields of a listing. */
export function amendListing(state: State, instrument: string, fields: Partial<Listing>): void {
  const listing = state.listings.get(instrument);
  if (listing) state.listings.set(instrument, { ...listing, ...fields });
}
