/** Stories that were written under old names: they are read, and written anew, under those of today. */

import { type Document, isMap, isScalar, isSeq, type Scalar, visit } from 'yaml';
import { type OldNames, RENAMED_FIELDS, RENAMED_OPERATIONS } from '../../core/kind/renamed';
import { capitalsOf, EVENTS } from '../../core/message/event';
import type { Renamed } from './scenario';

/** No field of today has the old name of another: so the name alone says which is meant. */
const FIELDS: OldNames = Object.assign({}, ...Object.values(RENAMED_FIELDS));

/** Types of events, which stories wrote as the journal does. */
const EVENT_TYPES: OldNames = Object.fromEntries(Object.keys(EVENTS).map((type) => [type, capitalsOf(type)]));

/** Renames what steps name, in place. Values that a story has given names of its own keep them. */
export function underNamesOfToday(document: Document, lineOf: (node: unknown) => number): Renamed[] {
  const renamed: Renamed[] = [];
  const rename = (node: Scalar, names: OldNames): void => {
    const was = node.value;
    if (typeof was !== 'string' || !Object.hasOwn(names, was)) return;
    const is = names[was] ?? was;
    renamed.push({ line: lineOf(node), was, is });
    node.value = is;
  };
  const steps = isMap(document.contents) ? document.contents.get('steps') : undefined;
  if (!isSeq(steps)) return renamed;
  visit(steps, {
    Scalar: (place, node) => {
      if (place !== 'key') rename(node, EVENT_TYPES);
    },
    Pair: (_place, { key, value }) => {
      if (!isScalar(key)) return;
      rename(key, FIELDS);
      if ((key.value === 'mutation' || key.value === 'query') && isScalar(value)) rename(value, RENAMED_OPERATIONS);
    },
  });
  return renamed;
}
