/** How the house computes the funding of a perpetual: terms, every version.  PS-7 */

import { duration, nextMultiple, RATE_ONE, type Rate } from '../../units/quantity';
import { compareRatios, negateRatio, parseRatio, type Ratio, ratio } from '../../units/ratio';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { FundingTermsInput } from '../message/fundingCommands';
import { type Checked, ok, refused } from '../message/rejection';
import type { FundingPolicy, FundingTerms } from '../model/funding';
import type { Instrument } from '../model/reference';
import type { State, View } from '../model/state';
import { productOf } from '../product/products';
import { amendListing } from '../reference/instruments';
import { readRate, readSpan, readWhole } from '../reference/reading';
import { NO_SAMPLES, WHOLE } from './fundingRate';

const DAY = 86_400_000;

/** Ratios of the terms are less than this, with either sign: beyond it is a slip of the pen. */
const MOST = ratio(1000n);
const NOTHING = ratio(0n);

/**
 * Errors, in order: INSTRUMENT_NOT_FOUND, INSTRUMENT_NOT_TRADING, INDEX_NOT_FOUND, VALUE_OUT_OF_RANGE, TOO_MANY_DIGITS.
 */
export function checkSetFundingPolicy(view: View, command: CommandOf<'SetFundingPolicy'>): Checked<FundingPolicy> {
  const listing = view.listings.get(command.instrument);
  if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument: command.instrument });
  const { instrument, status, funding } = listing;
  if (status === 'EXPIRED' || instrument.kind !== 'PERPETUAL')
    return refused('INSTRUMENT_NOT_TRADING', { instrument: instrument.id, kind: instrument.kind });
  const version = (funding?.policy.version ?? 0) + 1;
  if (command.terms === null) return ok({ instrument: instrument.id, version, terms: null });
  // A premium is over something.
  if (instrument.index === null) return refused('INDEX_NOT_FOUND', { index: '' });
  const terms = readTerms(instrument, command.terms);
  return terms.rejection ? terms : ok({ instrument: instrument.id, version, terms: terms.ok });
}

function readTerms(instrument: Instrument, input: FundingTermsInput): Checked<FundingTerms> {
  const when = readWhen(input);
  if (when.rejection) return when;
  const rates = readRates(input);
  if (rates.rejection) return rates;
  const ratios = readRatios(input);
  if (ratios.rejection) return ratios;
  // Only what a contract gains along a straight line in the price is the same at an average of prices.
  if (input.price === 'AVERAGE_INDEX' && productOf(instrument).tickPower !== 1)
    return refused('VALUE_OUT_OF_RANGE', { field: 'price', value: input.price });
  const paymentStep = readStepOrNull('paymentStep', input.paymentStep);
  if (paymentStep.rejection) return paymentStep;
  const { measure, weights, price } = input;
  return ok({ ...when.ok, measure, weights, ...rates.ok, ...ratios.ok, price, paymentStep: paymentStep.ok });
}

type When = Pick<FundingTerms, 'interval' | 'sampleInterval' | 'leastSamples'>;

function readWhen(input: FundingTermsInput): Checked<When> {
  const interval = readSpan('interval', input.interval, 60_000, 7 * DAY);
  if (interval.rejection) return interval;
  const sampleInterval = readSpan('sampleInterval', input.sampleInterval, 1000, 3_600_000);
  if (sampleInterval.rejection) return sampleInterval;
  if (interval.ok % sampleInterval.ok !== 0)
    return refused('VALUE_OUT_OF_RANGE', { field: 'sampleInterval', value: String(sampleInterval.ok) });
  const leastSamples = readWhole('leastSamples', input.leastSamples, 1, Math.floor(interval.ok / sampleInterval.ok));
  if (leastSamples.rejection) return leastSamples;
  return ok({
    interval: duration(interval.ok),
    sampleInterval: duration(sampleInterval.ok),
    leastSamples: leastSamples.ok,
  });
}

const readStepOrNull = (field: string, text: string | null): Checked<Rate | null> =>
  text === null ? ok(null) : readRate(field, text, 1n);

type Rates = Pick<FundingTerms, 'step' | 'interest' | 'clamp'>;

function readRates(input: FundingTermsInput): Checked<Rates> {
  const step = readStepOrNull('step', input.step);
  if (step.rejection) return step;
  const interest = readRate('interest', input.interest, -RATE_ONE);
  if (interest.rejection) return interest;
  const ends = { step: step.ok, interest: interest.ok };
  if (input.clamp === null) return ok({ ...ends, clamp: null });
  const lower = readRate('lower', input.clamp.lower, -RATE_ONE);
  if (lower.rejection) return lower;
  const upper = readRate('upper', input.clamp.upper, lower.ok);
  return upper.rejection ? upper : ok({ ...ends, clamp: { lower: lower.ok, upper: upper.ok } });
}

type Ratios = Pick<FundingTerms, 'scale' | 'lower' | 'upper' | 'marginCap' | 'share'>;

function readRatios(input: FundingTermsInput): Checked<Ratios> {
  const { marginCap } = input;
  const read = { scale: parseRatio(input.scale), share: parseRatio(input.share) };
  const bounds = { lower: ratioOrNull(input.lower), upper: ratioOrNull(input.upper) };
  const cap = marginCap && { base: marginCap.base, share: parseRatio(marginCap.share) };
  const above = { ...read, ...(cap ? { marginCap: cap.share } : {}) };
  for (const [field, value] of Object.entries(above))
    if (compareRatios(value, NOTHING) <= 0 || compareRatios(value, MOST) > 0)
      return refused('VALUE_OUT_OF_RANGE', { field });
  for (const [field, value] of Object.entries(bounds))
    if (
      value &&
      compareRatios({ ...value, numerator: value.numerator < 0n ? -value.numerator : value.numerator }, MOST) > 0
    )
      return refused('VALUE_OUT_OF_RANGE', { field });
  // A bound that is not stated is one all the same: no rate would be within both.
  if (compareRatios(bounds.lower ?? negateRatio(WHOLE), bounds.upper ?? WHOLE) > 0)
    return refused('VALUE_OUT_OF_RANGE', bounds.upper ? { field: 'upper' } : { field: 'lower' });
  return ok({ ...read, ...bounds, marginCap: cap });
}

const ratioOrNull = (text: string | null): Ratio | null => (text === null ? null : parseRatio(text));

export const setFundingPolicy = (desk: Desk, policy: FundingPolicy): void =>
  desk.emit({ type: 'FundingPolicySet', policy });

/** What was sampled before was measured otherwise: the new terms begin with nothing. */
export function onFundingPolicySet(state: State, { policy }: EventOf<'FundingPolicySet'>): void {
  const { instrument, terms } = policy;
  const window = terms && { from: state.now, ...NO_SAMPLES };
  const sampleDue = terms && nextMultiple(state.now, terms.sampleInterval);
  const due = terms && nextMultiple(state.now, terms.interval);
  amendListing(state, instrument, { funding: { policy, window, sampleDue, due } });
  state.deadlines.set(`premium/${instrument}`, sampleDue ?? undefined);
  state.deadlines.set(`rate/${instrument}`, due ?? undefined);
}
