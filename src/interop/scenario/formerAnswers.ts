/**
 * What answers of mutations said before they had an outcome: `ok`, `status` and one `rejection`. Stories that expect them
 * are still read: the new fields are asked for, and the old ones follow from them.
 */

import type { GraphQLField, GraphQLObjectType } from 'graphql';
import { isRecord } from './match';

interface Former {
  readonly now: string;
  readonly from: (value: unknown) => unknown;
}

const STATUS: Readonly<Record<string, string>> = { REJECTED: 'REFUSED', PARTIAL: 'DONE' };

const FORMER: Readonly<Record<string, Former>> = {
  ok: { now: 'outcome', from: (outcome) => outcome !== 'REJECTED' },
  status: { now: 'outcome', from: (outcome) => STATUS[String(outcome)] ?? outcome },
  rejection: { now: 'rejections', from: (rejections) => (Array.isArray(rejections) ? (rejections[0] ?? null) : null) },
};

/** The field that says what a field said by this name; undefined where there was none. */
export function successorOf(type: GraphQLObjectType, name: string): GraphQLField<unknown, unknown> | undefined {
  const former = Object.hasOwn(FORMER, name) ? FORMER[name] : undefined;
  return former && type.getFields()[former.now];
}

/** An answer with what it said before beside what it says now. */
export function withFormerNames(answer: unknown): unknown {
  if (Array.isArray(answer)) return answer.map(withFormerNames);
  if (!isRecord(answer)) return answer;
  const fields = Object.entries(answer).map(([name, value]) => [name, withFormerNames(value)] as const);
  const former = Object.entries(FORMER).filter(([name, { now }]) => now in answer && !(name in answer));
  return Object.fromEntries([...fields, ...former.map(([name, { now, from }]) => [name, from(answer[now])] as const)]);
}
