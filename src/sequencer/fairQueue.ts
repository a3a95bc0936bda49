/**
 * Submissions that wait for the house, fairly between those who send: each has a lane in which its own stay in their
 * order, and the lanes are served one after the other, some commands of each. A list is taken in parts, so that a
 * single payment never waits for a thousand of somebody else. Nobody may fill the queue: whoever sends may have as many
 * waiting as there is room left for all others, which is half for one alone, and always leaves some for whoever comes
 * next.
 */

import { SYSTEM } from '../core/model/actor';
import { type Submission, Unavailable } from './house';

/** Submissions that were sent together. */
export interface Sent {
  readonly submissions: readonly Submission[];
}

export interface FairQueue<Group extends Sent> {
  readonly size: number; // submissions waiting
  /** Why they cannot be taken now; nothing where they can. */
  refusalOf(submissions: readonly Submission[]): Unavailable | undefined;
  add(group: Group): void;
  /** Takes the next submission: which of its group. */
  next(): { readonly group: Group; readonly index: number } | undefined;
  /** Whoever was served last has had enough for now, however few that was. */
  endTurn(): void;
  /** Takes everything that is left, whole or in part. */
  clear(): Group[];
}

/** Commands of one sender before it is the next one's turn. */
const TURN = 25;
const RETRY_MS = 250;

/** Who sent them; together they come from one. */
export const senderOf = ([first]: readonly Submission[]): string => first?.actor.id ?? SYSTEM.id;

/** How much each sender has of something of which there is so much. */
export interface Shares {
  readonly taken: number;
  refusalOf(sender: string, count: number): Unavailable | undefined;
  take(sender: string, count: number): void; // a negative number gives back
}

export function createShares(limit: number): Shares {
  const held = new Map<string, number>();
  let taken = 0;
  return {
    get taken() {
      return taken;
    },
    refusalOf(sender, count) {
      const free = limit - taken - count;
      if (free < 0) return new Unavailable('QUEUE_FULL', `More than ${limit} commands are waiting`, RETRY_MS);
      const theirs = (held.get(sender) ?? 0) + count;
      // The house itself waits for nobody's share: what it sends keeps time.
      if (theirs <= free || sender === SYSTEM.id) return undefined;
      return new Unavailable(
        'SHARE_USED',
        'As many commands of this key are waiting as it may have; others are served',
        RETRY_MS,
      );
    },
    take(sender, count) {
      taken += count;
      const theirs = (held.get(sender) ?? 0) + count;
      if (theirs > 0) held.set(sender, theirs);
      else held.delete(sender);
    },
  };
}

interface Lane<Group> {
  readonly sender: string;
  groups: Group[];
  index: number; // of the next submission of the first group
  credit: number; // commands until the turn is over
}

export function createFairQueue<Group extends Sent>(limit: number): FairQueue<Group> {
  const shares = createShares(limit);
  const lanes = new Map<string, Lane<Group>>();

  /** The lane whose turn it is goes behind the others. */
  function rotate(lane: Lane<Group>): void {
    lanes.delete(lane.sender);
    lane.credit = TURN;
    if (lane.groups.length > 0) lanes.set(lane.sender, lane);
  }

  function advance(lane: Lane<Group>, { submissions }: Group): void {
    lane.index += 1;
    lane.credit -= 1;
    if (lane.index >= submissions.length) {
      lane.groups.shift();
      lane.index = 0;
    }
    if (lane.credit === 0 || lane.groups.length === 0) rotate(lane);
  }

  let served: Lane<Group> | undefined;
  return {
    get size() {
      return shares.taken;
    },
    refusalOf: (submissions) => shares.refusalOf(senderOf(submissions), submissions.length),
    add(group) {
      const sender = senderOf(group.submissions);
      shares.take(sender, group.submissions.length);
      const lane = lanes.get(sender);
      if (lane) lane.groups.push(group);
      else lanes.set(sender, { sender, groups: [group], index: 0, credit: TURN });
    },
    next() {
      const lane = lanes.values().next().value;
      const group = lane?.groups[0];
      if (!lane || !group) return undefined;
      const { index } = lane;
      shares.take(lane.sender, -1);
      served = lane;
      advance(lane, group);
      return { group, index };
    },
    endTurn() {
      if (served && served.credit < TURN && served.groups.length > 0) rotate(served);
    },
    clear() {
      const left = [...lanes.values()].flatMap(({ groups }) => groups);
      for (const { sender, groups, index } of lanes.values())
        shares.take(sender, index - groups.reduce((sum, { submissions }) => sum + submissions.length, 0));
      lanes.clear();
      return left;
    },
  };
}
