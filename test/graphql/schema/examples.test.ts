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

const FILES = readdirSync(join(ROOT, 'examples')).filter((name) => name.endsWith('.graphql'));

const shown = DOCUMENTS.flatMap((path) =>
  [...readFileSync(join(ROOT, path), 'utf8').matchAll(/```graphql\n([\s\S]*?)```/g)].map(
    ([, document]) => [path, document as string] as const,
  ),
);

const examples = [
  ...shown,
  ...FILES.map((name) => [`examples/${name}`, readFileSync(join(ROOT, 'examples', name), 'utf8')] as const),
];

test.each(examples)('%s: %s', (_, document) => {
  expect(validate(schema(), parse(document))).toEqual([]);
});

test('the README shows one, and a wrong one would be found', () => {
  expect(shown.map(([path]) => path)).toContain('README.md');
  expect(validate(schema(), parse('{ marginCalls(first: 5) { nodes { amount { amount } } } }'))).not.toEqual([]);
});

test('the page of the examples names each of them, and one of each kind of operation is there', () => {
  const page = readFileSync(join(ROOT, 'examples/README.md'), 'utf8');
  expect(FILES.filter((name) => !page.includes(`[${name}](${name})`))).toEqual([]);
  const kinds = FILES.map(
    (name) => /^(query|mutation|subscription) /m.exec(readFileSync(join(ROOT, 'examples', name), 'utf8'))?.[1],
  );
  expect(new Set(kinds)).toEqual(new Set(['query', 'mutation', 'subscription']));
});
