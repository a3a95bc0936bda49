/** Changes of terms that were announced and are not yet in force.  Rule: X-6 */

import { kind, type RecordOf } from '../kind/kind';

export type ChangeId = string;

export const SCHEDULED_CHANGE = kind.record({
  id: kind.text<ChangeId>(),
  command: kind.text(), // what will run, as canonical text
  effectiveAt: kind.instant(),
  scheduledAt: kind.instant(),
  scheduledBy: kind.text(),
  approvedBy: kind.nullable(kind.text()), // the second person, where there was one
});
export type ScheduledChange = RecordOf<typeof SCHEDULED_CHANGE>;
