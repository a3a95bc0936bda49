/**
 * Mutations as tables: a row says of a command who may send it, what it takes and what it answers. The name of the
 * mutation, its argument and how the command is sent follow. A command takes no input that lacks one of its fields or
 * has one more: that does not compile.
 */

import { Ctx, Mutation, Resolver } from 'type-graphql';
import type { CommandType } from '../../core/message/command';
import { Access, type KeyRole } from '../access/policy';
import type { Context } from '../reading/context';
import { Takes } from '../schema/fields';
import { checkListSize } from '../schema/lists';
import type { Keyed } from './keyed';
import { type Answered, type AnsweredMany, answeredTogether, type Payload } from './payload';
import { type FieldsOf, submit, submitEach } from './submit';

type Class<Instance extends object> = new () => Instance;

interface Shown {
  readonly access: readonly KeyRole[];
  readonly input: Class<object>;
  /** Describes the argument. */
  readonly takes: string;
  readonly payload: Class<object>;
  /** Describes the mutation. */
  readonly does: string;
}

type NamesIn<Input> = keyof Input & string;

interface Row<Input extends object, Answer extends object, Name extends string = NamesIn<Input>> extends Shown {
  readonly input: Class<Input>;
  readonly payload: Class<Answer>;
  /** A list of the input whose length is limited. As it may be any name of the input, no command takes an input with a name of its own. */
  readonly list?: Name;
}

export const mutation = <Input extends object, Answer extends object>(
  access: readonly KeyRole[],
  input: Class<Input>,
  takes: string,
  payload: Class<Answer>,
  says: Pick<Row<Input, Answer>, 'does' | 'list'>,
): Row<Input, Answer> => ({ access, input, takes, payload, ...says });

/** What a list answers whose items are each a command. */
interface Items extends AnsweredMany {
  items: Answered[];
}

type InputOfEach<Type extends CommandType, List extends string> = Keyed & Record<List, FieldsOf<Type>[]>;

interface RowOfEach {
  readonly row: Shown;
  readonly answer: (input: never, context: Context) => Promise<Items>;
}

/** A mutation that takes a list and sends a command for each item. */
export const ofEach = <Type extends CommandType, List extends string>(
  type: Type,
  list: List,
  row: Row<InputOfEach<Type, List>, Items>,
): RowOfEach => ({
  row,
  answer: async (input: InputOfEach<Type, List>, context) => {
    checkListSize(list, input[list]);
    const items = await submitEach(context, type, input[list], input.idempotencyKey);
    return { ...answeredTogether(items), items };
  },
});

type Rows = { readonly [Type in CommandType]?: Row<FieldsOf<Type> & Keyed, Payload> };

/** The resolver of the mutations of some commands, and of lists of them by the name of the mutation. */
export function mutations(rows: Rows, lists: Readonly<Record<string, RowOfEach>> = {}): new () => object {
  class Mutations {}
  for (const type of Object.keys(rows) as CommandType[]) {
    const row = rows[type];
    if (row) add(Mutations, `${type.charAt(0).toLowerCase()}${type.slice(1)}`, row, answerOf(type, row.list));
  }
  for (const [name, { row, answer }] of Object.entries(lists)) add(Mutations, name, row, answer);
  Resolver()(Mutations);
  return Mutations;
}

const answerOf =
  <Type extends CommandType>(type: Type, list: string | undefined) =>
  (input: FieldsOf<Type> & Keyed & Partial<Record<string, unknown>>, context: Context): Promise<Answered> => {
    if (list !== undefined) checkListSize(list, input[list] as readonly unknown[]);
    return submit(context, type, input);
  };

function add(
  { prototype }: Class<object>,
  name: string,
  { access, input, takes, payload, does }: Shown,
  answer: (input: never, context: Context) => Promise<object>,
): void {
  const method: PropertyDescriptor = { value: answer };
  Object.defineProperty(prototype, name, method);
  Access(...access)(prototype, name, method);
  Mutation(() => payload, { description: does })(prototype, name, method);
  Takes('input', () => input, takes)(prototype, name, 0);
  Ctx()(prototype, name, 1);
}
