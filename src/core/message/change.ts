/** Events of changes that come into force later, and of how long before they have to be announced. */

import { kind } from '../kind/kind';
import { type ChangeId, SCHEDULED_CHANGE } from '../model/change';
import type { RejectionCode } from './rejection';

export const CHANGE_EVENTS = kind.events({
  ChangeScheduled: kind.event('A change of terms was announced for a later time.', {
    scheduled: kind.about(SCHEDULED_CHANGE),
  }),
  ScheduledChangeMade: kind.event('A scheduled change came into force.', { change: kind.text<ChangeId>() }),
  ScheduledChangeRefused: kind.event('A scheduled change was refused when it was due.', {
    change: kind.text<ChangeId>(),
    code: kind.text<RejectionCode>(),
    details: kind.list(kind.record({ name: kind.text(), value: kind.text() })),
  }),
  ScheduledChangeCancelled: kind.event('A scheduled change was cancelled.', {
    change: kind.text<ChangeId>(),
    by: kind.text(),
    reason: kind.text(),
  }),
  NoticeSet: kind.event('The notice that a kind of change needs was set.', {
    change: kind.text(),
    notice: kind.span(),
  }), // of a kind of change
});
