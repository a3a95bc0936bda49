/**
 * How far an account is from a level: the smallest share by which every factor (of a linear contract the price) has to
 * move against it, each position's and each collateral's against its holder, until equity meets the level. Solved in
 * fractions, tier by tier, without rounding: what is left over the level is a concave function of that share, so its
 * lines lead down to the one root.  Rule: RLM-3
 */

import { known } from '../../units/failure';
import { MARGIN_PER_CASH, RATE_ONE } from '../../units/quantity';
import { addRatios, compareRatios, multiplyRatios, type Ratio, ratio } from '../../units/ratio';
import { divUp } from '../../units/rounding';
import { exposureOf } from '../book/exposure';
import { collateralValueOf } from '../margin/equity';
import type { Holding } from '../margin/model/holding';
import { curveOf } from '../margin/model/models';
import type { Picture } from '../margin/picture';
import type { Curve } from '../model/margin';
import type { MarginLevel, MarginTerm } from '../model/policy';
import { gainAt } from '../position/value';
import { perLotOf } from '../product/perContract';
import { productOf } from '../product/products';

/** constant + slope x share. Unit: cash. */
interface Line {
  readonly constant: Ratio;
  readonly slope: Ratio;
}

const NOUGHT: Ratio = { numerator: 0n, denominator: 1n };
const WHOLE: Ratio = { numerator: 1n, denominator: 1n };

const times = (a: Ratio, numerator: bigint, denominator: bigint): Ratio =>
  ratio(a.numerator * numerator, a.denominator * denominator);
const plusLine = (a: Line, b: Line): Line => ({
  constant: addRatios(a.constant, b.constant),
  slope: addRatios(a.slope, b.slope),
});
const scaled = (line: Line, numerator: bigint, denominator: bigint): Line => ({
  constant: times(line.constant, numerator, denominator),
  slope: times(line.slope, numerator, denominator),
});

const valueAt = ({ constant, slope }: Line, share: Ratio): Ratio => addRatios(constant, multiplyRatios(slope, share));

/** Null where all of every price is not enough. Zero where equity is below the level already. */
export function distanceOf(picture: Picture, level: MarginLevel): Ratio | null {
  let nearest: Ratio | null = null;
  for (const term of level) {
    const root = rootOf(picture, term);
    if (root && (!nearest || compareRatios(root, nearest) < 0)) nearest = root;
  }
  return nearest;
}

function rootOf(picture: Picture, term: MarginTerm): Ratio | null {
  if (valueAt(surplusLine(picture, term, NOUGHT), NOUGHT).numerator < 0n) return NOUGHT;
  let share = WHOLE;
  let line = surplusLine(picture, term, share);
  if (valueAt(line, share).numerator >= 0n) return null;
  // From the far side: each line lies above the curve, so its root is never before the one looked for.
  while (valueAt(line, share).numerator < 0n) {
    share = ratio(-line.constant.numerator * line.slope.denominator, line.constant.denominator * line.slope.numerator);
    line = surplusLine(picture, term, share);
  }
  return share;
}

/** The line on which equity less the level lies at a share. */
function surplusLine(picture: Picture, { base, ratio: part }: MarginTerm, share: Ratio): Line {
  const value = ratio(collateralValueOf(picture), MARGIN_PER_CASH);
  let line: Line = {
    constant: addRatios({ numerator: picture.cash, denominator: 1n }, value),
    slope: times(value, -1n, 1n),
  };
  for (const holding of picture.holdings) {
    const away = awayLine(holding);
    line = plusLine(line, equityLine(holding));
    const required =
      base === 'INITIAL' ? initialLine(holding, away, share) : tierLine(holding, away, share, 'MAINTENANCE');
    line = plusLine(line, scaled(required, -part.numerator, part.denominator));
  }
  return line;
}

/** Which way the factor goes when it goes against the holder: down for what gains when it rises, up for the rest. */
const direction = (holding: Holding): bigint => (gainedPerStep(holding).numerator > 0n ? -1n : 1n);

