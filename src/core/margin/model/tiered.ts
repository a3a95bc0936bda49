/**
 * Margin by position size: notional x rate - deduction of the tier the owner's whole exposure lies in, and of it the
 * part that is this account's. A set requires the sum over its holdings.
 * Rules: MT-1, MT-3, IM-1 (open orders count at their worse side), IM-2
 */

import {
  abs,
  type Cash,
  type Count,
  cash,
  greatest,
  MARGIN_PER_CASH,
  type Margin,
  margin,
  minus,
  NO_MARGIN,
  type Price,
  plus,
  RATE_ONE,
  type Size,
  size,
  total,
} from '../../../units/quantity';
import { formatRatio, type Ratio, ratio } from '../../../units/ratio';
import { divUp } from '../../../units/rounding';
import { EMPTY_POSITION, exposureOf } from '../../book/exposure';
import type { TieredTerms } from '../../model/margin';
import type { Instrument } from '../../model/reference';
import type { MarginTier, TierSchedule } from '../../model/tiers';
import { perLotOf } from '../../product/perContract';
import { productOf } from '../../product/products';
import { tierAt } from '../../reference/tiers';
import type { Closing, Line, MarginModel, Requirement, Under } from './model';

const NO_REQUIREMENT: Requirement = { initial: NO_MARGIN, maintenance: NO_MARGIN };

/** What one lot is worth at a price, without sign. */
export function lotWorth(instrument: Instrument, at: Price): Ratio {
  const { numerator, denominator } = productOf(instrument).lotAt(instrument, at);
  return { numerator: abs(numerator), denominator };
}

/** Requirement of `lots` out of `ownerLots` (both without sign) at a price. */
export const requirementAt = (
  instrument: Instrument,
  tiers: TierSchedule,
  lots: Size,
  ownerLots: Size,
  at: Price,
  leverage: Ratio | null = null,
): Requirement => requirementFrom(instrument, tiers, lots, ownerLots, lotWorth(instrument, at), leverage);

/**
 * The same where a lot is worth so much. Unit: margin of the settlement currency, rounded up at 1e-12 of its smallest
 * unit. It is never less than what the schedule states for a contract. A leverage chosen below what the tiers allow
 * raises initial margin.
 */
export function requirementFrom(
  instrument: Instrument,
  tiers: TierSchedule,
  lots: Size,
  ownerLots: Size,
  worth: Ratio,
  leverage: Ratio | null = null,
): Requirement {
  if (lots === 0n) return NO_REQUIREMENT;
  const { numerator, denominator } = worth;
  const notional = numerator * ownerLots;
  const tier = tierAt(tiers, divUp(notional, denominator));
  const parts = tiers.denominator * ownerLots * denominator;
  const share = (rate: bigint, deduction: bigint): Margin =>
    margin(divUp(lots * (notional * rate - deduction * denominator) * MARGIN_PER_CASH, parts));
  const initial = greatest(share(tier.initialRate, tier.initialDeduction), leastOf(instrument, tiers, lots, 'initial'));
  return {
    initial: leverage === null ? initial : greatest(initial, chosenInitial(lots, worth, leverage)),
    maintenance: greatest(
      share(tier.maintenanceRate, tier.maintenanceDeduction),
      leastOf(instrument, tiers, lots, 'maintenance'),
    ),
  };
}

/** What lots require whatever their price.  S13 */
const leastOf = (instrument: Instrument, tiers: TierSchedule, lots: Size, which: keyof Requirement): Margin =>
  margin(lots * perLotOf(instrument, tiers[`${which}PerContract`]));

/**
 * Initial margin at the leverage the holder chose: notional over leverage. A choice can only ask for more than the
 * tiers.
 */
export const chosenInitial = (lots: Size, { numerator, denominator }: Ratio, leverage: Ratio): Margin =>
  margin(divUp(numerator * lots * leverage.denominator * MARGIN_PER_CASH, leverage.numerator * denominator));

