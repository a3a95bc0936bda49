/** How long the house remembers what it has done, so that nothing is done twice.  Ruling 22 */

import { Ctx } from 'type-graphql';
import { REFERENCE_COMMANDS } from '../../core/message/referenceCommands';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import { TermsType, termsOf } from '../mutation/terms';
import type { Context } from '../reading/context';
import { Of } from '../schema/fields';

@TermsType('How long the house remembers commands and trades, so that it does nothing twice.')
export class Retention extends termsOf(REFERENCE_COMMANDS.SetRetention.fields) {}

@PayloadType('The result of setting how long the house remembers.')
export class RetentionPayload extends Payload {
  @Of(() => Retention, 'The values in force.')
  retention(@Ctx() { services }: Context): Retention {
    return services.house.status().retention;
  }
}

mutations({
  SetRetention: RetentionPayload,
});
