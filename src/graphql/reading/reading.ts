/**
 * The one snapshot an operation reads. It is opened when the first resolver needs it and held until the answer is
 * complete, so that everything in the answer is as of one journal entry. A mutation reads anew, after what it did.
 * Rule: X-4
 */

import type { GraphQLError } from 'graphql';
import type { AccountId } from '../../core/model/account';
import type { CurrencyId, InstrumentId } from '../../core/model/reference';
import type { View } from '../../core/model/state';
import type { Reader, Snapshot } from '../../projections/reading/reader';
import type { House } from '../../sequencer/house';
import { type Db, StoreOpening } from '../../store/client';
import type { Instant, Seq } from '../../units/quantity';
import { problem } from '../error/problem';
import { batched } from './batch';
import { createTurns, inTurnOn } from './turns';

export interface Reading {
  readonly seq: Seq;
  readonly at: Instant;
  readonly fresh: boolean;
  readonly db: Db;
  /** The core's view of an account and all it depends on; undefined where there is no such account. */
  viewOf(account: AccountId): Promise<View | undefined>;
  /** The same with instruments that a question names beyond those held. */
  viewWith(account: AccountId, instruments: readonly InstrumentId[]): Promise<View | undefined>;
  /** The core's view of an instrument and its prices. */
  marketOf(instrument: InstrumentId): Promise<View>;
  /** The core's view of what the open debts of a currency are made of. */
  debtsView(currency: CurrencyId): Promise<View>;
}

export interface OpenReading {
  readonly reading: Promise<Reading>;
  /** Lets go of the snapshot. */
  close(): Promise<void>;
}

/** How long a query waits for the rows to reach what was committed before it came. */
const WAIT_MS = 250;
/** How long it waits for a number it names itself. */
const WAIT_AT_LEAST_MS = 2_000;

/**
 * While rows are made from nothing, what is not there yet may have been there for years: no answer is better than that.
 */
function checkRows(house: House, reader: Reader): void {
  const { opening, anew, seq } = reader.following();
  if (opening) throw new StoreOpening();
  const committed = house.status().seq;
  if (!anew || committed === 0) return;
  const facts = { reason: 'READ_MODELS_REBUILDING', seq, committed, retryAfterMs: 1_000 };
  throw problem('UNAVAILABLE', `The read models are being made anew and are at entry ${seq} of ${committed}.`, facts);
}

/** `begin` is waited for before the snapshot is opened, and tells how to let others have theirs. */
export function openReading(
  house: House,
  reader: Reader,
  atLeast: Seq,
  begin?: () => Promise<() => void>,
): OpenReading {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  let done: Promise<void> = Promise.resolve();
  let over = false;
  const check = (): void => {
    if (over) throw hasEnded();
  };
  const reading = new Promise<Reading>((resolve, reject) => {
    checkRows(house, reader);
    const options = { atLeast, committed: house.status().seq, waitMs: atLeast > 0 ? WAIT_AT_LEAST_MS : WAIT_MS };
    const hold = (snapshot: Snapshot): Promise<void> => {
      resolve(readingOf(snapshot, check));
      return held;
    };
    const read = async (): Promise<void> => {
      const end = await begin?.();
      try {
        check();
        await reader.snapshot(options, hold);
      } finally {
        end?.();
      }
    };
    done = read().catch(reject);
  });
  reading.catch(() => undefined);
  return {
    reading,
    async close() {
      over = true;
      release();
      await done;
    },
  };
}

/** Whatever of an operation still runs after it was given up reads nothing more; that is no fault. */
export const hasEnded = (): GraphQLError => problem('TIMED_OUT', 'The operation has ended.');

function readingOf({ seq, at, fresh, db, hydrate, hydrateDebts }: Snapshot, check: () => void): Reading {
  const inTurn = createTurns(check);
  const viewOf = batched<AccountId, View | undefined>(async (accounts) => {
    const view = await inTurn(() => hydrate([...new Set(accounts)]));
    return accounts.map((account) => (view.book.account(account) ? view : undefined));
  });
  async function viewWith(account: AccountId, instruments: readonly InstrumentId[]): Promise<View | undefined> {
    const view = await inTurn(() => hydrate([account], instruments));
    return view.book.account(account) ? view : undefined;
  }
  const marketOf = batched<InstrumentId, View>(async (instruments) => {
    const view = await inTurn(() => hydrate([], [...new Set(instruments)]));
    return instruments.map(() => view);
  });
  const debtsView = (currency: CurrencyId): Promise<View> => inTurn(() => hydrateDebts(currency));
  return { seq, at, fresh, db: inTurnOn(db, inTurn), viewOf, viewWith, marketOf, debtsView };
}
