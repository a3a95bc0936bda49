/** Enumerations with a description of every value. `satisfies` where they are declared keeps them complete. */

import { registerEnumType } from 'type-graphql';
import type { Choice } from '../../core/kind/kind';

/** Registers an enumeration; what it returns stands for it in field decorators. */
export function enumOf<Value extends string>(
  name: string,
  description: string,
  values: Readonly<Record<Value, string>>,
): Readonly<Record<Value, Value>> {
  const names = Object.keys(values) as Value[];
  const members = Object.fromEntries(names.map((value) => [value, value])) as Record<Value, Value>;
  const valuesConfig = Object.fromEntries(names.map((value) => [value, { description: values[value] }])) as {
    [value in Value]: { description: string };
  };
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
