/** Enumerations with a description of every value. `satisfies` where they are declared keeps them complete. */

import { registerEnumType } from 'type-graphql';
import { type Choice, sentenceOf } from '../../core/kind/kind';
import { capitalsOf, EVENTS, type EventType } from '../../core/message/event';

/** Registers an enumeration; what it returns stands for it in field decorators. */
export function enumOf<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const texts: readonly [Value, string][] = Object.entries<string>(values).map(([value, text]) => [
    value as Value,
    text,
  ]);
  return registered(name, description, texts, (value) => value) as Record<Value, Value>;
}

/**
 * Registers an enumeration of types of events. The journal writes a type as `MarginCallIssued`, and the API as
 * `MARGIN_CALL_ISSUED`, as every value of an enumeration. What each says is the sentence of its event.
 */
export function eventEnumOf<Type extends EventType>(
  name: string,
  description: string,
  types: readonly Type[],
): Readonly<Record<string, Type>> {
  const texts = types.map((type): [Type, string] => [type, sentenceOf(EVENTS[type])]);
  return registered(name, description, texts, capitalsOf);
}

function registered<Value extends string>(
  name: string,
  description: string,
  texts: readonly (readonly [Value, string])[],
  nameOf: (value: Value) => string,
): Record<string, Value> {
  const members = Object.fromEntries(texts.map(([value]) => [nameOf(value), value]));
  const valuesConfig = Object.fromEntries(texts.map(([value, text]) => [nameOf(value), { description: text }]));
  registerEnumType(members, { name, description, valuesConfig });
  return members;
}

type Members = Readonly<Record<string, string>>;
const shown = new Map<Choice, Members>();

/** The enumeration of a choice of the core, registered once. */
export function shownAs<Value extends string>(choice: Choice<Value>): Readonly<Record<Value, Value>> {
  const members = shown.get(choice) ?? enumOf(choice.name, choice.says, choice.values);
  shown.set(choice, members);
  return members as Readonly<Record<Value, Value>>;
}
