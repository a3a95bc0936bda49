/**
 * When the price of an index is doubted, and for what it may not be used then. Every venue says this in its own way: it
 * is data, by index.  Rules: PV-3, FC-2, DR-O1
 */

import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';

export const PRICE_FAULT = choice('PriceFault', 'Why the price of an index is doubted.', {
  TOO_VOLATILE: 'It is more than the stated multiple of its average, or its average is of it.',
  TOO_FAR: 'It is at least the stated share away from its average.',
  TOO_UNCERTAIN: 'The confidence interval that its sources state is more than the stated share of it.',
  TOO_OLD: 'No source that counts has spoken for longer than stated.',
});
export type PriceFault = ChoiceOf<typeof PRICE_FAULT>;

/** What a price that is doubted may be refused for. */
export type PriceUse = 'LIQUIDATION' | 'MARGIN' | 'NEW_RISK';

const FAULTS = kind.list(kind.text<PriceFault>());

export const PRICE_GUARD_TERMS = kind.record({
  averageWindow: kind.span(), // a price that has stood for so long counts for half of the average
  maximumMultiple: kind.nullable(kind.count()), // of the average: whole, what is over is cut off
  maximumDistance: kind.nullable(kind.rate()), // from the average, as a share of it
  maximumConfidence: kind.nullable(kind.rate()), // as a share of the price
  maximumAge: kind.nullable(kind.span()),
  liquidation: FAULTS, // with one of these what follows it stands still          Ruling 13
  margin: FAULTS, // gains and collateral back no new risk and no withdrawal
  newRisk: FAULTS, // trades and orders that raise risk are refused
});
export type PriceGuardTerms = RecordOf<typeof PRICE_GUARD_TERMS>;

export const PRICE_GUARDS = kind.record({
  index: kind.index(),
  version: kind.count(),
  terms: kind.nullable(PRICE_GUARD_TERMS), // null: it is not guarded
});
export type PriceGuards = RecordOf<typeof PRICE_GUARDS>;

/** The average of an index as it stood when its price was set last: from there it follows that price. */
export const PRICE_AVERAGE = kind.record({
  parts: kind.integer(), // 1e-12 of a tick
  since: kind.instant(), // house time
});
export type PriceAverage = RecordOf<typeof PRICE_AVERAGE>;

/** What is seen of an index that is guarded. */
export const PRICE_GUARD = kind.record({
  policy: PRICE_GUARDS,
  average: kind.nullable(PRICE_AVERAGE), // none before the first price, and without terms
  faults: FAULTS, // as it was judged last
});
export type PriceGuard = RecordOf<typeof PRICE_GUARD>;
