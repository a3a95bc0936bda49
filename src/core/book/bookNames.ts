/** The names that columns hold as numbers, of every kind one list. */

import { bytesOfMap, bytesOfText } from './bytes';
import { createNames, type Names } from './columns';

export interface BookNames {
  readonly accounts: Names; // an account's number is its row
  readonly owners: Names;
  readonly members: Names;
  readonly policies: Names;
  readonly currencies: Names;
  readonly instruments: Names;
}

export type SavedNames = { readonly [List in keyof BookNames]: readonly string[] };

const LISTS = ['accounts', 'owners', 'members', 'policies', 'currencies', 'instruments'] as const satisfies readonly (keyof BookNames)[];

const each = <Of>(make: (list: keyof BookNames) => Of): { [List in keyof BookNames]: Of } =>
  Object.fromEntries(LISTS.map((list) => [list, make(list)])) as { [List in keyof BookNames]: Of };

export const createBookNames = (saved?: SavedNames): BookNames => each((list) => createNames(saved?.[list]));

export const savedNames = (names: BookNames): SavedNames => each((list) => names[list].all());

/** Each name is a text, its place in a list, and an entry of a map. */
export function bytesOfNames(names: BookNames): number {
  let bytes = 0;
  for (const list of LISTS) {
    bytes += bytesOfMap(names[list], 8);
    for (const name of names[list].all()) bytes += bytesOfText(name);
  }
  return bytes;
}
