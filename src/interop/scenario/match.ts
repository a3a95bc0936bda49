/**
 * Holding what came against what is expected of it: a map names some of the fields, a list all of the items. Each
 * difference knows its place in the file and, where it can be done, how to write what came in its place.
 */

import { type Document, isMap, isSeq, type Node, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Comparison, inKind, isSame, nameIn, shortly } from './compare';
import { keyOf, resolved } from './nodes';
import type { Source } from './scenario';

export interface Difference {
  readonly line: number;
  readonly path: string;
  readonly expected: string;
  readonly came: string;
  /** It is that nothing was done: the command was refused, or waits for a second person. */
  readonly undone?: true;
  /** Writes what came into the document. */
  readonly fix?: () => void;
}

export interface Matching extends Comparison {
  readonly source: Source;
}

/** Puts another value where a node stands. */
type Replace = (value: unknown) => void;

export function differences(
  node: unknown,
  came: unknown,
  path: string,
  matching: Matching,
  replace: Replace,
): Difference[] {
  const expected = resolved(matching.source, node);
  if (isMap(expected)) return ofMap(expected, came, path, matching, replace);
  if (isSeq(expected)) return ofList(expected, came, path, matching, replace);
  return ofScalar(expected as Scalar | null, node, came, path, matching, replace);
}

const difference = (
  at: unknown,
  path: string,
  expected: string,
  came: unknown,
  { source }: Matching,
  fix?: () => void,
): Difference => ({
  line: source.lineOf(at),
  ...{ path, expected, came: shortly(came) },
  ...(fix ? { fix } : {}),
});

function ofScalar(
  node: Scalar | null,
  at: unknown,
  value: unknown,
  path: string,
  matching: Matching,
  replace: Replace,
): Difference[] {
  const expected = node?.value ?? null;
  const came = isRecord(value) && 'code' in value ? value['code'] : value;
  if (isSame(expected, came ?? null, matching)) return [];
  const told = inKind(expected, came, matching);
  const numeric =
    typeof expected === 'number' && typeof came === 'string' ? ' (a number; decimals are written in quotes)' : '';
  const known = nameIn(expected);
  const words =
    known === undefined
      ? `${shortly(expected)}${numeric}`
      : `${shortly(matching.values.get(known))} (${String(expected)})`;
  const plain = told === null || typeof told !== 'object';
  const fix = (): void => {
    // What an alias repeats stays what it is where it stands.
    if (node && node === at && plain) node.value = told;
    else replace(told);
  };
  return [difference(at, path, words, told, matching, known === undefined && told !== undefined ? fix : undefined)];
}

function ofMap(node: YAMLMap, value: unknown, path: string, matching: Matching, replace: Replace): Difference[] {
  const came = factsOf(value);
  if (!isRecord(came)) return [difference(node, path, 'these fields', came, matching, () => replace(came ?? null))];
  return node.items.flatMap((pair) => {
    const key = keyOf(pair.key);
    const at = pair.value ?? pair.key;
    if (!(key in came))
      return [difference(at, `${path}.${key}`, 'a value', undefined, matching, () => remove(node, pair))];
    return differences(pair.value, came[key], `${path}.${key}`, matching, (fresh) => {
      pair.value = flow(matching.source.document, fresh);
    });
  });
}

const remove = (node: YAMLMap, pair: Pair): void => void node.items.splice(node.items.indexOf(pair), 1);

function ofList(node: YAMLSeq, value: unknown, path: string, matching: Matching, replace: Replace): Difference[] {
  const came = isRecord(value) && Array.isArray(value['nodes']) ? value['nodes'] : value;
  if (Array.isArray(came) && came.length === node.items.length)
    return node.items.flatMap((item, i) =>
      differences(item, came[i], `${path}[${i}]`, matching, (fresh) => {
        node.items[i] = flow(matching.source.document, fresh);
      }),
    );
  const items = node.items.length;
  const named = Array.isArray(came) ? came.map((item) => onlyNamed(item, node, matching)) : came;
  return [
    difference(node, path, `${items} item${items === 1 ? '' : 's'}`, named, matching, () => replace(named ?? null)),
  ];
}

/** Of an item only the fields that some item of the list names; all its plain fields where none does. */
function onlyNamed(item: unknown, { items }: YAMLSeq, comparison: Comparison): unknown {
  if (!isRecord(item)) return item;
  const named = new Set(items.flatMap((node) => (isMap(node) ? node.items.map(({ key }) => keyOf(key)) : [])));
  return plainFields(item, comparison, (name) => named.size === 0 || named.has(name));
}

/** The fields of a value that are no lists and no maps, in the words of a scenario. */
export function plainFields(
  value: Readonly<Record<string, unknown>>,
  comparison: Comparison,
  keep: (name: string) => boolean,
): object {
  const fields = Object.entries(value).filter(
    ([name, field]) => keep(name) && (field === null || typeof field !== 'object'),
  );
  return Object.fromEntries(fields.map(([name, field]) => [name, inKind(undefined, field, comparison)]));
}

/** The facts of a rejection are a list of names and values: here a map of them. */
function factsOf(value: unknown): unknown {
  if (!Array.isArray(value) || !value.every((item) => isRecord(item) && 'name' in item && 'value' in item))
    return value;
  return Object.fromEntries(value.map((item: Record<string, unknown>) => [item['name'], item['value']]));
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  value !== null && typeof value === 'object' && !Array.isArray(value);

/** A value as a node that is written in one line. */
export const flow = (document: Document, value: unknown): Node => document.createNode(value, { flow: true }) as Node;
