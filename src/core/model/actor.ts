/** Who acts. */

import type { MemberId } from './account';

export type Role = 'ADMIN' | 'RISK_OFFICER' | 'BROKER' | 'BROKER_READONLY' | 'LIQUIDATOR' | 'FEED' | 'AUDITOR' | 'SYSTEM';

export interface Actor {
  readonly id: string; // of the API key or user; SYSTEM acts for the house itself
  readonly role: Role;
  readonly member: MemberId | null; // brokers: whose clients they may see
}

export type ApiKeyId = string;

/** An API key: only the hash of the secret is kept. */
export interface ApiKey {
  readonly id: ApiKeyId;
  readonly role: Role;
  readonly member: MemberId | null;
  readonly hash: string; // SHA-256 of the secret
  readonly label: string;
}

export const SYSTEM: Actor = { id: 'system', role: 'SYSTEM', member: null };
