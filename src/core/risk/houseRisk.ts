/**
 * The house's own view of its risk: how healthy its accounts are, where they stand, who holds how much of what, and
 * what moves of prices would cost. Every figure adds up to the accounts.  Rule: AH-5
 */

import { known } from '../../units/failure';
import { cash, type Size, size } from '../../units/quantity';
import { type Ratio, ratio } from '../../units/ratio';
import type { ColumnBook } from '../book/columnBook';
import { createInterestCount, type Interest } from '../book/screen/interest';
import { type Plane, planeOf } from '../book/screen/prove';
import type { Review } from '../book/screen/review';
import { surplus } from '../margin/level';
import { standingOfAccount } from '../margin/standing';
import type { AccountStatus } from '../model/account';
import type { CurrencyId } from '../model/reference';
import type { View } from '../model/state';
import { notionalOf } from '../position/value';
import { allOf, closed, grossNotionalOf, type OpenTally, openTally, type Subject } from './impact';
import { laddersOf } from './ladder';
import { createImpacts } from './map';
import type { Concentration, CurrencyHealth, HouseRisk, HouseRiskQuestion, Inquiry, LargeHolder } from './question';

/** Edges of the distribution of equity over maintenance margin. */
export const HEALTH_EDGES: readonly Ratio[] = [
  ratio(0n),
  ratio(2n, 3n),
  ratio(1n),
  ratio(11n, 10n),
  ratio(5n, 4n),
  ratio(3n, 2n),
  ratio(2n),
  ratio(3n),
  ratio(5n),
  ratio(10n),
];

const EDGES: readonly Plane[] = HEALTH_EDGES.map(({ numerator, denominator }) =>
  planeOf(surplus(denominator, 0n, numerator)),
);

interface OpenHealth {
  readonly buckets: readonly OpenTally[];
  readonly unmargined: OpenTally;
}

function createHealthCount(view: View) {
  const currencies = new Map<CurrencyId, OpenHealth>();

  function openOf(currency: CurrencyId): OpenHealth {
    const known = currencies.get(currency);
    if (known) return known;
    const made = { buckets: [...EDGES, null].map(openTally), unmargined: openTally() };
    currencies.set(currency, made);
    return made;
  }

  /** How many edges its health has reached; undefined where nothing is required. */
  function reached(review: Review, { id }: Subject): number | undefined {
    if (!review.isCharged) return undefined;
    const held = review.hold(EDGES);
    if (held !== undefined) return held;
    const { equity, maintenance } = standingOfAccount(view, id());
    const above = HEALTH_EDGES.findIndex(
      ({ numerator, denominator }) => equity * denominator < maintenance * numerator,
    );
    return above === -1 ? HEALTH_EDGES.length : above;
  }

  return {
    /** Counts the account under review at the prices of now. */
    count(review: Review, subject: Subject): void {
      const open = openOf(subject.currency);
      const place = reached(review, subject);
      const tally = place === undefined ? open.unmargined : (open.buckets[place] as OpenTally);
      tally.accounts += 1;
      if (!review.addNotional(tally.notional)) tally.notional.add(grossNotionalOf(view, subject.id()));
    },
    result: (): CurrencyHealth[] =>
      [...currencies]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([currency, { buckets, unmargined }]) => ({
          currency,
          all: allOf([...buckets, unmargined].map(closed)),
          buckets: buckets.map((tally, i) => ({
            ...closed(tally),
            from: HEALTH_EDGES[i - 1] ?? null,
            below: HEALTH_EDGES[i] ?? null,
          })),
          unmargined: closed(unmargined),
        })),
  };
}

export function houseInquiry(book: ColumnBook, view: View, { shocks, largest }: HouseRiskQuestion): Inquiry<HouseRisk> {
  const impacts = createImpacts(book, view, shocks);
  const { review } = impacts;
  const health = createHealthCount(view);
  const held = (account: string, instrument: string): Size => view.book.position(account, instrument)?.size ?? size(0n);
  const interest = createInterestCount(book, largest, held);
  const statuses = new Map<AccountStatus, number>();
  const ladders = laddersOf(view.policies);
  let accounts = 0;
  return {
    visit(row) {
      const { policy, currency, kind } = book.profileOf(row);
      const ladder = ladders.get(policy);
      const isMargined = ladder !== undefined && kind !== 'CLOSE_OUT';
      review.take(row, isMargined && ladder.ownersAddUp);
      interest.count(review, row);
      if (!isMargined) return;
      accounts += 1;
      const status = book.statusOf(row);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      const subject = { id: () => book.accountNames.name(row), currency, ladder };
      review.moveTo(0);
      health.count(review, subject);
      impacts.count(subject);
    },
    answer: () => ({
      ...{ seq: view.seq, at: view.now, accounts, ...impacts.result() },
      statuses: [...statuses]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([status, count]) => ({ status, accounts: count })),
      health: health.result(),
      instruments: interest
        .result()
        .map((of) => concentrationOf(view, of))
        .sort((a, b) => (a.instrument < b.instrument ? -1 : 1)),
    }),
  };
}

function concentrationOf(view: View, { instrument: id, long, short, holders, largest }: Interest): Concentration {
  const { instrument, mark } = known(view.listings.get(id), 'Instrument', id);
  const named = largest.map(({ name, exact }): LargeHolder => ({ account: name, size: size(exact) }));
  return {
    instrument: id,
    long: size(long),
    short: size(short),
    holders,
    notional: mark ? notionalOf(instrument, size(long), mark.price) : cash(0n),
    largest: named,
  };
}
