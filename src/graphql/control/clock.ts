/** The clock of the house, and steps of it that are not taken.  Ruling 23 */

import { Ctx, ObjectType } from 'type-graphql';
import type { KnownClock } from '../../core/model/state';
import { type Duration, duration, type Instant, type Seq } from '../../units/quantity';
import { Reached } from '../access/policy';
import { Payload, PayloadType } from '../mutation/payload';
import { mutations } from '../mutation/table';
import type { Context } from '../reading/context';
import { enumOf } from '../schema/enums';
import { Of, OPTIONAL, SeqNo, Span, When } from '../schema/fields';

export const ClockDirection = enumOf<'FORWARD' | 'BACKWARD'>(
  'ClockDirection',
  'The direction of a step of the wall clock.',
  {
    FORWARD: 'The wall clock is ahead of house time.',
    BACKWARD: 'The wall clock is behind house time.',
  },
);

@Reached()
@ObjectType({
  description: 'A step of the wall clock that the house did not follow. House time goes on by the monotone clock.',
})
export class ClockStep {
  @SeqNo('The journal entry that reported the step. `acceptClockStep` names it.')
  entry!: Seq;

  @Of(() => ClockDirection, 'The direction of the step.')
  direction!: string;

  @Span('How far the wall clock is from house time.')
  by!: Duration;

  @When('House time when the step was found.')
  since!: Instant;
}

@Reached()
@ObjectType({ description: 'The clock of the house.' })
export class HouseClock {
  @Of(
    () => ClockStep,
    'A step that the house did not follow. An officer has to look at it. Null while house time follows the wall clock.',
    OPTIONAL,
  )
  step!: ClockStep | null;

  @Span('How far house time is ahead of the wall clock, because two persons accepted a step backwards.')
  ahead!: Duration;
}

export function clockShown({ step, ahead }: KnownClock): HouseClock {
  if (!step) return { step: null, ahead };
  const direction = step.by > 0 ? 'FORWARD' : 'BACKWARD';
  return { step: { entry: step.entry, direction, by: duration(Math.abs(step.by)), since: step.since }, ahead };
}

@PayloadType('The result of accepting a step of the wall clock.')
export class ClockPayload extends Payload {
  @Of(() => HouseClock, 'The clock after the command.')
  clock(@Ctx() { services }: Context): HouseClock {
    return clockShown(services.house.status().clock);
  }
}

mutations({
  AcceptClockStep: ClockPayload,
});
