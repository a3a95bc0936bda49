/**
 * Ids of trades: one that was cleared within the window, seven days where nothing else was set, is not cleared again. A
 * trade that says when it was executed is refused once the window is past; so one that says so is cleared once for
 * ever.  Ruling 22
 */

import { Malformed } from '../../units/failure';
import { sha256Words } from '../../units/hash';
import { instantText } from '../../units/instant';
import { type Instant, instant, type Milliseconds } from '../../units/quantity';
import type { RecallView } from '../../units/recall';
import { type Rejection, reject } from '../message/rejection';
import type { State, View } from '../model/state';
import { CLOCK_TOLERANCE } from '../price/freshness';

export const wasCleared = (view: View, trade: string): boolean =>
  view.trades.find(printOfTrade(trade), sinceOf(view)) !== undefined;

/** What was executed by then may have been cleared and forgotten. A window that was made longer has to fill first. */
const sinceOf = ({ trades, retention, now }: View): Instant => instant(Math.max(trades.since, now - retention.trades));

/**
 * Why a trade of that time cannot be taken; one that its venue numbers may be as old as it is. Errors:
 * TRADE_FROM_FUTURE, TRADE_TOO_OLD.
 */
export function executedAtProblem(
  view: View,
  executedAt: Milliseconds | null,
  isNumbered: boolean,
): Rejection | undefined {
  if (executedAt === null) return undefined;
  if (!Number.isSafeInteger(executedAt)) throw new Malformed(`Not an instant: ${executedAt}`);
  const since = sinceOf(view);
  const details = { executedAt: instantText(executedAt), now: instantText(view.now), since: instantText(since) };
  if (executedAt > view.now + CLOCK_TOLERANCE) return reject('TRADE_FROM_FUTURE', details);
  return executedAt <= since && !isNumbered ? reject('TRADE_TOO_OLD', details) : undefined;
}

/** A trade of the venue's next second is remembered from then on: its window ends when that of its own time does. */
export function noteTrade(state: State, trade: string, executedAt: Instant = state.now): void {
  const at = instant(Math.max(state.now, executedAt, latestOf(state.trades)));
  state.trades.add({ print: printOfTrade(trade), holder: state.by, at, seq: state.seq, facts: [] });
}

const latestOf = ({ latest, since }: RecallView): Instant => latest ?? since;

export const forgetTrades = (state: State, at: Instant): void =>
  state.trades.forget(instant(at - state.retention.trades));

const printOfTrade = (trade: string): Uint32Array => sha256Words(trade, 4);
