/**
 * Where in its input a caller went wrong: the path from the variable, or from the field whose argument was written out.
 */

import { type ASTNode, type GraphQLError, Kind, parse, visit } from 'graphql';

/** A path such as `input.trades[3].price`, or `depositCollateral.input.amount` for a literal. */
export const inputPathOf = (error: GraphQLError): string | undefined =>
  pathOfVariable(error.message) ?? pathOfLiteral(error);

// The library tells the path of a value inside a variable in its message alone.
const IN_VARIABLE = /^Variable "\$(\w+)" got invalid value .*? at "(\w+(?:\.\w+|\[\d+\])*)"; /s;
const OF_VARIABLE = /^Variable "\$(\w+)" /;

const pathOfVariable = (message: string): string | undefined =>
  IN_VARIABLE.exec(message)?.[2] ?? OF_VARIABLE.exec(message)?.[1];

function pathOfLiteral({ nodes }: GraphQLError): string | undefined {
  const loc = nodes?.[0]?.loc;
  if (!loc) return undefined;
  let found: string | undefined;
  visit(parse(loc.source), {
    enter(node, _key, parent, _path, ancestors) {
      // What the library calls the ancestors of a node ends before its parent.
      const above = parent === undefined ? ancestors : [...ancestors, parent];
      if (found === undefined && node.loc?.start === loc.start && node.loc.end === loc.end)
        found = pathOf([...flat(above), node]);
    },
  });
  return found;
}

const flat = (ancestors: readonly (ASTNode | readonly ASTNode[])[]): ASTNode[] =>
  ancestors.filter((step): step is ASTNode => !Array.isArray(step));

function pathOf(nodes: readonly ASTNode[]): string {
  let path = '';
  for (const [i, node] of nodes.entries()) {
    if (node.kind === Kind.FIELD || node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD)
      path += `${path && '.'}${node.name.value}`;
    const child = nodes[i + 1];
    if (node.kind === Kind.LIST && child) path += `[${(node.values as readonly ASTNode[]).indexOf(child)}]`;
  }
  return path;
}
