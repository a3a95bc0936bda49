/**
 * The prices at which an account reaches its limits, solved exactly in every tier: no iteration, no rounding.
 * The bankruptcy price is that of the account. The closing limit is that of a position within it: equity is shared
 * among positions by maintenance margin, as dYdX does.  Rules: AH-2, AH-3
 */

import { known } from '../../units/failure';
import {
  type Cash,
  MARGIN_PER_CASH,
  type Margin,
  margin,
  marginOf,
  minus,
  NO_MARGIN,
  negate,
  type Price,
  plus,
  type Size,
} from '../../units/quantity';
import { compareRatios, type Ratio, ratio } from '../../units/ratio';
import { cashDown, divDown, divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import type { MarginLevel } from '../model/policy';
import type { Instrument } from '../model/reference';
import { gainAt, priceOfWorth, worthAt } from '../position/value';
import { perLotOf } from '../product/perContract';
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
 * What equity is held against, as a function of the factor of one holding: `part` times the sum of `rest`, which stands
 * still, and of what the holding requires. That is the account's part, lots over owner's lots, of rate x notional -
 * deduction of the piece in which the notional of the owner lies.
 */
interface Floor {
  readonly part: Ratio;
  readonly rest: Margin;
  readonly ownerLots: bigint;
  readonly denominator: bigint; // of rates and deductions
  readonly pieces: readonly FloorPiece[]; // ascending, the first from zero; past the end of the last its rate goes on
}

interface FloorPiece {
  readonly floor: bigint;
  readonly cap: bigint | null;
  readonly rate: bigint;
  readonly deduction: bigint;
}

/** Maintenance margin as a level. */
const MAINTENANCE: MarginLevel = [{ base: 'MAINTENANCE', ratio: { numerator: 1n, denominator: 1n } }];

const FLAT: readonly FloorPiece[] = [{ floor: 0n, cap: null, rate: 0n, deduction: 0n }];

/** Nothing: equity is used up there. */
const NOTHING: Floor = {
  part: { numerator: 0n, denominator: 1n },
  rest: NO_MARGIN,
  ownerLots: 1n,
  denominator: 1n,
  pieces: FLAT,
};

/**
 * The mark of one instrument, all others standing still, at which equity equals maintenance margin. For a long position
 * equity is below maintenance under it, for a short one above it.
 */
export const maintenancePriceOf = (standing: Standing, holding: Holding): Solved =>
  priceAtLevel(standing, holding, MAINTENANCE);

/**
 * The same for a level of the ladder: where equity comes to the highest of its terms. Open orders can make a second
 * such price on the other side of the mark: of two, the one on the side where the position loses is given. A price that
 * the instrument forbids is none.
 */
export const priceAtLevel = (standing: Standing, holding: Holding, level: MarginLevel): Solved =>
  priceOver(standing, holding, floorsOf(standing, holding, level));

/** The mark of one instrument, all others standing still, at which the account has nothing left. */
export const bankruptcyPriceOf = (standing: Standing, holding: Holding): Solved =>
  priceOver(standing, holding, [NOTHING]);

function floorsOf(standing: Standing, holding: Holding, level: MarginLevel): Floor[] {
  const { position, otherLots, leverage } = holding;
  const curve = curveOf(holding);
  const own = partOf(standing.picture, holding);
  const lots: bigint = exposureOf(position);
  return level.flatMap(({ base, ratio: part }) => {
    const initial = base === 'INITIAL';
    const rest = initial ? minus(standing.initial, own.initial) : minus(standing.maintenance, own.maintenance);
    const pieces = curve.tiers.map(
      ({ floor, cap, initialRate, maintenanceRate, initialDeduction, maintenanceDeduction }): FloorPiece => ({
        ...{ floor, cap, rate: initial ? initialRate : maintenanceRate },
        deduction: initial ? initialDeduction : maintenanceDeduction,
      }),
    );
    const byCurve: Floor = { part, rest, ownerLots: lots + otherLots, denominator: curve.denominator, pieces };
    const floors = [byCurve];
    // What is stated for a contract stands still, whatever the price.
    const least =
      lots * perLotOf(holding.instrument, initial ? curve.initialPerContract : curve.maintenancePerContract);
    if (least > 0n)
      floors.push({ part, rest: plus(rest, margin(least)), ownerLots: 1n, denominator: 1n, pieces: FLAT });
    // The leverage its holder chose asks for the account's own notional over it, where that is more.
    const chosen = (own: Ratio): FloorPiece[] => [{ floor: 0n, cap: null, rate: own.denominator, deduction: 0n }];
    if (initial && leverage !== null)
      floors.push({ part, rest, ownerLots: lots, denominator: leverage.numerator, pieces: chosen(leverage) });
    return floors;
  });
}

function priceOver(standing: Standing, holding: Holding, floors: readonly Floor[]): Solved {
  const { position, instrument } = holding;
  if (position.size === 0n) return { reason: 'NO_POSITION' };
  const gap = minus(minus(standing.equity, gainAt(instrument, position, holding.mark)), costOf(position));
  const signs = instrument.allowsNonPositivePrice ? [1n, -1n] : [1n];
  const product = productOf(instrument);
  const factors = signs.flatMap((sign) =>
    floors
      .flatMap((floor) => rootsOnSide(holding, gap, floor, sign))
      .filter((root) => isCovered(holding, gap, floors, sign, root)),
  );
  const roots = factors.map((factor) => product.priceAt(factor)).filter((price) => price !== undefined);
  const allowed = roots.filter(({ numerator }) => instrument.allowsNonPositivePrice || numerator > 0n);
  if (allowed.length === 0) return { reason: 'NEVER_REACHED' };
  return { price: nearestLosing(allowed, holding) };
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

/** Equity less a floor, on one piece of it, as a line in the factor. Over one denominator, which is above zero. */
interface SurplusLine {
  readonly constant: bigint;
  readonly slope: bigint;
}

/**
 * Equity reads size x gained x f + gap. The floor reads part x (rest + lots / owner's lots x (notional x rate -
 * deduction)).
 */
function surplusLine(
  holding: Holding,
  gap: Margin,
  floor: Floor,
  { rate, deduction }: FloorPiece,
  sign: bigint,
): SurplusLine {
  const { instrument, position } = holding;
  const { part, rest, ownerLots, denominator } = floor;
  const { perLot, gained, parts } = stepOf(instrument);
  const lots = exposureOf(position);
  const kept = position.size * gained * denominator * part.denominator - sign * lots * perLot * rate * part.numerator;
  const still = (gap * part.denominator - rest * part.numerator) * denominator * ownerLots;
  return {
    slope: MARGIN_PER_CASH * kept * ownerLots,
    constant: (still + lots * deduction * part.numerator * MARGIN_PER_CASH) * parts,
  };
}

/** What one lot gains when the factor grows by one, and its size. Over `parts`. */
function stepOf(instrument: Instrument): { readonly perLot: bigint; readonly gained: bigint; readonly parts: bigint } {
  const { numerator: gained, denominator: parts } = productOf(instrument).slopeOf(instrument);
  return { perLot: gained < 0n ? -gained : gained, gained, parts };
}

/** The notional of the owner at a factor of a sign. */
function notionalAt({ instrument }: Holding, { ownerLots }: Floor, factor: Ratio, sign: bigint): Ratio {
  const { perLot, parts } = stepOf(instrument);
  return { numerator: sign * factor.numerator * perLot * ownerLots, denominator: factor.denominator * parts };
}

/** Past the last cap its rate goes on: a position may grow beyond it by price alone. */
const isWithin = ({ numerator, denominator }: Ratio, piece: FloorPiece, isLast: boolean): boolean =>
  numerator >= piece.floor * denominator && (isLast || piece.cap === null || numerator <= piece.cap * denominator);

/** The factors of a sign at which equity equals a floor. */
function rootsOnSide(holding: Holding, gap: Margin, floor: Floor, sign: bigint): Ratio[] {
  return floor.pieces.flatMap((piece, i) => {
    const { slope, constant } = surplusLine(holding, gap, floor, piece, sign);
    if (slope === 0n) return [];
    const root = ratio(-constant, slope);
    return isWithin(notionalAt(holding, floor, root, sign), piece, i === floor.pieces.length - 1) ? [root] : [];
  });
}

/** Whether equity is below none of the floors at a factor of a sign. */
const isCovered = (holding: Holding, gap: Margin, floors: readonly Floor[], sign: bigint, factor: Ratio): boolean =>
  floors.every((floor) => {
    const notional = notionalAt(holding, floor, factor, sign);
    const piece = floor.pieces.find((each, i) => isWithin(notional, each, i === floor.pieces.length - 1));
    if (!piece) return false;
    const { slope, constant } = surplusLine(holding, gap, floor, piece, sign);
    return slope * factor.numerator + constant * factor.denominator >= 0n;
  });

/**
 * The part of an account's equity that closing `lots` of a holding (without sign) may use up: in proportion to the
 * maintenance margin it frees.
 */
export function equityShareOf(standing: Standing, holding: Holding, lots: Size): Margin {
  if (standing.maintenance === 0n) return margin(0n);
  const freed = freedBy(standing.picture.holdings, holding, lots).maintenance;
  return margin(divDown(standing.equity * freed, standing.maintenance));
}

/**
 * What closing `lots` at the closing limit comes to: their value at the mark, less the equity that may be used up.
 * Signed as the worth of the position; the equity is rounded so that the account never ends below zero.
 */
export const closingLimitWorthOf = (standing: Standing, holding: Holding, lots: Size): Margin =>
  minus(
    worthAt(holding.instrument, closedOf(holding, lots), holding.mark),
    marginOf(usedEquityOf(standing, holding, lots)),
  );

/** The equity that closing lots may use up, in whole units. */
export const usedEquityOf = (standing: Standing, holding: Holding, lots: Size): Cash =>
  cashDown(equityShareOf(standing, holding, lots));

const closedOf = ({ position }: Holding, lots: Size): Size => (position.size > 0n ? lots : negate(lots));

/**
 * The closing limit: the price, in ticks, at which closing `lots` uses up exactly their share of equity. No liquidation
 * closes at a worse one. Undefined where no price does.
 */
export function closingLimitOf(standing: Standing, holding: Holding, lots: Size): Ratio | undefined {
  const closed = closedOf(holding, lots);
  const worth = worthAt(holding.instrument, closed, holding.mark);
  return priceOfWorth(holding.instrument, closed, minus(worth, equityShareOf(standing, holding, lots)));
}

/** A price as the nearest tick that is no worse for the account: up when it sells, down when it buys. */
export const limitTick = (exact: Ratio, sells: boolean): Price =>
  (sells ? divUp(exact.numerator, exact.denominator) : divDown(exact.numerator, exact.denominator)) as Price;
