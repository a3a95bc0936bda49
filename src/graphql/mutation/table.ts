/**
 * Mutations as tables: what a command takes, who may send it and what its mutation says stand in its definition; a row
 * adds what it answers. The name of the mutation, its argument and how the command is sent follow.
 */

import { Ctx, Mutation, Resolver } from 'type-graphql';
import { COMMANDS, type CommandType } from '../../core/message/command';
import { type Definition, mutationOf } from '../../core/message/definition';
import { Access } from '../access/policy';
import type { Context } from '../reading/context';
import { Takes } from '../schema/fields';
import { checkListSize } from '../schema/lists';
import { generatedId } from './ids';
import { type InputOf, inputOf, type ListOf, listInputOf } from './input';
import type { Keyed } from './keyed';
import { type Answered, type AnsweredMany, answeredTogether, type Payload } from './payload';
import { type FieldsOf, submit, submitEach } from './submit';

type Class<Instance extends object> = new () => Instance;
type Answer = (input: never, context: Context) => Promise<object>;

interface Row<Type extends CommandType> {
  readonly payload: Class<Payload>;
  /** What is asked before the command is sent. It throws where it may not be. */
  readonly first?: (input: InputOf<Type>, context: Context) => Promise<void>;
  /** How it is sent, where more than its input is needed. */
  readonly send?: (input: InputOf<Type>, context: Context) => Promise<Answered>;
}

type Rows = { readonly [Type in CommandType]?: Class<Payload> | Row<Type> };

/** What a list answers whose items are each a command. */
interface Items extends AnsweredMany {
  items: Answered[];
}

interface RowOfEach {
  readonly type: CommandType;
  readonly input: Class<object>;
  readonly payload: Class<Items>;
  readonly does: string;
  readonly takes: string;
  readonly answer: Answer;
}

/** A mutation that takes a list and sends a command for each item. */
export const ofEach = <Type extends CommandType, Name extends string>(
  type: Type,
  list: ListOf<Name>,
  payload: Class<Items>,
  says: Pick<RowOfEach, 'does' | 'takes'>,
): RowOfEach => ({
  ...says,
  type,
  input: listInputOf(type, list),
  payload,
  answer: async (input: Keyed & Record<Name, FieldsOf<Type>[]>, context: Context): Promise<Items> => {
    checkListSize(list.name, input[list.name]);
    const items = await submitEach(context, type, input[list.name], input.idempotencyKey, list.name);
    return { ...answeredTogether(items), items };
  },
});

/** The resolver of the mutations of some commands, and of lists of them by the name of the mutation. */
export function mutations(rows: Rows, lists: Readonly<Record<string, RowOfEach>> = {}): new () => object {
  class Mutations {}
  for (const [type, row] of Object.entries(rows) as [CommandType, Class<Payload> | Row<CommandType>][]) {
    const { does = '', takes = '' }: Definition = COMMANDS[type];
    const { payload, ...how } = 'payload' in row ? row : { payload: row };
    add(Mutations, mutationOf(type), { type, input: inputOf(type), payload, does, takes, answer: answerOf(type, how) });
  }
  for (const [name, row] of Object.entries(lists)) add(Mutations, name, row);
  Resolver()(Mutations);
  return Mutations;
}

function answerOf<Type extends CommandType>(type: Type, { first, send }: Omit<Row<Type>, 'payload'>): Answer {
  const { fields }: Definition = COMMANDS[type];
  const lists = Object.keys(fields).filter((name) => fields[name]?.filled);
  const made = Object.entries(fields).flatMap(([name, { made: prefix }]) =>
    prefix === undefined ? [] : [[name, prefix] as const],
  );
  return async (input: InputOf<Type>, context: Context): Promise<Answered> => {
    const given = input as unknown as Readonly<Record<string, unknown>>;
    for (const name of lists) checkListSize(name, given[name] as readonly unknown[]);
    await first?.(input, context);
    const ids = made.map(
      ([name, prefix]) => [name, given[name] ?? generatedId(prefix, context.actor.id, input.idempotencyKey)] as const,
    );
    const whole = { ...input, ...Object.fromEntries(ids) };
    return send ? send(whole, context) : submit(context, type, whole as unknown as FieldsOf<Type> & Keyed);
  };
}

interface Shown extends Omit<RowOfEach, 'payload'> {
  readonly payload: Class<object>;
}

function add({ prototype }: Class<object>, name: string, { type, input, payload, does, takes, answer }: Shown): void {
  const { by }: Definition = COMMANDS[type];
  const method: PropertyDescriptor = { value: answer };
  Object.defineProperty(prototype, name, method);
  Access(...by)(prototype, name, method);
  Mutation(() => payload, { description: does })(prototype, name, method);
  Takes('input', () => input, takes)(prototype, name, 0);
  Ctx()(prototype, name, 1);
}
