/**
 * What is said of acceptance points and rulings: which test shows each clause, and how its rule is switched off. `npm
 * run bite` does it.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import acceptance from './acceptance.json';
import { filesUnder, ROOT, testNamesOf } from './support/source';

/**
 * A clause of a point: the test that shows it (a story whole, or a test by its name), and how its rule is switched off.
 */
interface Clause {
  readonly clause: string;
  readonly test: string;
  readonly name?: string;
  readonly switch: { readonly file: string; readonly find: string; readonly put: string };
}
/** Points that are done: by clause, or as a whole. */
const POINTS = Object.entries(acceptance as Record<string, 'done' | readonly Clause[]>);

const TESTS = filesUnder('test');

test('every acceptance point that is declared done is cited by the name of a test', () => {
  const names = TESTS.filter((path) => path.endsWith('.test.ts')).flatMap(testNamesOf);
  const done = POINTS.filter(([id]) => !id.startsWith('Ruling ')).map(([id]) => id);
  const uncited = done.filter((id) => !names.some((name) => new RegExp(`(^|[^A-Z0-9-])${id}(?![0-9])`).test(name)));
  expect(uncited).toEqual([]);
  expect(done.length).toBeGreaterThan(0);
});

test('every clause of a point names a test that is there, and a switch that a file of the sources has once', () => {
  const clauses = POINTS.flatMap(([id, list]) => (list === 'done' ? [] : list.map((each) => ({ id, ...each }))));
  const wrong = clauses.flatMap(({ id, clause, test: path, name, switch: { file, find, put } }) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    const faults = [
      !file.startsWith('src/') && `${file} is not of the sources`,
      text.split(find).length !== 2 && `${file} does not have “${find}” once`,
      find === put && 'the switch changes nothing',
      path.endsWith('.yaml')
        ? name !== undefined && 'a story is played whole'
        : !testNamesOf(path).some((each) => each.includes(name ?? '')) && `no “${name}”`,
    ];
    return faults.flatMap((fault) => (fault ? [`${id} ${clause}: ${fault}`] : []));
  });
  expect(wrong).toEqual([]);
  expect(clauses.length).toBeGreaterThan(0);
});
