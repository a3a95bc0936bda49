/** Events of changes that come into force later, and of how long before they have to be announced. */

import { kind } from '../kind/kind';
import { type ChangeId, SCHEDULED_CHANGE } from '../model/change';
import type { RejectionCode } from './rejection';

export const CHANGE_EVENTS = kind.events({
  ChangeScheduled: { scheduled: kind.about(SCHEDULED_CHANGE) },
  ScheduledChangeMade: { change: kind.text<ChangeId>() },
  ScheduledChangeRefused: {
    change: kind.text<ChangeId>(),
    code: kind.text<RejectionCode>(),
    details: kind.list(kind.record({ name: kind.text(), value: kind.text() })),
  },
  ScheduledChangeCancelled: { change: kind.text<ChangeId>(), by: kind.text(), reason: kind.text() },
  NoticeSet: { change: kind.text(), notice: kind.span() }, // of a kind of change
});
