/** What became of a command. */

import type { Outcome } from '../../src/core/message/envelope';
import type { Rejection } from '../../src/core/message/rejection';

/** Why it was refused; nothing where it was not. */
export const rejectionOf = (outcome: Outcome): Rejection | undefined =>
  'rejection' in outcome ? outcome.rejection : undefined;
