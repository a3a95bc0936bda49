/** Limits on the shape of a document: how deep, how many aliases, directives and root fields, fragments spread out. */

import {
  type ASTVisitor,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  visit,
} from 'graphql';
import { problem } from '../error/problem';
import type { Limits } from './limits';

type Shape = Pick<Limits, 'depth' | 'introspectionDepth' | 'aliases' | 'directives' | 'rootFields'>;

interface Measure {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number; // at the top of the selection
}

const NOTHING: Measure = { depth: 0, introspectionDepth: 0, aliases: 0, fields: 0 };

/** A validation rule that reports the first limit a document breaks. */
export const shapeRule =
  (limits: Shape) =>
  (context: ValidationContext): ASTVisitor => ({
    Document(document) {
      const error = checkShape(document, limits);
      if (error) context.reportError(error);
      return undefined;
    },
  });

export function checkShape(document: DocumentNode, limits: Shape): GraphQLError | undefined {
  const directives = countDirectives(document);
  if (directives > limits.directives) return exceeded('directives', limits.directives);
  const measure = measurer(document);
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue;
    const { depth, introspectionDepth, aliases, fields } = measure(definition.selectionSet);
    if (fields > limits.rootFields) return exceeded('rootFields', limits.rootFields);
    if (aliases > limits.aliases) return exceeded('aliases', limits.aliases);
    if (depth > limits.depth) return exceeded('depth', limits.depth);
    if (introspectionDepth > limits.introspectionDepth) return exceeded('introspectionDepth', limits.introspectionDepth);
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
    let total = NOTHING;
    for (const selection of selections) {
      if (selection.kind === Kind.FRAGMENT_SPREAD) total = together(total, ofFragment(selection.name.value));
      else if (selection.kind === Kind.INLINE_FRAGMENT) total = together(total, ofSelection(selection.selectionSet));
      else {
        const inside = selection.selectionSet ? ofSelection(selection.selectionSet) : NOTHING;
        const aliases = inside.aliases + (selection.alias ? 1 : 0);
        const below = Math.max(inside.depth, inside.introspectionDepth) + 1;
        const introspects = selection.name.value === '__schema' || selection.name.value === '__type';
        total = together(total, {
          depth: introspects ? 1 : inside.depth + 1,
          introspectionDepth: introspects ? below : inside.introspectionDepth,
          aliases,
          fields: 1,
        });
      }
    }
    return total;
  }
  return ofSelection;
}

const together = (a: Measure, b: Measure): Measure => ({
  depth: Math.max(a.depth, b.depth),
  introspectionDepth: Math.max(a.introspectionDepth, b.introspectionDepth),
  aliases: a.aliases + b.aliases,
  fields: a.fields + b.fields,
});
