/**
 * Changes of terms that come into force later. What was announced is kept as the command it was. At its instant the
 * command is checked again and runs, or is refused on the record.  Rule: X-6
 */

import { compare, duration, type Instant, later } from '../../units/quantity';
import { CHANGE, changeOf } from '../message/changeCommands';
import { COMMANDS, type Command, type CommandOf, canonicalText } from '../message/command';
import type { Definition } from '../message/definition';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import { presentCommand } from '../message/renamed';
import type { ScheduledChange } from '../model/change';
import type { State, View } from '../model/state';
import { readSpan } from '../reference/reading';
import { isOpenForBusiness, onceOpenIf } from './risk';

/** How far ahead a change may be announced. */
export const FURTHEST = duration(366 * 86_400_000);

/** Changes that wait at once, at most: each runs by itself when it is due. */
export const MOST_CHANGES = 1_000;

const takesEffect = ({ type }: Command): boolean => 'effectiveAt' in COMMANDS[type].fields;

/** When a command says that it comes into force; null means at once. */
export const effectiveAtOf = (command: Command): number | null =>
  'effectiveAt' in command ? (command.effectiveAt ?? null) : null;

/** A command that waited beyond its time holds at once. */
export const nowOrLater = (command: Command, now: Instant): Command =>
  (effectiveAtOf(command) ?? now) > now
    ? command
    : ({ ...command, ...('effectiveAt' in command ? { effectiveAt: null } : {}) } as Command);

/**
 * Whether a command is kept until later as a change. Tiers and margin policies are kept as versions that are not yet
 * active.
 */
export function isForLater(command: Command, at: Instant): boolean {
  const { ownVersions }: Definition = COMMANDS[command.type];
  return ownVersions !== true && (effectiveAtOf(command) ?? at) > at;
}

/**
 * What stands against the time from which a command is to hold. Errors: VALUE_OUT_OF_RANGE, TOO_MANY_SCHEDULED_CHANGES.
 */
export function effectProblem(view: View, command: Command): Rejection | undefined {
  const effectiveAt = effectiveAtOf(command);
  if (effectiveAt === null) return undefined;
  if (effectiveAt < view.now || effectiveAt > later(view.now, FURTHEST))
    return reject('VALUE_OUT_OF_RANGE', { field: 'effectiveAt' });
  return isForLater(command, view.now) && view.scheduledChanges.size >= MOST_CHANGES
    ? reject('TOO_MANY_SCHEDULED_CHANGES')
    : undefined;
}

/**
 * Whether a change comes sooner than the notice that its kind needs: then it needs a second person once the house is
 * open.
 */
export function isAtShortNotice(view: View, command: Command): boolean {
  if (!takesEffect(command)) return false;
  const notice = view.notices.get(changeOf(command.type));
  if (notice === undefined || !isOpenForBusiness(view)) return false;
  return (effectiveAtOf(command) ?? view.now) < later(view.now, notice);
}

/** `alone`: the key of the one person who announced it, where the house says so in that name. */
export function scheduleChange(desk: Desk, command: Command, alone?: string): void {
  const scheduled: ScheduledChange = {
    id: desk.newId('chg'),
    command: canonicalText(command),
    effectiveAt: (effectiveAtOf(command) ?? desk.at) as Instant,
    scheduledAt: desk.at,
    scheduledBy: alone ?? desk.approved?.proposedBy ?? desk.actor.id,
    approvedBy: desk.approved ? desk.actor.id : null,
  };
  desk.emit({ type: 'ChangeScheduled', scheduled });
}

/** The command of a change, as it runs when it is due. */
export const commandOfChange = ({ command }: ScheduledChange): Command => ({
  ...presentCommand(JSON.parse(command) as Command),
  ...{ effectiveAt: null },
});

export const refuseChange = (desk: Desk, { id }: ScheduledChange, rejection: Rejection): void =>
  desk.emit({ type: 'ScheduledChangeRefused', change: id, ...namedIn(rejection) });

/** A rejection as an event has it. */
export const namedIn = ({ code, details }: Rejection): Pick<EventOf<'ScheduledChangeRefused'>, 'code' | 'details'> => ({
  code,
  details: Object.entries(details)
    .map(([name, value]) => ({ name, value }))
    .sort((a, b) => compare(a.name, b.name)),
});

/** Errors: SCHEDULED_CHANGE_NOT_FOUND. */
export const checkCancelScheduledChange = (
  view: View,
  command: CommandOf<'CancelScheduledChange'>,
): Checked<CommandOf<'CancelScheduledChange'>> =>
  view.scheduledChanges.has(command.change)
    ? ok(command)
    : refused('SCHEDULED_CHANGE_NOT_FOUND', { change: command.change });

export const cancelScheduledChange = (desk: Desk, { change, reason }: CommandOf<'CancelScheduledChange'>): void =>
  desk.emit({ type: 'ScheduledChangeCancelled', change, by: desk.actor.id, reason });

type Notice = Omit<EventOf<'NoticeSet'>, 'type'>;

/** Errors: VALUE_OUT_OF_RANGE. */
export function checkSetNotice(_view: View, { change, notice }: CommandOf<'SetNotice'>): Checked<Notice> {
  const read = readSpan('notice', notice, 0, FURTHEST);
  if (read.rejection) return read;
  return change in CHANGE.values
    ? ok({ change, notice: duration(read.ok) })
    : refused('VALUE_OUT_OF_RANGE', { field: 'change' });
}

export const setNotice = (desk: Desk, notice: Notice): void => desk.emit({ type: 'NoticeSet', ...notice });

export const ifNoticeShortened = onceOpenIf<'SetNotice', Notice>(
  (view, _command, { change, notice }) => notice < (view.notices.get(change) ?? 0),
);

export function onChangeScheduled(state: State, { scheduled }: EventOf<'ChangeScheduled'>): void {
  state.scheduledChanges.set(scheduled.id, scheduled);
  state.deadlines.set(`scheduled/${scheduled.id}`, scheduled.effectiveAt);
}

export function onScheduledChangeEnded(
  state: State,
  { change }: EventOf<'ScheduledChangeMade' | 'ScheduledChangeRefused' | 'ScheduledChangeCancelled'>,
): void {
  state.scheduledChanges.delete(change);
  state.deadlines.set(`scheduled/${change}`, undefined);
}

export function onNoticeSet(state: State, { change, notice }: EventOf<'NoticeSet'>): void {
  if (notice === 0) state.notices.delete(change);
  else state.notices.set(change, notice);
}
