/** Commands about changes of terms: how long before they have to be announced, and to take one back.  Rule: X-6 */

import { choice, kind } from '../kind/kind';
import type { ChangeId } from '../model/change';
import { AUCTION_COMMANDS } from './auctionCommands';
import { type CommandsOf, commands, type Definition, mutationOf, OFFICERS } from './definition';
import { DELEVERAGING_COMMANDS } from './deleveragingCommands';
import { capitalsOf } from './event';
import { FUNDING_COMMANDS } from './fundingCommands';
import { LADDER_COMMANDS } from './ladderCommands';
import { LOSS_POLICY_COMMANDS } from './lossPolicyCommands';
import { MEMBER_DEFAULT_COMMANDS } from './memberDefaultCommands';
import { PORTFOLIO_COMMANDS } from './portfolioCommands';
import { POSITION_COMMANDS } from './positionCommands';
import { PRICE_GUARD_COMMANDS } from './priceGuardCommands';
import { REFERENCE_COMMANDS } from './referenceCommands';
import { WATERFALL_COMMANDS } from './waterfallCommands';

const ROOMS = [
  REFERENCE_COMMANDS,
  LOSS_POLICY_COMMANDS,
  POSITION_COMMANDS,
  FUNDING_COMMANDS,
  PRICE_GUARD_COMMANDS,
  WATERFALL_COMMANDS,
  MEMBER_DEFAULT_COMMANDS,
  DELEVERAGING_COMMANDS,
  LADDER_COMMANDS,
  AUCTION_COMMANDS,
  PORTFOLIO_COMMANDS,
] as const;

/** The name of a kind of change: the command `SetLossPolicy` makes a `LOSS_POLICY`. */
export const changeOf = (type: string): string => capitalsOf(type.replace(/^Set/, ''));

/** The commands that say when what they set comes into force. */
const TYPES = ROOMS.flatMap((room) => Object.entries<Definition>(room)).flatMap(([type, { fields }]) =>
  'effectiveAt' in fields ? [type] : [],
);

export const CHANGE = choice(
  'ChangeKind',
  'A kind of terms that can be changed with notice.',
  Object.fromEntries(TYPES.map((type) => [changeOf(type), `What \`${mutationOf(type)}\` sets.`])),
);

export const CHANGE_COMMANDS = commands({
  SetNotice: {
    does:
      'Sets how long before it comes into force a kind of change has to be announced. A shorter notice needs ' +
      'a second person.',
    by: OFFICERS,
    takes: 'The notice.',
    about:
      'The notice that a kind of change needs. A change with less notice needs a second person once the house is open.',
    fields: {
      change: kind.oneOf(CHANGE, 'The kind of change.'),
      notice: kind.span('The least time between the announcement and the change, 0 to 366 days.'),
    },
    secondPerson: 'IN_CASES',
    refusals: ['VALUE_OUT_OF_RANGE'],
  },
  CancelScheduledChange: {
    does: 'Cancels a change that is not yet in force. The present terms stay.',
    by: OFFICERS,
    takes: 'The change.',
    about: 'The scheduled change to cancel.',
    fields: {
      change: kind.id<ChangeId>('The scheduled change.'),
      reason: kind.text('The reason.'),
    },
    secondPerson: 'NEVER',
    refusals: ['SCHEDULED_CHANGE_NOT_FOUND'],
  },
});
export type ChangeCommand = CommandsOf<typeof CHANGE_COMMANDS>;
