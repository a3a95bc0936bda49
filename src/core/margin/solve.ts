/**
 * The prices at which an account reaches its limits, solved exactly in every tier: no iteration, no rounding.
 * Rules: AH-2, AH-3; the bankruptcy price shares equity among positions by maintenance margin, as dYdX does.
 */

import { known } from '../../units/failure';
import { type Cash, MARGIN_PER_CASH, type Margin, margin, marginOf, minus, negate, type Price, type Size } from '../../units/quantity';
import { compareRatios, type Ratio, ratio } from '../../units/ratio';
import { cashDown, divDown, divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import { gainAt, priceOfWorth, worthAt } from '../position/value';
import { costOf } from '../product/posting';
import { productOf } from '../product/products';
import type { Holding } from './model/holding';
import { curveOf, freedBy } from './model/models';
import { partOf } from './requirement';
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
  const restEquity = standing.equity - gainAt(instrument, position, holding.mark);
  const restMaintenance = standing.maintenance - partOf(standing.picture, holding).maintenance;
  // Equity = maintenance reads: size x slope x f + gap = exposure x (|slope| x |f| x rate - deduction / owner lots).
  const gap = restEquity - costOf(position) - restMaintenance;
  const signs = instrument.allowsNonPositivePrice ? [1n, -1n] : [1n];
  const product = productOf(instrument);
  const factors = signs.flatMap((sign) => rootsOnSide(holding, gap, sign));
  const roots = factors.map((factor) => product.priceAt(factor)).filter((price) => price !== undefined);
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

/** The factors of a sign at which equity equals maintenance margin. */
function rootsOnSide(holding: Holding, gap: bigint, sign: bigint): Ratio[] {
  const { instrument, terms, position, otherLots } = holding;
  const curve = curveOf(terms);
  const lots = exposureOf(position);
  const ownerLots = lots + otherLots;
  // Everything over the denominator of what a lot gains.
  const { numerator: gained, denominator: parts } = productOf(instrument).slopeOf(instrument);
  const perLot = gained < 0n ? -gained : gained;
  const roots: Ratio[] = [];
  for (const tier of curve.tiers) {
    const slope = MARGIN_PER_CASH * (position.size * gained * curve.denominator - sign * lots * perLot * tier.maintenanceRate) * ownerLots;
    const constant = (gap * curve.denominator * ownerLots + lots * tier.maintenanceDeduction * MARGIN_PER_CASH) * parts;
    if (slope === 0n) continue;
    const root = ratio(-constant, slope);
    const notional = { numerator: sign * root.numerator * perLot * ownerLots, denominator: root.denominator * parts };
    const inTier =
      notional.numerator >= tier.floor * notional.denominator &&
      (tier.cap === null || notional.numerator <= tier.cap * notional.denominator);
    // Past the last cap its rate goes on: a position may grow beyond it by price alone.
    const inLast = tier === curve.tiers.at(-1) && notional.numerator >= tier.floor * notional.denominator;
    if (inTier || inLast) roots.push(root);
  }
  return roots;
}

/** The part of an account's equity that closing `lots` of a holding (without sign) may use up: in proportion to the maintenance margin it frees. */
export function equityShareOf(standing: Standing, holding: Holding, lots: Size): Margin {
  if (standing.maintenance === 0n) return margin(0n);
  const freed = freedBy(standing.picture.holdings, holding, lots).maintenance;
  return margin(divDown(standing.equity * freed, standing.maintenance));
}

/**
 * What closing `lots` at the bankruptcy price comes to: their value at the mark, less the equity that may be used up.
 * Signed as the worth of the position; the equity is rounded so that the account never ends below zero.
 */
export const bankruptcyWorthOf = (standing: Standing, holding: Holding, lots: Size): Margin =>
  minus(worthAt(holding.instrument, closedOf(holding, lots), holding.mark), marginOf(usedEquityOf(standing, holding, lots)));

/** The equity that closing lots may use up, in whole units. */
export const usedEquityOf = (standing: Standing, holding: Holding, lots: Size): Cash => cashDown(equityShareOf(standing, holding, lots));

const closedOf = ({ position }: Holding, lots: Size): Size => (position.size > 0n ? lots : negate(lots));

/** The price, in ticks, at which closing `lots` uses up exactly their share of equity; undefined where no price does. */
export function bankruptcyPriceOf(standing: Standing, holding: Holding, lots: Size): Ratio | undefined {
  const closed = closedOf(holding, lots);
  const worth = worthAt(holding.instrument, closed, holding.mark);
  return priceOfWorth(holding.instrument, closed, minus(worth, equityShareOf(standing, holding, lots)));
}

/** A price as the nearest tick that is no worse for the account: up when it sells, down when it buys. */
export const limitTick = (exact: Ratio, sells: boolean): Price =>
  (sells ? divUp(exact.numerator, exact.denominator) : divDown(exact.numerator, exact.denominator)) as Price;