/** Terms with a table of rates by size, whatever else they hold. */
interface ByTiers {
  readonly schedule: TierSchedule;
}

export type Tiered = Under<ByTiers>;

function requirementOfHolding({ instrument, terms, mark, position, otherLots, leverage }: Tiered): Requirement {
  const lots = exposureOf(position);
  return requirementAt(instrument, terms.schedule, lots, plus(lots, otherLots), mark, leverage);
}

function requirement(set: readonly Tiered[]): Requirement {
  const each = set.map(requirementOfHolding);
  return { initial: total(each.map((part) => part.initial)), maintenance: total(each.map((part) => part.maintenance)) };
}

function attribute(_set: readonly Tiered[], holding: Tiered, lots: Size): Requirement {
  const before = requirementOfHolding(holding);
  const after = requirementOfHolding(reducedBy(holding, lots));
  return { initial: minus(before.initial, after.initial), maintenance: minus(before.maintenance, after.maintenance) };
}

/** The holding with fewer lots; its orders are gone before any position is touched.  B2-4 */
export function reducedBy<Of extends Tiered>(holding: Of, lots: Size): Of {
  const { position } = holding;
  const left = position.size > 0n ? position.size - lots : position.size + lots;
  return { ...holding, position: { ...EMPTY_POSITION, size: size(left) } };
}

/**
 * Solves one term. With n lots left of S, notional N = n x v and requirement (N x a - C) / D of its tier, the condition
 * E - (S - n) v k >= r (R + (n v a - C) / D) is linear in n: the tier in which its answer lies gives it.
 */
function fewestLots(_set: readonly Tiered[], holding: Tiered, closing: Closing): bigint | undefined {
  const { terms, instrument, mark, position } = holding;
  const { term, rateOfCost: k } = closing;
  const tiers = terms.schedule;
  const [r, s] = [term.ratio.numerator, term.ratio.denominator];
  const own = requirementOfHolding(holding);
  const initial = term.base === 'INITIAL';
  const rest = initial ? closing.initial - own.initial : closing.maintenance - own.maintenance;
  const held = abs(position.size);
  const { numerator: perLot, denominator: parts } = lotWorth(instrument, mark);
  const v = perLot * MARGIN_PER_CASH;
  for (const tier of tiers.tiers) {
    const [a, c] = initial
      ? [tier.initialRate, tier.initialDeduction]
      : [tier.maintenanceRate, tier.maintenanceDeduction];
    // Everything over s x D x RATE_ONE x parts: room / slope is the number of lots that may stay.
    const slope = v * (r * a * RATE_ONE - k * s * tiers.denominator);
    const room =
      ((closing.equity * s - r * rest) * tiers.denominator * RATE_ONE + r * c * MARGIN_PER_CASH * RATE_ONE) * parts -
      held * v * k * s * tiers.denominator;
    if (slope <= 0n) continue;
    const stay = room < 0n ? -1n : room / slope;
    const notional = stay * perLot;
    const last = tier === tiers.tiers.at(-1);
    const inTier = notional >= tier.floor * parts && (last || tier.cap === null || notional <= tier.cap * parts);
    if (stay >= 0n && inTier) return stay >= held ? 0n : held - stay;
  }
  return undefined;
}

const EMPTY: Omit<Line, 'kind' | 'subject' | 'amount'> = {
  tier: null,
  base: null,
  rate: null,
  share: null,
  input: null,
};

/** A schedule as if nothing were stated for a contract. */
function withoutLeast({ initialPerContract: _, maintenancePerContract: __, ...schedule }: TierSchedule): TierSchedule {
  return schedule;
}

/**
 * A requirement tier by tier: each slice of the owner's notional at its rate, this account's share of it. `entry`:
 * what a lot was entered at, where the figure is taken at that and not at the mark.
 */
