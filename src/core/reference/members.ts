/**
 * Members: admitted, and how they stand. A suspended member, one in default and one that has left take no new risk, and
 * nothing leaves the accounts of the first two; reducing trades and deposits go on. Suspending works at once by one
 * officer; loosening needs a second person.  Rule: LCS-2
 */

import { isChosenId } from '../../units/id';
import type { CommandOf } from '../message/command';
import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../message/rejection';
import type { MemberId, MemberStatus } from '../model/account';
import type { State, View } from '../model/state';

/** The member under which the clearinghouse keeps its own accounts. */
export const CLEARINGHOUSE = 'clearinghouse';

/** Errors: ID_INVALID, ALREADY_EXISTS. */
export function checkAdmitMember(view: View, command: CommandOf<'AdmitMember'>): Checked<CommandOf<'AdmitMember'>> {
  if (!isChosenId(command.member)) return refused('ID_INVALID', { member: command.member });
  if (view.members.has(command.member) || command.member === CLEARINGHOUSE)
    return refused('ALREADY_EXISTS', { member: command.member });
  return ok(command);
}

export const admitMember = (desk: Desk, { member, name }: CommandOf<'AdmitMember'>): void =>
  desk.emit({ type: 'MemberAdmitted', member, name });

export function onMemberAdmitted(state: State, event: EventOf<'MemberAdmitted'>): void {
  state.members.set(event.member, { id: event.member, name: event.name });
}

export const memberStatusOf = (view: View, member: MemberId): MemberStatus =>
  view.memberStatuses.get(member) ?? 'ACTIVE';

/** Why accounts of a member may not add risk now. */
export function newRiskProblem(view: View, member: MemberId): Rejection | undefined {
  const status = memberStatusOf(view, member);
  return status === 'ACTIVE' ? undefined : reject('MEMBER_SUSPENDED', { member, status });
}

/** Why nothing may leave accounts of a member now. Who has left may take along what is theirs. */
export function payOutProblem(view: View, member: MemberId): Rejection | undefined {
  const status = memberStatusOf(view, member);
  return status === 'SUSPENDED' || status === 'IN_DEFAULT' ? reject('MEMBER_SUSPENDED', { member, status }) : undefined;
}

/** Errors: MEMBER_NOT_FOUND, MEMBER_STATUS_MISMATCH. */
export function checkSuspendMember(
  view: View,
  command: CommandOf<'SuspendMember'>,
): Checked<CommandOf<'SuspendMember'>> {
  if (!view.members.has(command.member)) return refused('MEMBER_NOT_FOUND', { member: command.member });
  const status = memberStatusOf(view, command.member);
  return status === 'ACTIVE' ? ok(command) : refused('MEMBER_STATUS_MISMATCH', { member: command.member, status });
}

export const suspendMember = (desk: Desk, { member, reason }: CommandOf<'SuspendMember'>): void =>
  changeMemberStatus(desk, member, 'SUSPENDED', reason);

/** A default is ended by closing it, not by this. Errors: MEMBER_NOT_FOUND, MEMBER_STATUS_MISMATCH. */
export function checkReinstateMember(
  view: View,
  command: CommandOf<'ReinstateMember'>,
): Checked<CommandOf<'ReinstateMember'>> {
  if (!view.members.has(command.member)) return refused('MEMBER_NOT_FOUND', { member: command.member });
  const status = memberStatusOf(view, command.member);
  return status === 'SUSPENDED' ? ok(command) : refused('MEMBER_STATUS_MISMATCH', { member: command.member, status });
}

export const reinstateMember = (desk: Desk, { member, reason }: CommandOf<'ReinstateMember'>): void =>
  changeMemberStatus(desk, member, 'ACTIVE', reason);

export const changeMemberStatus = (desk: Desk, member: MemberId, to: MemberStatus, reason: string): void =>
  desk.emit({ type: 'MemberStatusChanged', member, from: memberStatusOf(desk.view, member), to, reason });

export function onMemberStatusChanged(state: State, { member, to }: EventOf<'MemberStatusChanged'>): void {
  if (to === 'ACTIVE') state.memberStatuses.delete(member);
  else state.memberStatuses.set(member, to);
}
