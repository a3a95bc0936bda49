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

export const ClockDirection = enumOf<'FORWARD' | 'BACKWARD'>('ClockDirection', 'Where a step of the wall clock leads.', {
  FORWARD: 'It stands later than house time.',
  BACKWARD: 'It stands earlier than house time.',
});

@Reached()
@ObjectType({ description: 'A step of the wall clock that the house has not taken: its time goes on by the monotone clock.' })
export class ClockStep {
  @SeqNo('Journal entry that reported it; `acceptClockStep` names it.')
  entry!: Seq;

  @Of(() => ClockDirection, 'Where it leads.')
  direction!: string;

  @Span('How far the wall clock stands from house time.')
  by!: Duration;

  @When('House time when it was found.')
  since!: Instant;
}

@Reached()
@ObjectType({ description: 'The clock that the house goes by.' })
export class HouseClock {
  @Of(() => ClockStep, 'A step that is not taken; null where the wall clock is followed. An officer has to look at it.', OPTIONAL)
  step!: ClockStep | null;

  @Span('By how much house time goes ahead of the wall clock, because two persons accepted a step back.')
  ahead!: Duration;
}

export function clockShown({ step, ahead }: KnownClock): HouseClock {
  if (!step) return { step: null, ahead };
  const direction = step.by > 0 ? 'FORWARD' : 'BACKWARD';
  return { step: { entry: step.entry, direction, by: duration(Math.abs(step.by)), since: step.since }, ahead };
}

@PayloadType('What came of accepting a step of the wall clock.')
export class ClockPayload extends Payload {
  @Of(() => HouseClock, 'The clock as it is now.')
  clock(@Ctx() { services }: Context): HouseClock {
    return clockShown(services.house.status().clock);
  }
}

export const ClockMutations = mutations({
  AcceptClockStep: ClockPayload,
});
