/** Venues that number their trades.  Ruling 22 */

import { ObjectType } from 'type-graphql';
import { Reached, STAFF } from '../access/policy';
import { Made } from '../mutation/made';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { connectionOf } from '../reading/connection';
import { list, resolversOf } from '../reading/list';
import { Node } from '../reading/node';
import { BY_ID } from '../reading/page';
import { Amount, Id, Text } from '../schema/fields';

@Reached()
@ObjectType({
  description: 'A venue that numbers its trades. The numbers count trades, not contracts.',
  implements: Node,
})
export class Venue {
  @Id('The venue.')
  id!: string;

  @Text('The name.')
  name!: string;

  @Amount('The highest number that was cleared, or that counts as cleared. A number at or below it is refused.')
  highest!: string;
}

@PayloadType('The result of a command about a venue.')
export class VenuePayload extends Payload {
  @Made('Venue', 'The venue after the command.', 'VenueSet', ({ venue }) => [venue.id])
  venue!: Venue | null;
}

mutations({
  SetVenue: VenuePayload,
});

resolversOf(
  list({
    name: 'venues',
    key: { id: ({ id }) => id },
    description: 'Venues that number their trades, by id.',
    of: connectionOf('Venue', Venue, 'venues'),
    access: [...STAFF, 'FEED'],
    table: 'Venue',
    order: BY_ID,
    node: ({ id, name, highest }): Venue => ({ id, name, highest: String(highest) }),
  }),
);
