/**
 * The watch over a book of columns: every account lies in a zone of factors in which its quiet is proven, and triggers
 * at the ends of the zone call for a look when a factor leaves it. A look either proves a new zone or names the
 * account. Rules: RLM-1, RLM-2, RLM-5
 */

import type { AccountId } from '../../model/account';
import type { IndexId, InstrumentId } from '../../model/reference';
import type { CurveOf, Priced, Quiet, Vigil, Watch } from '../../model/watch';
import type { ColumnBook } from '../columnBook';
import { NONE } from '../columns';
import { createNames } from '../names';
import { createCollateralNodes } from './collateral';
import { createLegs, losingSide, roomFor } from './legs';
import { createPages } from './pages';
import { betterEnd, worseEnd, type Zone, zoneOf } from './prove';
import { costIn, factorNow, type Terms, termsOf, termsOfHolding } from './terms';
import { createTriggers, HIGH, LOW, type Side, type Triggers } from './triggers';

/** `curveOf`: what the margin models let it use of an instrument. */
export function createWatch(book: ColumnBook, curveOf: CurveOf): Watch & { readonly bytes: number } {
  const { accountNames, instrumentNames } = book;
  const triggers = createTriggers(); // of positions: nodes 2 x row and 2 x row + 1
  const collateral = createCollateralNodes(book);
  const collateralTriggers = createTriggers();
  const indexNames = createNames();
  const terms: (Terms | undefined)[] = [];
  const vigils: (Vigil | undefined)[] = []; // by account row
  const leverages = new Map<number, number>(); // one over it, by account row
  const disturbed = new Set<number>();
  const legs = createLegs();
  const zone: Zone = { against: 0, inFavour: 0 };
  const counts = { looks: 0, named: 0 };
  let armed = false;
  const stamps = createPages(0); // by account row: the look it was last seen in
  let stamp = 0;

  book.onRows({
    freed(row) {
      const instrument = book.columns.positions.instrument[row] as number;
      triggers.remove(2 * row, instrument, LOW);
      triggers.remove(2 * row + 1, instrument, HIGH);
    },
  });

  /** The terms of an instrument, made anew where its margin has changed. */
  function refreshTerms(priced: Priced, instrument: number): Terms {
    const id = instrumentNames.name(instrument);
    const now = terms[instrument];
    const listing = priced.listings.get(id);
    if (now && now.curve === (listing ? curveOf(listing) : null)) return now;
    const made = termsOf(priced, id, curveOf);
    terms[instrument] = made;
    return made;
  }

  /**
   * Takes the account apart into legs. Terms change only with everybody who holds the instrument being looked at, so
   * that a look between prices need not ask whether they have.
   */
  function take(priced: Priced, row: number, ownersAddUp: boolean, refresh: boolean): void {
    const { accounts, positions } = book.columns;
    let leg = 0;
    for (let at = accounts.first[row] as number; at !== NONE; at = positions.next[at] as number) {
      const instrument = positions.instrument[at] as number;
      const size = positions.size[at] as number;
      const lots = book.lotsOf(at);
      if (size === 0 && lots === 0) continue;
      const known = (refresh ? undefined : terms[instrument]) ?? refreshTerms(priced, instrument);
      roomFor(legs, leg);
      legs.node[leg] = at;
      legs.collateral[leg] = 0;
      legs.source[leg] = instrument;
      legs.factor[leg] = known.factor;
      legs.slope[leg] = size * known.gained;
      legs.cost[leg] = costIn(book, at, known);
      legs.lots[leg] = lots;
      legs.ownerLots[leg] = ownersAddUp ? book.ownerLotsOf(at) : lots;
      legs.terms[leg] = known.isByHolding ? termsOfHolding(book, known, accountNames.name(row), ownersAddUp) : known;
      leg += 1;
    }
    for (const { node, index, price, slope } of collateral.of(priced, row)) {
      roomFor(legs, leg);
      legs.node[leg] = node;
      legs.collateral[leg] = 1;
      legs.source[leg] = indexNames.number(index);
      legs.factor[leg] = price;
      legs.slope[leg] = slope;
      legs.cost[leg] = legs.lots[leg] = legs.ownerLots[leg] = 0;
      legs.terms[leg] = undefined;
      leg += 1;
    }
    legs.count = leg;
    legs.perLeverage = leverages.size === 0 ? 0 : (leverages.get(row) ?? 0);
  }

  function put(leg: number, side: Side, factor: number): void {
    const of: Triggers = legs.collateral[leg] === 1 ? collateralTriggers : triggers;
    of.place(
      2 * (legs.node[leg] as number) + side,
      legs.source[leg] as number,
      side,
      factor,
      legs.factor[leg] as number,
    );
  }

  function clearTriggers(row: number): void {
    const { accounts, positions } = book.columns;
    for (let at = accounts.first[row] as number; at !== NONE; at = positions.next[at] as number) {
      const instrument = positions.instrument[at] as number;
      triggers.remove(2 * at, instrument, LOW);
      triggers.remove(2 * at + 1, instrument, HIGH);
    }
    for (const { node, index } of collateral.placed(row)) {
      const source = indexNames.number(index);
      collateralTriggers.remove(2 * node, source, LOW);
      collateralTriggers.remove(2 * node + 1, source, HIGH);
    }
  }

  /** Proves a zone and puts triggers at its ends; false where quiet is not beyond doubt. */
  function prove(priced: Priced, row: number, quiet: Quiet, refresh: boolean): boolean {
    take(priced, row, quiet.ownersAddUp, refresh);
    if (legs.count === 0) return true;
    if (!zoneOf(legs, book.columns.accounts.cash[row] as number, quiet, zone)) return false;
    const open = zone.inFavour === Number.POSITIVE_INFINITY;
    for (let leg = 0; leg < legs.count; leg++) {
      const losing = losingSide(legs, leg);
      put(leg, losing, worseEnd(legs, leg, zone));
      if (!open) put(leg, losing === LOW ? HIGH : LOW, betterEnd(legs, leg, zone));
    }
    return true;
  }

  /** Any price the account depends on calls for a look. */
  function standGuard(priced: Priced, row: number): void {
    take(priced, row, false, true);
    for (let leg = 0; leg < legs.count; leg++) {
      put(leg, LOW, legs.factor[leg] as number);
      put(leg, HIGH, legs.factor[leg] as number);
    }
  }

  function settleRow(priced: Priced, row: number, vigil: Vigil): void {
    vigils[row] = vigil;
    if (vigil === 'ASLEEP') return;
    if (vigil === 'ALWAYS' || !prove(priced, row, vigil, true)) standGuard(priced, row);
  }

  function learnLeverage(row: number, id: AccountId): void {
    const leverage = book.account(id)?.leverage;
    if (leverage) leverages.set(row, Number(leverage.denominator) / Number(leverage.numerator));
  }

  /**
   * Looks at accounts whose triggers were met: those that cannot be proven quiet are named, and disturbed from then on.
   */
  function look(priced: Priced, rows: readonly number[], named: AccountId[]): void {
    for (const row of rows) {
      counts.looks += 1;
      clearTriggers(row);
      const vigil = vigils[row];
      if (vigil !== undefined && vigil !== 'ALWAYS' && vigil !== 'ASLEEP' && prove(priced, row, vigil, false)) continue;
      counts.named += 1;
      disturbed.add(row);
      named.push(accountNames.name(row));
    }
  }

  function gather(found: number[], row: number): void {
    if (row === NONE || stamps.get(row) === stamp) return;
    stamps.set(row, stamp);
    found.push(row);
  }

  const found: number[] = [];

  function markMoved(priced: Priced, id: InstrumentId): Iterable<AccountId> {
    const instrument = instrumentNames.find(id);
    if (!armed || instrument === NONE) return [];
    const known = refreshTerms(priced, instrument);
    known.factor = factorNow(priced, id);
    stamp += 1;
    triggers.meet(instrument, known.factor, (node) =>
      gather(found, book.columns.positions.account[node >> 1] as number),
    );
    const named: AccountId[] = [];
    look(priced, found.splice(0), named);
    for (const row of disturbed)
      if (stamps.get(row) !== stamp && holds(row, instrument)) named.push(accountNames.name(row));
    return named;
  }

  function holds(row: number, instrument: number): boolean {
    const { accounts, positions } = book.columns;
    for (let at = accounts.first[row] as number; at !== NONE; at = positions.next[at] as number)
      if (positions.instrument[at] === instrument) return true;
    return false;
  }

  function indexMoved(priced: Priced, id: IndexId): Iterable<AccountId> {
    const source = indexNames.find(id);
    const listing = priced.indices.get(id);
    if (!armed || !listing) return [];
    const named: AccountId[] = [];
    stamp += 1;
    if (source !== NONE && listing.state.price !== null) {
      collateralTriggers.meet(source, Number(listing.state.price), (node) =>
        gather(found, collateral.account(node >> 1)),
      );
      look(priced, found.splice(0), named);
    }
    for (const row of disturbed)
      if (stamps.get(row) !== stamp && collateral.holds(row, id)) named.push(accountNames.name(row));
    return named;
  }

  return {
    get armed() {
      return armed;
    },
    arm(priced, vigilOf) {
      armed = true;
      for (let row = 0; row < book.columns.accounts.count; row++) {
        const id = accountNames.name(row);
        learnLeverage(row, id);
        settleRow(priced, row, vigilOf(id));
      }
    },
    disarm() {
      armed = false;
      triggers.clear();
      collateralTriggers.clear();
      collateral.clear();
      disturbed.clear();
      terms.length = 0;
    },
    disturb(id) {
      if (!armed) return;
      const row = accountNames.find(id);
      if (row === NONE || disturbed.has(row)) return;
      clearTriggers(row);
      disturbed.add(row);
    },
    settle(priced, vigilOf) {
      for (const row of disturbed) {
        const id = accountNames.name(row);
        if (vigils[row] === undefined) learnLeverage(row, id);
        clearTriggers(row);
        settleRow(priced, row, vigilOf(id));
      }
      disturbed.clear();
    },
    markMoved,
    indexMoved,
    survey(priced, from, most) {
      const doubtful: AccountId[] = [];
      const next = Math.min(book.columns.accounts.count, from + most);
      for (let row = from; row < next; row++) {
        const vigil = vigils[row];
        if (vigil === 'ASLEEP') continue;
        if (vigil !== undefined && vigil !== 'ALWAYS') {
          take(priced, row, vigil.ownersAddUp, true);
          if (legs.count === 0 || zoneOf(legs, book.columns.accounts.cash[row] as number, vigil, zone)) continue;
        }
        doubtful.push(accountNames.name(row));
      }
      return { doubtful, next };
    },
    counts,
    get bytes() {
      return triggers.bytes + collateralTriggers.bytes + stamps.bytes;
    },
  };
}
