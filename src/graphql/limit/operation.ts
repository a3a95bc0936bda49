/** Everything that is checked of an operation before it runs, over HTTP and WebSocket alike. */

import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import type { Role } from '../../core/model/actor';
import { badInput, problem } from '../error/problem';
import type { Context } from '../reading/context';
import type { Bill, Budgets } from './budget';
import { actualCostOf, costOf } from './cost';
import { ofDocument } from './document';
import type { Documents } from './documents';
import type { Limits } from './limits';
import { checkTexts } from './texts';
import { checkLiterals, checkVariables } from './values';

export interface Operation {
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly bytes: number; // of the whole request
}

export interface Rules {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly budgets: Budgets;
  readonly documents: Documents;
  readonly introspection: readonly Role[]; // roles that may ask for the schema
}

/** Mutations that take lists, and bodies larger than others. */
const BULK = new Set(['submitTrades', 'submitMarkPrices', 'submitIndexPrices', 'depositCollateralBatch']);

/**
 * Takes what the operation may cost; what is returned gives back what it did not, once its answer is there.
 * Errors: BODY_TOO_LARGE, INTROSPECTION_DISABLED, LIMIT_EXCEEDED, BAD_USER_INPUT, COST_EXCEEDED, RATE_LIMITED.
 */
export function checkOperation(rules: Rules, context: Context, bill: Bill, request: Operation): (data: object) => void {
  const { document, operation, variables, bytes } = request;
  const { limits, schema } = rules;
  const fields = rootFieldsOf(document, operation.selectionSet);
  const largest = fields.some((field) => BULK.has(field.name.value)) ? limits.bulkBodyBytes : limits.bodyBytes;
  if (bytes > largest)
    throw problem('BODY_TOO_LARGE', `The request has more than ${largest} bytes.`, { maximum: largest });
  if (!rules.introspection.includes(context.actor.role) && introspects(document))
    throw problem('INTROSPECTION_DISABLED', 'The schema is not told to this role.');
  checkVariables(variables);
  checkLiterals(document);
  checkTexts(schema, document, operation, variables);
  const asked = { document, operation, variables: { ...defaultsOf(operation), ...variables } };
  for (const field of fields) context.notBefore(atLeastOf(field, asked.variables));
  const cost = costOf(schema, asked);
  const maximum = limits.operationCost;
  if (cost > maximum)
    throw problem('COST_EXCEEDED', `The operation costs ${cost}, more than ${maximum}.`, { cost, maximum });
  bill.take(cost);
  return (data) => {
    const spare = cost - actualCostOf(schema, asked, data);
    if (spare >= 0) bill.giveBack(spare);
    else bill.owe(-spare);
  };
}

/** The root fields of an operation, fragments spread out. */
function rootFieldsOf(document: DocumentNode, { selections }: SelectionSetNode): FieldNode[] {
  return selections.flatMap((selection) => {
    if (selection.kind === Kind.FIELD) return [selection];
    if (selection.kind === Kind.INLINE_FRAGMENT) return rootFieldsOf(document, selection.selectionSet);
    const fragment = document.definitions.find(
      (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === selection.name.value,
    );
    return fragment?.kind === Kind.FRAGMENT_DEFINITION ? rootFieldsOf(document, fragment.selectionSet) : [];
  });
}

const introspects = ofDocument((document) => {
  let found = false;
  visit(document, {
    Field({ name }) {
      if (name.value === '__schema' || name.value === '__type') found = true;
    },
  });
  return found;
});

const SEQ = /^\d{1,16}$/;

/** The `atLeast` of a field; what is no sequence number is refused when the field runs. */
function atLeastOf({ arguments: given = [] }: FieldNode, variables: Readonly<Record<string, unknown>>): number {
  const value = given.find(({ name }) => name.value === 'atLeast')?.value;
  const text =
    value?.kind === Kind.STRING ? value.value : value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
  return typeof text === 'string' && SEQ.test(text) ? Number(text) : 0;
}

/** What variables stand for where the caller gives none. */
const defaultsOf = ({ variableDefinitions = [] }: OperationDefinitionNode): Readonly<Record<string, unknown>> =>
  Object.fromEntries(
    variableDefinitions.flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );

/** The variables of a request. Errors: BAD_USER_INPUT. */
export function variablesOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw badInput('`variables` is an object.');
  return value as Readonly<Record<string, unknown>>;
}
