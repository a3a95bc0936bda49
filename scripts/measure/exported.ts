/** Exports of the source that are there for tests alone. */

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { filesUnder, ROOT, syntaxOf, targetOf, visit } from '../../test/support/source';

const ALL = '*';

/**
 * Exports that tests import and nobody else does: neither the source, nor the benchmark, the attacks and the scripts.
 */
export function exportsForTests(): string[] {
  const elsewhere = usesIn(['src', 'bench', 'attack', 'scripts'].flatMap(filesUnder));
  const tests = usesIn(filesUnder('test'));
  const used = (uses: Uses, path: string, name: string): boolean =>
    [name, ALL].some((each) => uses.get(path)?.has(each) ?? false);
  return filesUnder('src').flatMap((path) =>
    exportsOf(syntaxOf(path))
      .filter((name) => used(tests, path, name) && !used(elsewhere, path, name))
      .map((name) => `${path} ${name}`),
  );
}

/** By file, the names that others import from it. */
type Uses = Map<string, Set<string>>;

function usesIn(files: readonly string[]): Uses {
  const uses: Uses = new Map();
  for (const path of files) {
    const note = (from: string, names: readonly string[]): void => {
      const target = sourceOf(path, from);
      if (target) uses.set(target, new Set([...(uses.get(target) ?? []), ...names]));
    };
    visit(syntaxOf(path), (node) => {
      const found = importIn(node);
      if (found) note(...found);
    });
  }
  return uses;
}

/** The benchmark imports the build of a file: it means the file. */
function sourceOf(path: string, from: string): string | undefined {
  const target = targetOf(path, from)?.replace(/^dist\//, 'src/');
  return target && existsSync(join(ROOT, target)) ? target : undefined;
}

function importIn(node: ts.Node): [from: string, names: string[]] | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const bindings = node.importClause?.namedBindings;
    const names = bindings && ts.isNamedImports(bindings) ? bindings.elements.map(nameOf) : bindings ? [ALL] : [];
    return [node.moduleSpecifier.text, names];
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
    const { exportClause } = node;
    const names = exportClause && ts.isNamedExports(exportClause) ? exportClause.elements.map(nameOf) : [ALL];
    return [node.moduleSpecifier.text, names];
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal))
    return [node.argument.literal.text, [ALL]];
  const [first] = ts.isCallExpression(node) ? node.arguments : [];
  const asks =
    ts.isCallExpression(node) &&
    (node.expression.kind === ts.SyntaxKind.ImportKeyword || node.expression.getText() === 'require');
  return asks && first && ts.isStringLiteral(first) ? [first.text, [ALL]] : undefined;
}

/** The name that it has where it comes from. */
const nameOf = ({ name, propertyName }: ts.ImportSpecifier | ts.ExportSpecifier): string => (propertyName ?? name).text;

function exportsOf(tree: ts.SourceFile): string[] {
  return tree.statements.flatMap((statement): string[] => {
    const named =
      ts.canHaveModifiers(statement) &&
      ts.getModifiers(statement)?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
    if (ts.isVariableStatement(statement))
      return named ? statement.declarationList.declarations.map(({ name }) => name.getText()) : [];
    if (!named) return [];
    const { name } = statement as ts.Statement & { readonly name?: ts.Identifier };
    return name ? [name.text] : [];
  });
}
