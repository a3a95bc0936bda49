/**
 * Nodes of a YAML document: the fields of a map by name, texts, moments, each refused with its line where it is none.
 */

import { type Alias, isAlias, isMap, isNode, isScalar, type Node, type YAMLMap } from 'yaml';
import { Malformed } from '../../units/failure';
import { parseDuration, parseInstant } from '../../units/instant';
import { type Moment, malformed, type Source } from './scenario';

/** The node itself, or what an alias stands for. */
export function resolved(source: Source, node: unknown): Node | null {
  if (isAlias(node)) return ((node as Alias).resolve(source.document) as Node | undefined) ?? null;
  return isNode(node) ? node : null;
}

/** The fields of a map, of which only these may be there. */
export function fieldsOf<Key extends string>(
  source: Source,
  map: YAMLMap,
  keys: readonly Key[],
): Partial<Record<Key, Node>> {
  const fields: Partial<Record<Key, Node>> = {};
  for (const { key, value } of map.items) {
    const name = isScalar(key) ? String(key.value) : '';
    const known = keys.find((candidate) => candidate === name);
    if (known === undefined)
      throw malformed(source, key, `\`${name}\` is not known here; there are ${keys.join(', ')}.`);
    const node = resolved(source, value);
    if (node) fields[known] = node;
  }
  return fields;
}

export function textAt(source: Source, node: unknown, name: string): string {
  if (isScalar(node) && typeof node.value === 'string' && node.value !== '') return node.value;
  throw malformed(source, node, `\`${name}\` is a text.`);
}

/** A duration since the start, or an instant. */
export function momentAt(source: Source, node: Node, name: string): Moment {
  const text = isScalar(node) && typeof node.value === 'string' ? node.value : '';
  const moment = readMoment(text);
  if (moment) return moment;
  throw malformed(
    source,
    node,
    `\`${name}\` is a time since the start such as 59m59.999s, or an instant such as 2025-10-10T12:00:00Z.`,
  );
}

export function readMoment(text: string): Moment | undefined {
  return attempt(() => ({ after: parseDuration(text) })) ?? attempt(() => ({ instant: parseInstant(text) }));
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Malformed) return undefined;
    throw error;
  }
}

/** The key of a pair as text. */
export const keyOf = (key: unknown): string => (isScalar(key) ? String(key.value) : '');

/** The one pair of a map with a single key. */
export function onlyPair(node: unknown): { readonly key: string; readonly value: unknown } | undefined {
  const [pair, second] = isMap(node) ? node.items : [];
  return pair && !second ? { key: keyOf(pair.key), value: pair.value } : undefined;
}
