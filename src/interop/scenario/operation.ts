/** A step as a GraphQL operation: its document, and its variables with names and times filled in. */

import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { formatInstant } from '../../units/instant';
import { type Comparison, nameIn } from './compare';
import { readMoment } from './nodes';
import { instantOf, malformed, type Operation, type Step } from './scenario';
import { isPaged, payloadSelection, querySelection } from './selection';

/** A step speaks of something by a name that nothing has given a value yet. */
export class NameUnknown extends Error {
  override readonly name = 'NameUnknown';
}

/** Beside every question: whether the answer has everything that was done before it. */
export const FRESHNESS = 'freshness';

export interface Prepared {
  readonly step: Step;
  readonly operation: Operation;
  readonly field: GraphQLField<unknown, unknown>;
  readonly document: string;
}

/** Throws ScenarioMalformed where the schema has no such operation, or its answer no such field. */
export function prepare(schema: GraphQLSchema, step: Step, operation: Operation): Prepared {
  const root = operation.kind === 'mutation' ? schema.getMutationType() : schema.getQueryType();
  const field = root?.getFields()[operation.name];
  if (!field) throw malformed(step.source, operation.node, `There is no ${operation.kind} \`${operation.name}\`.`);
  const type = getNamedType(field.type);
  const expected = step.expect?.answer ?? null;
  const selection =
    operation.kind === 'mutation'
      ? payloadSelection(step.source, type as GraphQLObjectType, expected)
      : querySelection(step.source, type, expected);
  const names = field.args;
  const declared = names.map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ');
  const passed = names.map(({ name }) => `${name}: $${name}`).join(', ');
  const document = `${operation.kind} ${operation.name}${names.length > 0 ? `(${declared})` : ''} { ${operation.name}${
    names.length > 0 ? `(${passed})` : ''
  } ${selection}${operation.kind === 'query' ? ` ${FRESHNESS}: asOf { fresh }` : ''} }`;
  return { step, operation, field, document };
}

/**
 * The variables: the input of a mutation with an idempotency key where it has none of its own, the arguments of a
 * query.
 */
export function variablesOf(prepared: Prepared, comparison: Comparison, key: string): Record<string, unknown> {
  const { step, operation, field } = prepared;
  const written = (step.input?.toJS(step.source.document) ?? {}) as Record<string, unknown>;
  if (operation.kind === 'query') {
    const paged = isPaged(field) && !('first' in written) && !('last' in written) ? { first: 100 } : {};
    return filledIn({ ...paged, ...written }, field.args, prepared, comparison);
  }
  const [argument] = field.args;
  if (!argument) return {};
  const type = getNamedType(argument.type);
  const fields = isInputObjectType(type) ? Object.values(type.getFields()) : [];
  const keyed = fields.some(({ name }) => name === 'idempotencyKey') ? { idempotencyKey: key } : {};
  return { [argument.name]: filledIn({ ...keyed, ...written }, fields, prepared, comparison) };
}

type Slot = Pick<GraphQLArgument, 'name' | 'type'>;

function filledIn(
  written: Readonly<Record<string, unknown>>,
  slots: readonly Slot[],
  prepared: Prepared,
  comparison: Comparison,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(written).map(([name, value]) => [
      name,
      fill(value, slots.find((slot) => slot.name === name)?.type, prepared, comparison),
    ]),
  );
}

/**
 * A value with names replaced by what they stand for and, where an instant is wanted, a time since the start by the
 * instant.
 */
function fill(value: unknown, type: GraphQLInputType | undefined, prepared: Prepared, comparison: Comparison): unknown {
  const name = nameIn(value);
  if (name !== undefined) {
    if (comparison.values.has(name)) return fill(comparison.values.get(name), type, prepared, comparison);
    throw new NameUnknown(`\`$${name}\` has no value here: nothing gave it one before.`);
  }
  const wanted = isNonNullType(type) ? (type.ofType as GraphQLInputType) : type;
  if (Array.isArray(value)) {
    const inner = isListType(wanted) ? (wanted.ofType as GraphQLInputType) : undefined;
    return value.map((item: unknown) => fill(item, inner, prepared, comparison));
  }
  if (value !== null && typeof value === 'object') {
    const slots = isInputObjectType(wanted) ? Object.values(wanted.getFields()) : [];
    return filledIn(value as Record<string, unknown>, slots, prepared, comparison);
  }
  if (typeof value !== 'string' || wanted === undefined || getNamedType(wanted).name !== 'DateTime') return value;
  const moment = readMoment(value);
  return moment ? formatInstant(instantOf(moment, comparison.start)) : value;
}
