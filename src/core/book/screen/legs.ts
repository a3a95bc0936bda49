/**
 * An account taken apart: everything of it that moves with a price, one leg each, in arrays that are used again for every
 * account. A leg is a position, or collateral in another currency; its surplus is a concave function of its own price.
 */

import { NONE } from '../columns';
import type { Terms } from './terms';
import { LOW, type Side } from './triggers';

export interface Legs {
  count: number;
  readonly node: number[]; // of the leg's triggers: a position's row, or a number of its own for collateral
  readonly collateral: boolean[];
  readonly source: number[]; // instrument, or index
  readonly price: number[]; // now, in ticks
  readonly slope: number[]; // cash gained per tick, signed
  readonly cost: number[]; // cash
  readonly lots: number[]; // that count for margin; zero of collateral
  readonly ownerLots: number[];
  readonly perLeverage: number[]; // one over the leverage its holder chose; zero where none was
  readonly terms: (Terms | undefined)[];
}

export const createLegs = (): Legs => ({
  count: 0,
  node: [],
  collateral: [],
  source: [],
  price: [],
  slope: [],
  cost: [],
  lots: [],
  ownerLots: [],
  perLeverage: [],
  terms: [],
});

/** The side on which a leg loses: down for what is long, up for what is short or only asks for margin. */
export const losingSide = (legs: Legs, leg: number): Side => ((legs.slope[leg] as number) > 0 ? LOW : 1);

/** What a leg asks for at a price, and how much of it comes from large numbers taken from each other. */
export interface Asked {
  initial: number;
  maintenance: number;
  initialSize: number; // sum of the terms without sign
  maintenanceSize: number;
  initialSlope: number; // per tick away from zero
  maintenanceSlope: number;
}

export const NOTHING_ASKED: Asked = {
  initial: 0,
  maintenance: 0,
  initialSize: 0,
  maintenanceSize: 0,
  initialSlope: 0,
  maintenanceSlope: 0,
};

/** The requirement of a leg at a price, into `asked`.  Rules: MT-1, MT-3 */
export function ask(legs: Legs, leg: number, price: number, asked: Asked): void {
  const terms = legs.terms[leg];
  const lots = legs.lots[leg] as number;
  if (!terms || lots === 0) {
    Object.assign(asked, NOTHING_ASKED);
    return;
  }
  const ownerLots = legs.ownerLots[leg] as number;
  const away = price < 0 ? -price : price;
  const perTick = terms.tickValue * ownerLots;
  const notional = away * perTick;
  const tier = tierOf(terms, notional);
  const share = lots / ownerLots;
  const [initialRate, maintenanceRate] = [terms.initialRate[tier] as number, terms.maintenanceRate[tier] as number];
  const [initialDeduction, maintenanceDeduction] = [terms.initialDeduction[tier] as number, terms.maintenanceDeduction[tier] as number];
  asked.initial = share * (notional * initialRate - initialDeduction);
  asked.initialSize = share * (notional * initialRate + initialDeduction);
  asked.initialSlope = share * perTick * initialRate;
  asked.maintenance = share * (notional * maintenanceRate - maintenanceDeduction);
  asked.maintenanceSize = share * (notional * maintenanceRate + maintenanceDeduction);
  asked.maintenanceSlope = share * perTick * maintenanceRate;
  const chosenSlope = terms.tickValue * lots * (legs.perLeverage[leg] as number);
  if (away * chosenSlope > asked.initial) {
    asked.initial = away * chosenSlope;
    asked.initialSlope = chosenSlope;
    asked.initialSize += asked.initial;
  }
}

function tierOf({ caps }: Terms, notional: number): number {
  let tier = 0;
  while (notional > (caps[tier] as number)) tier += 1;
  return tier;
}

/** The steepest the requirement of a leg can become, per tick. */
export function steepest(legs: Legs, leg: number): { readonly initial: number; readonly maintenance: number } {
  const terms = legs.terms[leg];
  const last = (terms?.caps.length ?? 0) + NONE;
  if (!terms || last < 0) return { initial: 0, maintenance: 0 };
  const perTick = terms.tickValue * (legs.lots[leg] as number);
  const rate = terms.initialRate[last] as number;
  const chosen = legs.perLeverage[leg] as number;
  return { initial: perTick * (rate > chosen ? rate : chosen), maintenance: perTick * (terms.maintenanceRate[last] as number) };
}
