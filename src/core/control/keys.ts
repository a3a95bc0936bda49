/** API keys: who may act. Only hashes are kept. */

import { isChosenId } from '../../units/id';
import type { CommandOf } from '../message/command';

import type { Desk } from '../message/desk';
import type { EventOf } from '../message/event';
import { type Checked, ok, refused } from '../message/rejection';
import type { ApiKey } from '../model/actor';
import type { State, View } from '../model/state';

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
  const { apiKey: id, role, member, hash, label } = command;
  return ok({ id, role, member, hash, label });
}

export const issueApiKey = (desk: Desk, key: ApiKey): void => desk.emit({ type: 'ApiKeyIssued', key });

export function onApiKeyIssued(state: State, { key }: EventOf<'ApiKeyIssued'>): void {
  state.apiKeys.set(key.id, key);
  state.revokedKeys.delete(key.id); // earlier rules gave an id out again
}

/** Errors: API_KEY_NOT_FOUND. */
export const checkRevokeApiKey = (view: View, command: CommandOf<'RevokeApiKey'>): Checked<CommandOf<'RevokeApiKey'>> =>
  view.apiKeys.has(command.apiKey) ? ok(command) : refused('API_KEY_NOT_FOUND', { apiKey: command.apiKey });

export const revokeApiKey = (desk: Desk, { apiKey, reason }: CommandOf<'RevokeApiKey'>): void =>
  desk.emit({ type: 'ApiKeyRevoked', apiKey, reason });

export function onApiKeyRevoked(state: State, { apiKey }: EventOf<'ApiKeyRevoked'>): void {
  state.apiKeys.delete(apiKey);
  state.revokedKeys.set(apiKey, state.now);
}
