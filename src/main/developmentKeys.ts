/**
 * A key for every role, so that a developer can try everything at once. Only an embedded house has them: they are made at
 * its first start and kept in its folder, for whoever may read that folder may do what he likes with it anyway.
 */

import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SYSTEM } from '../core/model/actor';
import { hashOfSecret, newSecret } from '../graphql/access/keys';
import type { KeyRole } from '../graphql/access/policy';
import type { House, Submission } from '../sequencer/house';
import { assert } from '../units/failure';

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

/** The keys of a data folder; made where there are none yet. `members` get a broker's key each, the first a read-only one too. */
export function developmentKeys(data: string, members: readonly string[]): DevelopmentKey[] {
  const file = fileOf(data);
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as DevelopmentKey[];
  const keys = [
    ...HOUSE_KEYS.map(([id, role]) => ({ id, role, member: null, secret: newSecret() })),
    ...members.map((member) => ({ id: `dev-broker-${member}`, role: 'BROKER' as const, member, secret: newSecret() })),
    ...members.slice(0, 1).map((member) => ({ id: `dev-reader-${member}`, role: 'BROKER_READONLY' as const, member, secret: newSecret() })),
  ];
  writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
  return keys;
}

/** Makes the keys known to the house. Doing it again changes nothing. */
export async function issueDevelopmentKeys(house: House, keys: readonly DevelopmentKey[]): Promise<void> {
  const submissions = keys.map(
    ({ id, role, member, secret }): Submission => ({
      actor: SYSTEM,
      key: `development-key/${id}`,
      command: { type: 'IssueApiKey', apiKey: id, role, member, hash: hashOfSecret(secret), label: 'Development key' },
    }),
  );
  for (const answer of await house.submit(submissions))
    assert('outcome' in answer && !('rejection' in answer.outcome), 'A development key was refused', { answer: JSON.stringify(answer) });
}

export const ofHouse = (keys: readonly DevelopmentKey[]): DevelopmentKey[] => keys.filter(({ member }) => member === null);
export const ofMembers = (keys: readonly DevelopmentKey[]): DevelopmentKey[] => keys.filter(({ member }) => member !== null);
