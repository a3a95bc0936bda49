/**
 * What a check may be refused for, read off its source: every refusal that can be reached from it through calls, in the
 * order in which they are tested. Of a choice between a refusal and going on the refusal comes first.
 */

import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from './source';

const TABLE = 'src/core/engine/commands.ts';
const REFUSES = new Set(['refused', 'reject']);
const FIGURES = new Set(['Cash', 'Margin', 'Size', 'bigint', 'boolean']);

interface Reader {
  readonly checker: ts.TypeChecker;
  readonly codes: Set<string>;
  readonly done: Set<ts.Symbol>;
}

/** The refusals of every row of the table of commands, by command. */
export function reachableRefusals(): Map<string, readonly string[]> {
  const program = ts.createProgram([join(ROOT, TABLE)], {
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.CommonJS,
    types: [],
  });
  const checker = program.getTypeChecker();
  const found = new Map<string, readonly string[]>();
  const visit = (node: ts.Node): void => {
    const [row, check] = rowOf(node);
    if (row !== undefined && check) {
      const reader: Reader = { checker, codes: new Set(), done: new Set() };
      read(reader, check);
      found.set(row, [...reader.codes]);
    } else ts.forEachChild(node, visit);
  };
  const table = program.getSourceFile(join(ROOT, TABLE));
  if (table) visit(table);
  return found;
}

const NO_ROW = [undefined, undefined] as const;

/** A row of the table: `Type: on('Type', check, …)`. */
function rowOf(node: ts.Node): readonly [type: string | undefined, check: ts.Expression | undefined] {
  if (!ts.isPropertyAssignment(node) || !ts.isCallExpression(node.initializer)) return NO_ROW;
  const { expression, arguments: given } = node.initializer;
  return expression.getText() === 'on' ? [node.name.getText(), given[1]] : NO_ROW;
}

function read(reader: Reader, node: ts.Node): void {
  if (ts.isCallExpression(node)) readCall(reader, node);
  else if (ts.isConditionalExpression(node)) readChoice(reader, node);
  else if (ts.isIdentifier(node)) follow(reader, node);
  else ts.forEachChild(node, (child) => read(reader, child));
}

function readChoice(reader: Reader, { condition, whenTrue, whenFalse }: ts.ConditionalExpression): void {
  for (const part of [condition, ...(refuses(whenFalse) ? [whenFalse, whenTrue] : [whenTrue, whenFalse])])
    read(reader, part);
}

const refuses = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && REFUSES.has(node.expression.getText());

function readCall(reader: Reader, call: ts.CallExpression): void {
  const [first, ...others] = call.arguments;
  if (refuses(call) && first) {
    for (const code of codesIn(first)) reader.codes.add(code);
    for (const argument of others) read(reader, argument);
    return;
  }
  for (const argument of call.arguments) read(reader, argument);
  if (ts.isPropertyAccessExpression(call.expression)) {
    read(reader, call.expression.expression);
    follow(reader, call.expression.name);
  } else read(reader, call.expression);
}

function codesIn(node: ts.Node): string[] {
  if (ts.isStringLiteral(node)) return [node.text];
  return ts.isConditionalExpression(node) ? [...codesIn(node.whenTrue), ...codesIn(node.whenFalse)] : [];
}

/** Into the body of a function of the project, once. */
function follow(reader: Reader, name: ts.Node): void {
  const { checker, done } = reader;
  const named = checker.getSymbolAtLocation(name);
  const symbol = named && named.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(named) : named;
  const declared = symbol?.valueDeclaration;
  if (!symbol || !declared || done.has(symbol) || !declared.getSourceFile().fileName.startsWith(join(ROOT, 'src')))
    return;
  const body = bodyOf(declared);
  if (!body || answersAFigure(checker, declared)) return;
  done.add(symbol);
  read(reader, body);
}

/** Whether a function answers with a figure or a truth: no refusal comes out of it, whatever it asks on the way. */
function answersAFigure(checker: ts.TypeChecker, declared: ts.Declaration): boolean {
  const made = ts.isVariableDeclaration(declared) ? declared.initializer : declared;
  if (!made || !(ts.isFunctionDeclaration(made) || ts.isArrowFunction(made))) return false;
  const signature = checker.getSignatureFromDeclaration(made);
  return signature !== undefined && FIGURES.has(checker.typeToString(checker.getReturnTypeOfSignature(signature)));
}

function bodyOf(declared: ts.Declaration): ts.Node | undefined {
  if (ts.isFunctionDeclaration(declared)) return declared.body;
  if (ts.isPropertyAssignment(declared)) return declared.initializer;
  if (!ts.isVariableDeclaration(declared) || !declared.initializer) return undefined;
  const { initializer } = declared;
  return ts.isArrowFunction(initializer) || ts.isObjectLiteralExpression(initializer) ? initializer : undefined;
}
