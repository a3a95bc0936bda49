/** The source of the project as syntax trees, for the test that keeps it tidy. */

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import ts from 'typescript';

export const ROOT = resolve(__dirname, '../..');

/** Made by tools, not written: nobody tidies it. */
const GENERATED = 'src/store/generated';

/** All TypeScript files under a folder, as paths from the root, sorted. */
export function filesUnder(folder: string): string[] {
  const found: string[] = [];
  for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (path === GENERATED || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...filesUnder(path));
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) found.push(path);
  }
  return found.sort();
}

const parsed = new Map<string, ts.SourceFile>();

export function syntaxOf(path: string): ts.SourceFile {
  const known = parsed.get(path);
  if (known) return known;
  const tree = ts.createSourceFile(path, readFileSync(join(ROOT, path), 'utf8'), ts.ScriptTarget.ES2023, true);
  parsed.set(path, tree);
  return tree;
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

/** Every node of a file for which `found` has something to say, as `file:line what`. */
export function findings(path: string, found: (node: ts.Node) => string | undefined): string[] {
  const tree = syntaxOf(path);
  const all: string[] = [];
  visit(tree, (node) => {
    const what = found(node);
    if (what !== undefined) all.push(`${path}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1} ${what}`);
  });
  return all;
}

/** What a file imports in any way: statements, re-exports, types by `import()`, `require`. */
export function importsOf(path: string): string[] {
  const names: string[] = [];
  visit(syntaxOf(path), (node) => {
    const name = importedName(node);
    if (name !== undefined) names.push(name);
  });
  return names;
}

function importedName(node: ts.Node): string | undefined {
  if (
    (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) &&
    node.moduleSpecifier &&
    ts.isStringLiteral(node.moduleSpecifier)
  )
    return node.moduleSpecifier.text;
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
    return node.argument.literal.text;
  const [first] = ts.isCallExpression(node) ? node.arguments : [];
  if (ts.isCallExpression(node) && first && ts.isStringLiteral(first)) {
    const dynamic = node.expression.kind === ts.SyntaxKind.ImportKeyword;
    const required = ts.isIdentifier(node.expression) && node.expression.text === 'require';
    if (dynamic || required) return first.text;
  }
  return undefined;
}

/** The file of the project that an import names, or undefined where it is a package. */
export function targetOf(path: string, name: string): string | undefined {
  if (!name.startsWith('.')) return undefined;
  const plain = relative(ROOT, join(ROOT, dirname(path), name)).replaceAll('\\', '/');
  return plain.endsWith('.ts') ? plain : `${plain.replace(/\.js$/, '')}.ts`;
}

/** Names of tests and of the groups they stand in, from the calls of `test`, `it` and `describe` in all their forms. */
export function testNamesOf(path: string): string[] {
  const names: string[] = [];
  visit(syntaxOf(path), (node) => {
    if (!ts.isCallExpression(node) || !/^(test|it|describe)\b/.test(rootOf(node.expression))) return;
    const name = node.arguments[0] && writtenIn(node.arguments[0]);
    if (name !== undefined) names.push(name);
  });
  return names;
}

/** What literals that are put together say, as it is written. */
function writtenIn(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return node.getText().slice(1, -1);
  if (!ts.isBinaryExpression(node)) return undefined;
  const [left, right] = [writtenIn(node.left), writtenIn(node.right)];
  return left === undefined || right === undefined ? undefined : left + right;
}

/** The identifier a chain of calls, properties and tagged templates begins with. */
export function rootOf(node: ts.Expression): string {
  if (ts.isIdentifier(node)) return node.text;
  if (ts.isPropertyAccessExpression(node) || ts.isCallExpression(node)) return rootOf(node.expression);
  if (ts.isTaggedTemplateExpression(node)) return rootOf(node.tag);
  return '';
}
