/**
 * The auditor of the watch at work in a running house: it goes through the whole book again and again, a few milliseconds
 * at a time between commands, revalues every account and stops the house at the first one that was to be acted on while
 * nobody was going to.  Rules: RLM-2, RMR-1
 */

import { expectQuiet, surveySlice } from '../core/engine/survey';
import type { State } from '../core/model/state';
import type { Audited, WatchStatus } from './house';
import { breathe, createSpell } from './spell';

export interface AuditorOptions {
  readonly state: State;
  readonly everyMs: number; // from the start of one round to that of the next, at least; 0: only on demand
  readonly onMissed: (error: unknown) => void; // the house is to stop
}

export interface Auditor {
  audit(options: { readonly exact: boolean }): Promise<Audited>;
  readonly status: WatchStatus;
  end(): void;
}

/** The auditor was ended in the middle of a round. */
export class AuditEnded extends Error {
  override readonly name = 'AuditEnded';
}

/** Accounts between two looks at the clock: a fraction of a millisecond of floats, or of integers. */
const FLOATS = 500;
const INTEGERS = 10;

export function createAuditor({ state, everyMs, onMissed }: AuditorOptions): Auditor {
  let [revalued, rounds, lastRoundMs] = [0, 0, 0];
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  /** A round. The book may grow meanwhile: what comes is gone through as well. */
  async function round(exact: boolean): Promise<Audited> {
    const began = performance.now();
    let [accounts, doubtful] = [0, 0];
    const ids = state.book.accountIds()[Symbol.iterator]();
    let next = 0;
    function someInFloats(): boolean {
      const from = next;
      const slice = surveySlice(state, from, FLOATS);
      next = slice.next;
      accounts += (next === 0 ? state.book.accountCount : next) - from;
      doubtful += slice.doubtful.length;
      return next > 0;
    }
    function someInIntegers(): boolean {
      for (let i = 0; i < INTEGERS; i++) {
        const { done, value } = ids.next();
        if (done) return false;
        expectQuiet(state, value);
        accounts += 1;
      }
      return true;
    }
    const some = exact ? someInIntegers : someInFloats;
    try {
      for (let spell = createSpell(); some(); ) {
        if (!spell.over()) continue;
        await breathe();
        if (ended) throw new AuditEnded('The house is closed');
        spell = createSpell();
      }
    } catch (error) {
      if (!(error instanceof AuditEnded)) onMissed(error);
      throw error;
    }
    if (exact) doubtful = accounts;
    const tookMs = performance.now() - began;
    revalued += accounts;
    rounds += 1;
    lastRoundMs = tookMs;
    return { seq: state.seq, at: state.now, accounts, doubtful, tookMs };
  }

  function again(inMs: number): void {
    if (ended) return;
    // A house that has nothing else to do may end all the same.
    timer = setTimeout(() => {
      const began = performance.now();
      round(false).then(
        () => again(Math.max(0, everyMs - (performance.now() - began))),
        () => undefined, // the house has been told
      );
    }, inMs).unref();
  }
  if (everyMs > 0) again(everyMs);

  return {
    audit: ({ exact }) => round(exact),
    get status() {
      const { looks, named } = state.watch.counts;
      return { looks, named, revalued, rounds, lastRoundMs };
    },
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
