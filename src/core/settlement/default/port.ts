/**
 * Porting: client accounts of a member in default move whole to another member that takes them. Positions, collateral,
 * calls and their deadlines stay as they are; only who answers for the account, and who sees it, changes. Those who
 * have not moved when the time for it is up are closed out, each from its own collateral.  Rule: LCS-2
 */

import { known } from '../../../units/failure';
import { instant, later } from '../../../units/quantity';
import { holdsPosition } from '../../book/exposure';
import type { CommandOf } from '../../message/command';
import type { Desk } from '../../message/desk';
import type { EventOf } from '../../message/event';

import { type Checked, ok, type Rejection, refused, reject } from '../../message/rejection';
import type { AccountId } from '../../model/account';
import type { Actor } from '../../model/actor';
import type { DefaultId, MemberDefault, PortOffer } from '../../model/memberDefault';
import type { State, View } from '../../model/state';
import { defaultPolicyOf } from '../../reference/defaultPolicies';
import { isClosedOut } from '../../reference/memberDefaults';
import { newRiskProblem } from '../../reference/members';
import { accountsOfMember, amendDefault } from './books';

type Offer = Omit<PortOffer, 'id'>;

/** Errors, in order: DEFAULT_NOT_FOUND, MEMBER_NOT_FOUND, SAME_MEMBER, MEMBER_SUSPENDED, ACCOUNT_NOT_PORTABLE. */
export function checkPortClients(view: View, command: CommandOf<'PortClients'>, _actor: Actor): Checked<Offer> {
  const found = view.memberDefaults.get(command.default);
  if (!found) return refused('DEFAULT_NOT_FOUND', { default: command.default });
  const { toMember } = command;
  if (!view.members.has(toMember)) return refused('MEMBER_NOT_FOUND', { member: toMember });
  if (toMember === found.member) return refused('SAME_MEMBER', { member: toMember });
  const suspended = newRiskProblem(view, toMember);
  if (suspended) return { rejection: suspended };

  const all = accountsOfMember(view, found.member, 'CLIENT').filter((id) => !isTooLate(view, id));
  const accounts = command.accounts === null ? all : [...new Set(command.accounts)].sort();
  const other = accounts.find((id) => !all.includes(id));
  // An offer of nobody is somebody's mistake.
  if (other !== undefined || accounts.length === 0) return refused('ACCOUNT_NOT_PORTABLE', { account: other ?? '' });
  const offeredAt = view.now;
  return ok({ default: found.id, from: found.member, to: toMember, accounts, offeredAt, expiresAt: offeredAt });
}

/** Who is being closed out stays where the loss would have to be borne, until nothing is open any more. */
const isTooLate = (view: View, id: AccountId): boolean =>
  isClosedOut(view, id) && (holdsPosition(view, id) || view.liquidationOf.has(id));

export function offerClients(desk: Desk, offer: Offer): void {
  const { view } = desk;
  const windows = offer.accounts.map(
    (id) => defaultPolicyOf(view, known(view.book.account(id), 'Account', id).currency).acceptWindow,
  );
  const closes = later(
    desk.at,
    windows.reduce((shortest, next) => (next < shortest ? next : shortest)),
  );
  const { phase, portingUntil } = known(view.memberDefaults.get(offer.default), 'Default', offer.default);
  const expiresAt = phase === 'PORTING' ? instant(Math.min(closes, portingUntil)) : closes;
  desk.emit({ type: 'PortOffered', offered: { ...offer, id: desk.newId('port'), offeredAt: desk.at, expiresAt } });
}

/** Errors, in order: PORT_NOT_FOUND, MEMBER_SUSPENDED, ACCOUNT_NOT_PORTABLE. */
export function checkAcceptPort(view: View, command: CommandOf<'AcceptPort'>, actor: Actor): Checked<PortOffer> {
  const offer = offerTo(view, command.port, actor);
  if (!offer) return refused('PORT_NOT_FOUND', { port: command.port });
  const problem = newRiskProblem(view, offer.to) ?? absenceProblem(view, offer);
  return problem ? { rejection: problem } : ok(offer);
}

