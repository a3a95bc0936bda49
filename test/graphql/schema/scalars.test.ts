/** Every scalar says where it is specified, and takes what its page says it takes. */

import { type GraphQLScalarType, isScalarType, isSpecifiedScalarType } from 'graphql';
import { generatedFiles } from '../../../src/graphql/generated';
import { type Examples, PAGE } from '../../../src/graphql/scalar/specified';
import { schema } from '../../../src/graphql/schema';

const scalars = Object.values(schema().getTypeMap()).filter(
  (type): type is GraphQLScalarType => isScalarType(type) && !isSpecifiedScalarType(type),
);
const own = scalars.filter(({ specifiedByURL }) => specifiedByURL?.startsWith(PAGE));

test('every scalar has a specification, here or elsewhere', () => {
  expect(scalars.map(({ name }) => name).sort()).toEqual([
    'Cursor',
    'DateTime',
    'Decimal',
    'Duration',
    'JSONObject',
    'Ratio',
    'Seq',
  ]);
  const elsewhere = scalars.filter((scalar) => !own.includes(scalar));
  expect(elsewhere.map(({ specifiedByURL }) => specifiedByURL)).toEqual([expect.stringMatching(/^https?:/)]);
  const page = generatedFiles().get(PAGE) ?? '';
  for (const { name, specifiedByURL } of own) {
    expect(specifiedByURL).toBe(`${PAGE}#${name.toLowerCase()}`);
    expect(page).toContain(`## ${name}\n`);
  }
});

test.each(own.map((scalar) => [scalar.name, scalar] as const))('X-2 the examples of %s are true', (_, scalar) => {
  const { taken, refused } = scalar.extensions['examples'] as Examples;
  expect([taken.length, refused.length]).not.toContain(0);
  for (const [entered, shown] of taken)
    expect([entered, JSON.stringify(scalar.serialize(scalar.parseValue(JSON.parse(entered))))]).toEqual([
      entered,
      shown,
    ]);
  for (const each of refused)
    expect(() => scalar.parseValue(JSON.parse(each))).toThrow(
      expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }),
    );
});
