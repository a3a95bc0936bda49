/**
 * The input of a command, from its definition: fields with their types, their meaning and what they are where they are
 * left out.
 */

import { Field, InputType } from 'type-graphql';
import { type Kind, kind, type RecordForm } from '../../core/kind/kind';
import { COMMANDS, type CommandOf, type CommandType } from '../../core/message/command';
import type { Definition } from '../../core/message/definition';
import { type Class, mayBeNull, shownType } from '../schema/kinds';
import { Keyed, KeyedItems } from './keyed';

type FieldsIn<Type extends CommandType> = (typeof COMMANDS)[Type]['fields'];
type NamesWith<Fields, What> = { [Name in keyof Fields]: Fields[Name] extends What ? Name : never }[keyof Fields];
type Own<Type extends CommandType> = NamesWith<FieldsIn<Type>, { readonly own: true }>;
type Made<Type extends CommandType> = NamesWith<FieldsIn<Type>, { readonly made: string }>;

/**
 * A command as its caller sends it: an id may be missing where one is made, and what only the house knows is not there.
 */
export type InputOf<Type extends CommandType> = Keyed &
  Omit<CommandOf<Type>, 'type' | Own<Type> | Made<Type>> & { readonly [Name in Made<Type>]: string | null };

const made = new Map<string, Class>();

/** The class of an input, made once for all commands that name it. */
export function inputOf(type: CommandType): Class {
  const { input = `${type}Input`, about = '', fields }: Definition = COMMANDS[type];
  return classOf(input, about, fields, Keyed);
}

/** A list of commands of a type: what it is called and says, and what its items are called. */
export interface ListOf<Name extends string> {
  readonly name: Name;
  readonly says: string;
  readonly input: string;
  readonly about: string;
  readonly item: string;
  readonly itemAbout: string;
}

export function listInputOf<Name extends string>(
  type: CommandType,
  { name, says, input, about, item, itemAbout }: ListOf<Name>,
): Class {
  const { fields }: Definition = COMMANDS[type];
  return classOf(input, about, { [name]: kind.list(kind.part(item, itemAbout, fields), says) }, KeyedItems);
}

/** The same of a part of commands. */
export function partOf({ named, fields }: RecordForm): Class {
  if (!named) throw new Error('A part of a command has a name');
  return classOf(named.name, named.about, fields);
}

function classOf(name: string, about: string, fields: Readonly<Record<string, Kind>>, base: Class = Object): Class {
  const known = made.get(name);
  if (known) return known;
  const { [name]: Input = base } = { [name]: class extends base {} };
  made.set(name, Input);
  for (const [field, held] of Object.entries(fields)) if (!held.own) addField(Input, field, held);
  InputType(name, { description: about })(Input);
  return Input;
}

function addField({ prototype }: Class, name: string, held: Kind): void {
  const optional = held.made !== undefined || mayBeNull(held);
  const otherwise = held.otherwise ?? (optional ? null : undefined);
  const type = shownType(held, partOf);
  Field(() => type, {
    description: held.says ?? '',
    nullable: optional,
    ...(otherwise === undefined ? {} : { defaultValue: otherwise }),
  })(prototype, name);
}
