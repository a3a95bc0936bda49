/** Changes of terms that come into force later, and the notice that they need.  Rule: X-6 */

import type { EventOf } from '../../core/message/event';
import type { Batch, Moment } from '../rows/batch';
import { timeText } from '../rows/decimals';
import type { Row } from '../rows/rows';

export function onChangeScheduled({ rows }: Batch, { scheduled }: EventOf<'ChangeScheduled'>): void {
  const command = JSON.parse(scheduled.command) as { readonly type: string } & Extract<
    Row<'ScheduledChange'>['command'],
    object
  >;
  rows.insert('ScheduledChange', {
    id: scheduled.id,
    command,
    commandType: command.type,
    status: 'SCHEDULED',
    effectiveAt: timeText(scheduled.effectiveAt),
    scheduledAt: timeText(scheduled.scheduledAt),
    scheduledBy: scheduled.scheduledBy,
    approvedBy: scheduled.approvedBy,
    endedAt: null,
    cancelledBy: null,
    cancelReason: null,
    refusal: null,
  });
}

const ENDS = {
  ScheduledChangeMade: 'MADE',
  ScheduledChangeRefused: 'REFUSED',
  ScheduledChangeCancelled: 'CANCELLED',
} as const;

export function onScheduledChangeEnded({ rows }: Batch, event: EventOf<keyof typeof ENDS>, { at }: Moment): void {
  rows.update('ScheduledChange', {
    id: event.change,
    status: ENDS[event.type],
    endedAt: timeText(at),
    cancelledBy: 'by' in event ? event.by : null,
    cancelReason: 'reason' in event ? event.reason : null,
    refusal: 'code' in event ? { code: event.code, details: event.details.map((detail) => ({ ...detail })) } : null,
  });
}

export function onNoticeSet({ rows }: Batch, { change, notice }: EventOf<'NoticeSet'>, { seq }: Moment): void {
  rows.upsert('ChangeNotice', { change, noticeMs: notice, setSeq: seq });
}
