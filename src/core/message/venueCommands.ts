/** Commands about venues. */

import { kind } from '../kind/kind';
import type { VenueId } from '../model/venue';
import { type CommandsOf, commands } from './definition';

export const VENUE_COMMANDS = commands({
  SetVenue: {
    does:
      'Declares a venue that numbers its trades, or changes it. A number is then cleared once for ever. To lower the ' +
      'highest number needs a second person.',
    by: ['ADMIN'],
    takes: 'The venue.',
    about: 'A venue that numbers its trades.',
    fields: {
      venue: kind.id<VenueId>('The venue: 1 to 64 letters, digits or `. _ : / -`.'),
      name: kind.text('The name.'),
      highest: kind.optional(
        kind.nullable(
          kind.decimal(
            'The number up to which its trades count as cleared, a whole number from 0 to 10^18. Null leaves it as it ' +
              'is. A new venue begins at 0.',
          ),
        ),
      ),
    },
    secondPerson: 'IN_CASES',
    refusals: ['ID_INVALID', 'VALUE_OUT_OF_RANGE'],
  },
});
export type VenueCommand = CommandsOf<typeof VENUE_COMMANDS>;
