/**
 * The watch: who has to be looked at when a price moves. For every account it knows the conditions under which no stage
 * of the day has anything to do with it, and vouches for them until a price leaves a zone in which they are proven. A
 * watch decides nothing: it may name accounts that need nothing, never leave out one that does.  Rules: RLM-1, RLM-2,
 * RLM-5
 */

import type { Count, Margin } from '../../units/quantity';
import type { AccountId } from './account';
import type { CollateralInForce } from './collateral';
import type { Curve, CurveByHolding, Margined } from './margin';
import type { IndexState, MarkState } from './price';
import type { Currency, CurrencyId, IndexId, InstrumentId, PriceIndex } from './reference';

/**
 * equity x `equity` - initial margin x `initial` - maintenance margin x `maintenance` + `constant`, compared with zero.
 */
export interface Surplus {
  readonly equity: bigint; // above zero
  readonly initial: bigint; // at least zero
  readonly maintenance: bigint; // at least zero
  readonly constant: Margin;
}

/** While it holds, the account is left alone. */
export interface Quiet {
  readonly notBelow: readonly Surplus[]; // each of them at or above zero
  readonly below: readonly Surplus[]; // one of them below zero at least; none: nothing is asked
  readonly ownersAddUp: boolean; // whether the owner's other accounts count for the tiers
}

/**
 * ALWAYS: any price it depends on makes it worth a look. ASLEEP: no price does; what wakes it is an event of its own.
 */
export type Vigil = Quiet | 'ALWAYS' | 'ASLEEP';

/** What a watch has to know of an instrument. */
export interface Watched extends Margined {
  readonly mark: MarkState | null;
}

/**
 * What its margin model lets a watch use of an instrument: the same object for as long as it holds; nothing before
 * there is any.
 */
export type CurveOf = (listing: Watched) => Curve | CurveByHolding | null;

export type VigilOf = (account: AccountId) => Vigil;

/** What a watch has to know of the house. */
export interface Priced {
  readonly currencies: ReadonlyMap<CurrencyId, Currency>;
  readonly collateral: ReadonlyMap<CurrencyId, CollateralInForce>;
  readonly indices: ReadonlyMap<IndexId, { readonly index: PriceIndex; readonly state: IndexState }>;
  readonly listings: ReadonlyMap<InstrumentId, Watched>;
}

export interface WatchCounts {
  readonly looks: Count; // accounts revalued because a price left their zone
  readonly named: Count; // of these, accounts whose quiet could not be proven
}

export interface Watch {
  /** Whether it watches: before, nobody is named. */
  readonly armed: boolean;
  /** Begins to watch everybody. */
  arm(priced: Priced, vigilOf: VigilOf): void;
  /**
   * Stops: whoever changes the house without being asked for its accounts, as a replay of events does, says so first.
   */
  disarm(): void;
  /** Something about the account has changed: what was proven of it is void until `settle`. */
  disturb(account: AccountId): void;
  /** Proves anew what can be said of everybody disturbed. */
  settle(priced: Priced, vigilOf: VigilOf): void;
  /** Accounts that the mark an instrument has now may concern. */
  markMoved(priced: Priced, instrument: InstrumentId): Iterable<AccountId>;
  /** Accounts that the price an index has now may concern, through collateral in its base currency. */
  indexMoved(priced: Priced, index: IndexId): Iterable<AccountId>;
  /**
   * Revalues accounts from one place in the book on, so many at most; returns those not quiet beyond doubt, and where
   * to go on.
   */
  survey(priced: Priced, from: Count, most: Count): { readonly doubtful: readonly AccountId[]; readonly next: Count };
  readonly counts: WatchCounts;
}
