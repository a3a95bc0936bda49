/** What the schema says of second persons, held against the table of commands. */

import { never } from '../../../src/core/control/risk';
import { HANDLERS } from '../../../src/core/engine/commands';
import { schema } from '../../../src/graphql/schema';

const fields = Object.values(schema().getMutationType()?.getFields() ?? {});

/** Commands with a mutation: whether it says that it needs a second person, or may. */
const said = fields.flatMap(({ name, description }) => {
  const command = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return command in HANDLERS
    ? [[command as keyof typeof HANDLERS, /second person/.test(description ?? '')] as const]
    : [];
});

test('a mutation says that it needs a second person if and only if there is a case in which its command does', () => {
  expect(said.length).toBeGreaterThan(85);
  const kept = said.map(([command]) => [command, HANDLERS[command].secondPerson !== never]);
  expect(said).toEqual(kept);
});

test('every command that may need a second person can be sent by a mutation', () => {
  const names = new Set(said.map(([command]) => command));
  const needy = (Object.keys(HANDLERS) as (keyof typeof HANDLERS)[]).filter(
    (command) => HANDLERS[command].secondPerson !== never,
  );
  expect(needy.length).toBeGreaterThan(30);
  expect(needy.filter((command) => !names.has(command))).toEqual([]);
});
