/**
 * What a currency counts for as collateral of accounts margined in another one: haircuts that rise with the amount, of
 * their own for new risk, limits, and what depends on what else is held.  Rule: RB-4
 */

import { type Cash, cash, greatest, least, NO_CASH, RATE_ONE, type Rate, rate } from '../../units/quantity';
import { kind, type RecordOf } from '../kind/kind';

/** What an account holds above an amount counts at higher haircuts. */
export const HAIRCUT_BRACKET = kind.record({
  above: kind.cash('currency'),
  haircut: kind.rate(), // for calls and close-out
  openingHaircut: kind.rate(), // for new risk and withdrawals, never below the other
});
export type HaircutBracket = RecordOf<typeof HAIRCUT_BRACKET>;

/** By what the first haircut is measured: never below multiple x volatility x the root of the horizon in years. */
export const HAIRCUT_BASIS = kind.record({
  volatility: kind.rate(), // of a year
  multiple: kind.ratio(),
  horizon: kind.span(),
});
export type HaircutBasis = RecordOf<typeof HAIRCUT_BASIS>;

/** What terms of collateral say besides one haircut. */
export const COLLATERAL_VARIANTS = kind.record({
  openingHaircut: kind.optional(kind.rate()), // of the first bracket, for new risk and withdrawals; none: the same
  brackets: kind.optional(kind.list(HAIRCUT_BRACKET)), // ascending, haircuts never falling
  accountLimit: kind.optional(kind.cash('currency')), // what an account holds above it counts for nothing
  // all that accounts hold above it counts for nothing, each its share, for new risk and withdrawals
  houseLimit: kind.optional(kind.cash('currency')),
  // at least this is taken off what matches long positions in the currency, for new risk and withdrawals
  wrongWayHaircut: kind.optional(kind.rate()),
  basis: kind.optional(HAIRCUT_BASIS),
});
export type CollateralVariants = RecordOf<typeof COLLATERAL_VARIANTS>;

const COLLATERAL = {
  currency: kind.currency(),
  version: kind.count(),
  haircut: kind.rate(), // taken off its index value, 0 to 1
  conversionDiscount: kind.rate(), // at which the house takes it over to cover a debt, never above the haircut
  eligible: kind.flag(), // else it backs no new risk and no withdrawal                       Ruling 11
  // struck off: from here on it counts for nothing; none: it goes on counting
  runOffDate: kind.optional(kind.instant()),
  ...COLLATERAL_VARIANTS.fields,
};
export const COLLATERAL_TERMS = kind.record(COLLATERAL);
export type CollateralTerms = RecordOf<typeof COLLATERAL_TERMS>;

/** The terms in force, and whether their run-off date has come. */
export const COLLATERAL_IN_FORCE = kind.record({ ...COLLATERAL, ranOff: kind.optional(kind.flag()) });
export type CollateralInForce = RecordOf<typeof COLLATERAL_IN_FORCE>;

/** For what it counts: for calls and close-out, or for new risk and withdrawals. */
export type CountedFor = 'MAINTENANCE' | 'OPENING';

/** What of an amount counts at one haircut. */
export interface Slice {
  readonly amount: Cash;
  readonly haircut: Rate;
}

/**
 * An amount cut by haircut, the lowest first: all of it counts for nothing without terms, and after the run-off date.
 * Ruling 11
 */
export function slicesOf(terms: CollateralInForce | undefined, amount: Cash, counted: CountedFor): Slice[] {
  if (terms === undefined || terms.ranOff) return [{ amount, haircut: rate(RATE_ONE) }];
  const slices: Slice[] = [];
  let haircut = counted === 'OPENING' ? (terms.openingHaircut ?? terms.haircut) : terms.haircut;
  let from = NO_CASH;
  for (const next of endsOf(terms, counted)) {
    if (amount <= next.above) break;
    slices.push({ amount: cash(next.above - from), haircut });
    ({ above: from, haircut } = next);
  }
  return [...slices, { amount: cash(amount - from), haircut }];
}

function endsOf(
  { brackets = [], accountLimit }: CollateralInForce,
  counted: CountedFor,
): { readonly above: Cash; readonly haircut: Rate }[] {
  const ends = brackets.map(({ above, haircut, openingHaircut }) => ({
    above,
    haircut: counted === 'OPENING' ? openingHaircut : haircut,
  }));
  return accountLimit === undefined ? ends : [...ends, { above: accountLimit, haircut: rate(RATE_ONE) }];
}

/**
 * What an amount counts for, in parts of 1e-12 of its unit: it depends on nothing but the amount, and so its value is a
 * straight line in the price.
 */
export const weightOf = (terms: CollateralInForce | undefined, amount: Cash, counted: CountedFor): bigint =>
  slicesOf(terms, amount, counted).reduce((sum, slice) => sum + slice.amount * (RATE_ONE - slice.haircut), 0n);

/** The same for new risk and withdrawals, where so much of it matches long positions in the currency. */
export function openingWeightOf(terms: CollateralInForce | undefined, amount: Cash, matched: Cash): bigint {
  const wrongWay = terms?.wrongWayHaircut ?? rate(0n);
  let weight = 0n;
  let left = matched; // what costs most to be wrong about first
  for (const { amount: part, haircut } of slicesOf(terms, amount, 'OPENING')) {
    const wrong = least(part, left);
    left = cash(left - wrong);
    weight += (part - wrong) * (RATE_ONE - haircut) + wrong * (RATE_ONE - greatest(haircut, wrongWay));
  }
  return weight;
}

/** What of an amount counts where accounts together hold more than the house's limit: each has the same share of it. */
export const withinHouse = ({ houseLimit }: CollateralVariants, amount: Cash, held: Cash): Cash =>
  houseLimit === undefined || held <= houseLimit ? amount : cash((amount * houseLimit) / held);
