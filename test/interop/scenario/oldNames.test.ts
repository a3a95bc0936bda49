/** Stories under old names are read, with a warning each, and written anew under those of today. */

import { type GraphQLField, isEnumType, isInputObjectType, isInterfaceType, isObjectType } from 'graphql';
import type { Kind } from '../../../src/core/kind/kind';
import { RENAMED_FIELDS, RENAMED_OPERATIONS, RENAMED_TYPES } from '../../../src/core/kind/renamed';
import { EVENTS } from '../../../src/core/message/event';
import { schema as built } from '../../../src/graphql/schema';
import { textOf } from '../../../src/interop/scenario/file';
import { readScenarios } from '../../../src/interop/scenario/read';

const STORY = `story: old names
let: { dust: "0" }
steps:
  - as: admin
    mutation: setAuctionPolicy
    input: { cusp: "0.5", curve: { cut: "0.9" }, dust: $dust }
  - as: auditor
    query: defaultCases
    expect:
      answer: [{ loss: "1", type: MarginCallIssued }]
      events: [{ auctionChanged: { auctioned: { terms: { tail: 1m } } } }]
`;

test('every old name in a step is read as the new one, and told with its line; names a story gave itself stay', () => {
  const [story] = readScenarios('old.yaml', () => STORY);
  expect(story?.source.renamed).toEqual([
    { line: 6, was: 'cusp', is: 'priceFloorShare' },
    { line: 6, was: 'cut', is: 'stepFactor' },
    { line: 6, was: 'dust', is: 'minimumDebt' },
    { line: 8, was: 'defaultCases', is: 'lossCases' },
    { line: 10, was: 'MarginCallIssued', is: 'MARGIN_CALL_ISSUED' },
    { line: 11, was: 'tail', is: 'roundDuration' },
  ]);
  const text = textOf(story ? [story] : []);
  expect(text).toContain('input: { priceFloorShare: "0.5", curve: { stepFactor: "0.9" }, minimumDebt: $dust }');
  expect(readScenarios('new.yaml', () => text)[0]?.source.renamed).toEqual([]);
});

/** Names of fields in a kind, at any depth. */
function* namesIn(kind: Kind | undefined): Generator<string> {
  if (!kind) return;
  if ('item' in kind) yield* namesIn(kind.item);
  const sets = kind.is === 'record' ? [kind.fields] : kind.is === 'variants' ? Object.values(kind.of) : [];
  for (const fields of sets) {
    yield* Object.keys(fields);
    for (const inner of Object.values(fields)) yield* namesIn(inner);
  }
}

const schema = built();

test('an old name is the name of nothing today, every new one of something, and enumerations are in capitals', () => {
  const types = Object.values(schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
  const fields = new Set(
    types.flatMap((type) =>
      isObjectType(type) || isInterfaceType(type) || isInputObjectType(type) ? Object.keys(type.getFields()) : [],
    ),
  );
  const told = new Set(Object.values(EVENTS).flatMap((event) => [...namesIn({ is: 'record', fields: event })]));
  for (const [was, is] of Object.values(RENAMED_FIELDS).flatMap((names) => Object.entries(names))) {
    expect([was, fields.has(was), told.has(was)]).toEqual([was, false, false]);
    expect([is, fields.has(is)]).toEqual([is, true]);
  }
  for (const type of types.filter(isEnumType))
    expect([type.name, type.getValues().filter(({ name }) => !/^[A-Z][A-Z0-9_]*$/.test(name))]).toEqual([
      type.name,
      [],
    ]);
  const named = new Set(types.map(({ name }) => name));
  for (const [was, is] of Object.entries(RENAMED_TYPES))
    expect([was, named.has(was), is, named.has(is)]).toEqual([was, false, is, true]);
  const roots: Record<string, GraphQLField<unknown, unknown>> = {
    ...schema.getQueryType()?.getFields(),
    ...schema.getMutationType()?.getFields(),
    ...schema.getSubscriptionType()?.getFields(),
  };
  for (const [was, is] of Object.entries(RENAMED_OPERATIONS))
    expect([was, was in roots, is, is in roots]).toEqual([was, false, is, true]);
});
