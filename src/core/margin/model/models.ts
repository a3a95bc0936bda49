/**
 * Every margin model by its name: the one place where an instrument leads to its terms, and terms to the model that
 * reads them. An instrument is under the first model of the table for which it has terms.
 */

import { known } from '../../../units/failure';
import type { Cash, Size } from '../../../units/quantity';
import type { Curve, CurveByHolding, Margined, MarginModelName, MarginTerms } from '../../model/margin';
import type { CurveOf } from '../../model/watch';
import { ENTRY } from './entry';
import type { Holding } from './holding';
import type { Closing, Figure, Line, MarginModel, Requirement } from './model';
import { SCALED } from './scaled';
import { SIZED } from './sized';
import { TIERED } from './tiered';

const MODELS: { readonly [Name in MarginModelName]: MarginModel<Extract<MarginTerms, { model: Name }>> } = {
  SIZED,
  ENTRY,
  SCALED,
  TIERED,
};

const IN_ORDER = Object.values(MODELS) as readonly MarginModel[];

function termsIn(listing: Margined): MarginTerms | undefined {
  for (const model of IN_ORDER) {
    const terms = model.termsOf(listing);
    if (terms) return terms;
  }
  return undefined;
}

/** Whether there is anything to margin a position by. */
export const isMargined = (listing: Margined): boolean => termsIn(listing) !== undefined;

export const marginTermsOf = (listing: Margined): MarginTerms =>
  known(termsIn(listing), 'Margin tiers', listing.instrument.id);

/** The terms of a set are those of its model: whoever asks has taken the set apart by the name. */
const modelCalled = (name: MarginModelName): MarginModel => MODELS[name] as MarginModel;

/** A netting set of an account, and the model it is under. */
interface NettingSet {
  readonly model: MarginModel;
  readonly holdings: readonly Holding[];
}

/** The netting sets of an account's holdings, each in the order in which the holdings are. */
export function setsOf(holdings: readonly Holding[]): NettingSet[] {
  const first = holdings[0]?.terms.model;
  if (first === undefined) return [];
  if (holdings.every(({ terms }) => terms.model === first)) return [{ model: modelCalled(first), holdings }];
  const sets = new Map<MarginModelName, Holding[]>();
  for (const holding of holdings) {
    const set = sets.get(holding.terms.model);
    if (set) set.push(holding);
    else sets.set(holding.terms.model, [holding]);
  }
  return [...sets].map(([name, set]) => ({ model: modelCalled(name), holdings: set }));
}

const setOf = (holdings: readonly Holding[], { terms }: Holding): readonly Holding[] =>
  holdings.filter((other) => other.terms.model === terms.model);

export const explainSets = (holdings: readonly Holding[], which: Figure): Line[] =>
  setsOf(holdings).flatMap(({ model, holdings: set }) => model.explain(set, which));

/** The part of its set's requirement that closing so many lots of a holding frees, its orders being gone. */
export const freedBy = (holdings: readonly Holding[], holding: Holding, lots: Size): Requirement =>
  modelCalled(holding.terms.model).attribute(setOf(holdings, holding), holding, lots);

export const guessFewestLots = (holdings: readonly Holding[], holding: Holding, closing: Closing): bigint | undefined =>
  modelCalled(holding.terms.model).fewestLots(setOf(holdings, holding), holding, closing);

const screenOf = (terms: MarginTerms): Curve | CurveByHolding => modelCalled(terms.model).screen(terms);

/** What a holding is asked for, as a function of notional. */
export function curveOf(holding: Holding): Curve {
  const screen = screenOf(holding.terms);
  return 'curveFor' in screen ? screen.curveFor(holding) : screen;
}

/** The same of an instrument as the watch asks for it: nothing while there is nothing to margin it by. */
export const curveOfListing: CurveOf = (listing) => {
  const terms = termsIn(listing);
  return terms === undefined ? null : screenOf(terms);
};

/** The largest notional that an owner may hold of an instrument; null: no limit. */
export const limitOf = (terms: MarginTerms): Cash | null => modelCalled(terms.model).limit(terms);
