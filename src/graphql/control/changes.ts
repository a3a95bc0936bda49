/** The notice that changes of terms need, and taking one back.  Rule: X-6 */

import { Ctx, ObjectType } from 'type-graphql';
import type { ChangeNotice } from '../../store/generated/client';
import { duration } from '../../units/quantity';
import { Reached, ROLES } from '../access/policy';
import { Payload, PayloadType } from '../mutation/payload';
import { Change, readScheduledChange, ScheduledChange } from '../mutation/scheduledChange';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import type { Context } from '../reading/context';
import { list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { ascending } from '../reading/page';
import { Of, OPTIONAL, SeqNo, Span } from '../schema/fields';

@Reached()
@ObjectType({
  description: 'How long before it comes into force a kind of change has to be announced.',
  implements: Node,
})
export class Notice {
  @Of(() => Change, 'The kind of change.')
  change!: string;

  @Span('The least time between the announcement and the change. A change with less needs a second person.')
  notice!: number;

  @SeqNo('The journal entry that set it.')
  setSeq!: bigint;
}

const noticeOf = ({ change, noticeMs, setSeq }: ChangeNotice): Notice => ({
  change,
  notice: duration(Number(noticeMs)),
  setSeq,
});

@PayloadType('The result of setting a notice.')
export class NoticePayload extends Payload {
  @Of(() => Notice, 'The notice in force. Null while it waits for a second person.', OPTIONAL)
  async notice(@Ctx() context: Context): Promise<Notice | null> {
    if (!('change' in this.command)) return null;
    const row = await (await context.read()).db.changeNotice.findUnique({ where: { change: this.command.change } });
    return row && noticeOf(row);
  }
}

@PayloadType('The result of cancelling a scheduled change.')
export class CancelScheduledChangePayload extends Payload {
  @Of(() => ScheduledChange, 'The change after it was cancelled.', OPTIONAL)
  cancelled(@Ctx() context: Context): Promise<ScheduledChange | null> | null {
    return 'change' in this.command ? readScheduledChange(context, this.command.change) : null;
  }
}

resolversOf(
  list({
    name: 'notices',
    key: { change: ({ change }) => change },
    description: 'The notice that each kind of change needs. A kind that is not listed needs none.',
    of: connectionOf('Notice', Notice, 'notices'),
    access: ROLES,
    table: 'ChangeNotice',
    order: ascending({ change: 'text' }),
    node: noticeOf,
  }),
);

mutations({
  SetNotice: NoticePayload,
  CancelScheduledChange: CancelScheduledChangePayload,
});
