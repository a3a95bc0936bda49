/**
 * The default fund policy: the stress that sizes it, the floor, the caps of assessments, and the calendar of calls.
 * Rules: LCS-4, RB-2
 */

import { type Count, duration, type Instant, instant, RATE_ONE, type Rate } from '../../../units/quantity';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';
import { type Checked, ok, refused } from '../../message/rejection';

import type { State, View } from '../../model/state';
import type { DefaultFundPolicy, StressMove, Weekday } from '../../model/waterfall';
import { LONGEST_WINDOW } from '../../reference/policies';
import { readRate, readSpan, readTerm, readWhole } from '../../reference/reading';

const DAY = 86_400_000;
const WEEK: readonly Weekday[] = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'];
const MOST_MULTIPLE = RATE_ONE * 100n;

/**
 * Errors, in order: CURRENCY_NOT_FOUND, INSTRUMENT_NOT_FOUND, CURRENCY_MISMATCH, ALREADY_EXISTS (a move twice),
 * TOO_MANY_DIGITS, VALUE_OUT_OF_RANGE, CALENDAR_INVALID.
 */
export function checkSetDefaultFundPolicy(
  view: View,
  command: CommandOf<'SetDefaultFundPolicy'>,
): Checked<DefaultFundPolicy> {
  const currency = view.currencies.get(command.currency);
  if (!currency) return refused('CURRENCY_NOT_FOUND', { currency: command.currency });
  const moves = readMoves(view, command);
  if (moves.rejection) return moves;
  const floor = readTerm(currency, 'floor', command.floor);
  if (floor.rejection) return floor;
  const threshold = readRate('threshold', command.threshold, 0n, MOST_MULTIPLE);
  if (threshold.rejection) return threshold;
  const feeShare = readRate('feeShare', command.feeShare);
  if (feeShare.rejection) return feeShare;
  const multiple = readRate('multiple', command.multiple, 0n, MOST_MULTIPLE);
  if (multiple.rejection) return multiple;
  const periods = readPeriods(command);
  if (periods.rejection) return periods;
  const problem = calendarProblem(command);
  if (problem) return refused('CALENDAR_INVALID', problem);
  return ok({
    currency: currency.id,
    version: (view.fundPolicies.get(currency.id)?.version ?? 0) + 1,
    moves: moves.ok,
    floor: floor.ok,
    threshold: threshold.ok,
    feeShare: feeShare.ok,
    multiple: multiple.ok,
    ...periods.ok,
    weekend: [...new Set(command.weekend)],
    holidays: [...new Set(command.holidays)].sort(),
  });
}

function readMoves(view: View, { moves, currency }: CommandOf<'SetDefaultFundPolicy'>): Checked<StressMove[]> {
  const read: StressMove[] = [];
  for (const { instrument, up, down } of moves) {
    const listing = view.listings.get(instrument);
    if (!listing) return refused('INSTRUMENT_NOT_FOUND', { instrument });
    if (listing.instrument.settlement !== currency) return refused('CURRENCY_MISMATCH', { instrument });
    if (read.some((move) => move.instrument === instrument)) return refused('ALREADY_EXISTS', { instrument });
    const [rise, fall] = [readRate('up', up, 0n, MOST_MULTIPLE), readRate('down', down)];
    if (rise.rejection) return rise;
    if (fall.rejection) return fall;
    read.push({ instrument, up: rise.ok as Rate, down: fall.ok as Rate });
  }
  return ok(read.sort((a, b) => (a.instrument < b.instrument ? -1 : 1)));
}

type Periods = Pick<DefaultFundPolicy, 'cappedPeriod' | 'coolingOff' | 'within' | 'computedAt'>;

function readPeriods(command: CommandOf<'SetDefaultFundPolicy'>): Checked<Periods> {
  const capped = readSpan('cappedWindow', command.cappedWindow, 1000, LONGEST_WINDOW);
  if (capped.rejection) return capped;
  const cooling = readSpan('coolingOffWindow', command.coolingOffWindow, 0, LONGEST_WINDOW);
  if (cooling.rejection) return cooling;
  const within = readWhole('within', command.within, 1, 30);
  if (within.rejection) return within;
  const computed = readSpan('computedAt', command.computedAt, 0, DAY - 1);
  if (computed.rejection) return computed;
  return ok({
    cappedPeriod: duration(capped.ok),
    coolingOff: duration(cooling.ok),
    within: within.ok,
    computedAt: duration(computed.ok),
  });
}

function calendarProblem({ weekend, holidays }: CommandOf<'SetDefaultFundPolicy'>): Record<string, string> | undefined {
  if (new Set(weekend).size >= WEEK.length) return { weekend: weekend.join(',') };
  const bad = holidays.find(
    (date) => !/^\d{4}-\d{2}-\d{2}$/.test(date) || dateOf(instant(Date.parse(`${date}T00:00:00Z`))) !== date,
  );
  return bad === undefined ? undefined : { holiday: bad };
}

/** The date of an instant, UTC; nothing where it is none. */
function dateOf(at: Instant): string | undefined {
  const date = new Date(at);
  return Number.isFinite(date.getTime()) ? date.toISOString().slice(0, 10) : undefined;
}

/** The same time of day so many business days later; weekends and listed holidays do not count. */
export function businessDaysLater(
  { weekend, holidays }: Pick<DefaultFundPolicy, 'weekend' | 'holidays'>,
  from: Instant,
  within: Count,
): Instant {
  let [at, left]: readonly [Instant, Instant] = [from, instant(within)];
  // A year without a business day is a calendar by mistake: the deadline stops there.
  for (let looks = 0; left > 0 && looks < 366; looks++) {
    at = instant(at + DAY);
    const weekday = WEEK[(Math.floor(at / DAY) + 4) % 7];
    if (weekday !== undefined && !weekend.includes(weekday) && !holidays.includes(dateOf(at) ?? ''))
      left = instant(left - 1);
  }
  return at;
}

export const setDefaultFundPolicy = (desk: Desk, terms: DefaultFundPolicy): void =>
  desk.emit({ type: 'DefaultFundPolicySet', terms });

export function onDefaultFundPolicySet(state: State, { terms }: EventOf<'DefaultFundPolicySet'>): void {
  state.fundPolicies.set(terms.currency, terms);
  // What was counted by other terms is worth nothing.
  state.coverageRuns.delete(terms.currency);
  state.deadlines.set(`coverage/${terms.currency}`, nextCoverage(terms, state.now));
}

/** When coverage is next computed: the next such time of day strictly after `now`. */
export function nextCoverage({ computedAt }: Pick<DefaultFundPolicy, 'computedAt'>, now: Instant): Instant {
  const today = instant(Math.floor(now / DAY) * DAY + computedAt);
  return today > now ? today : instant(today + DAY);
}
