/**
 * In how many places a thing is written by hand: files that mention it in code, by name or as text, but for those that
 * apply it, which is what it is there for. Comments do not count, nor do files that are made from the code.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesUnder, findings, ROOT, syntaxOf, visit } from '../../test/support/source';

export interface Subject {
  readonly what: string;
  readonly name: RegExp; // of its names, wherever they stand
  readonly definition: { readonly of: string; readonly field?: string }; // an interface or a table, or a field of one
  readonly applied: RegExp; // files that decide something by it
  readonly aim: number;
}

/** One of each kind, whose names mean nothing else. */
export const SUBJECTS: readonly Subject[] = [
  {
    what: 'a policy field',
    name: /^minimumRemainder$/,
    definition: { of: 'LiquidationTerms', field: 'minimumRemainder' },
    applied: /^src\/core\/settlement\//,
    aim: 2,
  },
  {
    what: 'an account field',
    name: /^levied$/,
    definition: { of: 'AccountState', field: 'levied' },
    applied: /^src\/core\/risk\//,
    aim: 4,
  },
  {
    what: 'a command with event and row',
    name: /marketLimits?/i,
    definition: { of: 'DeleveragingCommands', field: 'SetMarketLimits' },
    applied: /^src\/core\/(position\/|control\/(pretrade|trade)\.ts)/,
    aim: 5,
  },
];

/** Houses that are made up to show something: they give values to everything there is. */
const EXAMPLES = /^src\/interop\/(exampleHouse|population)\.ts$/;
const ROWS = 'prisma/schema.prisma';

export function placesOf({ name, applied }: Subject): string[] {
  const files = filesUnder('src').filter((path) => !EXAMPLES.test(path) && !applied.test(path));
  const places = files.filter(
    (path) => findings(path, (node) => (mentions(node, name) ? 'mentioned' : undefined)).length > 0,
  );
  const isRow = readFileSync(join(ROOT, ROWS), 'utf8')
    .split('\n')
    .some((line) => declaresRow(line, name));
  return isRow ? [...places, ROWS] : places;
}

/** Whether a line of the models declares a field or a model of that name. */
export function declaresRow(line: string, name: RegExp): boolean {
  const [first = '', second = ''] = line.trim().split(/\s+/);
  return !first.startsWith('//') && (name.test(first) || (first === 'model' && name.test(second)));
}

/**
 * Whether a node is of that name, or a text that is it or names a column of SQL by it. Where a file is imported from is
 * neither.
 */
export function mentions(node: ts.Node, name: RegExp): boolean {
  if (ts.isIdentifier(node)) return name.test(node.text);
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node) && !ts.isTemplateMiddleOrTemplateTail(node))
    return false;
  if (ts.isImportDeclaration(node.parent) || ts.isExportDeclaration(node.parent)) return false;
  const columns = [...node.text.matchAll(/"(\w+)"/g)].map(([, column = '']) => column);
  return [...(/\s/.test(node.text) ? [] : [node.text]), ...columns].some((text) => name.test(text));
}

export interface Definition {
  readonly path: string;
  readonly node: ts.Node;
}

/** Where the one definition of a subject stands: an interface `SomeTerms` or a table `SOME_TERMS`, or a field of it. */
export function definitionOf({ what, definition: { of, field } }: Subject): Definition {
  const found = filesUnder('src').flatMap((path) => {
    const nodes: Definition[] = [];
    visit(syntaxOf(path), (node) => {
      if (!isCalled(node, of)) return;
      const part = field === undefined ? node : fieldIn(node, field);
      if (part) nodes.push({ path, node: part });
    });
    return nodes;
  });
  const [one, ...others] = found;
  if (one && others.length === 0) return one;
  throw new Error(
    `${found.length} definitions of ${what}, ${of}: the one is to be named in scripts/measure/places.ts.`,
  );
}

function isCalled(node: ts.Node, name: string): boolean {
  if (ts.isInterfaceDeclaration(node)) return node.name.text === name;
  return (
    ts.isVariableDeclaration(node) && node.name.getText() === name.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase()
  );
}

function fieldIn(whole: ts.Node, field: string): ts.Node | undefined {
  let found: ts.Node | undefined;
  visit(whole, (node) => {
    const isField =
      ts.isPropertySignature(node) || ts.isPropertyAssignment(node) || ts.isShorthandPropertyAssignment(node);
    if (isField && node.name.getText() === field) found ??= node;
  });
  return found;
}
