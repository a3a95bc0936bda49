/**
 * What an operation costs: a point a field, more for those that compute, what lies in a page as often as the page has
 * items, and what is given in lists by the item. Before it runs, the most it may come to; from its answer, what it came
 * to.
 */

import {
  type ArgumentNode,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInterfaceType,
  isListType,
  isObjectType,
  Kind,
  type NamedTypeNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { LARGEST_PAGE } from '../reading/page';
import { INTROSPECTION, ITEM, MUTATION, SUBSCRIPTION } from './prices';

type Variables = Readonly<Record<string, unknown>>;

/** An operation as it is to be run. */
export interface Asked {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Variables; // with what stands for those that were not given
}

/** Fields that hold as many things as their object has items. */
const ITEMS: ReadonlySet<string> = new Set(['nodes', 'edges', 'items']);
/** Of the items of a mutation so many are read with one question. */
const READ_TOGETHER = 10;

/** The most that an operation may come to. */
export const costOf = (schema: GraphQLSchema, asked: Asked): number => priced(schema, asked, undefined);

/** What it came to, from the data of its answer. */
export const actualCostOf = (schema: GraphQLSchema, asked: Asked, data: object): number =>
  Math.ceil(priced(schema, asked, data));

/** `answer`: the data, where it is there; otherwise pages are as long as they may be. */
function priced(schema: GraphQLSchema, { document, operation, variables }: Asked, answer: object | undefined): number {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const perRoot = { query: 0, mutation: MUTATION, subscription: SUBSCRIPTION }[operation.operation];
  const root = schema.getRootType(operation.operation);
  const counted = new Map<string, number>();

  function ofSelection({ selections }: SelectionSetNode, type: GraphQLNamedType, items: number, data: unknown): number {
    let sum = 0;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) sum += ofField(selection, type, items, data);
      else if (selection.kind === Kind.INLINE_FRAGMENT)
        sum += ofSelection(selection.selectionSet, narrowed(type, selection.typeCondition), items, data);
      else sum += ofFragment(selection.name.value, type, items, data);
    }
    return sum;
  }

  /** What a fragment is of: an interface has fewer fields than the type it is spread in, and a union none. */
  const narrowed = (type: GraphQLNamedType, condition: NamedTypeNode | undefined): GraphQLNamedType =>
    (isAbstractType(type) && condition && schema.getType(condition.name.value)) || type;

  /**
   * Before it runs a fragment is counted once for each type and size of page it is spread in: spread within spread, it
   * would never end.
   */
  function ofFragment(name: string, type: GraphQLNamedType, items: number, data: unknown): number {
    const key = `${name}/${type.name}/${items}`;
    const known = data === undefined ? counted.get(key) : undefined;
    if (known !== undefined) return known;
    const fragment = fragments.get(name);
    const cost = fragment ? ofSelection(fragment.selectionSet, narrowed(type, fragment.typeCondition), items, data) : 0;
    if (data === undefined) counted.set(key, cost);
    return cost;
  }

  /** `items` is how many the type has, where it is a page of a list or what came of one. */
  function ofField(node: FieldNode, type: GraphQLNamedType, items: number, data: unknown): number {
    const name = node.name.value;
    if (name === '__schema' || name === '__type') return INTROSPECTION;
    const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
    if (!field) return 1;
    // At the root `nodes` are objects by their ids, no part of a page.
    const ofItems = ITEMS.has(name) && type !== root;
    const own =
      Number(field.extensions['complexity'] ?? 1) + (type === root ? perRoot : 0) + ITEM * itemsGiven(node, variables);
    const { selectionSet } = node;
    if (!selectionSet) return (ofItems ? items : 1) * own;
    const inside = getNamedType(field.type);
    const asked = isListType(getNullableType(field.type)) ? longestListOf(node, variables) : 1;
    const below = (value: unknown, size: number): number => ofSelection(selectionSet, inside, size, value);
    if (data === undefined)
      return (ofItems ? items : 1) * (own + asked * below(undefined, itemsOf(node, inside, variables)));
    const value = (data as Record<string, unknown>)[(node.alias ?? node.name).value] ?? null;
    if (value === null) return own;
    if (!Array.isArray(value)) return own + below(value, isPayloadOfList(inside) ? READ_TOGETHER : 1);
    const sum = value.reduce((all: number, each: unknown) => all + (each === null ? 0 : below(each, 1)), 0);
    if (!ofItems) return own + sum;
    return (own * value.length + sum) / items;
  }

  return root ? ofSelection(operation.selectionSet, root, 1, answer) : 0;
}

function itemsOf(node: FieldNode, inside: GraphQLNamedType, variables: Variables): number {
  if (inside.name.endsWith('Connection')) return pageOf(node, variables);
  if (isPayloadOfList(inside)) return Math.ceil(longestListOf(node, variables) / READ_TOGETHER);
  return 1;
}

const isPayloadOfList = (type: GraphQLNamedType): boolean => isObjectType(type) && 'items' in type.getFields();

const givenTo = ({ value }: ArgumentNode, variables: Variables): unknown =>
  value.kind === Kind.VARIABLE
    ? variables[value.name.value]
    : valueFromASTUntyped(value, variables as Record<string, unknown>);

/** Items of all lists that a field is given, those in lists of lists included. */
const itemsGiven = ({ arguments: given = [] }: FieldNode, variables: Variables): number =>
  given.reduce((sum, argument) => sum + itemsIn(givenTo(argument, variables)), 0);

function itemsIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  let sum = Array.isArray(value) ? value.length : 0;
  for (const each of Object.values(value)) sum += itemsIn(each);
  return sum;
}

/** The longest list that a field is given. */
const longestListOf = ({ arguments: given = [] }: FieldNode, variables: Variables): number =>
  Math.max(1, ...given.map((argument) => longestIn(givenTo(argument, variables))));

const longestIn = (value: unknown): number =>
  value !== null && typeof value === 'object'
    ? Math.max(
        Array.isArray(value) ? value.length : 0,
        ...(Array.isArray(value) ? [] : Object.values(value).map(longestIn)),
      )
    : 0;

/** How many items a page may have: as it says, or as many as there may be at most. */
function pageOf({ arguments: given = [] }: FieldNode, variables: Variables): number {
  for (const { name, value } of given) {
    if (name.value !== 'first' && name.value !== 'last') continue;
    const size =
      value.kind === Kind.INT
        ? Number(value.value)
        : value.kind === Kind.VARIABLE
          ? variables[value.name.value]
          : undefined;
    if (typeof size === 'number') return Math.min(Math.max(size, 1), LARGEST_PAGE);
  }
  return LARGEST_PAGE;
}
