/** From an input to a command, to the house, and back as a payload. The one way in which anything is written. */

import type { Command, CommandOf, CommandType } from '../../core/message/command';
import type { FieldPath } from '../../core/message/rejectionField';
import { badInput } from '../error/problem';
import type { Context } from '../reading/context';
import type { Keyed } from './keyed';
import { type Answered, answered } from './payload';

/** The fields of a command as an input gives them. */
export type FieldsOf<Type extends CommandType> = Omit<CommandOf<Type>, 'type'>;

const LONGEST_KEY = 200;

/** Sends a command whose fields are those of the input. Errors: BAD_USER_INPUT, UNAVAILABLE. */
export function submit<Type extends CommandType>(
  context: Context,
  type: Type,
  input: FieldsOf<Type> & Keyed,
): Promise<Answered> {
  const { idempotencyKey, ...fields } = input;
  return send(context, { type, ...(plain(fields) as object) } as Command, idempotencyKey);
}

export async function send(context: Context, command: Command, idempotencyKey: string): Promise<Answered> {
  const [payload] = await sendAll(context, [{ command, key: keyOf(idempotencyKey) }]);
  if (!payload) throw new Error('One command has one answer');
  return payload;
}

export interface Item {
  readonly command: Command;
  readonly key: string;
  readonly place?: FieldPath; // where it stands in the input, where it is one of several
}

/** Sends commands together: they share a commit, and each is answered on its own. */
export async function sendAll(context: Context, commands: readonly Item[]): Promise<Answered[]> {
  const { actor, services } = context;
  const answers = await services.house.submit(commands.map(({ command, key }) => ({ actor, command, key })));
  const payloads = answers.map((answer, i) => answered(answer, commands[i]?.command as Command, commands[i]?.place));
  // What is read for the answer is read after what was done.
  await context.readAfter(Math.max(0, ...payloads.map(({ seq }) => seq)));
  return payloads;
}

/** Sends a command for each item of a list: each is a request of its own, under the key of the list with its place. */
export function submitEach<Type extends CommandType>(
  context: Context,
  type: Type,
  items: readonly FieldsOf<Type>[],
  idempotencyKey: string,
  list: string,
): Promise<Answered[]> {
  const commands = items.map((item, place) => ({
    place: [list, String(place)],
    command: { type, ...(plain(item) as object) } as Command,
    key: keyOf(idempotencyKey, place),
  }));
  return sendAll(context, commands);
}

/** The key of one command; of an item of a list with its place. Errors: BAD_USER_INPUT. */
export function keyOf(idempotencyKey: string, item?: number): string {
  if (idempotencyKey.length < 1 || idempotencyKey.length > LONGEST_KEY)
    throw badInput(`An idempotency key has 1 to ${LONGEST_KEY} characters.`);
  return item === undefined ? idempotencyKey : `${idempotencyKey}/${item}`;
}

/** An input as plain data, which is what a command is: no classes, and null for what was left out. */
export function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (value === undefined) return null;
  if (value === null || typeof value !== 'object') return value;
  const fields: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(value)) fields[name] = plain(field);
  return fields;
}
