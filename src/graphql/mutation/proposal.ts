/** Acts that wait for a second person. */

import { ObjectType } from 'type-graphql';
import { readerOf } from '../../core/kind/json';
import { canonicalText } from '../../core/message/command';
import { COUNTED_CHANGE, type CountedChange, type Proposal as ProposalModel } from '../../core/model/proposal';
import type { Proposal as ProposalRow } from '../../store/generated/client';
import { formatRatio, ratio } from '../../units/ratio';
import { Reached, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byOneOf, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { descending } from '../reading/page';
import { enumOf } from '../schema/enums';
import { Id, Of, OPTIONAL, SeqNo, Share, Text, When, Whole } from '../schema/fields';

export const ProposalStatus = enumOf<'OPEN' | 'APPROVED' | 'REJECTED' | 'EXPIRED' | 'CARRIED_OUT' | 'REFUSED'>(
  'ProposalStatus',
  'The status of a proposal.',
  {
    OPEN: 'It waits for a second person, or is being counted.',
    APPROVED: 'A second person approved it, and it ran.',
    REJECTED: 'It was rejected.',
    EXPIRED: 'It expired without approval.',
    CARRIED_OUT: 'It ran without a second person, because its count stayed under the share.',
    REFUSED: 'It was checked again while it was counted, and was refused.',
  },
);

@Reached()
@ObjectType({ description: 'The accounts that a change of terms would newly call, of those margined in one currency.' })
export class CountedAccounts {
  @Id('The currency in which the accounts are margined.')
  currency!: string;

  @Whole('Number of accounts with a position or an order.')
  accounts!: number;

  @Whole('Number of these that would fall below the call level, and not below the close-out level.')
  called!: number;

  @Whole('Number of these that would fall below the close-out level. They are called too, with the full window.')
  closedOut!: number;

  @Whole('Number of accounts that counted changes of the 24 hours before would call or put below the close-out level.')
  earlier!: number;

  @Share('All three numbers as a share of the accounts.')
  share!: string;
}

@Reached()
@ObjectType({
  description: 'The accounts that a proposed change of terms would call, as a pass over the book counted them.',
})
export class ChangeCount {
  @SeqNo('The journal entry that counted the last accounts.')
  entry!: number;

  @When('When the count was complete.')
  countedAt!: number;

  @Of(() => [CountedAccounts], 'The numbers by currency.')
  currencies!: CountedAccounts[];
}

@Reached()
@ObjectType({
  description:
    'A command that needs a second person, because it raises risk, moves house money or grants a ' +
    'role, or because it changes terms and it is counted how many it calls.',
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

  @Text('Why it was rejected. If it was refused: the code of the refusal.', OPTIONAL)
  decision!: string | null;

  @When('When it was proposed.')
  proposedAt!: Date | number;

  @When('When it expires.')
  expiresAt!: Date | number;

  @When('When it was decided.', OPTIONAL)
  decidedAt!: Date | null;

  @Of(
    () => ChangeCount,
    'Whom it would call. Null while it is counted, and if it changes no terms that are counted.',
    OPTIONAL,
  )
  count!: ChangeCount | null;
}

const countShown = ({ currencies, ...count }: CountedChange): ChangeCount => ({
  ...count,
  currencies: currencies.map((one) => ({
    ...one,
    share: shareText(one.called + one.closedOut + one.earlier, one.accounts),
  })),
});

/** A count has only currencies with an account. */
const shareText = (part: number, whole: number): string => formatRatio(ratio(BigInt(part), BigInt(whole)));

export const proposalOf = (row: ProposalRow): Proposal => ({
  ...row,
  command: canonicalText(row.command),
  count: row.count === null ? null : countShown(readCount(row.count)),
});

const readCount = readerOf(COUNTED_CHANGE);

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
  count: null,
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
