/** Who acts. */

import { type ChoiceOf, choice, kind, type RecordOf } from '../kind/kind';
import type { MemberId } from './account';

export const ROLE = choice('Role', 'The role of a key: what it may do.', {
  ADMIN: 'Configures the house, its members and its keys, and reads everything.',
  RISK_OFFICER: 'Decides on margin policy, calls and halts, and reads everything.',
  BROKER: 'Acts for the accounts of its own member.',
  BROKER_READONLY: 'Reads the accounts of its own member.',
  LIQUIDATOR: 'Works liquidation orders.',
  FEED: 'Reports prices, trades and fills of its venue.',
  AUDITOR: 'Reads everything, writes nothing.',
});
/** What a key may be. */
export type KeyRole = ChoiceOf<typeof ROLE>;
/** The house itself acts as SYSTEM. */
export type Role = KeyRole | 'SYSTEM';

export interface Actor {
  readonly id: string; // of the API key or user; SYSTEM acts for the house itself
  readonly role: Role;
  readonly member: MemberId | null; // brokers: whose clients they may see
  readonly person?: PersonId; // whose key it is, where that is another name than the key's
}

export type ApiKeyId = string;
export type PersonId = string;

/** An API key: only the hash of the secret is kept. */
export const API_KEY = kind.record({
  id: kind.text<ApiKeyId>(),
  role: kind.text<Role>(),
  member: kind.nullable(kind.text<MemberId>()),
  hash: kind.text(), // SHA-256 of the secret
  label: kind.text(),
  person: kind.optional(kind.text<PersonId>()), // whose it is; none: the one of the key's own name
  issuers: kind.optional(kind.list(kind.text<PersonId>())), // who issued it, who issued the key of that one, and so on
});
export type ApiKey = RecordOf<typeof API_KEY>;

export const SYSTEM: Actor = { id: 'system', role: 'SYSTEM', member: null };
