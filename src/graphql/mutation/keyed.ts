/**
 * What every mutation's input has: the key under which the same request is done once, however often it is sent.  DS-3,
 * ruling 22
 */

import { InputType } from 'type-graphql';
import { Id } from '../schema/fields';

export const KEY =
  'A key that the caller chooses, 1 to 200 characters. The same key with the same input within ' +
  '24 hours gives the first answer again, with `replayed: true`, even if it was a rejection. ' +
  'The same key with another input is refused. `1` and `1.0` are the same input. A new attempt ' +
  'needs a new key.';

@InputType({ description: 'The part that all inputs have.' })
export class Keyed {
  @Id(KEY)
  idempotencyKey!: string;
}

@InputType({ description: 'The part that inputs of lists have whose items are each a request of their own.' })
export class KeyedItems {
  @Id(
    'A key that the caller chooses, 1 to 200 characters. Each item is a request of its own, ' +
      'under the key `<idempotencyKey>/<n>`, n its place from 0. If the list is sent again within ' +
      '24 hours, an item that is the same in the same place gives its first answer again, with ' +
      '`replayed: true`. An item that differs is refused by itself. A new item is done.',
  )
  idempotencyKey!: string;
}
