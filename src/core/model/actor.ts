/** Who acts. */

import { kind, type RecordOf } from '../kind/kind';
import type { MemberId } from './account';

export type Role = 'ADMIN' | 'RISK_OFFICER' | 'BROKER' | 'BROKER_READONLY' | 'LIQUIDATOR' | 'FEED' | 'AUDITOR' | 'SYSTEM';

export interface Actor {
  readonly id: string; // of the API key or user; SYSTEM acts for the house itself
  readonly role: Role;
  readonly member: MemberId | null; // brokers: whose clients they may see
}

export type ApiKeyId = string;

/** An API key: only the hash of the secret is kept. */
export const API_KEY = kind.record({
  id: kind.text<ApiKeyId>(),
  role: kind.text<Role>(),
  member: kind.nullable(kind.text<MemberId>()),
  hash: kind.text(), // SHA-256 of the secret
  label: kind.text(),
});
export type ApiKey = RecordOf<typeof API_KEY>;

export const SYSTEM: Actor = { id: 'system', role: 'SYSTEM', member: null };
