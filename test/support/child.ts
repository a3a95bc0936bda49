/** Runs a TypeScript file in a process of its own, so that a test can kill it. */

import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const START = `
  const { transformFileSync } = require('@swc/core');
  require.extensions['.ts'] = (module, file) => module._compile(transformFileSync(file).code, file);
  const [file, ...rest] = process.argv.slice(1);
  process.argv = [process.argv[0], file, ...rest];
  require(file);
`;

export interface TestProcess {
  readonly child: ChildProcess;
  /** Lines it has printed so far. The last is whole. */
  readonly lines: string[];
  /** Resolves when a line for which this holds has been printed; rejects if the process ends before. */
  printed(holds: (line: string) => boolean): Promise<string>;
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals>;
}

export const runTypeScript = (file: string, ...args: string[]): TestProcess => runTypeScriptIn({}, file, ...args);

/** The same with more in its environment. */
export function runTypeScriptIn(
  environment: Readonly<Record<string, string>>,
  file: string,
  ...args: string[]
): TestProcess {
  const child = spawn(process.execPath, ['-e', START, file, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environment },
    cwd: join(__dirname, '..', '..'),
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  const wake = () => {
    for (const look of [...waiting]) look();
  };
  let rest = '';
  let complaints = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  let over = false;
  const ended = new Promise<number | NodeJS.Signals>((resolve) => {
    child.on('close', (code, signal) => {
      over = true;
      resolve(code ?? (signal as NodeJS.Signals));
      wake();
    });
  });
  const printed = (holds: (line: string) => boolean) =>
    new Promise<string>((resolve, reject) => {
      const look = () => {
        const line = lines.find(holds);
        if (line === undefined && !over) return;
        waiting.delete(look);
        if (line !== undefined) resolve(line);
        else reject(new Error(`The process has ended without it: ${complaints}`));
      };
      waiting.add(look);
      look();
    });
  return { child, lines, printed, ended };
}
