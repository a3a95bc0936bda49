/**
 * What an operation may cost at most, before it runs: a point a field, more for those that compute, and what lies in a
 * page as often as the page has items. The points are stated by the fields themselves.
 */

import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { LARGEST_PAGE } from '../reading/page';

type Variables = Readonly<Record<string, unknown>>;

const MUTATION_COST = 10;
const SUBSCRIPTION_COST = 50;

/** Fields that hold as many things as their object has items. */
const ITEMS: ReadonlySet<string> = new Set(['nodes', 'edges', 'items']);
/** Of the items of a mutation so many are read with one question. */
const READ_TOGETHER = 10;

export function costOf(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, variables: Variables): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);

  const counted = new Map<string, number>();

  function ofSelection({ selections }: SelectionSetNode, type: GraphQLNamedType, items: number): number {
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += ofField(selection, type, items);
      else if (selection.kind === Kind.INLINE_FRAGMENT) sum += ofSelection(selection.selectionSet, type, items);
      else sum += ofFragment(selection.name.value, type, items);
    }
    return sum;
  }

  /** A fragment is counted once for each size of page it is spread in: spread within spread, it would never end. */
  function ofFragment(name: string, type: GraphQLNamedType, items: number): number {
    const key = `${name}/${items}`;
    const known = counted.get(key);
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const cost = fragment ? ofSelection(fragment.selectionSet, type, items) : 0;
    counted.set(key, cost);
    return cost;
  }

  /** `items` is how many the type has, where it is a page of a list or what came of one. */
  function ofField(node: FieldNode, type: GraphQLNamedType, items: number): number {
    const field = isObjectType(type) ? type.getFields()[node.name.value] : undefined;
    if (!field) return 1;
    const own = Number(field.extensions['complexity'] ?? 1);
    const inside = getNamedType(field.type);
    const below = node.selectionSet ? ofSelection(node.selectionSet, inside, itemsOf(node, inside, variables)) : 0;
    return (ITEMS.has(node.name.value) ? items : 1) * (own + below);
  }

  const root = schema.getRootType(operation.operation);
  const base = operation.operation === 'mutation' ? MUTATION_COST : operation.operation === 'subscription' ? SUBSCRIPTION_COST : 0;
  return root ? base + ofSelection(operation.selectionSet, root, 1) : base;
}

function itemsOf(node: FieldNode, inside: GraphQLNamedType, variables: Variables): number {
  if (inside.name.endsWith('Connection')) return pageOf(node, variables);
  if (isObjectType(inside) && 'items' in inside.getFields()) return Math.ceil(longestListOf(node, variables) / READ_TOGETHER);
  return 1;
}

/** The longest list that a field is given. */
function longestListOf({ arguments: given = [] }: FieldNode, variables: Variables): number {
  return Math.max(1, ...given.map(({ value }) => longestIn(valueFromASTUntyped(value, { ...variables }))));
}

const longestIn = (value: unknown): number =>
  value !== null && typeof value === 'object'
    ? Math.max(Array.isArray(value) ? value.length : 0, ...(Array.isArray(value) ? [] : Object.values(value).map(longestIn)))
    : 0;

/** How many items a page may have: as it says, or as many as there may be at most. */
function pageOf({ arguments: given = [] }: FieldNode, variables: Variables): number {
  for (const { name, value } of given) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    const size = value.kind === Kind.INT ? Number(value.value) : value.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    if (typeof size === 'number') return Math.min(Math.max(size, 1), LARGEST_PAGE);
  }
  return LARGEST_PAGE;
}
