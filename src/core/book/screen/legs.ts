/**
 * An account taken apart: everything of it that moves with a factor, one leg each, in arrays that are used again for
 * every account. A leg is a position, or collateral in another currency; its surplus is a concave function of its own
 * factor: of a position what its product makes of the price, of collateral the price itself.
 */

import { createDemand, demand } from './demand';
import type { Terms } from './terms';
import { LOW, type Side } from './triggers';

export interface Legs {
  count: number;
  node: Int32Array; // of the leg's triggers: a position's row, or a number of its own for collateral
  source: Int32Array; // instrument, or index
  collateral: Uint8Array; // 1 where it is
  factor: Float64Array; // now
  slope: Float64Array; // cash gained when the factor grows by one, signed
  cost: Float64Array; // cash
  lots: Float64Array; // that count for margin; zero of collateral
  ownerLots: Float64Array;
  readonly terms: (Terms | undefined)[];
  perLeverage: number; // one over the leverage its holder chose; zero where none was
}

const FIRST = 64;

export const createLegs = (): Legs => ({ count: 0, ...columnsOf(FIRST), terms: [], perLeverage: 0 });

const columnsOf = (legs: number) => ({
  node: new Int32Array(legs),
  source: new Int32Array(legs),
  collateral: new Uint8Array(legs),
  factor: new Float64Array(legs),
  slope: new Float64Array(legs),
  cost: new Float64Array(legs),
  lots: new Float64Array(legs),
  ownerLots: new Float64Array(legs),
});

/** Makes room for a leg beyond those there are. */
export function roomFor(legs: Legs, leg: number): void {
  if (leg < legs.factor.length) return;
  const longer = columnsOf(legs.factor.length * 2);
  for (const name of Object.keys(longer) as (keyof typeof longer)[]) longer[name].set(legs[name]);
  Object.assign(legs, longer);
}

/**
 * The side of its factor on which a leg loses: down for what gains when it rises, up for the rest and for what only
 * asks for margin.
 */
export const losingSide = (legs: Legs, leg: number): Side => ((legs.slope[leg] as number) > 0 ? LOW : 1);

/** The legs at one factor each: where a corner of a zone lies, and what is asked for there. */
export interface Corner {
  factor: Float64Array;
  initial: Float64Array; // requirement, in cash
  maintenance: Float64Array;
  initialSize: Float64Array; // its terms added up without sign: the measure of how wrong the requirement can be
  maintenanceSize: Float64Array;
}

export const createCorner = (legs = FIRST): Corner => ({
  factor: new Float64Array(legs),
  initial: new Float64Array(legs),
  maintenance: new Float64Array(legs),
  initialSize: new Float64Array(legs),
  maintenanceSize: new Float64Array(legs),
});

/** How requirements grow with the factor now, away from zero. */
export interface Gradients {
  initial: Float64Array;
  maintenance: Float64Array;
}

const asked = createDemand();

/** What every leg asks for at the factors of a corner, and, if wanted, how that grows there. */
export function ask(legs: Legs, corner: Corner, gradients?: Gradients): void {
  for (let leg = 0; leg < legs.count; leg++) {
    const terms = legs.terms[leg];
    const lots = legs.lots[leg] as number;
    if (!terms || lots === 0) {
      corner.initial[leg] = 0;
      corner.maintenance[leg] = 0;
      corner.initialSize[leg] = 0;
      corner.maintenanceSize[leg] = 0;
      if (gradients) gradients.initial[leg] = gradients.maintenance[leg] = 0;
      continue;
    }
    const factor = corner.factor[leg] as number;
    demand(asked, terms, lots, legs.ownerLots[leg] as number, factor < 0 ? -factor : factor, legs.perLeverage);
    corner.initial[leg] = asked.initial;
    corner.initialSize[leg] = asked.initialSize;
    corner.maintenance[leg] = asked.maintenance;
    corner.maintenanceSize[leg] = asked.maintenanceSize;
    if (!gradients) continue;
    gradients.initial[leg] = asked.initialSlope;
    gradients.maintenance[leg] = asked.maintenanceSlope;
  }
}

/** The steepest the requirement of a leg can become, per unit of the factor, as a condition weighs it. */
export function steepest(legs: Legs, leg: number, initial: number, maintenance: number): number {
  const terms = legs.terms[leg];
  if (!terms || terms.caps.length === 0) return 0;
  const last = terms.caps.length - 1;
  const rate = terms.initialRate[last] as number;
  const highest = rate > legs.perLeverage ? rate : legs.perLeverage;
  return (
    terms.perLot *
    (legs.lots[leg] as number) *
    (initial * highest + maintenance * (terms.maintenanceRate[last] as number))
  );
}
