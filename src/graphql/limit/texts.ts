/**
 * Texts that a caller writes are no longer than their type allows: what is refused by the house is kept for ever too.
 */

import {
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isInputObjectType,
  isListType,
  type OperationDefinitionNode,
  TypeInfo,
  typeFromAST,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { problem } from '../error/problem';
import { LONGEST } from '../schema/bounds';
import { ofDocument } from './document';

type Values = Readonly<Record<string, unknown>>;

/** Of the variables of an operation and of what is written out in its document. Errors: BAD_USER_INPUT. */
export function checkTexts(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Values,
): void {
  for (const { variable, type } of operation.variableDefinitions ?? []) {
    const name = variable.name.value;
    const declared = typeFromAST(schema, type as Parameters<typeof typeFromAST>[1]) as GraphQLInputType | undefined;
    if (declared && name in variables) checkValue(declared, variables[name], name);
  }
  const { longest } = tooLongIn(schema)(document);
  if (longest !== null) throw tooLong(longest);
}

function checkValue(declared: GraphQLInputType, value: unknown, path: string): void {
  const type = getNullableType(declared);
  if (value === null || value === undefined) return;
  if (isListType(type)) {
    // A single value stands for a list of one.
    if (!Array.isArray(value)) checkValue(type.ofType, value, path);
    else for (const [i, item] of value.entries()) checkValue(type.ofType, item, `${path}[${i}]`);
  } else if (isInputObjectType(type)) {
    const fields = type.getFields();
    for (const [name, inside] of Object.entries(value)) {
      const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (field) checkValue(field.type, inside, `${path}.${name}`);
    }
  } else {
    const longest = LONGEST[type.name];
    if (longest !== undefined && typeof value === 'string' && value.length > longest) throw tooLong(longest, path);
  }
}

/** What the longest text too long in a document might have been; null where all are short enough. */
interface Finding {
  readonly longest: number | null;
}

const finders = new WeakMap<GraphQLSchema, (document: DocumentNode) => Finding>();

function tooLongIn(schema: GraphQLSchema): (document: DocumentNode) => Finding {
  const known = finders.get(schema) ?? ofDocument((document) => ({ longest: longestBroken(schema, document) }));
  finders.set(schema, known);
  return known;
}

function longestBroken(schema: GraphQLSchema, document: DocumentNode): number | null {
  let broken: number | null = null;
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      StringValue({ value }) {
        const type = types.getInputType();
        const longest = type ? LONGEST[getNamedType(type).name] : undefined;
        if (longest !== undefined && value.length > longest) broken ??= longest;
      },
    }),
  );
  return broken;
}

const tooLong = (longest: number, path?: string) =>
  problem('BAD_USER_INPUT', `A text of this kind has at most ${longest} characters.`, {
    maximum: longest,
    ...(path === undefined ? {} : { path }),
  });
