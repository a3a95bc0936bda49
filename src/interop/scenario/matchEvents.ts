/**
 * Holding the events that followed a step against those it expects: the expected ones must be among them in their
 * order; others may stand between. An empty list says that nothing followed.
 */

import { isScalar, type Node, type YAMLSeq } from 'yaml';
import type { StepEvent } from './events';
import { type Difference, differences, flow, type Matching, plainFields } from './match';
import { onlyPair, resolved } from './nodes';
import type { Source } from './scenario';

interface Expected {
  readonly item: Node;
  readonly name: string;
  readonly fields: unknown; // node of what is expected of its fields, if anything is
}

export function eventDifferences(list: YAMLSeq, came: readonly StepEvent[], matching: Matching): Difference[] {
  if (list.items.length === 0) return nothingFollows(list, came, matching);
  const found: Difference[] = [];
  let next = 0;
  for (const item of [...list.items] as Node[]) {
    const expected = readExpected(item, matching);
    const place = placeOf(expected, came, next, matching);
    if (place === undefined) {
      found.push(missing(expected, list, came, next, matching));
      continue;
    }
    const event = came[place];
    if (event) found.push(...compared(expected, event, matching));
    next = place + 1;
  }
  return found;
}

function readExpected(item: Node, { source }: Matching): Expected {
  return { item, name: eventNameIn(source, item), fields: onlyPair(resolved(source, item))?.value };
}

/** The name of an expected event: an item of its own, or with what is expected of its fields. */
export function eventNameIn(source: Source, item: Node): string {
  const node = resolved(source, item);
  return onlyPair(node)?.key ?? (isScalar(node) ? String(node.value) : '');
}

const compared = ({ name, fields }: Expected, event: StepEvent, matching: Matching): Difference[] =>
  fields === undefined ? [] : differences(fields, event.fields, `events.${name}`, matching, () => undefined);

/** The first event that is as expected; where there is none, the first by that name. */
function placeOf(expected: Expected, came: readonly StepEvent[], from: number, matching: Matching): number | undefined {
  let near: number | undefined;
  for (let i = from; i < came.length; i++) {
    const event = came[i];
    if (event?.name !== expected.name) continue;
    near ??= i;
    // A trial gives no names to values: only the event that is settled on does.
    if (compared(expected, event, { ...matching, values: new Map(matching.values) }).length === 0) return i;
  }
  return near;
}

function missing(
  { item, name }: Expected,
  list: YAMLSeq,
  came: readonly StepEvent[],
  next: number,
  matching: Matching,
): Difference {
  const names = came.slice(next).map((event) => event.name);
  const fix = (): void => {
    list.items.splice(list.items.indexOf(item), 1);
    if (list.items.length === 0) writeAll(list, came, matching);
  };
  return {
    line: matching.source.lineOf(item),
    ...{ path: 'events', expected: name, came: names.length > 0 ? names.join(', ') : 'nothing more', fix },
  };
}

function nothingFollows(list: YAMLSeq, came: readonly StepEvent[], matching: Matching): Difference[] {
  if (came.length === 0) return [];
  const names = came.map(({ name }) => name).join(', ');
  const fix = (): void => writeAll(list, came, matching);
  return [{ line: matching.source.lineOf(list), path: 'events', expected: 'none', came: names, fix }];
}

/** Every event with its plain fields: a beginning, to be cut down to what matters. */
function writeAll(list: YAMLSeq, came: readonly StepEvent[], matching: Matching): void {
  const { document } = matching.source;
  list.flow = false;
  for (const { name, fields } of came) {
    const told = plainFields(fields, matching, () => true);
    list.items.push(document.createNode({ [name]: flow(document, told) }));
  }
}

/** Events that were not to follow and did. What is ruled out is not written anew by itself. */
export const unwanted = (list: YAMLSeq, came: readonly StepEvent[], { source }: Matching): Difference[] =>
  list.items.flatMap((item) => {
    const name = isScalar(item) ? String(item.value) : '';
    if (!came.some((event) => event.name === name)) return [];
    return [
      {
        line: source.lineOf(item),
        path: 'without',
        expected: `no ${name}`,
        came: came.map((event) => event.name).join(', '),
      },
    ];
  });
