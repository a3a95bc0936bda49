/** Enumerations with a description of every value. `satisfies` where they are declared keeps them complete. */

import { registerEnumType } from 'type-graphql';

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
