/**
 * The auditor of the watch at work in a running house: it goes through the whole book again and again, a few
 * milliseconds at a time between commands, revalues every account and stops the house at the first one that was to be
 * acted on while nobody was going to.  Rules: RLM-2, RMR-1
 */

import { expectQuiet, surveySlice } from '../core/engine/survey';
import type { State } from '../core/model/state';
import type { Audited, WatchStatus } from './house';
import { breathe, createSpell } from './spell';

export interface AuditorOptions {
  readonly state: State;
  readonly everyMs: number; // from the start of one round to that of the next, at the least; 0: only on demand
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

/** Of the time of its thread a running auditor takes no more than this, however large the book is. */
const SHARE = 0.02;

/** Where no entry has come since a round began, nothing can have changed: it is only to be seen that this is so. */
const STILL = 10;

/**
 * How long it rests after a round that took so much work: from `everyMs` on, and longer in a large house and in a still
 * one.
 */
export function restAfter(workedMs: number, everyMs: number, moved: boolean): number {
  const rest = Math.max(everyMs - workedMs, workedMs * (1 / SHARE - 1));
  return moved ? rest : STILL * rest;
}

export function createAuditor({ state, everyMs, onMissed }: AuditorOptions): Auditor {
  let [revalued, rounds, lastRoundMs] = [0, 0, 0];
  let ended = false;
  let timer: NodeJS.Timeout | undefined;
  let seen = -1; // entry the last round by itself began at

  /** A round. The book may grow meanwhile: what comes is gone through as well. */
  async function round(exact: boolean): Promise<Audited & { readonly workedMs: number }> {
    const began = performance.now();
    let workedMs = 0;
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
      let spellBegan = began;
      for (let spell = createSpell(); some(); ) {
        if (!spell.over()) continue;
        workedMs += performance.now() - spellBegan;
        await breathe();
        spellBegan = performance.now();
        if (ended) throw new AuditEnded('The house is closed');
        spell = createSpell();
      }
      workedMs += performance.now() - spellBegan;
    } catch (error) {
      if (!(error instanceof AuditEnded)) onMissed(error);
      throw error;
    }
    if (exact) doubtful = accounts;
    const tookMs = performance.now() - began;
    revalued += accounts;
    rounds += 1;
    lastRoundMs = tookMs;
    return { seq: state.seq, at: state.now, accounts, doubtful, tookMs, workedMs };
  }

  function again(inMs: number): void {
    if (ended) return;
    // A house that has nothing else to do may end all the same.
    timer = setTimeout(() => {
      const from = state.seq;
      const moved = from !== seen;
      seen = from;
      round(false).then(
        ({ workedMs }) => again(restAfter(workedMs, everyMs, moved || state.seq !== from)),
        () => undefined, // the house has been told
      );
    }, inMs).unref();
  }
  if (everyMs > 0) again(everyMs);

  return {
    async audit({ exact }) {
      const { workedMs: _, ...audited } = await round(exact);
      return audited;
    },
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
