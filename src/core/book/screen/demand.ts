/** What the curve of a margin model asks of a leg, in floats: the one place that reads it.  Rules: MT-1, MT-3 */

import type { Terms } from './terms';

/**
 * Figures in cash, with the size of their terms without sign (the measure of how wrong they can be) and their growth
 * per unit of the factor away from zero.
 */
export interface Demand {
  initial: number;
  initialSize: number;
  initialSlope: number;
  maintenance: number;
  maintenanceSize: number;
  maintenanceSlope: number;
}

export const createDemand = (): Demand => ({
  initial: 0,
  initialSize: 0,
  initialSlope: 0,
  maintenance: 0,
  maintenanceSize: 0,
  maintenanceSlope: 0,
});

/**
 * What is asked of `lots` out of `ownerLots` at a factor without its sign; `perLeverage`: one over the leverage their
 * holder chose, or zero.
 */
export function demand(
  of: Demand,
  terms: Terms,
  lots: number,
  ownerLots: number,
  away: number,
  perLeverage: number,
): void {
  const perStep = terms.perLot * ownerLots;
  const notional = away * perStep;
  let tier = 0;
  while (notional > (terms.caps[tier] as number)) tier += 1;
  const share = lots / ownerLots;
  const initialDue = notional * (terms.initialRate[tier] as number);
  const initialOff = terms.initialDeduction[tier] as number;
  const maintenanceDue = notional * (terms.maintenanceRate[tier] as number);
  const maintenanceOff = terms.maintenanceDeduction[tier] as number;
  of.initial = share * (initialDue - initialOff);
  of.initialSize = share * (initialDue + Math.abs(initialOff));
  of.initialSlope = share * perStep * (terms.initialRate[tier] as number);
  of.maintenance = share * (maintenanceDue - maintenanceOff);
  of.maintenanceSize = share * (maintenanceDue + Math.abs(maintenanceOff));
  of.maintenanceSlope = share * perStep * (terms.maintenanceRate[tier] as number);
  const initialLeast = terms.initialPerLot * lots;
  if (initialLeast > of.initial) {
    of.initial = initialLeast;
    of.initialSlope = 0;
  }
  of.initialSize += initialLeast;
  const maintenanceLeast = terms.maintenancePerLot * lots;
  if (maintenanceLeast > of.maintenance) {
    of.maintenance = maintenanceLeast;
    of.maintenanceSlope = 0;
  }
  of.maintenanceSize += maintenanceLeast;
  if (perLeverage === 0) return;
  const chosenSlope = terms.perLot * lots * perLeverage;
  const chosen = away * chosenSlope;
  if (!(chosen > of.initial)) return;
  of.initial = chosen;
  of.initialSlope = chosenSlope;
  of.initialSize += chosen;
}
