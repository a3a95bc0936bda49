/** Acts that wait for a second person. */

import { ObjectType } from 'type-graphql';
import { canonicalText } from '../../core/message/command';
import type { Proposal as ProposalModel } from '../../core/model/proposal';
import type { Proposal as ProposalRow } from '../../store/generated/client';
import { Reached, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byOneOf, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { descending } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';

export const ProposalStatus = enumOf<'OPEN' | 'APPROVED' | 'REJECTED' | 'EXPIRED'>('ProposalStatus', 'The status of a proposal.', {
  OPEN: 'It waits for a second person.',
  APPROVED: 'A second person approved it, and it ran.',
  REJECTED: 'It was rejected.',
  EXPIRED: 'It expired without approval.',
});

@Reached()
@ObjectType({
  description: 'A command that needs a second person, because it raises risk, moves house money or grants a ' + 'role.',
  implements: Node,
})
export class Proposal {
  @Id('The proposal.')
  id!: string;

  @Text('The command that runs on approval, as canonical JSON with its keys in order.')
  command!: string;

  @Text('The type of that command.')
  commandType!: string;

  @Text('SHA-256 of that text. Whoever approves repeats it.')
  hash!: string;

  @Text('The key that proposed it.')
  proposedBy!: string;

  @Id('The person whose key that is.')
  proposedByPerson!: string;

  @Text('The reason.')
  reason!: string;

  @Of(() => ProposalStatus, 'The status.')
  status!: string;

  @Text('The key that approved or rejected it.', OPTIONAL)
  decidedBy!: string | null;

  @Id('The person whose key that is.', OPTIONAL)
  decidedByPerson!: string | null;

  @Text('Why it was rejected.', OPTIONAL)
  decision!: string | null;

  @When('When it was proposed.')
  proposedAt!: Date | number;

  @When('When it expires.')
  expiresAt!: Date | number;

  @When('When it was decided.', OPTIONAL)
  decidedAt!: Date | null;
}

export const proposalOf = (row: ProposalRow): Proposal => ({ ...row, command: canonicalText(row.command) });

/** A proposal as it was just made. */
export const newProposal = (created: ProposalModel): Proposal => ({
  ...created,
  proposedByPerson: created.person ?? created.proposedBy,
  commandType: (JSON.parse(created.command) as { type: string }).type,
  status: 'OPEN',
  decidedBy: null,
  decidedByPerson: null,
  decision: null,
  decidedAt: null,
});

export async function readProposal(context: Context, id: string): Promise<Proposal | null> {
  const row = await (await context.read()).db.proposal.findUnique({ where: { id } });
  return row && proposalOf(row);
}

resolversOf(
  one({
    name: 'proposal',
    key: ({ id }) => id,
    description: 'A proposal. Null if it does not exist.',
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
    filters: { status: byOneOf(ProposalStatus, 'Only calls with one of these statuses.') },
    node: proposalOf,
  }),
);
