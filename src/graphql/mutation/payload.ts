/** What every mutation answers: what came of it, or why it was refused. */

import { Ctx, InterfaceType, ObjectType } from 'type-graphql';
import type { Command } from '../../core/message/command';
import { eventsOf, type Outcome as JournaledOutcome, type Refusal, resultOf } from '../../core/message/envelope';
import type { Event, EventOf, EventType as Type } from '../../core/message/event';
import type { Rejection as CoreRejection } from '../../core/message/rejection';
import type { FieldPath } from '../../core/message/rejectionField';
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
import { newScheduledChange, ScheduledChange } from './scheduledChange';

export type Outcome = 'DONE' | 'PROPOSED' | 'REJECTED' | 'PARTIAL';

export const MutationOutcome = enumOf<Outcome>('MutationOutcome', 'What a mutation came to.', {
  DONE: 'The command was carried out, or every command of a list.',
  PROPOSED:
    'The command needs a second person, who has a day to approve it, or it is counted first whom it would call. ' +
    'Nothing else has been done.',
  REJECTED: 'The command was refused, or every command of a list. Nothing was done.',
  PARTIAL: 'Of a list some items were done, and others were not. Each item has its own outcome.',
});

@InterfaceType({ description: 'What every mutation answers.' })
export abstract class MutationPayload {
  @Of(() => MutationOutcome, 'Whether the command was done, was proposed to a second person, or was refused.')
  outcome!: Outcome;

  @SeqNo(
    'The journal entry of the command, or of the last command of a list. A query with it as ' +
      '`atLeast` sees what the command did.',
  )
  seq!: number;

  @When('House time of that entry.')
  at!: number;

  @Flag(
    'Whether this is the first answer again, to a request that was sent before. Of a list of commands: whether ' +
      'all of it is.',
  )
  replayed!: boolean;

  @Of(() => [Rejection], 'Why it was refused, or items of it were. Empty where nothing was refused.')
  rejections!: Rejection[];

  @Of(
    () => Proposal,
    'Of an act that needs a second person: what waits to be approved. In a list each item has its own.',
    OPTIONAL,
  )
  proposal!: Proposal | null;

  @Of(() => AsOf, 'The journal entry that the objects in this answer are as of: that of the command, or a later one.', {
    complexity: 2,
  })
  async asOf(@Ctx() context: Context): Promise<AsOf> {
    return asOf(await context.read());
  }
}

@InterfaceType('CommandPayload', {
  description: 'What a mutation answers that is one command to the house.',
  implements: MutationPayload,
})
export abstract class Payload extends MutationPayload {
  @Of(() => [EventType], 'The events it caused, in order. Those of the command come first, then what followed.')
  events!: string[];

  @Of(
    () => ScheduledChange,
    'Of terms that are set for later: what comes into force then. Null if they hold at once.',
    OPTIONAL,
  )
  scheduledChange!: ScheduledChange | null;

  /** Not shown: what the fields of a payload are made of. */
  command!: Command;
  made!: readonly Event[];
  refusals!: readonly Refusal[];
}

/** Makes a class the payload of a mutation that is one command. */
export const PayloadType = (description: string): ClassDecorator => answers(description, Payload, MutationPayload);

/** Makes a class the payload of a mutation that is no single command. */
export const PayloadOfMany = (description: string): ClassDecorator => answers(description, MutationPayload);

type Interface = typeof MutationPayload;

const answers =
  (description: string, ...interfaces: Interface[]): ClassDecorator =>
  (target) => {
    ObjectType({ description, implements: interfaces })(target);
    Reached()(target);
  };

/** A payload without what is read for it. */
export type Answered = Omit<Payload, 'asOf'>;
export type AnsweredMany = Omit<MutationPayload, 'asOf'>;

/** Why a command was refused, or items of it; `place` is where it stands in the input. */
function rejectionsShown(outcome: JournaledOutcome, command: Command, place: FieldPath): Rejection[] {
  if ('rejection' in outcome) return [rejectionShown(outcome.rejection, command, place)];
  return (outcome.refusals ?? []).map(({ item, rejection }) => itemRejectionShown(rejection, command, item));
}

/** Why an item of the one list that a command takes was refused: its fields are sought in the item alone. */
export function itemRejectionShown(rejection: CoreRejection, command: Command, item: number): Rejection {
  const [list, items] = Object.entries(command).find(([, value]) => Array.isArray(value)) ?? ['', []];
  return rejectionShown(rejection, { type: command.type, ...(items as object[])[item] } as Command, [
    list,
    String(item),
  ]);
}

/** The plain parts of a payload, from the answer of the house. Errors: BAD_USER_INPUT. */
export function answered(answer: Answer, command: Command, place: FieldPath = []): Answered {
  if ('malformed' in answer) throw badInput(answer.malformed);
  const { seq, at, outcome, replayed } = answer;
  const made = eventsOf(outcome);
  const result = resultOf(outcome);
  const scheduled = eventIn(made, 'ChangeScheduled');
  const refusals = 'refusals' in outcome ? (outcome.refusals ?? []) : [];
  return {
    outcome: result.status === 'DONE' && refusals.length > 0 ? 'PARTIAL' : result.status,
    seq,
    at,
    replayed,
    command,
    made,
    refusals,
    events: made.map((event) => event.type),
    rejections: rejectionsShown(outcome, command, place),
    proposal: result.status === 'PROPOSED' ? newProposal(result.proposal) : null,
    scheduledChange: scheduled ? newScheduledChange(scheduled.scheduled) : null,
  };
}

/** The answer to a list whose items are each a command; the list has an item or more. */
export function answeredTogether(items: readonly Answered[]): AnsweredMany {
  const outcomes = new Set(items.map(({ outcome }) => outcome));
  const [only] = outcomes;
  return {
    outcome: only && outcomes.size === 1 ? only : 'PARTIAL',
    seq: Math.max(...items.map(({ seq }) => seq)),
    at: Math.max(...items.map(({ at }) => at)),
    replayed: items.every(({ replayed }) => replayed),
    rejections: items.flatMap(({ rejections }) => rejections),
    proposal: null,
  };
}

/** The first event of a type among those a command made. */
export const eventIn = <T extends Type>(made: readonly Event[], type: T): EventOf<T> | undefined =>
  made.find((event): event is EventOf<T> => event.type === type);
