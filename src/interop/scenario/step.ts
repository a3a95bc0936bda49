/** Reading one step: when, in whose name, what is done or asked, and what is expected of it. */

import { isMap, isScalar, isSeq, type Node, type Scalar, type YAMLSeq } from 'yaml';
import { fieldsOf, momentAt, onlyPair, resolved, textAt } from './nodes';
import { type Expectation, malformed, type Operation, type Source, type Step } from './scenario';

const STEP = ['at', 'clock', 'as', 'mutation', 'query', 'input', 'approvedBy', 'expect'] as const;
const EXPECT = ['answer', 'rejection', 'error', 'events', 'without'] as const;

/** In whose name a step is made that only lets time pass. */
const TIMEKEEPER = 'admin';

export function readStep(source: Source, item: unknown, number: number, given: boolean): Step {
  const node = resolved(source, item);
  if (!isMap(node)) throw malformed(source, item, `A step is a map of ${STEP.join(', ')}.`);
  const { at, clock, as, mutation, query, input, approvedBy, expect } = fieldsOf(source, node, STEP);
  if (mutation && query) throw malformed(source, query, 'A step is a mutation or a query, not both.');
  const operation = readOperation(source, mutation, query);
  if (operation && !as) throw malformed(source, node, 'A step says in whose name it is made: `as`.');
  if (!operation && !at && !clock)
    throw malformed(source, node, 'A step has a `mutation`, a `query`, or a time to pass to: `at`.');
  if (input && !operation) throw malformed(source, input, '`input` belongs to a mutation or a query.');
  if (approvedBy && operation?.kind !== 'mutation')
    throw malformed(source, approvedBy, '`approvedBy` belongs to a mutation.');
  return {
    ...{ source, node, number, given, operation },
    at: at ? momentAt(source, at, 'at') : null,
    clock: clock ? momentAt(source, clock, 'clock') : null,
    as: as ? textAt(source, as, 'as') : TIMEKEEPER,
    input: input ?? null,
    approvedBy: approvedBy ? textAt(source, approvedBy, 'approvedBy') : null,
    expect: expect ? readExpectation(source, expect, operation) : null,
  };
}

function readOperation(source: Source, mutation: Node | undefined, query: Node | undefined): Operation | null {
  const node = mutation ?? query;
  if (!node) return null;
  const kind = mutation ? 'mutation' : 'query';
  return { kind, name: textAt(source, node, kind), node: node as Scalar };
}

function readExpectation(source: Source, node: Node, operation: Operation | null): Expectation {
  if (!isMap(node)) throw malformed(source, node, `\`expect\` is a map of ${EXPECT.join(', ')}.`);
  const { answer, rejection, error, events, without } = fieldsOf(source, node, EXPECT);
  for (const part of [answer, rejection, error])
    if (part && !operation) throw malformed(source, part, 'Only a mutation or a query is answered.');
  if (rejection && operation?.kind === 'query')
    throw malformed(source, rejection, 'Only mutations are rejected; a query has an `error`.');
  if (error && (answer || rejection))
    throw malformed(source, error, 'An operation that ends in an error has no answer.');
  if (error && !isScalar(error)) throw malformed(source, error, '`error` is a code.');
  return {
    node,
    answer: answer ?? null,
    rejection: rejection ?? null,
    error: (error as Scalar | undefined) ?? null,
    events: events ? listOf(source, events, 'events', isEvent) : null,
    without: without ? listOf(source, without, 'without', isScalar) : null,
  };
}

/** An event is a name, or a name with what is expected of its fields. */
const isEvent = (node: Node | null): boolean => isScalar(node) || isMap(resolvedValue(node));
const resolvedValue = (node: Node | null): unknown => onlyPair(node)?.value;

function listOf(source: Source, node: Node, name: string, fits: (node: Node | null) => boolean): YAMLSeq {
  if (!isSeq(node)) throw malformed(source, node, `\`${name}\` is a list.`);
  for (const item of node.items)
    if (!fits(resolved(source, item)))
      throw malformed(source, item, `\`${name}\` lists names of events, such as marginCallIssued.`);
  return node;
}
