/** What every mutation's input has: the key under which the same request is done once, however often it is sent. */

import { InputType } from 'type-graphql';
import { Id } from '../schema/fields';

@InputType({ description: 'The part that all inputs have.' })
export class Keyed {
  @Id(
    'Chosen by the caller, 1 to 200 characters. Sent again within 24 hours with the same input it gives the first answer once more, a ' +
      'rejection too, with `replayed: true`; with another input it is refused. A new attempt needs a new key.',
  )
  idempotencyKey!: string;
}
