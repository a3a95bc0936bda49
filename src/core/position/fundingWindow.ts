/**
 * What time brings to a perpetual whose funding the house computes: samples of the premium, and at the end of each
 * interval a rate, which is settled at once. Nobody therefore ever owes funding that he has not paid: equity holds all
 * of it, and nothing of an interval that has not ended.  PS-2, PS-3, PS-6, PS-8
 */

import { assert, known } from '../../units/failure';
import { type Count, type Instant, instant, later, type Price, price } from '../../units/quantity';
import { multiplyRatios, type Ratio, ratio } from '../../units/ratio';
import { divHalfEven } from '../../units/rounding';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import type { Funding, FundingTerms, FundingWindow } from '../model/funding';
import type { Instrument, InstrumentId } from '../model/reference';
import type { Listing, State, View } from '../model/state';
import { premiumOf } from '../price/impactPrices';
import { ticksPerIndexTick } from '../price/indexTicks';
import { productOf } from '../product/products';
import { amendListing } from '../reference/instruments';
import { payFunding } from './funding';
import { averageOf, NO_SAMPLES, rateOf, shareOf, shownRate, truncated, withSample } from './fundingRate';

interface Running extends Funding {
  readonly terms: FundingTerms;
  readonly window: FundingWindow;
}

/** Funding of an instrument that the house computes; undefined where it does not, or not any more. */
function runningOf({ status, funding }: Listing): Running | undefined {
  const { policy, window } = funding ?? {};
  if (!funding || !policy?.terms || !window || status === 'EXPIRED') return undefined;
  return { ...funding, terms: policy.terms, window };
}

/** At an instant of sampling. With nothing to sample none is taken until impact prices come again.  PS-6 */
export function samplePremium(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const running = runningOf(listing);
  if (!running) return;
  const { terms, window, sampleDue, due } = running;
  assert(sampleDue !== null && due !== null, 'A sample is taken when it is due', { instrument: id });
  const sample = premiumOf(desk.view, listing);
  // Of the interval that ends with the next rate: the first instant after the last one is number 1.
  const place = Math.floor((sampleDue - (due - terms.interval)) / terms.sampleInterval);
  const sampled = sample ? withSample(terms, window, sample, place) : window;
  desk.emit({
    type: 'PremiumSampled',
    instrument: id,
    premium: sample ? shareOf(terms, sample) : null,
    rate: shownRate(rateOf(terms, listing.tiers, sampled)),
    window: sampled,
    nextDue: sample ? later(sampleDue, terms.sampleInterval) : null,
  });
}

export function onPremiumSampled(state: State, { instrument, window, nextDue }: EventOf<'PremiumSampled'>): void {
  const { funding } = known(state.listings.get(instrument), 'Instrument', instrument);
  const before = known(funding, 'Funding policy', instrument);
  amendListing(state, instrument, { funding: { ...before, window, sampleDue: nextDue } });
  state.deadlines.set(`premium/${instrument}`, nextDue ?? undefined);
}

/** At the end of an interval: its rate is fixed and settled, however late the house comes to it.  PS-2, PS-8 */
export function fixFundingRate(desk: Desk, id: InstrumentId): void {
  const listing = known(desk.view.listings.get(id), 'Instrument', id);
  const running = runningOf(listing);
  if (!running) return;
  const { policy, terms, window } = running;
  const to = known(running.due ?? undefined, 'Funding', id);
  const average = averageOf(terms, window);
  const exact = rateOf(terms, listing.tiers, window);
  const begun = instant(Math.max(window.from, to - terms.interval));
  desk.emit({
    type: 'FundingRateFixed',
    instrument: id,
    policyVersion: policy.version,
    from: begun,
    to,
    samples: window.samples,
    missed: instantsIn(terms, begun, to) - window.samples,
    premium: average ? shownRate(average) : null,
    rate: shownRate(exact),
    exact,
    nextDue: later(to, terms.interval),
  });
  const priced = pricedAt(desk.view, listing, terms, window, exact);
  if (priced && exact.numerator !== 0n) payFunding(desk, id, stepped(listing.instrument, terms, priced));
}

interface Priced {
  readonly price: Price;
  readonly rate: Ratio;
}

/** The rate at which a lot pays a whole multiple of the step, towards zero, as dYdX's index of funding does.  PS-8 */
function stepped(instrument: Instrument, { paymentStep }: FundingTerms, { price: at, rate }: Priced): Priced {
  const lot = productOf(instrument).lotAt(instrument, at);
  const { numerator, denominator } = lot;
  if (paymentStep === null || numerator === 0n) return { price: at, rate };
  const paid = truncated(multiplyRatios(rate, lot), paymentStep);
  return { price: at, rate: ratio(paid.numerator * denominator, paid.denominator * numerator) };
}

/** How many instants of sampling there were. */
export const instantsIn = ({ sampleInterval }: FundingTerms, from: Instant, to: Instant): Count =>
  Math.floor(to / sampleInterval) - Math.floor(from / sampleInterval);

/**
 * At what positions are valued: the last price where it is stale, since positions that pay were held at it. What is
 * priced at an average is paid exactly on it, although the price is shown in ticks.  PS-8
 */
function pricedAt(
  view: View,
  { instrument, mark }: Listing,
  terms: FundingTerms,
  window: FundingWindow,
  exact: Ratio,
): Priced | undefined {
  if (terms.price === 'MARK') return mark ? { price: mark.price, rate: exact } : undefined;
  const index = known(view.indices.get(instrument.index ?? ''), 'Index', instrument.id);
  const [ticks, partsPerTick] = ticksPerIndexTick(instrument, index.index.tick);
  if (terms.price === 'INDEX') {
    if (index.state.price === null) return undefined;
    return { price: price(divHalfEven(index.state.price * ticks, partsPerTick)), rate: exact };
  }
  if (window.weight === 0n) return undefined;
  const average = ratio(window.indices, window.weight * partsPerTick);
  const shown = price(divHalfEven(average.numerator, average.denominator));
  if (shown === 0n) return undefined;
  const { numerator, denominator } = exact;
  return { price: shown, rate: ratio(numerator * average.numerator, denominator * average.denominator * shown) };
}

export function onFundingRateFixed(state: State, { instrument, to, nextDue }: EventOf<'FundingRateFixed'>): void {
  const { funding } = known(state.listings.get(instrument), 'Instrument', instrument);
  const before = known(funding, 'Funding policy', instrument);
  amendListing(state, instrument, { funding: { ...before, window: { from: to, ...NO_SAMPLES }, due: nextDue } });
  state.deadlines.set(`rate/${instrument}`, nextDue);
}

/** What the interval that runs would settle if it ended now; undefined where the house computes no funding.  PS-5 */
export function predictedRate(
  listing: Listing,
): { readonly premium: Ratio | undefined; readonly rate: Ratio } | undefined {
  const running = runningOf(listing);
  if (!running) return undefined;
  const { terms, window } = running;
  return { premium: averageOf(terms, window), rate: rateOf(terms, listing.tiers, window) };
}
