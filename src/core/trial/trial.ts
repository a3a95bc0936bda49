/**
 * What if: the changes of a question are carried out by the engine itself, on a house made of an excerpt of the real
 * one, and what comes of them is read there. What is shown is what would happen; the real house never knows.  Rule:
 * RMR-4
 */

import { equityOf } from '../margin/equity';
import { healthOf } from '../margin/health';
import { backingOf, pictureOf } from '../margin/picture';
import { openingOf } from '../margin/requirement';
import { eventsOf, rejectionsOf } from '../message/envelope';
import type { Event } from '../message/event';
import type { RejectionCode } from '../message/rejection';
import type { View } from '../model/state';
import { houseOf } from './house';
import type { Excerpt, Refused, WhatIf, WhatIfAnswer } from './question';
import { stepsOf } from './steps';

export interface Trial {
  /** Tries the next change; false once there is nothing more to try. */
  step(): boolean;
  /** Once no step is left. */
  answer(): WhatIfAnswer;
}

/** Refusals that say: the account may not take this on. */
const FOR_MARGIN: readonly RejectionCode[] = [
  'INSUFFICIENT_INITIAL_MARGIN',
  'COLLATERAL_ENCUMBERED',
  'TRADE_CREATES_SHORTFALL',
  'MARGIN_CALL_OPEN',
];

export function createTrial(excerpt: Excerpt, question: WhatIf): Trial {
  const house = houseOf(excerpt);
  const { account } = question;
  const before = healthOf(house.state, account);
  const spare = spareOf(house.state, account);
  const steps = stepsOf(question);
  const events: Event[] = [];
  let refused: Refused | null = null;
  let next = 0;

  function answer(): WhatIfAnswer {
    const { truncated } = excerpt;
    if (refused) return { before, after: null, meetsInitialMargin: forMargin(refused), refused, events: [], truncated };
    const meetsInitialMargin = isTakenOn(question) || meets(spare, spareOf(house.state, account));
    return { before, after: healthOf(house.state, account), meetsInitialMargin, refused, events, truncated };
  }

  return {
    step() {
      const step = steps[next];
      if (!step || refused) return false;
      next += 1;
      const { outcome, command, place } = step(house);
      const [rejection] = rejectionsOf(outcome);
      if (rejection) refused = { rejection, command, place };
      events.push(...eventsOf(outcome));
      return true;
    },
    answer,
  };
}

const forMargin = ({ rejection }: Refused): false | null => (FOR_MARGIN.includes(rejection.code) ? false : null);

/** Trades and payments alone: that they were done says that they may be. */
function isTakenOn({
  trades = [],
  payments = [],
  prices = [],
  shock = null,
  tiers = [],
  openInterest = [],
}: WhatIf): boolean {
  return (
    trades.length + payments.length > 0 && prices.length + tiers.length + openInterest.length === 0 && shock === null
  );
}

interface Spare {
  readonly required: bigint;
  readonly equity: bigint;
}

function spareOf(view: View, account: string): Spare {
  const picture = backingOf(pictureOf(view, account));
  return { required: openingOf(picture), equity: equityOf(picture) };
}

/** As new risk has to; or needing no more than before, and no worse off. */
const meets = (before: Spare, after: Spare): boolean =>
  after.equity >= after.required ||
  (after.required <= before.required && after.equity - after.required >= before.equity - before.required);
