/** Records as JSON and back: integers of the core are written as strings, everything else as it is. */

import type { Fields, Kind } from './kind';
import { type OldNames, underPresentNames } from './renamed';

/** The JSON text of a value of the core. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_name, item: unknown) => (typeof item === 'bigint' ? item.toString() : item));

/** Makes a value of the core of what was read from JSON, in place where it can. */
type Revive = (json: unknown) => unknown;

/** What reads values of a kind; none where JSON has them as the core does. */
function reviverOf(kind: Kind): Revive | undefined {
  switch (kind.is) {
    case 'cash':
    case 'price':
    case 'size':
    case 'rate':
    case 'integer':
    case 'digits':
      return (json) => (typeof json === 'string' ? BigInt(json) : json);
    case 'ratio':
      return RATIO;
    case 'nullable':
    case 'optional':
    case 'about':
      return reviverOf(kind.item);
    case 'list':
      return listReviver(reviverOf(kind.item));
    case 'record':
      return renaming(kind.was, recordReviver(kind.fields));
    case 'variants':
      return renaming(
        kind.was,
        variantReviver(
          kind.by,
          new Map(Object.entries(kind.of).map(([name, fields]) => [name, recordReviver(fields)])),
        ),
      );
    default:
      return undefined;
  }
}

/** Reads what was written under old names too. */
function renaming(was: OldNames | undefined, revive: Revive | undefined): Revive | undefined {
  if (was === undefined) return revive;
  return (json) => {
    const renamed = isObject(json) ? underPresentNames(json, was) : json;
    return revive ? revive(renamed) : renamed;
  };
}

const isObject = (json: unknown): json is Record<string, unknown> => typeof json === 'object' && json !== null;

function listReviver(item: Revive | undefined): Revive | undefined {
  return (
    item &&
    ((json) => {
      if (Array.isArray(json)) for (let i = 0; i < json.length; i++) json[i] = item(json[i]);
      return json;
    })
  );
}

/** Fields that are not there, as in journals from before there were such, are left out. */
function recordReviver(fields: Fields): Revive | undefined {
  const revivers = Object.entries(fields).flatMap(([name, kind]) => {
    const revive = reviverOf(kind);
    return revive ? [[name, revive] as const] : [];
  });
  if (revivers.length === 0) return undefined;
  return (json) => {
    if (!isObject(json)) return json;
    for (const [name, revive] of revivers) {
      const value = json[name];
      if (value !== undefined && value !== null) json[name] = revive(value);
    }
    return json;
  };
}

const variantReviver =
  (by: string, revivers: ReadonlyMap<string, Revive | undefined>): Revive =>
  (json) =>
    (isObject(json) && revivers.get(String(json[by]))?.(json)) || json;

const INTEGER: Kind = { is: 'integer' };
const RATIO = recordReviver({ numerator: INTEGER, denominator: INTEGER });

/** Reads values of a kind from JSON, which is changed in place. */
export function readerOf<T>(kind: Kind<T>): (json: unknown) => T {
  const revive = reviverOf(kind);
  return (json) => (revive ? revive(json) : json) as T;
}

/** Reads records that are told apart by their type, each by its own fields. One of another type is read as it is. */
export function readerByType<T>(types: Readonly<Record<string, Fields>>): (json: unknown) => T {
  const revive = variantReviver(
    'type',
    new Map(Object.entries(types).map(([type, fields]) => [type, recordReviver(fields)])),
  );
  return (json) => revive(json) as T;
}
