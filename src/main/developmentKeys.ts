/**
 * A key for every role, so that a developer can try everything at once. Only an embedded house has them: they are made
 * at its first start and kept in its folder, for whoever may read that folder may do what he likes with it anyway.
 *
 * A key is issued once. Whether it was is asked of the house, which knows it for ever; one that was revoked stays
 * revoked.
 */

import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CommandOf } from '../core/message/command';

import { SYSTEM } from '../core/model/actor';
import { hashOfSecret, newSecret } from '../graphql/access/keys';
import type { KeyRole } from '../graphql/access/policy';
import { doneBy, type House, type KeyStanding } from '../sequencer/house';
import { ConfigError } from './option';

export interface DevelopmentKey {
  readonly id: string;
  readonly role: KeyRole;
  readonly member: string | null;
  readonly secret: string;
}

/** Roles that belong to the house. There are two administrators, because some acts take two persons. */
const HOUSE_KEYS: readonly (readonly [id: string, role: KeyRole])[] = [
  ['dev-admin', 'ADMIN'],
  ['dev-admin-2', 'ADMIN'],
  ['dev-risk-officer', 'RISK_OFFICER'],
  ['dev-feed', 'FEED'],
  ['dev-liquidator', 'LIQUIDATOR'],
  ['dev-auditor', 'AUDITOR'],
];

const fileOf = (data: string): string => join(data, 'development-keys.json');

/**
 * The keys of a data folder; made where there are none yet. `members` get a broker's key each, the first a read-only
 * one too.
 */
export function developmentKeys(data: string, members: readonly string[]): DevelopmentKey[] {
  const file = fileOf(data);
  if (existsSync(file)) return readKeys(file);
  const keys = [
    ...HOUSE_KEYS.map(([id, role]) => ({ id, role, member: null, secret: newSecret() })),
    ...members.map((member) => ({ id: `dev-broker-${member}`, role: 'BROKER' as const, member, secret: newSecret() })),
    ...members
      .slice(0, 1)
      .map((member) => ({ id: `dev-reader-${member}`, role: 'BROKER_READONLY' as const, member, secret: newSecret() })),
  ];
  // Whole or not at all: the secrets are kept nowhere else.
  const draft = `${file}.new`;
  writeFileSync(draft, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
  return keys;
}

function readKeys(file: string): DevelopmentKey[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as DevelopmentKey[];
  } catch (error) {
    throw new ConfigError(`The development keys in ${file} cannot be read: ${(error as Error).message}.`);
  }
}

/** Why a key does not work, in the words of a note; nothing where it does. */
export function whyNot({ id, secret }: DevelopmentKey, { live, revoked }: KeyStanding): string | undefined {
  const issued = live.find((key) => key.id === id);
  if (issued) return issued.hash === hashOfSecret(secret) ? undefined : 'issued with another secret';
  return revoked.includes(id) ? 'revoked' : 'not issued';
}

/** What issues those that one person may still issue: nothing any more once a second person is needed. */
export function missingKeys(
  keys: readonly DevelopmentKey[],
  { live, revoked, needSecondPerson }: KeyStanding,
): CommandOf<'IssueApiKey'>[] {
  if (needSecondPerson) return [];
  const known = new Set([...live.map(({ id }) => id), ...revoked]);
  return keys
    .filter(({ id }) => !known.has(id))
    .map(({ id, role, member, secret }) => ({
      ...{ type: 'IssueApiKey' as const, apiKey: id, role, member },
      ...{ hash: hashOfSecret(secret), label: 'Development key' },
    }));
}

/** Makes the house's own keys known to it, as far as they never were. Throws NotDone. */
export async function issueHouseKeys(house: House, keys: readonly DevelopmentKey[]): Promise<void> {
  const missing = missingKeys(
    keys.filter(({ member }) => member === null),
    await house.keys(),
  );
  for (const answer of await house.submit(missing.map((command) => ({ actor: SYSTEM, key: null, command }))))
    doneBy(answer);
}

export const ofMembers = (keys: readonly DevelopmentKey[]): DevelopmentKey[] =>
  keys.filter(({ member }) => member !== null);