/** What the position gains when the factor grows by one. */
function gainedPerStep({ instrument, position }: Holding): Ratio {
  const { numerator, denominator } = productOf(instrument).slopeOf(instrument);
  return { numerator: position.size * numerator, denominator };
}

const factorNow = ({ instrument, mark }: Holding): Ratio => productOf(instrument).factorOf(mark);

const sizeOf = (value: bigint): bigint => (value < 0n ? -value : value);

function equityLine(holding: Holding): Line {
  const { instrument, position, mark } = holding;
  const gained = gainedPerStep(holding);
  const factor = factorNow(holding);
  return {
    constant: ratio(gainAt(instrument, position, mark), MARGIN_PER_CASH),
    slope: ratio(
      gained.numerator * direction(holding) * sizeOf(factor.numerator),
      gained.denominator * factor.denominator,
    ),
  };
}

/** The factor without sign. */
function awayLine(holding: Holding): Line {
  const { numerator, denominator } = factorNow(holding);
  const grows = direction(holding) > 0n === numerator > 0n;
  return {
    constant: { numerator: sizeOf(numerator), denominator },
    slope: { numerator: grows ? sizeOf(numerator) : -sizeOf(numerator), denominator },
  };
}

/** Notional of one lot per unit of the factor. */
function lotPerStep({ instrument }: Holding): Ratio {
  const { numerator, denominator } = productOf(instrument).slopeOf(instrument);
  return { numerator: sizeOf(numerator), denominator };
}

/** What the tiers ask for, or what is stated for a contract where that is more. */
function tierLine(holding: Holding, away: Line, share: Ratio, base: MarginTerm['base']): Line {
  const { position, instrument } = holding;
  const curve = curveOf(holding);
  const lots: bigint = exposureOf(position);
  if (lots === 0n) return { constant: NOUGHT, slope: NOUGHT };
  const byCurve = curveLine(holding, curve, away, share, base);
  const least = perLotOf(instrument, base === 'INITIAL' ? curve.initialPerContract : curve.maintenancePerContract);
  const still = { constant: ratio(least * lots, MARGIN_PER_CASH), slope: NOUGHT };
  return compareRatios(still.constant, valueAt(byCurve, share)) > 0 ? still : byCurve;
}

function curveLine(holding: Holding, curve: Curve, away: Line, share: Ratio, base: MarginTerm['base']): Line {
  const { position, otherLots } = holding;
  const lots: bigint = exposureOf(position);
  const ownerLots = lots + otherLots;
  const perLot = lotPerStep(holding);
  const at = valueAt(away, share);
  // Notional up to a whole number: pieces reach up to whole amounts, and theirs are the same on both sides of them.
  const notional = divUp(at.numerator * perLot.numerator * ownerLots, at.denominator * perLot.denominator);
  const tier = known(
    curve.tiers.find(({ cap }) => cap === null || notional <= cap) ?? curve.tiers.at(-1),
    'Piece',
    holding.instrument.id,
  );
  const [rate, deduction] =
    base === 'INITIAL' ? [tier.initialRate, tier.initialDeduction] : [tier.maintenanceRate, tier.maintenanceDeduction];
  const line = scaled(away, perLot.numerator * lots * rate, perLot.denominator * curve.denominator);
  return { ...line, constant: addRatios(line.constant, ratio(-deduction * lots, curve.denominator * ownerLots)) };
}

/** The same, or the leverage its holder chose where that is more. */
function initialLine(holding: Holding, away: Line, share: Ratio): Line {
  const byTier = tierLine(holding, away, share, 'INITIAL');
  const { position, leverage } = holding;
  if (leverage === null) return byTier;
  const perLot = lotPerStep(holding);
  const chosen = scaled(
    away,
    perLot.numerator * exposureOf(position) * leverage.denominator,
    perLot.denominator * leverage.numerator,
  );
  return compareRatios(valueAt(chosen, share), valueAt(byTier, share)) > 0 ? chosen : byTier;
}

/** A rate as a ratio. */
export const ratioOf = (rate: bigint): Ratio => ratio(rate, RATE_ONE);
