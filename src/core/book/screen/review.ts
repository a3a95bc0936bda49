/**
 * Reviewing accounts at other prices than those of the moment: each is taken apart once and then put at one set of
 * prices after the other. What floats cannot tell beyond doubt, or cannot say exactly, is left to whoever asks.
 */

import type { Ratio } from '../../../units/ratio';
import type { InstrumentId } from '../../model/reference';
import type { CurveOf, Priced } from '../../model/watch';
import type { ColumnBook } from '../columnBook';
import { NONE } from '../columns';
import { createNames } from '../names';
import { createCollateralNodes } from './collateral';
import { createDemand, demand } from './demand';
import { createLegs, losingSide, roomFor } from './legs';
import { errorOf, type Plane } from './prove';
import { LARGEST_EXACT, type Sum } from './sum';
import { costIn, factorNow, quotient, type Terms, termsOf, termsOfHolding } from './terms';
import { LOW } from './triggers';

/** Of a surplus at or above zero: it is, it is not, floats cannot tell. */
export type Verdict = 'HOLDS' | 'FAILS' | 'DOUBT';

export interface Review {
  /** Takes an account apart. */
  take(row: number, ownersAddUp: boolean): void;
  /** Puts it at the prices of a set. */
  moveTo(set: number): void;
  /**
   * Moves each factor of the first set by a share of itself against the account, a hair further than said or not as
   * far.
   */
  moveAgainst(share: Ratio, hair: 'FURTHER' | 'NEARER'): void;
  /** Whether every one of the surpluses is at or above zero. */
  verdict(planes: readonly Plane[]): Verdict;
  /** How many of the surpluses, the easiest first, are at or above zero; undefined where floats cannot tell. */
  hold(planes: readonly Plane[]): number | undefined;
  /** Adds the gross notional; false, and nothing added, where floats cannot say it exactly. */
  addNotional(sum: Sum): boolean;
  /** Adds equity, or what is missing of it to zero; false where floats cannot say it exactly. */
  addEquity(sum: Sum): boolean;
  addShortfall(sum: Sum): boolean;
  /** Whether anything is required of the account. */
  readonly isCharged: boolean;
  /** Its positions: instrument, size as the nearest float, row. */
  eachPosition(of: (instrument: number, size: number, row: number) => void): void;
}

/** A share nudged by this cannot be mistaken for the share it was made of. */
const HAIR = 2 ** -50;

