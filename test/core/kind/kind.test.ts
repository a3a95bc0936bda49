/** Kinds of fields: every quantity of every event has a unit that can be told, and what is written is read again. */

import type { Fields, Kind, Named } from '../../../src/core/kind/kind';
import { flattened } from '../../../src/core/kind/show';
import { EVENTS } from '../../../src/core/message/event';

/** What a quantity may be in the unit of. */
const OWNERS: Readonly<Record<string, readonly Named[]>> = {
  cash: ['currency', 'account', 'instrument'],
  price: ['instrument', 'index'],
  size: ['instrument'],
};

type Around = readonly Fields[]; // from the inside out

const bare = (kind: Kind | undefined): Kind | undefined =>
  kind && (kind.is === 'nullable' || kind.is === 'optional' || kind.is === 'about') ? bare(kind.item) : kind;

const namedBy = (paths: string, around: Around): Named | undefined =>
  paths
    .split('|')
    .map((path) => namedByOne(path, around))
    .find((named) => named !== undefined);

function namedByOne(path: string, around: Around): Named | undefined {
  const [first = '', ...steps] = path.split('.');
  let found = bare(around.find((fields) => first in fields)?.[first]);
  for (const step of steps) found = found?.is === 'record' ? bare(found.fields[step]) : undefined;
  return found?.is === 'name' ? found.of : undefined;
}

/** Quantities whose unit cannot be told, by where they stand. */
function unitless(kind: Kind, at: string, around: Around): string[] {
  switch (kind.is) {
    case 'nullable':
    case 'optional':
    case 'about':
    case 'list':
      return unitless(kind.item, at, around);
    case 'record':
      return inFields(kind.fields, at, around);
    case 'variants':
      return Object.values(kind.of).flatMap((fields) => inFields(fields, at, around));
    case 'cash':
    case 'price':
    case 'size': {
      const owners = kind.of.split('/').map((path) => namedBy(path, around));
      const fits =
        owners.length === 2
          ? kind.is === 'price' && owners.every(Boolean)
          : OWNERS[kind.is]?.includes(owners[0] as Named);
      return fits ? [] : [`${at}: ${kind.is} of ${kind.of}`];
    }
    default:
      return [];
  }
}

const inFields = (fields: Fields, at: string, around: Around): string[] =>
  Object.entries(fields).flatMap(([name, kind]) => unitless(kind, `${at}.${name}`, [fields, ...around]));

/** As the event is shown: what it is about beside its own fields. */
const flatFields = (fields: Fields): Fields =>
  flattened(
    fields,
    Object.fromEntries(Object.keys(fields).map((name) => [name, bare(fields[name])?.is === 'record' ? {} : 0])),
  ).fields;

test('DS-4 every quantity of every event names a field whose unit it is in', () => {
  const lost = Object.entries<Fields>(EVENTS).flatMap(([type, fields]) => inFields(flatFields(fields), type, []));
  expect(lost).toEqual([]);
  expect(unitless({ is: 'cash', of: 'currency' }, 'x', [])).toEqual(['x: cash of currency']);
});
