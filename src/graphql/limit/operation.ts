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
import { sha256 } from '../../units/hash';
import type { Context } from '../context';
import { badInput, problem } from '../error/problem';
import type { Budgets, Spent } from './budget';
import { costOf } from './cost';
import { ofDocument } from './document';
import type { Limits } from './limits';
import { checkLiterals, checkVariables } from './values';

export interface Operation {
  readonly source: string;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly bytes: number; // of the whole request
}

export interface Rules {
  readonly schema: GraphQLSchema;
  readonly limits: Limits;
  readonly budgets: Budgets;
  readonly introspection: readonly Role[]; // roles that may ask for the schema
  readonly trustedDocuments: ReadonlySet<string> | null; // SHA-256 of the documents that are answered; null: all
}

/** Mutations that take lists, and bodies larger than others. */
const BULK = new Set(['submitTrades', 'submitMarkPrices', 'submitIndexPrices', 'depositCollateralBatch']);

/** Errors: DOCUMENT_NOT_TRUSTED, BODY_TOO_LARGE, INTROSPECTION_DISABLED, LIMIT_EXCEEDED, BAD_USER_INPUT, COST_EXCEEDED, RATE_LIMITED. */
export function checkOperation(rules: Rules, context: Context, request: Operation): Spent {
  const { document, operation, variables, bytes, source } = request;
  const { limits, trustedDocuments } = rules;
  if (trustedDocuments && !trustedDocuments.has(sha256(source))) throw problem('DOCUMENT_NOT_TRUSTED', 'This document is not known here.');
  const fields = rootFieldsOf(document, operation.selectionSet);
  const largest = fields.some((field) => BULK.has(field.name.value)) ? limits.bulkBodyBytes : limits.bodyBytes;
  if (bytes > largest) throw problem('BODY_TOO_LARGE', `The request has more than ${largest} bytes.`, { maximum: largest });
  if (!rules.introspection.includes(context.actor.role) && introspects(document))
    throw problem('INTROSPECTION_DISABLED', 'The schema is not told to this role.');
  checkVariables(variables);
  checkLiterals(document);
  const given = { ...defaultsOf(operation), ...variables };
  for (const field of fields) context.notBefore(atLeastOf(field, given));
  return rules.budgets.spend(context.actor.id, costOf(rules.schema, document, operation, given), Date.now());
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
  const text = value?.kind === Kind.STRING ? value.value : value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
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
