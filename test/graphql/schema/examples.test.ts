/** What the documents show a newcomer to ask does fit the schema. */

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, validate } from 'graphql';
import { schema } from '../../../src/graphql/schema';
import { ROOT } from '../../support/source';

const DOCUMENTS = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const examples = DOCUMENTS.flatMap((path) =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)].map(
    ([, document]) => [path, document as string] as const,
  ),
);

test.each(examples)('%s: %s', (_, document) => {
  expect(validate(schema(), parse(document))).toEqual([]);
});

test('the README shows one, and a wrong one would be found', () => {
  expect(examples.map(([path]) => path)).toContain('README.md');
  expect(validate(schema(), parse('{ marginCalls(first: 5) { nodes { amount { amount } } } }'))).not.toEqual([]);
});