/** Only the member that is to take the clients may answer, not the house for it. */
function offerTo(view: View, id: string, { member }: Actor): PortOffer | undefined {
  const offer = view.portOffers.get(id);
  return offer?.to === member ? offer : undefined;
}

/** An account of another offer may have moved already. */
function absenceProblem(view: View, { accounts, from }: PortOffer): Rejection | undefined {
  const gone = accounts.find((id) => view.book.account(id)?.member !== from || isTooLate(view, id));
  return gone === undefined ? undefined : reject('ACCOUNT_NOT_PORTABLE', { account: gone });
}

export function acceptPort(desk: Desk, offer: PortOffer): void {
  desk.emit({
    type: 'ClientsPorted',
    port: offer.id,
    default: offer.default,
    member: offer.from,
    toMember: offer.to,
    moved: offer.accounts,
  });
}

/** Errors: PORT_NOT_FOUND. */
export function checkDeclinePort(
  view: View,
  command: CommandOf<'DeclinePort'>,
  actor: Actor,
): Checked<PortOffer & { readonly reason: string }> {
  const offer = offerTo(view, command.port, actor);
  return offer ? ok({ ...offer, reason: command.reason }) : refused('PORT_NOT_FOUND', { port: command.port });
}

export const declinePort = (desk: Desk, offer: PortOffer & { readonly reason: string }): void =>
  endPort(desk, offer, 'DECLINED', offer.reason);

export const expirePort = (desk: Desk, offer: PortOffer): void => endPort(desk, offer, 'EXPIRED', null);

const endPort = (desk: Desk, offer: PortOffer, outcome: EventOf<'PortEnded'>['outcome'], reason: string | null): void =>
  desk.emit({ type: 'PortEnded', port: offer.id, default: offer.default, member: offer.from, outcome, reason });

/** The time to move is up: every client still there that holds a position is closed out. */
export function endPorting(desk: Desk, { id, member }: MemberDefault): void {
  const clients = accountsOfMember(desk.view, member, 'CLIENT').filter((account) => holdsPosition(desk.view, account));
  desk.emit({ type: 'DefaultPhaseChanged', default: id, member, phase: 'CLOSING', clients });
  noteSettled(desk, id);
}

/** When the time of clients is up and every currency has its result, all that is left is to close the default. */
export function noteSettled(desk: Desk, id: DefaultId): void {
  const { member, phase, books } = known(desk.view.memberDefaults.get(id), 'Default', id);
  if (phase === 'CLOSING' && books.every(({ settled }) => settled))
    desk.emit({ type: 'DefaultPhaseChanged', default: id, member, phase: 'SETTLED', clients: [] });
}

export function onPortOffered(state: State, { offered }: EventOf<'PortOffered'>): void {
  state.portOffers.set(offered.id, offered);
  state.deadlines.set(`port/${offered.id}`, offered.expiresAt);
}

export function onPortEnded(state: State, { port }: Pick<EventOf<'PortEnded'>, 'port'>): void {
  state.portOffers.delete(port);
  state.deadlines.set(`port/${port}`, undefined);
}

export function onClientsPorted(state: State, event: EventOf<'ClientsPorted'>): void {
  for (const account of event.moved) state.book.amendMember(account, event.toMember);
  onPortEnded(state, event);
}

export function onDefaultPhaseChanged(state: State, event: EventOf<'DefaultPhaseChanged'>): void {
  amendDefault(state, event.default, { phase: event.phase });
  state.deadlines.set(`default/${event.default}`, undefined);
  for (const account of event.clients) state.due.add(account);
}

export const openOffersOf = (view: View, id: DefaultId): PortOffer[] =>
  [...view.portOffers.values()].filter((offer) => offer.default === id);
