/** What every mutation's input has: the key under which the same request is done once, however often it is sent.  DS-3, ruling 22 */

import { InputType } from 'type-graphql';
import { Id } from '../schema/fields';

export const KEY =
  'Chosen by the caller, 1 to 200 characters. Sent again within 24 hours with the same input it gives the first answer once more, a ' +
  'rejection too, with `replayed: true`; with another input it is refused. `1` and `1.0` are the same. A new attempt needs a new key.';

@InputType({ description: 'The part that all inputs have.' })
export class Keyed {
  @Id(KEY)
  idempotencyKey!: string;
}

@InputType({ description: 'The part that inputs of lists have whose items are each a request of their own.' })
export class KeyedItems {
  @Id(
    'Chosen by the caller, 1 to 200 characters. Each item is a request of its own, under the key `<idempotencyKey>/<n>`, n its place from 0. ' +
      'Sent again within 24 hours each item that is the same in the same place gives its first answer once more, with `replayed: true`; one ' +
      'that is another is refused by itself; one that is new is done.',
  )
  idempotencyKey!: string;
}
