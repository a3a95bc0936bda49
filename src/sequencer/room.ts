/**
 * Room in the memory of what was done. Nothing in it is forgotten early, so it has a bound, and nobody may fill it
 * alone: whoever sends may have as many keys remembered as there is room left for everybody else. One that sends
 * without end comes to half of the memory and waits; whoever comes after it still finds room.  Ruling 22
 */

import type { Command } from '../core/message/command';
import type { View } from '../core/model/state';
import type { Instant } from '../units/quantity';
import type { RecallView } from '../units/recall';
import { type Submission, Unavailable } from './house';

export interface Room {
  readonly keys: number; // idempotency keys remembered at most: about 45 bytes each
  readonly trades: number; // ids of trades: about 35 bytes each
}

export const ROOM: Room = { keys: 20_000_000, trades: 50_000_000 };

/**
 * Fills of liquidation orders close risk, and there are no more of them than orders: they always find room. Trades that
 * their venue numbers need none.
 */
const isTrade = (command: Command): boolean =>
  command.type === 'SubmitTrade' && (command.number === undefined || command.number === null);

/** Why what is new among these submissions cannot be remembered; nothing where it can. */
export function noRoom(
  view: View,
  room: Room,
  submissions: readonly Submission[],
  isNew: (one: Submission) => boolean,
  at: Instant,
) {
  for (const holder of new Set(submissions.map(({ actor }) => actor.id))) {
    const theirs = submissions.filter(({ actor }) => actor.id === holder);
    const keyed = theirs.filter(({ key }) => key !== null);
    const trades = theirs.filter(({ command }) => isTrade(command));
    if (!fits(view.remembered, room.keys, holder, keyed, isNew))
      return full('idempotency keys', view.remembered, view.retention.keys, at);
    if (!fits(view.trades, room.trades, holder, trades, isNew))
      return full('trades', view.trades, view.retention.trades, at);
  }
  return undefined;
}

function fits(
  memory: RecallView,
  bound: number,
  holder: string,
  asked: readonly Submission[],
  isNew: (one: Submission) => boolean,
): boolean {
  const most = Math.max(0, bound - memory.size - memory.heldBy(holder));
  return asked.length <= most || asked.filter(isNew).length <= most;
}

/** Whether something is remembered that an entry at this time would forget. */
export const isOverdue = ({ remembered, trades, retention }: View, at: Instant): boolean =>
  (remembered.oldest ?? at) + retention.keys <= at || (trades.oldest ?? at) + retention.trades <= at;

const LONGEST_WAIT = 3_600_000;

function full(what: string, memory: RecallView, life: number, at: Instant): Unavailable {
  const message = `This key has as many ${what} remembered as it may: what is new from it waits until older ones are forgotten`;
  const wait = (memory.oldest ?? at) + life - at;
  return new Unavailable('MEMORY_FULL', message, Math.min(LONGEST_WAIT, Math.max(1_000, wait)));
}
