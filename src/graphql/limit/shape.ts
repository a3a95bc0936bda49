/**
 * Limits on the shape of a document: how deep, how many aliases, directives, root fields and fields asked for twice,
 * fragments spread out. They are looked at before the document is validated: that compares every field with its
 * namesakes.
 */

import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import { problem } from '../error/problem';
import type { Limits } from './limits';

type Shape = Pick<Limits, 'depth' | 'introspectionDepth' | 'aliases' | 'repeats' | 'directives' | 'rootFields'>;

interface Measure {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number; // at the top of the selection
  readonly names: ReadonlyMap<string, number>; // how often each of them is asked for
  readonly repeats: number; // below them
}

const NOTHING: Measure = { depth: 0, introspectionDepth: 0, aliases: 0, fields: 0, names: new Map(), repeats: 0 };

/** The first limit a document breaks. */
export function checkShape(document: DocumentNode, limits: Shape): GraphQLError | undefined {
  const directives = countDirectives(document);
  if (directives > limits.directives) return exceeded('directives', limits.directives);
  const measure = measurer(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, introspectionDepth, aliases, fields, ...rest } = measure(definition.selectionSet);
    if (fields > limits.rootFields) return exceeded('rootFields', limits.rootFields);
    if (aliases > limits.aliases) return exceeded('aliases', limits.aliases);
    if (repeatsOf(rest) > limits.repeats) return exceeded('repeats', limits.repeats);
    if (depth > limits.depth) return exceeded('depth', limits.depth);
    if (introspectionDepth > limits.introspectionDepth)
      return exceeded('introspectionDepth', limits.introspectionDepth);
  }
  return undefined;
}

export const exceeded = (limit: string, maximum: number): GraphQLError =>
  problem('LIMIT_EXCEEDED', `The document breaks the limit on ${limit}, ${maximum}.`, { limit, maximum });

function countDirectives(document: DocumentNode): number {
  let count = 0;
  visit(document, {
    Directive() {
      count += 1;
    },
  });
  return count;
}

/** Measures selections; a fragment is measured once however often it is spread, and counts each time. */
function measurer(document: DocumentNode): (selection: SelectionSetNode) => Measure {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const measured = new Map<string, Measure>();

  function ofFragment(name: string): Measure {
    const known = measured.get(name);
    if (known) return known;
    const fragment = fragments.get(name);
    // A fragment within itself is refused by another rule; here it only must not go on for ever.
    measured.set(name, NOTHING);
    const measure = fragment ? ofSelection(fragment.selectionSet) : NOTHING;
    measured.set(name, measure);
    return measure;
  }

  function ofSelection({ selections }: SelectionSetNode): Measure {
    const names = new Map<string, number>();
    let total = NOTHING;
    for (const selection of selections) {
      const measure = ofOne(selection);
      for (const [name, count] of measure.names) names.set(name, (names.get(name) ?? 0) + count);
      total = together(total, measure);
    }
    return { ...total, names };
  }

  function ofOne(selection: SelectionNode): Measure {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return ofFragment(selection.name.value);
    if (selection.kind === Kind.INLINE_FRAGMENT) return ofSelection(selection.selectionSet);
    const { name, alias, selectionSet } = selection;
    const inside = selectionSet ? ofSelection(selectionSet) : NOTHING;
    const below = Math.max(inside.depth, inside.introspectionDepth) + 1;
    const introspects = name.value === '__schema' || name.value === '__type';
    return {
      depth: introspects ? 1 : inside.depth + 1,
      introspectionDepth: introspects ? below : inside.introspectionDepth,
      aliases: inside.aliases + (alias ? 1 : 0),
      fields: 1,
      names: new Map([[(alias ?? name).value, 1]]),
      repeats: repeatsOf(inside),
    };
  }
  return ofSelection;
}

const together = (a: Measure, b: Measure): Measure => ({
  depth: Math.max(a.depth, b.depth),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  aliases: a.aliases + b.aliases,
  fields: a.fields + b.fields,
  names: NOTHING.names,
  repeats: a.repeats + b.repeats,
});

function repeatsOf({ names, repeats }: Pick<Measure, 'names' | 'repeats'>): number {
  let sum = repeats;
  for (const count of names.values()) sum += count - 1;
  return sum;
}
