/** `npm run measure` counts what it says it counts, on this tree. */

import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import ts from 'typescript';
import { circlesOf, linesUnder, longLines } from '../scripts/measure/counts';
import { exportsForTests } from '../scripts/measure/exported';
import { declaresRow, definitionOf, mentions, placesOf, SUBJECTS } from '../scripts/measure/places';
import { filesUnder, ROOT, visit } from './support/source';

const textOf = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

test('rooms that reach each other are a circle, whoever else they reach', () => {
  const arrows = [
    ['a', 'b'],
    ['b', 'c'],
    ['c', 'a'],
    ['c', 'd'],
    ['d', 'e'],
    ['e', 'd'],
    ['f', 'a'],
  ] as const;
  expect(circlesOf(arrows).sort()).toEqual([
    ['a', 'b', 'c'],
    ['d', 'e'],
  ]);
  expect(circlesOf(arrows.filter(([from, to]) => !(from === 'b' && to === 'c') && from !== 'e'))).toEqual([]);
});

test('a place is where a thing is named or written as text, not where it is imported from or spoken of', () => {
  const mentioned = (text: string): boolean => {
    let found = false;
    visit(ts.createSourceFile('x.ts', text, ts.ScriptTarget.ES2023, true), (node) => {
      found ||= mentions(node, /^levied$/);
    });
    return found;
  };
  expect(
    ['const a = { levied: 1 };', 'a.levied', "list('levied')", 'sql(`UPDATE x SET "levied" = 0`)'].filter(mentioned),
  ).toHaveLength(4);
  expect(
    ["import { b } from 'levied';", '// levied', "say('What was levied')", 'leviedTwice'].filter(mentioned),
  ).toEqual([]);
  expect(['  levied  Decimal', 'model levied {'].every((line) => declaresRow(line, /^levied$/))).toBe(true);
  expect(['  /// levied', '  at  Int // levied'].some((line) => declaresRow(line, /^levied$/))).toBe(false);
});

test.each(SUBJECTS)('$what is defined once, and that is one of its places', (subject) => {
  const { name } = subject;
  const places = placesOf(subject);
  expect(places).toContain(definitionOf(subject).path);
  expect(places.every((path) => new RegExp(name.source.replace(/[$^]/g, ''), name.flags).test(textOf(path)))).toBe(
    true,
  );
});

test('what is exported for tests alone is imported by a test and by no source', () => {
  const importsIt = (text: string, path: string, name: string): boolean =>
    [...text.matchAll(/(?:import|export)\s([^;]*?)from\s+'([^']+)'/g)].some(
      ([, names = '', from = '']) =>
        basename(from) === basename(path, '.ts') && new RegExp(`\\b${name}\\b`).test(names),
    );
  const [sources, tests] = [filesUnder('src').map(textOf), filesUnder('test').map(textOf)];
  const found = exportsForTests().map((line) => line.split(' ') as [path: string, name: string]);
  expect(found.filter(([path, name]) => !tests.some((text) => importsIt(text, path, name)))).toEqual([]);
  expect(found.filter(([path, name]) => sources.some((text) => importsIt(text, path, name)))).toEqual([]);
  expect(exportsForTests()).not.toContain('src/units/quantity.ts cash');
});

test('lines are counted as editors count them', () => {
  expect(linesUnder('src')).toBeGreaterThan(linesUnder('src/core') + linesUnder('src/graphql'));
  const { longest, where, over } = longLines(120);
  const [path = '', line] = where.split(':');
  expect(textOf(path).split('\n')[Number(line) - 1]).toHaveLength(longest);
  expect(longLines(longest)).toMatchObject({ over: 0 });
  expect(longLines(longest - 1).over).toBeLessThanOrEqual(over);
});

test('all of it is printed, each figure beside its aim', () => {
  const args = ['--require', './scripts/typescript.cjs', 'scripts/measure/main.ts'];
  const { status, stdout } = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
  expect(status).toBe(0);
  for (const { what, aim } of SUBJECTS)
    expect(stdout).toMatch(new RegExp(`places by hand for ${what} +\\d+ +${aim}\n`));
  expect(stdout).toMatch(/lines of src\/graphql +\d+ +below 12500\n/);
  expect(stdout).toMatch(/rules cited and not stated +0 +0\n/);
});
