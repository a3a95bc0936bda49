/**
 * What a subscription asks, apart from where it begins: the document, its variables, and what the caller may see. Those
 * who ask the same are told the same, so it is made once for all of them.
 */

import { type DocumentNode, type GraphQLSchema, print, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import { sha256 } from '../../units/hash';
import type { Context } from '../reading/context';

/** Arguments of a stream that say where it begins, and nothing of what its messages say. */
const BEGINNINGS: ReadonlySet<string> = new Set(['after', 'afterSeq', 'snapshot']);

export interface Asked {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName?: string | undefined | null;
  readonly variables: Readonly<Record<string, unknown>>;
}

export function questionOf({ schema, document, operationName, variables }: Asked, { actor, sight }: Context): string {
  const info = new TypeInfo(schema);
  const rest = visit(
    document,
    visitWithTypeInfo(info, {
      // Pages within a message have an `after` of their own, which does matter.
      Argument: ({ name }) =>
        info.getParentType() === schema.getSubscriptionType() && BEGINNINGS.has(name.value) ? null : undefined,
    }),
  );
  const used = new Set<string>();
  visit(rest, {
    VariableDefinition: () => false,
    Variable({ name }) {
      used.add(name.value);
    },
  });
  const values = [...used].sort().map((name) => [name, variables[name]]);
  return sha256(JSON.stringify([print(rest), operationName ?? null, values, actor.role, sight]));
}
