/** Changes of terms that were announced, for all who have to get ready for them.  Rule: X-6 */

import { ObjectType } from 'type-graphql';
import { CHANGE, changeOf } from '../../core/message/changeCommands';
import { type Command, canonicalText } from '../../core/message/command';
import type { RejectionCode } from '../../core/message/rejection';
import type { ScheduledChange as ScheduledModel } from '../../core/model/change';
import type { ScheduledChange as ChangeRow } from '../../store/generated/client';
import { Reached, ROLES, STAFF } from '../access/policy';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { byOneOf, list, one, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { ascending } from '../reading/page';
import { enumOf, shownAs } from '../schema/enums';
import { Id, Of, OPTIONAL, Text, When } from '../schema/fields';
import { Rejection, rejectionShown } from '../schema/rejection';

/** Made before a schema is built: what is registered while one is, it does not know. */
export const Change = shownAs(CHANGE);

export const ScheduledChangeStatus = enumOf<'SCHEDULED' | 'MADE' | 'REFUSED' | 'CANCELLED'>(
  'ScheduledChangeStatus',
  'The status of a scheduled change.',
  {
    SCHEDULED: 'It is still to come.',
    MADE: 'It came into force.',
    REFUSED: 'It was checked again when it was due, and was refused. The terms before it stay.',
    CANCELLED: 'An officer cancelled it before it was due.',
  },
);

@Reached()
@ObjectType({ description: 'A change of terms that comes into force later.', implements: Node })
export class ScheduledChange {
  @Id('The scheduled change.')
  id!: string;

  @Of(() => Change, 'What kind of terms it changes.')
  change!: string;

  @Text('The command that runs when it is due, as canonical JSON with its keys in order.')
  command!: string;

  @Of(() => ScheduledChangeStatus, 'The status.')
  status!: string;

  @When('When it comes into force.')
  effectiveAt!: Date | number;

  @When('When it was announced.')
  scheduledAt!: Date | number;

  @Text('The key that announced it. Null for brokers.', OPTIONAL)
  scheduledBy!: string | null;

  @Text('The key of the second person who approved it. Null if it needed none, and null for brokers.', OPTIONAL)
  approvedBy!: string | null;

  @When('When it came into force, was refused or was cancelled. Null while it is still to come.', OPTIONAL)
  endedAt!: Date | null;

  @Text('The key that cancelled it. Null if nobody did, and null for brokers.', OPTIONAL)
  cancelledBy!: string | null;

  @Text('Why it was cancelled. Null if it was not.', OPTIONAL)
  cancelReason!: string | null;

  @Of(() => Rejection, 'Why it was refused when it was due. Null if it was not.', OPTIONAL)
  rejection!: Rejection | null;
}

interface Refusal {
  readonly code: RejectionCode;
  readonly details: readonly { readonly name: string; readonly value: string }[];
}

function rejectionOf({ refusal, command }: ChangeRow): Rejection | null {
  if (refusal === null) return null;
  const { code, details } = refusal as unknown as Refusal;
  return rejectionShown(
    { code, details: Object.fromEntries(details.map(({ name, value }) => [name, value])) },
    command as unknown as Command,
  );
}

/** Who decided is the house's own matter. */
const forCaller = (change: ScheduledChange, { actor }: Context): ScheduledChange =>
  (STAFF as readonly string[]).includes(actor.role)
    ? change
    : { ...change, scheduledBy: null, approvedBy: null, cancelledBy: null };

const scheduledChangeOf = (row: ChangeRow, context: Context): ScheduledChange =>
  forCaller(
    { ...row, change: changeOf(row.commandType), command: canonicalText(row.command), rejection: rejectionOf(row) },
    context,
  );

/** A change as it was just announced. */
export const newScheduledChange = (scheduled: ScheduledModel): ScheduledChange => ({
  ...scheduled,
  change: changeOf((JSON.parse(scheduled.command) as { type: string }).type),
  status: 'SCHEDULED',
  endedAt: null,
  cancelledBy: null,
  cancelReason: null,
  rejection: null,
});

export async function readScheduledChange(context: Context, id: string): Promise<ScheduledChange | null> {
  const row = await (await context.read()).db.scheduledChange.findUnique({ where: { id } });
  return row && scheduledChangeOf(row, context);
}

resolversOf(
  one({
    name: 'scheduledChange',
    key: ({ id }) => id,
    description: 'A scheduled change. Null if it does not exist.',
    of: ScheduledChange,
    id: 'The scheduled change.',
    access: ROLES,
    read: readScheduledChange,
  }),
  list({
    name: 'scheduledChanges',
    description: 'Scheduled changes, in the order in which they come into force.',
    of: connectionOf('ScheduledChange', ScheduledChange, 'scheduled changes'),
    access: ROLES,
    table: 'ScheduledChange',
    order: ascending({ effectiveAt: 'date', id: 'text' }),
    filters: { status: byOneOf(ScheduledChangeStatus, 'Only changes with one of these statuses.') },
    node: scheduledChangeOf,
  }),
);
