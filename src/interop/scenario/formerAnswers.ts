/**
 * What answers said before: `ok`, `status` and one `rejection` of a mutation, and `id` for what all versions of a
 * policy are called by. Stories that expect them are still read: the new fields are asked for, and the old ones follow
 * from them.
 */

import type { GraphQLField, GraphQLObjectType } from 'graphql';
import { isRecord } from './match';

interface Former {
  readonly now: readonly string[]; // the first of these that there is
  readonly from: (value: unknown) => unknown;
}

const STATUS: Readonly<Record<string, string>> = { REJECTED: 'REFUSED', PARTIAL: 'DONE' };

const FORMER: Readonly<Record<string, Former>> = {
  ok: { now: ['outcome'], from: (outcome) => outcome !== 'REJECTED' },
  status: { now: ['outcome'], from: (outcome) => STATUS[String(outcome)] ?? outcome },
  rejection: {
    now: ['rejections'],
    from: (rejections) => (Array.isArray(rejections) ? (rejections[0] ?? null) : null),
  },
  id: { now: ['policyId', 'ladderId', 'poolId'], from: (id) => id },
};

/** The field that says what a field said by this name; undefined where there was none. */
export function successorOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
  const former = Object.hasOwn(FORMER, name) ? FORMER[name] : undefined;
  const now = former?.now.find((field) => field in type.getFields());
  return now === undefined ? undefined : type.getFields()[now];
}

/** An answer with what it said before beside what it says now. */
export function withFormerNames(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withFormerNames);
  if (!isRecord(answer)) return answer;
  const fields = Object.entries(answer).map(([name, value]) => [name, withFormerNames(value)] as const);
  const former = Object.entries(FORMER).flatMap(([name, { now, from }]) => {
    const field = name in answer ? undefined : now.find((each) => each in answer);
    return field === undefined ? [] : [[name, from(answer[field])] as const];
  });
  return Object.fromEntries([...fields, ...former]);
}
