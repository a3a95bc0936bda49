/** What every mutation answers: what came of the command, or why it was refused. */

import { Ctx, ObjectType } from 'type-graphql';
import type { Command } from '../../core/message/command';
import { eventsOf, type Refusal, type Result, resultOf } from '../../core/message/envelope';
import type { Event, EventOf, EventType as Type } from '../../core/message/event';
import type { Answer } from '../../sequencer/house';
import { Reached } from '../access/policy';
import { badInput } from '../error/problem';
import { AsOf, asOf } from '../reading/asOf';
import type { Context } from '../reading/context';
import { enumOf } from '../schema/enums';
import { EventType } from '../schema/eventType';
import { Flag, Of, OPTIONAL, SeqNo, When } from '../schema/fields';
import { Rejection, rejectionShown } from '../schema/rejection';
import { newProposal, Proposal } from './proposal';

export const CommandStatus = enumOf('CommandStatus', 'What a command came to.', {
  DONE: 'It was done.',
  PROPOSED: 'It needs a second person, who has a day to approve it. Nothing else has been done.',
  REFUSED: 'It was refused, and nothing was done.',
} satisfies Record<Result['status'], string>);

@Reached()
@ObjectType({ description: 'What came of a command.' })
export class Payload {
  @Flag('Whether the command was accepted: done, or proposed where it needs a second person. `status` tells which.')
  ok!: boolean;

  @Of(() => CommandStatus, 'Whether it was done, was proposed to a second person, or was refused.')
  status!: Result['status'];

  @SeqNo('Journal entry of the command. Hand it to a query as `atLeast` to see what it did.')
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Flag('Whether this is the first answer again, to a request that was sent before.')
  replayed!: boolean;

  @Of(() => [EventType], 'What it caused, in order: what was asked for, then everything that followed from it.')
  events!: string[];

  @Of(() => Rejection, 'Why it was refused; null where it was not.', OPTIONAL)
  rejection!: Rejection | null;

  @Of(() => Proposal, 'Of an act that needs a second person: what waits to be approved. Nothing else has been done.', OPTIONAL)
  proposal!: Proposal | null;

  @Of(() => AsOf, 'The journal entry that the objects in this answer are as of: that of the command, or a later one.', { complexity: 2 })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }

  /** Not shown: what the fields of a payload are made of. */
  command!: Command;
  made!: readonly Event[];
  refusals!: readonly Refusal[];
}

/** A payload without what is read for it. */
export type Answered = Omit<Payload, 'asOf'>;

/** The plain parts of a payload, from the answer of the house. Errors: BAD_USER_INPUT. */
export function answered(answer: Answer, command: Command): Answered {
  if ('malformed' in answer) throw badInput(answer.malformed);
  const { seq, at, outcome, replayed } = answer;
  const made = eventsOf(outcome);
  const result = resultOf(outcome);
  const { status } = result;
  return {
    ok: status !== 'REFUSED',
    status,
    seq,
    at,
    replayed,
    command,
    made,
    refusals: 'refusals' in outcome ? (outcome.refusals ?? []) : [],
    events: made.map((event) => event.type),
    rejection: status === 'REFUSED' ? rejectionShown(result.rejection) : null,
    proposal: status === 'PROPOSED' ? newProposal(result.proposal) : null,
  };
}

/** The first event of a type among those a command made. */
export const eventIn = <T extends Type>(made: readonly Event[], type: T): EventOf<T> | undefined =>
  made.find((event): event is EventOf<T> => event.type === type);
