/** Every mutation and every query is used by a test of the API, so that none is there that nobody has seen at work. */

import { filesUnder, syntaxOf } from '../../support/source';
import { rootFields } from '../documents';

/** Tests that go over all root fields alike show of none that it works. */
const GENERAL = new Set([
  'test/graphql/access/roles.test.ts',
  'test/graphql/mutation/used.test.ts',
  'test/graphql/schema/described.test.ts',
]);

const texts = filesUnder('test/graphql')
  .filter((path) => !GENERAL.has(path))
  .map((path) => syntaxOf(path).getFullText());

const used = (name: string): boolean =>
  texts.some((text) => new RegExp(`['"\`]${name}['"\`]|\\b${name}\\s*[({]`).test(text));

test.each(['query', 'mutation', 'subscription'] as const)('every %s is used', (kind) => {
  const names = rootFields(kind).map(({ field }) => field.name);
  expect(names.length).toBeGreaterThan(5);
  expect(names.filter((name) => !used(name))).toEqual([]);
});

test('the search does find what is not used', () => {
  expect(used('cancelTrade')).toBe(false);
});
