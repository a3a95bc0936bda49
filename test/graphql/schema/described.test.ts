/** The schema explains itself: everything in it has a description, and what an amount is in is said beside it. */

import { getNamedType, isInputObjectType, isObjectType } from 'graphql';
import { schema, schemaText } from '../../../src/graphql/schema';
import { takingOf } from '../../../src/graphql/schema/bounds';
import { rootFields } from '../documents';
import { everything, types } from './everything';

test('every type, field, argument and value has a description that is a sentence', () => {
  const all = everything();
  expect(all.length).toBeGreaterThan(1_500);
  expect(all.filter(({ description }) => !description?.trim()).map(({ place }) => place)).toEqual([]);
  // Scalars of a library come with descriptions of their own.
  const unfinished = all.filter(
    ({ place, description }) => place !== 'JSONObject' && !/[.!?)`]$/.test(description?.trim() ?? ''),
  );
  expect(unfinished.map(({ place, description }) => `${place}: ${description}`)).toEqual([]);
});

test('every list that can grow is a connection: it has first, last, after and before, and says what it is as of', () => {
  const lists = types.filter((type) => type.name.endsWith('Connection'));
  expect(lists.length).toBeGreaterThan(25);
  for (const type of lists)
    expect(isObjectType(type) && Object.keys(type.getFields()).sort()).toEqual([
      'asOf',
      'edges',
      'nodes',
      'pageInfo',
      'totalCount',
    ]);
  const paged = types
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields()).filter((field) => getNamedType(field.type).name.endsWith('Connection')),
    );
  for (const field of paged)
    expect(field.args.map(({ name }) => name)).toEqual(expect.arrayContaining(['first', 'after']));
  // An order that is computed anew for each question has a beginning to read from, and no end to go back from.
  const oneWay = paged.filter((field) => !field.args.some(({ name }) => name === 'last' || name === 'before'));
  expect(oneWay.map(({ name }) => name)).toEqual(['accountsByDistance']);
});

test('every query takes atLeast, and every mutation one input with an idempotency key', () => {
  for (const { field } of rootFields('query'))
    expect([field.name, field.args.map(({ name }) => name)]).toEqual([field.name, expect.arrayContaining(['atLeast'])]);
  for (const { field } of rootFields('mutation')) {
    expect([field.name, field.args.map(({ name }) => name)]).toEqual([field.name, ['input']]);
    const input = getNamedType(field.args[0]?.type);
    // Time that was moved is moved: there is nothing to do twice.
    const keyed = isInputObjectType(input) && 'idempotencyKey' in input.getFields();
    expect([field.name, keyed]).toEqual([field.name, field.name !== 'advanceTime']);
  }
});

test('every stream sends messages that can be read as a StreamMessage', () => {
  const sent = rootFields('subscription').map(({ field }) => getNamedType(field.type));
  expect(sent.length).toBeGreaterThan(10);
  const others = sent.filter(
    (type) => !(isObjectType(type) && type.getInterfaces().some(({ name }) => name === 'StreamMessage')),
  );
  expect(others.map(({ name }) => name)).toEqual([]);
});

/** What a description says of a value that was not given, where the schema could say it itself. */
const IN_PROSE =
  /\b(by default|defaults? to|the default is|where nothing is (said|given)|if nothing is (said|given))\b|null: (\d|\w+ (second|minute|hour|day|week)s?\b|`)/i;

test('a value that stands for one left out is in the schema, not in a sentence', () => {
  const prose = takingOf(schema()).filter(({ description }) => IN_PROSE.test(description ?? ''));
  expect(prose.map(({ description }) => description)).toEqual([]);
  const text = schemaText();
  for (const said of [
    'order: MarginCallOrder = DEADLINE',
    'level: RiskLevel = CLOSE_OUT',
    'disputeWindow: Duration = "7d"',
  ])
    expect(text).toContain(said);
});

test('X-2 no amount is a Float: there is none in the schema', () => {
  expect(Object.keys(schema().getTypeMap())).not.toContain('Float');
  const text = JSON.stringify(
    types.filter(isObjectType).flatMap((type) => Object.values(type.getFields()).map((field) => String(field.type))),
  );
  expect(text).not.toContain('Float');
});

test('QC-1 every type with an amount of money names its currency beside it, or says in its description whose it is', () => {
  const silent = types.filter(isObjectType).filter((type) => {
    const fields = Object.values(type.getFields());
    const amounts = fields.filter((field) => getNamedType(field.type).name === 'Decimal');
    const named = fields.some(({ name }) =>
      /^(currency|quote|settlement|instrumentId|instrument|currencyId)$/.test(name),
    );
    const said = `${type.description} ${amounts.map(({ description }) => description).join(' ')}`;
    return amounts.length > 0 && !named && !/currency|rate|share|ratio|contracts|of the case/i.test(said);
  });
  expect(silent.map(({ name }) => name)).toEqual([]);
});
