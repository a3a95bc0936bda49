/**
 * What the compiler says when one definition is taken away: the files that it names. The tree itself stays as it is.
 */

import { relative } from 'node:path';
import ts from 'typescript';
import { ROOT, syntaxOf } from '../../test/support/source';
import { definitionOf, type Subject } from './places';

/** Files with errors once the definition of each subject is gone, in their order. */
export function brokenWithout(subjects: readonly Subject[]): string[][] {
  const config = ts.getParsedCommandLineOfConfigFile(
    `${ROOT}/tsconfig.json`,
    { noEmit: true, incremental: false },
    HOST,
  );
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

function createProgram(
  names: readonly string[],
  options: ts.CompilerOptions,
  change: Change | undefined,
  old: ts.Program | undefined,
) {
  const host = ts.createCompilerHost(options);
  const read = host.getSourceFile;
  host.getSourceFile = (path, ...more) => {
    if (change && relative(ROOT, path) === change.path)
      return ts.createSourceFile(path, change.text, ts.ScriptTarget.ES2023);
    const known = old?.getSourceFile(path);
    // What was changed for another subject is read anew.
    return known && known.text === ts.sys.readFile(path) ? known : read(path, ...more);
  };
  return ts.createProgram({ rootNames: [...names], options, host, ...(old ? { oldProgram: old } : {}) });
}

/** The file that defines it, without the definition. */
function without(subject: Subject): Change {
  const { path, node } = definitionOf(subject);
  const { text } = syntaxOf(path);
  return { path, text: text.slice(0, node.getStart()) + text.slice(node.getEnd()).replace(/^\s*,/, '') };
}
