/** How long the house remembers what it has done, so that nothing is done twice.  Ruling 22 */

import { Ctx, ObjectType } from 'type-graphql';
import type { Duration } from '../../units/quantity';
import { Reached } from '../access/policy';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { Of, Span } from '../schema/fields';

@Reached()
@ObjectType({ description: 'How long the house remembers commands and trades, so that it does nothing twice.' })
export class Retention {
  @Span('How long idempotency keys are remembered: 24 hours unless it was set.')
  keys!: Duration;

  @Span('How long ids of trades are remembered: seven days unless it was set. A trade with an ' + 'earlier execution time is refused.')
  trades!: Duration;
}

@PayloadType('The result of setting how long the house remembers.')
export class RetentionPayload extends Payload {
  @Of(() => Retention, 'The values in force.')
  retention(@Ctx() { services }: Context): Retention {
    return services.house.status().retention;
  }
}

export const RetentionMutations = mutations({
  SetRetention: RetentionPayload,
});
