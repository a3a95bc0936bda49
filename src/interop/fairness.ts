/**
 * How fair the deleveraging of a day was, beside what venues did on 10 October 2025 with the same losses and the same
 * holders: positions closed whole at the closing limit, down the rank, until the lots are found. Told from committed
 * entries alone, by a copy of the house that follows them.  Rules: SL-5, S09
 */

import { applyEntry } from '../core/engine/execute';
import { createPlainState } from '../core/engine/genesis';
import type { Entry } from '../core/message/envelope';
import type { EventOf } from '../core/message/event';
import type { AccountId } from '../core/model/account';
import type { CurrencyId, InstrumentId } from '../core/model/reference';
import type { View } from '../core/model/state';
import { deleveragingPolicyOf } from '../core/reference/deleveragingPolicies';
import { rankedHolders } from '../core/risk/deleveragingRank';
import { closeWholePositions } from '../core/settlement/deleveraging/wholePositions';
import { abs, type Cash, NO_CASH, plus } from '../units/quantity';

export interface Fairness {
  decisions: number;
  readonly affected: Set<AccountId>; // whose positions were closed
  missing: Cash; // what was to be given up
  forgone: Cash; // what was
  overshoot: Cash; // of it, more than was missing
  /** The same losses, closed by whole positions. */
  venuesForgone: Cash;
  venuesOvershoot: Cash;
  venuesClosed: number; // positions
}

export interface FairnessJudge {
  readonly fairness: Fairness;
  observe(entry: Entry): void;
}

/** Follows a house from its first entry on; judges what is settled in one currency. */
export function createFairness(currency: CurrencyId): FairnessJudge {
  const state = createPlainState();
  const fairness: Fairness = {
    decisions: 0,
    affected: new Set(),
    missing: NO_CASH,
    forgone: NO_CASH,
    overshoot: NO_CASH,
    venuesForgone: NO_CASH,
    venuesOvershoot: NO_CASH,
    venuesClosed: 0,
  };
  const settles = (id: InstrumentId): boolean => state.listings.get(id)?.instrument.settlement === currency;
  return {
    fairness,
    observe: (entry) =>
      applyEntry(state, entry, (event) => {
        if (event.type === 'DeleveragingDecided' && settles(event.decided.instrument)) judge(fairness, state, event);
        if (event.type === 'PositionDeleveraged' && settles(event.instrument)) fairness.affected.add(event.account);
      }),
  };
}

/** A decision moves no position itself: the holders are as they were when it was made. */
function judge(fairness: Fairness, view: View, { decided }: EventOf<'DeleveragingDecided'>): void {
  const { instrument, budget, used, overshoot, size } = decided;
  const policy = deleveragingPolicyOf(view, instrument);
  const holders = rankedHolders(view, { instrument, long: size > 0n, without: new Set() }, policy);
  const whole = closeWholePositions(holders, abs(size), budget, budget);
  fairness.decisions += 1;
  fairness.missing = plus(fairness.missing, budget);
  fairness.forgone = plus(fairness.forgone, used);
  fairness.overshoot = plus(fairness.overshoot, overshoot);
  fairness.venuesForgone = plus(fairness.venuesForgone, whole.forgone);
  fairness.venuesOvershoot = plus(fairness.venuesOvershoot, whole.overshoot);
  fairness.venuesClosed += whole.affected;
}
