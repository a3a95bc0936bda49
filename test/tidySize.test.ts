/** Sizes and style of files, and what tests prove. */

import ts from 'typescript';
import { exportsForTests } from '../scripts/measure/exported';
import slow from './slow.json';
import { citedRules, statedRules, unstatedRules } from './support/rules';
import { filesUnder, findings, rootOf, syntaxOf } from './support/source';

const SOURCES = filesUnder('src');
const TESTS = filesUnder('test');

describe('size and style', () => {
  test('files have 400 lines at most', () => {
    const long = [...SOURCES, ...TESTS]
      .map((path) => `${path} ${linesOf(syntaxOf(path))}`)
      .filter((line) => Number(line.split(' ')[1]) > 400);
    expect(long).toEqual([]);
  });

  // What stands inside a function that makes an object of functions is counted on its own.
  test('functions have 70 lines at most', () => {
    const long = (node: ts.Node): string | undefined => {
      if (!isFunction(node)) return undefined;
      const lines = linesOf(node) - total(functionsIn(node).map(linesOf));
      return lines > 70 ? `${lines} lines` : undefined;
    };
    expect(SOURCES.flatMap((path) => findings(path, long))).toEqual([]);
  });

  test('a file opens with a comment that says what it does', () => {
    const silent = SOURCES.filter((path) => !/^(#!.*\n)?\s*\/\*\*/.test(syntaxOf(path).getFullText()));
    expect(silent).toEqual([]);
  });

  test('no any, no default export, no barrel', () => {
    const loose = (node: ts.Node): string | undefined => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) return 'any';
      if (ts.isExportAssignment(node)) return 'default export';
      return node.kind === ts.SyntaxKind.DefaultKeyword && node.parent.kind !== ts.SyntaxKind.DefaultClause
        ? 'default export'
        : undefined;
    };
    expect([...SOURCES, ...TESTS].flatMap((path) => findings(path, loose))).toEqual([]);
    const barrels = SOURCES.filter((path) => {
      const { statements } = syntaxOf(path);
      return (
        statements.length > 0 &&
        statements.every((statement) => ts.isExportDeclaration(statement) && statement.moduleSpecifier)
      );
    });
    expect(barrels).toEqual([]);
  });

  test('nothing is left for later', () => {
    const later = SOURCES.filter((path) => /\b(TODO|FIXME|XXX|HACK)\b/.test(syntaxOf(path).getFullText()));
    expect(later).toEqual([]);
  });
});

describe('tests and what they prove', () => {
  test('no test is skipped, singled out or left to be written', () => {
    const idle = (node: ts.Node): string | undefined => {
      if (!ts.isCallExpression(node)) return undefined;
      if (/^(xit|xtest|xdescribe|fit|fdescribe)$/.test(rootOf(node.expression))) return node.expression.getText();
      const named = /^(test|it|describe)$/.test(rootOf(node.expression));
      return named && /\.(skip|only|todo|failing|skipIf)\b/.test(node.expression.getText())
        ? node.expression.getText()
        : undefined;
    };
    expect(TESTS.flatMap((path) => findings(path, idle))).toEqual([]);
  });

  test('what the fast lane leaves out is there', () => {
    expect(slow.filter((name) => !TESTS.includes(`test/${name}`))).toEqual([]);
  });

  test('nothing is exported for tests alone that nothing else uses, not even its own file', () => {
    const words = (path: string, name: string): number =>
      findings(path, (node) => (ts.isIdentifier(node) && node.text === name ? name : undefined)).length;
    const alone = exportsForTests().filter((line) => words(...(line.split(' ') as [string, string])) < 2);
    expect(alone).toEqual([]);
  });

  test('every rule that is cited is stated in docs/rules, and each is stated once', () => {
    expect(unstatedRules()).toEqual([]);
    expect(citedRules().size).toBeGreaterThan(150);
    const twice = [...statedRules()].filter(([, pages]) => pages.length > 1);
    expect(twice).toEqual([]);
  });
});

const total = (numbers: readonly number[]): number => numbers.reduce((sum, next) => sum + next, 0);

const isFunction = (node: ts.Node): boolean => ts.isFunctionLike(node) && 'body' in node && node.body !== undefined;

/** Functions of several lines that stand inside another one, the outermost of each. */
function functionsIn(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  ts.forEachChild(node, (child) => {
    if (isFunction(child) && linesOf(child) > 1) found.push(child);
    else found.push(...functionsIn(child));
  });
  return found;
}

function linesOf(node: ts.Node): number {
  const tree = node.getSourceFile();
  const [from, to] = [node.getStart(), node.getEnd()].map((at) => tree.getLineAndCharacterOfPosition(at).line) as [
    number,
    number,
  ];
  return (ts.isSourceFile(node) ? to : to - from + 1) || 1;
}
