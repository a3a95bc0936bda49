/**
 * What a move of prices would make of every account: counted, valued and added up per currency. Floats count who is
 * beyond doubt; the rest are revalued in integers, so that every count and every sum is exact.  Rules: RLM-3, AH-5
 */

import { type Cash, type Count, cash, MARGIN_PER_CASH, margin, type Rate, total } from '../../units/quantity';
import type { Review } from '../book/screen/review';
import { createSum, type Sum } from '../book/screen/sum';
import { standingOfAccount } from '../margin/standing';
import type { AccountId } from '../model/account';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { notionalOf } from '../position/value';
import { bandOf, bandUnder, type Ladder } from './ladder';
import { BANDS, type Band, type CurrencyImpact, type Impact, type Tally } from './question';

/** A count that is not finished. */
export interface OpenTally {
  accounts: Count;
  readonly notional: Sum;
}

export const openTally = (): OpenTally => ({ accounts: 0, notional: createSum() });
export const closed = ({ accounts, notional }: OpenTally): Tally => ({ accounts, notional: cash(notional.total) });

interface CurrencyTallies {
  readonly bands: Readonly<Record<Band, OpenTally>>;
  readonly newlyBelow: OpenTally;
  readonly recovered: OpenTally;
  readonly wholeEquity: Sum; // cash
  readonly equity: Sum; // margin, of accounts whose equity floats cannot say
  readonly wholeShortfall: Sum;
  readonly shortfall: Sum;
}

const openCurrency = (): CurrencyTallies => ({
  bands: { ABOVE: openTally(), WARNING: openTally(), CALL: openTally(), CLOSE_OUT: openTally(), NEGATIVE: openTally() },
  newlyBelow: openTally(),
  recovered: openTally(),
  wholeEquity: createSum(),
  equity: createSum(),
  wholeShortfall: createSum(),
  shortfall: createSum(),
});

/** An account under review. */
export interface Subject {
  readonly id: () => AccountId;
  readonly currency: CurrencyId;
  readonly ladder: Ladder;
}

export interface ImpactCount {
  /**
   * Counts the account where the review has put it, and says its band; `before`: its band under the next smaller move.
   */
  count(review: Review, subject: Subject, before: Band | null): Band;
  result(): Impact;
}

const isLost = (band: Band): boolean => band === 'CLOSE_OUT' || band === 'NEGATIVE';

/** Counts who is where in a view of the house with other prices. */
export function createImpactCount(view: View, move: Rate): ImpactCount {
  const currencies = new Map<CurrencyId, CurrencyTallies>();

  function talliesOf(currency: CurrencyId): CurrencyTallies {
    const known = currencies.get(currency);
    if (known) return known;
    const made = openCurrency();
    currencies.set(currency, made);
    return made;
  }

  function countIn(tally: OpenTally, review: Review, subject: Subject): void {
    tally.accounts += 1;
    if (!review.addNotional(tally.notional)) tally.notional.add(grossNotionalOf(view, subject.id()));
  }

  function addMoney(tallies: CurrencyTallies, review: Review, subject: Subject, isNegative: boolean): void {
    const said = review.addEquity(tallies.wholeEquity);
    if (said && isNegative) review.addShortfall(tallies.wholeShortfall);
    if (said) return;
    const { equity } = standingOfAccount(view, subject.id());
    tallies.equity.add(equity);
    if (isNegative) tallies.shortfall.add(-equity);
  }

  return {
    count(review, subject, before) {
      const tallies = talliesOf(subject.currency);
      const band = bandUnder(review, subject.ladder) ?? bandOf(standingOfAccount(view, subject.id()), subject.ladder);
      countIn(tallies.bands[band], review, subject);
      if (before !== null && isLost(band) && !isLost(before)) countIn(tallies.newlyBelow, review, subject);
      if (before !== null && isLost(before) && !isLost(band)) countIn(tallies.recovered, review, subject);
      addMoney(tallies, review, subject, band === 'NEGATIVE');
      return band;
    },
    result: () => ({
      move,
      currencies: [...currencies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([id, tallies]) => impactIn(id, tallies)),
    }),
  };
}

function impactIn(currency: CurrencyId, tallies: CurrencyTallies): CurrencyImpact {
  const bands = Object.fromEntries(BANDS.map((band) => [band, closed(tallies.bands[band])])) as Record<Band, Tally>;
  return {
    currency,
    all: allOf(Object.values(bands)),
    bands,
    newlyBelow: closed(tallies.newlyBelow),
    recovered: closed(tallies.recovered),
    equity: margin(tallies.wholeEquity.total * MARGIN_PER_CASH + tallies.equity.total),
    shortfall: margin(tallies.wholeShortfall.total * MARGIN_PER_CASH + tallies.shortfall.total),
  };
}

export const allOf = (tallies: readonly Tally[]): Tally => ({
  accounts: tallies.reduce((sum, { accounts }) => sum + accounts, 0),
  notional: total(tallies.map(({ notional }) => notional)),
});

/** Gross notional of an account in integers. */
export function grossNotionalOf(view: View, id: AccountId): Cash {
  const { holdings } = standingOfAccount(view, id).picture;
  return total(holdings.map(({ instrument, position, mark }) => notionalOf(instrument, position.size, mark)));
}
