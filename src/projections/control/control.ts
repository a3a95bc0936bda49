/** Acts that wait for a second person, and the keys of those who may act.  Rules: X-5, B1-5 */

import type { EventOf } from '../../core/message/event';
import type { Batch, Moment } from '../rows/batch';
import { timeText } from '../rows/decimals';
import { jsonOf } from '../rows/parts';
import type { Row } from '../rows/rows';

export function onProposalCreated({ rows }: Batch, { created }: EventOf<'ProposalCreated'>): void {
  const command = JSON.parse(created.command) as { readonly type: string } & Extract<
    Row<'Proposal'>['command'],
    object
  >;
  rows.insert('Proposal', {
    id: created.id,
    command,
    commandType: command.type,
    hash: created.hash,
    proposedBy: created.proposedBy,
    proposedByPerson: created.person ?? created.proposedBy,
    reason: created.reason,
    status: 'OPEN',
    decidedBy: null,
    decidedByPerson: null,
    decision: null,
    proposedAt: timeText(created.proposedAt),
    expiresAt: timeText(created.expiresAt),
    decidedAt: null,
    count: null,
  });
}

export function onChangeCounted({ rows }: Batch, { proposal, count }: EventOf<'ChangeCounted'>): void {
  rows.update('Proposal', { id: proposal, count: jsonOf(count) });
}

const DECISIONS = {
  ProposalApproved: 'APPROVED',
  ProposalRejected: 'REJECTED',
  ProposalExpired: 'EXPIRED',
  ProposalCarriedOut: 'CARRIED_OUT',
  ProposalRefused: 'REFUSED',
} as const;

export function onProposalEnded({ rows }: Batch, event: EventOf<keyof typeof DECISIONS>, { at }: Moment): void {
  rows.update('Proposal', {
    id: event.proposal,
    status: DECISIONS[event.type],
    decidedBy: 'by' in event ? event.by : null,
    decidedByPerson: 'by' in event ? (event.person ?? event.by) : null,
    decision: 'reason' in event ? event.reason : 'code' in event ? event.code : null,
    decidedAt: timeText(at),
  });
}

/** An id that was revoked may be issued again: its row is then that of the new key. */
export function onApiKeyIssued({ keys }: Batch, { key }: EventOf<'ApiKeyIssued'>, { at }: Moment): void {
  keys.set(key.id, {
    id: key.id,
    role: key.role,
    memberId: key.member,
    person: key.person ?? key.id,
    issuers: [...(key.issuers ?? [])],
    label: key.label,
    hash: key.hash,
    issuedAt: timeText(at),
    revokedAt: null,
  });
}

export function onApiKeyRevoked({ keys }: Batch, { apiKey }: EventOf<'ApiKeyRevoked'>, { at }: Moment): void {
  keys.set(apiKey, { ...(keys.get(apiKey) ?? { id: apiKey }), revokedAt: timeText(at) });
}

export function writeKeys({ rows, keys }: Batch): void {
  for (const key of keys.values()) {
    if (isWhole(key)) rows.upsert('ApiKey', key);
    else rows.update('ApiKey', key);
  }
}

const isWhole = (key: Partial<Row<'ApiKey'>>): key is Row<'ApiKey'> => key.hash !== undefined;
