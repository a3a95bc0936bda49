/** Acts that wait for a second person. */

import { ObjectType } from 'type-graphql';
import { canonicalText } from '../../core/message/command';
import type { Proposal as ProposalModel } from '../../core/model/proposal';
import type { Proposal as ProposalRow } from '../../store/generated/client';
import { Reached, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byOneOf, list, one, resolversOf } from '../reading/list';
import { descending } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const ProposalStatus = enumOf<'OPEN' | 'APPROVED' | 'REJECTED' | 'EXPIRED'>('ProposalStatus', 'How a proposal stands.', {
  OPEN: 'It waits for a second person.',
  APPROVED: 'A second person approved it, and it ran.',
  REJECTED: 'It was turned down.',
  EXPIRED: 'Nobody approved it in time.',
});

@Reached()
@ObjectType({ description: 'An act that raises risk, moves house money or grants a role, and waits, or waited, for a second person.' })
export class Proposal {
  @Id('The proposal.')
  id!: string;

  @Text('What runs when it is approved: the command as canonical JSON, keys in order.')
  command!: string;

  @Text('Type of that command.')
  commandType!: string;

  @Text('SHA-256 of that text: whoever approves repeats it.')
  hash!: string;

  @Text('Key of who proposed it.')
  proposedBy!: string;

  @Text('Why.')
  reason!: string;

  @Of(() => ProposalStatus, 'How it stands.')
  status!: string;

  @Text('Key of who approved or rejected it.', OPTIONAL)
  decidedBy!: string | null;

  @Text('Why it was rejected.', OPTIONAL)
  decision!: string | null;

  @When('When it was proposed.')
  proposedAt!: Date | number;

  @When('Until when it waits.')
  expiresAt!: Date | number;

  @When('When it was decided.', OPTIONAL)
  decidedAt!: Date | null;
}

export const proposalOf = (row: ProposalRow): Proposal => ({ ...row, command: canonicalText(row.command) });

/** A proposal as it was just made. */
export const newProposal = (created: ProposalModel): Proposal => ({
  ...created,
  commandType: (JSON.parse(created.command) as { type: string }).type,
  status: 'OPEN',
  decidedBy: null,
  decision: null,
  decidedAt: null,
});

export async function readProposal(context: Context, id: string): Promise<Proposal | null> {
  const row = await (await context.read()).db.proposal.findUnique({ where: { id } });
  return row && proposalOf(row);
}

export const ProposalQueries = resolversOf(
  one({
    name: 'proposal',
    description: 'A proposal; null where there is none.',
    of: Proposal,
    id: 'The proposal.',
    access: STAFF,
    read: readProposal,
  }),
  list({
    name: 'proposals',
    description: 'Proposals, the newest first.',
    of: connectionOf('Proposal', Proposal, 'proposals'),
    access: STAFF,
    table: 'Proposal',
    order: descending({ proposedAt: 'date', id: 'text' }),
    filters: { status: byOneOf(ProposalStatus, 'In one of these statuses only.') },
    node: proposalOf,
  }),
);
