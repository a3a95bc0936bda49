/**
 * What may be supposed of an account, and what would come of it. Plain values, for they may cross to another thread.
 * Rule: RMR-4
 */

import type { Cash, Count, Instant, Seq, Size } from '../../units/quantity';
import type { SavedState } from '../engine/snapshot';
import type { Health } from '../margin/health';
import type { Command } from '../message/command';
import type { Decimal } from '../message/definition';
import type { Event } from '../message/event';
import type { OpenInterestRampInput } from '../message/positionCommands';
import type { Rejection } from '../message/rejection';
import type { FieldPath } from '../message/rejectionField';
import type { TierInput } from '../message/tierInputs';
import type { Account, AccountId, AccountState, Position, Side } from '../model/account';
import type { Actor } from '../model/actor';
import type { CurrencyId, InstrumentId } from '../model/reference';
import type { State } from '../model/state';

export interface SupposedTrade {
  readonly instrument: InstrumentId;
  readonly side: Side;
  readonly size: Decimal;
  readonly price: Decimal | null; // null: at the mark
  readonly counterparty?: AccountId | null; // null: somebody who holds the opposite and can pay for it
  readonly taker?: boolean; // whether the account pays the taker's fee; otherwise the maker's
}

/** Changes apply in the order tiers, open interest, trades, prices and shock together, payments. */
export interface WhatIf {
  readonly account: AccountId;
  readonly trades?: readonly SupposedTrade[];
  readonly prices?: readonly { readonly instrument: InstrumentId; readonly price: Decimal }[];
  readonly shock?: Decimal | null; // share by which every mark and every index moves, such as -0.1
  readonly payments?: readonly { readonly currency: CurrencyId; readonly amount: Decimal }[]; // below zero: taken out
  readonly tiers?: readonly { readonly instrument: InstrumentId; readonly tiers: readonly TierInput[] }[];
  readonly openInterest?: readonly {
    readonly instrument: InstrumentId;
    readonly ramp: OpenInterestRampInput | null; // null: as it is
    readonly notional: Decimal | null; // open notional; null: what is open now
  }[];
}

/** A question as it is asked of the house. */
export interface Asked {
  readonly question: WhatIf;
  readonly actor: Actor;
}

/** What a state has beside its book, its clock and what follows from the rest. */
export type Parts = SavedState['parts'];

export interface AccountRow {
  readonly account: Account;
  readonly state: AccountState;
  readonly balances: readonly (readonly [CurrencyId, Cash])[];
  readonly positions: readonly (readonly [InstrumentId, Position])[];
}

/** A part of the house as of one entry, small enough to be tried out on: shares nothing with it that changes. */
export interface Excerpt {
  readonly seq: Seq;
  readonly at: Instant;
  readonly rules: Count;
  readonly parts: Parts;
  readonly clock: State['clock'];
  readonly retention: State['retention'];
  readonly accounts: readonly AccountRow[];
  // lots that accounts left out hold long, of instruments asked about
  readonly longElsewhere: ReadonlyMap<InstrumentId, Size>;
  readonly ownersElsewhere: ReadonlyMap<string, bigint>; // what they reach, by owner and instrument
  readonly collateralElsewhere: ReadonlyMap<CurrencyId, Cash>; // of currencies with a limit for the house
  readonly truncated: boolean; // whether accounts were left out that the changes could reach
}

/** What the house gives to a question: a part of itself, or why not. */
export type Answerable = { readonly seq: Seq; readonly at: Instant } & (
  | { readonly excerpt: Excerpt; readonly rejection?: undefined }
  | { readonly rejection: Rejection }
);

/** A change that was refused, as the command would be: `place` is where it stands in the question. */
export interface Refused {
  readonly rejection: Rejection;
  readonly command: Command | null;
  readonly place: FieldPath;
}

export interface WhatIfAnswer {
  readonly before: Health;
  readonly after: Health | null; // none where a change was refused
  // whether the account may take this on; null where it was refused for another reason
  readonly meetsInitialMargin: boolean | null;
  readonly refused: Refused | null; // the first change that was refused: those after it were not tried
  readonly events: readonly Event[]; // of all changes, in order; none where one was refused
  readonly truncated: boolean;
}