/** The sets are the house with other marks and index prices; they must not change while the review lasts. */
export function createReview(book: ColumnBook, sets: readonly Priced[], curveOf: CurveOf): Review {
  const { instrumentNames } = book;
  const [first] = sets as readonly [Priced];
  const terms: (Terms | undefined)[] = [];
  const marks = sets.map((): number[] => []);
  const indexNames = createNames();
  const indexPrices = sets.map((): number[] => []);
  const collateral = createCollateralNodes(book);
  const perLeverage: (number | undefined)[] = [];
  const legs = createLegs();
  const asked = createDemand();
  let factors = new Float64Array(64); // where each leg has been put
  let cash = 0;
  let notional = 0;
  let hasCollateral = false;
  let gainsAreWhole = false; // and notionals
  // Figures of the account where it has been put, and the sizes of their terms without sign.
  let [equity, equitySize, initial, initialSize, maintenance, maintenanceSize] = [0, 0, 0, 0, 0, 0];

  function termsAt(instrument: number): Terms {
    const known = terms[instrument];
    if (known) return known;
    const id: InstrumentId = instrumentNames.name(instrument);
    const made = termsOf(first, id, curveOf);
    terms[instrument] = made;
    sets.forEach((set, i) => {
      (marks[i] as number[])[instrument] = factorNow(set, id);
    });
    return made;
  }

  function indexAt(id: string): number {
    const known = indexNames.find(id);
    if (known !== NONE) return known;
    const source = indexNames.number(id);
    sets.forEach((set, i) => {
      (indexPrices[i] as number[])[source] = Number(set.indices.get(id)?.state.price);
    });
    return source;
  }

  function leverageOf(row: number): number {
    const number = book.columns.accounts.leverage[row] as number;
    if (number === 0) return 0;
    const known = perLeverage[number];
    if (known !== undefined) return known;
    const chosen = book.account(book.accountNames.name(row))?.leverage;
    const made = chosen ? quotient(chosen.denominator, chosen.numerator) : 0;
    perLeverage[number] = made;
    return made;
  }

  function takePositions(row: number, ownersAddUp: boolean): number {
    const { accounts, positions } = book.columns;
    let leg = 0;
    gainsAreWhole = true;
    for (let at = accounts.first[row] as number; at !== NONE; at = positions.next[at] as number) {
      const size = positions.size[at] as number;
      const lots = book.lotsOf(at);
      if (size === 0 && lots === 0) continue;
      const instrument = positions.instrument[at] as number;
      const known = termsAt(instrument);
      roomFor(legs, leg);
      legs.node[leg] = at;
      legs.collateral[leg] = 0;
      legs.source[leg] = instrument;
      legs.factor[leg] = known.factor;
      legs.slope[leg] = size * known.gained;
      if (!known.isWhole) gainsAreWhole = false;
      legs.cost[leg] = costIn(book, at, known);
      legs.lots[leg] = lots;
      legs.ownerLots[leg] = ownersAddUp ? book.ownerLotsOf(at) : lots;
      legs.terms[leg] = known.isByHolding
        ? termsOfHolding(book, known, book.accountNames.name(row), ownersAddUp)
        : known;
      leg += 1;
    }
    return leg;
  }

  /** The figures at `factors`. */
  function addUp(): void {
    equity = cash;
    equitySize = Math.abs(cash);
    initial = initialSize = maintenance = maintenanceSize = notional = 0;
    for (let leg = 0; leg < legs.count; leg++) {
      const factor = factors[leg] as number;
      const value = (legs.slope[leg] as number) * factor;
      const cost = legs.cost[leg] as number;
      equity += value - cost;
      equitySize += Math.abs(value) + Math.abs(cost);
      const of = legs.terms[leg];
      if (of === undefined) continue; // collateral
      notional += Math.abs(value);
      const lots = legs.lots[leg] as number;
      if (lots === 0) continue;
      demand(asked, of, lots, legs.ownerLots[leg] as number, Math.abs(factor), legs.perLeverage);
      initial += asked.initial;
      initialSize += asked.initialSize;
      maintenance += asked.maintenance;
      maintenanceSize += asked.maintenanceSize;
    }
  }

  function isAbove(plane: Plane): Verdict {
    // Nothing is required of an account without legs, and whole money is as it says.
    const isMoney = plane.initial === 0 && plane.maintenance === 0;
    if (plane.constant === 0 && (legs.count === 0 || (isMoney && isWhole()))) return equity >= 0 ? 'HOLDS' : 'FAILS';
    const surplus = equity - plane.initial * initial - plane.maintenance * maintenance + plane.constant;
    const size =
      equitySize + plane.initial * initialSize + plane.maintenance * maintenanceSize + Math.abs(plane.constant);
    const error = errorOf(legs, size, plane);
    return surplus >= error ? 'HOLDS' : surplus < -error ? 'FAILS' : 'DOUBT';
  }

  /** Cash and whole gains alone, none of whose parts is too large for a float. */
  const isWhole = (): boolean => !hasCollateral && gainsAreWhole && equitySize <= LARGEST_EXACT;

  return {
    take(row, ownersAddUp) {
      cash = book.columns.accounts.cash[row] as number;
      let leg = takePositions(row, ownersAddUp);
      const positions = leg;
      for (const { node, index, price, slope } of collateral.of(first, row)) {
        roomFor(legs, leg);
        legs.node[leg] = node;
        legs.collateral[leg] = 1;
        legs.source[leg] = indexAt(index);
        legs.factor[leg] = price;
        legs.slope[leg] = slope;
        legs.cost[leg] = legs.lots[leg] = legs.ownerLots[leg] = 0;
        legs.terms[leg] = undefined;
        leg += 1;
      }
      legs.count = leg;
      hasCollateral = leg > positions;
      legs.perLeverage = leverageOf(row);
      if (leg > factors.length) factors = new Float64Array(leg * 2);
    },
    moveTo(set) {
      for (let leg = 0; leg < legs.count; leg++) {
        const from = (legs.collateral[leg] === 1 ? indexPrices : marks)[set] as number[];
        factors[leg] = from[legs.source[leg] as number] as number;
      }
      addUp();
    },
    moveAgainst({ numerator, denominator }, hair) {
      const share = quotient(numerator, denominator) * (hair === 'FURTHER' ? 1 + HAIR : 1 - HAIR);
      for (let leg = 0; leg < legs.count; leg++) {
        const factor = legs.factor[leg] as number;
        const by = Math.abs(factor) * share;
        factors[leg] = losingSide(legs, leg) === LOW ? factor - by : factor + by;
      }
      addUp();
    },
    verdict(planes) {
      let all: Verdict = 'HOLDS';
      for (const plane of planes) {
        const one = isAbove(plane);
        if (one === 'FAILS') return one;
        if (one === 'DOUBT') all = one;
      }
      return all;
    },
    hold(planes) {
      for (let i = 0; i < planes.length; i++) {
        const one = isAbove(planes[i] as Plane);
        if (one === 'DOUBT') return undefined;
        if (one === 'FAILS') return i;
      }
      return planes.length;
    },
    addNotional(sum) {
      if (!gainsAreWhole || notional > LARGEST_EXACT) return false;
      sum.addFloat(notional);
      return true;
    },
    addEquity(sum) {
      if (!isWhole()) return false;
      sum.addFloat(equity);
      return true;
    },
    addShortfall(sum) {
      if (!isWhole()) return false;
      sum.addFloat(-equity);
      return true;
    },
    get isCharged() {
      return maintenance !== 0;
    },
    eachPosition(of) {
      for (let leg = 0; leg < legs.count; leg++) {
        const row = legs.node[leg] as number;
        const size = book.columns.positions.size[row] as number;
        if (legs.collateral[leg] === 0 && size !== 0) of(legs.source[leg] as number, size, row);
      }
    },
  };
}
