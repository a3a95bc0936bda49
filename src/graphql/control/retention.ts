/** How long the house remembers what it has done, so that nothing is done twice.  Ruling 22 */

import { Ctx, ObjectType } from 'type-graphql';
import type { Duration } from '../../units/quantity';
import { Reached } from '../access/policy';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, Span } from '../schema/fields';

@Reached()
@ObjectType({ description: 'How long the house remembers what it has done, so that nothing is done twice.' })
export class Retention {
  @Span('Idempotency keys: 24 hours where nothing else was set.')
  keys!: Duration;

  @Span('Ids of trades: seven days where nothing else was set. A trade that says it was executed earlier is refused.')
  trades!: Duration;
}

@PayloadType('What came of setting how long is remembered.')
export class RetentionPayload extends Payload {
  @Of(() => Retention, 'What holds now.')
  retention(@Ctx() { services }: Context): Retention {
    return services.house.status().retention;
  }
}

export const RetentionMutations = mutations({
  SetRetention: RetentionPayload,
});
