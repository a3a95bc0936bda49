/**
 * What the screen knows of an instrument, in floats: the factor its worth is a straight line in, as it is now, what a
 * lot gains by it, and what its margin model asks for as straight pieces over notional.
 * The floats of this folder decide nothing. They say with a proven bound which accounts cannot have crossed a level;
 * who is not beyond doubt is looked at with integers.
 */

import { known } from '../../../units/failure';
import { MARGIN_PER_CASH, type Size } from '../../../units/quantity';
import type { AccountId } from '../../model/account';
import type { Curve, CurveByHolding } from '../../model/margin';
import type { Instrument, InstrumentId } from '../../model/reference';
import type { CurveOf, Priced } from '../../model/watch';
import { perLotOf } from '../../product/perContract';
import { productOf } from '../../product/products';
import type { ColumnBook } from '../columnBook';
import { exposureOf } from '../exposure';

export interface Terms {
  factor: number; // at the mark
  readonly gained: number; // cash a lot gains when the factor grows by one, signed
  readonly perLot: number; // notional of a lot per unit of the factor: the same without its sign
  readonly isWhole: boolean; // whether factors and gains are whole numbers
  readonly instrument: Instrument;
  readonly isByHolding: boolean; // whether each holding has terms of its own
  readonly curve: Curve | CurveByHolding | null; // what the rest was made of; by holding: each has terms of its own
  readonly caps: Float64Array; // notional up to which each piece reaches; the last has no end
  readonly initialRate: Float64Array;
  readonly initialDeduction: Float64Array; // cash
  readonly maintenanceRate: Float64Array;
  readonly maintenanceDeduction: Float64Array; // cash
  readonly initialPerLot: number; // cash: never less for each lot, whatever the factor
  readonly maintenancePerLot: number;
}

/** The nearest float of a fraction, to within a few units in its last place. */
export const quotient = (numerator: bigint, denominator: bigint): number => Number(numerator) / Number(denominator);

/** What a position was entered at, in cash. */
export const costIn = (book: ColumnBook, row: number, { isWhole }: Terms): number => {
  const cost = book.columns.positions.cost[row] as number;
  return isWhole ? cost : cost + Number(book.fractionOf(row)) / Number(MARGIN_PER_CASH);
};

/**
 * The factor of an instrument at its mark. Rounding keeps the order of factors, so that none passes another one unseen.
 */
export function factorNow(priced: Priced, id: InstrumentId): number {
  const listing = priced.listings.get(id);
  if (!listing?.mark) return Number.NaN;
  const { numerator, denominator } = productOf(listing.instrument).factorOf(listing.mark.price);
  return quotient(numerator, denominator);
}

export function termsOf(priced: Priced, id: InstrumentId, curveOf: CurveOf): Terms {
  const listing = known(priced.listings.get(id), 'Instrument', id);
  const { instrument } = listing;
  const slope = productOf(instrument).slopeOf(instrument);
  const gained = quotient(slope.numerator, slope.denominator);
  const curve = curveOf(listing);
  return {
    factor: factorNow(priced, id),
    gained,
    perLot: Math.abs(gained),
    isWhole: slope.denominator === 1n,
    curve,
    isByHolding: curve !== null && 'curveFor' in curve,
    instrument,
    ...piecesOf(instrument, curve && 'tiers' in curve ? curve : null),
  };
}

/**
 * The terms of one holding where each has a curve of its own: made in integers, so that rates are exact. Whatever the
 * curve depends on changes with an event that has the account looked at anew.
 */
export function termsOfHolding(book: ColumnBook, of: Terms, account: AccountId, ownersAddUp: boolean): Terms {
  const { curve, instrument } = of;
  const position = book.position(account, instrument.id);
  if (!position || !curve || !('curveFor' in curve)) return of;
  const owner = known(book.account(account), 'Account', account).owner;
  const others = ownersAddUp ? book.ownerExposure(owner, instrument.id) - exposureOf(position) : 0n;
  return { ...of, ...piecesOf(instrument, curve.curveFor({ position, otherLots: others as Size })) };
}

type Pieces = Pick<Terms, 'caps' | `${'initial' | 'maintenance'}${'Rate' | 'Deduction' | 'PerLot'}`>;

function piecesOf(instrument: Instrument, curve: Curve | null): Pieces {
  const count = curve?.tiers.length ?? 0;
  const pieces = {
    caps: new Float64Array(count),
    initialRate: new Float64Array(count),
    initialDeduction: new Float64Array(count),
    maintenanceRate: new Float64Array(count),
    maintenanceDeduction: new Float64Array(count),
    initialPerLot: quotient(perLotOf(instrument, curve?.initialPerContract), MARGIN_PER_CASH),
    maintenancePerLot: quotient(perLotOf(instrument, curve?.maintenancePerContract), MARGIN_PER_CASH),
  };
  curve?.tiers.forEach((piece, i) => {
    pieces.caps[i] = piece.cap === null || i === count - 1 ? Number.POSITIVE_INFINITY : Number(piece.cap);
    pieces.initialRate[i] = quotient(piece.initialRate, curve.denominator);
    pieces.initialDeduction[i] = quotient(piece.initialDeduction, curve.denominator);
    pieces.maintenanceRate[i] = quotient(piece.maintenanceRate, curve.denominator);
    pieces.maintenanceDeduction[i] = quotient(piece.maintenanceDeduction, curve.denominator);
  });
  return pieces;
}
