/** What the compiler says when one definition is taken away: the files that it names. The tree itself stays as it is. */

import { relative } from 'node:path';
import ts from 'typescript';
import { filesUnder, ROOT, syntaxOf, visit } from '../../test/support/source';
import type { Subject } from './places';

/** Files with errors once the definition of each subject is gone, in their order. */
export function brokenWithout(subjects: readonly Subject[]): string[][] {
  const config = ts.getParsedCommandLineOfConfigFile(`${ROOT}/tsconfig.json`, { noEmit: true, incremental: false }, HOST);
  if (!config) throw new Error('No tsconfig.json');
  const { fileNames, options } = config;
  let program = createProgram(fileNames, options, undefined, undefined);
  return subjects.map((subject) => {
    program = createProgram(fileNames, options, without(subject), program);
    const errors = program.getSemanticDiagnostics();
    return [...new Set(errors.flatMap(({ file }) => (file ? [relative(ROOT, file.fileName)] : [])))].sort();
  });
}

const HOST: ts.ParseConfigFileHost = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined };

interface Change {
  readonly path: string;
  readonly text: string;
}

function createProgram(names: readonly string[], options: ts.CompilerOptions, change: Change | undefined, old: ts.Program | undefined) {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, ...more) => {
    if (change && relative(ROOT, path) === change.path) return ts.createSourceFile(path, change.text, ts.ScriptTarget.ES2023);
    const known = old?.getSourceFile(path);
    // What was changed for another subject is read anew.
    return known && known.text === ts.sys.readFile(path) ? known : read(path, ...more);
  };
  return ts.createProgram({ rootNames: [...names], options, host, ...(old ? { oldProgram: old } : {}) });
}

/** The file that defines it, without the definition. */
function without({ what, definition: { of, field } }: Subject): Change {
  for (const path of filesUnder('src')) {
    const tree = syntaxOf(path);
    let found: ts.Node | undefined;
    visit(tree, (node) => {
      if (ts.isInterfaceDeclaration(node) && node.name.text === of)
        found = field === undefined ? node : node.members.find((member) => member.name?.getText() === field);
    });
    if (found) return { path, text: tree.text.slice(0, found.getStart()) + tree.text.slice(found.getEnd()) };
  }
  throw new Error(`Nothing defines ${what}: ${of}${field ? `.${field}` : ''}. Name its definition in scripts/measure/places.ts.`);
}