export function trancheLines(holding: Tiered, which: keyof Requirement, entry?: Ratio): Line[] {
  const { instrument, terms, mark, markSeq, position, otherLots } = holding;
  const tiers = terms.schedule;
  const lots = exposureOf(position);
  const ownerLots = plus(lots, otherLots);
  const worth = entry ?? lotWorth(instrument, mark);
  const { numerator, denominator } = worth;
  const slices = slicesOf(tiers, cash(divUp(numerator * ownerLots, denominator)));
  const byContract = requirementFrom(instrument, tiers, lots, ownerLots, worth)[which];
  const figure = requirementFrom(instrument, withoutLeast(tiers), lots, ownerLots, worth)[which];
  let left = figure;
  const lines = slices.map(({ tier, ordinal, slice }, i): Line => {
    const rate = tier[`${which}Rate`];
    const exact = ownerLots === 0n ? 0n : (slice * rate * lots * MARGIN_PER_CASH) / (tiers.denominator * ownerLots);
    // The last slice takes what rounding left, so that the lines sum to the figure.
    const amount = i === slices.length - 1 ? left : margin(exact);
    left = margin(left - amount);
    const line = {
      tier: ordinal,
      base: slice,
      rate: formatRatio(ratio(rate, tiers.denominator)),
      share: ownerLots === 0n ? '1' : formatRatio(ratio(lots, ownerLots)),
    };
    return {
      ...EMPTY,
      kind: 'TRANCHE',
      subject: instrument.id,
      ...line,
      input: entry ? null : `${mark}@${markSeq}`,
      amount,
    };
  });
  return [
    ...lines,
    ...leastLines(holding, margin(byContract - figure)),
    ...chosenLeverageLines(holding, which, byContract),
  ];
}

/** What is stated for a contract, as far as it is above the tiers. */
function leastLines({ instrument }: Tiered, more: Margin): Line[] {
  return more === 0n ? [] : [{ ...EMPTY, kind: 'CONTRACT_FLOOR', subject: instrument.id, amount: more }];
}

/** What the leverage its holder chose asks for above the tiers. */
function chosenLeverageLines(holding: Tiered, which: keyof Requirement, byTiers: Margin): Line[] {
  const { instrument, position, mark, leverage } = holding;
  if (leverage === null || which !== 'initial') return [];
  const chosen = chosenInitial(exposureOf(position), lotWorth(instrument, mark), leverage);
  const more = margin(chosen - byTiers);
  if (more <= 0n) return [];
  const rate = formatRatio(ratio(leverage.denominator, leverage.numerator));
  return [
    {
      ...EMPTY,
      kind: 'CHOSEN_LEVERAGE',
      subject: holding.instrument.id,
      rate,
      input: `${holding.mark}@${holding.markSeq}`,
      amount: more,
    },
  ];
}

function slicesOf({ tiers }: TierSchedule, notional: Cash): { tier: MarginTier; ordinal: Count; slice: Cash }[] {
  const reached = tiers.filter((tier, i) => i === 0 || notional > tier.floor);
  return reached.map((tier, i) => {
    const last = i === reached.length - 1;
    const top = last ? notional : (tier.cap as Cash);
    return { tier, ordinal: i + 1, slice: cash(top - tier.floor) };
  });
}

export const tieredBy = (schedule: TierSchedule): TieredTerms => ({ model: 'TIERED', schedule });

/** What holds of every model whose rates are those of a table by size. */
export const BY_TIERS: Omit<MarginModel<ByTiers>, 'termsOf' | 'opening'> = {
  requirement,
  explain: (set, which) => set.flatMap((holding) => trancheLines(holding, which === 'opening' ? 'initial' : which)),
  attribute,
  fewestLots,
  screen: ({ schedule }) => schedule,
  limit: ({ schedule }) => schedule.tiers.at(-1)?.cap ?? null,
};

export const TIERED: MarginModel<TieredTerms> = {
  ...BY_TIERS,
  termsOf: ({ tiers }) => tiers && tieredBy(tiers),
  opening: (set) => requirement(set).initial,
};
