/**
 * API keys as the edge knows them, by the hashes of their secrets, following the committed events. A secret
 * is 256 random bits, so its plain SHA-256 is enough to store, and looking the hash up tells nothing by its timing.
 */

import { randomBytes } from 'node:crypto';
import { commandOf } from '../../core/control/proposal';
import type { Command } from '../../core/message/command';
import type { Actor, ApiKey, ApiKeyId } from '../../core/model/actor';
import { sha256 } from '../../units/hash';
import type { Memory } from '../live/memory';

export interface KeyRegistry {
  /** Who a secret belongs to; nothing for one that is unknown or revoked. */
  actorOf(secret: string): Actor | undefined;
  isLive(key: ApiKeyId): boolean;
  /** The hash under which a live key was issued or a new one is proposed, for a request that is repeated. */
  hashOf(key: ApiKeyId): string | undefined;
  /** Calls back with a key when it is revoked; returns how to stop. */
  onRevoked(listener: (key: ApiKeyId) => void): () => void;
}

const PREFIX = 'nvk_';

export const newSecret = (): string => `${PREFIX}${randomBytes(32).toString('base64url')}`;

export const hashOfSecret = (secret: string): string => sha256(secret);

export function createKeyRegistry(): KeyRegistry & Memory {
  const live = new Map<ApiKeyId, ApiKey>();
  const byHash = new Map<string, ApiKey>();
  const hashes = new Map<ApiKeyId, string>();
  const listeners = new Set<(key: ApiKeyId) => void>();

  const issue = (key: ApiKey): void => {
    live.set(key.id, key);
    byHash.set(key.hash, key);
    hashes.set(key.id, key.hash);
  };
  const revoke = (id: ApiKeyId): void => {
    const key = live.get(id);
    if (!key) return;
    live.delete(id);
    byHash.delete(key.hash);
    for (const listener of listeners) listener(id);
  };
  const propose = (command: Command): void => {
    if (command.type === 'IssueApiKey') hashes.set(command.apiKey, command.hash);
  };

  return {
    load({ keys, proposals }) {
      for (const proposal of proposals) propose(commandOf(proposal));
      for (const key of keys) issue(key);
    },
    learn(event) {
      if (event.type === 'ApiKeyIssued') issue(event.key);
      else if (event.type === 'ApiKeyRevoked') revoke(event.apiKey);
      else if (event.type === 'ProposalCreated') propose(commandOf(event.created));
    },
    actorOf(secret) {
      const key = byHash.get(hashOfSecret(secret));
      return (
        key && {
          id: key.id,
          role: key.role,
          member: key.member,
          ...(key.person === undefined ? {} : { person: key.person }),
        }
      );
    },
    isLive: (id) => live.has(id),
    hashOf: (id) => hashes.get(id),
    onRevoked(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
