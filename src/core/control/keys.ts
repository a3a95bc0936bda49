/** API keys: who may act. Only hashes are kept. */

import { isChosenId } from '../../units/id';
import type { CommandOf } from '../message/command';

import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { Actor, ApiKey } from '../model/actor';
import type { State, View } from '../model/state';
import { areTwoPersons, issuersBy, partyOf, proposerOf } from './person';

const SHA256 = /^[0-9a-f]{64}$/;

/** Errors: ID_INVALID, ALREADY_EXISTS, MEMBER_NOT_FOUND, VALUE_OUT_OF_RANGE. */
export function checkIssueApiKey(view: View, command: CommandOf<'IssueApiKey'>): Checked<ApiKey> {
  if (!isChosenId(command.apiKey)) return refused('ID_INVALID', { apiKey: command.apiKey });
  // An id stands for one secret for ever: what was revoked does not come back under its name.
  const taken = view.apiKeys.has(command.apiKey) || view.revokedKeys.has(command.apiKey);
  if (taken) return refused('ALREADY_EXISTS', { apiKey: command.apiKey });
  // A broker's key sees its member's clients and needs to name the member; no other role is bound to one.
  const bound = command.role === 'BROKER' || command.role === 'BROKER_READONLY';
  const named = command.member !== null && view.members.has(command.member);
  if (bound ? !named : command.member !== null) return refused('MEMBER_NOT_FOUND', { member: command.member ?? '' });
  if (!SHA256.test(command.hash)) return refused('VALUE_OUT_OF_RANGE', { field: 'hash' });
  const { apiKey: id, role, member, hash, label, person } = command;
  if (person != null && !isChosenId(person)) return refused('ID_INVALID', { person });
  return ok({ id, role, member, hash, label, ...(person == null || person === id ? {} : { person }) });
}

/** Who proposed it has the secret: the second person, who runs it, has only seen that it is to be.  Ruling 20 */
export function issueApiKey(desk: Desk, key: ApiKey): void {
  const issuers = issuersBy(desk.approved ? proposerOf(desk.approved) : partyOf(desk.view, desk.actor.id));
  desk.emit({ type: 'ApiKeyIssued', key: issuers.length > 0 ? { ...key, issuers } : key });
}

export function onApiKeyIssued(state: State, { key }: EventOf<'ApiKeyIssued'>): void {
  state.apiKeys.set(key.id, key);
  state.revokedKeys.delete(key.id); // earlier rules gave an id out again
}

/** Errors: API_KEY_NOT_FOUND. */
export const checkRevokeApiKey = (
  view: View,
  command: CommandOf<'RevokeApiKey'>,
): Checked<CommandOf<'RevokeApiKey'>> =>
  view.apiKeys.has(command.apiKey) ? ok(command) : refused('API_KEY_NOT_FOUND', { apiKey: command.apiKey });

export const revokeApiKey = (desk: Desk, { apiKey, reason }: CommandOf<'RevokeApiKey'>): void =>
  desk.emit({ type: 'ApiKeyRevoked', apiKey, reason });

export function onApiKeyRevoked(state: State, { apiKey }: EventOf<'ApiKeyRevoked'>): void {
  state.apiKeys.delete(apiKey);
  state.revokedKeys.set(apiKey, state.now);
}

/** Whether an administrator is revoked and none would be left who is another person than who revokes.  Ruling 20 */
export function leavesNoOtherAdmin(view: View, { apiKey }: CommandOf<'RevokeApiKey'>, actor: Actor): boolean {
  const own = partyOf(view, actor.id);
  if (view.apiKeys.get(apiKey)?.role !== 'ADMIN' || partyOf(view, apiKey).person === own.person) return false;
  const left = [...view.apiKeys.values()].filter(({ id, role }) => role === 'ADMIN' && id !== apiKey);
  return !left.some(({ id }) => areTwoPersons(own, partyOf(view, id)));
}
