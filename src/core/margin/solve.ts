/**
 * The prices at which an account reaches its limits, solved exactly in every tier: no iteration, no rounding.
 * Rules: AH-2, AH-3; the bankruptcy price shares equity among positions by maintenance margin, as dYdX does.
 */

import { known } from '../../units/failure';
import { type Cash, cash, MARGIN_PER_CASH, type Margin, margin, minus, type Price, type Size } from '../../units/quantity';
import { compareRatios, type Ratio, ratio } from '../../units/ratio';
import { divDown, divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import { unrealisedOf, valueAt } from '../position/value';
import type { Holding } from './picture';
import { requirementOfHolding } from './requirement';
import type { Standing } from './standing';

/** Why no price brings an account to its limit. */
export type Unreachable = 'NO_POSITION' | 'NEVER_REACHED';

export type Solved = { readonly price: Ratio } | { readonly reason: Unreachable }; // price in ticks

/**
 * The mark of one instrument, all others standing still, at which equity equals maintenance margin. For a long position
 * equity is below maintenance under it, for a short one above it. Open orders can make a second such price on the other
 * side of the mark: of two, the one on the side where the position loses is given.
 */
export function liquidationPriceOf(standing: Standing, holding: Holding): Solved {
  const { position, instrument } = holding;
  if (position.size === 0n) return { reason: 'NO_POSITION' };
  const restEquity = standing.equity - unrealisedOf(instrument, position, holding.mark) * MARGIN_PER_CASH;
  const restMaintenance = standing.maintenance - requirementOfHolding(holding).maintenance;
  // Equity = maintenance reads: size x tickValue x p + gap = exposure x (tickValue x |p| x rate - deduction / owner lots).
  const gap = restEquity - position.cost * MARGIN_PER_CASH - restMaintenance;
  const signs = instrument.allowsNonPositivePrice ? [1n, -1n] : [1n];
  const roots = signs.flatMap((sign) => rootsOnSide(holding, gap, sign));
  if (roots.length === 0) return { reason: 'NEVER_REACHED' };
  return { price: nearestLosing(roots, holding) };
}

/** The root closest to the mark on the side where the position loses, else the closest on the other. */
function nearestLosing(roots: readonly Ratio[], { mark, position }: Holding): Ratio {
  const at = { numerator: mark as bigint, denominator: 1n };
  const rising = [...roots].sort(compareRatios);
  const below = rising.findLast((root) => compareRatios(root, at) <= 0);
  const above = rising.find((root) => compareRatios(root, at) >= 0);
  const [losing, other] = position.size > 0n ? [below, above] : [above, below];
  return known(losing ?? other, 'Root', '');
}

function rootsOnSide(holding: Holding, gap: bigint, sign: bigint): Ratio[] {
  const { instrument, tiers, position, otherLots } = holding;
  const lots = exposureOf(position);
  const ownerLots = lots + otherLots;
  const perTick = instrument.tickValue * MARGIN_PER_CASH;
  const roots: Ratio[] = [];
  for (const tier of tiers.tiers) {
    const slope = perTick * (position.size * tiers.denominator - sign * lots * tier.maintenanceRate) * ownerLots;
    const constant = gap * tiers.denominator * ownerLots + lots * tier.maintenanceDeduction * MARGIN_PER_CASH;
    if (slope === 0n) continue;
    const root = ratio(-constant, slope);
    const notional = { numerator: sign * root.numerator * instrument.tickValue * ownerLots, denominator: root.denominator };
    const inTier =
      notional.numerator >= tier.floor * notional.denominator &&
      (tier.cap === null || notional.numerator <= tier.cap * notional.denominator);
    // Past the last cap its rate goes on: a position may grow beyond it by price alone.
    const inLast = tier === tiers.tiers.at(-1) && notional.numerator >= tier.floor * notional.denominator;
    if (inTier || inLast) roots.push(root);
  }
  return roots;
}

/** The part of an account's equity that closing `lots` of a holding (without sign) may use up: in proportion to the maintenance margin it frees. */
export function equityShareOf(standing: Standing, holding: Holding, lots: Size): Margin {
  const { position } = holding;
  if (standing.maintenance === 0n) return margin(0n);
  const step = position.size > 0n ? -lots : lots;
  const reduced = { ...holding, position: { ...position, size: (position.size + step) as Size, bids: 0n as Size, asks: 0n as Size } };
  const freed = requirementOfHolding(holding).maintenance - requirementOfHolding(reduced).maintenance;
  return margin(divDown(standing.equity * freed, standing.maintenance));
}

/**
 * What closing `lots` at the bankruptcy price comes to: their value at the mark, less the equity that may be used up.
 * Unit: settlement currency, signed as the value of the position; rounded so that the account never ends below zero.
 */
export function bankruptcyValueOf(standing: Standing, holding: Holding, lots: Size): Cash {
  const { instrument, position, mark } = holding;
  const closed = (position.size > 0n ? lots : -lots) as Size;
  const share = equityShareOf(standing, holding, lots);
  const used = cash(divDown(share, MARGIN_PER_CASH));
  return minus(valueAt(instrument, closed, mark), used);
}

/** The price, in ticks, at which closing `lots` uses up exactly their share of equity. */
export function bankruptcyPriceOf(standing: Standing, holding: Holding, lots: Size): Ratio {
  const closed = holding.position.size > 0n ? lots : -lots;
  const share = equityShareOf(standing, holding, lots);
  const value = valueAt(holding.instrument, closed as Size, holding.mark) * MARGIN_PER_CASH - share;
  return ratio(value, closed * holding.instrument.tickValue * MARGIN_PER_CASH);
}

/** A price as the nearest tick that is no worse for the account: up when it sells, down when it buys. */
export const limitTick = (exact: Ratio, sells: boolean): Price =>
  (sells ? divUp(exact.numerator, exact.denominator) : divDown(exact.numerator, exact.denominator)) as Price;
