/** Acts that wait for a second person. */

import { Args, Ctx, ID, ObjectType, Query, Resolver } from 'type-graphql';
import { canonicalText } from '../../core/message/command';
import type { Proposal as ProposalModel } from '../../core/model/proposal';
import type { Proposal as ProposalRow } from '../../store/generated/client';
import { Access, Reached, STAFF } from '../access/policy';
import { type Connection, connectionOf, PageArgs } from '../reading/connection';
import type { Context } from '../reading/context';
import { type KeyColumn, pageOf } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, MayTake, Of, OPTIONAL, Takes, Text, When } from '../schema/fields';

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

export const ProposalConnection = connectionOf('Proposal', Proposal, 'proposals');

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

const NEWEST_FIRST: readonly KeyColumn[] = [
  { field: 'proposedAt', type: 'date', descending: true },
  { field: 'id', type: 'text', descending: true },
];

@Resolver()
export class ProposalQueries {
  @Access(...STAFF)
  @Query(() => Proposal, { nullable: true, description: 'A proposal; null where there is none.' })
  proposal(@Takes('id', () => ID, 'The proposal.') id: string, @Ctx() context: Context): Promise<Proposal | null> {
    return readProposal(context, id);
  }

  @Access(...STAFF)
  @Query(() => ProposalConnection, { description: 'Proposals, the newest first.' })
  async proposals(
    @MayTake('status', () => [ProposalStatus], 'In one of these statuses only.') status: string[] | null,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: Context,
  ): Promise<Connection<Proposal>> {
    const reading = await context.read();
    const where = status === null ? {} : { status: { in: status } };
    return pageOf(reading, args, { table: reading.db.proposal, order: NEWEST_FIRST, where, node: proposalOf });
  }
}
